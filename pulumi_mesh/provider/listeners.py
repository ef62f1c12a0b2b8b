"""Pulumi's verbs for listeners as resources of their own.

A gateway is one object, its listeners belong to many: each write reads the gateway, edits the one listener, writes,
reads again, under a lock that holds off other threads and other processes of this machine. A gateway without
listeners does not exist on the control plane: the first listener makes it, the last one takes it along.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from pulumi_mesh.errors import Invalid, Unverified
from pulumi_mesh.reconcile.echo import echoed
from pulumi_mesh.reconcile.plan import Delete
from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.spec import plain, promised
from pulumi_mesh.schema.wire import inward

from .accepted import accepted
from .border import failures
from .lock import alone
from .run import RUN
from .slot import PLACE, Slot, added, alike, find, foreign, gateway_kind, listener_model, moved, named, removed

Edit = Callable[[Document | None], tuple[Document | None, list[str]]]
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""How long to wait before the gateway is read again where another writer was faster, seconds each time."""


def check(_: Mapping[str, Any], news: dict[str, Any]) -> CheckResult:
    """Judge a listener alone; the gateway is judged with it when it is written."""
    news = plain(news)
    slot = Slot.read(news)
    RUN.declared.add(where(slot))
    return CheckResult(news, failures(slot.subject, slot.complaints(RUN.target())))


def diff(_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
    """Say whether a listener changes; it moves to another gateway only by a replacement."""
    was, now = Slot.read(olds), Slot.read(news)
    RUN.came_from(now.control_plane, now.subject, was.cluster)
    replaced = [key for key in PLACE if was.said.get(key) != now.said.get(key)]
    if replaced:
        return DiffResult(changes=None, replaces=replaced, delete_before_replace=True)
    RUN.kept.add(where(now))
    same = was.owner == now.owner and not any(map(promised, now.listener.values())) and alike(was.item, now.item)
    return DiffResult(changes=False if same and named(was.item) == named(now.item) else None, replaces=[])


def create(props: Mapping[str, Any]) -> CreateResult:
    """Put a listener on its gateway; the first one makes the gateway."""
    slot = Slot.read(props)
    RUN.same_cluster(slot.control_plane, slot.subject)
    RUN.kept.add(where(slot))
    change(slot, lambda actual: added(actual, slot), lambda now: alike(find(now, slot.item), slot.item))
    seen(slot)
    return CreateResult(slot.subject, met(slot).kept())


def read(id_: str, props: Mapping[str, Any]) -> ReadResult:
    """Read a listener off its gateway, in the program's own spelling where it means the same."""
    slot = Slot.read(props)
    RUN.same_cluster(slot.control_plane, slot.subject, slot.cluster)
    there = find(RUN.plane(slot.control_plane).find(gateway_kind(), slot.gateway), slot.item)
    if there is None:
        return ReadResult("", {})
    live, _ = inward(gateway_kind().body["listeners"], [there], "")
    place = {key: value for key, value in slot.said.items() if key in PLACE}
    said = place | echoed(listener_model().declared, slot.listener, live[0], legacy=True)
    found = replace(slot, said=said)
    return ReadResult(id_, found.kept(), replace(found, cluster="").kept())


def update(_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> UpdateResult:
    """Change a listener in its place."""
    was, slot = Slot.read(olds), Slot.read(news)
    RUN.same_cluster(slot.control_plane, slot.subject, was.cluster)

    def edit(actual: Document | None) -> tuple[Document | None, list[str]]:
        return moved(actual, was, slot, leaves=where(was) == where(slot) or not RUN.stays(where(was)))

    change(slot, edit, lambda now: alike(find(now, slot.item), slot.item))
    seen(slot)
    return UpdateResult(met(slot).kept())


def delete(_: str, props: Mapping[str, Any]) -> None:
    """Take a listener off its gateway; the last one takes the gateway along."""
    slot = Slot.read(plain(props))
    if RUN.stays(where(slot)):
        return
    RUN.same_cluster(slot.control_plane, slot.subject, slot.cluster)

    def edit(actual: Document | None) -> tuple[Document | None, list[str]]:
        return (actual, []) if RUN.stays(where(slot)) else removed(actual, slot)

    change(
        slot,
        edit,
        lambda now: find(now, slot.item) is None or bool(foreign(now, slot)) or RUN.stays(where(slot)),
    )


def change(slot: Slot, edit: Edit, holds: Callable[[Document | None], bool]) -> None:
    """Read the gateway, edit it, write it, read it again; once more if another writer was faster."""
    kind, plane = gateway_kind(), RUN.plane(slot.control_plane)
    if found := slot.complaints(plane.release(slot.subject)):
        raise Invalid(slot.subject, found)
    for pause in PAUSES:
        with alone(f"{plane.cluster(slot.subject)} {slot.gateway}"):
            actual = plane.get(kind, slot.gateway)
            wanted, told = edit(actual)
            write(plane, slot, actual, wanted)
            now = plane.get(kind, slot.gateway)
        for line in told:
            plane.warn(line)
        if holds(now):
            return
        plane.sleep(pause)
    raise Unverified(
        f"{slot.subject}: was written {len(PAUSES)} times, and each time another writer changed {slot.gateway}; run `pulumi up` again"
    )


def write(plane: Plane, slot: Slot, actual: Document | None, wanted: Document | None) -> None:
    """Write the gateway where it changes; without a listener it cannot be."""
    kind = gateway_kind()
    if wanted is None:
        if actual is not None:
            plane.take(kind, Delete(slot.gateway))
    elif wanted != actual:
        plane.put(kind, wanted)


def seen(slot: Slot) -> None:
    """Wait for the proxies of the gateway, where that is asked for."""
    plane = RUN.plane(slot.control_plane)
    accepted(plane, gateway_kind(), slot.gateway, slot.wait, slot.subject, met(slot).kept())


def met(slot: Slot) -> Slot:
    """Note which control plane a listener was written to."""
    return replace(slot, cluster=RUN.plane(slot.control_plane).cluster(slot.subject))


def where(slot: Slot) -> str:
    """Return control plane, gateway and listener as one key."""
    return f"{slot.control_plane} {slot.subject}"
