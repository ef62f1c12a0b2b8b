"""Documents in files: which files there are, how their text falls apart, and what each document says."""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from yaml.nodes import Node

from pulumi_mesh.schema.go_scalar import json_number
from pulumi_mesh.schema.go_yaml import DEEPEST, Build, Twice, Unreadable, compose, where

SUFFIXES = (".json", ".yaml", ".yml")
STDIN = "-"
MARK = re.compile(r"^---(?=\s|$)", re.MULTILINE)
SAYS = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)
"""A line that is more than blanks and a comment."""

BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')
"""A bracket of JSON, or a text, which may hold some."""


class Sources:
    """The files that are meant, each once, and why some could not be read."""

    def __init__(self, said: Iterable[str]) -> None:
        """Take files, folders, and `-` for standard input."""
        self.said = said
        self.unread: list[str] = []

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and content, those of a folder in order."""
        seen = set[str]()
        for name in self.said:
            for file in self.walk(name) if name != STDIN and Path(name).is_dir() else [name]:
                real = STDIN if file == STDIN else os.path.realpath(file)
                if real not in seen:
                    seen.add(real)
                    yield from self.read(file)

    def read(self, file: str) -> Iterator[tuple[str, bytes]]:
        """Yield the content of a file, if it can be read."""
        try:
            data = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        except OSError as error:
            self.refuse(error, file)
        else:
            yield file, data

    def walk(self, folder: str) -> list[str]:
        """Return the files of a folder and of those in it; what begins with a dot is left out, links to folders are not followed."""
        found = list[Path]()
        for at, folders, names in os.walk(folder, onerror=self.refuse):
            folders[:] = [name for name in folders if not name.startswith(".")]
            paths = (Path(at, name) for name in names if name.lower().endswith(SUFFIXES) and not name.startswith("."))
            found += [path for path in paths if path.is_file() or path.is_symlink()]
        if not found:
            self.unread.append(f"{folder}: holds no files whose names end in {', '.join(SUFFIXES)}")
        return [str(path) for path in sorted(found)]

    def refuse(self, error: OSError, file: str = "") -> None:
        """Remember that a file cannot be read."""
        self.unread.append(f"{file or error.filename}: cannot be read: {error.strerror or error}")


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one document, and where it stands."""

    file: str
    index: int
    """Which document of the file it is, from 0."""
    line: int
    """The line of the file on which the text begins."""
    text: str

    def at(self, place: int) -> int:
        """Return the line of a place in the text."""
        return self.line + self.text.count("\n", 0, place)

    @property
    def first(self) -> int:
        """The first line that says something."""
        found = SAYS.search(self.text)
        return self.at(found.end() - 1) if found else self.line

    def line_of(self, path: str) -> int:
        """Return the line of a path, or of the nearest thing around it that is there."""
        node = composed(self.text)
        return self.at(where(node, path)) if node else self.first


@lru_cache(maxsize=1)
def composed(text: str) -> Node | None:
    """Compose a document whose lines are asked for, once for all of them; None where it is JSON that is no YAML."""
    try:
        return compose(text)
    except Unreadable:
        return None


def pieces(file: str, data: bytes) -> Iterator[Piece]:
    """Yield the documents of a file, which lines of `---` set apart; what says nothing is none."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise NotText(file, data.count(b"\n", 0, error.start) + 1) from None
    begin, line, index = 0, 1, 0
    for end, after in [*(mark.span() for mark in MARK.finditer(text)), (len(text), len(text))]:
        piece = Piece(file, index, line, text[begin:end])
        line += piece.text.count("\n")
        begin = after
        if SAYS.search(piece.text):
            yield piece
            index += 1


class NotText(Exception):
    """Bytes that are not UTF-8."""

    def __init__(self, file: str, line: int) -> None:
        """Keep the file and the line."""
        self.file, self.line = file, line
        super().__init__(file, line)


def read(piece: Piece) -> tuple[Any, list[Twice]]:
    """Return what a document says, and the keys that it says twice; JSON is read by itself first, for it is faster."""
    if piece.text.lstrip()[:1] in ("{", "["):
        try:
            return from_json(piece.text), []
        except (ValueError, RecursionError):
            pass  # YAML that only begins like JSON, or JSON that is wrong: YAML knows in which line
    node = compose(piece.text)
    built = Build(node) if node else None
    return (built.value, built.twice) if built else (None, [])


def from_json(text: str) -> Any:
    """Read JSON; ValueError where it is none, has a key twice, or is nested deeper than Python says by itself."""
    if text.count("[") + text.count("{") > DEEPEST and too_deep(text):
        raise ValueError("is nested too deep")
    value = json.loads(text, object_pairs_hook=once, parse_float=number, parse_constant=number)
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace")) if "\\u" in text else value


def too_deep(text: str) -> bool:
    """Tell whether brackets, those in texts set aside, lie too deep in each other."""
    depth = 0
    for bracket in BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(bracket[0], 0)
        if depth > DEEPEST:
            return True
    return False


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a map of keys that are there once."""
    said = dict(pairs)
    if len(said) < len(pairs):
        raise ValueError("a key is there twice")
    return said


def number(text: str) -> int | float:
    """Read a number that JSON has."""
    return json_number(float(text))
