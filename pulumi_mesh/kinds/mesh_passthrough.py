"""MeshPassthrough: which destinations outside of the mesh proxies may reach."""

import re
from collections.abc import Iterator
from typing import Literal

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.go import is_cidr, is_dns, is_ip
from pulumi_mesh.schema.grave import WAY_OUT
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str, TargetRef, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, parts
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import Place, top

TOP = Place(("Mesh", "MeshSubset", "Dataplane"))
HTTP = ("grpc", "http", "http2")
PARTIAL = re.compile(r"\*[^.]")


class PassthroughMatch(Model):
    """Destinations outside of the mesh."""

    type: One[Literal["Domain", "IP", "CIDR"]] = field(doc="What the value is.")
    value: One[Str] = field(doc="A domain (`*.example.com` is all below it), an IP address, or a range of addresses.")
    port: One[Uint32 | None] = field(default=None, doc="The port, 1 to 65535; any, if absent.")
    protocol: One[Literal["tcp", "tls", "grpc", "http", "http2", "mysql"] | None] = field(
        default=None,
        fills="tcp",
        doc="What is spoken: no tcp or mysql with a Domain, mysql with a port only; tcp, if absent.",
    )


class PassthroughConf(Model):
    """Which destinations may be reached."""

    passthrough_mode: One[Literal["All", "Matched", "None"] | None] = field(
        default=None, doc="All, none, or those that match; Matched, if absent."
    )
    append_match: Parts[PassthroughMatch] = field(
        default=None, key=("type", "value", "port", "protocol"), doc="Destinations that may be reached."
    )


def references(passthrough: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top."""
    yield from top(passthrough, release, TOP)


def protocol(match: Body) -> str:
    """Return what is spoken."""
    return str(match.get("protocol") or "tcp")


def ports(passthrough: Body, _: Release) -> Iterator[Violation]:
    """Ports are some; protocols of HTTP share theirs with nobody, and nothing is said twice."""
    spoken: dict[int, str] = {}
    seen: set[tuple[int, str, str]] = set()
    for at, match in parts(passthrough, "spec.default.appendMatch"):
        port, speaks, value = match.get("port"), protocol(match), str(match.get("value"))
        if port is None:
            if speaks == "mysql":
                yield Violation(f"{at}.port", "port must be defined for Mysql protocol")
            continue
        if not 1 <= port <= 65535:
            yield Violation(f"{at}.port", "port must be a valid (1-65535)")
        if spoken.get(port, speaks) != speaks and speaks in HTTP:
            yield Violation(
                f"{at}.port",
                "using the same port in multiple matches requires the same protocol for the following protocols:"
                f" [{' '.join(HTTP)}]",
            )
        else:
            spoken[port] = speaks
        if (port, speaks, value) in seen:
            yield Violation(f"{at}.value", f"value {value} is already defiend for this port and protocol")
        seen.add((port, speaks, value))


def destinations(passthrough: Body, release: Release) -> Iterator[Violation]:
    """Values are what their types say."""
    for at, match in parts(passthrough, "spec.default.appendMatch"):
        value = str(match.get("value", ""))
        if match.get("type") == "CIDR" and not is_cidr(value):
            yield Violation(f"{at}.value", "provided CIDR has incorrect value")
        if match.get("type") == "IP" and not is_ip(value):
            yield Violation(f"{at}.value", "provided IP has incorrect value")
        if match.get("type") == "Domain":
            yield from domain(at, match, value, release)


def domain(at: str, match: Body, value: str, release: Release) -> Iterator[Violation]:
    """A domain needs a protocol that names it, and a wildcard stands for a whole part of it."""
    speaks = protocol(match)
    if speaks in ("tcp", "mysql"):
        yield Violation(f"{at}.protocol", f"protocol {speaks} is not supported for a domain")
    if PARTIAL.match(value):
        yield Violation(f"{at}.value", "provided DNS has incorrect value, partial wildcard is currently not supported")
    if match.get("port") is None and value.startswith("*") and speaks in HTTP:
        yield Violation(f"{at}.port", "wildcard domains doesn't work for all ports and layer 7 protocol")
    name = value.removeprefix("*.") if release >= (2, 14) else value
    if not name.startswith("*") and not is_dns(name):
        yield Violation(f"{at}.value", "provided DNS has incorrect value")


class MeshPassthrough(
    MeshScoped,
    kind=Kind(
        path="meshpassthroughs",
        shape="spec",
        short="mp",
        policy=True,
        rules=(references, ports, destinations),
        grave=WAY_OUT,
    ),
):
    """Which destinations outside of the mesh proxies may reach.

    Source: https://kuma.io/docs/latest/policies/meshpassthrough/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies; those of the whole mesh, if absent.")
    default: Part[PassthroughConf | None] = field(default=None, doc="Which destinations.")


__all__ = ["MeshPassthrough", "PassthroughConf", "PassthroughMatch"]
