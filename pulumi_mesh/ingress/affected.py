"""Which proxies an object concerns: the control plane says it of what it holds, what is planned is matched against its proxies."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.topology.edge import Gateway, Proxy, matches
from pulumi_mesh.ingress.topology.reading import gateways, proxy, route, text, text_tags
from pulumi_mesh.provider.slot import Slot
from pulumi_mesh.provider.state import State
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address, Kind, kind_of
from pulumi_mesh.schema.release import NEWEST, Release
from pulumi_mesh.schema.rules import dig, table, values
from pulumi_mesh.schema.tags import SERVICE
from pulumi_mesh.sources.preview import Planned

SIDES = ("selectors", "sources", "destinations")
"""Where the older policies say by tags whom they are about."""
NARROWED = ("MeshService", "MeshServiceSubset")


@dataclass(frozen=True, slots=True)
class Concern:
    """One object, and the proxies that it concerns."""

    op: str
    """What a plan does to it; nothing where there is no plan."""
    address: Address
    urn: str | None
    proxies: tuple[Address, ...]
    by: str
    """Who says so: `control plane`, or `matching`."""


@dataclass
class Site:
    """The proxies of one mesh of a control plane."""

    control_plane: ControlPlane
    name: str

    @cached_property
    def proxies(self) -> dict[str, Proxy]:
        """Its Dataplanes."""
        return {one.address.name: proxy(one) for one in self.listed("Dataplane")}

    @cached_property
    def held(self) -> list[Document]:
        """Its MeshGateways."""
        return self.listed("MeshGateway")

    def gateways(self, planned: Iterable[Document] = ()) -> dict[str, Gateway]:
        """Return the MeshGateways with their proxies, those that are planned in the place of those that are held."""
        found = {one.address: one for one in (*self.held, *planned)}
        return gateways(found.values(), [one for one in self.proxies.values() if one.role == "BUILTIN"])

    def listed(self, name: str) -> list[Document]:
        """List the objects of a kind."""
        kind = kind_of(name)
        path = kind.collection(self.name)
        return [Document.found(kind, body) for body in self.control_plane.list(path, subject=f"Mesh/{self.name}")]


@dataclass
class Survey:
    """A control plane that is asked which proxies objects concern."""

    control_plane: ControlPlane
    sites: dict[str, Site] = field(default_factory=dict[str, Site])

    def site(self, mesh: str) -> Site:
        """Return a mesh, whose proxies are listed once."""
        return self.sites.setdefault(mesh, Site(self.control_plane, mesh))

    def of(self, kind: Kind, address: Address) -> Concern:
        """Return the proxies that an object of the control plane concerns; MeshError where it is not there."""
        body = self.control_plane.get(kind.url(address, self.release), subject=str(address))
        if body is None:
            raise MeshError(
                f"{address}: is not there; a plan says what concerns whom before it is: pulumi-mesh affected -"
            )
        return self.concern("", kind, address, None, [Document.found(kind, body)])

    def planned(self, step: Planned) -> Concern:
        """Return the proxies that a step of a plan concerns: those of the object as it is, and as it will be."""
        sides = [one for side in (step.old, step.new) if (one := document_of(side)) is not None]
        held = step.op != "create" or isinstance(step.new, Slot)  # the gateway of a new listener may be there
        return self.concern(step.op, step.kind, step.was, step.urn, sides, held=held)

    def concern(
        self, op: str, kind: Kind, address: Address, urn: str | None, sides: list[Document], *, held: bool = True
    ) -> Concern:
        """Ask the control plane about what it holds, and match what it cannot know."""
        mesh = address.name if address.kind == "Mesh" else address.mesh
        if mesh is None or mesh == "?":
            why = "lives outside of meshes" if mesh is None else "its mesh is not known yet"
            raise MeshError(f"{address}: {why}, so which proxies it concerns cannot be told")
        site, asked = self.site(mesh), self.asked(kind, address) if held else None
        found = set(asked or ())
        if asked is None or op in ("create", "update", "replace"):
            found |= matched(site, kind, address, sides)
        whole = tuple(Address("Dataplane", mesh, name) for name in sorted(found))
        return Concern(op, address, urn, whole, "matching" if asked is None else "control plane")

    def asked(self, kind: Kind, address: Address) -> list[str] | None:
        """Ask which proxies an object concerns; None where the control plane does not say it of such an object."""
        url = kind.url(address, self.release)
        if kind.name == "MeshGateway":
            status, body = self.control_plane.peek(f"{url}/dataplanes", subject=str(address))
            return [str(dig(one, "dataplane.name")) for one in values(body, "items")] if status == 200 else None
        if not kind.policy:
            return None
        try:
            found = self.control_plane.list(f"{url}/_resources/dataplanes", subject=str(address))
            return [str(one["name"]) for one in found]
        except MeshError:
            return None

    @cached_property
    def release(self) -> Release:
        """The release of the control plane."""
        index = self.control_plane.index(subject=self.control_plane.connection.url)
        return min(Release.parse(index.based_on or index.version), NEWEST)


def document_of(side: State | Slot | None) -> Document | None:
    """Return what a side of a step says, for a listener its gateway as far as the program says that."""
    if isinstance(side, Slot):
        return side.document() if side.parent is not None else None
    return side.document if side is not None and "name" in side.said else None


def matched(site: Site, kind: Kind, address: Address, sides: Collection[Document]) -> set[str]:
    """Name the proxies that match what an object says, or said; all of the mesh, where it is about nobody in particular."""
    if kind.name == "Dataplane":
        return {address.name}
    if kind.name == "Secret":
        return named(site, address.name)
    if kind.name == "MeshGateway":
        return {one.address.name for document in sides for one in serving(site, document)}
    if not sides or not kind.policy:
        return set(site.proxies)
    return {name for document in sides for name in about(site, kind, document)}


def serving(site: Site, document: Document) -> Iterator[Proxy]:
    """Yield the proxies that serve a MeshGateway."""
    found = site.gateways([document]).get(document.address.name)
    yield from found.proxies if found else ()


def named(site: Site, secret: str) -> set[str]:
    """Name the proxies whose gateway has a certificate in a Secret; all, where no gateway names it: it may be a CA's."""
    users = [one for one in site.gateways().values() if any(secret in listener.secrets for listener in one.listeners)]
    return {one.address.name for gateway in users for one in gateway.proxies} if users else set(site.proxies)


