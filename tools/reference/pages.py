"""The page of a resource."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import yaml

from pulumi_mesh.resource import Base, MeshScoped
from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.release import NEWEST, OLDEST, Release
from pulumi_mesh.schema.spec import Field

from .example import program
from .hints import code
from .references import Allowed, Reference, references
from .tables import description, known, listed, parts_of, section, table

CASES = Path(__file__).resolve().parents[2] / "tests" / "kinds" / "cases"
EXAMPLES = Path(__file__).parent / "examples"
CASE = ("minimal", "rich")
COMMON = ("name", "mesh", "labels", "control_plane")
"""What every resource takes; said once, on the page of all."""
FOOT = "*Made of what the package declares, by `python -m tools.reference`.* [All resources](README.md)"
PLANES = {
    frozenset({"global"}): "a global control plane, or one without zones",
    frozenset({"zone"}): "the control plane of a zone, or one without zones",
    frozenset({"global", "zone"}): "every control plane",
}


def page(name: str, cls: type[Base]) -> str:
    """Return the page of a resource."""
    kind: Kind | None = getattr(cls, "kind", None)
    blocks = [f"# {name}", *description(cls.__doc__ or "")]
    if kind is not None:
        blocks.append(placed(kind))
    blocks += [*examples(name), *arguments(cls, kind), *methods(cls)]
    if kind is not None and (found := references(kind)):
        blocks += ["## What it may refer to", referred(found)]
    return "\n\n".join([*blocks, "---", FOOT]) + "\n"


def placed(kind: Kind) -> str:
    """Say where objects of a kind are found, and who knows them."""
    if kind.name not in KINDS:
        return f"- Issued by `POST {kind.path}`"
    moved = (f"{code(path_of(kind, since))} since Kuma {since}" for since in kind.moved)
    paths = ["where `GET /_resources` says"] if kind.asked else [code(path_of(kind, OLDEST)), *moved]
    since, until = str(kind.since) if kind.since > OLDEST else "", str(kind.until) if kind.until < NEWEST else ""
    lines = [
        f"In the API: {', '.join(paths)}",
        f"Address: {code(kind.address('NAME', 'MESH'))}",
        f"Known to Kuma {OLDEST} to {NEWEST}" if not since + until else f"Known {' '.join(known(since, until))}",
        f"Written on {PLANES[kind.written_on]}",
    ]
    return "\n".join(f"- {line}" for line in lines)


def path_of(kind: Kind, release: Release) -> str:
    """Return the path of an object on a release."""
    mesh = "MESH" if kind.scope == "mesh" else None
    return kind.url(kind.address("NAME", mesh), release)


def folder(name: str) -> Path:
    """Return the folder of the cases of a kind."""
    return next((path for path in sorted(CASES.iterdir()) if path.name.replace("_", "") == name.lower()), CASES / name)


def examples(name: str) -> Iterator[str]:
    """Yield a small example, as a program and as a document, and one of everything."""
    if (written := EXAMPLES / f"{name}.py").exists():
        about, _, text = written.read_text().partition("\n\n")
        yield from ("## Example", about.strip('"'), fenced("python", text))
        return
    found = [
        path for path in (EXAMPLES / f"{name}.yaml", *(folder(name) / f"{one}.yaml" for one in CASE)) if speaks(path)
    ]
    if found:
        yield from (
            "## Example",
            told(name, found[0]),
            "The same as a document:",
            fenced("yaml", uncommented(found[0])),
        )
    if found and found[-1].stem == "rich" and found[-1] is not found[0]:
        yield f"<details><summary>With everything</summary>\n\n{told(name, found[-1])}\n\n</details>"


def speaks(path: Path) -> bool:
    """Tell whether an example is there, and says more than a name."""
    return path.exists() and any(yaml.safe_load(path.read_text()).keys() - {"type", "mesh", "name"})


def told(name: str, path: Path) -> str:
    """Return a document as a program."""
    return fenced("python", program(KINDS[name], yaml.safe_load(path.read_text())))


def uncommented(path: Path) -> str:
    """Return a document without the comments at its beginning."""
    lines = path.read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#"))


def fenced(language: str, text: str) -> str:
    """Return a block of code."""
    return f"```{language}\n{text.strip()}\n```"


def arguments(cls: type[Base], kind: Kind | None) -> Iterator[str]:
    """Yield the tables of arguments: those of the resource, those of each part, and what it gives beside them."""
    issued = kind is not None and kind.name not in KINDS
    common = shared_with_all(cls)
    fields = [field for name, field in cls.declared.items() if name not in common]
    given = [field for field in fields if issued and field.facts.owned]
    yield "## Arguments"
    yield " ".join(beside(cls, kind))
    prefix = None if issued else "spec." if kind is not None and kind.shape == "spec" else ""
    if taken := [field for field in fields if field not in given]:
        yield table(taken, prefix)
    for model, holders in parts_of(taken).items():
        yield section(model, holders)
    if given:
        yield from ("## What it gives", outputs(given))


def shared_with_all(cls: type[Base]) -> list[str]:
    """Return the arguments that mean here what they mean everywhere."""
    return [
        name for name in COMMON if name in cls.declared and cls.declared[name].facts == MeshScoped.declared[name].facts
    ]


def beside(cls: type[Base], kind: Kind | None) -> Iterator[str]:
    """Yield sentences on what else it takes, and on how arguments are called elsewhere."""
    names = listed(code(name) for name in shared_with_all(cls))
    yield f"It also takes {names}, as [every resource](README.md#what-every-resource-takes) does."
    if kind is not None and kind.name in KINDS:
        yield f"In a document arguments are in camelCase{', below `spec`' if kind.shape == 'spec' else ''}."


def outputs(fields: list[Field]) -> str:
    """Return the table of what a resource gives."""
    rows = (f"| {code(one.name)} | {one.facts.doc} |" for one in fields)
    return "\n".join(["| Output | Meaning |\n|---|---|", *rows])


def methods(cls: type[Base]) -> Iterator[str]:
    """Yield how other resources refer to it in a program."""
    if (ref := vars(cls).get("ref")) is not None:
        taken = list(inspect.signature(ref).parameters.values())[1:]
        names = [f"{'**' if one.kind is one.VAR_KEYWORD else ''}{one.name}" for one in taken]
        yield f"## `ref({', '.join(names)})`"
        yield from description(ref.__doc__ or "")


def referred(found: list[Reference]) -> str:
    """Return the table of what each place may refer to."""
    rows = [f"| {where(one)} | {', '.join(map(allowed, one.allowed)) or '*nothing: leave it out*'} |" for one in found]
    foot = "What a reference of each kind needs stands at [TargetRef](Parts.md#targetref)."
    return "\n".join(["| Where | Kinds |", "|---|---|", *rows]) + f"\n\n{foot}"


def where(one: Reference) -> str:
    """Say which place is meant, and what must stand at the top."""
    return f"{code(one.place)}, where `target_ref` is {' or '.join(one.tops)}" if one.tops else code(one.place)


def allowed(one: Allowed) -> str:
    """Name a kind, with the releases where not all take it, or some do not like it any more."""
    first, last = one.releases[0], one.releases[-1]
    notes = [*known(str(first) if first > OLDEST else "", str(last) if last < NEWEST else "")]
    if one.deprecated:
        notes.append("deprecated" if one.deprecated == one.releases else f"deprecated since Kuma {one.deprecated[0]}")
    return one.kind + (f" *({', '.join(notes)})*" if notes else "")
