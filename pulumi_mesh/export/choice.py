"""What is worth saying of everything that was found: not what a control plane makes by itself; and what to know of the rest."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pulumi_mesh.reconcile.made import POLICIES, Surroundings, by_name, defaults, made
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import FINDERS, Finding, Known
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.release import NEWEST, Release
from pulumi_mesh.schema.rules import dig, parts, values
from pulumi_mesh.sources import Held, Holdings

from .spoken import Spoken, spoken

SKIP = "skipCreatingInitialPolicies"


@dataclass
class Choice:
    """What a program is to declare."""

    objects: list[Spoken] = field(default_factory=list[Spoken])
    held: list[Held] = field(default_factory=list[Held])
    """The same objects, as they were found."""
    left: list[Address] = field(default_factory=list[Address])
    """What the control plane made by itself."""
    notes: list[str] = field(default_factory=list[str])
    """What a program cannot say, or whoever runs it must know."""
    broken: list[Finding] = field(default_factory=list[Finding])
    """Where traffic cannot flow: a program with that is refused, unless the stack silences it."""

    @property
    def codes(self) -> list[str]:
        """The codes of what is broken."""
        return sorted({one.code for one in self.broken})


def choice(
    holdings: Holdings,
    release: Release = NEWEST,
    around: Surroundings | None = None,
    *,
    kinds: Collection[str] = (),
    owner: str = "",
) -> Choice:
    """Choose what to declare, in the order of addresses.

    `kinds` are those that were read, all where none are named; of an `owner` only what is that stack's, of `none` what is
    nobody's.
    """
    around, found = around or Surroundings(), Choice()
    whole = sorted(holdings.whole(), key=lambda held: (held.control_plane, str(held.address)))
    meshes = {held.address.name: held.document for held in whole if held.kind.name == "Mesh"}
    for held in whole:
        if not held.urn and made(held.kind, held.document, around):
            found.left.append(held.address)
            continue
        if around.is_orphan(held.address):
            found.notes.append(f"{held.address}: is left out, for its mesh is gone, and nobody can reach it")
            continue
        if owner and (held.document.owner or "none") != owner:
            continue
        one = spoken(held, release, adopted(held.document, meshes, around))
        found.objects.append(one)
        found.held.append(held)
        found.notes += [*one.notes, *known_of(held.document)]
    if all(held.live for held in whole) and not holdings.unread:
        found.notes += missing(whole, meshes, kinds)
    found.notes += owned(found.objects)
    found.broken = broken(found.objects, release)
    return found


def broken(objects: Sequence[Spoken], release: Release) -> list[Finding]:
    """Return what a program that declares these objects will be refused for."""
    by_control_plane: dict[str, list[Document]] = {}
    for one in objects:
        by_control_plane.setdefault(one.control_plane, []).append(Document.desired(one.kind, one.props))
    found = [one for documents in by_control_plane.values() for one in FINDERS.everything(Known(documents, release))]
    return [one for one in found if one.severity == "error"]


def adopted(document: Document, meshes: dict[str, Document], around: Surroundings) -> str:
    """Tell how a program takes an object over that a fresh control plane has already."""
    address = document.address
    if (address.kind, address.name.removesuffix(f"-{address.mesh}")) in POLICIES and skips(meshes, address):
        return "never"
    return "overwrite" if defaults(address) or by_name(address, around) else "never"


def skips(meshes: dict[str, Document], address: Address) -> bool:
    """Tell whether a mesh begins without the policies of a kind."""
    mesh = meshes.get(address.mesh or "")
    skipped = values(mesh.body, SKIP) if mesh is not None else ()
    return "*" in skipped or address.kind in skipped


def known_of(document: Document) -> Iterator[str]:
    """Yield what whoever brings up an object must know of it."""
    address = document.address
    for path, backend in parts(document.body, "mtls.backends") if address.kind == "Mesh" else ():
        named = [part for part in ("cert", "key") if dig(backend, f"conf.{part}.secret")]
        if backend.get("type") == "provided" and named and not dig(document.body, "mtls.skipValidation"):
            yield (
                f"{address}: {path}: names Secrets of the mesh itself, which a control plane wants to see before;"
                " to make it anew, say skip_validation=True until they are there"
            )
    if document.marks:
        stacks = ", ".join(sorted(set(document.marks.values())))
        yield f"{address}: conf.listeners: some are resources of their own, of {stacks}; they are said as the gateway's here"


def missing(whole: Sequence[Held], meshes: dict[str, Document], kinds: Collection[str]) -> Iterator[str]:
    """Yield the default policies that somebody deleted: a program cannot say that they are not there."""
    there = {held.address for held in whole}
    for mesh in sorted(meshes):
        for kind, prefix in POLICIES:
            address = Address(kind, mesh, f"{prefix}-{mesh}")
            asked = (not kinds or kind in kinds) and kind.startswith("Mesh") and not skips(meshes, address)
            if asked and address not in there:
                yield (
                    f"{address}: was deleted; a new mesh gets it again, unless its skip_creating_initial_policies"
                    f" names {kind}"
                )


def owned(objects: Sequence[Spoken]) -> Iterator[str]:
    """Yield whose the objects are that belong to stacks."""
    for stack, count in sorted(Counter(one.owner for one in objects if one.owner).items()):
        belong = "1 object belongs" if count == 1 else f"{count:,} objects belong"
        yield f"{stack}: {belong} to this stack; another stack that imports them takes them over"
