"""An explanation: where a request goes, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi_mesh.ingress.routing.actions import Redirect, Share, Upstream
from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.routing.route_rules import At
from pulumi_mesh.ingress.topology.edge import Listener

Outcome = Literal["backend", "redirect", "not_found", "no_listener"]
MORE = 3
"""How many of the rules that came too late are named."""


@dataclass(frozen=True)
class Explanation:
    """Where a request goes, and why."""

    request: Request
    outcome: Outcome
    listener: Listener | None = None
    route: At | None = None
    match: str = ""
    """The conditions of the rule that the request met."""
    before: tuple[str, ...] = ()
    """The rules that would have taken the request, too, and why this one comes first."""
    filters: tuple[str, ...] = ()
    """What happens to the request and its answer."""
    backends: tuple[Share, ...] = ()
    upstream: Upstream | None = None
    redirect: Redirect | None = None
    notes: tuple[str, ...] = ()
    """Everything else that led there, or that one should know."""
    certain: bool = True
    """Whether the rule can be told: false where rules tie and the proxies' order of them is not defined."""
    chosen: tuple[str, ...] = field(default=())
    """Why this listener and this virtual host."""

    @property
    def backend(self) -> str | None:
        """The name of the backend; of several, the one with the greatest share (the first of equal ones)."""
        return max(self.backends, key=lambda one: one.share).name if self.backends else None

    @property
    def reasons(self) -> list[str]:
        """Why, in sentences: listener, route, the routes that came too late, filters, backends, notes."""
        found = list(self.chosen)
        if self.route is not None:
            found.append(f"{self.route}: {self.match}" if self.match else str(self.route))
            found += [f"before {one}" for one in self.before[:MORE]]
            if len(self.before) > MORE:
                found.append(f"before {len(self.before) - MORE} more")
        return [*found, *self.filters, *self.notes]

    def report(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        listener, route, upstream = self.listener, self.route, self.upstream
        return {
            "outcome": self.outcome,
            "listener": listener
            and {
                "gateway": listener.gateway.name,
                "port": listener.port,
                "protocol": listener.protocol,
                "hostname": listener.hostname,
            },
            "route": route and {"type": route.type, "mesh": route.mesh, "name": route.name, "path": route.path},
            "backends": [shown(one) for one in self.backends],
            "upstream": upstream and {"path": upstream.path, "host": upstream.host, "headers": dict(upstream.headers)},
            "redirect": self.redirect and {"status": self.redirect.status, "location": self.redirect.location},
            "reasons": self.reasons,
        }


def shown(share: Share) -> dict[str, Any]:
    """Return a share as JSON has it."""
    return {"kind": share.kind, "name": share.name, "port": share.port, "share": round(share.share, 6)}


def best(explanations: Sequence[Explanation]) -> Explanation:
    """Return the explanation that leads furthest; of equal ones the first."""
    order = ("backend", "redirect", "not_found", "no_listener")
    return min(explanations, key=lambda one: order.index(one.outcome))
