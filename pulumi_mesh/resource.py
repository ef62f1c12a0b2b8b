"""The base of every resource: its class body is its declaration, what is known is judged on the user's own line."""

import copy
import inspect
from collections.abc import Mapping
from dataclasses import InitVar, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal
from weakref import WeakKeyDictionary

import pulumi
from pydantic import TypeAdapter
from typing_extensions import dataclass_transform

from pulumi_mesh.errors import Invalid
from pulumi_mesh.provider.foretold import foretell
from pulumi_mesh.provider.program import Declared as InProgram
from pulumi_mesh.provider.program import Outside, program
from pulumi_mesh.provider.state import PICKLED, owner_name
from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.kind import ENVELOPE, Kind, register
from pulumi_mesh.schema.release import NEWEST, Release, supported
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
    promised,
    settled,
    take,
)
from pulumi_mesh.schema.wire import to_wire
from pulumi_mesh.schema.words import sentence

HERE = str(Path(__file__).parent)
Adopt = Literal["never", "identical", "overwrite"]
Wait = Literal["accepted"]


class InvalidResource(Invalid, pulumi.RunError):
    """A resource that the control plane would refuse, said on the line of the program that declares it."""


class Attribute:
    """An output of a resource, as the type that its field declares."""

    def __init__(self, declared: Field) -> None:
        self.declared = declared

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What makes the type of a value that the engine gives."""
        return TypeAdapter[Any](self.declared.hint, config={"defer_build": True})

    def __get__(self, at: Any, owner: Any = None) -> Any:
        if at is None:
            return self
        name = self.declared.name
        if name not in at.said and not self.declared.facts.owned:  # known to be nothing, in a preview too
            return pulumi.Output.from_input(None)
        output: pulumi.Output[Any] = at.__dict__[name]
        read = output.apply(lambda value: self.adapter.validate_python(value, extra="ignore"))
        return foretell(read, at.said[name]) if name in at.said and not self.declared.facts.owned else read

    def __set__(self, at: Any, value: Any) -> None:
        raise AttributeError(f"{self.declared.name} is an output")


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
class Base(pulumi.CustomResource):
    """A resource whose class body is its declaration."""

    declared: ClassVar[Declared] = {}
    model: ClassVar[type[Model]]
    delete_first: ClassVar[bool] = True
    """Whether a replacement deletes before it creates: two objects cannot have one name."""
    waits: ClassVar[bool] = False
    """Whether a program may wait until the proxies run it."""
    secret_outputs: ClassVar[tuple[str, ...]] = ()
    """What the control plane answers, and nobody may see."""
    said: dict[str, Any]
    """What the program said, validated; Outputs where it promised a value."""
    names: dict[str, Any]
    """The names of the resources that it gave for names: known before their Outputs are."""

    def __init_subclass__(cls, *, concrete: bool = False) -> None:
        cls.declared = take(cls)
        if concrete:
            cls.attributes(cls.declared)

    @classmethod
    def attributes(cls, declared: Declared) -> None:
        """Make the model that judges what a program says, and an Output of each field."""
        cls.declared = declared
        cls.model = type(cls.__name__, (Model,), {"__module__": cls.__module__, "__doc__": cls.__doc__})
        cls.model.declared = declared
        for name, one in declared.items():
            setattr(cls, name, Attribute(one))

    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        adopt: Adopt = "never",
        wait: Wait | None = None,
        **said: Any,
    ) -> None:
        if "name" in self.declared:
            said.setdefault("name", resource_name)
        said = {key: value for key, value in self.completed(said).items() if value is not None}
        self.names = {key: value.said["name"] for key, value in said.items() if isinstance(value, Resource)}
        self.said = self.validated({k: v.name if isinstance(v, Resource) else v for k, v in said.items()})
        line = self.declare_once()
        own = pulumi.ResourceOptions(
            delete_before_replace=self.delete_first, additional_secret_outputs=list(self.secret_outputs)
        )
        opts, adopt = adopted(pulumi.ResourceOptions.merge(own, opts), adopt)
        props = {
            **{name: None for name, declared in self.declared.items() if declared.facts.owned},
            **sealed(self.model, self.said),
            **self.hidden(),
            "__provider": PICKLED,
            "__kind": type(self).__name__,
            "__owner": owner(),
            **({"__adopt": adopt} if adopt != "never" else {}),
            **self.waiting(wait),
            **self.noted(line),
        }
        super().__init__(f"pulumi-python:dynamic/mesh:{type(self).__name__}", resource_name, props, opts)

    def completed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Take from what was said what goes without saying."""
        return said

    def hidden(self) -> dict[str, Any]:
        """Return what else the provider must know."""
        return {}

    def waiting(self, wait: str | None) -> dict[str, Any]:
        """Return what the provider must know to wait for the proxies; refuse what cannot be waited for."""
        if wait is None:
            return {}
        if not self.waits or wait != "accepted":
            why = 'must be "accepted", or left out' if self.waits else "only gateways and routes can be waited for"
            raise InvalidResource(self.subject(self.said | self.names), [f"wait: {why}"], line_of_program())
        return {"__wait": wait}

    def judged(self, said: dict[str, Any]) -> list[str]:
        """Say everything that the control plane would refuse."""
        raise NotImplementedError

    def subject(self, said: dict[str, Any]) -> str:
        """Return the address of the object, `?` for a part that is not known yet."""
        raise NotImplementedError

    def validated(self, said: dict[str, Any]) -> dict[str, Any]:
        """Take what the program said, with defaults; refuse what the control plane would refuse, on the user's line."""
        said = settled(self.model, said)
        if reasons := self.judged(said):
            raise InvalidResource(self.subject(said | self.names), reasons, line_of_program())
        return said

    def noted(self, line: str) -> dict[str, Any]:
        """Note the resource in its program, to be judged with all others when that ends; return what the provider hears of it."""
        return {}

    def declare_once(self) -> str:
        """Refuse a second resource of one program for the same object; return the line that declares it."""
        root, here = pulumi.runtime.get_root_resource(), self.subject(self.said | self.names)
        if root is None or "?" in here:
            return line_of_program()
        lines, key = DECLARED.setdefault(root, {}), f"{self.said['control_plane']} {here}"
        if key in lines:
            reason = f"is declared twice, first at {lines[key]}; one object has one resource"
            raise InvalidResource(here, [reason], line_of_program())
        lines[key] = line_of_program()
        return lines[key]


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


