"""The table of a virtual host: its rules as a proxy has them, in the order in which it tries them.

A proxy knows no prefixes of whole segments. A rule for the prefix `/api` becomes two entries: the exact path `/api`
(unless some rule of the virtual host is for exactly that path) and the byte-wise prefix `/api/`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pulumi_mesh.ingress.routing.actions import Action, action
from pulumi_mesh.ingress.routing.conditions import Match, PathKind, fits
from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.routing.route_rules import Rule
from pulumi_mesh.ingress.routing.virtual_hosts import VirtualHost
from pulumi_mesh.schema.release import NEWEST, Release

TIDY = Release(2, 11)
"""The release whose last patch leaves out entries that say nothing new: equal ones, and the bare path of the prefix /."""
CERTAIN = 12
"""Up to how many entries a table is sorted so that ties keep their order."""
KINDS: tuple[PathKind, ...] = ("Exact", "PathPrefix", "RegularExpression")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a table: a path, the other conditions, and whose rule it is."""

    kind: PathKind
    path: str
    """The path as the proxy compares it: byte-wise, with a slash at the end of a prefix."""
    match: Match
    rule: Rule
    hostname: str
    """The hostname that the rule is for."""
    bare: bool = False
    """Whether it stands for the bare path of a prefix."""
    guarded: bool = False
    """Whether it is a prefix whose bare path another rule has for itself."""

    def on_path(self, path: str) -> bool:
        """Tell whether a path fits."""
        if self.kind == "Exact":
            return path == self.path
        return path.startswith(self.path) if self.kind == "PathPrefix" else fits(self.path, path)

    def takes(self, request: Request) -> bool:
        """Tell whether a request fits."""
        if self.kind == "RegularExpression":
            return self.match.meets(request) and self.on_path(request.path)  # the expression last: it costs most
        return self.on_path(request.path) and self.match.meets(request)

    @property
    def rank(self) -> tuple[int, int, bool, int, int, str]:
        """What the control plane sorts entries by; of regular expressions nothing but the length."""
        kind, size = KINDS.index(self.kind), -len(self.path.encode())
        if self.kind == "RegularExpression":
            return kind, size, False, 0, 0, ""
        return kind, size, not self.match.method, -self.match.headers, -self.match.parameters, self.path

    @property
    def action(self) -> Action:
        """What is done with a request that fits."""
        return action(self.rule, self.kind, self.path, bare=self.bare)

    def covers(self, other: "Entry") -> bool:
        """Tell whether every request that fits another entry fits this one, as far as that is plain to see."""
        return other.match.narrower(self.match) and self.covers_path(other)

    def covers_path(self, other: "Entry") -> bool:
        """Tell whether every path of another entry is one of this one's."""
        if self.kind == "PathPrefix":
            begin = literal(other.path) if other.kind == "RegularExpression" else other.path
            return begin.startswith(self.path)
        if other.kind == "Exact":
            return self.on_path(other.path)
        everything = self.kind == "RegularExpression" and self.path in ("/.*", ".*")
        return everything or (self.kind, self.path) == (other.kind, other.path)

    def ties(self, other: "Entry") -> bool:
        """Tell whether only their order decides between two entries of different rules."""
        if self.rank != other.rank or self.rule.at == other.rule.at or self.match.apart(other.match):
            return False
        return self.kind != "RegularExpression" or literal(self.path)[:1] == literal(other.path)[:1]


def literal(pattern: str) -> str:
    """Return how every text that a regular expression matches begins, as far as that is plain to see."""
    if "|" in pattern:
        return (
            "/"
            if all(part.lstrip("(").startswith("/") for part in pattern.split("|")) and pattern.startswith("/")
            else ""
        )
    plain = next((index for index, character in enumerate(pattern) if character in r"\.[](){}*+?^$|"), len(pattern))
    optional = plain < len(pattern) and pattern[plain] in "*?{"
    return pattern[: max(plain - optional, 0)]


