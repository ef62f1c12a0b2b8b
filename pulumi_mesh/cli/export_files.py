"""Where an export goes: standard output, a file, or a folder in which nobody else's work is overwritten."""

import os
from collections.abc import Mapping
from pathlib import Path

import typer

from pulumi_mesh.errors import MeshError, listed


class Unwritable(MeshError):
    """A place that cannot be written to."""


def write(out: str, text: str, *, own: bool = False) -> None:
    """Write text to a file, or to standard output; `own` makes it one that only its user can read."""
    if not out:
        typer.echo(text, nl=False)
        return
    try:
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if own else 0o666), "w") as file:
            file.write(text)
    except OSError as error:
        raise Unwritable(f"{out}: cannot be written: {error.strerror}") from None


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder, all or none: what is there already and says something else is not overwritten."""
    try:
        there = [name for name, text in files.items() if says_otherwise(folder / name, text)]
    except OSError as error:
        raise Unwritable(f"{error.filename}: cannot be read: {error.strerror}") from None
    if there:
        reasons = [f"{name}: is there already, and says something else" for name in there]
        raise Unwritable(listed(f"{folder}", [*reasons, "nothing was written; choose another folder, or remove these"]))
    for name, text in files.items():
        write(str(folder / name), text)


def says_otherwise(file: Path, text: str) -> bool:
    """Tell whether a file is there with another text."""
    return file.exists() and file.read_text(errors="replace") != text
