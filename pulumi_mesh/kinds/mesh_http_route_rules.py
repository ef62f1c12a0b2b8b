"""What the control plane asks of a MeshHTTPRoute beyond its structure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.target_ref import (
    BACKENDS,
    EVERYONE,
    GATEWAYS,
    MIRRORS,
    SERVICES,
    UNRESOLVED,
    backend_refs,
    by_role,
    each,
    target_ref,
    top,
    top_kind,
)

ROUTED = replace(BACKENDS, names=(UNRESOLVED,))
IP = re.compile(r"(\d+)\.(\d+)\.(\d+)\.(\d+)")
TRAILING = "does not need a trailing slash because only a `/`-separated prefix or an entire path is matched"
MODIFIERS = {"RequestHeaderModifier": "requestHeaderModifier", "ResponseHeaderModifier": "responseHeaderModifier"}
FIELDS = {
    **MODIFIERS,
    "RequestRedirect": "requestRedirect",
    "URLRewrite": "urlRewrite",
    "RequestMirror": "requestMirror",
}
"""The field that a filter of each type must have."""


def references(route: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top, and what below it takes."""
    yield from top(route, release, by_role(route, GATEWAYS))
    if kind := top_kind(route):
        yield from each(route, "spec.to", release, EVERYONE if kind == "MeshGateway" else SERVICES)


def hostnames(route: Body, _: Release) -> Iterator[Violation]:
    """Only a gateway has hostnames."""
    if top_kind(route) in ("", "MeshGateway"):
        return
    for path, to in parts(route, "spec.to"):
        if values(to, "hostnames"):
            yield Violation(f"{path}.hostnames", "must not be defined")


def rules_of(route: Body) -> Iterator[tuple[str, Body]]:
    """Yield the rules of a route, each with its path."""
    for path, to in parts(route, "spec.to"):
        yield from parts(to, "rules", path)


def matches(route: Body, _: Release) -> Iterator[Violation]:
    """Each condition by itself; no parameter of the query twice."""
    for at, rule in rules_of(route):
        for path, match in parts(rule, "matches", at):
            yield from path_match(f"{path}.path.value", dig(match, "path.type"), dig(match, "path.value"))
            for here, header in parts(match, "headers", path):
                if header.get("type") in ("Present", "Absent") and header.get("value"):
                    yield Violation(f"{here}.value", "must not be defined")
            seen: set[str] = set()
            for here, param in parts(match, "queryParams", path):
                if (name := param.get("name")) in seen:
                    yield Violation(f"{here}.name", f"multiple entries for name {name}")
                seen.add(str(name))


def path_match(path: str, kind: str | None, value: str | None) -> Iterator[Violation]:
    """A path begins with a slash; a prefix does not end with one."""
    if kind not in ("Exact", "PathPrefix") or value is None or value == "/":
        return
    if kind == "PathPrefix" and value.endswith("/"):
        yield Violation(path, TRAILING)
    if not value.startswith("/"):
        yield Violation(path, "must be an absolute path")


def filters(route: Body, release: Release) -> Iterator[Violation]:
    """Each filter has the field that its type names, and that field makes sense."""
    kind = top_kind(route)
    for at, rule in rules_of(route):
        only_prefixes = all(dig(match, "path.type") == "PathPrefix" for match in values(rule, "matches"))
        for path, one in parts(rule, "default.filters", at):
            name = FIELDS.get(str(one.get("type")))
            if name is None:
                continue
            here, said = f"{path}.{name}", one.get(name)
            if said is None:
                yield Violation(here, "must be defined")
            elif name in MODIFIERS.values():
                yield from modifier(here, said)
            elif name == "requestMirror":
                yield from target_ref(f"{here}.backendRef", table(said, "backendRef"), release, MIRRORS)
            else:
                yield from rewritten(here, said, kind, only_prefixes=only_prefixes)


def modifier(path: str, said: Body) -> Iterator[Violation]:
    """Something happens to headers, to each of them once."""
    if all(said.get(key) is None for key in ("set", "add", "remove")):
        yield Violation(path, "must have at least one defined: set, add, remove")
    seen: set[str] = set()
    for key in ("set", "add", "remove"):
        for index, item in enumerate(values(said, key)):
            name = str(item if key == "remove" else dig(item, "name"))
            if name in seen:
                yield Violation(f"{path}.{key}[{index}].name", "duplicate header name")
            seen.add(name)


def rewritten(path: str, said: Body, kind: str, *, only_prefixes: bool) -> Iterator[Violation]:
    """Host and path of a redirect or a rewrite."""
    if dig(said, "path.replacePrefixMatch") is not None and not only_prefixes:
        yield Violation(f"{path}.path.replacePrefixMatch", "can only appear if all matches match a path prefix")
    if (found := IP.fullmatch(str(said.get("hostname")))) and all(int(part) <= 255 for part in found.groups()):
        yield Violation(f"{path}.hostname", "cannot be an IP address")
    if said.get("hostToBackendHostname"):
        if kind not in ("", "MeshGateway"):
            yield Violation(f"{path}.hostToBackendHostname", "can only be set with MeshGateway")
        if said.get("hostname") is not None:
            yield Violation(f"{path}.hostToBackendHostname", "cannot be set together with hostname")


def backends(route: Body, release: Release) -> Iterator[Violation]:
    """Where requests go; from a gateway they go somewhere."""
    gateway = top_kind(route) == "MeshGateway"
    for path, rule in rules_of(route):
        redirected = any(one.get("type") == "RequestRedirect" for _, one in parts(rule, "default.filters"))
        if gateway and not redirected and not values(rule, "default.backendRefs"):
            yield Violation(f"{path}.default.backendRefs", "must not be empty")
        yield from backend_refs(parts(rule, "default.backendRefs", path), release, ROUTED)


RULES = (references, hostnames, matches, filters, backends)
