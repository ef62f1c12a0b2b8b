"""What a source holds: objects, where each came from, and what could not be read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_mesh.provider.slot import Slot, added, gateway_kind
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address, Kind


@dataclass(frozen=True, slots=True)
class Held:
    """One object."""

    kind: Kind
    document: Document
    origin: str
    """Where it was read: `FILE:LINE`, a URN, or the URL of a control plane."""
    urn: str = ""
    """The resource that declares it, where a state does."""
    control_plane: str = "default"
    """The name of the control plane that holds it, or is to hold it."""
    sealed: tuple[str, ...] = ()
    """The properties that the source has only encrypted (`data`, `mtls.backends`): the document does not have them."""
    cluster: str = ""
    """The `clusterId` of the control plane that a state says it was written to."""
    live: bool = False
    """Whether a control plane holds it now."""

    @property
    def address(self) -> Address:
        """Where it lives."""
        return self.document.address


@dataclass(frozen=True, slots=True)
class HeldListener:
    """One listener that is a resource of its own."""

    slot: Slot
    origin: str
    sealed: tuple[str, ...] = ()

    @property
    def control_plane(self) -> str:
        """The name of the control plane that holds its gateway."""
        return self.slot.control_plane


@dataclass
class Holdings:
    """Everything that a source holds."""

    held: list[Held] = field(default_factory=list[Held])
    """The objects; gateways without the listeners that are resources of their own."""
    listeners: list[HeldListener] = field(default_factory=list[HeldListener])
    unread: list[str] = field(default_factory=list[str])
    """Why something could not be read: whoever asks cannot be sure then."""
    notes: list[str] = field(default_factory=list[str])
    """What was left out on purpose."""

    def __add__(self, other: "Holdings") -> "Holdings":
        """Take two sources together."""
        return Holdings(
            self.held + other.held,
            self.listeners + other.listeners,
            self.unread + other.unread,
            self.notes + other.notes,
        )

    def chosen(self, meshes: Collection[str] = (), kinds: Collection[str] = ()) -> "Holdings":
        """Return what lives in some meshes (a Mesh lives in itself) and is of some kinds; everything, where none are named."""
        wanted = [
            held
            for held in self.held
            if (not kinds or held.kind.name in kinds) and (not meshes or home(held.address) in meshes)
        ]
        gateways = not kinds or gateway_kind().name in kinds
        listeners = [one for one in self.listeners if gateways and (not meshes or one.slot.gateway.mesh in meshes)]
        return replace(self, held=wanted, listeners=listeners)

    def whole(self) -> list[Held]:
        """Return the objects, the listeners that are resources of their own on their gateways."""
        found = {(held.control_plane, held.address): held for held in self.held}
        for one in self.listeners:
            key = (one.control_plane, one.slot.gateway)
            there = found.get(key)
            document = with_listener(there.document if there else None, one.slot)
            found[key] = (
                replace(there, document=document)
                if there
                else Held(gateway_kind(), document, one.origin, control_plane=one.control_plane)
            )
        return list(found.values())

    def documents(self) -> Iterator[Document]:
        """Yield the documents of all objects, gateways with all of their listeners."""
        return (held.document for held in self.whole())


def home(address: Address) -> str | None:
    """Return the mesh that an object lives in; a Mesh lives in itself."""
    return address.name if address.kind == "Mesh" else address.mesh


def with_listener(gateway: Document | None, slot: Slot) -> Document:
    """Return a gateway with a listener; one that nobody declared here has nothing else."""
    bare: dict[str, Any] = {"selectors": [], "conf": {"listeners": []}}
    there = gateway or Document(slot.gateway, bare)
    return added(there, replace(slot, adopt="overwrite"))[0]
