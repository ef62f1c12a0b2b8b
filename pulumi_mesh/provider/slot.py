"""One listener of a gateway as a resource says it, and what it does to the gateway's document."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_mesh.errors import AlreadyExists, MeshError
from pulumi_mesh.reconcile.graft import graft
from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address, Kind, kind_of
from pulumi_mesh.schema.meta import MARK
from pulumi_mesh.schema.normal import label, model_normal
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import values
from pulumi_mesh.schema.spec import Model, plain, promised
from pulumi_mesh.schema.wire import put, to_wire
from pulumi_mesh.schema.words import sentence

from .state import PICKLED

NAME = "GatewayListener"
PLACE = ("control_plane", "mesh", "gateway")
"""What a listener resource says beside the listener: where its gateway is."""


def gateway_kind() -> Kind:
    """Return the kind of the gateways that gather listeners."""
    return kind_of("MeshGateway")


def listener_model() -> type[Model]:
    """Return the model of a listener."""
    model = gateway_kind().body["listeners"].model
    assert model is not None
    return model


@dataclass(frozen=True, slots=True)
class Slot:
    """One listener, and the gateway that it belongs to."""

    said: Mapping[str, Any] = field(repr=False)
    """What the program says: the listener, and where its gateway is."""
    owner: str = ""
    adopt: str = "never"
    cluster: str = ""
    parent: Mapping[str, Any] | None = None
    """The gateway as the program says it (selectors, tags, labels, `owner`), where it is declared by the same program."""
    wait: str = ""
    """`accepted`, where a write ends only when the proxies run it."""

    @classmethod
    def read(cls, props: Mapping[str, Any]) -> "Slot":
        """Read the properties that a verb got."""
        props = plain(props)
        said = {key: value for key, value in props.items() if not key.startswith("__")}
        owner, cluster = str(props.get("__owner") or ""), str(props.get("__cluster") or "")
        adopt, wait = str(props.get("__adopt") or "never"), str(props.get("__wait") or "")
        return cls(said, owner, adopt, cluster, props.get("__parent"), wait)

    def kept(self) -> dict[str, Any]:
        """Return the properties as the engine keeps them."""
        hidden = {"__owner": self.owner, "__cluster": self.cluster, "__parent": self.parent, "__wait": self.wait}
        adopt = {"__adopt": self.adopt} if self.adopt != "never" else {}
        return {**self.said, "__provider": PICKLED, "__kind": NAME, **adopt, **{k: v for k, v in hidden.items() if v}}

    @property
    def control_plane(self) -> str:
        """The name of the control plane that holds the gateway."""
        return str(self.said.get("control_plane", "default"))

    @property
    def gateway(self) -> Address:
        """The address of the gateway."""
        return gateway_kind().address(str(self.said["gateway"]), str(self.said.get("mesh", "default")))

    @property
    def listener(self) -> dict[str, Any]:
        """The listener as a program says it."""
        return {key: value for key, value in self.said.items() if key not in PLACE}

    @property
    def item(self) -> dict[str, Any]:
        """The listener on the wire."""
        return to_wire(listener_model(), self.listener)

    @property
    def subject(self) -> str:
        """The gateway and the listener, for messages."""
        shown = {key: "?" if promised(self.said.get(key)) else self.said.get(key) for key in ("mesh", "gateway")}
        return f"{NAME}/{shown['mesh'] or 'default'}/{shown['gateway']}/{named(self.item).replace(' ', '-')}"

    @property
    def mark(self) -> str:
        """The label of the gateway that says whose the listener is."""
        digest = hashlib.sha256(named(self.item).encode()).hexdigest()[:8]
        return f"{MARK}{self.item.get('port')}-{digest}"

    def complaints(self, release: Release) -> list[str]:
        """Say everything that the control plane would refuse of the listener, judged as the only one of a gateway."""
        kind = gateway_kind()
        alone = {"name": "gateway", "mesh": "default", "selectors": [{"match": {"kuma.io/service": "x"}}]}
        found = judge(kind, {**alone, "listeners": [self.listener]}, release)
        body: dict[str, Any] = {}
        put(body, kind.gathers, [self.item])
        prefix = "listeners[0]."
        return [sentence(one, kind.model, body, argument=True).removeprefix(prefix) for one in found]

    def document(self) -> Document:
        """Return the gateway with this listener alone, as its first listener makes it."""
        kind, parent = gateway_kind(), self.parent
        if parent is None:
            address = self.gateway
            raise MeshError(f"{self.subject}: there is no {address}; declare the gateway, or give it as gateway=")
        said = {**parent, "name": self.gateway.name, "mesh": self.gateway.mesh, "listeners": [self.listener]}
        return replace(Document.desired(kind, said, str(parent.get("owner") or "")), marks=self.marks())

    def marks(self) -> dict[str, str]:
        """Return the label that says whose the listener is."""
        return {self.mark: self.owner} if self.owner else {}


def named(item: Mapping[str, Any]) -> str:
    """Name a listener: `8443 HTTPS shop.example`."""
    return label(item, gateway_kind().body["listeners"].facts.key)


def items(document: Document | None) -> Sequence[Mapping[str, Any]]:
    """Return the listeners of a gateway."""
    return () if document is None else values(document.body, gateway_kind().gathers)


def find(document: Document | None, item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the listener of the same name."""
    return next((there for there in items(document) if named(there) == named(item)), None)


