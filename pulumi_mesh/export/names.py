"""Names in a program: of variables, modules, resources and secrets, each a word of its own in its place."""

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pulumi_mesh.schema.kind import Address

RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "mesh", "pulumi", "config", "meshes"})
"""What cannot be, or should not be, the name of a variable or of a module."""
Key = tuple[str, Address]
"""Control plane and address of an object."""
WORD = re.compile(r"[^a-z0-9]+")


def identifier(text: str) -> str:
    """Return text as a Python name, if it can be one: `shop.example` is `shop_example`; else nothing."""
    name = WORD.sub("_", text.lower()).strip("_")
    return name if name.isidentifier() and name not in RESERVED and len(name) > 1 else ""


def snake(kind: str) -> str:
    """Spell a kind as a part of a name, without the Mesh that most begin with: `http_route`, `gateway`."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", kind)
    return "_".join(words[1:] if len(words) > 1 and words[0] == "Mesh" else words).lower()


def free(name: str, taken: Iterable[str]) -> str:
    """Return a name, with a number behind it where it is taken."""
    there, found, number = set(taken), name, 1
    while found in there:
        number += 1
        found = f"{name}_{number}"
    return found


def variables(keys: Iterable[Key], taken: Iterable[str] = ()) -> dict[Key, str]:
    """Name the variables of one scope: after the objects, where several have one name after their kinds, too."""
    asked, used, found = list(keys), set(taken), dict[Key, str]()
    plain = [identifier(address.name) for _, address in asked]
    for (control_plane, address), name in zip(asked, plain, strict=True):
        if not name or plain.count(name) > 1 or name in used:
            word = WORD.sub("_", address.name.lower()).strip("_")
            name = f"{word}_{snake(address.kind)}" if word[:1].isalpha() else f"{snake(address.kind)}_{word}"
        found[control_plane, address] = free(name, used)
        used.add(found[control_plane, address])
    return found


def resources(asked: Sequence[tuple[str, Key]]) -> dict[Key, str]:
    """Name resources, of which no two of a type may have one name: after the objects, with their mesh where that is needed."""
    counts = Counter((type_, address.name) for type_, (_, address) in asked)
    used, found = set[tuple[str, str]](), dict[Key, str]()
    for type_, (control_plane, address) in asked:
        name = address.name
        if counts[type_, name] > 1:
            twice = sum(one == type_ and key[1] == address for one, key in asked) > 1
            name = "-".join([*([control_plane] if twice else []), *([address.mesh] if address.mesh else []), name])
        found[control_plane, address] = free(name, (other for kind, other in used if kind == type_))
        used.add((type_, found[control_plane, address]))
    return found


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Return what names are sorted by: numbers in them count as numbers."""
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.findall(r"\d+|\D+", name)]


def key_of(resource: str, way: Iterable[str | int], taken: Mapping[str, object]) -> str:
    """Name the setting that holds a secret: after the resource, with the path in it unless that is `data`."""
    steps = [str(step).replace("_", "-") for step in way]
    name = "-".join([resource, *(steps if steps != ["data"] else [])])
    return free(re.sub(r"[^A-Za-z0-9._-]", "-", name), taken).replace("_", "-")
