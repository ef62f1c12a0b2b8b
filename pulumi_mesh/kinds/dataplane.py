"""Dataplane: one proxy, what it takes in, what it sends out, and whether it is a gateway."""

from typing import Literal

from pulumi_mesh.kinds.dataplane_rules import (
    admin,
    inbounds,
    listeners,
    metrics,
    networking,
    outbounds,
    probes,
    reachable,
    workload,
)
from pulumi_mesh.kinds.mesh_telemetry import ProxyMetrics
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import PROXY
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Str, Uint32
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, Table, field

ZONE = "kuma.io/zone"
GATEWAYS = {"DELEGATED": 0, "BUILTIN": 1}
STATES = {"Ready": 0, "NotReady": 1, "Ignored": 2}
FAMILIES = {"UnSpecified": 0, "DualStack": 1, "IPv4": 2, "IPv6": 3}
ROLES = {"Unspecified": 0, "ZoneIngress": 1, "ZoneEgress": 2}


class TcpProbe(Model):
    """A probe that opens a connection."""


class ServiceProbe(Model):
    """How the proxy finds out whether the service beside it is well."""

    interval: One[Duration | None] = field(default=None, presence=True, doc="The time between two probes.")
    timeout: One[Duration | None] = field(default=None, presence=True, doc="How long an answer may take.")
    unhealthy_threshold: One[Uint32 | None] = field(
        proto=True, default=None, presence=True, doc="How many probes in a row must fail."
    )
    healthy_threshold: One[Uint32 | None] = field(
        proto=True, default=None, presence=True, doc="How many probes in a row must succeed."
    )
    tcp: Part[TcpProbe | None] = field(default=None, presence=True, doc="By opening a connection.")


class Health(Model):
    """Whether a service is well."""

    ready: One[Bool | None] = field(default=None, doc="Whether it takes traffic.")


class Inbound(Model):
    """A service behind the proxy."""

    port: One[Uint32] = field(doc="The port on which the proxy takes traffic, 1 to 65535.")
    service_port: One[Uint32 | None] = field(default=None, doc="The port of the service; `port`, if absent.")
    service_address: One[Str | None] = field(default=None, doc="The IP address of the service; `address`, if absent.")
    address: One[Str | None] = field(
        default=None, doc="The IP address on which the proxy takes traffic; that of the proxy, if absent."
    )
    tags: Table[Str] = field(
        default=None,
        fills_keys=(ZONE,),
        doc="Tags of the service, `kuma.io/service` among them; needed up to Kuma 2.13.",
    )
    name: One[Str | None] = field(default=None, doc="A name of the port, for MeshServices.")
    protocol: One[Str | None] = field(
        default=None, since="2.14", doc="What is spoken: `grpc`, `http`, `http2`, `kafka`, `tcp`."
    )
    service_probe: Part[ServiceProbe | None] = field(
        default=None, presence=True, doc="How the proxy finds out whether the service is well."
    )
    health: Part[Health | None] = field(default=None, owned=True, doc="Whether the service is well.")
    state: One[Literal["Ready", "NotReady", "Ignored"] | None] = field(
        default=None, enum=STATES, owned=True, doc="Whether the inbound takes traffic; `Ready`, if absent."
    )


class OutboundRef(Model):
    """A service that the proxy sends traffic to."""

    kind: One[Str] = field(doc="Its kind: `MeshService`, `MeshExternalService`, `MeshMultiZoneService`.")
    name: One[Str | None] = field(default=None, doc="Its name.")
    port: One[Uint32 | None] = field(default=None, doc="Its port; a MeshExternalService needs none.")
    labels: Table[Str] = field(default=None, doc="Labels that it has, instead of its name.")


class Outbound(Model):
    """A service that the proxy makes reachable, where traffic is not redirected to it."""

    port: One[Uint32] = field(doc="The port on which it is reachable, 1 to 65535.")
    address: One[Str | None] = field(default=None, doc="The IP address on which it is reachable; 127.0.0.1, if absent.")
    tags: Table[Str] = field(default=None, doc="Tags of the service, `kuma.io/service` among them.")
    backend_ref: Part[OutboundRef | None] = field(default=None, doc="The service as an object, instead of tags.")


class ProxyGateway(Model):
    """The gateway that a proxy is, or stands beside."""

    type: One[Literal["DELEGATED", "BUILTIN"] | None] = field(
        default=None,
        enum=GATEWAYS,
        doc="Whether the proxy is the gateway (`BUILTIN`), or stands beside one such as Kong; `DELEGATED`, if absent.",
    )
    tags: Table[Str] = field(default=None, fills_keys=(ZONE,), doc="Tags of the gateway, `kuma.io/service` among them.")


class ReachableBackend(Model):
    """Services that the proxy sends traffic to."""

    kind: One[Str] = field(doc="Their kind: `MeshService`, `MeshExternalService`, `MeshMultiZoneService`.")
    name: One[Str | None] = field(default=None, doc="The name of one.")
    namespace: One[Str | None] = field(default=None, doc="Its namespace, on Kubernetes.")
    port: One[Uint32 | None] = field(default=None, presence=True, doc="Its port; all its ports, if absent.")
    labels: Table[Str] = field(default=None, doc="Labels that they have, instead of a name.")


