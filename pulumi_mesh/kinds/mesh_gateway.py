"""MeshGateway: a gateway at the edge of a mesh, and what it listens on."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pulumi

from pulumi_mesh.resource import Awaited
from pulumi_mesh.schema.grave import GATEWAY, LISTENER, Grave
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, DataSource, Int, Str, TargetRef, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.selectors import Selector
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Refs, Table, field
from pulumi_mesh.schema.tags import PORT, hostname, selector_tags, tag_keys

PROTOCOLS = {"NONE": 0, "TCP": 1, "TLS": 3, "HTTP": 4, "HTTPS": 5}
MODES = {"NONE": 0, "TERMINATE": 1, "PASSTHROUGH": 2}


class TlsOptions(Model):
    """Reserved by Kuma."""


class Tls(Model):
    """How a listener handles TLS."""

    mode: One[Literal["TERMINATE", "PASSTHROUGH", "NONE"] | None] = field(
        default="TERMINATE", enum=MODES, doc="Whether TLS ends at the gateway or passes through it."
    )
    certificates: Refs[DataSource] = field(
        default=None,
        doc="One or two certificates (one RSA, one ECDSA), each the name of a Secret with certificate and key.",
    )
    options: Part[TlsOptions | None] = field(default=None, doc="Reserved by Kuma.")


class ListenerResources(Model):
    """Limits of a listener."""

    connection_limit: One[Uint32 | None] = field(
        proto=True, default=None, doc="The most connections that may be open at a time."
    )


class Listener(Model):
    """A port that a gateway listens on, and a hostname that it answers to there."""

    port: One[Int] = field(doc="The port, 1 to 65535.")
    protocol: One[Literal["HTTP", "HTTPS", "TCP", "TLS", "NONE"]] = field(enum=PROTOCOLS, doc="What is spoken on it.")
    hostname: One[Str | None] = field(
        default=None, doc="The host, `*.domain` for all below a domain; every host, if absent."
    )
    tls: Part[Tls | None] = field(default=None, doc="How TLS is handled; an HTTPS listener needs it.")
    tags: Table[Str] = field(default=None, doc="Tags that routes select the listener by.")
    cross_mesh: One[Bool | None] = field(
        default=None, doc="Whether other meshes reach the gateway here; HTTP only, without TLS."
    )
    resources: Part[ListenerResources | None] = field(default=None, doc="Limits.")


RESERVED = ("kuma.io/external-service-name", "kuma.io/protocol", "kuma.io/service", "kuma.io/zone")
LISTENERS = "conf.listeners"


def selected(gateway: Body, _: Release) -> Iterator[Violation]:
    """At least one selector, each with a service; only one where a listener crosses meshes."""
    if not values(gateway, "selectors"):
        yield Violation("selectors", "must have at least one element")
    crossing = any(listener.get("crossMesh") for _, listener in parts(gateway, LISTENERS))
    for index, (path, selector) in enumerate(parts(gateway, "selectors")):
        yield from selector_tags(f"{path}.match", table(selector, "match"))
        if crossing and index > 0:
            yield Violation(path, "there can be at most one selector")


def reserved_tags(gateway: Body, _: Release) -> Iterator[Violation]:
    """The control plane's own tags are not for gateways and listeners."""
    yield from tag_keys("tags", table(gateway, "tags"), RESERVED)
    for path, listener in parts(gateway, LISTENERS):
        yield from tag_keys(f"{path}.tags", table(listener, "tags"), RESERVED)


def listeners(gateway: Body, _: Release) -> Iterator[Violation]:
    """Each listener by itself."""
    if dig(gateway, "conf") is None:
        yield Violation("conf", "cannot be empty")
    elif not values(gateway, LISTENERS):
        yield Violation(LISTENERS, "cannot be empty")
    for path, listener in parts(gateway, LISTENERS):
        yield from hostname(f"{path}.hostname", str(listener.get("hostname") or ""))
        if not 1 <= int(listener.get("port") or 0) <= 65535:
            yield Violation(f"{path}.port", PORT)
        protocol = listener.get("protocol") or "NONE"
        if protocol in ("NONE", 0):
            yield Violation(f"{path}.protocol", "cannot be empty")
        elif protocol == "HTTPS" and listener.get("crossMesh"):
            yield Violation(f"{path}.protocol", "protocol is not supported with crossMesh")
        yield from tls(path, listener, str(protocol))


