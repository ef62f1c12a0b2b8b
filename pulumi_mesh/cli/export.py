"""`pulumi-mesh export`: what a control plane, files or a stack hold, as a program, as documents, and as a file of imports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from pulumi_mesh.cli.export_files import write_folder
from pulumi_mesh.cli.report import counted, fail, tell, write
from pulumi_mesh.cli.where import Files, Kinds, Meshes, Stack, State, Url, control_plane, read
from pulumi_mesh.errors import MeshError, Unconfigured
from pulumi_mesh.export.choice import Choice, choice
from pulumi_mesh.export.documents import as_json, as_yaml
from pulumi_mesh.export.imports import import_file
from pulumi_mesh.export.program import Program, program, script
from pulumi_mesh.export.project import command, importing, named, silence
from pulumi_mesh.reconcile.made import Surroundings
from pulumi_mesh.reconcile.surroundings import surroundings
from pulumi_mesh.schema.kind import KINDS, kind_of
from pulumi_mesh.schema.release import NEWEST, Release, supported
from pulumi_mesh.sources import Holdings
from pulumi_mesh.sources.holdings import home


class Format(str, Enum):
    """What is written."""

    python = "python"
    yaml = "yaml"
    json = "json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where objects are to be imported: the control plane that holds them."""

    around: Surroundings = field(default_factory=Surroundings)
    release: Release = NEWEST
    version: str = ""
    cluster: str = ""


def export(
    files: Files = None,
    stack: Stack = "",
    state: State = "",
    url: Url = "",
    mesh: Meshes = None,
    kind: Kinds = None,
    owner: Annotated[str, typer.Option(help="Only objects of this stack (PROJECT.STACK), or of no stack (none).")] = "",
    form: Annotated[Format, typer.Option("--format", help="What is written.")] = Format.python,
    out: Annotated[
        str, typer.Option(metavar="DIR|FILE", help="Where it goes, a program into a folder; else to standard output.")
    ] = "",
    imports: Annotated[
        str, typer.Option("--import-file", metavar="FILE", help="Write the file for pulumi import --file, too.")
    ] = "",
    include_secrets: Annotated[bool, typer.Option("--include-secrets", help="Say the values of secrets.")] = False,
) -> None:
    """Write what a control plane, files or a stack hold as a Pulumi program, or as Universal documents.

    What a control plane makes by itself, writes into objects or fills in is left out; so are the values of secrets. Ends with
    0, or with 1 if something could not be read.
    """
    try:
        found = read(files, stack, state, url, meshes=mesh, kinds=kind)
        there(found, mesh or (), kind or ())
        place = place_of(found, url, live=not (files or stack or state), imports=imports)
        chosen = choice(found, place.release, place.around, kinds=kind or (), owner=owner)
        made, shown = program(chosen.objects, named(out), chosen.codes), include_secrets
        if form is Format.python and out and not out.endswith(".py"):
            write_folder(Path(out), made.files)
        else:
            write(text_of(chosen, form, include_secrets=shown), out)
        if imports:
            names, objects = made.resources, chosen.objects
            write(import_file(objects, names, place.cluster, place.version, include_secrets=shown), imports, own=True)
    except MeshError as error:
        fail(error)
    for reason in found.unread:
        tell(f"error: {reason}")
    report(chosen, made, out, python=form is Format.python, shown=shown)
    if imports:
        tell(f"to bring what is there into a stack:\n  {importing(imports)}")
    raise typer.Exit(1 if found.unread else 0)


def there(found: Holdings, meshes: Sequence[str], kinds: Sequence[str]) -> None:
    """Refuse a mesh or a kind that nobody knows: a mistake in a name must not look like nothing to write."""
    known = {held.kind.name for held in found.held} | KINDS.keys()
    for name in kinds:
        if name not in known:
            kind_of(name, f"--kind {name}")
    homes = {home(held.address) for held in found.held}
    for name in meshes:
        if name not in homes and not kinds and not found.unread:
            raise Unconfigured(f"--mesh {name}: there is no such mesh, and nothing in it")


def text_of(chosen: Choice, form: Format, *, include_secrets: bool) -> str:
    """Return what is written to one file."""
    match form:
        case Format.python:
            return script(chosen.objects)
        case Format.yaml:
            return as_yaml(chosen.objects, include_secrets=include_secrets)
        case Format.json:
            return as_json(chosen.objects, include_secrets=include_secrets)


def place_of(found: Holdings, url: str, *, live: bool, imports: str) -> Place:
    """Return what is known of the control plane that was read; files and states have none."""
    if not live and not url:
        if imports:
            raise Unconfigured("--import-file: only what a control plane holds can be imported; read it with --url")
        return Place()
    plane = control_plane(url)
    try:
        index = plane.index(subject=plane.connection.url)
        documents = [held.document for held in found.held]
        version = index.based_on or index.version
        around = surroundings(plane, documents, documents)
        return Place(around, supported(version, plane.connection.url), version, index.cluster_id)
    finally:
        plane.close()


def report(chosen: Choice, made: Program, out: str, *, python: bool, shown: bool) -> None:
    """Say what was written, what was left out, and what is still to do."""
    for note in chosen.notes:
        tell(f"warning: {note}")
    for one in chosen.broken if python else ():
        tell(f"warning: {one}")
    meshes = {home(one.address) for one in chosen.objects} - {None}
    where = f" to {out}" if out else ""
    tell(f"{counted(len(chosen.objects), 'object')} in {several(len(meshes))} written{where}{left(chosen)}")
    if python and made.secrets:
        one = len(made.secrets) == 1
        tell(f"{'a secret is a setting' if one else 'secrets are settings'} of the stack; before pulumi up, set")
        for key, value in made.secrets.items():
            tell(f"  {command(key, value if shown else None)}")
    if python and chosen.broken:
        tell("traffic cannot flow everywhere, for which the program is refused; repair it, or silence it:")
        tell(f"  {silence(chosen.codes)}")


def several(meshes: int) -> str:
    """Say a number of meshes."""
    return "1 mesh" if meshes == 1 else f"{meshes:,} meshes"


def left(chosen: Choice) -> str:
    """Say how much was left out."""
    return f"; {counted(len(chosen.left), 'object')} that the control plane made left out" if chosen.left else ""


__all__ = ["Format", "export"]
