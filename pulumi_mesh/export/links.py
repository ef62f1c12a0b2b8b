"""Which objects an object names, and where in it: there a program says the object instead of its name."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.schema.kind import KINDS, Address
from pulumi_mesh.schema.spec import Field, Model, is_list, is_map
from pulumi_mesh.sources.holdings import home

from .spoken import Spoken

ELSEWHERE = ("namespace", "mesh")
"""Fields by which a reference leaves the mesh."""


def links(model: type[Model], said: Mapping[str, Any], mesh: str | None) -> dict[str, list[Address]]:
    """Return the fields of a part whose values name objects, with the objects that they name."""
    found = {
        name: [named(field.facts.refers, one, mesh) for one in (said[name] if is_list(said[name]) else [said[name]])]
        for name, field in model.declared.items()
        if field.facts.refers in KINDS and said.get(name)
    }
    kind = said.get("kind")
    by_kind = {"kind", "name"} <= model.declared.keys() and isinstance(kind, str) and kind in KINDS
    if by_kind and said.get("name") and not any(said.get(key) for key in ELSEWHERE):
        found["name"] = [named(str(kind), said["name"], mesh)]
    return found


def named(kind: str, name: Any, mesh: str | None) -> Address:
    """Return the address of an object that is named from within a mesh."""
    return KINDS[kind].address(str(name), mesh)


def mentions(spoken: Spoken) -> Iterator[Address]:
    """Yield every object that an object names, its mesh first."""
    mesh = home(spoken.address)
    if spoken.address.mesh is not None:
        yield Address("Mesh", None, spoken.address.mesh)
    if not spoken.kind.generic:
        yield from within(spoken.kind.model, spoken.said, mesh)


def within(model: type[Model], said: Mapping[str, Any], mesh: str | None) -> Iterator[Address]:
    """Yield every object that a part names."""
    model = model.variant(said)
    for named_here in links(model, said, mesh).values():
        yield from named_here
    for name, value in said.items():
        field = model.declared.get(name)
        for part, held in parts(field, value) if field is not None else ():
            yield from within(part, held, mesh)


def parts(field: Field, value: Any) -> Iterator[tuple[type[Model], Mapping[str, Any]]]:
    """Yield the parts that a field holds."""
    if field.model is None:
        return
    held = value if is_list(value) else list(value.values()) if field.holds == "table" and is_map(value) else [value]
    yield from ((field.model, one) for one in held if is_map(one))
