"""Two kinds that nobody has, with every sort of field: what is promised of kinds is shown on them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import ENVELOPE, Kind
from pulumi_mesh.schema.parts import Base64, Bool, Duration, Int, IntOrStr, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Violation, parts
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, Table, field

COLOURS = {"NONE": 0, "RED": 1, "BLUE": 2}


class Source(Model):
    """Where a key comes from."""

    file: One[Str | None] = field(default=None)
    inline: One[Base64 | None] = field(default=None, secret=True)


class Lock(Model, by="type"):
    """A lock of one of two makes."""

    name: One[Str] = field()
    type: One[Literal["key", "code"]] = field()


class KeyLock(Lock, when="key"):
    """A lock with a key."""

    type: One[Literal["key"]] = field(default="key")
    teeth: One[Int | None] = field(default=None, wire="conf.teeth")
    key: Part[Source | None] = field(default=None, wire="conf.key")


class CodeLock(Lock, when="code"):
    """A lock with a code."""

    type: One[Literal["code"]] = field(default="code")
    code: One[Str | None] = field(default=None, wire="conf.code", secret=True)
    wait: One[Duration | None] = field(default=None, wire="conf.wait")


class Hinge(Model):
    """What a door turns on; hinges have no name."""

    side: One[Str | None] = field(default=None)
    oil_grade: One[Int | None] = field(default=None)


class Door(Model):
    """A way in."""

    port: One[Int] = field()
    host: One[Str | None] = field(default=None)
    colour: One[Literal["RED", "BLUE", "NONE"] | None] = field(default=None, enum=COLOURS)
    locks: Parts[Lock] = field(default=None, key=("name",))
    hinges: Parts[Hinge] = field(default=None)
    wide: One[Bool | None] = field(default=None)
    shut_after: One[Duration | None] = field(default=None, fills="15s")
    width: One[IntOrStr | None] = field(default=None, since="2.12")


def height(conf: Mapping[str, Any]) -> int:
    """A house is as high as its owner."""
    return 9 if conf.get("ownerID") == "giant" else 1


WIRE = {
    "doors": "conf.doors",
    "grants": "conf.grants",
    "height": "conf.height",
    "owner_id": "conf.ownerID",
}


class House(Model):
    """A house, for both shapes."""

    name: One[Str] = field(default=None)
    mesh: One[Str] = field(default="default")
    labels: Table[Str] = field(default=None)
    control_plane: One[Str] = field(default="default")
    doors: Parts[Door] = field(default=None, key=("port", "host"))
    grants: Many[Str] = field(default=None, unordered=True)
    height: One[Int | None] = field(default=None, fills=height)
    owner_id: One[Str | None] = field(default=None, presence=True)
    tags: Table[Str] = field(default=None, fills_keys=("zone",))
    rooms: Table[Hinge] = field(default=None)
    steps: Many[Int] = field(default=None)
    cellar: Part[Source | None] = field(default=None)
    safe: One[Str | None] = field(default=None, secret=True)
    seen: One[Str | None] = field(default=None, owned=True)


def some_port(house: Mapping[str, Any], _: Release) -> Iterator[Violation]:
    """Each door has a port that exists."""
    for at in ("conf.doors", "spec.doors"):
        for path, door in parts(house, at):
            if not 1 <= int(door.get("port") or 0) <= 65535:
                yield Violation(f"{path}.port", "port must be in the range [1, 65535]")


def wire(name: str, key: str, shape: str) -> str:
    """Return where a field of the body stands in one shape."""
    return WIRE.get(name, key) if shape == "legacy" else f"spec.{WIRE.get(name, key).removeprefix('conf.')}"


def made(shape: Literal["legacy", "spec"]) -> Kind:
    """Make the kind of one shape, without telling anybody of it."""
    model = type("House", (House,), {"__module__": __name__, "__doc__": House.__doc__})
    model.declared = {
        name: one if name in ENVELOPE else replace(one, wire=wire(name, one.wire, shape))
        for name, one in House.declared.items()
    }
    return replace(Kind(path="houses", shape=shape, rules=(some_port,)), name="House", model=model, doc="A house.")


LEGACY, SPEC = made("legacy"), made("spec")


def document(body: Mapping[str, Any], kind: Kind = LEGACY, **rest: Any) -> Document:
    """Make a document of a house."""
    return Document(kind.address("home", "town"), body, **rest)
