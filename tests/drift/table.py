"""The table of drift: what a program says, what somebody does by hand, what is found of it."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.rules import steps

HERE = Path(__file__).parent
Body = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One line of a table."""

    name: str
    said: Mapping[str, Any]

    @property
    def base(self) -> Body:
        """The object as it is written at first."""
        return copy.deepcopy(bases()[self.said["of"]])

    @property
    def desired(self) -> Body:
        """The object as the program says it."""
        return changed(self.base, self.said, "say")

    @property
    def type(self) -> str:
        return str(self.base["type"])

    @property
    def stranger(self) -> Body | None:
        """Another object that appears."""
        if "put" not in self.said:
            return None
        return copy.deepcopy(bases()[self.said["put"]]) | {"labels": dict(self.said.get("labels") or {})}

    def edited(self, live: Body) -> Body:
        """A live object after what is done by hand."""
        return changed(live, self.said)


@cache
def bases() -> dict[str, Body]:
    return yaml.safe_load((HERE / "bases.yaml").read_text())


def cases(name: str) -> list[Case]:
    """Return the cases of a table whose kinds are known."""
    lines: list[Body] = yaml.safe_load((HERE / f"{name}.yaml").read_text())
    found = [Case(line["case"], line) for line in lines]
    assert len({case.name for case in found}) == len(found)
    return [case for case in found if {case.type, str((case.stranger or case.base)["type"])} <= KINDS.keys()]


def changed(body: Body, said: Mapping[str, Any], prefix: str = "") -> Body:
    """Return an object with what a case sets, drops, appends and turns around."""
    body = copy.deepcopy(body)
    verbs = {verb: said.get(f"{prefix}-{verb}" if prefix else verb) or {} for verb in ("drop", "append", "reverse")}
    for path, value in (said.get(prefix or "set") or {}).items():
        holder, last = place(body, path, make=True)
        holder[last] = value
    for path in verbs["drop"]:
        holder, last = place(body, path)
        del holder[last]
    for path, value in verbs["append"].items():
        holder, last = place(body, path)
        holder[last].append(value)
    for path in verbs["reverse"]:
        holder, last = place(body, path)
        assert len(holder[last]) > 1
        holder[last].reverse()
    return body


def place(body: Any, path: str, *, make: bool = False) -> tuple[Any, Any]:
    """Return what holds the end of a path, and the last step."""
    way: Sequence[str | int] = steps(path)
    for step in way[:-1]:
        body = body.setdefault(step, {}) if make and isinstance(body, dict) else body[step]
    return body, way[-1]
