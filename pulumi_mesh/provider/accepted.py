"""Waiting for the proxies after a write, where a program asks for it."""

from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.reconcile.watch import Watch
from pulumi_mesh.schema.kind import Address, Kind

from .run import RUN


def accepted(plane: Plane, kind: Kind, address: Address, wait: str, subject: str = "") -> None:
    """Return once the proxies that an object concerns run it; NotAccepted where one does not within the patience."""
    if wait == "accepted":
        Watch(plane, kind, address, subject or str(address), RUN.patience()).run()
