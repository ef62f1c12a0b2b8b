"""The report of drift: one value, and its renderings as text and JSON."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_mesh.cli.findings import printable
from pulumi_mesh.reconcile.diff import SIGNS, Change
from pulumi_mesh.reconcile.drift import SORTS, Finding
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.grave import ORDER
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.spec import is_list, is_map
from pulumi_mesh.sources.holdings import home

LONGEST = 120
COLUMN = 64
"""Where the severity stands."""
GROUPS = ("ours", "nobody", "another")


@dataclass
class Report:
    """What was compared, and every difference."""

    findings: list[Finding] = field(default_factory=list[Finding])
    compared: list[tuple[str, Address]] = field(default_factory=list[tuple[str, Address]])
    """Control plane and address of everything that is to be there."""
    actual: int = 0
    """How many objects the control planes hold."""
    meshes: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Control plane and name of the meshes that were looked into."""
    others: "Counter[str]" = field(default_factory=lambda: Counter[str]())
    """Objects of other stacks, which were left alone."""
    ignored: int = 0
    """Findings that were told to be ignored."""
    unsure: list[str] = field(default_factory=list[str])
    """Why something could not be compared."""
    title: str = ""
    """What is to be there: a stack, files, a control plane."""

    def take(self, found: Iterable[Finding], control_plane: str, actual: Collection[Document]) -> None:
        """Take what was found on a control plane, and what it holds."""
        self.findings += [replace(one, control_plane=control_plane) for one in found]
        self.actual += len(actual)
        self.look(control_plane, (document.address for document in actual))

    def declare(self, control_plane: str, objects: Collection[Address], parts: Collection[Address]) -> None:
        """Take the addresses of what is to be there: objects, and parts of them that are resources of their own."""
        self.compared += [(control_plane, address) for address in (*objects, *parts)]
        self.look(control_plane, objects)

    def look(self, control_plane: str, addresses: Iterable[Address]) -> None:
        """Remember the meshes that were looked into."""
        self.meshes |= {(control_plane, mesh) for address in addresses if (mesh := home(address)) is not None}

    def choose(self, keep: Callable[[Finding], bool]) -> int:
        """Keep some findings; return how many went."""
        before = len(self.findings)
        self.findings = [one for one in self.findings if keep(one)]
        return before - len(self.findings)

    def sort(self) -> None:
        """Put the findings into their order: by owner, then by object."""
        self.findings.sort(
            key=lambda one: (GROUPS.index(one.whose), one.control_plane, str(one.address), SORTS.index(one.sort))
        )

    @property
    def objects(self) -> int:
        """How many objects were looked at."""
        return len(self.compared) + sum(one.sort == "unmanaged" for one in self.findings)

    def summary(self) -> dict[str, Any]:
        """Return the numbers."""
        sorts, grave = Counter(one.sort for one in self.findings), Counter(one.severity for one in self.findings)
        whose = Counter(one.whose for one in self.findings)
        return {
            "findings": len(self.findings),
            **{sort: sorts[sort] for sort in SORTS},
            **{severity: grave[severity] for severity in ORDER},
            **{group: whose[group] for group in GROUPS},
            "objects": self.objects,
            "desired": len(self.compared),
            "actual": self.actual,
            "meshes": len(self.meshes),
            "ignored": self.ignored,
            "of_other_stacks": dict(sorted(self.others.items())),
            "not_compared": self.unsure,
        }

    def scope(self) -> str:
        """Say how much was compared."""
        objects = "1 object" if self.objects == 1 else f"{self.objects:,} objects"
        return f"{objects} in {'1 mesh' if len(self.meshes) == 1 else f'{len(self.meshes):,} meshes'}"

    def counts(self) -> str:
        """Say the numbers in words."""
        numbers = self.summary()
        told = [f"{numbers[sort]:,} {NOUNS[sort]}" for sort in SORTS if numbers[sort]]
        return ", ".join(told) or ("nothing found, but not everything could be compared" if self.unsure else "no drift")


NOUNS: Mapping[str, str] = {
    "changed": "changed",
    "missing": "missing",
    "unmanaged": "unmanaged",
    "foreign_field": "with foreign fields",
}


def as_json(report: Report) -> str:
    """Render a report as JSON."""
    return json.dumps({"findings": [one.as_dict() for one in report.findings], "summary": report.summary()}, indent=2)


def as_text(report: Report) -> str:
    """Render a report as text."""
    return "\n".join(line for one in report.findings for line in lines(one))


def lines(found: Finding) -> Iterator[str]:
    """Yield the lines of a finding: the object and how grave it is, then field by field what `pulumi up` would do."""
    yield printable(f"{head(found):<{COLUMN - 1}} {weight(found)}")
    for change in found.changes:
        yield printable(f"  {sentence(found, change)}")


def head(found: Finding) -> str:
    """Say which object, and what is the matter."""
    where = "" if found.control_plane == "default" else f" on {found.control_plane}"
    return f"{found.address} {what(found)}{where}"


def what(found: Finding) -> str:
    """Say what is the matter with an object, and whose it is where that is not to be expected."""
    told = "has foreign fields" if found.sort == "foreign_field" else found.sort
    if found.whose == "another":
        return f"{told}, of {found.stack}"
    return f"{told}, left behind by {found.stack}" if found.sort == "unmanaged" and found.whose == "ours" else told


def weight(found: Finding) -> str:
    """Say how grave it is, and why."""
    return f"{found.severity}: {found.grave.why}" if found.grave.why else found.severity


def sentence(found: Finding, change: Change) -> str:
    """Say one change, as `pulumi up` would make it; a foreign field stays."""
    path = short(change.path)
    if found.sort == "foreign_field":
        return f"? {path}: {value(change.actual if change.op != 'add' else change.desired)} (kept)"
    match change.op:
        case "change":
            return f"~ {path}: {value(change.actual)} -> {value(change.desired)}"
        case _:
            side = change.desired if change.op == "add" else change.actual
            named = path.endswith("]") and is_map(side)  # an item by its name: the report in JSON has it all
            return f"{SIGNS[change.op]} {path}" + ("" if named else f": {value(side)}")


def short(path: str) -> str:
    """Return a path without the key that wraps a body."""
    return path.removeprefix("spec.").removeprefix("conf.")


def value(said: Any) -> str:
    """Return a value as a person reads it, cut where it is long."""
    plain = isinstance(said, str) and said == said.strip() and said != ""
    text = (
        said if plain else json.dumps(said, ensure_ascii=False) if is_map(said) or is_list(said) else json.dumps(said)
    )
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def grouped(findings: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Yield findings by whose the objects are."""
    for group in GROUPS:
        if found := [one for one in findings if one.whose == group]:
            yield group, found
