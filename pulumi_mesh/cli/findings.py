"""What is wrong with documents in files, without any control plane."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.go_yaml import Unreadable
from pulumi_mesh.schema.kind import KINDS, Address, Kind
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Violation, at, table
from pulumi_mesh.schema.spec import is_map
from pulumi_mesh.schema.words import sentence
from pulumi_mesh.sources.documents import NotText, Piece, pieces, read
from pulumi_mesh.sources.files import document as read_document

Severity = Literal["error", "warning"]
TEXT = ("must be text", "must be of type string")
"""How it is said that something else stands where text must stand."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or will be, and where it stands."""

    file: str
    index: int
    line: int
    kind: str | None
    mesh: str | None
    name: str | None
    path: str
    message: str
    severity: Severity
    code: str = ""
    """What it is silenced by; nothing for what the control plane itself would say of the object."""

    def __str__(self) -> str:
        """Say it in one line, as compilers do."""
        said = f"warning: {self.message}" if self.severity == "warning" else self.message
        said += f" [{self.code}]" if self.code else ""
        where = f"{self.file}:{self.line}" if self.line else self.file
        parts = (where, self.subject, self.path, said)
        return printable(": ".join(part for part in parts if part))

    def shown(self) -> dict[str, Any]:
        """Return it for a report in JSON."""
        return {key: value for key, value in asdict(self).items() if key != "code" or value}

    @property
    def subject(self) -> str:
        """The address of the object, `?` for what it does not say; nothing where there is no object."""
        if self.kind is None and self.name is None:
            return ""
        kind = KINDS.get(self.kind or "")
        outside = kind is not None and kind.scope == "global"
        mesh = () if outside or (kind is None and self.mesh is None) else (self.mesh or "?",)
        return "/".join([self.kind or "?", *mesh, self.name or "?"])


def printable(text: str) -> str:
    """Return text that stays on its line and does nothing to a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


@dataclass
class Taken:
    """Documents of files that stand together: what the control plane would take of them, and of what only the name is known."""

    documents: list[Document] = field(default_factory=list[Document])
    pieces: dict[Address, Piece] = field(default_factory=dict[Address, Piece])
    """The text of each document that is judged together with the others."""
    refused: set[Address] = field(default_factory=set[Address])
    twice: str = ""
    """An object that is there twice: then nobody knows which of the documents stand together."""


class Check:
    """Files, checked one after the other: what was found, and how many documents there were."""

    def __init__(self, release: Release) -> None:
        """Check for a release of Kuma."""
        self.release = release
        self.documents = 0
        self.findings: list[Finding] = []
        self.unjudged: list[str] = []
        self.met: dict[Address, tuple[str, int]] = {}
        self.taken = Taken()

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def file(self, name: str, data: bytes) -> None:
        """Check the documents of a file."""
        try:
            for piece in pieces(name, data):
                self.documents += 1
                self.findings += sorted(self.piece(piece), key=lambda finding: finding.line)
        except NotText as error:
            self.findings.append(broken(Piece(name, 0, error.line, ""), error.line, "is not UTF-8; save it as UTF-8"))

    def piece(self, piece: Piece) -> Iterator[Finding]:
        """Yield what is wrong with one document."""
        try:
            document, twice = read(piece)
        except Unreadable as error:
            yield broken(piece, piece.at(error.where), error.why)
            return
        for key, first, again in twice:
            why = f'the key "{key}" is there twice, first in line {piece.at(first)}; only the last one would count'
            yield found(piece, document, Violation("", why), line=piece.at(again))
        try:
            yield from self.judged(piece, document)
        except RecursionError:
            yield broken(piece, piece.first, "is nested too deep")
        except Exception as error:  # a fault of a rule must not hide what is wrong with all the others
            if os.environ.get("PULUMI_MESH_TRACEBACK"):
                raise
            self.unjudged.append(
                f"{piece.file}:{piece.first}: cannot be judged ({type(error).__name__}), a fault of ours"
            )

    def judged(self, piece: Piece, document: Any) -> Iterator[Finding]:
        """Yield what a control plane would say of a document."""
        wrong = no_object(document)
        if wrong is not None:
            yield found(piece, document, wrong)
            return
        kind = KINDS[document["type"]]
        refused = judge_wire(kind, document, self.release)
        for violation in refused:
            yield found(piece, document, said(kind, document, violation))
        if not refused:
            for violation in warned(kind, document, self.release):
                yield found(piece, document, said(kind, document, violation), "warning")
            yield from self.again(piece, kind, document)
            self.taken.documents.append(read_document(kind, document))
            self.taken.pieces[self.taken.documents[-1].address] = piece
        elif name := text(document, "name"):
            self.taken.refused.add(kind.address(name, text(document, "mesh") or "default"))

    def again(self, piece: Piece, kind: Kind, document: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield a warning where an object was there before: the last document of it would win, in silence."""
        address = kind.address(document["name"], text(document, "mesh") or "default")
        if address in self.met:
            self.taken.twice = self.taken.twice or str(address)
            file, line = self.met[address]
            why = f"the same object stands in {file}:{line}; the one that is applied last wins"
            yield found(piece, document, Violation("name", why), "warning")
        self.met.setdefault(address, (piece.file, piece.first))


