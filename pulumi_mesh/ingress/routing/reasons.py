"""Reasons in words: why one rule comes before another, what filters do, why nothing fits."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.ingress.routing.actions import Action
from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.routing.table import Entry, Table
from pulumi_mesh.schema.rules import dig, values

NEAR = 3
"""How many rules are named that nearly fit."""


def before(entry: Entry, other: Entry) -> str:
    """Name a rule that comes later, and say why."""
    return f"{other.rule.at} ({other.match}): {why(entry, other)}"


def why(entry: Entry, other: Entry) -> str:
    """Say why one entry comes before another that takes the same request."""
    mine, theirs = entry.match, other.match
    kind = "PathPrefix" if entry.bare and other.kind != "Exact" else entry.kind
    if kind != other.kind:
        names = {"Exact": "exact paths", "PathPrefix": "prefixes", "RegularExpression": "regular expressions"}
        return f"{names[kind]} come before {names[other.kind]}"
    if len(mine.value.encode()) != len(theirs.value.encode()):
        return "longer path" if kind != "RegularExpression" else "longer pattern"
    if entry.kind != "RegularExpression":
        if bool(mine.method) != bool(theirs.method):
            return "it asks for a method"
        if mine.headers != theirs.headers:
            return "more conditions on headers"
        if mine.parameters != theirs.parameters:
            return "more conditions on the query"
    return tied(entry, other)


def tied(entry: Entry, other: Entry) -> str:
    """Say what decides between entries that are alike."""
    if entry.hostname != other.hostname:
        return f"a tie, its hostname {entry.hostname} is more exact than {other.hostname}"
    if entry.rule.at.name != other.rule.at.name:
        return "a tie, the greater name of a route comes first"
    return "a tie, it stands first in the order of the route"


def filtered(entry: Entry, action: Action) -> Iterator[str]:
    """Say what filters do with the request and its answer."""
    if action.forwards:
        yield from rewriting(entry, action)
        if action.redirects is not None:
            yield "its redirect does nothing beside backends"
    for said in action.requests:
        yield from (f"request header {one}" for one in headers(said))
    for said in action.answers:
        yield from (f"response header {one}" for one in headers(said))
    if (mirror := action.mirror) is not None:
        yield f"{mirror[1]:g} % of requests are copied to {mirror[0].label}"


def rewriting(entry: Entry, action: Action) -> Iterator[str]:
    """Say what becomes of path and host."""
    said = action.rewrites
    full, prefix = dig(said, "path.replaceFullPath"), dig(said, "path.replacePrefixMatch")
    if full is not None:
        yield f"path rewritten to {full}"
    elif prefix is not None:
        yield f"path {entry.match.value} rewritten to {prefix}"
    if (hostname := dig(said, "hostname")) is not None:
        if entry.bare and prefix is not None:
            yield f"host stays: {hostname} is not set on the bare path of a replaced prefix"
        else:
            yield f"host rewritten to {hostname}"
    if dig(said, "hostToBackendHostname"):
        yield "host rewritten to that of the endpoint, where it is known by a name"


def headers(said: Mapping[str, Any]) -> Iterator[str]:
    """Say what happens to headers."""
    for key in ("set", "add"):
        yield from (
            f"{one.get('name')} {'set to' if key == 'set' else 'gets'} {one.get('value')}" for one in values(said, key)
        )
    yield from (f"{name} removed" for name in values(said, "remove"))


def shares(action: Action) -> Iterator[str]:
    """Say what is odd about the backends."""
    yield from (f"{one.label} gets nothing: its weight is 0" for one in action.idle)
    said = len(action.rule.backends) - len(action.shares) - len(action.idle)
    if said > 0:
        yield "a backend is there twice: the last weight of it counts"


def near(table: Table, request: Request) -> Iterator[str]:
    """Say why no entry takes a request: those that would but for one thing."""
    if request.method == "CONNECT":
        yield "404: CONNECT has no path, and rules are compared by paths"
        return
    domain = table.host.domain
    if not table.entries:
        yield f"404: no route has rules for {domain}" + (
            "" if table.host.silent else ", as the text of the answer says"
        )
        return
    yield f"404: none of the rules for {domain} takes {request.method} {request.path}"
    named: set[object] = set()
    for entry in table.entries:
        if entry.rule.at in named:
            continue
        if entry.guarded and request.path == entry.path.rstrip("/") and entry.match.meets(request):
            named.add(entry.rule.at)
            yield f"{entry.rule.at} ({entry.match}) does not cover the bare path: some rule is for Exact {request.path}"
        elif entry.on_path(request.path) and (unmet := list(entry.match.unmet(request))):
            named.add(entry.rule.at)
            yield f"{entry.rule.at} ({entry.match}) fits the path, but not {' and '.join(unmet)}"
        if len(named) == NEAR:
            return