def tls(path: str, listener: Mapping[str, Any], protocol: str) -> Iterator[Violation]:
    """TLS where it is needed, none where a listener crosses meshes."""
    said = listener.get("tls")
    mode, certificates = dig(said, "mode") or "NONE", values(said, "certificates")
    if listener.get("crossMesh"):
        if mode != "NONE" or certificates:
            yield Violation(f"{path}.tls", "must be empty with crossMesh")
        return
    if said is None:
        if protocol == "HTTPS":
            yield Violation(f"{path}.tls", "cannot be empty")
        return
    if mode == "PASSTHROUGH" and protocol == "HTTPS":
        yield Violation(f"{path}.tls.mode", "mode is not supported on HTTPS listeners")
    if mode == "NONE":
        yield Violation(f"{path}.tls.mode", "cannot be empty")
    if mode == "TERMINATE" and not certificates:
        yield Violation(f"{path}.tls.certificates", "cannot be empty in TLS termination mode")
    if mode == "TERMINATE" and len(certificates) > 2:
        yield Violation(f"{path}.tls.certificates", "cannot have more than 2 certificates")


def conflicts(gateway: Body, _: Release) -> Iterator[Violation]:
    """Listeners of one port: one protocol, each hostname once, one connection limit."""
    by_port: dict[int, list[tuple[str, Body]]] = {}
    for path, listener in parts(gateway, LISTENERS):
        by_port.setdefault(int(listener.get("port") or 0), []).append((path, listener))
    for shared in by_port.values():
        if len({listener.get("protocol") for _, listener in shared}) > 1:
            yield from (Violation(path, "protocol conflicts with other listeners on this port") for path, _ in shared)
        hosts = [listener.get("hostname") or "*" for _, listener in shared]
        yield from (
            Violation(path, "multiple listeners for hostname on this port")
            for (path, _), host in zip(shared, hosts, strict=True)
            if hosts.count(host) > 1
        )
        limits = [dig(listener, "resources.connectionLimit") for _, listener in shared]
        if len({limit for limit in limits if limit}) > 1:
            yield from (
                Violation(f"{path}.resources.connectionLimit", "conflicting values for this port")
                for (path, _), limit in zip(shared, limits, strict=True)
                if limit
            )


class MeshGateway(
    Awaited,
    kind=Kind(
        path="meshgateways",
        shape="legacy",
        gathers=LISTENERS,
        short="mgw",
        rules=(selected, reserved_tags, listeners, conflicts),
        grave=GATEWAY,
        grave_at={"conf.listeners": LISTENER, "selectors": Grave("high", "which proxies serve it")},
    ),
):
    """A gateway at the edge of a mesh: which proxies serve it, and what they listen on.

    Source: https://kuma.io/docs/latest/using-mesh/managing-ingress-traffic/builtin-listeners/
    """

    selectors: Parts[Selector] = field(
        doc="Which proxies serve the gateway; one selector where a listener crosses meshes."
    )
    listeners: Parts[Listener] = field(
        default=None,
        wire=LISTENERS,
        key=("port", "protocol", "hostname"),
        doc="What it listens on. Without listeners the gateway is made of `GatewayListener` resources.",
    )
    tags: Table[Str] = field(default=None, doc="Tags that routes select all its listeners by.")

    def ref(self, **tags: pulumi.Input[str]) -> TargetRef:
        """Refer to the gateway, or to those of its listeners that have these tags: `edge.ref(port="http")`."""
        return TargetRef(kind="MeshGateway", name=self.name, tags=tags or None)
