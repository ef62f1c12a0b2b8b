"""A short way to write routes, requests and what is expected of them.

A rule is `MATCH or MATCH -> BACKENDS`. A match is made of `/api` (a prefix), `=/api` (exact), `~/a.*` (an expression),
`GET`, `x:1` (a header; `x:^p` a prefix, `x:~re`, `x:*` present, `x:!` absent), `?a=1` and `?a~re` (the query).
Backends are `api`, `api@9, other@1`, `api:8080`; `-` is none.
"""

from typing import Any

from pulumi_mesh.testing import RouteTable
from tests.ingress.written import document, gateway

EDGE = {"kind": "MeshGateway", "name": "edge"}


def match(text: str) -> dict[str, Any]:
    """Read a match."""
    said: dict[str, Any] = {}
    for word in text.split():
        if word[0] in "/=~":
            kind = {"/": "PathPrefix", "=": "Exact", "~": "RegularExpression"}[word[0]]
            said["path"] = {"type": kind, "value": word.lstrip("=~")}
        elif word[0] == "?":
            at = min(index for index in (word.find("="), word.find("~")) if index > 0)
            kind = "Exact" if word[at] == "=" else "RegularExpression"
            said.setdefault("queryParams", []).append({"type": kind, "name": word[1:at], "value": word[at + 1 :]})
        elif ":" in word:
            name, _, value = word.partition(":")
            kind = {"^": "Prefix", "~": "RegularExpression", "*": "Present", "!": "Absent"}.get(value[:1], "Exact")
            rest = {} if kind in ("Present", "Absent") else {"value": value if kind == "Exact" else value[1:]}
            said.setdefault("headers", []).append({"type": kind, "name": name, **rest})
        else:
            said["method"] = word
    return said


def backends(text: str) -> list[dict[str, Any]]:
    """Read backends."""
    found = []
    for one in text.split(","):
        name, _, weight = one.strip().partition("@")
        name, _, port = name.partition(":")
        ref = {"kind": "MeshService", "name": name}
        found.append(ref | ({"port": int(port)} if port else {}) | ({"weight": int(weight)} if weight else {}))
    return found


def rule(text: str, *filters: dict[str, Any]) -> dict[str, Any]:
    """Read a rule."""
    matches, _, to = text.partition(" -> ")
    default: dict[str, Any] = {} if to.strip() == "-" else {"backendRefs": backends(to)}
    if filters:
        default["filters"] = list(filters)
    return {"matches": [match(one) for one in matches.split(" or ")], "default": default}


def to(*rules: Any, hosts: Any = (), kind: str = "Mesh", **ref: Any) -> dict[str, Any]:
    """Write an item of `to`; a rule may be text, or text with filters."""
    said = [rule(one) if isinstance(one, str) else rule(*one) for one in rules]
    names = {"hostnames": list(hosts)} if hosts else {}
    return {"targetRef": {"kind": kind, **ref}, **names, "rules": said}


def route(name: str, *items: Any, mesh: str = "shop", target: Any = None, **tags: str) -> Any:
    """Make a MeshHTTPRoute for the gateway `edge`, or for its listeners with tags."""
    ref = target or EDGE | ({"tags": tags} if tags else {})
    entries = [one if isinstance(one, dict) else to(one) for one in items]
    return document(type="MeshHTTPRoute", mesh=mesh, name=name, spec={"targetRef": ref, "to": entries})


def table(*documents: Any, listeners: Any = ((8080,),), kuma: str = "2.14") -> RouteTable:
    """Make a table of the gateway `edge` with some listeners."""
    return RouteTable([gateway(listeners=listeners), *documents], kuma)


def filter_(kind: str, **said: Any) -> dict[str, Any]:
    """Write a filter by its type."""
    return {"type": kind, {"URLRewrite": "urlRewrite"}.get(kind, kind[0].lower() + kind[1:]): said}


def rewrite(full: str | None = None, prefix: str | None = None, **said: Any) -> dict[str, Any]:
    """Write an URLRewrite."""
    return filter_("URLRewrite", **said, **path(full, prefix))


def redirect(full: str | None = None, prefix: str | None = None, **said: Any) -> dict[str, Any]:
    """Write a RequestRedirect."""
    return filter_("RequestRedirect", **said, **path(full, prefix))


def path(full: str | None, prefix: str | None) -> dict[str, Any]:
    """Write what becomes of a path."""
    if full is not None:
        return {"path": {"type": "ReplaceFullPath", "replaceFullPath": full}}
    if prefix is not None:
        return {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": prefix}}
    return {}


def asked(table: RouteTable, text: str) -> str:
    """Ask for `[METHOD] URL [name:value]...`; answer in a word: a backend, `302 LOCATION`, `404`, or `closed`."""
    words = text.split()
    method = words.pop(0) if "/" not in words[0] else "GET"
    url, *rest = words
    headers: dict[str, list[str]] = {}
    for word in rest:
        name, _, value = word.partition(":")
        headers.setdefault(name, []).append(value)
    return told(table.explain(url if "://" in url else f"http://{url}", method, headers))


def told(found: Any) -> str:
    """Say an explanation in a word."""
    if found.outcome == "backend":
        return (
            found.backend
            if len(found.backends) == 1
            else ", ".join(f"{one.name} {one.share:g}" for one in found.backends)
        )
    if found.outcome == "redirect":
        return f"{found.redirect.status} {found.redirect.location}"
    return {"not_found": "404", "no_listener": "closed"}[found.outcome]
