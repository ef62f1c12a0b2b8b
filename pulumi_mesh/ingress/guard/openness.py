"""Whether a permission lets everybody call everything."""

from collections.abc import Mapping
from typing import Any

from pulumi_mesh.schema.rules import dig, table, values
from pulumi_mesh.schema.spec import is_map

Said = Mapping[str, Any]
NARROW = ("name", "labels", "section_name", "tags")
"""What of a reference says that not all are meant."""


def opens(kind: str, said: Said) -> str | None:
    """Say by which part a permission lets everybody call everything, in the words of a program; None where it does not."""
    if kind == "TrafficPermission":
        both = all(any(map(anything, values(said, side))) for side in ("sources", "destinations"))
        return "sources and destinations `*`" if both else None
    if not everything(said.get("target_ref")):
        return None
    for index, source in enumerate(values(said, "from_")):
        if everything(source.get("target_ref")) and dig(source, "default.action") in ("Allow", "AllowWithShadowDeny"):
            return f"from_[{index}]: {dig(source, 'default.action')} for {dig(source, 'target_ref.kind')}"
    for index, rule in enumerate(values(said, "rules")):
        for name in ("allow", "allow_with_shadow_deny"):
            for place, match in enumerate(values(rule, f"default.{name}")):
                if anybody(match):
                    return f"rules[{index}].default.{name}[{place}]"
    return None


def anything(selector: Said) -> bool:
    """Tell whether a selector is met by all proxies."""
    return wild(table(selector, "match"))


def everything(ref: Said | None) -> bool:
    """Tell whether a reference means all proxies of a mesh; gateways have no inbounds, so they do not count."""
    if ref is None:
        return True
    types = ref.get("proxy_types")
    if ref.get("kind") not in ("Mesh", "MeshSubset", "Dataplane") or (types and "Sidecar" not in types):
        return False
    return not any(value for key, value in ref.items() if key in NARROW and not wild(value))


def wild(value: Any) -> bool:
    """Tell whether tags are met by all proxies."""
    return is_map(value) and all(item == "*" for item in value.values())


def anybody(match: Said) -> bool:
    """Tell whether a condition is met by all that have an identity of some trust domain, or by all."""
    if match.get("sni"):
        return False
    spiffe = match.get("spiffe_id")
    if not spiffe:
        return True
    way = str(spiffe.get("value", "")).removeprefix("spiffe://").partition("/")[2]
    return spiffe.get("type") == "Prefix" and not way
