"""A document: one object of the control plane, as desired or as found, without what the server alone writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .kind import Address, Kind
from .meta import COMPUTED, KEPT, MARK, OWNER
from .rules import table
from .spec import plain
from .wire import from_wire, to_wire

SERVER_KEYS = frozenset({"type", "mesh", "name", "labels", "creationTime", "modificationTime", "kri", "snis", "status"})
"""Keys beside the body of a live object."""


@dataclass(frozen=True, slots=True)
class Document:
    """One object: where it lives, what it says, whose it is."""

    address: Address
    body: Mapping[str, Any] = field(repr=False)
    """The fields on the wire: beside `type` and `name` in a legacy-shape kind, below `spec` in a spec-shape one."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """The labels, without the one that says whose it is."""
    owner: str = ""
    """The stack that it belongs to (`shop.dev`), or nothing."""
    marks: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels that say which stack each item of a gathered list belongs to."""
    status: Mapping[str, Any] | None = None

    @classmethod
    def desired(cls, kind: Kind, said: Mapping[str, Any], owner: str = "") -> "Document":
        """Make the document that the properties of a resource ask for."""
        said = plain(said)
        body = to_wire(kind.model, {name: value for name, value in said.items() if name in kind.body})
        if kind.shape == "spec":
            body.setdefault("spec", {})
        labels: Mapping[str, str] = said.get("labels") or {}
        return cls(kind.address(said["name"], said.get("mesh")), body, labels, owner)

    @classmethod
    def found(cls, kind: Kind, live: Mapping[str, Any]) -> "Document":
        """Make the document of an object that the control plane answered with."""
        body = {key: value for key, value in live.items() if key not in SERVER_KEYS}
        labels = {str(key): str(value) for key, value in table(live, "labels").items()}
        owner = labels.pop(OWNER, "")
        marks = {key: labels.pop(key) for key in list(labels) if key.startswith(MARK)}
        address = kind.address(str(live["name"]), live.get("mesh"))
        return cls(address, plain(body), labels, owner, marks, live.get("status"))

    def sent(self) -> dict[str, Any]:
        """Return the body of the PUT that writes it."""
        labels = {**self.labels, **self.marks, **({OWNER: self.owner} if self.owner else {})}
        head: dict[str, Any] = {"type": self.address.kind, "name": self.address.name}
        if self.address.mesh is not None:
            head["mesh"] = self.address.mesh
        status = {"status": self.status} if self.status is not None else {}
        return head | ({"labels": labels} if labels else {}) | dict(self.body) | status

    def said(self, kind: Kind) -> dict[str, Any]:
        """Return it as the properties of a resource; what this version does not know is left out."""
        said, _ = from_wire(kind.body, self.body)
        head: dict[str, Any] = {"name": self.address.name}
        if self.address.mesh is not None:
            head["mesh"] = self.address.mesh
        return head | ({"labels": dict(self.labels)} if self.labels else {}) | said

    def foreign(self, kind: Kind) -> dict[str, Any]:
        """Return the fields that this version does not know, by their path."""
        return {unknown.path: unknown.value for unknown in from_wire(kind.body, self.body)[1]}

    def counted(self, desired: Mapping[str, str]) -> dict[str, str]:
        """Return the labels that count: those that the control plane computes only where they are desired."""
        return {key: value for key, value in self.labels.items() if key not in COMPUTED or key in desired}

    def kept(self) -> dict[str, str]:
        """Return the labels that must be sent back once they are stored."""
        return {key: self.labels[key] for key in KEPT if key in self.labels}
