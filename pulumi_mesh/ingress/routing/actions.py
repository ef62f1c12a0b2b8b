"""What a proxy does with a request that fits a rule: where it sends it, what it changes, where it redirects to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.routing.route_rules import Rule
from pulumi_mesh.ingress.topology.backends import Backend, backend
from pulumi_mesh.ingress.topology.edge import Listener
from pulumi_mesh.schema.rules import dig, parts, values

HOSTS = (":authority", "host")
VARIABLE = re.compile(r"%REQ\((:?[^)?:]+)(?:\?(:?[^)]+))?\)(?::\d+)?%|%%", re.IGNORECASE)
COMMAND = re.compile(r"%%|%[A-Z_0-9]+(?:\([^)]*\))?(?::\d+)?%", re.IGNORECASE)
"""What stands for something else in the value of a header."""


@dataclass(frozen=True, slots=True)
class Share:
    """A backend and its share of the requests, 0 to 1."""

    kind: str
    name: str
    port: int | None
    share: float
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Upstream:
    """What the backend gets: path with query, Host, and the headers that the client or a filter set."""

    path: str
    host: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that sends the client elsewhere."""

    status: int
    location: str


@dataclass(frozen=True)
class Action:
    """What is done with requests by an entry of a table."""

    rule: Rule
    exact: bool
    """Whether the entry is for the whole path, not for a prefix."""
    path: str
    bare: bool
    """Whether the entry stands for the bare path of a prefix."""
    redirects: Mapping[str, Any] | None = None
    rewrites: Mapping[str, Any] | None = None
    mirrors: Mapping[str, Any] | None = None
    requests: tuple[Mapping[str, Any], ...] = ()
    """What happens to headers of the request."""
    answers: tuple[Mapping[str, Any], ...] = ()
    """What happens to headers of the answer."""

    @property
    def forwards(self) -> bool:
        """Whether requests are sent on; a redirect beside backends does nothing."""
        return bool(self.rule.backends)

    @property
    def rewrites_prefix(self) -> bool:
        """Whether a prefix is replaced in the path, in what is sent on or in a redirect."""
        return any(dig(one, "path.replacePrefixMatch") is not None for one in (self.rewrites, self.redirects))

    @property
    def shares(self) -> list[Share]:
        """The backends and their shares; those that get nothing are left out."""
        said = weights(self.rule)
        total = sum(weight for _, weight in said)
        return [share(one, weight / total) for one, weight in said if weight]

    @property
    def idle(self) -> list[Backend]:
        """The backends that get nothing."""
        return [one for one, weight in weights(self.rule) if not weight]

    def upstream(self, request: Request) -> Upstream:
        """Return what the backend gets of a request."""
        headers = changed(
            {key: value for key, value in request.headers.items() if key != "host"}, self.requests, request
        )
        host = self.host or request.authority
        return Upstream(self.rewritten(request.path, self.rewrites) + request.suffix, host, headers)

    @property
    def host(self) -> str:
        """The Host that a filter sets; nothing where it stays."""
        set_ = [one for said in self.requests for one in values(said, "set") if str(one.get("name")).lower() in HOSTS]
        if set_:
            return str(set_[-1].get("value"))
        prefix = self.bare and dig(self.rewrites, "path.replacePrefixMatch") is not None
        return "" if prefix else str(dig(self.rewrites, "hostname") or "")

    def rewritten(self, path: str, said: Mapping[str, Any] | None) -> str:
        """Return what becomes of a path."""
        full = dig(said, "path.replaceFullPath")
        if full is not None:
            return str(full).replace("\\0", path)
        prefix = dig(said, "path.replacePrefixMatch")
        if prefix is None:
            return path
        short = str(prefix).rstrip("/")
        if self.bare:
            return short or "/"
        return f"{short}/" if self.exact else f"{short}/{path[len(self.path) :]}"

    def redirect(self, request: Request, listener: Listener) -> Redirect:
        """Return the redirect of a request."""
        said = self.redirects or {}
        secure = listener.protocol == "HTTPS" or listener.cross_mesh
        scheme = said.get("scheme") or ("https" if secure else "http")
        host = said.get("hostname") or unported(request.authority)
        port = said.get("port") or listener.port
        location = f"{scheme}://{host}:{port}{self.rewritten(request.path, said)}"
        return Redirect(int(said.get("statusCode", 302) or 0), location)

    @property
    def mirror(self) -> tuple[Backend, float] | None:
        """Where copies go, and how many of a hundred."""
        if self.mirrors is None or not self.forwards:
            return None
        said = self.mirrors.get("percentage")
        percent = float(said) if said is not None else 100.0
        return (backend("", self.mirrors.get("backendRef") or {}, mirror=True), percent) if percent > 0 else None


