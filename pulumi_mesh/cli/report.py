"""How a verb speaks: the report alone on standard output or in a file, everything else on standard error."""

import os
from enum import Enum
from typing import Annotated, NoReturn

import typer

from pulumi_mesh.cli.findings import printable
from pulumi_mesh.errors import MeshError


class Format(str, Enum):
    """How a report is written."""

    text = "text"
    json = "json"


Form = Annotated[Format, typer.Option("--format", help="How the report is written.")]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where the report goes, if not to standard output.")]


class Unwritable(MeshError):
    """A place that cannot be written to."""


def write(text: str, out: str, *, own: bool = False) -> None:
    """Write a report, UTF-8 whatever the terminal speaks; `own` makes it a file that only its user can read."""
    data = text.encode()
    if not out:
        typer.echo(data, nl=False)
        return
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if own else 0o666), "wb") as file:
            file.write(data)
    except OSError as error:
        raise Unwritable(f"{out}: cannot be written: {error.strerror or error}") from None


def tell(text: str) -> None:
    """Say something that is not part of the report."""
    for line in text.split("\n"):
        typer.echo(printable(line), err=True)


def fail(reason: object) -> NoReturn:
    """End, for nothing can be told."""
    tell(f"error: {reason}")
    raise typer.Exit(1)


def counted(number: int, noun: str) -> str:
    """Say a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
