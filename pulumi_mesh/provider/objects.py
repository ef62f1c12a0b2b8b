"""Pulumi's verbs for objects of the control plane, one resource each, in the words of the reconciler."""

from dataclasses import replace
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from pulumi_mesh.errors import AlreadyExists, Invalid
from pulumi_mesh.reconcile.brake import spare
from pulumi_mesh.reconcile.claim import claim
from pulumi_mesh.reconcile.diff import differs
from pulumi_mesh.reconcile.echo import echo
from pulumi_mesh.reconcile.plan import Delete, plan, waits
from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.spec import plain, promised
from pulumi_mesh.schema.wire import to_wire
from pulumi_mesh.schema.words import sentence

from .absent import warn_of
from .accepted import accepted
from .border import failures
from .lock import THREADS, alone
from .run import RUN
from .state import UNCLAIMED, State

IDENTITY = ("control_plane", "mesh", "name")
OUTSIDE = "__outside"
"""What a resource refers to that its program does not declare; it is in no state."""
ALLOW_MESH_DELETE = (
    "to delete the mesh with all that is in it: pulumi config set mesh:allowMeshDelete true, which pulumi destroy sees with"
    " --run-program only, or PULUMI_MESH_ALLOW_MESH_DELETE=true"
)
"""The engine hands `destroy` and `refresh` the configuration of the last `up`, unless the program is run."""


