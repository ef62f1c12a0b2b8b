"""One control plane during one run: what it held when the run first looked, and every write, verified."""

import time
from collections.abc import Callable

from typing_extensions import assert_never

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.controlplane.snapshot import Snapshot
from pulumi_mesh.errors import Unverified, listed
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address, Kind
from pulumi_mesh.schema.release import Release, supported

from .diff import diff
from .discovery import discovered
from .plan import Create, Delete, Nothing, Step, Update

LAG = (0.1, 0.3, 1.0, 3.0)
"""How long to wait for a control plane that answers reads from a replica, seconds each time."""


class Plane:
    """One control plane during one run."""

    def __init__(
        self, control_plane: ControlPlane, warn: Callable[[str], None], sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self.control_plane = control_plane
        self.snapshot = Snapshot(control_plane)
        self.warn, self.sleep = warn, sleep
        self._looked_into = ""

    def first_mesh(self, mesh: str) -> bool:
        """Tell whether a mesh is the first one that the run looks into as a whole."""
        self._looked_into = self._looked_into or mesh
        return self._looked_into == mesh

    def release(self, subject: str = "") -> Release:
        """Return the release of Kuma that it runs, refused where it is not supported."""
        index = self.control_plane.index(subject=subject)
        return supported(index.based_on or index.version, subject or "the control plane")

    def cluster(self, subject: str = "") -> str:
        """Return its `clusterId`: the life of its store."""
        return self.control_plane.index(subject=subject).cluster_id

    def collection(self, kind: Kind, address: Address) -> str:
        """Return the path of the collection that an address lies in."""
        return self.served(kind, address).collection(address.mesh, self.release(str(address)))

    def url(self, kind: Kind, address: Address) -> str:
        """Return the path of an object."""
        return self.served(kind, address).url(address, self.release(str(address)))

    def served(self, kind: Kind, address: Address) -> Kind:
        """Return a kind with its path; where this version does not know it, the control plane is asked."""
        return discovered(kind, address, self.control_plane) if kind.asked else kind

    def find(self, kind: Kind, address: Address) -> Document | None:
        """Return what was at an address when the run first looked, and since then by our own writes."""
        body = self.snapshot.find(self.collection(kind, address), address.name, subject=str(address))
        return None if body is None else Document.found(kind, body)

    def get(self, kind: Kind, address: Address) -> Document | None:
        """Return what is at an address now."""
        body = self.control_plane.get(self.url(kind, address), subject=str(address))
        self.snapshot.note(self.collection(kind, address), address.name, body)
        return None if body is None else Document.found(kind, body)

    def take(self, kind: Kind, step: Step) -> None:
        """Take a step: one PUT and the GET that verifies it, or one DELETE, or nothing."""
        match step:
            case Create() | Update():
                self.write(kind, step.desired)
            case Delete():
                self.remove(kind, step.address)
            case Nothing():
                pass
            case _:
                assert_never(step)

    def write(self, kind: Kind, desired: Document) -> None:
        """Write a document, read it back, and say so where the control plane keeps something else."""
        subject = str(desired.address)
        self.put(kind, desired)
        actual = self.read_back(kind, desired.address)
        changes = diff(kind, actual, desired)
        if changes:
            reasons = [str(change) for change in changes]
            told = listed(f"{subject}: was written, but the control plane holds something else", reasons)
            raise Unverified(
                f"{told}\n  it does not know the field, or somebody else writes this object; run `pulumi up --refresh`"
            )

    def put(self, kind: Kind, desired: Document) -> None:
        """Write a document, and pass on what the control plane warns of."""
        subject = str(desired.address)
        written = self.control_plane.put(self.url(kind, desired.address), desired.sent(), subject=subject)
        for warning in written.warnings:
            self.warn(f"{subject}: {warning}")

    def read_back(self, kind: Kind, address: Address) -> Document:
        """Return what was just written, with patience where reads lag behind writes."""
        for pause in (*LAG, None):
            actual = self.get(kind, address)
            if actual is not None:
                return actual
            if pause is not None:
                self.sleep(pause)
        raise Unverified(
            f"{address}: was written, but is not there; does somebody else delete it, or is its mesh gone?"
        )

    def remove(self, kind: Kind, address: Address) -> None:
        """Delete what is at an address; gone already is fine."""
        self.control_plane.delete(self.url(kind, address), subject=str(address))
        self.snapshot.note(self.collection(kind, address), address.name, None)
