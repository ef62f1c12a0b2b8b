"""A folder to which a program is exported: nobody else's work is overwritten in it."""

from collections.abc import Mapping
from pathlib import Path

from pulumi_mesh.cli.report import Unwritable, write
from pulumi_mesh.errors import listed


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder, all or none: what is there already and says something else is not overwritten."""
    try:
        there = [name for name, text in files.items() if says_otherwise(folder / name, text)]
    except OSError as error:
        raise Unwritable(f"{error.filename}: cannot be read: {error.strerror}") from None
    if there:
        reasons = [f"{name}: is there already, and says something else" for name in there]
        raise Unwritable(listed(f"{folder}", [*reasons, "nothing was written; choose another folder, or remove these"]))
    try:
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"{error.filename}: cannot be made: {error.strerror}") from None
    for name, text in files.items():
        write(text, str(folder / name))


def says_otherwise(file: Path, text: str) -> bool:
    """Tell whether a file is there with another text."""
    return file.exists() and file.read_text(errors="replace") != text