def alike(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Tell whether two listeners mean the same."""
    if one is None or other is None:
        return one is other
    model = listener_model()
    return model_normal(model, one, legacy=True) == model_normal(model, other, legacy=True)


def added(actual: Document | None, slot: Slot) -> tuple[Document, list[str]]:
    """Return the gateway with a new listener; refuse one that is there and not ours."""
    if actual is None:
        return slot.document(), []
    there = find(actual, slot.item)
    told = list[str]()
    if there is not None and (not slot.owner or actual.marks.get(slot.mark) != slot.owner):
        told = claimed(actual, slot, there)
    return placed(actual, slot, named(slot.item)), told


def claimed(actual: Document, slot: Slot, there: Mapping[str, Any]) -> list[str]:
    """Refuse to take over a listener that was not handed to this stack."""
    other = actual.marks.get(slot.mark)
    whose = f"belongs to the stack {other}" if other else "is on the gateway already, and no stack owns it"
    changes = not alike(there, slot.item)
    if slot.adopt == "never":
        raise AlreadyExists(f'{slot.subject}: {whose}; to take it over say adopt="overwrite" or adopt="identical"')
    if slot.adopt == "identical" and changes:
        raise AlreadyExists(f'{slot.subject}: {whose}, and adopt="identical" would change it')
    return [f"{slot.subject}: {whose}; taken over, with changes"] if changes else []


def moved(actual: Document | None, was: Slot, slot: Slot, *, leaves: bool = True) -> tuple[Document, list[str]]:
    """Return the gateway with a listener changed in its place, also where port, protocol or hostname change.

    What was there before stays where it does not leave: another listener of the program has come into its place.
    """
    if actual is None:
        return slot.document(), []
    if other := foreign(actual, was):
        raise AlreadyExists(f"{was.subject}: belongs to the stack {other} by now; remove the resource here, or there")
    if named(was.item) == named(slot.item):
        return placed(actual, slot, named(was.item)), []
    if find(actual, slot.item) is not None:
        if not slot.owner or actual.marks.get(slot.mark) != slot.owner:
            claimed(actual, replace(slot, adopt="never"), slot.item)
        actual = without(actual, slot) if leaves else actual
    if not leaves:
        return placed(actual, slot, named(slot.item)), []
    marks = {key: value for key, value in actual.marks.items() if key != was.mark}
    return placed(replace(actual, marks=marks), slot, named(was.item)), []


def placed(actual: Document, slot: Slot, name: str) -> Document:
    """Return the gateway with a listener in the place of the one of a name, else at the end."""
    declared, item = listener_model().declared, slot.item
    new = [graft(declared, there, item) if named(there) == name else there for there in items(actual)]
    if not any(named(there) == name for there in items(actual)):
        new.append(item)
    return with_items(replace(actual, marks={**actual.marks, **slot.marks()}), new)


def removed(actual: Document | None, slot: Slot) -> tuple[Document | None, list[str]]:
    """Return the gateway without a listener, or None where it was the last; what another stack took over stays."""
    if actual is None:
        return None, []
    if other := foreign(actual, slot):
        return actual, [f"{slot.subject}: stays, for it belongs to the stack {other} by now"]
    rest = without(actual, slot)
    return (rest if items(rest) else None), []


def foreign(actual: Document | None, slot: Slot) -> str:
    """Return the other stack that a listener belongs to by now, if one does."""
    mark = actual.marks.get(slot.mark, "") if actual is not None else ""
    return "" if mark == slot.owner else mark


def without(actual: Document, slot: Slot) -> Document:
    """Return the gateway without a listener and its mark."""
    marks = {key: value for key, value in actual.marks.items() if key != slot.mark}
    rest = [there for there in items(actual) if named(there) != named(slot.item)]
    return with_items(replace(actual, marks=marks), rest)


def with_items(actual: Document, new: Sequence[Mapping[str, Any]]) -> Document:
    """Return a gateway with these listeners."""
    way, _, key = gateway_kind().gathers.rpartition(".")
    body = {**actual.body, way: {**actual.body.get(way, {}), key: list(new)}}
    return replace(actual, body=body)
