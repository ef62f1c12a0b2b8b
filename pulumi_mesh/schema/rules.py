"""Violations, and what most rules need to find them.

A rule is a small function from a body on the wire (camelCase, as the control plane takes it, with name, mesh and labels
beside it as far as they are known) to violations, each with the control plane's own path. A rule may meet absent fields,
never fields of a wrong type: those are taken out before.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .spec import is_list, is_map

Body = Mapping[str, Any]
HOLES = ""
"""The key of a body under which the paths stand that were taken out of it."""


class Violation(NamedTuple):
    """What the control plane would refuse: its own path, and why."""

    path: str
    message: str

    def __str__(self) -> str:
        """Say the path first, so that a column of them sorts."""
        return f"{self.path}: {self.message}" if self.path else self.message


class Strange(Violation):
    """A key that nobody knows: it has no other spelling, and its value may be a secret."""

    key: str

    @classmethod
    def at(cls, path: str, key: str, message: str) -> "Strange":
        """Keep the key, which is the end of the path."""
        found = cls(path, message)
        found.key = key
        return found


def dig(body: Any, path: str) -> Any:
    """Return what stands at a path of keys (`conf.listeners`), or None."""
    if "." not in path:
        return body.get(path) if is_map(body) else None
    for key in path.split("."):
        if not is_map(body):
            return None
        body = body.get(key)
    return body


def parts(body: Any, path: str, at: str = "") -> Iterator[tuple[str, Body]]:
    """Yield the items of a list of objects below a body, each with its full path (`conf.listeners[0]`)."""
    for index, item in enumerate(values(body, path)):
        if is_map(item):
            yield f"{join(at, path)}[{index}]", item


def values(body: Any, path: str) -> Sequence[Any]:
    """Return a list below a body, or an empty one."""
    found = dig(body, path)
    return found if is_list(found) else ()


def table(body: Any, path: str) -> Mapping[str, Any]:
    """Return a map below a body, or an empty one."""
    found = dig(body, path)
    return found if is_map(found) else {}


def whole(body: Body, path: str) -> bool:
    """Tell whether nothing was taken out of what stands at a path: then what is absent there was never said."""
    holes: tuple[str, ...] = body.get(HOLES, ())
    return not any(hole.startswith(path) for hole in holes)


def join(*steps: str) -> str:
    """Join steps of a path."""
    return ".".join(step for step in steps if step)


def entry(path: str, key: str) -> str:
    """Return the path of an entry of a map (`labels["team"]`)."""
    return f'{path}["{key}"]'


STEP = re.compile(r'\["(?P<key>[^"]*)"\]|\[(?P<index>\d+)\]|\.?(?P<name>[^.\[\]]+)')


def steps(path: str) -> list[str | int]:
    """Split a path into names, map keys and indices."""
    found: list[str | int] = []
    for match in STEP.finditer(path):
        key, index, name = match["key"], match["index"], match["name"]
        found.append(int(index) if index is not None else key if key is not None else name)
    return found


def at(body: Any, path: str) -> Any:
    """Return what stands at a path with indices (`conf.listeners[0].port`), or None."""
    for step in steps(path):
        if isinstance(step, int):
            body = body[step] if is_list(body) and step < len(body) else None
            continue
        body = body.get(step) if is_map(body) else None
    return body