def action(rule: Rule, kind: str, path: str, *, bare: bool) -> Action:
    """Read the filters of a rule; of several redirects, rewrites or mirrors the last one counts."""
    last: dict[str, Mapping[str, Any]] = {}
    requests: list[Mapping[str, Any]] = []
    answers: list[Mapping[str, Any]] = []
    for one in rule.filters:
        for key in ("requestRedirect", "requestMirror", "urlRewrite"):
            if (said := one.get(key)) is not None:
                last[key] = said
        if (said := one.get("requestHeaderModifier")) is not None:
            requests.append(said)
        if (said := one.get("responseHeaderModifier")) is not None:
            answers.append(said)
    return Action(
        rule,
        kind != "PathPrefix",
        path,
        bare,
        last.get("requestRedirect"),
        last.get("urlRewrite"),
        last.get("requestMirror"),
        tuple(requests),
        tuple(answers),
    )


def weights(rule: Rule) -> list[tuple[Backend, int]]:
    """Return the backends of a rule, each once and with its last weight; a single one gets everything."""
    missing = 0 if rule.at.type == "MeshGatewayRoute" else 1
    found: dict[object, tuple[Backend, int]] = {}
    for one in rule.backends:
        found[identity(one)] = (one, missing if one.weight is None else one.weight)
    if len(rule.backends) == 1:
        return [(one, weight or 1) for one, weight in found.values()]
    return list(found.values())


def share(one: Backend, part: float) -> Share:
    """Return a backend with its share."""
    return Share(one.kind if one.kind != "Service" else kind_of(one), one.name, one.port, part, one.tags)


def identity(one: Backend) -> object:
    """Return what makes two backends the same destination."""
    legacy = one.kind in ("Service", "MeshServiceSubset") or (one.kind == "MeshService" and one.port is None)
    tags = {key: value for key, value in one.tags.items() if key != "kuma.io/service"}
    kind = "Service" if legacy and not one.labels else one.kind
    return kind, one.name, one.port, tuple(sorted(tags.items())), tuple(sorted(one.labels.items()))


def kind_of(one: Backend) -> str:
    """Name the kind of a backend by tags as a backendRef would."""
    return "MeshServiceSubset" if len(one.tags) > 1 else "MeshService"


def changed(headers: dict[str, str], modifiers: tuple[Mapping[str, Any], ...], request: Request) -> dict[str, str]:
    """Return headers after filters: first some are removed, then some replaced, then some added."""
    gone = {str(name).lower() for said in modifiers for name in values(said, "remove")}
    after = {name: value for name, value in headers.items() if name not in gone}
    for name, value in each(modifiers, "set"):
        if name not in HOSTS and (text := filled(value, request)):
            after[name] = text
    for name, value in each(modifiers, "add"):
        if text := filled(value, request):
            after[name] = f"{after[name]},{text}" if name in after else text
    return after


def each(modifiers: tuple[Mapping[str, Any], ...], key: str) -> Iterator[tuple[str, str]]:
    """Yield the headers that filters set, or add."""
    for said in modifiers:
        yield from ((str(one.get("name")).lower(), str(one.get("value") or "")) for _, one in parts(said, key))


def filled(value: str, request: Request) -> str:
    """Fill in what a value takes from the request; `%%` is one percent sign, what is not known here stays."""

    def one(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        names = {
            ":authority": request.authority,
            ":path": request.path + request.suffix,
            ":method": request.method,
            "host": request.authority,
        }
        for name in (found[1], found[2] or ""):
            if (there := names.get(name.lower(), request.headers.get(name.lower()))) is not None:
                return there
        return ""

    return VARIABLE.sub(one, value)


def unported(authority: str) -> str:
    """Return a Host header without its port."""
    host, colon, port = authority.rpartition(":")
    return host if colon and port.isdigit() else authority
