"""Whether a route has anything to say on a listener: rules for one of its hosts."""

from collections.abc import Sequence

from pulumi_mesh.ingress.hosts import meet
from pulumi_mesh.ingress.topology import Listener
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.rules import parts, values


def hosts_meet(hostnames: Sequence[str], listener: str) -> bool:
    """Tell whether some of a route's hostnames meet a listener's; a route without any is for every host."""
    return not hostnames or any(meet(host, listener) for host in hostnames)


def has_rules(route: Document, listener: Listener) -> bool:
    """Tell whether a MeshHTTPRoute has a rule for a host of a listener."""
    return any(
        values(to, "rules") and hosts_meet([str(host) for host in values(to, "hostnames")], listener.hostname)
        for _, to in parts(route.body, "spec.to")
    )
