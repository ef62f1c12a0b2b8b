"""What Envoy's API says of its messages: types and limits of fields, from `envoy.json` (see `tools/envoy_facts.py`)."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from .spec import camel

WIDTHS = {"uint32": (0, 2**32), "uint64": (0, 2**64), "int32": (-(2**31), 2**31), "int64": (-(2**63), 2**63)}
"""Whole numbers: the least, and the first that is too much."""
SCALARS = frozenset({"string", "bytes", "bool", "double", "duration", "struct", "empty", "any", *WIDTHS})


class Type(NamedTuple):
    """What a field holds: `held` is a list or a map of it, or nothing more."""

    name: str
    held: str
    optional: bool
    limits: Mapping[str, float]

    @property
    def item(self) -> "Type":
        """What is in the list or the map."""
        limits = {key.removeprefix("items."): value for key, value in self.limits.items() if key.startswith("items.")}
        return Type(self.name, "", optional=False, limits=limits)


@cache
def facts() -> Mapping[str, Any]:
    """Return messages and enums by name."""
    return json.loads(files("pulumi_mesh.schema").joinpath("envoy.json").read_text("utf-8"))


@cache
def fields(message: str) -> Mapping[str, Type]:
    """Return the fields of a message."""
    return {name: typed(said) for name, said in facts()[message].items() if name}


def typed(said: str) -> Type:
    """Read type and limits of a field."""
    name, *limits = said.split()
    pairs = (limit.partition("=") for limit in limits)
    held = name[0] if name[0] in "[{" else ""
    return Type(name.strip("[]{}?"), held, name.endswith("?"), {key: float(value or 1) for key, _, value in pairs})


def known(message: str, said: Mapping[str, Any]) -> Iterator[tuple[str, Type, Any]]:
    """Yield the fields that are said of a message; both spellings of a name are taken."""
    for key, value in said.items():
        name = camel(key)
        if value is not None and name in fields(message):
            yield name, fields(message)[name], value