def about(site: Site, kind: Kind, document: Document) -> Iterator[str]:
    """Yield the proxies that a policy is about."""
    if kind.name == "MeshGatewayRoute":
        attached = route(document)
        for gateway in site.gateways().values():
            if any(attached.selects(listener) for listener in gateway.listeners):
                yield from (one.address.name for one in gateway.proxies)
        return
    if kind.shape == "legacy":
        tags = [text_tags(one, "match") for side in SIDES for one in values(document.body, side)]
        yield from (name for name, one in site.proxies.items() if any(has(one, match) for match in tags))
        return
    ref = table(document.body, "spec.targetRef")
    yield from (name for name, one in site.proxies.items() if meant(site, ref, one))


def meant(site: Site, ref: Mapping[str, Any], one: Proxy) -> bool:
    """Tell whether a reference means a proxy; one to another route is taken for all."""
    tags, name, labels = text_tags(ref, "tags"), text(dig(ref, "name")), text_tags(ref, "labels")
    match text(dig(ref, "kind")):
        case "MeshGateway":
            gateway = site.gateways().get(name)
            return gateway is not None and one.address in [served.address for served in gateway.proxies]
        case "Dataplane":
            return (not name or one.address.name == name) and matches(labels, one.document.labels)
        case ref_kind:
            types = values(ref, "proxyTypes")
            role = "Sidecar" if one.role == "SIDECAR" else "Gateway"
            wanted = {**tags, **({SERVICE: name} if ref_kind in NARROWED and name else {})}
            return (not types or role in types) and has(one, wanted)


def has(one: Proxy, match: Mapping[str, str]) -> bool:
    """Tell whether a proxy has tags on one of its inbounds, or on the gateway that it is or stands beside."""
    return not match or any(matches(match, tags) for tags in (*one.inbounds, one.tags))
