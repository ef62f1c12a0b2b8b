"""The parts of a mesh's edge: gateways and their listeners, proxies and their outbounds, routes. Values, nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pulumi_mesh.ingress.topology.backends import Backend
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address

MESH = "kuma.io/mesh"
ZONE = "kuma.io/zone"
ANY = "*"
"""The hostname of a listener for every host, and the value of a selector for every value."""
Tags = Mapping[str, str]
Protocol = Literal["HTTP", "HTTPS", "TCP", "TLS", ""]
SPEAKS: Mapping[str, tuple[str, ...]] = {"http": ("HTTP", "HTTPS"), "tcp": ("TCP", "TLS")}
"""The protocols of the listeners that a route for requests, or for connections, does anything on."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener of a gateway, as its proxies have it."""

    gateway: Address
    index: int
    """Its place in `conf.listeners`."""
    port: int
    """The port; 0 where it is not known."""
    protocol: Protocol
    hostname: str
    """The host, `*.domain`, or `*` where every host is meant."""
    tags: Tags
    """What routes select it by: tags of the Dataplane, the MeshGateway and its own, the latter winning."""
    tls_mode: str
    """`TERMINATE`, `PASSTHROUGH`, or nothing."""
    secrets: tuple[str, ...]
    """The names of the Secrets with its certificates."""
    cross_mesh: bool
    variants: tuple[Tags, ...] = ()
    """Its tags on each of its Dataplanes, where those differ: then `tags` holds what they have in common."""

    @property
    def path(self) -> str:
        """Its path in the MeshGateway."""
        return f"conf.listeners[{self.index}]"

    @property
    def label(self) -> str:
        """Port, protocol and hostname: `8443 HTTPS shop.example`."""
        return f"{self.port or '?'} {self.protocol or '?'} {self.hostname}"

    @property
    def speaks(self) -> Literal["http", "tcp"]:
        """Whether it takes requests or connections."""
        return "http" if self.protocol in SPEAKS["http"] else "tcp"

    @property
    def url(self) -> str:
        """The URL by which clients reach it, where it has one host and takes requests; nothing otherwise."""
        host = self.hostname
        if self.cross_mesh and host == ANY:
            host = f"internal.{self.gateway.name}.{self.gateway.mesh}.mesh"
        if self.speaks == "tcp" or host.startswith(ANY):
            return ""
        scheme, standard = ("https", 443) if self.protocol == "HTTPS" else ("http", 80)
        return f"{scheme}://{host}" + ("" if self.port == standard else f":{self.port}")

    def selected(self, match: Tags) -> bool:
        """Tell whether tags that are asked for are there, on any of its Dataplanes."""
        return any(matches(match, tags) for tags in (self.variants or (self.tags,)))


@dataclass(frozen=True, slots=True)
class Outbound:
    """An outbound of a Dataplane: where its service sends traffic to."""

    dataplane: Address
    index: int
    """Its place in `networking.outbound`."""
    address: str
    port: int
    tags: Tags
    backend: Mapping[str, Any] | None
    """The object that it names instead of tags."""

    @property
    def path(self) -> str:
        """Its path in the Dataplane."""
        return f"networking.outbound[{self.index}]"

    @property
    def mesh(self) -> str:
        """The mesh that it leads to."""
        return self.tags.get(MESH, self.dataplane.mesh or "")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A Dataplane."""

    address: Address
    document: Document
    role: Literal["BUILTIN", "DELEGATED", "SIDECAR"]
    host: str
    """The address that others reach it by."""
    tags: Tags
    """The tags of the gateway that it is or stands beside; none of a sidecar."""
    inbounds: tuple[Tags, ...]
    """The tags of each inbound."""
    outbounds: tuple[Outbound, ...]


@dataclass(frozen=True, slots=True)
class Gateway:
    """A MeshGateway, the proxies that serve it, and its listeners on them."""

    address: Address
    document: Document
    selectors: tuple[Tags, ...]
    tags: Tags
    listeners: tuple[Listener, ...]
    proxies: tuple[Proxy, ...]
    """The builtin Dataplanes that serve it: those whose tags no MeshGateway selects by more of them."""
    assumed: bool
    """Whether the mesh has no builtin Dataplane, so that one with the tags of the first selector is taken to serve it."""
    rivals: tuple[Address, ...] = ()
    """MeshGateways that select one of its Dataplanes by as many tags: the one that was created last serves it."""

    @property
    def served(self) -> bool:
        """Whether anything listens."""
        return bool(self.proxies) or self.assumed


@dataclass(frozen=True, slots=True)
class Route:
    """A MeshHTTPRoute, MeshTCPRoute or MeshGatewayRoute."""

    address: Address
    document: Document
    speaks: Literal["http", "tcp"]
    target: str
    """The name of the MeshGateway that it is about; nothing for other targets and for a MeshGatewayRoute."""
    selectors: tuple[Tags, ...]
    """Tags of listeners; one of these must match."""
    backends: tuple[Backend, ...]
    """Everything that it sends traffic or copies to."""

    def selects(self, listener: Listener) -> bool:
        """Tell whether it is about a listener by name and tags, whatever that speaks."""
        if self.address.mesh != listener.gateway.mesh or (self.target and self.target != listener.gateway.name):
            return False
        return any(listener.selected(match) for match in self.selectors)

    def attached(self, listener: Listener) -> bool:
        """Tell whether it does anything on a listener: it selects it, and the listener speaks its protocol."""
        return self.selects(listener) and listener.protocol in SPEAKS[self.speaks]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A way into a mesh: an outbound of a Dataplane that leads to a listener which crosses meshes."""

    outbound: Outbound
    gateway: Gateway
    listener: Listener | None
    """The first listener that it reaches; nothing where none crosses meshes, or has the tags that are asked for."""


def matches(match: Tags, tags: Tags) -> bool:
    """Tell whether tags hold everything that is asked for; `*` is any value."""
    return all(key in tags and value in (ANY, tags[key]) for key, value in match.items())
