"""A kind: one type of object of the control plane, its place in the API, its fields and its rules.

Floors below `kinds/` see kinds through the registry here, which is filled when the package is imported.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal
from urllib.parse import quote

from pulumi_mesh.errors import UnknownKind

from .grave import OTHER, Grave
from .release import NEWEST, OLDEST, Release
from .rules import Violation
from .spec import Declared, Model

Body = Mapping[str, Any]
Rule = Callable[[Body, Release], Iterator[Violation]]
"""What a release of the control plane says of a body on the wire."""

ENVELOPE = frozenset({"name", "mesh", "labels", "control_plane"})
"""What a resource says beside its body."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an object lives; its text, `MeshGateway/shop/edge` or `Mesh/shop`, is the Pulumi id."""

    kind: str
    mesh: str | None
    name: str

    def __str__(self) -> str:
        """Say kind, mesh and name, from the widest to the narrowest."""
        return "/".join(part for part in (self.kind, self.mesh, self.name) if part is not None)

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address back from its text."""
        kind, *rest = text.split("/")
        if not rest or len(rest) > 2 or not all(rest):
            raise UnknownKind(
                f"{text}: is no address; write KIND/MESH/NAME, or KIND/NAME for an object outside of meshes"
            )
        return cls(kind, rest[0] if len(rest) == 2 else None, rest[-1])


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of object; a resource class names its facts, the class body gives the fields."""

    path: str
    """The collection in the API (`meshgateways`)."""
    shape: Literal["legacy", "spec"]
    """Whether the fields stand beside `type`, `name`, `labels` (legacy) or below `spec`."""
    scope: Literal["mesh", "global"] = "mesh"
    short: str = ""
    """The short name in a KRI (`mgw`)."""
    rules: tuple[Rule, ...] = ()
    """What the control plane's validator says of a body, on the wire form."""
    warnings: tuple[Rule, ...] = ()
    """What it accepts with a warning."""
    written_on: frozenset[Literal["global", "zone"]] = frozenset({"global", "zone"})
    """The federated control planes that accept a write; one without federation accepts all."""
    policy: bool = False
    """Whether it is listed by `GET /policies`."""
    gathers: str = ""
    """The wire path of a list that may be made of resources of their own; absent, it belongs to them."""
    status: str = ""
    """The release since which objects carry a `status`, or nothing."""
    since: Release = OLDEST
    until: Release = NEWEST
    moved: Mapping[Release, str] = field(default_factory=dict[Release, str])
    """Other paths, by the release since which they hold."""
    asked: bool = False
    """Whether the control plane is asked for the path, by `GET /_resources`: nobody wrote it down."""
    grave: Grave = OTHER
    """What its objects are to traffic."""
    grave_at: Mapping[str, Grave] = field(default_factory=dict[str, Grave])
    """What a field is to traffic, by the beginning of its path, where that is not what its object is."""
    generic: str = ""
    """The class of the resources, where it stands for every type that this version does not know."""
    name: str = ""
    doc: str = ""
    model: type[Model] = Model

    @property
    def body(self) -> Declared:
        """The fields of the body, by their name in a program."""
        return body_of(self.model)

    def is_on(self, release: Release) -> bool:
        """Tell whether a release has the kind."""
        return self.since <= release <= self.until

    def collection(self, mesh: str | None, release: Release = NEWEST) -> str:
        """Return the path of the collection in a mesh, or of the whole collection."""
        held = [since for since in self.moved if since <= release]
        path = self.moved[max(held)] if held else self.path
        return f"/meshes/{quote(mesh, safe='')}/{path}" if mesh is not None and self.scope == "mesh" else f"/{path}"

    def url(self, address: Address, release: Release = NEWEST) -> str:
        """Return the path of one object."""
        return f"{self.collection(address.mesh, release)}/{quote(address.name, safe='')}"

    def address(self, name: str, mesh: str | None) -> Address:
        """Return the address of an object of this kind."""
        return Address(self.name, mesh if self.scope == "mesh" else None, name)


@cache
def body_of(model: type[Model]) -> Declared:
    """Return the fields of a model that are no part of the envelope."""
    return {name: declared for name, declared in model.declared.items() if name not in ENVELOPE}


KINDS: dict[str, Kind] = {}
"""Every kind, by name."""


GENERIC: dict[str, Kind] = {}
"""What is known of types that this version does not know, by the class of resources that stands for them."""


def register(kind: Kind, name: str, doc: str, model: type[Model]) -> Kind:
    """Make a kind known under its name, with the fields that a class body declared."""
    known = replace(kind, name=name, doc=doc, model=model)
    KINDS[name] = known
    return known


def kind_of(name: str, subject: str = "") -> Kind:
    """Return the kind of a name, or say which ones there are."""
    if name in KINDS:
        return KINDS[name]
    close = get_close_matches(name, KINDS, 1)
    hint = f"did you mean {close[0]}" if close else "a newer version of pulumi_mesh may have it"
    raise UnknownKind(f"{subject or name}: this version knows no kind {name}; {hint}")


def kind_in(props: Body) -> Kind:
    """Return the kind that the properties of a resource are of; they say the type where the class does not."""
    name = str(props.get("__kind", ""))
    if name not in GENERIC:
        return kind_of(name)
    return generic(GENERIC[name], str(props.get("__type", "?")), mesh_scoped=props.get("mesh") is not None)


def generic(kind: Kind, name: str, *, mesh_scoped: bool) -> Kind:
    """Return the kind of a type that this version does not know."""
    return replace(kind, name=name, scope="mesh" if mesh_scoped else "global")
