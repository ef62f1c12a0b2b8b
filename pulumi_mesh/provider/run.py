"""What one provider process knows: its configuration, its control planes, what the program has declared so far."""

import os
import sys
import threading
from collections.abc import Callable

import pulumi

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.controlplane.connection import connection
from pulumi_mesh.errors import Unconfigured, WrongControlPlane
from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.schema.release import NEWEST, Release, supported

from .pace import spare_collector

Config = Callable[[str], str | None]


class Run:
    """One life of the provider process: the engine starts a new one for each preview, update and refresh."""

    def __init__(self) -> None:
        self.config: Config = lambda _: None
        self.planes: dict[str, Plane] = {}
        self.lock = threading.Lock()
        self.declared: set[str] = set()
        """Control plane and address of every object that the program has declared in this run."""
        self.kept: set[str] = set()
        """Control plane and address of every object that this run has created, or found to stay."""
        self.outside: dict[str, dict[str, str]] = {}
        """What each object of the program refers to that the program does not declare, and where, by control plane and address."""
        self.clusters: dict[str, str] = {}
        """The `clusterId` that the stack was last written to, by control plane."""
        self.entered: dict[str, str] = {}
        """The `clusterId` that this run writes to, by control plane."""

    def configure(self, config: Config) -> None:
        """Take the configuration of the stack; say errors without a traceback unless one is asked for."""
        self.config = config
        spare_collector()
        if not os.environ.get("PULUMI_MESH_TRACEBACK"):
            sys.tracebacklimit = 0

    def plane(self, name: str) -> Plane:
        """Return the control plane of a name, connected once."""
        with self.lock:
            if name not in self.planes:
                said = connection(name, os.environ, self.config)
                self.planes[name] = Plane(ControlPlane(said), pulumi.log.warn)
            return self.planes[name]

    def stays(self, where: str) -> bool:
        """Tell whether an object stays although a resource of it leaves: another resource of the program declares it."""
        return where in self.declared and where in self.kept

    def target(self) -> Release:
        """Return the release that the program is written for: `mesh:version`, else the newest supported."""
        said = self.config("mesh:version")
        return supported(said, "mesh:version") if said else NEWEST

    def came_from(self, name: str, subject: str, cluster: str) -> None:
        """Note the control plane that a resource was written to; no request is made, but one that this run has entered counts."""
        if cluster:
            self.clusters.setdefault(name, cluster)
            self.same(name, subject, cluster, self.entered.get(name, cluster))

    def same_cluster(self, name: str, subject: str, cluster: str = "") -> None:
        """Enter a control plane; refuse one that is not the one this stack was written to."""
        now = self.plane(name).cluster(subject)
        self.same(name, subject, cluster or self.clusters.get(name, now), now)
        self.entered[name] = now

    def same(self, name: str, subject: str, was: str, now: str) -> None:
        """Refuse another control plane, unless that is allowed."""
        if was == now or self.allows_cluster_change():
            return
        raise WrongControlPlane(
            f"{subject}: this stack was written to the control plane with the clusterId {was}, but {self.where(name)} is {now};"
            " is the URL right? A control plane that keeps its store in memory gets a new clusterId, and is empty, at each start."
            " To go on with this one: pulumi config set mesh:allowClusterChange true, which pulumi destroy and refresh see with"
            " --run-program only, or PULUMI_MESH_ALLOW_CLUSTER_CHANGE=true"
        )

    def where(self, name: str) -> str:
        """Return the URL of a control plane, for messages."""
        return self.plane(name).control_plane.connection.url

    def allows_cluster_change(self) -> bool:
        """Tell whether the stack may move to another control plane."""
        return self.allows("mesh:allowClusterChange", "PULUMI_MESH_ALLOW_CLUSTER_CHANGE")

    def allows_mesh_delete(self) -> bool:
        """Tell whether a mesh may be deleted although it holds objects of others."""
        return self.allows("mesh:allowMeshDelete", "PULUMI_MESH_ALLOW_MESH_DELETE")

    def patience(self) -> float:
        """Return for how many seconds a write waits for the proxies at most."""
        variable = "PULUMI_MESH_WAIT_TIMEOUT"
        origin = variable if os.environ.get(variable) else "mesh:waitTimeout"
        said = os.environ.get(variable) or self.config("mesh:waitTimeout") or "30"
        try:
            seconds = float(said.strip().removesuffix("s"))
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise Unconfigured(f"{origin}: {said} is no number of seconds above 0; write 30")
        return seconds

    def allows(self, key: str, variable: str) -> bool:
        """Tell whether a brake is let go, by the environment or the config of the stack."""
        return (os.environ.get(variable) or self.config(key) or "").lower() in ("true", "1", "yes")


RUN = Run()
