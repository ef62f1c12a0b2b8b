"""What the control plane asks of a MeshLoadBalancingStrategy beyond its structure."""

from collections.abc import Iterator
from dataclasses import replace

from pulumi_mesh.schema.bounds import decimal, percentage, positive
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.target_ref import EVERYONE, GATEWAYS, Place, deprecated_top, target_ref, top, top_kind

TO = Place(("Mesh", "MeshService", "MeshMultiZoneService"))
TO_WITH_ROUTES = Place((*TO.kinds, "MeshHTTPRoute"))
SHARED = (
    "kind MeshExternalService is only allowed with targetRef.kind: Mesh as it is configured on the Zone Egress and"
    " shared by all clients in the mesh"
)
ONLY_HASHES = "field is not allowed when targetRef.kind is MeshHTTPRoute, only hashPolicies is supported"
NEEDED = {
    "Header": "header",
    "Cookie": "cookie",
    "QueryParameter": "queryParameter",
    "FilterState": "filterState",
    "Connection": "connection",
    "SourceIP": "connection",
}
"""The field that a hash policy of each type must have."""
HASHING = {"RingHash": "ringHash", "Maglev": "maglev"}
"""The field of each load balancer that hashes."""


def references(strategy: Body, release: Release) -> Iterator[Violation]:
    """What is referred to; where a gateway's load balancer is said, it is said of the whole mesh."""
    yield from top(strategy, release, GATEWAYS)
    if release < (2, 14) and not values(strategy, "spec.to"):
        yield Violation("spec.to", "needs at least one item")
    kind = top_kind(strategy)
    for path, to in parts(strategy, "spec.to") if kind else ():
        if (ref := dig(to, "targetRef")) is not None:
            yield from target_ref(f"{path}.targetRef", ref, release, place(kind, to, release))
        if dig(ref, "kind") == "MeshExternalService" and kind != "Mesh":
            yield Violation(f"{path}.targetRef.kind", SHARED)


def place(kind: str, to: Body, release: Release) -> Place:
    """Return which destinations there may be."""
    if kind != "MeshGateway":
        return TO_WITH_ROUTES if release >= (2, 12) else TO
    if dig(to, "default.loadBalancer") is None:
        return TO
    quoted = "value 'MeshGateway' is" if release >= (2, 13) else "value is"
    return replace(EVERYONE, refusal=f"{quoted} not supported, only Mesh is allowed if loadBalancer is set")


def confs(strategy: Body, release: Release) -> Iterator[Violation]:
    """How requests to each destination are shared out."""
    for path, to in parts(strategy, "spec.to"):
        at, said = f"{path}.default", table(to, "default")
        newer = release >= (2, 12)
        if newer:
            yield from hashes(f"{at}.hashPolicies", said, "hashPolicies")
        if newer and dig(to, "targetRef.kind") == "MeshHTTPRoute":
            for key in ("loadBalancer", "localityAwareness"):
                if said.get(key) is not None:
                    yield Violation(f"{at}.{key}", ONLY_HASHES)
            continue
        yield from balancer(f"{at}.loadBalancer", table(said, "loadBalancer"))
        yield from local(f"{at}.localityAwareness.localZone", table(said, "localityAwareness.localZone"))
        if (cross := dig(said, "localityAwareness.crossZone")) is not None:
            yield from across(f"{at}.localityAwareness.crossZone", cross, table(to, "targetRef"))
        for key in HASHING.values() if newer and said.get("hashPolicies") is not None else ():
            if dig(said, f"loadBalancer.{key}.hashPolicies") is not None:
                yield Violation(
                    f"{at}.loadBalancer.{key}.hashPolicies", "hashPolicies already specified in the root level"
                )


def balancer(at: str, said: Body) -> Iterator[Violation]:
    """The field that the type of a load balancer names."""
    if (key := HASHING.get(str(said.get("type")))) is not None:
        yield from hashes(f"{at}.{key}.hashPolicies", said, f"{key}.hashPolicies")
    bias = dig(said, "leastRequest.activeRequestBias")
    if said.get("type") == "LeastRequest" and bias is not None:
        at = f"{at}.leastRequest.activeRequestBias"
        if (number := decimal(bias)) is None:
            yield Violation(at, "string must be a valid number")
        elif number < 0:
            yield Violation(at, "must be greater or equal then: 0")


def hashes(at: str, said: Body, key: str) -> Iterator[Violation]:
    """Each hash policy has the field that its type names."""
    for index, policy in enumerate(values(said, key)):
        needed = NEEDED.get(str(dig(policy, "type")))
        if needed is not None and dig(policy, needed) is None:
            yield Violation(f"{at}[{index}].{needed}", "must be defined")
        path = dig(policy, "cookie.path")
        if needed == "cookie" and path is not None and not path.startswith("/"):
            yield Violation(f"{at}[{index}].cookie.path", "must be an absolute path")


def local(at: str, said: Body) -> Iterator[Violation]:
    """Tags with names, and weights of all or none."""
    weighted = 0
    for path, tag in parts(said, "affinityTags", at):
        if tag.get("key") == "":
            yield Violation(f"{path}.key", "must not be empty")
        yield from positive(path, tag, "weight")
        weighted += tag.get("weight") is not None
    if weighted not in (0, len(values(said, "affinityTags"))):
        yield Violation(f"{at}.affinityTags", "all or none affinity tags should have weight")


def across(at: str, said: Body, ref: Body) -> Iterator[Violation]:
    """Rules between zones: not of a MeshService, whose proxies are of one zone; each with the zones that it needs."""
    if ref.get("kind") == "MeshService" and (ref.get("sectionName") or ref.get("labels")):
        yield Violation(at, "must not be set: MeshService traffic is local")
    for path, failover in parts(said, "failover", at):
        if failover.get("from") is not None:
            zones = values(failover, "from.zones")
            if not zones:
                yield Violation(f"{path}.from.zones", "must not be empty")
            for index, zone in enumerate(zones):
                if not zone:
                    yield Violation(f"{path}.from.zones[{index}]", "must not be empty")
        kind, some = dig(failover, "to.type"), bool(values(failover, "to.zones"))
        if kind in ("Any", "None") and some:
            yield Violation(f"{path}.to.zones", f"must be empty when type is {kind}")
        if kind in ("AnyExcept", "Only") and not some:
            yield Violation(f"{path}.to.zones", f"must not be empty when type is {kind}")
    yield from percentage(f"{at}.failoverThreshold", table(said, "failoverThreshold"), "percentage", zero=False)


def deprecated_hashes(strategy: Body, release: Release) -> Iterator[Violation]:
    """Hash policies of a load balancer itself, and an old name."""
    for index, (path, to) in enumerate(parts(strategy, "spec.to")):
        key = HASHING.get(str(dig(to, "default.loadBalancer.type")))
        if key is None or dig(to, f"default.loadBalancer.{key}.hashPolicies") is None:
            continue
        at = f"{path}.default.loadBalancer.{key}.hashPolicies"
        if release >= (2, 13):
            yield Violation(
                at, f"configuration '{at}' is deprecated, use 'spec.to[{index}].default.hashPolicies' instead"
            )
        for here, policy in parts(to, f"default.loadBalancer.{key}.hashPolicies", path):
            if policy.get("type") == "SourceIP":
                yield Violation(
                    f"{here}.type", f"SourceIP type for '{here}.type' is deprecated, use Connection instead"
                )


RULES = (references, confs)
WARNINGS = (deprecated_hashes, deprecated_top)
