"""What is wrong with objects together, wherever they were read: in files, a stack, a preview, a control plane."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pulumi_mesh.ingress.findings import findings
from pulumi_mesh.ingress.findings.holes import BESIDE
from pulumi_mesh.provider.slot import Slot
from pulumi_mesh.provider.state import State
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding as Found
from pulumi_mesh.schema.finding import Known
from pulumi_mesh.schema.kind import KINDS, Address
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import dig
from pulumi_mesh.sources import Held, HeldListener, Holdings
from pulumi_mesh.sources.preview import Preview

from .findings import Finding, Taken


@dataclass
class Together:
    """Objects that are judged together, and where each of them was read."""

    release: Release
    ignored: frozenset[str] = frozenset()
    documents: list[Document] = field(default_factory=list[Document])
    origins: dict[Address, str] = field(default_factory=dict[Address, str])
    """Where objects were read that are in no file."""
    files: Taken = field(default_factory=Taken)
    open: set[Address] = field(default_factory=set[Address])
    names: set[Address] = field(default_factory=set[Address])
    held: list[Document] = field(default_factory=list[Document])
    """What a control plane holds beside them."""
    complete: bool = False
    fragment: bool = False

    def take(self, holdings: Holdings) -> None:
        """Take what a stack or a preview asks for; of what is there only encrypted, the address."""
        self.open |= {one.slot.gateway for one in holdings.listeners}
        readable = [one for one in holdings.listeners if not one.sealed]
        for held in replace(holdings, listeners=readable).whole():
            self.origins[held.address] = held.urn or held.origin
            if [path for path in held.sealed if not path.startswith(BESIDE.get(held.kind.name, ()))]:
                self.names.add(held.address)
            else:
                self.documents.append(held.document)

    def take_preview(self, preview: Preview, source: str) -> None:
        """Take what a program asks for; what is not known yet, or hidden, is not judged."""
        found = Holdings()
        for step in preview.steps:
            origin = step.urn or source
            if "?" in str(step.address):
                continue
            if isinstance(step.new, Slot):
                found.listeners.append(HeldListener(step.new, origin, step.hidden))
            elif isinstance(step.new, State):
                found.held.append(Held(step.kind, step.new.document, origin, step.urn, sealed=step.hidden))
        self.take(found)
        self.fragment = preview.unlisted > 0

    def take_files(self, files: Taken) -> None:
        """Take the documents of files; nothing of them where an object is there twice."""
        self.files = files
        if not files.twice:
            self.documents += files.documents

    def take_live(self, holdings: Holdings) -> None:
        """Take what a control plane holds; it is complete where every type could be listed."""
        self.held = [held.document for held in holdings.held]
        self.origins = {held.address: held.origin for held in holdings.held} | self.origins
        self.complete = not holdings.unread

    def judge(self) -> list[Finding]:
        """Return what is wrong: with everything of a control plane, or only with what is added to it."""
        if self.held and self.documents:
            before = set(findings(self.known(self.held)))
            added = {document.address for document in self.documents}
            found = [one for one in findings(self.known(self.merged())) if one.address in added or one not in before]
        else:
            found = findings(self.known(self.documents or self.held))
        return [self.said(one) for one in found]

    def merged(self) -> list[Document]:
        """Return what the control plane would hold after all."""
        added = {document.address for document in self.documents}
        return [*self.documents, *(document for document in self.held if document.address not in added)]

    def known(self, documents: Sequence[Document]) -> Known:
        """Say what is known."""
        listenerless = {
            document.address
            for document in documents
            if document.address.kind == "MeshGateway" and not dig(document.body, "conf.listeners")
        }
        return Known(
            documents,
            self.release,
            complete=self.complete,
            alone=not self.files.documents or bool(self.origins),
            open=frozenset(self.open | listenerless),
            names=frozenset(self.files.refused | self.names),
            ignored=self.ignored,
            fragment=self.fragment,
        )

    def said(self, one: Found) -> Finding:
        """Say a finding where it stands."""
        address, kind = one.address, KINDS.get(one.address.kind)
        mesh = None if kind is not None and kind.scope == "global" else address.mesh
        where = Finding("", 0, 0, address.kind, mesh, address.name, one.path, one.message, one.severity, one.code)
        piece = self.files.pieces.get(address)
        if piece is None:
            return replace(where, file=self.origins.get(address, ""))
        return replace(where, file=piece.file, index=piece.index, line=piece.line_of(one.path))
