"""What one run knows of the control plane: each collection listed once, and our own writes on top of it."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.errors import MeshError, Refused

Body = dict[str, Any]


class Snapshot:
    """The listings of one run, for any number of threads; what it returns is to be read, not changed."""

    def __init__(self, control_plane: ControlPlane) -> None:
        """Keep the control plane; nothing is listed before the first question."""
        self._control_plane = control_plane
        self._lock = Lock()
        self._collections: dict[str, _Collection] = {}

    def find(self, path_of_collection: str, name: str, *, subject: str = "") -> Body | None:
        """Return one object of a collection, or None; the first question lists it, the others wait for that."""
        with self._lock:
            written = self._collection(path_of_collection).written
            if name in written:
                return written[name]
        listed = self._listed(path_of_collection, subject).by_name
        with self._lock:
            return self._collection(path_of_collection).written.get(name, listed.get(name))

    def all(self, path_of_collection: str, *, subject: str = "") -> list[Body]:
        """Return every object of a collection."""
        listed = self._listed(path_of_collection, subject).bodies
        with self._lock:
            written = dict(self._collection(path_of_collection).written)
        kept = [body for body in listed if body.get("name") not in written]
        return kept + [body for body in written.values() if body is not None]

    def note(self, path_of_collection: str, name: str, body: Body | None) -> None:
        """Remember what this run has written, or with None has deleted; it holds over any listing."""
        with self._lock:
            self._collection(path_of_collection).written[name] = body

    def written(self, path_of_collection: str) -> dict[str, Body | None]:
        """Return what this run has written into a collection, None where it has deleted."""
        with self._lock:
            return dict(self._collection(path_of_collection).written)

    def is_listed(self, path_of_collection: str) -> bool:
        """Tell whether a collection was listed already, so that a question about it costs nothing."""
        with self._lock:
            listing = self._collection(path_of_collection).listing
            return listing is not None and listing.done() and listing.exception() is None

    def forget(self, path_of_collection: str) -> None:
        """Drop what is known of a collection, so that the next question lists it again."""
        with self._lock:
            self._collections.pop(path_of_collection, None)

    def _collection(self, path: str) -> "_Collection":
        """Return what is known of a collection; called with the lock held."""
        return self._collections.setdefault(path, _Collection())

    def _listed(self, path: str, subject: str) -> "_Listing":
        """Return the listing of a collection: made here, or by the thread that asked first."""
        with self._lock:
            collection = self._collection(path)
            is_first = collection.listing is None
            listing = collection.listing = collection.listing or Future()
        try:
            if is_first:
                self._list(path, collection, listing)
            return listing.result()
        except MeshError as error:
            raise _about(subject, error) from None

    def _list(self, path: str, collection: "_Collection", listing: "Future[_Listing]") -> None:
        """List a collection for everybody who waits for it; a failed listing is not kept."""
        try:
            listing.set_result(_Listing(list(self._control_plane.list(path, subject=path))))
        except BaseException as error:
            with self._lock:
                collection.listing = None
            listing.set_exception(error)
            raise


class _Listing:
    """The objects of a collection, in order and by name."""

    def __init__(self, bodies: list[Body]) -> None:
        self.bodies = bodies
        self.by_name: dict[object, Body] = {body.get("name"): body for body in bodies}


@dataclass
class _Collection:
    """The listing of a collection, once it was begun, and what this run has written into it."""

    listing: Future[_Listing] | None = None
    written: dict[str, Body | None] = field(default_factory=dict[str, "Body | None"])


def _about(subject: str, error: MeshError) -> MeshError:
    """Repeat an error for one of the resources that wait for the same listing."""
    message = f"{subject}: {error}" if subject else str(error)
    return Refused(message, status=error.status) if isinstance(error, Refused) else type(error)(message)