def adopted(opts: pulumi.ResourceOptions, adopt: Adopt) -> tuple[pulumi.ResourceOptions, Adopt]:
    """Translate `opts.import_`, which dynamic providers do not have, into adoption."""
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
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(HERE):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame is not None else ""


def owner() -> str:
    """Return whose the resources of this program are; nothing where `mesh:owner` is `off`."""
    return owner_name(pulumi.get_project(), pulumi.get_stack(), pulumi.Config("mesh").get("owner"))


def shown(value: object) -> str:
    """Show a part of an address, `?` where it is not known yet."""
    return "?" if promised(value) else str(value)


class Placed(Base):
    """What every resource takes."""

    resource_name: InitVar[str] = field(kw_only=False)
    opts: InitVar[pulumi.ResourceOptions | None] = field(default=None)
    adopt: InitVar[Adopt] = field(default="never")
    control_plane: One[str] = field(default="default", doc="Which of the configured control planes holds it.")


class Resource(Placed):
    """What every kind takes."""

    kind: ClassVar[Kind]
    name: One[str] = field(default=None, doc="The name on the control plane; the resource's name, if absent.")
    labels: Table[str] = field(default=None, doc="Labels of the object.")

    def __init_subclass__(cls, kind: Kind | None = None) -> None:
        super().__init_subclass__()
        if kind is None:
            return
        if kind.scope == "global":
            cls.declared.pop("mesh", None)
        spec = "spec." if kind.shape == "spec" else ""
        cls.attributes(
            {
                name: declared if name in ENVELOPE else replace(declared, wire=spec + declared.wire)
                for name, declared in cls.declared.items()
            }
        )
        cls.kind = register(kind, cls.__name__, cls.__doc__ or "", cls.model)

    def judged(self, said: dict[str, Any]) -> list[str]:
        """Say everything that the control plane would refuse, with the argument's path and the control plane's own."""
        body = to_wire(self.model, said)
        return [sentence(found, self.model, body, argument=True) for found in judge(self.kind, said, target())]

    def noted(self, line: str) -> dict[str, Any]:
        """Note the object in its program; the provider hears what it refers to that the program does not declare."""
        root = pulumi.runtime.get_root_resource()
        if root is None or self.kind.generic:
            return {}
        whole, own = program(root), InProgram(self, self.said, line, self.kind)
        whole.declared.append(own)

        return {"__outside": Outside(whole, own)}

    def subject(self, said: dict[str, Any]) -> str:
        """Return the address of the object, `?` for a part that is not known yet."""
        mesh = shown(said.get("mesh", "default")) if self.kind.scope == "mesh" else None
        return str(self.kind.address(shown(said["name"]), mesh))


class Named(Generic[T]):
    """The name of another object: the object itself, its name, or an Output of it."""

    holds: ClassVar[Literal["one"]] = "one"

    if TYPE_CHECKING:

        def __get__(self, at: Any, owner: Any = None) -> pulumi.Output[T]: ...
        def __set__(self, at: Any, value: pulumi.Input[T] | Base) -> None: ...

    __get_pydantic_core_schema__ = One.__get_pydantic_core_schema__


FIELDS.add(Named)


class MeshScoped(Resource):
    """What every kind that lives in a mesh takes."""

    mesh: Named[str] = field(
        default="default", doc="The mesh that it lives in: the Mesh, its name, or an Output of it."
    )


class Awaited(MeshScoped):
    """What gateways and routes take: after a write, the proxies can be waited for."""

    waits = True
    wait: InitVar[Wait | None] = field(default=None)


__all__ = [
    "NOTHING",
    "Adopt",
    "Awaited",
    "Base",
    "InvalidResource",
    "MeshScoped",
    "Named",
    "Placed",
    "Resource",
    "Wait",
]
