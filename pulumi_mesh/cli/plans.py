"""Where verbs take plans from and put reports to: a preview from a file or standard input, a report to a file or standard output."""

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from pulumi_mesh.cli.findings import printable
from pulumi_mesh.sources.preview import NoPreview, Preview, preview

Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where the report goes; standard output, if absent.")]
STDIN = "-"


class Format(str, Enum):
    """How a report is written."""

    text = "text"
    json = "json"


def plan(file: str) -> Preview:
    """Read a preview, or end."""
    name = "standard input" if file == STDIN else file
    try:
        data = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        return preview(data, name)
    except OSError as error:
        stop(f"{name}: cannot be read: {error.strerror or error}")
    except NoPreview as error:
        stop(str(error))
    raise AssertionError


def stop(reason: str) -> None:
    """End, for nothing can be told."""
    tell(f"error: {reason}")
    raise typer.Exit(1)


def tell(text: str) -> None:
    """Say something that is not part of the report."""
    for line in text.split("\n"):
        typer.echo(printable(line), err=True)


def write(lines: list[str], out: str) -> None:
    """Write a report; nothing at all where it says nothing."""
    text = "".join(f"{line}\n" for line in lines)
    if not out:
        typer.echo(text, nl=False)
        return
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"{out}: cannot be written: {error.strerror or error}")
