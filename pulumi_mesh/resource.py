"""The base of every resource: its class body is its declaration, what is known is judged on the user's own line."""

import copy
from collections.abc import Mapping
from dataclasses import InitVar, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal
from weakref import WeakKeyDictionary

import pulumi
from pydantic import TypeAdapter
from typing_extensions import dataclass_transform

from pulumi_mesh.errors import Invalid
from pulumi_mesh.provider.state import PICKLED, owner_name
from pulumi_mesh.schema.check import judge, structure
from pulumi_mesh.schema.kind import ENVELOPE, Kind, register
from pulumi_mesh.schema.release import NEWEST, Release, supported
from pulumi_mesh.schema.rules import Violation
from pulumi_mesh.schema.spec import (
    FIELDS,
    NOTHING,
    Declared,
    Field,
    Model,
    One,
    T,
    Table,
    field,
    is_list,
    is_map,
    plain,
    promised,
    take,
)
from pulumi_mesh.schema.wire import to_wire
from pulumi_mesh.schema.words import sentence

HERE = str(Path(__file__).parent)
Adopt = Literal["never", "identical", "overwrite"]


class InvalidResource(Invalid, pulumi.RunError):
    """A resource that the control plane would refuse, said on the line of the program that declares it."""


class Attribute:
    """An output of a resource, as the type that its field declares."""

    def __init__(self, declared: Field) -> None:
        self.declared = declared
        self.adapter = TypeAdapter[Any](declared.hint, config={"defer_build": True})

    def __get__(self, at: Any, owner: Any = None) -> Any:
        if at is None:
            return self
        name = self.declared.name
        if name not in at.said:  # known to be nothing, in a preview too
            return pulumi.Output.from_input(None)
        output: pulumi.Output[Any] = at.__dict__[name]
        return output.apply(lambda value: self.adapter.validate_python(value, extra="ignore"))

    def __set__(self, at: Any, value: Any) -> None:
        raise AttributeError(f"{self.declared.name} is an output")


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
class Base(pulumi.CustomResource):
    """A resource whose class body is its declaration."""

    declared: ClassVar[Declared] = {}
    kind: ClassVar[Kind]
    said: dict[str, Any]
    """What the program said, validated; Outputs where it promised a value."""

    def __init_subclass__(cls, kind: Kind | None = None) -> None:
        cls.declared = take(cls)
        if kind is None:
            return
        if kind.scope == "global":
            cls.declared.pop("mesh", None)
        if kind.shape == "spec":
            cls.declared = {
                name: declared if name in ENVELOPE else replace(declared, wire=f"spec.{declared.wire}")
                for name, declared in cls.declared.items()
            }
        model = type(cls.__name__, (Model,), {"__module__": cls.__module__, "__doc__": cls.__doc__})
        model.declared = cls.declared
        cls.kind = register(kind, cls.__name__, cls.__doc__ or "", model)
        for name, declared in cls.declared.items():
            setattr(cls, name, Attribute(declared))

    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        adopt: Adopt = "never",
        **said: Any,
    ) -> None:
        said.setdefault("name", resource_name)
        if isinstance(said.get("mesh"), Base):
            said["mesh"] = said["mesh"].name
        self.said = self.validated(said)
        self.declare_once()
        opts, adopt = adopted(opts, adopt)
        props = {
            **sealed(self.kind.model, plain(self.said)),
            "__provider": PICKLED,
            "__kind": self.kind.name,
            "__owner": owner_name(pulumi.get_project(), pulumi.get_stack(), pulumi.Config("mesh").get("owner")),
            **({"__adopt": adopt} if adopt != "never" else {}),
        }
        super().__init__(f"pulumi-python:dynamic/mesh:{self.kind.name}", resource_name, props, opts)

    def validated(self, said: dict[str, Any]) -> dict[str, Any]:
        """Take what the program said, with defaults; refuse what the control plane would refuse."""
        said = {name: value for name, value in said.items() if value is not None}
        release = target()
        if not structure(self.kind.model, said):
            made: Model = self.kind.model.adapter.validate_python(said)
            said = {name: value for name, value in vars(made).items() if value is not None}
        if violations := judge(self.kind, plain(said), release):
            raise self.refused(said, violations)
        return said

    def refused(self, said: dict[str, Any], violations: list[Violation]) -> InvalidResource:
        """Say what is wrong, with the address of the object and the line of the program."""
        model = self.kind.model
        body = to_wire(model, plain(said))
        reasons = [sentence(violation, model, body, argument=True) for violation in violations]
        return InvalidResource(str(self.address_of(said)), reasons, line_of_program())

    def address_of(self, said: dict[str, Any]) -> str:
        """Return the address, `?` for a part that is not known yet."""
        shown = {key: "?" if promised(value) else str(value) for key, value in said.items() if key in ("name", "mesh")}
        mesh = shown.get("mesh", str(self.declared["mesh"].facts.default)) if self.kind.scope == "mesh" else None
        return str(self.kind.address(shown["name"], mesh))

    def declare_once(self) -> None:
        """Refuse a second resource of one program for the same object."""
        root = pulumi.runtime.get_root_resource()
        if root is None or any(promised(self.said.get(key)) for key in ("name", "mesh")):
            return
        key = f"{self.said['control_plane']} {self.address_of(self.said)}"
        lines = DECLARED.setdefault(root, {})
        if key in lines:
            reason = f"is declared twice, first at {lines[key]}; one object has one resource"
            raise InvalidResource(self.address_of(self.said), [reason], line_of_program())
        lines[key] = line_of_program()


