"""What every part of the sandbox shares: the release it imitates, its zone, its store; and one write on its way."""

import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from pulumi_mesh.errors import Unconfigured
from pulumi_mesh.sandbox.store import Row, Store
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Violation

IMITATED = {Release(2, 10): "2.10.11", Release(2, 14): "2.14.3"}
MODERN = Release(2, 14)


def imitated(text: str) -> Release:
    """Read the release to imitate; there are recordings of two."""
    release = Release.parse(text)
    if release not in IMITATED:
        known = " or ".join(str(one) for one in IMITATED)
        raise Unconfigured(f"--kuma {text}: the sandbox imitates Kuma {known}; nobody recorded the others")
    return release


MODES, PRODUCTS = ("zone", "global"), ("Kuma", "Kong Mesh")


def chosen(option: str, text: str, choices: tuple[str, ...]) -> str:
    """Read one of some words, whatever their case and whatever is between them."""
    found = [one for one in choices if one.lower().replace(" ", "-") == text.lower().replace(" ", "-")]
    if not found:
        known = " or ".join(one.lower().replace(" ", "-") for one in choices)
        raise Unconfigured(f"--{option} {text}: is none that the sandbox imitates; write {known}")
    return found[0]


@dataclass(slots=True)
class Site:
    """One control plane: what it imitates, where it keeps its objects."""

    store: Store
    release: Release
    mode: str = "zone"
    """Whether it writes for one zone, or for all of them (`global`)."""
    product: str = "Kuma"
    """Whether it serves the types of Kong Mesh, too; nobody recorded what these are answered with."""
    zone: str = "default"
    clock: Callable[[], float] = monotonic
    seen: dict[tuple[str, str], tuple[float, bytes]] = field(default_factory=dict[tuple[str, str], tuple[float, bytes]])
    """Secrets as they were read for the check of a CA, and until when that counts."""
    instance: str = field(default_factory=lambda: f"{socket.gethostname()}-{uuid.uuid4().hex[:4]}")

    @property
    def modern(self) -> bool:
        """Tell whether it imitates 2.14."""
        return self.release >= MODERN

    @property
    def version(self) -> str:
        """Return the version that it imitates."""
        return IMITATED[self.release]

    @property
    def cluster(self) -> str:
        """Return the id of the store."""
        return self.store.fact("clusterId", str(uuid.uuid4()))

    def failed(self, verb: str) -> str:
        """Return the title of a refusal by a manager (`create`, `update`)."""
        return f"{'Failed to' if self.modern else 'Could not'} {verb} a resource"


@dataclass(slots=True)
class Write:
    """One PUT on its way into the store: what the body says, and what was there before."""

    kind: Kind
    mesh: str
    name: str
    body: dict[str, Any]
    labels: dict[str, str]
    before: Row | None = None


Found = Iterator[Violation]


def nothing(_site: Site, _write: Write) -> Found:
    """Find nothing wrong."""
    yield from ()


def done(_site: Site, _write: Write) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the control plane does with one type beyond storing it."""

    check: Callable[[Site, Write], Found] = nothing
    """What a manager refuses: the title is that of a failed create or update."""
    settle: Callable[[Site, Write], None] = done
    """What it changes in a body or its labels before storing it."""
    after: Callable[[Site, Write], None] = done
    """What it does once the object is stored."""
    holds: Callable[[Site, str, str], Found] = lambda _site, _mesh, _name: iter(())
    """What speaks against a deletion, by mesh and name."""
    gone: Callable[[Site, str], None] = lambda _site, _name: None
    """What goes with a deleted object."""
    warn: Callable[[Write], Iterator[str]] = lambda _write: iter(())
    late: str = "(?!)"
    """A pattern of the paths that a manager judges, not the validator: they come last, under another title."""
    begins: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The status of a new object."""
    snis: Callable[[Row], list[dict[str, Any]]] = lambda _row: []
    """The server names that 2.14 shows of an object."""
    queries: frozenset[str] = frozenset()
    """Parameters of a listing that mean something for this type alone; nobody recorded what."""
    outlives: bool = False
    """Whether an object that came over the API outlives its mesh."""
    structs: tuple[str, ...] = ()
    """Places of free-form objects in the body."""
    misread: Callable[[Mapping[str, Any], str, str], Found] = lambda _body, _path, _words: iter(())
    """What is said of one that cannot be read, by its path and the words of the parser."""
    enums: Mapping[str, str] = field(default_factory=dict[str, str])
    """How protobuf calls the enums of the body, by their place; only messages of errors show it."""
