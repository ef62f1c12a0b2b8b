"""What proxies cannot live with: rules for which no configuration can be built, and those that a proxy refuses.

Both are accepted by the control plane. A gateway for which nothing can be built is *stuck*: it gets no configuration at
all, on any port. What a proxy *refuses* costs one port, or one host of HTTPS, its routes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pulumi_mesh.ingress.expressions import wrong
from pulumi_mesh.ingress.routing.actions import COMMAND, HOSTS, Action, action, each, weights
from pulumi_mesh.ingress.routing.route_rules import Rule
from pulumi_mesh.ingress.topology.edge import Listener
from pulumi_mesh.schema.rules import values

STATUSES = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a proxy cannot live with: where it stands, and why."""

    effect: Literal["stuck", "refused"]
    where: str
    why: str

    def __str__(self) -> str:
        """Say it, the place first."""
        return f"{self.where}: {self.why}"


def rule_faults(rules: Iterable[Rule]) -> Iterator[Fault]:
    """Yield what is wrong with rules for requests; a rule may be there several times, a fault is not."""
    seen: set[Fault] = set()
    for rule in rules:
        done = action(rule, "PathPrefix", "/", bare=False)
        found = [Fault("stuck", str(rule.at), why) for why in unbuildable(done)]
        found += [Fault("refused", str(rule.at), why) for why in unacceptable(rule, done)]
        yield from (fault for fault in found if fault not in seen)
        seen.update(found)


def unbuildable(done: Action) -> Iterator[str]:
    """Say why the control plane can build no configuration of a rule."""
    if not done.forwards:
        what = "RequestRedirect" if done.redirects is not None else "no backend"
        if done.rewrites is not None:
            yield f"{what} stands beside URLRewrite, for which no configuration can be built"
        if done.mirrors is not None and done.mirrors.get("percentage") != 0:
            yield f"{what} stands beside RequestMirror, for which no configuration can be built"
        if done.redirects is None and done.rewrites is None and done.host:
            yield "no backend stands beside a new host, for which no configuration can be built"
    status = (done.redirects or {}).get("statusCode", 302)
    if done.redirects is not None and status not in STATUSES:
        yield f"the status {status} of a redirect is not among {', '.join(map(str, STATUSES))}"


def unacceptable(rule: Rule, done: Action) -> Iterator[str]:
    """Say why a proxy refuses a rule."""
    for pattern in dict.fromkeys(pattern for match in rule.matches for pattern in match.expressions):
        if why := wrong(pattern):
            yield f"{pattern} is no regular expression of RE2 ({why})"
    if len(rule.backends) > 1 and not any(weight for _, weight in weights(rule)):
        yield "all weights of its backends are 0"
    if not done.forwards and done.redirects is None:
        yield "it has neither backends nor a redirect"
    for key in ("set", "add"):
        for name, value in each((*done.requests, *done.answers), key):
            if name not in HOSTS and "%" in COMMAND.sub("", value):
                yield f"the value of the header {name} has a lone %; write %% for a percent sign"
    touched = [name for name, _ in each(done.requests, "add")]
    touched += [str(name).lower() for said in done.requests for name in values(said, "remove")]
    if any(name in HOSTS for name in touched):
        yield "the header host can be set, neither added nor removed"


def listener_faults(listeners: Iterable[Listener], *, mtls: bool | None) -> Iterator[Fault]:
    """Yield what is wrong with listeners, whatever their routes; `mtls` is None where nobody knows."""
    for one in listeners:
        where = f"{one.gateway} {one.path}"
        if one.protocol in ("TLS", "HTTPS") and not one.tls_mode:
            yield Fault("stuck", where, f"{one.protocol} has no tls.mode, for which no configuration can be built")
        if one.cross_mesh and mtls is False:
            yield Fault("stuck", where, f"crosses meshes, and mTLS is off in the mesh {one.gateway.mesh}")
