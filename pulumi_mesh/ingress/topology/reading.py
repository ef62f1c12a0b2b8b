"""Reading the parts of a mesh's edge from documents; what is not known yet counts as absent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from pulumi_mesh.ingress.topology.backends import backends
from pulumi_mesh.ingress.topology.edge import (
    ANY,
    ZONE,
    Gateway,
    Listener,
    Outbound,
    Protocol,
    Proxy,
    Route,
    Tags,
    matches,
)
from pulumi_mesh.kinds.mesh_gateway import MODES, PROTOCOLS
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig, parts, table, values
from pulumi_mesh.schema.tags import SERVICE
from pulumi_mesh.schema.wire import named

EFFECT = "kuma.io/effect"
"""The label of a policy that is looked at and not followed."""


def gateways(documents: Iterable[Document], builtin: Sequence[Proxy]) -> dict[str, Gateway]:
    """Read the MeshGateways of a mesh, and find out which of its builtin Dataplanes serve each."""
    mine = sorted(documents, key=lambda one: one.address.name)
    selectors = {
        one.address: tuple(text_tags(each, "match") for _, each in parts(one.body, "selectors")) for one in mine
    }
    served: dict[Address, list[Proxy]] = {address: [] for address in selectors}
    rivals: dict[Address, set[Address]] = {address: set() for address in selectors}
    for one in builtin:
        best = chosen(one, selectors)
        for address in best[:1]:
            served[address].append(one)
        for address in best:
            rivals[address] |= set(best) - {address}
    return {
        one.address.name: gateway(
            one, selectors[one.address], served[one.address], rivals[one.address], assumed=not builtin
        )
        for one in mine
    }


def chosen(proxy: Proxy, selectors: Mapping[Address, tuple[Tags, ...]]) -> list[Address]:
    """Return the MeshGateways that a Dataplane may serve: those that select it by the most tags, exact ones first.

    The control plane adds the zone to the tags of a proxy: one that does not say its zone is in the one that is meant.
    """
    ranks: dict[Address, tuple[int, int]] = {}
    for address, matching in selectors.items():
        hits = [
            match for match in (matching or ({},)) if any(within(match, one) for one in (*proxy.inbounds, proxy.tags))
        ]
        if hits:
            ranks[address] = max((len(match), sum(value != ANY for value in match.values())) for match in hits)
    best = max(ranks.values(), default=None)
    return [address for address, rank in ranks.items() if rank == best]


def within(match: Tags, tags: Tags) -> bool:
    """Tell whether tags hold everything that is asked for, the zone left out where they do not say it."""
    return matches({key: value for key, value in match.items() if key != ZONE or key in tags}, tags)


def gateway(
    document: Document,
    selectors: tuple[Tags, ...],
    proxies: Sequence[Proxy],
    rivals: Iterable[Address],
    *,
    assumed: bool,
) -> Gateway:
    """Read a MeshGateway."""
    assumed = assumed or not selectors
    supposed: dict[str, str] = {key: value for key, value in (selectors or ({},))[0].items() if value != ANY}
    below = [proxy.tags for proxy in proxies] or [supposed if assumed else {}]
    tags = text_tags(document.body, "tags")
    return Gateway(
        document.address,
        document,
        selectors,
        tags,
        tuple(listeners(document, [{**one, **tags} for one in below])),
        tuple(proxies),
        assumed and not proxies,
        tuple(sorted(rivals, key=str)),
    )


def listeners(gateway: Document, below: Sequence[Tags]) -> Iterator[Listener]:
    """Yield the listeners of a MeshGateway, above the tags that it has on its Dataplanes."""
    for index, said in enumerate(values(gateway.body, "conf.listeners")):
        own = text_tags(said, "tags")
        variants = unique([{**tags, **own} for tags in below])
        common = {key: value for key, value in variants[0].items() if all(one.get(key) == value for one in variants)}
        yield Listener(
            gateway.address,
            index,
            number(dig(said, "port")),
            protocol(dig(said, "protocol")),
            text(dig(said, "hostname")) or ANY,
            common,
            mode(dig(said, "tls")),
            tuple(name for _, one in parts(said, "tls.certificates") if (name := text(one.get("secret")))),
            dig(said, "crossMesh") is True,
            tuple(variants) if len(variants) > 1 else (),
        )


def protocol(said: Any) -> Protocol:
    """Read a protocol, by name or by number."""
    name = named(PROTOCOLS, said)
    return name if name in ("HTTP", "HTTPS", "TCP", "TLS") else ""


def mode(tls: Any) -> str:
    """Read what a listener does with TLS."""
    said = text(named(MODES, dig(tls, "mode")))
    return "" if said == "NONE" else said


def proxy(document: Document) -> Proxy:
    """Read a Dataplane."""
    body = document.body
    said = dig(body, "networking.gateway")
    role = "SIDECAR" if said is None else "BUILTIN" if dig(said, "type") in ("BUILTIN", 1) else "DELEGATED"
    outbounds = (
        Outbound(
            document.address,
            index,
            text(dig(one, "address")) or "127.0.0.1",
            number(dig(one, "port")),
            text_tags(one, "tags"),
            table(one, "backendRef") or None,
        )
        for index, one in enumerate(values(body, "networking.outbound"))
    )
    inbounds = tuple(text_tags(one, "tags") for _, one in parts(body, "networking.inbound"))
    host = text(dig(body, "networking.address"))
    return Proxy(document.address, document, role, host, text_tags(said, "tags"), inbounds, tuple(outbounds))


def route(document: Document) -> Route:
    """Read a route."""
    body, kind = document.body, document.address.kind
    if kind == "MeshGatewayRoute":
        selectors = tuple(text_tags(one, "match") for _, one in parts(body, "selectors"))
        speaks: Literal["http", "tcp"] = "tcp" if dig(body, "conf.tcp") is not None else "http"
        return Route(document.address, document, speaks, "", selectors, tuple(backends(document)))
    target, selectors = targeted(table(body, "spec.targetRef"))
    if document.labels.get(EFFECT) == "shadow":
        selectors = ()  # the control plane only tells what it would do
    speaks = "http" if kind == "MeshHTTPRoute" else "tcp"
    return Route(document.address, document, speaks, target, selectors, tuple(backends(document)))


def targeted(ref: Mapping[str, Any]) -> tuple[str, tuple[Tags, ...]]:
    """Return the gateway that a targetRef names, and the tags of listeners that it asks for.

    A route for the whole mesh is for its gateways, too, unless `proxyTypes` says otherwise; one for a service is for
    the gateway that has its tag.
    """
    kind, name, tags = ref.get("kind", "Mesh"), text(ref.get("name")), text_tags(ref, "tags")
    if kind == "MeshGateway":
        return name, (tags,)
    if kind in ("Mesh", "MeshSubset"):
        types = values(ref, "proxyTypes")
        return "", (tags,) if not types or "Gateway" in types else ()
    if kind in ("MeshService", "MeshServiceSubset"):
        return "", ({SERVICE: name, **tags},)
    return "", ()


def text_tags(body: Any, path: str) -> dict[str, str]:
    """Return the tags at a path, without those that are not known yet."""
    return {str(key): value for key, value in table(body, path).items() if isinstance(value, str)}


def text(value: Any) -> str:
    """Return text, nothing where there is none or where it is not known yet."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int:
    """Return a number, 0 where there is none or where it is not known yet."""
    return int(value) if isinstance(value, (int, float)) else 0


def unique(tags: Sequence[Tags]) -> list[Tags]:
    """Return each of some tags once, in order."""
    return [one for index, one in enumerate(tags) if one not in tags[:index]]
