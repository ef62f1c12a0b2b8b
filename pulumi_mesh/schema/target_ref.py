"""Rules of references: what a targetRef or a backendRef of each kind must say and must not, in the control plane's words.

Every policy has places for references (`spec.targetRef`, `spec.to[].targetRef`, ...). A place is data: which kinds it
takes, and what it allows of them. Where a rule or its wording changed, the release since which it holds stands beside it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .release import Release
from .rules import Body, Violation, dig, join, parts, table, values
from .tags import tags

NAME = re.compile(r"[0-9a-z.\-_]*")
UNRESOLVED = "kuma.io/unresolved-backend"
"""A name that no service has; the Gateway API puts it where it finds no backend."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a policy takes a reference."""

    kinds: tuple[str, ...]
    """The kinds that it may be of."""
    listener_tags: bool = False
    """Whether a MeshGateway may be narrowed to listeners by tags."""
    inbound: bool = False
    """Whether the policy works on inbounds, so that a Dataplane may be narrowed to one by sectionName."""
    names: tuple[str, ...] = ()
    """Names that are taken though their characters are not."""
    refusal: str = ""
    """What is said of another kind, where the policy has words of its own."""


PROXIES = Place(("Mesh", "MeshSubset", "MeshService", "MeshServiceSubset", "Dataplane"))
"""Proxies: what most policies take at the top."""
GATEWAYS = replace(PROXIES, kinds=(*PROXIES.kinds, "MeshGateway"), listener_tags=True)
"""Proxies and builtin gateways, down to their listeners."""
EVERYONE = Place(("Mesh",))
"""The whole mesh."""
SERVICES = Place(("MeshService", "MeshExternalService", "MeshMultiZoneService"))
"""Services that are objects."""
BACKENDS = Place(("MeshService", "MeshServiceSubset", "MeshExternalService", "MeshMultiZoneService"))
"""Services that traffic can be sent to."""
MIRRORS = Place(("MeshService", "MeshServiceSubset"))
"""Services that copies of requests can be sent to."""

FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "Mesh": ("mesh", "tags", "labels", "namespace", "sectionName"),
    "Dataplane": ("tags", "mesh", "proxyTypes"),
    "MeshSubset": ("name", "mesh", "labels", "namespace", "sectionName"),
    "MeshService": ("mesh", "tags", "proxyTypes"),
    "MeshHTTPRoute": ("mesh", "tags", "proxyTypes", "sectionName"),
    "MeshServiceSubset": ("mesh", "proxyTypes", "labels", "namespace", "sectionName"),
    "MeshGateway": ("mesh", "proxyTypes", "labels", "namespace", "sectionName"),
    "MeshExternalService": ("mesh", "tags", "proxyTypes", "sectionName"),
}
"""The fields that a reference of a kind must not have; of a MeshMultiZoneService nothing is checked."""
ALLOWED_BEFORE = {("MeshHTTPRoute", "sectionName"): Release(2, 11)}
"""Fields that were allowed until a release forbade them."""
NAMED = ("MeshServiceSubset", "MeshGateway")
"""Kinds that are referred to by name alone."""
LABELLED = ("MeshService", "MeshHTTPRoute", "MeshExternalService")
"""Kinds that are referred to by name or by labels."""


def target_ref(path: str, ref: Body, release: Release, place: Place) -> Iterator[Violation]:
    """One reference at its place."""
    kind = str(ref.get("kind") or "")
    if not kind:
        yield Violation(join(path, "kind"), "must be defined")
        return
    if kind not in place.kinds:
        quoted = f"'{kind}' " if release >= (2, 13) else ""
        yield Violation(join(path, "kind"), place.refusal or f"value {quoted}is not supported")
        return
    yield from forbidden(path, ref, release, kind)
    yield from named(path, ref, release, kind, place)
    yield from chosen(path, ref, kind, place)


def forbidden(path: str, ref: Body, release: Release, kind: str) -> Iterator[Violation]:
    """The fields that mean nothing for a kind are refused, not ignored."""
    if kind == "Mesh" and ref.get("name"):
        yield Violation(join(path, "name"), "using name with kind Mesh is not yet supported")
    for key in FORBIDDEN.get(kind, ()):
        if ref.get(key) and release >= ALLOWED_BEFORE.get((kind, key), release):
            yield Violation(join(path, key), f"must not be set with kind {kind}")


