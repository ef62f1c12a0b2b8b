"""What stands where: the module of each object, and its place in it, behind everything that it names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from pulumi_mesh.schema.kind import Address
from pulumi_mesh.sources.holdings import home

from .links import mentions
from .names import free, identifier, natural
from .spoken import Spoken

LARGE = 80
"""How many objects a module of a mesh may have before its gateways get modules of their own."""
SOME = 5
"""How many objects must be about a gateway for it to get one."""
OUTSIDE = "outside"
"""The module of what lives outside of meshes."""
TAKEN = ("config", "outside")
RANKS: Mapping[str, int] = {
    kind: rank
    for rank, kinds in enumerate(
        (
            ("Mesh",),
            ("Secret", "GlobalSecret"),
            ("MeshIdentity", "MeshTrust"),
            ("MeshService", "MeshMultiZoneService", "MeshExternalService", "ExternalService"),
            ("MeshGateway",),
            ("MeshHTTPRoute", "MeshTCPRoute", "MeshGatewayRoute"),
        )
    )
    for kind in kinds
}
LAST = len(RANKS)
"""Where the policies stand, by their kinds; the proxies stand behind them."""


@dataclass
class Module:
    """One module of the program."""

    name: str
    about: str
    """What it is about: `the mesh shop`."""
    mesh: str | None
    objects: list[Spoken] = field(default_factory=list[Spoken])
    """What it declares, each behind what it names."""


def modules(objects: Sequence[Spoken], large: int = LARGE) -> list[Module]:
    """Return the modules of a program, each behind those that it imports from; what lives outside of meshes comes last."""
    by_mesh: dict[tuple[str, str | None], list[Spoken]] = {}
    for one in objects:
        by_mesh.setdefault((one.control_plane, home(one.address)), []).append(one)
    several = len({control_plane for control_plane, _ in by_mesh}) > 1
    found = list[Module]()
    for control_plane, mesh in sorted(by_mesh, key=lambda place: (place[0], place[1] is None, place[1] or "")):
        inside = by_mesh[control_plane, mesh]
        where = f" on the control plane {control_plane}" if several else ""
        prefix = f"{control_plane}_" if several else ""
        taken = [*TAKEN, *(module.name for module in found)]
        if mesh is None:
            name = OUTSIDE if not several else free(identifier(f"{prefix}{OUTSIDE}"), taken)
            found.append(Module(name, f"What lives outside of meshes{where}", None, ordered(inside)))
            continue
        name = free(identifier(prefix + mesh) or f"mesh_{identifier(f'x{mesh}')[1:].strip('_')}", taken)
        found += of_mesh(Module(name, f"The mesh {mesh}{where}", mesh), inside, large, taken)
    return found


def of_mesh(module: Module, inside: Sequence[Spoken], large: int, taken: Sequence[str]) -> list[Module]:
    """Return the modules of one mesh: its own, and where it is large one for each gateway."""
    gateways = sorted((one.address for one in inside if one.address.kind == "MeshGateway"), key=str)
    if len(inside) <= large or not gateways:
        module.objects = ordered(inside)
        return [module]
    places = placed(inside, gateways)
    counts = Counter(places.values())
    gateways = [gateway for gateway in gateways if counts[gateway] >= SOME]
    places = placed(inside, gateways)
    found, names = [module], [*taken, module.name]
    module.objects = ordered([one for one in inside if places[one.address] is None])
    for gateway in gateways:
        name = free(f"{module.name}_{identifier(gateway.name) or 'gateway'}", names)
        names.append(name)
        about = f"The gateway {gateway.name} of {module.about[0].lower()}{module.about[1:]}"
        own = [one for one in inside if places[one.address] == gateway]
        found.append(Module(name, about, module.mesh, ordered(own)))
    return found


def placed(inside: Sequence[Spoken], gateways: Sequence[Address]) -> dict[Address, Address | None]:
    """Return for each object of a mesh the gateway that it is about, if it is about one: the last of several.

    A Secret that only one gateway's objects name goes with them.
    """
    named = {one.address: set(mentions(one)) for one in inside}
    places: dict[Address, Address | None] = dict.fromkeys(named)
    places |= {gateway: gateway for gateway in gateways}
    for _ in range(len(RANKS)):  # a policy names a route, which names a gateway
        for address in named:
            about = [places[other] for other in named[address] if places.get(other) is not None]
            if address not in gateways and about:
                places[address] = max((one for one in about if one is not None), key=str)
    for address in [one for one in named if one.kind == "Secret"]:
        users = {places[other] for other, names in named.items() if address in names}
        places[address] = users.pop() if len(users) == 1 else None
    return places


def ordered(objects: Sequence[Spoken]) -> list[Spoken]:
    """Return objects so that each stands behind those that it names; by kind and name otherwise.

    Where objects name each other (a Mesh, and the Secret of its own CA), the one that goes first by its kind does.
    """
    by_address = {one.address: one for one in objects}
    waits = {
        address: {other for other in mentions(one) if other in by_address and other != address}
        for address, one in by_address.items()
    }
    waited: dict[Address, list[Address]] = {}
    for address, others in waits.items():
        for other in others:
            waited.setdefault(other, []).append(address)
    ready = [(rank(address), address) for address, others in waits.items() if not others]
    heapify(ready)
    left, found = dict.fromkeys(sorted(by_address, key=rank)), list[Spoken]()
    while left:
        if not ready:
            heappush(ready, (rank(next(iter(left))), next(iter(left))))
        address = heappop(ready)[1]
        if address not in left:
            continue
        del left[address]
        found.append(by_address[address])
        for other in waited.get(address, ()):
            waits[other].discard(address)
            if not waits[other] and other in left:
                heappush(ready, (rank(other), other))
    return found


def rank(address: Address) -> tuple[int, str, list[tuple[bool, int, str]]]:
    """Return what objects are sorted by that do not name each other."""
    proxies = address.kind in ("Dataplane", "ZoneIngress", "ZoneEgress")
    return RANKS.get(address.kind, LAST + proxies), address.kind, natural(address.name)
