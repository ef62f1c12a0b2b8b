"""Documents as programs: the same object, said by the classes of the package."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_mesh as mesh
from pulumi_mesh.schema.check import OUTSIDE
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.spec import Field, Model
from pulumi_mesh.schema.wire import from_wire

WIDTH = 100


@dataclass(frozen=True)
class Code:
    """An expression: text by itself, or parts between brackets, on a line of their own each where one line is too long."""

    head: str
    parts: tuple["Code", ...] = ()
    tail: str = ""

    @property
    def flat(self) -> str:
        """It on one line."""
        return f"{self.head}{', '.join(part.flat for part in self.parts)}{self.tail}"

    def lines(self, indent: int = 0, after: str = "") -> list[str]:
        """It on as many lines as it takes."""
        space = " " * indent
        if not self.parts or len(space + self.flat + after) <= WIDTH:
            return [space + self.flat + after]
        inner = [line for part in self.parts for line in part.lines(indent + 4, ",")]
        return [space + self.head, *inner, f"{space}{self.tail}{after}"]

    def named(self, name: str) -> "Code":
        """It as an argument of a call, or as an entry of a map."""
        return Code(name + self.head, self.parts, self.tail)


def program(kind: Kind, document: Mapping[str, Any]) -> str:
    """Return the program that declares the object of a document."""
    said, _ = from_wire(kind.body, {key: value for key, value in document.items() if key not in OUTSIDE})
    head = {key: document[key] for key in ("mesh", "labels") if key in document}
    arguments = [plain(value).named(f"{name}=") for name, value in head.items()]
    arguments += [valued(kind.body[name], value).named(f"{name}=") for name, value in said.items()]
    call = Code(f"mesh.{kind.name}(", (plain(document["name"]), *arguments), ")")
    return "\n".join(["import pulumi_mesh as mesh", "", *call.lines()]) + "\n"


def valued(field: Field, value: Any) -> Code:
    """Say the value of a field."""
    model = field.model
    if model is None:
        return plain(value)
    if field.holds == "parts":
        return Code("[", tuple(made(model, item) for item in value), "]")
    if field.holds == "table":
        return Code("{", tuple(made(model, item).named(f"{json.dumps(key)}: ") for key, item in value.items()), "}")
    return made(model, value)


def made(model: type[Model], said: Mapping[str, Any]) -> Code:
    """Say a part, by its class where the package has it."""
    model = model.variant(said)
    given = {name: value for name, value in said.items() if value != model.declared[name].facts.default}
    values = {name: valued(model.declared[name], value) for name, value in given.items()}
    if getattr(mesh, model.__name__, None) is not model:
        return Code("{", tuple(one.named(f'"{name}": ') for name, one in values.items()), "}")
    return Code(f"mesh.{model.__name__}(", tuple(one.named(f"{name}=") for name, one in values.items()), ")")


def plain(value: Any) -> Code:
    """Say a value that has no class of its own."""
    if isinstance(value, str):
        return Code(json.dumps(value, ensure_ascii=False))
    if isinstance(value, Mapping):
        return Code("{", tuple(plain(item).named(f"{json.dumps(key)}: ") for key, item in value.items()), "}")  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list):
        return Code("[", tuple(plain(item) for item in value), "]")  # pyright: ignore[reportUnknownVariableType]
    return Code(repr(value))
