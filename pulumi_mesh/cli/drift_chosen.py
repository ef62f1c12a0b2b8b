"""Which findings of a report were asked for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pulumi_mesh.cli.reports import Report, short
from pulumi_mesh.reconcile import severity
from pulumi_mesh.reconcile.diff import Change
from pulumi_mesh.reconcile.drift import Finding
from pulumi_mesh.schema.grave import Grave
from pulumi_mesh.schema.kind import KINDS

NO_FIELDS: Mapping[str, Grave] = {}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to leave out: objects, or fields of them; `*` stands for anything."""

    address: re.Pattern[str]
    path: re.Pattern[str] | None = None

    @classmethod
    def read(cls, text: str) -> "Pattern":
        """Read `KIND/MESH/NAME`, `KIND/MESH/NAME:PATH` or `:PATH`; a kind alone stands for all of its objects."""
        address, colon, path = text.partition(":")
        if "/" not in address and address not in ("", "*"):
            address += "/*"
        return cls(glob(address or "*"), glob(path) if colon else None)

    def hits(self, found: Finding, change: Change | None = None) -> bool:
        """Tell whether a finding, or one change of it, is left out."""
        if not self.address.fullmatch(str(found.address)):
            return False
        if self.path is None or change is None:
            return self.path is None
        return any(self.path.fullmatch(path) for path in (change.path, short(change.path)))


def glob(text: str) -> re.Pattern[str]:
    """Return a pattern in which only `*` and `?` mean something else than themselves: paths hold brackets."""
    return re.compile("".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in text), re.DOTALL)


def choose(report: Report, owner: str, ignore: Sequence[str], *, others: bool) -> None:
    """Keep the findings that were asked for; what another stack manages is its own, unless `owner` or `others` says more."""
    if owner:
        report.findings = [one for one in report.findings if owner.removesuffix("'s") in (one.whose, one.stack)]
    elif not others:
        report.others.update(one.stack for one in report.findings if elsewhere(one))
        report.findings = [one for one in report.findings if not elsewhere(one)]
    patterns = [Pattern.read(one) for one in ignore]
    lighter = [without(one, patterns) for one in report.findings]
    report.findings = [one for one in lighter if one is not None]
    report.ignored = len(lighter) - len(report.findings)
    report.sort()


def elsewhere(found: Finding) -> bool:
    """Tell whether a finding is an object that another stack manages."""
    return found.sort == "unmanaged" and found.whose == "another"


def without(found: Finding, patterns: Sequence[Pattern]) -> Finding | None:
    """Return a finding without the changes that are left out; nothing where nothing is left of it."""
    if any(pattern.hits(found) for pattern in patterns):
        return None
    rest = tuple(one for one in found.changes if not any(pattern.hits(found, one) for pattern in patterns))
    if len(rest) == len(found.changes):
        return found
    if not rest:
        return None
    if found.sort == "changed":
        kind = KINDS.get(found.address.kind)
        whole, fields = (kind.grave, kind.grave_at) if kind else (found.grave, NO_FIELDS)
        grave = severity.gravest(severity.at(one.path, whole, fields) for one in rest)
        return replace(found, changes=rest, grave=grave)
    return replace(found, changes=rest)
