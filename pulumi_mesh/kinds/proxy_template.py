"""ProxyTemplate: changes to the configuration that Kuma makes for Envoy; chosen by tags of proxies."""

from collections.abc import Iterator

from pulumi_mesh.kinds.mesh_gateway_route_rules import alone, chosen
from pulumi_mesh.kinds.mesh_proxy_patch import ClusterMatch, FilterMatch, ListenerMatch, VirtualHostMatch
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.envoy import no_any, no_resource
from pulumi_mesh.schema.grave import ANYTHING
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.selectors import Selector
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, field
from pulumi_mesh.schema.tags import selector_tags

PROFILES = ("default-proxy", "egress-proxy", "gateway-proxy", "ingress-proxy")
OPERATIONS = ("add", "patch", "remove")
FILTER_OPERATIONS = ("addFirst", "addLast", "addBefore", "addAfter", "patch", "remove")
FILTERS = ("networkFilter", "httpFilter")
SORTS = ("cluster", "listener", *FILTERS, "virtualHost")
NEIGHBOURS = {"addBefore": "before", "addAfter": "after"}
WHAT = f"What is done: {', '.join(OPERATIONS)}."
WHAT_OF_FILTERS = f"What is done: {', '.join(FILTER_OPERATIONS)}."
VALUE = "The resource of Envoy in YAML: a whole one of add, some fields of patch, none of remove."


class RawResource(Model):
    """A resource of Envoy that is added as it is."""

    name: One[Str] = field(doc="Its name.")
    version: One[Str] = field(doc="Its version.")
    resource: One[Str] = field(doc="The resource in YAML, with its `@type`.")


class ClusterModification(Model):
    """A change to clusters."""

    match: Part[ClusterMatch | None] = field(default=None, presence=True, doc="Which; all, if absent; none of add.")
    operation: One[Str] = field(doc=WHAT)
    value: One[Str | None] = field(default=None, doc=VALUE)


class ListenerModification(Model):
    """A change to listeners."""

    match: Part[ListenerMatch | None] = field(default=None, presence=True, doc="Which; all, if absent; none of add.")
    operation: One[Str] = field(doc=WHAT)
    value: One[Str | None] = field(default=None, doc=VALUE)


class FilterModification(Model):
    """A change to filters, of the network or of HTTP."""

    match: Part[FilterMatch | None] = field(default=None, presence=True, doc="Which; all, if absent.")
    operation: One[Str] = field(doc=WHAT_OF_FILTERS)
    value: One[Str | None] = field(default=None, doc=VALUE)


class VirtualHostModification(Model):
    """A change to virtual hosts."""

    match: Part[VirtualHostMatch | None] = field(default=None, presence=True, doc="Which; all, if absent.")
    operation: One[Str] = field(doc=WHAT)
    value: One[Str | None] = field(default=None, doc=VALUE)


class TemplateModification(Model):
    """A change to one sort of resources."""

    cluster: Part[ClusterModification | None] = field(default=None, presence=True, doc="Clusters.")
    listener: Part[ListenerModification | None] = field(default=None, presence=True, doc="Listeners.")
    network_filter: Part[FilterModification | None] = field(default=None, presence=True, doc="Filters of listeners.")
    http_filter: Part[FilterModification | None] = field(default=None, presence=True, doc="Filters of HTTP.")
    virtual_host: Part[VirtualHostModification | None] = field(default=None, presence=True, doc="Virtual hosts.")


def selects(template: Body, _: Release) -> Iterator[Violation]:
    """Each selector names a service, or `*`."""
    for path, selector in parts(template, "selectors"):
        yield from selector_tags(f"{path}.match", table(selector, "match"))


def raw(template: Body, _: Release) -> Iterator[Violation]:
    """Profiles are known; resources that are added are whole."""
    for index, profile in enumerate(values(template, "conf.imports")):
        if not profile:
            yield Violation(f"conf.imports[{index}]", "cannot be empty")
        elif profile not in PROFILES:
            said = f"profile not found. Available profiles: {','.join(PROFILES)}"
            yield Violation(f"conf.imports[{index}]", said)
    for path, one in parts(template, "conf.resources"):
        for key in ("name", "version", "resource"):
            if not one.get(key):
                yield Violation(f"{path}.{key}", "cannot be empty")
        if one.get("resource") and (reason := no_any(str(one["resource"]))):
            yield Violation(f"{path}.resource", f"native Envoy resource is not valid: {reason}")


def modifications(template: Body, _: Release) -> Iterator[Violation]:
    """Each change is to one sort of resources, and has what it needs."""
    for path, one in parts(template, "conf.modifications"):
        yield from alone(path, one, SORTS)
        if sort := chosen(one, SORTS):
            yield from modification(f"{path}.{sort}", sort, one[sort])


def modification(path: str, sort: str, said: Body) -> Iterator[Violation]:
    """What is done has what it needs: a match, a value."""
    operation, named = str(said.get("operation") or ""), bool(dig(said, "match.name"))
    known = FILTER_OPERATIONS if sort in FILTERS else OPERATIONS
    if operation not in known:
        names = ", ".join(f'"{name}"' for name in known)
        yield Violation(f"{path}.operation", f"invalid operation. Available operations: {names}")
        return
    if operation == "add" and sort == "virtualHost" and named:
        yield Violation(f"{path}.match.name", "cannot be defined")
    if operation == "add" and sort != "virtualHost" and said.get("match") is not None:
        yield Violation(f"{path}.match", "cannot be defined")
    if operation in NEIGHBOURS and not named:
        which = f"You need to pick a filter {NEIGHBOURS[operation]} which this one will be added"
        yield Violation(f"{path}.match.name", f"cannot be empty. {which}")
    if operation == "patch" and sort in FILTERS and not named:
        yield Violation(f"{path}.match.name", "cannot be empty")
    if operation != "remove":
        reason = no_resource(sort, str(said.get("value") or ""), whole=operation != "patch")
        if reason:
            yield Violation(f"{path}.value", f"native Envoy resource is not valid: {reason}")


class ProxyTemplate(
    MeshScoped,
    kind=Kind(
        path="proxytemplates",
        shape="legacy",
        policy=True,
        written_on=frozenset({"global"}),
        rules=(selects, raw, modifications),
        grave=ANYTHING,
    ),
):
    """Changes to the configuration that Kuma makes for Envoy.

    MeshProxyPatch replaces it.

    Source: https://kuma.io/docs/latest/policies/proxy-template/
    """

    selectors: Parts[Selector] = field(default=None, doc="Whose proxies.")
    imports: Many[Str] = field(
        default=None, wire="conf.imports", doc=f"Profiles of Kuma that it begins with: {', '.join(PROFILES)}."
    )
    resources: Parts[RawResource] = field(default=None, wire="conf.resources", doc="Resources that are added.")
    modifications: Parts[TemplateModification] = field(
        default=None, wire="conf.modifications", doc="Changes, in this order."
    )


__all__ = [
    "ClusterModification",
    "FilterModification",
    "ListenerModification",
    "ProxyTemplate",
    "RawResource",
    "TemplateModification",
    "VirtualHostModification",
]
