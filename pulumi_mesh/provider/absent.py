"""What an object refers to that only the control plane knows: a warning at the write, never a write lost to it."""

from collections.abc import Iterable
from threading import Lock
from weakref import WeakKeyDictionary

from pulumi_mesh.errors import MeshError
from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import FINDERS, Known, codes
from pulumi_mesh.schema.kind import Address, kind_of
from pulumi_mesh.schema.rules import table

DISPLAYED = "kuma.io/display-name"
"""The label with the name that an object has where it was written; elsewhere the control plane gives it a longer one."""


MISSED: "WeakKeyDictionary[Plane, set[Address]]" = WeakKeyDictionary()
"""What was warned of already: a thousand routes may miss one gateway."""
LOCK = Lock()
LISTED = ("MeshGateway", "Secret")
"""Kinds that are listed for it, once in a run for each mesh: without them a gateway does nothing, or is stuck."""


def warn_of(plane: Plane, desired: Document, outside: Iterable[str], *, ignored: str = "") -> None:
    """Warn of what an object that was just written refers to and nobody has, once in a run for each that is missing.

    That takes one listing per kind and mesh in a run at the most.
    """
    try:
        absent = frozenset(address for address in map(Address.parse, outside) if is_absent(plane, address))
    except MeshError:
        return  # what cannot be listed is not missed
    with LOCK:
        missed = MISSED.setdefault(plane, set())
        absent -= missed
        missed |= absent
    if not absent:
        return
    known = Known([desired], plane.release(str(desired.address)), absent=absent, ignored=codes(ignored))
    for one in FINDERS.everything(known):
        if one.code.endswith("-missing"):
            plane.warn(str(one))


def is_absent(plane: Plane, address: Address) -> bool:
    """Tell whether an object is known to be there neither when the run first looked nor by a write since, under either of its names."""
    collection = plane.collection(kind_of(address.kind), address)
    if address.kind not in LISTED and not plane.snapshot.is_listed(collection):
        return False
    found = plane.snapshot.all(collection, subject=str(address))
    return not any(address.name in (one.get("name"), table(one, "labels").get(DISPLAYED)) for one in found)
