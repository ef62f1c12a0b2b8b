"""Free-form objects within protobuf: they are kept as they came, and read again once somebody needs what they say."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pulumi_mesh.sandbox.answers import Unread
from pulumi_mesh.sandbox.legacy import Reader
from pulumi_mesh.sandbox.nodes import Node
from pulumi_mesh.schema.rules import at, join
from pulumi_mesh.schema.spec import is_list, is_map


def mark(node: Node, paths: Iterable[str]) -> None:
    """Mark the places where protobuf keeps a free-form object."""
    for path in paths:
        *way, last = path.split(".")
        holders = [node]
        for key in way:
            holders = [one.fields[key].item or one.fields[key] for one in holders if key in one.fields]
        for one in holders:
            for each in (one, *one.variants.values()):
                if last in each.fields:
                    each.fields[last] = Node("any", typed=each.fields[last])


def misread(reader: Reader, node: Node, body: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the free-form objects that cannot be read as what they are meant to be, with the words of the parser."""
    if node.typed is not None:
        try:
            reader.value(node.typed, body, re.sub(r"\[\d+\]", "", path))
        except Unread as error:
            yield path, str(error)
    elif is_map(body) and node.holds == "object":
        for key, inner in node.at(body).fields.items():
            if key in body:
                yield from misread(reader, inner, body[key], join(path, key))
    elif is_list(body) and node.item is not None:
        for index, one in enumerate(body):
            yield from misread(reader, node.item, one, f"{path}[{index}]")


def emptied(body: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return a copy of a body in which some objects are empty."""
    copy = json.loads(json.dumps(body))
    for path in paths:
        at(copy, path).clear()
    return copy
