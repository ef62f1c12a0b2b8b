"""Waiting for the proxies after a write, where a program asks for it."""

from collections.abc import Mapping
from typing import Any

from pulumi_mesh.errors import NotAccepted
from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.reconcile.watch import Watch
from pulumi_mesh.schema.kind import Address, Kind

from .run import RUN


def accepted(plane: Plane, kind: Kind, address: Address, wait: str, subject: str, outs: Mapping[str, Any]) -> None:
    """Return once the proxies that an object concerns run it; where one does not within the patience, the write holds."""
    if wait != "accepted":
        return
    try:
        Watch(plane, kind, address, subject, RUN.patience()).run()
    except NotAccepted as error:
        from .partial import kept  # what it takes to speak to the engine is loaded where it must be

        kept(error, subject, outs)
