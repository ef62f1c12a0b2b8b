"""The rules of routes, as the control plane takes them together.

MeshHTTPRoutes of one listener are merged: rules with the same list of matches become one, of which each part (`filters`,
`backendRefs`) is that of the route with the greater name. MeshGatewayRoutes are not merged.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_mesh.ingress.routing.conditions import Match, gateway_match, http_match
from pulumi_mesh.ingress.routing.gateway_filters import gateway_filters
from pulumi_mesh.ingress.topology.backends import Backend, backend, tagged
from pulumi_mesh.ingress.topology.edge import ANY, Route
from pulumi_mesh.schema.rules import parts, table, values

Filter = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class At:
    """A rule in its route."""

    type: str
    mesh: str
    name: str
    path: str
    """The control plane's path: `spec.to[0].rules[1]`, `conf.http.rules[0]`."""

    def __str__(self) -> str:
        """Say where it stands."""
        return f"{self.type}/{self.mesh}/{self.name} {self.path.removeprefix('spec.')}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done with requests that fit one of some matches."""

    at: At
    matches: tuple[Match, ...]
    filters: tuple[Filter, ...]
    backends: tuple[Backend, ...]
    service: str = ""
    """The service that it is about where that is not the whole mesh: a rule for sidecars that reaches gateways, too."""
    among: tuple[str, ...] = ()
    """The names of all routes that it was taken together with."""
    filters_of: At | None = None
    """Where the filters come from, if from a rule that this one replaced."""
    backends_of: At | None = None
    """Where the backends come from, if from a rule that this one replaced."""
    replaced: tuple[At, ...] = ()
    """Rules with the same matches, which this one replaced."""


@dataclass
class Ruled:
    """The rules that are for one host of a listener (`*` where they are for every host), in their order."""

    hostname: str
    rules: list[Rule] = field(default_factory=list[Rule])


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of `spec.to`, its rules from the last to the first: what comes later prevails."""

    service: str | None
    """The service that it is about; None where it is about the whole mesh."""
    hostnames: tuple[str, ...]
    rules: tuple["Said", ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A rule as a route says it."""

    key: str
    """What it has in common with the rules that it is merged with: the list of its matches."""
    rule: Rule
    filters: bool
    """Whether it says anything of filters, be it that there are none."""
    backends: bool


def merged(routes: Iterable[Route]) -> list[Ruled]:
    """Return the rules of the MeshHTTPRoutes of one listener, by their hostnames in the order in which those appear."""
    ordered = sorted(routes, key=lambda route: route.address.name)
    entries = [entry for route in ordered for entry in said_by(route)]
    subsets = sorted(dict.fromkeys(entry.service for entry in entries), key=lambda service: service is None)
    found: dict[str, Ruled] = {}
    for service in subsets:
        groups: dict[str, list[Said]] = {}
        mine = [entry for entry in entries if entry.service in (None, service)]
        among = tuple(sorted({said.rule.at.name for entry in mine for said in entry.rules}))
        for entry in mine:
            for hostname in entry.hostnames or ("",):
                groups.setdefault(hostname, []).extend(entry.rules)
        for hostname, said in groups.items():
            ruled = found.setdefault(hostname or ANY, Ruled(hostname or ANY))
            rules = reversed(list(taken_together(said)))
            ruled.rules += [replace(rule, service=service or "", among=among) for rule in rules]
    return list(found.values())


def said_by(route: Route) -> Iterator[Entry]:
    """Yield the items of `spec.to`; those for kinds that the control plane does not look at here are left out."""
    for at, to in parts(route.document.body, "spec.to"):
        ref = table(to, "targetRef")
        if ref.get("kind", "Mesh") not in ("Mesh", "MeshService"):
            continue
        service = None if ref.get("kind", "Mesh") == "Mesh" else str(ref.get("name") or "")
        hostnames = tuple(str(host) for host in values(to, "hostnames"))
        rules = [said(route, path, rule) for path, rule in parts(to, "rules", at)]
        yield Entry(service, hostnames, tuple(reversed(rules)))


def said(route: Route, path: str, rule: Mapping[str, Any]) -> Said:
    """Read a rule of a MeshHTTPRoute."""
    default = table(rule, "default")
    matches = [match for _, match in parts(rule, "matches")]
    refs = [backend(where, ref) for where, ref in parts(rule, "default.backendRefs", path)]
    at = place(route, path)
    made = Rule(
        at, tuple(map(http_match, matches)), tuple(one for _, one in parts(rule, "default.filters")), tuple(refs)
    )
    return Said(key(matches), made, default.get("filters") is not None, default.get("backendRefs") is not None)


def key(matches: Sequence[Mapping[str, Any]]) -> str:
    """Return what tells lists of matches apart; a header is compared exactly unless it says otherwise."""
    return json.dumps([spelled(match) for match in matches], sort_keys=True, default=str)


def spelled(match: Mapping[str, Any]) -> dict[str, Any]:
    """Spell a match out."""
    headers = match.get("headers")
    full = {key: value for key, value in match.items() if value is not None}
    return full | ({"headers": [{"type": "Exact", **header} for header in headers]} if headers else {})


def taken_together(said: Sequence[Said]) -> Iterator[Rule]:
    """Yield rules, those with the same matches as one in the place of the last."""
    groups: dict[str, list[Said]] = {}
    for one in said:
        groups.setdefault(one.key, []).append(one)
    last = {one.key: index for index, one in enumerate(said)}
    for index, one in enumerate(said):
        if index == last[one.key]:
            yield winner(groups[one.key])


def winner(same: Sequence[Said]) -> Rule:
    """Return the last of some rules with the same matches; what it does not say, the last one before it says."""
    rule = same[-1].rule
    others = same[:-1]
    filters = next((one.rule for one in reversed(others) if one.filters), None) if not same[-1].filters else None
    backends = next((one.rule for one in reversed(others) if one.backends), None) if not same[-1].backends else None
    return replace(
        rule,
        filters=filters.filters if filters else rule.filters,
        filters_of=filters.at if filters else None,
        backends=backends.backends if backends else rule.backends,
        backends_of=backends.at if backends else None,
        replaced=tuple(dict.fromkeys(one.rule.at for one in others)),
    )


def gateway_rules(route: Route) -> list[Rule]:
    """Read the rules of a MeshGatewayRoute for requests."""
    return [
        Rule(
            place(route, path),
            tuple(gateway_match(match) for _, match in parts(rule, "matches")),
            tuple(gateway_filters(rule)),
            tuple(tagged(where, one) for where, one in parts(rule, "backends", path)),
        )
        for path, rule in parts(route.document.body, "conf.http.rules")
    ]


def place(route: Route, path: str) -> At:
    """Return the place of a rule."""
    return At(route.address.kind, route.address.mesh or "", route.address.name, path)