def sealed(model: type[Model], said: Mapping[str, Any]) -> dict[str, Any]:
    """Make Pulumi secrets of the values of secret fields, at any depth."""
    declared = model.variant(said).declared
    return {name: seal(declared[name], value) if name in declared else value for name, value in said.items()}


def seal(declared: Field, value: Any) -> Any:
    """Make a Pulumi secret of a value if its field is one, or of what is secret in it."""
    if declared.facts.secret:
        return pulumi.Output.secret(value)
    if declared.model is None or promised(value):
        return value
    if is_list(value):
        return [sealed(declared.model, item) if is_map(item) else item for item in value]
    if declared.holds == "table" and is_map(value):
        return {key: sealed(declared.model, item) if is_map(item) else item for key, item in value.items()}
    return sealed(declared.model, value) if is_map(value) else value


DECLARED: "WeakKeyDictionary[pulumi.Resource, dict[str, str]]" = WeakKeyDictionary()


def adopted(opts: pulumi.ResourceOptions | None, adopt: Adopt) -> tuple[pulumi.ResourceOptions, Adopt]:
    """Translate `opts.import_`, which dynamic providers do not have, into adoption; delete first when replacing."""
    opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(delete_before_replace=True), opts)
    if opts.import_:
        opts = copy.copy(opts)
        opts.import_, adopt = None, "overwrite" if adopt == "never" else adopt
    return opts, adopt


def target() -> Release:
    """Return the release of Kuma that the program is written for: `mesh:version`, else the newest supported."""
    said = pulumi.Config("mesh").get("version")
    return supported(said, "mesh:version") if said else NEWEST


def line_of_program() -> str:
    """Return file and line of the nearest caller outside of this package."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(HERE):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame is not None else ""


class Resource(Base):
    """What every kind takes."""

    resource_name: InitVar[str] = field(kw_only=False)
    opts: InitVar[pulumi.ResourceOptions | None] = field(default=None)
    adopt: InitVar[Adopt] = field(default="never")
    name: One[str] = field(default=None, doc="The name on the control plane; the resource's name, if absent.")
    labels: Table[str] = field(default=None, doc="Labels of the object.")
    control_plane: One[str] = field(default="default", doc="Which of the configured control planes holds it.")


class InMesh(Generic[T]):
    """The mesh of a resource: the Mesh or its name."""

    holds: ClassVar[Literal["one"]] = "one"

    if TYPE_CHECKING:

        def __get__(self, at: Any, owner: Any = None) -> pulumi.Output[T]: ...
        def __set__(self, at: Any, value: pulumi.Input[T] | Base) -> None: ...

    __get_pydantic_core_schema__ = One.__get_pydantic_core_schema__


FIELDS.add(InMesh)


class MeshScoped(Resource):
    """What every kind that lives in a mesh takes."""

    mesh: InMesh[str] = field(
        default="default", doc="The mesh that it lives in: the Mesh, its name, or an Output of it."
    )


__all__ = ["NOTHING", "Adopt", "Base", "InMesh", "InvalidResource", "MeshScoped", "Resource"]
