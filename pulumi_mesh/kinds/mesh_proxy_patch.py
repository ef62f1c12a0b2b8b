"""MeshProxyPatch: changes to the configuration that Kuma makes for Envoy."""

from typing import Any, Literal

from pulumi_mesh.kinds.mesh_proxy_patch_rules import RULES
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import ANYTHING
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str, TargetRef
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Table, field
from pulumi_mesh.schema.target_ref import deprecated_top

Operation = Literal["Add", "Remove", "Patch"]
FilterOperation = Literal["Remove", "Patch", "AddFirst", "AddBefore", "AddAfter", "AddLast"]
ORIGIN = "What made it: inbound, outbound, transparent, prometheus, ingress, egress, gateway, or a policy."
VALUE = "The resource of Envoy in YAML: a whole one of Add, some fields of Patch, none of Remove."


class JsonPatch(Model):
    """One step of a JSON patch."""

    op: One[Literal["add", "remove", "replace", "move", "copy"]] = field(doc="What is done.")
    path: One[Str] = field(doc="Where, as a JSON pointer; not everything can be removed.")
    value: One[Any] = field(default=None, doc="The value of add and replace, in JSON.")
    from_: One[Str | None] = field(default=None, doc="Where move and copy take it from, as a JSON pointer.")


class ClusterMatch(Model):
    """Which clusters are meant."""

    origin: One[Str | None] = field(default=None, doc=ORIGIN)
    name: One[Str | None] = field(default=None, doc="The name of the cluster.")


class ClusterPatch(Model):
    """A change to clusters."""

    match: Part[ClusterMatch | None] = field(default=None, presence=True, doc="Which; all, if absent; none of Add.")
    operation: One[Operation] = field(doc="What is done.")
    value: One[Str | None] = field(default=None, doc=VALUE)
    json_patches: Parts[JsonPatch] = field(default=None, doc="Steps of Patch, instead of `value`.")


class ListenerMatch(Model):
    """Which listeners are meant."""

    origin: One[Str | None] = field(default=None, doc=ORIGIN)
    name: One[Str | None] = field(default=None, doc="The name of the listener.")
    tags: Table[Str] = field(default=None, doc="Tags of the listener.")


class ListenerPatch(Model):
    """A change to listeners."""

    match: Part[ListenerMatch | None] = field(default=None, presence=True, doc="Which; all, if absent; none of Add.")
    operation: One[Operation] = field(doc="What is done.")
    value: One[Str | None] = field(default=None, doc=VALUE)
    json_patches: Parts[JsonPatch] = field(default=None, doc="Steps of Patch, instead of `value`.")


class FilterMatch(Model):
    """Which filters are meant."""

    origin: One[Str | None] = field(default=None, doc=ORIGIN)
    name: One[Str | None] = field(default=None, doc="The name of the filter; Patch, AddBefore and AddAfter need it.")
    listener_name: One[Str | None] = field(default=None, doc="The name of the listener.")
    listener_tags: Table[Str] = field(default=None, doc="Tags of the listener.")


class FilterPatch(Model):
    """A change to filters, of the network or of HTTP."""

    match: Part[FilterMatch | None] = field(default=None, presence=True, doc="Which; all, if absent.")
    operation: One[FilterOperation] = field(doc="What is done, and where it is added.")
    value: One[Str | None] = field(default=None, doc=VALUE)
    json_patches: Parts[JsonPatch] = field(default=None, doc="Steps of Patch, instead of `value`.")


class VirtualHostMatch(Model):
    """Which virtual hosts are meant."""

    origin: One[Str | None] = field(default=None, doc=ORIGIN)
    name: One[Str | None] = field(default=None, doc="The name of the virtual host; none of Add.")
    route_configuration_name: One[Str | None] = field(default=None, doc="The name of the RouteConfiguration.")


class VirtualHostPatch(Model):
    """A change to virtual hosts."""

    match: Part[VirtualHostMatch] = field(presence=True, doc="Which; all, if empty.")
    operation: One[Operation] = field(doc="What is done.")
    value: One[Str | None] = field(default=None, doc=VALUE)
    json_patches: Parts[JsonPatch] = field(default=None, doc="Steps of Patch, instead of `value`.")


class ProxyModification(Model):
    """A change to one sort of resources."""

    cluster: Part[ClusterPatch | None] = field(default=None, doc="Clusters.")
    listener: Part[ListenerPatch | None] = field(default=None, doc="Listeners.")
    network_filter: Part[FilterPatch | None] = field(default=None, doc="Filters of listeners.")
    http_filter: Part[FilterPatch | None] = field(default=None, doc="Filters of HTTP.")
    virtual_host: Part[VirtualHostPatch | None] = field(default=None, doc="Virtual hosts.")


class ProxyPatchConf(Model):
    """Changes."""

    append_modifications: Parts[ProxyModification] = field(
        default=None, doc="The changes, in this order; at least one, each to one sort of resources."
    )


class MeshProxyPatch(
    MeshScoped,
    kind=Kind(
        path="meshproxypatches",
        shape="spec",
        short="mpp",
        policy=True,
        rules=RULES,
        warnings=(deprecated_top,),
        grave=ANYTHING,
    ),
):
    """Changes to the configuration that Kuma makes for Envoy.

    Source: https://kuma.io/docs/latest/policies/meshproxypatch/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies; those of the whole mesh, if absent.")
    default: Part[ProxyPatchConf] = field(doc="The changes.")


__all__ = [
    "ClusterMatch",
    "ClusterPatch",
    "FilterMatch",
    "FilterPatch",
    "JsonPatch",
    "ListenerMatch",
    "ListenerPatch",
    "MeshProxyPatch",
    "ProxyModification",
    "ProxyPatchConf",
    "VirtualHostMatch",
    "VirtualHostPatch",
]
