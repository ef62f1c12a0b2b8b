"""`pulumi-mesh schema`: which kinds there are, and what a document of each may say; as JSON Schema for an editor."""

import json
from typing import Annotated

import typer

from pulumi_mesh.cli import schema_text
from pulumi_mesh.cli.report import Form, Format, Out, fail, write
from pulumi_mesh.cli.where import MeshError, release
from pulumi_mesh.errors import UnknownKind
from pulumi_mesh.schema.json_schema import of_kind, of_kinds
from pulumi_mesh.schema.kind import KINDS, Kind, kind_of
from pulumi_mesh.schema.release import NEWEST, OLDEST, Release

Kuma = Annotated[
    str, typer.Option("--kuma", help=f"The release that is meant, {OLDEST} to {NEWEST}; {NEWEST}, if absent.")
]
Asked = Annotated[str, typer.Argument(metavar="KIND", help="One kind, such as MeshHTTPRoute; all of them, if absent.")]


def schema(kind: Asked = "", kuma: Kuma = "", form: Form = Format.text, out: Out = "") -> None:
    """Show what documents may say: the kinds that there are, or the fields of one.

    `--format json` writes a JSON Schema (draft 7): an editor completes keys with it, and marks misspelt ones. What the rules
    of the control plane say beyond keys and types is for `check`.
    """
    try:
        asked = release(kuma, "", live=False)
        made = of_kind(known(kind, asked), asked) if kind else None
        if form is Format.json:
            text = json.dumps(made or of_kinds(KINDS, asked), indent=2, ensure_ascii=False) + "\n"
        elif made:
            text = schema_text.fields_of(made)
        else:
            text = schema_text.list_of({name: one for name, one in KINDS.items() if one.is_on(asked)})
        write(text, out)
    except MeshError as error:
        fail(error)
    raise typer.Exit(0)


def known(name: str, release: Release) -> Kind:
    """Return a kind, or say why there is none."""
    kind = kind_of(name)
    if not kind.is_on(release):
        raise UnknownKind(f"{name}: Kuma {release} does not have it; it is there from {kind.since} to {kind.until}")
    return kind