def named(path: str, ref: Body, release: Release, kind: str, place: Place) -> Iterator[Violation]:
    """A name where there must be one, made of the right characters; never beside labels."""
    name, labels = str(ref.get("name") or ""), ref.get("labels")
    newer = release >= (2, 14)
    if kind in NAMED and not name:
        yield Violation(join(path, "name"), f"must be set {'when kind is' if newer else 'with kind'} {kind}")
    if kind in LABELLED and not name and not labels:
        if newer:
            yield Violation(path, f"name or labels must be set when kind is {kind}")
        else:
            yield Violation(join(path, "name"), f"must be set with kind {kind}")
    if kind in (*NAMED, *LABELLED) and name not in place.names and not NAME.fullmatch(name):
        yield Violation(
            join(path, "name"),
            "invalid characters: must consist of lower case alphanumeric characters, '-', '.' and '_'.",
        )
    if kind in (*LABELLED, "Dataplane") and labels and (name or ref.get("namespace")):
        other = "name" if kind == "MeshExternalService" else "name and namespace"
        yield Violation(join(path, "labels"), f"either labels or {other} must be specified")


def chosen(path: str, ref: Body, kind: str, place: Place) -> Iterator[Violation]:
    """What narrows the choice further: tags, types of proxies, a section."""
    if kind in ("Mesh", "MeshSubset") and ref.get("proxyTypes") is not None and not values(ref, "proxyTypes"):
        yield Violation(join(path, "proxyTypes"), "must be undefined or have at least one element")
    if kind in ("MeshSubset", *NAMED):
        yield from tags(join(path, "tags"), table(ref, "tags"), selector=kind in NAMED, some=False)
    if kind == "MeshGateway" and table(ref, "tags") and not place.listener_tags:
        yield Violation(join(path, "tags"), f"must not be set with kind {kind}")
    if kind == "Dataplane" and ref.get("sectionName") and not place.inbound:
        yield Violation(join(path, "sectionName"), "can only be used with inbound policies")


def backend_refs(refs: Iterator[tuple[str, Body]], release: Release, place: Place) -> Iterator[Violation]:
    """References to services that traffic is sent to."""
    for at, ref in refs:
        yield from target_ref(at, ref, release, place)
        if ref.get("kind") == "MeshMultiZoneService" and ref.get("port") is None:
            yield Violation(join(at, "port"), "must be defined with kind MeshMultiZoneService")


def top_kind(body: Body) -> str:
    """Return the kind that a policy is about at the top: the whole mesh where it says nothing, "" where it is not known."""
    ref = dig(body, "spec.targetRef")
    return "Mesh" if ref is None else str(dig(ref, "kind") or "")


def top(body: Body, release: Release, place: Place) -> Iterator[Violation]:
    """The reference at the top; every policy may leave it out."""
    if (ref := dig(body, "spec.targetRef")) is not None:
        yield from target_ref("spec.targetRef", ref, release, place)


def each(body: Body, path: str, release: Release, place: Place) -> Iterator[Violation]:
    """The references of a list (`spec.to`, `spec.from`)."""
    for at, item in parts(body, path):
        if (ref := dig(item, "targetRef")) is not None:
            yield from target_ref(f"{at}.targetRef", ref, release, place)


def works_on_inbounds(body: Body) -> bool:
    """Tell whether a policy works on inbounds: it has rules, or says where traffic comes from."""
    return bool(values(body, "spec.rules") or values(body, "spec.from"))


def deprecated_top(body: Body, release: Release) -> Iterator[Violation]:
    """Kinds at the top that Kuma will give up."""
    kind, path = top_kind(body), "spec.targetRef.kind"
    if kind == "MeshService" and release < (2, 11):
        use = "MeshSubset with 'kuma.io/service' tag instead"
    elif kind == "MeshSubset" or (kind in ("MeshService", "MeshServiceSubset") and release >= (2, 11)):
        use = "Dataplane with labels instead"
        kind = kind if release >= (2, 13) else "MeshSubset"
    elif kind == "MeshHTTPRoute" and release >= (2, 13):
        use = "MeshHTTPRoute in spec.to[].targetRef"
    else:
        return
    yield Violation(path, f"{kind} value for 'targetRef.kind' is deprecated, use {use}")


def deprecated_from(body: Body, _: Release) -> Iterator[Violation]:
    """The list `from`, which `rules` replace."""
    if values(body, "spec.from"):
        yield Violation("spec.from", "'from' field is deprecated, use 'rules' instead")


def by_role(policy: Body, place: Place) -> Place:
    """Return what a policy takes at the top: proxies alone, where a label gives it another role than the system's."""
    systems = table(policy, "labels").get("kuma.io/policy-role") in (None, "", "system")
    return place if systems else replace(PROXIES, inbound=place.inbound)


def includes_gateways(policy: Body) -> bool:
    """Tell whether a policy is about builtin gateways, too."""
    kind, types = top_kind(policy), values(policy, "spec.targetRef.proxyTypes")
    if kind in ("Mesh", "MeshSubset"):
        return not types or "Gateway" in types
    return kind in ("MeshGateway", "MeshHTTPRoute")