class ReachableBackends(Model):
    """Which services the proxy sends traffic to."""

    refs: Parts[ReachableBackend] = field(default=None, unordered=True, doc="The services.")


class TransparentProxying(Model):
    """How traffic of the service is redirected to the proxy."""

    redirect_port_inbound: One[Uint32 | None] = field(
        proto=True, default=None, doc="The port to which incoming traffic goes."
    )
    redirect_port_outbound: One[Uint32 | None] = field(
        proto=True, default=None, doc="The port to which outgoing traffic goes."
    )
    direct_access_services: Many[Str] = field(
        proto=True, default=None, unordered=True, doc="Services that are reached by IP address and port, `*` for all."
    )
    reachable_services: Many[Str] = field(
        proto=True, default=None, unordered=True, doc="Services by tag that the proxy sends traffic to; all, if absent."
    )
    reachable_backends: Part[ReachableBackends | None] = field(
        proto=True, default=None, presence=True, doc="Services that the proxy sends traffic to; all, if absent."
    )
    ip_family_mode: One[Literal["DualStack", "IPv4", "IPv6", "UnSpecified"] | None] = field(
        proto=True, default=None, enum=FAMILIES, doc="Which versions of IP are redirected; both, if absent."
    )


class Admin(Model):
    """Envoy's own interface."""

    port: One[Uint32 | None] = field(default=None, doc="Its port; that of the control plane's bootstrap, if absent.")


class ZoneListener(Model):
    """A port for traffic between zones, or out of the mesh."""

    type: One[Literal["ZoneIngress", "ZoneEgress", "Unspecified"]] = field(
        enum=ROLES, doc="Whether traffic comes from other zones, or leaves the mesh."
    )
    address: One[Str] = field(doc="The IP address or DNS name on which it listens.")
    port: One[Uint32] = field(doc="The port on which it listens, 1 to 65535.")
    name: One[Str | None] = field(
        default=None, doc="Its name, unique among inbounds and listeners; the port, if absent."
    )
    state: One[Literal["Ready", "NotReady"] | None] = field(
        default=None, enum={"Ready": 0, "NotReady": 1}, owned=True, doc="Whether it takes traffic; `Ready`, if absent."
    )


class Networking(Model):
    """What a proxy takes in and sends out."""

    address: One[Str] = field(doc="The IP address or DNS name by which others reach the proxy.")
    advertised_address: One[Str | None] = field(
        default=None, doc="Another address by which they reach it, where `address` is private."
    )
    gateway: Part[ProxyGateway | None] = field(
        default=None, presence=True, doc="The gateway that it is, or stands beside."
    )
    inbound: Parts[Inbound] = field(default=None, key=("port",), doc="Services behind it.")
    outbound: Parts[Outbound] = field(default=None, key=("address", "port"), doc="Services that it makes reachable.")
    transparent_proxying: Part[TransparentProxying | None] = field(
        proto=True, default=None, presence=True, doc="How traffic of the service is redirected to it."
    )
    admin: Part[Admin | None] = field(default=None, doc="Envoy's own interface.")
    listeners: Parts[ZoneListener] = field(
        default=None, since="2.14", key=("address", "port"), doc="Ports for traffic between zones, or out of the mesh."
    )


class ProbeEndpoint(Model):
    """A path that can be asked without mTLS."""

    inbound_port: One[Uint32 | None] = field(proto=True, default=None, doc="The port of the service.")
    inbound_path: One[Str | None] = field(proto=True, default=None, doc="The path of the service.")
    path: One[Str | None] = field(default=None, doc="The path at which it is exposed.")


class Probes(Model):
    """Paths that can be asked without mTLS, on a port of their own."""

    port: One[Uint32 | None] = field(default=None, doc="The port.")
    endpoints: Parts[ProbeEndpoint] = field(default=None, doc="The paths.")


class Dataplane(
    MeshScoped,
    kind=Kind(
        path="dataplanes",
        shape="legacy",
        short="dp",
        written_on=frozenset({"zone"}),
        rules=(admin, networking, inbounds, outbounds, reachable, probes, metrics, listeners, workload),
        grave=PROXY,
    ),
):
    """A proxy: the sidecar of a service, a gateway, or the companion of one.

    The control plane deletes the Dataplane of a proxy that has not been seen for three days, and kuma-dp overwrites
    and deletes the one that it is started with as a file: start it with `--name` and `--mesh` for one that is managed.

    Source: https://kuma.io/docs/latest/production/dp-config/dpp/
    """

    networking: Part[Networking] = field(doc="What it takes in and sends out.")
    metrics: Part[ProxyMetrics | None] = field(
        default=None, doc="How it exposes metrics, where that differs from its mesh."
    )
    probes: Part[Probes | None] = field(
        default=None,
        presence=True,
        doc="Paths that can be asked without mTLS.",
        deprecated="the application probe proxy of kuma-dp",
    )
