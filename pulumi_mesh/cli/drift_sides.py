"""Both sides of drift: what is to be there, as a source says it, and what control planes hold, by listing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from pulumi_mesh import sources
from pulumi_mesh.cli.reports import Report
from pulumi_mesh.controlplane import ControlPlane
from pulumi_mesh.provider.slot import NAME, gateway_kind
from pulumi_mesh.reconcile.drift import Desired, Item, drift
from pulumi_mesh.reconcile.drift_sealed import filled
from pulumi_mesh.reconcile.made import Surroundings, made
from pulumi_mesh.reconcile.surroundings import surroundings
from pulumi_mesh.schema.counted import counted
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address, Kind
from pulumi_mesh.schema.wire import Hide, veil
from pulumi_mesh.sources import Held, HeldListener, Holdings

THREADS = 8


@dataclass
class Wanted:
    """What to compare, and what could not be."""

    meshes: Sequence[str] = ()
    kinds: Sequence[str] = ()
    unmanaged: bool = True
    hide: Hide = veil
    notes: list[str] = field(default_factory=list[str])
    """What the user should hear beside the report."""
    unsure: list[str] = field(default_factory=list[str])
    """Why it is not known whether there is drift."""


@dataclass
class Side:
    """What one control plane holds."""

    plane: ControlPlane
    actual: dict[Address, tuple[Kind, Document]] = field(default_factory=dict[Address, tuple[Kind, Document]])
    unlisted: set[str] = field(default_factory=set[str])
    """The types of which it is not known what it holds."""
    around: Surroundings = field(default_factory=Surroundings)

    def made(self, kind: Kind, document: Document) -> bool:
        """Tell whether the control plane made an object by itself."""
        return made(kind, document, self.around)

    def is_own(self, address: Address) -> bool:
        """Tell so of an object that it holds."""
        return self.made(*self.actual[address])


def compare(held: Holdings, planes: Iterable[ControlPlane], wanted: Wanted, report: Report) -> None:
    """Compare what a source holds with the control planes that are to hold it."""
    for plane in planes:
        own = [one for one in held.held if one.control_plane == plane.connection.name]
        parts = [one for one in held.listeners if one.control_plane == plane.connection.name]
        wanted.notes += [f"{one.origin}: {unseen(one.sealed)}" for one in (*own, *parts) if one.sealed]
        items = [item(one) for one in parts if not one.sealed]
        side = listed(plane, wanted, {one.kind.name for one in (*own, *items)})
        wishes = [wish(one) for one in own if one.kind.name not in side.unlisted]
        items = [one for one in items if one.kind.name not in side.unlisted]
        known = {one.document.address for one in wishes} | {one.holder for one in items}
        judge(side, known)
        actual = side.actual if wanted.unmanaged else {key: side.actual[key] for key in known & side.actual.keys()}
        found = drift(wishes, items, actual, made=side.made, gone=side.around.is_orphan, hide=wanted.hide)
        report.take(found, plane.connection.name, [document for _, document in side.actual.values()])
        report.declare(plane.connection.name, [one.document.address for one in wishes], [one.subject for one in items])
        wanted.notes += taken(wishes, side)


def against(actual: ControlPlane, desired: ControlPlane, wanted: Wanted, report: Report) -> None:
    """Compare two control planes: what `actual` holds with what `desired` does; what they made by themselves does not count."""
    all_of_it = replace(wanted, unmanaged=True)
    there, here = listed(actual, all_of_it, ()), listed(desired, all_of_it, ())
    for side in (there, here):
        judge(side, ())
    unlisted = there.unlisted | here.unlisted
    counting = [
        address
        for address in {**here.actual, **there.actual}
        if address.kind not in unlisted
        and not all(side.is_own(address) for side in (there, here) if address in side.actual)
    ]
    found = (here.actual[address] for address in counting if address in here.actual)
    wishes = [Desired(kind, bare(kind, document), origin=desired.connection.url) for kind, document in found]
    live = {address: there.actual[address] for address in counting if address in there.actual}
    if not wanted.unmanaged:
        live = {address: one for address, one in live.items() if address in here.actual}
    name = actual.connection.name
    report.take(drift(wishes, (), live, hide=wanted.hide), name, [document for _, document in there.actual.values()])
    report.declare(name, [one.document.address for one in wishes], [])


def wish(one: Held) -> Desired:
    """Return an object that is to be there; what its source has only encrypted is taken from the actual one."""
    return Desired(one.kind, one.document, one.urn, one.origin, partial(filled, one.kind, one.sealed))


def bare(kind: Kind, document: Document) -> Document:
    """Return a live document as somebody would desire it, without what its control plane alone wrote."""
    body, labels = counted(kind.body, document.body, {}), document.counted({})
    return replace(document, body=body, labels=labels, marks={}, status=None)


def unseen(sealed: Sequence[str]) -> str:
    """Say what was not compared."""
    return (
        f"{', '.join(sealed)}: encrypted in this state, and so not compared;"
        " --stack asks Pulumi for it, pulumi stack export --show-secrets writes it"
    )


def taken(wishes: Iterable[Desired], side: Side) -> Iterator[str]:
    """Say which objects another stack says are its own."""
    for one in wishes:
        owner, there = one.document.owner, side.actual.get(one.document.address)
        if owner and there is not None and there[1].owner not in ("", owner):
            yield f"{one.document.address}: belongs to the stack {there[1].owner} by now; remove it from one of the two"


def item(one: HeldListener) -> Item:
    """Return a listener that is a resource of its own, as an item of its gateway."""
    slot, gateway = one.slot, one.slot.gateway
    subject = Address(NAME, gateway.mesh, slot.subject.removeprefix(f"{NAME}/{gateway.mesh}/"))
    return Item(gateway_kind(), gateway, slot.item, subject, slot.owner, one.origin, one.origin, slot.mark)


def listed(plane: ControlPlane, wanted: Wanted, desired: Collection[str]) -> Side:
    """List what a control plane holds, several types at a time; only what is desired where nothing else matters.

    Of one mesh each type is listed in it, of several once over all meshes, which takes fewer requests.
    """
    side, url = Side(plane), plane.connection.url
    types = plane.resources(subject=url)
    plane.index(subject=url)
    for name in sorted(set(desired) - set(types)):
        side.unlisted.add(name)
        wanted.unsure.append(f"{name}: {url} serves no such type, so what is to be there of it cannot be compared")
    asked = set(wanted.kinds) or (set(types) if wanted.unmanaged else set(desired))
    names = sorted(name for name in asked & set(types) if not wanted.meshes or types[name].scoped or name == "Mesh")

    def listing(name: str) -> Holdings:
        found = sources.live(plane, wanted.meshes if len(wanted.meshes) == 1 else (), [name])
        return found.chosen(wanted.meshes)

    with ThreadPoolExecutor(THREADS) as threads:
        for name, found in zip(names, threads.map(listing, names), strict=True):
            if found.unread:
                side.unlisted.add(name)
                wanted.unsure += found.unread
            side.actual |= {one.address: (one.kind, one.document) for one in found.held}
    return side


def judge(side: Side, known: Collection[Address]) -> None:
    """Ask what must be known to tell what the control plane made by itself."""
    documents = [document for _, document in side.actual.values()]
    side.around = surroundings(side.plane, documents, [one for one in documents if one.address not in known])
