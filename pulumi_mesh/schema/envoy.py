"""What Envoy's own configuration must look like where a policy carries some of it as YAML.

The control plane reads it by Envoy's schema, drops what it does not know, and judges a whole resource by its limits.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from .envoy_facts import WIDTHS, Type, facts, known
from .envoy_limits import invalid
from .forms import decoded, nanoseconds
from .go_yaml import COMPOSER, Build, Unreadable
from .spec import is_list, is_map

ROOTS = {
    "cluster": "config.cluster.v3.Cluster",
    "listener": "config.listener.v3.Listener",
    "networkFilter": "config.listener.v3.Filter",
    "httpFilter": "extensions.filters.network.http_connection_manager.v3.HttpFilter",
    "virtualHost": "config.route.v3.VirtualHost",
}
"""The sorts of resources, and what Envoy calls them."""
OBJECT, LIST = "map[string]json.RawMessage", "[]json.RawMessage"
FLOATS = ("NaN", "Infinity", "-Infinity")
PACKAGES = ("envoy.", "google.", "xds.", "udpa.", "kuma.", "opencensus.", "validate.", "test.")
"""Where the types of an object that names its type come from."""


def no_resource(sort: str, text: str, *, whole: bool) -> str:
    """Say why text is no resource of Envoy of some sort, a whole one or a part of it; nothing where it is one."""
    try:
        read = first(text)
    except (ValueError, RecursionError):
        return "it is neither YAML nor JSON"
    said: Any = {} if read is None else read
    found = next(misread(Type(ROOTS[sort], "", optional=False, limits={}), said), "")
    return found or (next(invalid(ROOTS[sort], said), "") if whole else "")


def no_any(text: str) -> str:
    """Say why text is no resource of Envoy that names its own type; nothing where it is one, as far as its type is known."""
    try:
        said = first(text)
    except (ValueError, RecursionError):
        return "it is neither YAML nor JSON"
    if found := next(any_object("", said), ""):
        return found
    named = str(said["@type"]).rpartition("/")[2].removeprefix("envoy.")
    sort = next((sort for sort, root in ROOTS.items() if root == named), "")
    rest = {key: value for key, value in said.items() if key != "@type"}
    return no_resource(sort, json.dumps(rest), whole=True) if sort else ""


def first(text: str) -> Any:
    """Read the first document of YAML, or JSON that is none."""
    try:
        composer = COMPOSER(text)
        node = composer.get_node() if composer.check_node() else None
        return None if node is None else Build(node).value
    except (yaml.YAMLError, Unreadable):
        return json.loads(text)


def misread(kind: Type, value: Any) -> Iterator[str]:
    """Yield what cannot be read; null is no value."""
    if value is None:
        return
    if kind.held == "[":
        yield from () if is_list(value) else (other(value, LIST),)
        for item in value if is_list(value) else ():
            yield from misread(kind.item, item)
    elif kind.held == "{":
        yield from () if is_map(value) else (other(value, OBJECT),)
        for item in value.values() if is_map(value) else ():
            yield from misread(kind.item, item)
    elif kind.name in READERS:
        yield from READERS[kind.name](kind.name, value)
    elif is_list(names := facts()[kind.name]):
        yield from not_one_of(names, value)
    elif not is_map(value):
        yield other(value, OBJECT)
    else:
        for _, inner, item in known(kind.name, value):
            yield from misread(inner, item)


def not_one_of(names: Any, value: Any) -> Iterator[str]:
    """A value is one of some names, or a number."""
    if isinstance(value, str):
        if value not in names:
            yield f"unknown value {json.dumps(json.dumps(value))}; it must be one of {', '.join(names)}"
    elif isinstance(value, bool) or not isinstance(value, int):
        yield other(value, "protoreflect.EnumNumber")


def text(kind: str, value: Any) -> Iterator[str]:
    """Text, for times and bytes of a certain form."""
    if not isinstance(value, str):
        yield other(value, "string")
        return
    try:
        if kind == "duration":
            nanoseconds(value)
        if kind == "bytes":
            decoded(value)
    except ValueError:
        what = {"duration": "bad Duration: time: invalid duration"}.get(kind, "illegal base64 data")
        yield f'{what} "{value}"'


def flag(kind: str, value: Any) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield other(value, kind)


def whole_number(kind: str, value: Any) -> Iterator[str]:
    """A whole number, which may be text."""
    low, high = WIDTHS[kind]
    number = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", number, re.ASCII) or not low <= int(number) < high:
        yield other(value, kind)


def number(_: str, value: Any) -> Iterator[str]:
    """A number, which may be text."""
    try:
        fits = not isinstance(value, bool) and (value in FLOATS or float(value) == float(value))
    except (TypeError, ValueError):
        fits = False
    if not fits:
        yield other(value, "float64")


def any_object(_: str, value: Any) -> Iterator[str]:
    """An object that names its type; what else it holds is not judged."""
    kind = value.get("@type") if is_map(value) else None
    if not is_map(value):
        yield other(value, OBJECT)
    elif not isinstance(kind, str):
        yield "Any JSON doesn't have '@type'"
    elif not kind.rpartition("/")[2].startswith(PACKAGES):
        yield f"could not resolve Any message type: {kind}"


def free(_: str, value: Any) -> Iterator[str]:
    """An object of any fields."""
    if not is_map(value):
        yield other(value, OBJECT)


READERS: Mapping[str, Callable[[str, Any], Iterator[str]]] = {
    **dict.fromkeys(("string", "duration", "bytes"), text),
    **dict.fromkeys(WIDTHS, whole_number),
    **dict.fromkeys(("struct", "empty"), free),
    "bool": flag,
    "double": number,
    "any": any_object,
}


def other(value: Any, wanted: str) -> str:
    """Say that a value has another type than the one that is wanted."""
    match value:
        case bool():
            found = "bool"
        case str():
            found = "string"
        case int() | float():
            found = f"number {value}" if wanted in WIDTHS else "number"
        case _:
            found = "object" if is_map(value) else "array"
    return f"json: cannot unmarshal {found} into Go value of type {wanted}"
