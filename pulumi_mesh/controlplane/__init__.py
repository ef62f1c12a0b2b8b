"""The control plane: where it is, what it answers, what one run knows of it."""

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.controlplane.connection import Connection, connection
from pulumi_mesh.controlplane.shapes import Index, Written
from pulumi_mesh.controlplane.snapshot import Snapshot

__all__ = ["Connection", "ControlPlane", "Index", "Snapshot", "Written", "connection"]