def check(_olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
    """Judge what the program says, Outputs resolved; no request is made."""
    outside = news.get(OUTSIDE)
    news = plain({key: value for key, value in news.items() if key != OUTSIDE})
    state = State.read(news)
    RUN.declared.add(where(state))
    if outside and not promised(outside):
        RUN.outside[where(state)] = {str(address): str(path) for address, path in outside}
    return CheckResult(news, failures(subject(state), complaints(state, RUN.target())))


def diff(_id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
    """Say whether anything changes that means something; no request is made."""
    olds, news = State.read(_olds), State.read(_news)
    RUN.came_from(news.control_plane, subject(news), olds.cluster)
    if olds.release and (found := complaints(news, Release.parse(olds.release))):
        raise Invalid(subject(news), found)
    replaced = [key for key in IDENTITY if olds.said.get(key) != news.said.get(key)]
    replaced += ["type"] if olds.kind.name != news.kind.name else []
    if replaced:
        return DiffResult(changes=None, replaces=replaced, delete_before_replace=True)
    RUN.kept.add(where(news))
    changed = olds.owner not in (news.owner, UNCLAIMED) or differs(news.kind, olds.document, news.document)
    return DiffResult(changes=None if changed else False, replaces=[], delete_before_replace=True)


def create(props: dict[str, Any]) -> CreateResult:
    """Write what is not there; take over what is ours, refuse what is not unless `adopt` says otherwise."""
    state = State.read(props)
    RUN.same_cluster(state.control_plane, state.subject)
    RUN.kept.add(where(state))
    with THREADS[where(state)]:
        outs = settle(state, adopting=True)
    seen(state, outs)
    return CreateResult(state.subject, outs)


def read(id_: str, props: dict[str, Any]) -> ReadResult:
    """Read what is there, in the program's own spelling where it means the same."""
    state = State.read(props)
    plane = RUN.plane(state.control_plane)
    RUN.same_cluster(state.control_plane, id_, state.cluster)
    actual = plane.find(state.kind, Address.parse(id_))
    if actual is None:
        return ReadResult(id_, plain(props)) if waits(state.kind, state.document) else ReadResult("", {})
    said = echo(state.kind, state.said, actual)
    if waits(state.kind, state.document):
        said = {name: value for name, value in said.items() if state.kind.body.get(name) is None or name in state.said}
    found = replace(state, said=said)
    inputs = replace(found, cluster="", release="").kept()
    return ReadResult(id_, met(found).kept(), inputs)


def update(_id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
    """Write what changed; what this version does not know of the object survives."""
    olds, news = State.read(_olds), State.read(_news)
    RUN.same_cluster(news.control_plane, news.subject, olds.cluster)
    outs = settle(news, adopting=False, was=olds.owner)
    seen(news, outs)
    return UpdateResult(outs)


def delete(_id: str, _props: dict[str, Any]) -> None:
    """Delete what is there; gone already is fine, and what the program declares under another resource stays."""
    state = State.read(_props)
    with THREADS[where(state)]:
        return None if RUN.stays(where(state)) else remove(state, Address.parse(_id))


def remove(state: State, address: Address) -> None:
    """Delete what is there, unless it is not this stack's to delete by now."""
    plane = RUN.plane(state.control_plane)
    RUN.same_cluster(state.control_plane, str(address), state.cluster)
    there = plane.find(state.kind, address)
    if there is not None and there.owner not in ("", state.owner):
        return plane.warn(f"{address}: stays, for it belongs to the stack {there.owner} by now")
    if waits(state.kind, state.document) and (actual := plane.get(state.kind, address)) is not None:
        return plane.warn(
            f"{address}: stays, for it still holds listeners of others: {', '.join(actual.marks) or 'unmanaged'}"
        )
    if there is not None and state.kind.name == "Mesh" and not RUN.allows_mesh_delete():
        spare(plane, address.name, state.owner, ALLOW_MESH_DELETE)
    return plane.take(state.kind, Delete(address))


def settle(state: State, *, adopting: bool, was: str = "") -> dict[str, Any]:
    """Bring the control plane to what a resource says; return what the engine keeps."""
    plane, desired = RUN.plane(state.control_plane), state.document
    address = str(desired.address)
    release = plane.release(address)
    if release != RUN.target() and (found := complaints(state, release)):  # for its target, `check` has judged it
        raise Invalid(address, found)
    if not waits(state.kind, desired):
        place(state, desired, plane.find(state.kind, desired.address), adopting=adopting, was=was)
        warn_of(plane, desired, RUN.outside.get(where(state), ()), ignored=RUN.config("mesh:ignore") or "")
        return met(state).kept()
    with alone(f"{plane.cluster(address)} {address}"):  # its listeners are written by others
        place(state, desired, plane.get(state.kind, desired.address), adopting=adopting, was=was)
    return met(state).kept()


def place(state: State, desired: Document, actual: Document | None, *, adopting: bool, was: str) -> None:
    """Take the one step from what is there to what is desired, if this stack may."""
    plane = RUN.plane(state.control_plane)
    if actual is not None and adopting:
        for told in claim(state.kind, actual, desired, state.adopt):
            plane.warn(told)
    elif actual is not None and actual.owner not in ("", desired.owner, was):
        raise AlreadyExists(
            f"{desired.address}: belongs to the stack {actual.owner} by now; remove the resource here, or there"
        )
    plane.take(state.kind, plan(state.kind, actual, desired))


def seen(state: State, outs: dict[str, Any]) -> None:
    """Wait for the proxies, where that is asked for; a gateway that its listeners have yet to make has none."""
    plane, desired = RUN.plane(state.control_plane), state.document
    if not waits(state.kind, desired) or plane.find(state.kind, desired.address) is not None:
        accepted(plane, state.kind, desired.address, state.wait, state.subject, outs)


def met(state: State) -> State:
    """Note which control plane, and which version of it, a resource was written to."""
    index = RUN.plane(state.control_plane).control_plane.index(subject=state.subject)
    return replace(state, cluster=index.cluster_id, release=index.based_on or index.version)


def complaints(state: State, release: Release) -> list[str]:
    """Say everything that a release of the control plane would refuse."""
    body = to_wire(state.kind.model, {name: value for name, value in state.said.items() if name in state.kind.body})
    return [sentence(found, state.kind.model, body, argument=True) for found in judge(state.kind, state.said, release)]


def subject(state: State) -> str:
    """Return the address, `?` for a part that is not known yet."""
    shown = {key: "?" if promised(value) else value for key, value in state.said.items() if key in IDENTITY}
    return str(state.kind.address(str(shown.get("name", "?")), str(shown.get("mesh", "default"))))


def where(state: State) -> str:
    """Return control plane and address as one key."""
    return f"{state.control_plane} {subject(state)}"
