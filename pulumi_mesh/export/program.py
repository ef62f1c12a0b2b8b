"""Objects as a Pulumi program: a package with one module per mesh, and what a project needs beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_mesh.schema.kind import Address

from .code import broken, statement
from .links import mentions
from .names import Key, natural, resources, variables
from .order import LARGE, Module, modules
from .project import CONFIG, PACKAGE, around
from .spoken import Spoken
from .writing import Secrets, Writer


@dataclass
class Program:
    """A Pulumi program, as files by their paths."""

    files: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secrets: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"], repr=False)
    """The settings that must be made before it runs, with their values where they are known."""
    resources: Mapping[Key, str] = field(default_factory=dict[Key, str])
    """The names of its resources."""


def program(objects: Sequence[Spoken], project: str = "mesh", codes: Sequence[str] = (), large: int = LARGE) -> Program:
    """Return the program that declares objects; `codes` are those of what is broken in it."""
    parts = modules(objects, large)
    writing = Writing(parts)
    files = {f"{PACKAGE}/{part.name}.py": writing.module(part) for part in parts}
    names = sorted((part.name for part in parts), key=natural)
    files[f"{PACKAGE}/__init__.py"] = '"""One module per mesh; each object stands behind what it names."""\n'
    files["__main__.py"] = main(names)
    if writing.secrets.values:
        files[f"{PACKAGE}/config.py"] = CONFIG
    files |= around(project, list(writing.secrets.values), codes)
    return Program(dict(sorted(files.items())), writing.secrets.values, writing.resources)


def script(objects: Sequence[Spoken]) -> str:
    """Return the program that declares objects, as one module."""
    inside = [one for part in modules(objects, len(objects)) for one in part.objects]
    part = Module("program", "What a control plane held", None, inside)
    writing = Writing([part], together=True)
    body = writing.declarations(part, {})
    head = [docstring(part), "", *(["import pulumi"] if writing.secrets.values else []), "import pulumi_mesh as mesh"]
    settings = ["", "config = pulumi.Config()"] if writing.secrets.values else []
    return "\n".join([*head, *settings, "", body]) + "\n"


def main(names: Sequence[str]) -> str:
    """Write the program's first module: it brings all the others."""
    text = '"""What a control plane held, as a program; each module declares a part of it."""\n'
    if not names:
        return text
    return f"{text}\n{imported(PACKAGE, names)}\n\n{statement(list(names), '__all__')}\n"


def imported(module: str, names: Sequence[str]) -> str:
    """Write an import of names from a module."""
    line = f"from {module} import {', '.join(names)}"
    return line if len(line) <= 120 else broken(f"from {module} import (", names, ")", "")


class Writing:
    """The names of a program, and the text of its modules."""

    def __init__(self, parts: Sequence[Module], *, together: bool = False) -> None:
        """Name resources and variables; `together` tells whether no two variables may have one name, else each mesh has its own."""
        self.parts, self.secrets = parts, Secrets()
        objects = sorted((one for part in parts for one in part.objects), key=place)
        self.resources = resources([(one.kind.generic or one.kind.name, key_of(one)) for one in objects])
        self.homes = {key_of(one): part for part in parts for one in part.objects}
        """The module of each object."""
        self.variables = self.named(together=together)

    def named(self, *, together: bool) -> dict[Key, str]:
        """Name the variables of those objects that an object behind them names: meshes first."""
        used = self.used()
        meshes = variables(key for key in used if key[1].kind == "Mesh")
        groups = dict[tuple[str, str | None], list[Key]]()
        for key in used:
            if key not in meshes:
                groups.setdefault(("", None) if together else (key[0], key[1].mesh), []).append(key)
        return meshes | {
            key: name for inside in groups.values() for key, name in variables(inside, meshes.values()).items()
        }

    def used(self) -> list[Key]:
        """Return the objects that an object behind them names, in the order in which they stand."""
        met, used = set[Key](), set[Key]()
        for part in self.parts:
            for one in part.objects:
                used |= {key for other in mentions(one) if (key := (one.control_plane, other)) in met}
                met.add(key_of(one))
        return [key for key in self.homes if key in used]

    def module(self, part: Module) -> str:
        """Write a module, with what it imports from those before it."""
        wanted = dict[str, set[str]]()
        scopes = dict[str, dict[Address, str]]()
        for one in part.objects:
            for key in [(one.control_plane, other) for other in mentions(one)]:
                home = self.homes.get(key)
                if home is not None and key in self.variables and self.parts.index(home) < self.parts.index(part):
                    scopes.setdefault(key[0], {})[key[1]] = self.variables[key]
                    wanted.setdefault(home.name, set()).add(self.variables[key])
        body = self.declarations(part, scopes)
        if "config.require_secret(" in body:
            wanted["config"] = {"config"}
        local = [imported(f".{name}", sorted(wanted[name], key=natural)) for name in sorted(wanted, key=natural)]
        head = [docstring(part), "", "import pulumi_mesh as mesh", *(["", *local] if local else []), ""]
        return "\n".join([*head, body]) + "\n"

    def declarations(self, part: Module, scopes: dict[str, dict[Address, str]]) -> str:
        """Write what a module declares; each variable is in scope, on its control plane, from its declaration on."""
        statements = list[tuple[str, str]]()
        for one in part.objects:
            scope, variable = scopes.setdefault(one.control_plane, {}), self.variables.get(key_of(one), "")
            call = Writer(one, self.resources[key_of(one)], scope, self.secrets).call()
            statements.append((one.address.kind, statement(call, variable)))
            if variable:
                scope[one.address] = variable
        return spaced(statements)


def key_of(one: Spoken) -> Key:
    """Return control plane and address of an object."""
    return one.control_plane, one.address


def place(one: Spoken) -> tuple[str, str]:
    """Return what objects are sorted by."""
    return one.control_plane, str(one.address)


def docstring(part: Module) -> str:
    """Say what a module is about, and how much it declares."""
    counts = Counter(one.address.kind for one in part.objects)
    said = ", ".join(f"{count} {kind if count == 1 else plural(kind)}" for kind, count in counts.items())
    line = f'"""{part.about}: {said}."""'
    if len(line) <= 120:
        return line
    lines, words = [""], said.split(", ")
    for index, word in enumerate(words):
        text = word + (", " if index < len(words) - 1 else ".")
        lines = [*lines, text] if len(lines[-1] + text) > 118 else [*lines[:-1], lines[-1] + text]
    return "\n".join([f'"""{part.about}.', "", *(line.rstrip() for line in lines), '"""'])


def plural(kind: str) -> str:
    """Name several objects of a kind."""
    if kind.endswith("y") and kind[-2] not in "aeo":
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith(("s", "S", "h")) else f"{kind}s"


def spaced(statements: Sequence[tuple[str, str]]) -> str:
    """Set statements apart by blank lines, but not short ones of one kind."""
    text = ""
    for index, (kind, line) in enumerate(statements):
        before = statements[index - 1] if index else None
        close = before is not None and before[0] == kind and "\n" not in before[1] + line
        text += ("" if before is None else "\n" if close else "\n\n") + line
    return text


__all__ = ["Program", "program"]
