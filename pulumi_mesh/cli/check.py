"""`pulumi-mesh check`: what a control plane would refuse of documents in files, without any control plane."""

import json
from dataclasses import asdict
from enum import Enum
from typing import Annotated

import typer

from pulumi_mesh.cli.findings import Check, printable
from pulumi_mesh.errors import MeshError
from pulumi_mesh.schema.release import NEWEST, OLDEST, Release, supported
from pulumi_mesh.sources.documents import Sources


class Format(str, Enum):
    """How a report is written."""

    text = "text"
    json = "json"


def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE|DIR|-", help="Files, folders of *.yaml, *.yml and *.json, - for standard input."),
    ],
    kuma: Annotated[str, typer.Option(help=f"The release whose rules hold, {OLDEST} to {NEWEST}.")] = str(NEWEST),
    form: Annotated[Format, typer.Option("--format", help="How the report is written.")] = Format.text,
) -> None:
    """Say what a control plane would refuse, and what it would warn of, of Universal documents in YAML and JSON.

    Ends with 0 if nothing was found, with 2 if something was, with 1 if something could not be checked; a warning alone
    is nothing. In folders, what begins with a dot is left out, and links to other folders are not followed.
    """
    checked, sources = Check(release(kuma)), Sources(files)
    for name, data in sources:
        checked.file(name, data)
    if form is Format.json:
        findings = [asdict(finding) for finding in checked.findings]
        typer.echo(json.dumps({"documents": checked.documents, "findings": findings}, indent=2))
    else:
        for finding in checked.findings:
            typer.echo(str(finding))
    unsure = [*sources.unread, *checked.unjudged]
    for reason in unsure:
        tell(f"error: {reason}")
    tell(summary(checked))
    raise typer.Exit(1 if unsure else 2 if checked.count("error") else 0)


def release(said: str) -> Release:
    """Read the release, or end."""
    try:
        return supported(said, "--kuma")
    except MeshError as error:
        tell(f"error: {error}")
        raise typer.Exit(1) from None


def tell(text: str) -> None:
    """Say something that is not part of the report."""
    typer.echo(printable(text), err=True)


def summary(checked: Check) -> str:
    """Say in one line how it went."""
    found = [counted(checked.count(one), one) for one in ("error", "warning") if checked.count(one)]
    return f"{counted(checked.documents, 'document')} checked for Kuma {checked.release}: {' and '.join(found) or 'nothing found'}"


def counted(number: int, noun: str) -> str:
    """Say a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
