"""MeshService: a service of the mesh, which proxies it is made of and what it listens on."""

from collections.abc import Iterator
from typing import Annotated, Literal

import pulumi
from annotated_types import Ge, Le

from pulumi_mesh.kinds.service_names import at_most, conforms, named_by
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import DESTINATION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import BackendRef, Form, Int, IntOrStr, LabelSelector, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Table, field

Port = Annotated[Int, Ge(-(2**31)), Le(2**32 - 1)]
"""A port of a service, whose range Kuma does not check beyond that of its type."""
Spoken = Annotated[Str, Form("protocol", lambda said: said or "tcp", lambda said: said, lambda said: said)]
"""A protocol; Kuma keeps an empty one, and takes it for TCP."""
SIGNED = Release(2, 12)
"""The release since which ports of services are numbers with a sign."""


def unnamed(_: Body) -> str:
    """Return what the control plane, not its schema, writes where there is no name."""
    return ""


class DataplaneRef(Model):
    """One proxy."""

    name: One[Str | None] = field(default=None, fills=unnamed, doc="Its name.")


class ServiceSelector(Model):
    """Which proxies a service is made of; nothing is selected, if empty."""

    dataplane_tags: Table[Str] = field(default=None, doc="Tags that an inbound of them has.")
    dataplane_ref: Part[DataplaneRef | None] = field(default=None, presence=True, doc="One proxy by its name.")
    dataplane_labels: Part[LabelSelector | None] = field(
        default=None, presence=True, since="2.14", doc="Labels that they have."
    )


class ServicePort(Model):
    """What a service listens on."""

    port: One[Port] = field(doc="The port on which clients reach it.")
    target_port: One[IntOrStr | None] = field(
        default=None, fills=0, doc="The port of the proxies, or the name of an inbound; the same, if absent."
    )
    name: One[Str | None] = field(
        default=None, fills=unnamed, doc="Its name, for `section_name`; the number, if absent."
    )
    app_protocol: One[Spoken | None] = field(
        default=None, fills="tcp", doc="What is spoken: `grpc`, `http`, `http2`, `kafka`, `tcp`; `tcp`, if absent."
    )


class ServiceIdentity(Model):
    """How proxies of the service prove who they are."""

    type: One[Literal["ServiceTag", "SpiffeID"]] = field(doc="What the value is; `SpiffeID` since Kuma 2.12.")
    value: One[Str] = field(doc="The value of the tag `kuma.io/service`, or a SPIFFE ID.")


def number(path: str, value: object, release: Release) -> Iterator[Violation]:
    """A port is of the type that the release has for it."""
    if isinstance(value, int) and not (-(2**31) <= value < 2**31 if release >= SIGNED else 0 <= value < 2**32):
        yield Violation(path, f"must be a whole number of 32 bits, {'with' if release >= SIGNED else 'without'} a sign")


def ports(service: Body, release: Release) -> Iterator[Violation]:
    """Each port is a number that the control plane can hold."""
    for path, port in parts(service, "spec.ports"):
        yield from number(f"{path}.port", port.get("port"), release)


def identities(service: Body, release: Release) -> Iterator[Violation]:
    """SPIFFE IDs came with MeshIdentity."""
    for path, identity in parts(service, "spec.identities"):
        if identity.get("type") == "SpiffeID" and release < (2, 12):
            yield Violation(f"{path}.type", "in body should be one of [ServiceTag]")


def selector(service: Body, release: Release) -> Iterator[Violation]:
    """Proxies are selected in one way."""
    ways = ("dataplaneTags", "dataplaneRef", "dataplaneLabels")
    if release >= (2, 14) and sum(dig(service, f"spec.selector.{way}") is not None for way in ways) > 1:
        yield Violation("spec.selector", "must specify only one of: dataplaneTags, dataplaneRef, or dataplaneLabels")


def sections(service: Body) -> Iterator[str]:
    """Yield the names of the ports."""
    for _, port in parts(service, "spec.ports"):
        name = port.get("name")
        yield str(int(port.get("port") or 0)) if name is None else str(name)


class MeshService(
    MeshScoped,
    kind=Kind(
        path="meshservices",
        shape="spec",
        short="msvc",
        status="2.10",
        written_on=frozenset({"zone"}),
        rules=(at_most(63), ports, identities, selector),
        warnings=(conforms("MeshService"), named_by("MeshService", sections)),
        grave=DESTINATION,
    ),
):
    """A service of the mesh: which proxies it is made of, and what it listens on.

    Where `Mesh.mesh_services` is not `Disabled`, the control plane makes one of each service by itself, too.

    Source: https://kuma.io/docs/latest/networking/meshservice/
    """

    selector: Part[ServiceSelector | None] = field(default=None, doc="Which proxies it is made of.")
    ports: Parts[ServicePort] = field(default=None, key=("port",), doc="What it listens on.")
    state: One[Literal["Available", "Unavailable"] | None] = field(
        default=None, fills="Unavailable", owned=True, doc="Whether a proxy of it is well; the control plane knows."
    )
    identities: Parts[ServiceIdentity] = field(
        default=None, owned=True, doc="How its proxies prove who they are; the control plane knows."
    )

    def ref(self, *, port: pulumi.Input[int] | None = None, weight: pulumi.Input[int] | None = None) -> BackendRef:
        """Refer to the service as a backend of a route: `api.ref(port=8080, weight=90)`."""
        return BackendRef(kind="MeshService", name=self.name, port=port, weight=weight)


__all__ = ["DataplaneRef", "MeshService", "ServiceIdentity", "ServicePort", "ServiceSelector"]