class Table:
    """The entries of a virtual host, in order."""

    def __init__(self, host: VirtualHost, release: Release = NEWEST) -> None:
        """Make the table that a release of the control plane makes."""
        self.host = host
        self.entries = sorted(entries(host, release), key=lambda entry: entry.rank)

    @property
    def certain(self) -> bool:
        """Whether ties are decided by an order that can be told."""
        return len(self.entries) <= CERTAIN and not self.host.unordered

    def first(self, request: Request) -> Entry | None:
        """Return the entry that a proxy takes for a request."""
        return next((entry for entry in self.entries if entry.takes(request)), None)

    def after(self, entry: Entry, request: Request) -> Iterator[Entry]:
        """Yield the entries that would have taken a request, had an entry not come before them; one of each rule."""
        seen = {entry.rule.at}
        for other in self.entries[self.entries.index(entry) + 1 :]:
            if other.rule.at not in seen and other.takes(request):
                seen.add(other.rule.at)
                yield other

    @cached_property
    def hidden(self) -> dict[int, Entry | None]:
        """The entries that no request reaches, by their place, and what hides each; None where they exclude themselves."""
        found: dict[int, Entry | None] = {}
        hiding = Hiding()
        for index, entry in enumerate(self.entries):
            if entry.match.impossible:
                found[index] = None
            elif (above := hiding.of(entry)) is not None:
                found[index] = above
            else:
                hiding.add(entry)
        return found

    @cached_property
    def tied(self) -> dict[int, list[int]]:
        """The entries that come before others by the order of ties alone, by their place, and the places of the others."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for index, entry in enumerate(self.entries):
            groups.setdefault(entry.rank, []).append(index)
        found: dict[int, list[int]] = {}
        for group in groups.values():
            for place, index in enumerate(group):
                others = [other for other in group[place + 1 :] if self.entries[index].ties(self.entries[other])]
                if others:
                    found[index] = others
        return found


class Hiding:
    """Entries by what they may hide, so that of a thousand only few are compared."""

    def __init__(self) -> None:
        """Start with none."""
        self.exact: dict[str, list[Entry]] = {}
        self.prefixes: dict[str, list[Entry]] = {}
        self.expressions: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Keep an entry."""
        if entry.kind == "RegularExpression":
            self.expressions.append(entry)
        else:
            (self.exact if entry.kind == "Exact" else self.prefixes).setdefault(entry.path, []).append(entry)

    def of(self, entry: Entry) -> Entry | None:
        """Return the first entry that hides another one."""
        above = [*(self.exact.get(entry.path, ()) if entry.kind == "Exact" else ())]
        path = literal(entry.path) if entry.kind == "RegularExpression" else entry.path
        ends = [index + 1 for index, character in enumerate(path) if character == "/"]
        above += [one for end in reversed(ends) for one in self.prefixes.get(path[:end], ())]
        above += self.expressions
        return next((one for one in above if one.covers(entry)), None)


def entries(host: VirtualHost, release: Release) -> list[Entry]:
    """Return the entries of a virtual host before they are sorted."""
    said = [(hostname, rule, match) for hostname, rule in host.ruled for match in rule.matches]
    exact = [Entry("Exact", m.value, m, rule, hostname) for hostname, rule, m in said if m.path == "Exact"]
    taken = {entry.path for entry in exact}
    found = [Entry(m.path, m.value, m, rule, name) for name, rule, m in said if m.path == "RegularExpression"]
    for hostname, rule, match in said:
        if match.path != "PathPrefix":
            continue
        path = match.value.rstrip("/")
        prefix = Entry("PathPrefix", f"{path}/", match, rule, hostname, guarded=bool(path) and path in taken)
        found.append(prefix)
        if not prefix.guarded and (path or release < TIDY or prefix.action.rewrites_prefix):
            exact.append(replace(prefix, kind="Exact", path=path or "/", bare=True))
    return list(distinct([*found, *exact]) if release >= TIDY and not host.unordered else [*found, *exact])


def distinct(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield entries that say something else to a proxy than one before them."""
    often = Counter(asked(entry) for entry in entries)
    seen: set[str] = set()
    for entry in entries:
        if often[asked(entry)] > 1:
            rule, bare = entry.rule, entry.bare and entry.action.rewrites_prefix
            said = repr((asked(entry), bare, rule.among, rule.matches, rule.filters, meant(rule)))
            if said in seen:
                continue
            seen.add(said)
        yield entry


def asked(entry: Entry) -> tuple[object, ...]:
    """Return what an entry asks of a request."""
    return entry.kind, entry.path, entry.match.method, entry.match.conditions


def meant(rule: Rule) -> list[tuple[object, ...]]:
    """Return the backends of a rule without the place where they are said."""
    return [(one.kind, one.name, one.port, one.weight, one.tags, one.labels) for one in rule.backends]
