"""MeshMultiZoneService: one service made of MeshServices of several zones."""

from collections.abc import Iterator

import pulumi

from pulumi_mesh.kinds.mesh_service import Port, number
from pulumi_mesh.kinds.service_names import conforms, named_by
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import DESTINATION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import BackendRef, LabelSelector, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, parts, table
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field

PROTOCOLS = ("grpc", "http", "http2", "kafka", "tcp")


class MultiZoneSelector(Model):
    """Which MeshServices a service is made of."""

    mesh_service: Part[LabelSelector] = field(doc="Labels that they have; at least one.")


class MultiZonePort(Model):
    """What a service listens on."""

    port: One[Port] = field(doc="The port, which the MeshServices have, too.")
    name: One[Str | None] = field(default=None, doc="Its name; the number, if absent.")
    app_protocol: One[Str | None] = field(
        default=None, fills="tcp", doc="What is spoken: `grpc`, `http`, `http2`, `kafka`, `tcp`; `tcp`, if absent."
    )


def selector(service: Body, _: Release) -> Iterator[Violation]:
    """MeshServices are selected by some label."""
    path = "spec.selector.meshService.matchLabels"
    if not table(service, path):
        yield Violation(path, "cannot be empty")


def ports(service: Body, release: Release) -> Iterator[Violation]:
    """Each port has a number, a name that says something, a protocol that is known."""
    for path, port in parts(service, "spec.ports"):
        yield from number(f"{path}.port", port.get("port"), release)
        if port.get("name") == "":
            yield Violation(f"{path}.name", "must not be empty")
        if port.get("appProtocol") is not None and port["appProtocol"] not in PROTOCOLS:
            yield Violation(f"{path}.appProtocol", f"appProtocol must be one of: {', '.join(PROTOCOLS)}")


def sections(service: Body) -> Iterator[str]:
    """Yield the names of the ports."""
    for _, port in parts(service, "spec.ports"):
        yield str(port.get("name") or int(port.get("port") or 0))


class MeshMultiZoneService(
    MeshScoped,
    kind=Kind(
        path="meshmultizoneservices",
        shape="spec",
        short="mzsvc",
        status="2.10",
        written_on=frozenset({"global"}),
        rules=(selector, ports),
        warnings=(conforms("MeshMultiZoneService"), named_by("MeshMultiZoneService", sections)),
        grave=DESTINATION,
    ),
):
    """One service made of MeshServices of several zones, which share its traffic or stand in for each other.

    Source: https://kuma.io/docs/latest/networking/meshmultizoneservice/
    """

    selector: Part[MultiZoneSelector] = field(doc="Which MeshServices it is made of.")
    ports: Parts[MultiZonePort] = field(key=("port",), least=1, doc="What it listens on; at least one port.")

    def ref(self, *, port: pulumi.Input[int] | None = None, weight: pulumi.Input[int] | None = None) -> BackendRef:
        """Refer to the service as a backend of a route, which must say the port: `api.ref(port=8080, weight=90)`."""
        return BackendRef(kind="MeshMultiZoneService", name=self.name, port=port, weight=weight)


__all__ = ["MeshMultiZoneService", "MultiZonePort", "MultiZoneSelector"]
