"""One object as the call that declares it: models for its parts, variables for what it names, settings for its secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any, get_origin

from pulumi_mesh.schema.holders import Ref, Refs
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.spec import Field, Model, is_list, is_map
from pulumi_mesh.schema.wire import VEIL
from pulumi_mesh.sources.holdings import home

from .code import Call, Code, Name, plain
from .links import links
from .names import key_of
from .spoken import Spoken

REFS: Mapping[str, tuple[str, frozenset[str]]] = {
    "MeshGateway": ("TargetRef", frozenset({"kind", "name", "tags"})),
    **{
        kind: ("BackendRef", frozenset({"kind", "name", "port", "weight"}))
        for kind in ("MeshService", "MeshExternalService", "MeshMultiZoneService")
    },
}
"""Kinds whose resources have a `ref`: the model that it makes, and the fields of that which it can say."""


@dataclass
class Secrets:
    """The secrets of a program, by the settings that hold them."""

    values: dict[str, str | None] = field(default_factory=dict[str, str | None], repr=False)
    """The value of each; None where nobody here knows it."""

    def setting(self, resource: str, way: tuple[str | int, ...], value: Any) -> Code:
        """Return the call that reads a secret, and remember its value."""
        key = key_of(resource, way, self.values)
        self.values[key] = None if value == VEIL else str(value)
        return Call("config.require_secret", [key])


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one object, in a scope of variables."""

    spoken: Spoken
    resource: str
    """The name of its resource."""
    names: Mapping[Address, str]
    """The variables in scope, by the objects that they hold."""
    secrets: Secrets

    def call(self) -> Call:
        """Write the call."""
        one = self.spoken
        said: dict[str, Code] = {"type": one.kind.name} if one.kind.generic else {}
        said |= {"name": one.address.name} if self.resource != one.address.name else {}
        said |= self.mesh()
        if one.control_plane != "default":
            said["control_plane"] = one.control_plane
        said |= self.fields(one.kind.model, one.said, ())
        if one.labels:
            said["labels"] = dict(one.labels)
        if one.adopt != "never":
            said["adopt"] = one.adopt
        return Call(f"mesh.{one.kind.generic or one.kind.name}", [self.resource], said)

    def mesh(self) -> dict[str, Code]:
        """Say the mesh: its variable, else its name, unless that goes without saying."""
        mesh = self.spoken.address.mesh
        if mesh is None:
            return {}
        variable = self.names.get(Address("Mesh", None, mesh))
        if variable is None and mesh == "default" and not self.spoken.kind.generic:
            return {}
        return {"mesh": Name(variable) if variable else mesh}

    def fields(self, model: type[Model], said: Mapping[str, Any], way: tuple[str | int, ...]) -> dict[str, Code]:
        """Write the fields of a part."""
        linked = links(model, said, home(self.spoken.address))
        written: dict[str, Code] = {}
        for name, value in said.items():
            declared, here = model.declared[name], (*way, name)
            if name == model.by and value == declared.facts.default:
                continue  # the class of the variant says it
            if name in linked and any(address in self.names for address in linked[name]):
                held = [self.name_of(address) for address in linked[name]]
                written[name] = held if is_list(value) else held[0]
            else:
                written[name] = self.value(declared, value, here)
        return written

    def name_of(self, address: Address) -> Code:
        """Write the name of an object: that of its variable, where it has one."""
        return Name(f"{self.names[address]}.name") if address in self.names else address.name

    def value(self, declared: Field, value: Any, way: tuple[str | int, ...]) -> Code:
        """Write the value of a field."""
        if declared.facts.secret and isinstance(value, str):
            return self.secrets.setting(self.resource, way, value)
        model = declared.model
        if model is None:
            return plain(value) if declared.holds != "table" or not is_map(value) else dict(value)
        if is_list(value):
            return [self.part(declared, model, item, (*way, index)) for index, item in enumerate(value)]
        if declared.holds == "table" and is_map(value):
            return {key: self.part(declared, model, item, (*way, key)) for key, item in value.items()}
        return self.part(declared, model, value, way)

    def part(self, declared: Field, model: type[Model], said: Any, way: tuple[str | int, ...]) -> Code:
        """Write a part: as a variable or by its `ref` where it names an object, else as its model."""
        if not is_map(said):
            return plain(said)
        model = model.variant(said)
        return self.short(declared, model, said) or Call(f"mesh.{model.__name__}", (), self.fields(model, said, way))

    def short(self, declared: Field, model: type[Model], said: Mapping[str, Any]) -> Code:
        """Write a part that names an object and says nothing else; None where that cannot be said shorter."""
        linked = links(model, said, home(self.spoken.address))
        for name, (address, *_) in linked.items():
            variable = self.names.get(address)
            if variable is None:
                continue
            if name == model.stands and set(said) == {name} and get_origin(declared.hint) in (Ref, Refs):
                return Name(variable)
            made, sayable = REFS.get(address.kind, ("", frozenset[str]()))
            if made == model.__name__ and set(said) <= sayable:
                return Call(f"{variable}.ref", (), arguments(said))
        return None


def arguments(said: Mapping[str, Any]) -> dict[str, Code]:
    """Return what a `ref` is called with: tags that are no identifiers come in a map."""
    tags: dict[str, Code] = dict(said.get("tags") or {})
    by_name = all(key.isidentifier() and not iskeyword(key) and key != "self" for key in tags)
    rest: dict[str, Code] = {key: value for key, value in said.items() if key not in ("kind", "name", "tags")}
    return rest | (tags if by_name else {"**": tags})