def no_object(document: Any) -> Violation | None:
    """Say why a document is no object of a kind that is known."""
    if not is_map(document):
        return Violation("", "must be one object, a map with type, name and mesh; lines of --- set objects apart")
    kind = document.get("type")
    if kind is None and ("apiVersion" in document or "kind" in document):
        return Violation(
            "apiVersion" if "apiVersion" in document else "kind",
            "is the form for Kubernetes; write the universal one: type, mesh, name and labels at the top, spec below",
        )
    if not isinstance(kind, str) or not kind:
        return Violation("type", "must name the kind of the object, such as MeshGateway")
    if kind not in KINDS:
        close = get_close_matches(kind, KINDS, 1) or [name for name in KINDS if name.lower() == kind.lower()]
        hint = f'did you mean "{close[0]}"' if close else "a newer version of pulumi_mesh may have it"
        return Violation("type", f'unknown kind "{kind}"; {hint}')
    return None


def warned(kind: Kind, document: Mapping[str, Any], release: Release) -> list[Violation]:
    """Return what a release accepts with a warning; the document itself is in order."""
    body = {**document, "labels": table(document, "labels")}
    return list(dict.fromkeys(violation for rule in kind.warnings for violation in rule(body, release)))


def said(kind: Kind, document: Mapping[str, Any], violation: Violation) -> Violation:
    """Add the value that was given, unless it is a secret, or the kind, which is said already."""
    if violation.path == "type":
        return violation
    path, why = violation
    told = sentence(violation, kind.model, document, argument=False)
    bare = why.startswith(TEXT) and isinstance(at(document, path), (bool, int, float))
    return Violation(path, (told.removeprefix(f"{path}: ") if path else told) + ("; quote it" if bare else ""))


def found(
    piece: Piece, document: Any, violation: Violation, severity: Severity = "error", line: int | None = None
) -> Finding:
    """Make a finding of what is wrong with a document."""
    kind, mesh, name = (text(document, key) for key in ("type", "mesh", "name"))
    if kind in KINDS and KINDS[kind].scope == "global":
        mesh = None
    line = piece.line_of(violation.path) if line is None else line
    return Finding(piece.file, piece.index, line, kind, mesh, name, *violation, severity)


def text(document: Any, key: str) -> str | None:
    """Return what a document says by text at its top."""
    value = document.get(key) if is_map(document) else None
    return value if isinstance(value, str) and value else None


def broken(piece: Piece, line: int, why: str) -> Finding:
    """Make a finding of text that is no document."""
    return Finding(piece.file, piece.index, line, None, None, None, "", why, "error")
