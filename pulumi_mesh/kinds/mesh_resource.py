"""MeshResource: an object of a type that this version does not know."""

from collections.abc import Mapping
from dataclasses import InitVar
from typing import Any

from pulumi_mesh.resource import Named, Resource, shown, target
from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.kind import GENERIC, Kind, generic
from pulumi_mesh.schema.spec import One, field
from pulumi_mesh.schema.wire import to_wire
from pulumi_mesh.schema.words import sentence


class MeshResource(Resource):
    """An object of a type that this version does not know, as a plugin or a newer control plane brings it.

    `type` is its type, as the control plane calls it: it is asked whether and where it serves such objects. A type that
    this version knows has a class of its own. What the control plane adds to the `spec`, or spells otherwise, must be
    said so: nobody here knows what it means. Secrets do not belong into it.
    """

    type: InitVar[str] = field()
    mesh: Named[str | None] = field(
        default=None, doc="The mesh that it lives in, if objects of this type live in meshes: the Mesh, or its name."
    )
    spec: One[Mapping[str, Any]] = field(doc="What it says, with keys as the control plane has them.")

    def completed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Take the type, which decides what kind of object this is."""
        self.of_type = shown(said.pop("type", "") or "?")
        return said

    def hidden(self) -> dict[str, Any]:
        """Return the type."""
        return {"__type": self.of_type}

    def noted(self, line: str) -> dict[str, Any]:
        """Note nothing: nobody here knows what it refers to."""
        return {}

    def kind_said(self, said: Mapping[str, Any]) -> Kind:
        """Return the kind that is said to be meant."""
        return generic(GENERIC[type(self).__name__], self.of_type, mesh_scoped=said.get("mesh") is not None)

    def judged(self, said: dict[str, Any]) -> list[str]:
        """Say everything that is wrong with it, as far as that is known of any type."""
        body, found = to_wire(self.model, said), judge(self.kind_said(said), said, target())
        return [sentence(one, self.model, body, argument=True) for one in found]

    def subject(self, said: dict[str, Any]) -> str:
        """Return the address of the object, `?` for a part that is not known yet."""
        mesh = shown(said["mesh"]) if "mesh" in said else None
        return str(self.kind_said(said).address(shown(said["name"]), mesh))


MeshResource.attributes(MeshResource.declared)
GENERIC[MeshResource.__name__] = Kind(
    path="",
    asked=True,
    generic=MeshResource.__name__,
    shape="spec",
    status="2.10",
    name=MeshResource.__name__,
    doc=MeshResource.__doc__ or "",
    model=MeshResource.model,
)

__all__ = ["MeshResource"]
