"""What the control plane asks of a MeshGatewayRoute beyond its structure; some of its paths are not those of the fields."""

from collections.abc import Iterator

from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.tags import port, selector_tags
from pulumi_mesh.schema.wire import named

PATHS = {"EXACT": 0, "PREFIX": 1, "REGEX": 2}
HEADERS = {"EXACT": 0, "REGEX": 1, "ABSENT": 2, "PRESENT": 3}
QUERIES = {"EXACT": 0, "REGEX": 1}
METHODS = {
    name: number
    for number, name in enumerate(
        ("NONE", "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
    )
}
FILTERS = ("requestHeader", "mirror", "redirect", "rewrite", "responseHeader")
PATH = ("replaceFull", "replacePrefixMatch")
"""What becomes of a path: one of these; the control plane keeps the last of several, here and above."""
HOSTS = (":authority", "Host", "host")
EMPTY = "cannot be empty"


def selected(route: Body, _: Release) -> Iterator[Violation]:
    """At least one selector, each with a service."""
    if not values(route, "selectors"):
        yield Violation("selectors", "must have at least one element")
    for path, selector in parts(route, "selectors"):
        yield from selector_tags(f"{path}.match", table(selector, "match"))


def routed(route: Body, _: Release) -> Iterator[Violation]:
    """Requests or connections."""
    conf = table(route, "conf")
    if conf.get("http") is None and conf.get("tcp") is None:
        yield Violation("conf", EMPTY)
    yield from alone("conf", conf, ("tcp", "http"))
    if conf.get("http") is None:
        return
    if not values(conf, "http.rules"):
        yield Violation("conf.http.rules", EMPTY)
    for path, rule in parts(route, "conf.http.rules"):
        yield from http_rule(path, rule)


def alone(path: str, said: Body, names: tuple[str, ...]) -> Iterator[Violation]:
    """One of several fields: of two the control plane would drop the first without a word."""
    *others, kept = [name for name in names if said.get(name) is not None] or [""]
    for name in others:
        yield Violation(f"{path}.{name}", f"must not stand beside {kept}: the control plane would drop it")


def chosen(said: Body, names: tuple[str, ...]) -> str:
    """Return the field that the control plane keeps of several, or nothing."""
    return next((name for name in reversed(names) if said.get(name) is not None), "")


def http_rule(path: str, rule: Body) -> Iterator[Violation]:
    """A rule has matches, and backends or a redirect."""
    if not values(rule, "matches"):
        yield Violation(f"{path}.matches", EMPTY)
        return
    for at, match in parts(rule, "matches", path):
        yield from matched(at, match)
    yield from filtered(path, rule)
    filters = values(rule, "filters")
    redirected = any(dig(one, "redirect") is not None for one in filters)
    if redirected and len(filters) != 1:
        yield Violation(f"{path}.filters", "redirects cannot be used with other filters")
        return
    if not redirected and not values(rule, "backends"):
        yield Violation(f"{path}.backends", EMPTY)
    if redirected and values(rule, "backends"):
        yield Violation(f"{path}.backends", "must be empty when using redirect filters")
    for at, backend in parts(rule, "backends", path):
        yield from selector_tags(at, table(backend, "destination"))


def matched(path: str, match: Body) -> Iterator[Violation]:
    """A match says something, and what it says can be met."""
    method = named(METHODS, match.get("method") or "NONE")
    if (
        match.get("path") is None
        and method == "NONE"
        and not values(match, "headers")
        and not values(match, "queryParameters")
    ):
        yield Violation(path, EMPTY)
    if (said := match.get("path")) is not None:
        value = str(said.get("value") or "")
        if named(PATHS, said.get("match")) == "REGEX":
            yield from filled(path, said, "value")
        elif not value.startswith("/"):
            yield Violation(f"{path}.value", "must be an absolute path")
    for at, header in parts(match, "headers", path):
        yield from filled(at, header, "name")
        if named(HEADERS, header.get("match")) not in ("ABSENT", "PRESENT"):
            yield from filled(at, header, "value")
        elif header.get("value"):
            yield Violation(f"{at}.value", "cannot be set")
    for index, query in enumerate(values(match, "queryParameters")):
        yield from filled(f"{path}.query_parameters[{index}]", query, "name", "value")


def filtered(path: str, rule: Body) -> Iterator[Violation]:
    """Filters make sense, each by itself and beside the matches of the rule.

    A rewrite of the host is not looked at and not counted: what stands behind it has a lower index in the path.
    """
    prefixed = any(named(PATHS, dig(match, "path.match")) == "PREFIX" for match in values(rule, "matches"))
    looked_at: list[Body] = []
    for at, one in parts(rule, "filters", path):
        yield from alone(at, one, FILTERS)
        yield from alone(f"{at}.rewrite", table(one, "rewrite"), PATH)
        if not dig(one, "rewrite.hostToBackendHostname"):
            looked_at.append(one)
    rehosted = len(looked_at) < len(values(rule, "filters"))
    for index, one in enumerate(looked_at):
        at = f"{path}.filters[{index}]"
        if (said := one.get("requestHeader")) is not None:
            yield from headers(f"{at}.request_header", said, rehosted=rehosted)
        if (said := one.get("redirect")) is not None:
            yield from redirect(f"{at}.redirect", said)
        if (said := one.get("mirror")) is not None:
            yield from mirror(f"{at}.mirror", said)
        if dig(one, "rewrite.replacePrefixMatch") is not None and not prefixed:
            yield Violation(f"{at}.rewrite.replacePrefixMatch", "cannot be used without a match on path prefix")


def headers(path: str, said: Body, *, rehosted: bool) -> Iterator[Violation]:
    """Something happens to headers of the request; not to the host where a filter rewrites it."""
    if not any(values(said, key) for key in ("set", "add", "remove")):
        yield Violation(path, EMPTY)
    for key in ("set", "add"):
        for at, header in parts(said, key, path):
            if rehosted and (name := header.get("name")) in HOSTS:
                option = "'rewrite.host_to_backend_hostname' option"
                yield Violation(at, f"cannot modify '{name}' header, when route has set {option}")
            yield from filled(at, header, "name", "value")
    for index, name in enumerate(values(said, "remove")):
        if not name:
            yield Violation(f"{path}.remove[{index}]", EMPTY)


def redirect(path: str, said: Body) -> Iterator[Violation]:
    """A redirect has a status of one."""
    if said.get("port"):
        yield from port(f"{path}.port", said["port"])
    if not 300 <= int(said.get("statusCode") or 0) <= 308:
        yield Violation(f"{path}.status_code", "must be in the range [300, 308]")
    yield from alone(f"{path}.path", table(said, "path"), PATH)


def mirror(path: str, said: Body) -> Iterator[Violation]:
    """Copies go somewhere."""
    percentage, backend = said.get("percentage"), said.get("backend")
    if percentage is None:
        yield Violation(f"{path}.percentage", EMPTY)
    elif not 0 <= float(percentage) <= 100:
        yield Violation(f"{path}.percentage", "has to be in [0.0 - 100.0] range")
    if backend is None:
        yield Violation(f"{path}.backend", EMPTY)
    else:
        yield from selector_tags(f"{path}.backend", table(backend, "destination"))


def filled(path: str, said: Body, *keys: str) -> Iterator[Violation]:
    """Text that must not be empty."""
    for key in keys:
        if not said.get(key):
            yield Violation(f"{path}.{key}", EMPTY)


RULES = (selected, routed)
