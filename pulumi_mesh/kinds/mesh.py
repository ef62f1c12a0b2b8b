"""Mesh: a group of services under one set of rules, and who issues their certificates."""

from collections.abc import Iterator
from typing import Literal

from pulumi_mesh.kinds.mesh_ca import CaBackend, authorities, mtls
from pulumi_mesh.kinds.mesh_telemetry import Logging, Metrics, Tracing, logging, metrics, tracing
from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import MESH, MTLS, OTHER, PERMISSION, TOLD, WAY_OUT, Grave
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, Table, field
from pulumi_mesh.schema.tags import selector_tags

MODES = {"Disabled": 0, "Everywhere": 1, "ReachableBackends": 2, "Exclusive": 3}


class Mtls(Model):
    """Who issues the certificates by which the proxies of a mesh know each other."""

    enabled_backend: One[Str | None] = field(
        default=None, doc="The name of the CA that is in use; traffic is not encrypted, if absent."
    )
    backends: Parts[CaBackend] = field(default=None, key=("name",), doc="The CA; Kuma takes one.")
    skip_validation: One[Bool | None] = field(
        default=None,
        doc="Whether a CA is taken unseen, for example before its Secrets are there; false, if absent.",
    )


class Routing(Model):
    """How traffic leaves the zone."""

    locality_aware_load_balancing: One[Bool | None] = field(
        default=None, doc="Whether endpoints in the same zone come first; false, if absent."
    )
    zone_egress: One[Bool | None] = field(
        default=None, doc="Whether traffic to other zones and external services goes through ZoneEgress; needs mTLS."
    )
    default_forbid_mesh_external_service_access: One[Bool | None] = field(
        default=None, doc="Whether MeshExternalServices are closed until a policy opens them; false, if absent."
    )


class MeshOutbound(Model):
    """What applies to all outgoing traffic."""

    passthrough: One[Bool | None] = field(
        default=None, presence=True, doc="Whether destinations outside of the mesh can be reached; true, if absent."
    )


class MeshNetworking(Model):
    """What applies to the network of a mesh."""

    outbound: Part[MeshOutbound | None] = field(default=None, doc="Outgoing traffic.")


class MembershipRule(Model):
    """Tags of proxies."""

    tags: Table[Str] = field(default=None, doc="Tags that a proxy has; `*` stands for any value.")


class Membership(Model):
    """Which proxies may join a mesh."""

    requirements: Parts[MembershipRule] = field(
        default=None, unordered=True, doc="A proxy must fulfil one of them; all may join, if absent."
    )
    restrictions: Parts[MembershipRule] = field(
        default=None, unordered=True, doc="A proxy must fulfil none of them; they go before the requirements."
    )


class Constraints(Model):
    """What must be true of all that is in a mesh."""

    dataplane_proxy: Part[Membership | None] = field(default=None, doc="Which proxies may join.")


class MeshServices(Model):
    """Whether services are MeshService objects or only values of the tag `kuma.io/service`."""

    mode: One[Literal["Disabled", "Everywhere", "ReachableBackends", "Exclusive"] | None] = field(
        default=None,
        enum=MODES,
        doc="Where MeshServices are generated and used; `Exclusive`: services by tag are not used at all.",
    )


def constraints(mesh: Body, _: Release) -> Iterator[Violation]:
    """Each rule of membership has a tag."""
    for side in ("requirements", "restrictions"):
        for path, rule in parts(mesh, f"constraints.dataplaneProxy.{side}"):
            yield from selector_tags(f"{path}.tags", table(rule, "tags"), required=())


def egress(mesh: Body, _: Release) -> Iterator[Violation]:
    """Traffic through ZoneEgress is encrypted."""
    if dig(mesh, "routing.zoneEgress") and not dig(mesh, "mtls.enabledBackend"):
        yield Violation("mtls", "has to be set when zoneEgress enabled")


FIRST = (mtls, logging, tracing, metrics, constraints, egress)


def afterwards(mesh: Body, release: Release) -> Iterator[Violation]:
    """What the control plane looks at where it has nothing else to say: each CA, and the name, a part of other names."""
    if any(True for rule in FIRST for _ in rule(mesh, release)):
        return
    if len(str(mesh.get("name") or "").encode()) > 63:
        yield Violation("name", "cannot be longer than 63 characters")
    yield from authorities(mesh)


class Mesh(
    Resource,
    kind=Kind(
        path="meshes",
        shape="legacy",
        scope="global",
        short="m",
        written_on=frozenset({"global"}),
        rules=(*FIRST, afterwards),
        grave=MESH,
        grave_at={
            "mtls": MTLS,
            "constraints": PERMISSION,
            "networking": WAY_OUT,
            "routing": WAY_OUT,
            "metrics": TOLD,
            "logging": TOLD,
            "tracing": TOLD,
            "skipCreatingInitialPolicies": Grave("low", "read only when a mesh is made"),
            "": OTHER,
        },
    ),
):
    """A group of services under one set of rules; every other object lives in one.

    Source: https://kuma.io/docs/latest/production/mesh/
    """

    mtls: Part[Mtls | None] = field(default=None, doc="Encryption between proxies.")
    tracing: Part[Tracing | None] = field(default=None, doc="Where TrafficTrace sends traces.")
    logging: Part[Logging | None] = field(default=None, doc="Where TrafficLog sends access logs.")
    metrics: Part[Metrics | None] = field(default=None, doc="How metrics of proxies are exposed.")
    networking: Part[MeshNetworking | None] = field(default=None, doc="What applies to the network.")
    routing: Part[Routing | None] = field(default=None, doc="How traffic leaves the zone.")
    constraints: Part[Constraints | None] = field(default=None, doc="Who may join.")
    skip_creating_initial_policies: Many[Str] = field(
        default=None,
        unordered=True,
        doc="Kinds of policies that a new mesh does not begin with, `*` for none at all; read only at creation.",
    )
    mesh_services: Part[MeshServices | None] = field(default=None, doc="Whether services are MeshService objects.")
