"""How rules, filters and certificates are said in a picture: short, and never with what might be a secret."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pulumi_mesh.ingress.topology import Tags
from pulumi_mesh.kinds.mesh_gateway_route_rules import HEADERS, METHODS, PATHS, QUERIES
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.rules import dig, parts, table, values
from pulumi_mesh.schema.spec import is_map
from pulumi_mesh.schema.wire import named

if TYPE_CHECKING:
    from pulumi_mesh.ingress.certificates import Facts

TYPES = {
    "EXACT": "Exact",
    "PREFIX": "PathPrefix",
    "REGEX": "RegularExpression",
    "ABSENT": "Absent",
    "PRESENT": "Present",
}
"""How a MeshGatewayRoute and a MeshHTTPRoute say the same."""
SIGNS = {"Exact": "=", "Prefix": "begins with", "RegularExpression": "matches"}
DISCREET = re.compile(r"auth|cookie|token|secret|password|api-?key|credential|session", re.IGNORECASE)
"""The names of headers and parameters whose values nobody hangs on a wall."""


def match(said: Mapping[str, Any]) -> str:
    """Say which requests a match is for: `PathPrefix /api and header x-canary = 1`."""
    found = [path(table(said, "path"))] if said.get("path") else []
    method = named(METHODS, said.get("method"))
    if isinstance(method, str) and method != "NONE":
        found.append(f"method {method}")
    for what, key, types in (
        ("header", "headers", HEADERS),
        ("query", "queryParams", QUERIES),
        ("query", "queryParameters", QUERIES),
    ):
        found += [condition(what, one, types) for _, one in parts(said, key)]
    return " and ".join(found) or "every request"


def path(said: Mapping[str, Any]) -> str:
    """Say a condition on the path."""
    kind = word(said.get("type") or named(PATHS, said.get("match") or 0))
    return f"{kind} {said.get('value', '?')}"


def condition(what: str, said: Mapping[str, Any], types: Mapping[str, int]) -> str:
    """Say a condition on a header, or on a parameter of the query."""
    kind = word(said.get("type") or named(types, said.get("match") or 0))
    name = str(said.get("name", "?"))
    if kind in ("Absent", "Present"):
        return f"{what} {name} {kind.lower()}"
    value = "..." if DISCREET.search(name) else said.get("value", "?")
    return f"{what} {name} {SIGNS.get(kind, '=')} {value}"


def word(kind: Any) -> str:
    """Return the name of a way to compare."""
    return TYPES.get(str(kind), str(kind or "Exact"))


def filters(rule: Mapping[str, Any]) -> Iterator[str]:
    """Say what the filters of a rule do; values of headers are left out."""
    for key in ("default.filters", "filters"):
        for _, one in parts(rule, key):
            for name, said in one.items():
                if name in WORDS and is_map(said):
                    yield from WORDS[name](said)


def redirect(said: Mapping[str, Any]) -> Iterator[str]:
    """Say where a redirect leads."""
    host = str(said.get("hostname") or "")
    port = f":{said['port']}" if said.get("port") else ""
    scheme = f"{said['scheme']}://" if said.get("scheme") else ""
    where = " ".join(part for part in (f"{scheme}{host}{port}", changed(said)) if part)
    yield f"redirects ({said.get('statusCode') or 302}) to {where or 'the same place'}"


def rewrite(said: Mapping[str, Any]) -> Iterator[str]:
    """Say what becomes of path and host."""
    if new := changed(said if "path" in said else {"path": said}):
        yield f"rewrites to {new}"
    if host := said.get("hostname"):
        yield f"rewrites the host to {host}"
    if said.get("hostToBackendHostname"):
        yield "rewrites the host to the backend's"


def changed(said: Mapping[str, Any]) -> str:
    """Say what becomes of a path."""
    for key, what in (("replaceFullPath", "path"), ("replacePrefixMatch", "prefix")):
        if (new := dig(said, f"path.{key}")) is not None:
            return f"{what} {new}"
    if (new := dig(said, "path.replaceFull")) is not None:
        return f"path {new}"
    return ""


def mirror(said: Mapping[str, Any]) -> Iterator[str]:
    """Say how much is copied; the edge says where to."""
    share = said.get("percentage")
    yield f"copies {100 if share is None else share} %"


def headers(what: str) -> Any:
    """Return what says which headers of a request or an answer are touched."""

    def says(said: Mapping[str, Any]) -> Iterator[str]:
        for key, verb in (("set", "sets"), ("add", "adds to"), ("remove", "removes")):
            found = [str(one.get("name") if is_map(one) else one) for one in values(said, key)]
            if found:
                yield f"{verb} {what} header{'s' if len(found) > 1 else ''} {', '.join(found)}"

    return says


WORDS: Mapping[str, Any] = {
    "requestRedirect": redirect,
    "redirect": redirect,
    "urlRewrite": rewrite,
    "rewrite": rewrite,
    "requestMirror": mirror,
    "mirror": mirror,
    "requestHeaderModifier": headers("request"),
    "requestHeader": headers("request"),
    "responseHeaderModifier": headers("answer"),
    "responseHeader": headers("answer"),
}
"""What says each filter."""


def shares(weights: list[int | None]) -> list[str]:
    """Say which part each of some weights is; a missing one is 1, and a single backend gets all."""
    if len(weights) == 1:
        return ["100 %"]
    said = [1 if weight is None else weight for weight in weights]
    total = sum(said)
    return [f"{100 * weight / total:.3g} %" if total else "0 %" for weight in said]


def tagged(tags: Tags) -> str:
    """Say tags in one line."""
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items())) or "none"


def certificate(secret: Document | None) -> "Facts | None":
    """Read the certificate in a Secret; nothing where it is not there, or is none."""
    from pulumi_mesh.ingress.certificates import facts  # cryptography is loaded where it is needed

    data = secret.body.get("data") if secret else None
    if not isinstance(data, str):
        return None
    try:
        pem = b64decode(data, validate=True).decode()
    except (Error, UnicodeDecodeError):
        return None
    begins = [block for block in pem.split("-----BEGIN ")[1:] if block.startswith("CERTIFICATE-----")]
    try:
        return facts("".join(f"-----BEGIN {block}" for block in begins))
    except ValueError:
        return None
