"""Workload: proxies that belong together."""

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.release import Release


class Workload(
    MeshScoped,
    kind=Kind(
        path="workloads",
        shape="spec",
        short="wl",
        status="2.13",
        since=Release(2, 13),
        written_on=frozenset({"zone"}),
        grave=TOLD,
    ),
):
    """Proxies that belong together: those whose label `kuma.io/workload` names it.

    It says nothing but its name; the control plane counts its proxies, and makes one of each such label by itself.

    Source: https://kuma.io/docs/latest/introduction/concepts/#workload
    """


__all__ = ["Workload"]
