"""YAML as the control plane and kumactl read it: Go's library, and what JSON makes of its answer.

It differs from PyYAML's own reading (see `go_scalar`), and also in this: a tag of one's own means text, keys become text,
what is merged into a map overrides what stands before it. Text is first composed into nodes, which know their place in it,
and a value is built of them.
"""

import binascii
import re
from base64 import b64decode
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from .go_scalar import TYPES, json_key, json_number, plain, tagged

DEEPEST = 200
"""How deep nodes may lie in each other; no object of the control plane comes near it."""
REPEATED = 100_000
"""How many values of a document may be repetitions by aliases."""
PLAIN, OTHER = "plain", "other"
"""The tags of what names no type: text without quotes, and all else."""
STRANGE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that no YAML has."""


class Unreadable(Exception):
    """Text that is no YAML, or that JSON has no words for: why, and where in the text, counted in characters."""

    def __init__(self, why: str, where: int) -> None:
        """Keep both."""
        self.why, self.where = why, where
        super().__init__(why)


class Composing:
    """What both parsers call while they compose: tags stay as they are written, and nodes lie only so deep."""

    depth = 0

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        """Tell text without quotes, which may stand for something else, from all else."""
        return PLAIN if kind is ScalarNode and implicit[0] else OTHER

    def descend_resolver(self, parent: Node | None, _: Any) -> None:
        """Refuse what lies too deep: a parser would run out of stack."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(f"is nested more than {DEEPEST} deep", place(parent) if parent else 0)

    def ascend_resolver(self) -> None:
        """Come back up."""
        self.depth -= 1


COMPOSER: Any = type("Composer", (Composing, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), {})
"""A parser; the one that Go's was made of, where PyYAML has it."""


def compose(text: str) -> Node | None:
    """Compose the one document of a text; None where there is nothing in it."""
    try:
        return COMPOSER(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        why = ", ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        where = mark.index if mark else 0
        tab = "; a tab cannot indent" if text[where : where + 1] == "\t" else ""
        raise Unreadable(f"is not YAML: {why}{tab}", where) from None
    except ReaderError:
        found = STRANGE.search(text)
        raise Unreadable("is not YAML: a character is not printable", found.start() if found else 0) from None


def place(node: Node) -> int:
    """Return where a node begins, counted in characters."""
    return node.start_mark.index


def where(node: Node, path: str) -> int:
    """Return where the control plane's path leads, as far as it leads anywhere."""
    found = place(node)
    while path and (step := into(node, path)) is not None:
        found, node, path = step
    return found


def into(node: Node, path: str) -> tuple[int, Node, str] | None:
    """Take one step of a path: where it leads, to which node, and what is left of the path."""
    if isinstance(node, SequenceNode):
        index = re.match(r"\[(\d+)\]\.?", path)
        if index and int(index[1]) < len(node.value):
            item = node.value[int(index[1])]
            return place(item), item, path[index.end() :]
    elif isinstance(node, MappingNode):
        steps = [(place(key), value, after(path, str(key.value))) for key, value in node.value]
        ways = [(where, value, left) for where, value, left in steps if left is not None]
        return min(ways, key=lambda way: len(way[2]), default=None)
    return None


def after(path: str, key: str) -> str | None:
    """Return what follows a key at the beginning of a path; a key may hold dots."""
    for begin in (key, f'["{key}"]'):
        left = path[len(begin) :]
        if path.startswith(begin) and (not left or left[0] in ".["):
            return left.removeprefix(".")
    return None


class Twice(NamedTuple):
    """A key that a map has twice, and where; only the last of its values holds."""

    key: str
    first: int
    again: int


class Build:
    """The value of a node, and the keys that were said twice on the way."""

    def __init__(self, node: Node) -> None:
        """Build the value."""
        self.twice: list[Twice] = []
        self.above, self.seen = set[int](), set[int]()
        self.repeated = 0
        self.value = self.of(node)

    def of(self, node: Node) -> Any:
        """Build the value of one node."""
        if isinstance(node, ScalarNode):
            return scalar(node)
        self.enter(node)
        value = self.mapping(node) if isinstance(node, MappingNode) else [self.of(item) for item in node.value]
        self.above.discard(id(node))
        return value

    def enter(self, node: Node) -> None:
        """Refuse a node that holds itself, and aliases that make too much of little."""
        if id(node) in self.above:
            raise Unreadable("is not YAML: an anchor holds itself", place(node))
        self.above.add(id(node))
        self.repeated += len(node.value) if id(node) in self.seen else 0
        self.seen.add(id(node))
        if self.repeated > REPEATED:
            raise Unreadable("holds too many aliases", place(node))

    def mapping(self, node: MappingNode) -> dict[str, Any]:
        """Build a map; what is merged into it overrides what stands before it."""
        said: dict[str, Any] = {}
        places: dict[str, int] = {}
        for key, value in node.value:
            if key.tag == PLAIN and key.value == "<<":
                said.update(self.merged(value))
                continue
            name = key_of(key)
            if name in places:
                self.twice.append(Twice(name, places[name], place(key)))
            places.setdefault(name, place(key))
            said[name] = self.of(value)
        return said

    def merged(self, node: Node) -> dict[str, Any]:
        """Build what is merged into a map: a map, or some, of which the first counts most."""
        said: dict[str, Any] = {}
        for item in reversed(node.value) if isinstance(node, SequenceNode) else [node]:
            if not isinstance(item, MappingNode):
                raise Unreadable("is not YAML: only a map can be merged into a map", place(item))
            said.update(self.of(item))
        return said


def key_of(node: Node) -> str:
    """Return a key as text."""
    try:
        return json_key(scalar(node) if isinstance(node, ScalarNode) else None)
    except ValueError as error:
        raise Unreadable(str(error), place(node)) from None


def scalar(node: ScalarNode) -> Any:
    """Return what a node without parts stands for."""
    text, tag = str(node.value), str(node.tag).rpartition(":")[2]
    if tag == OTHER:
        return text
    try:
        value = plain(text) if tag == PLAIN else tagged(text, tag) if tag in TYPES else text
        if tag == "binary":
            return b64decode(text, validate=True).decode(errors="replace")
        return json_number(value) if isinstance(value, float) else value
    except binascii.Error:
        raise Unreadable("what is tagged !!binary is not base64", place(node)) from None
    except ValueError as error:
        raise Unreadable(str(error), place(node)) from None
