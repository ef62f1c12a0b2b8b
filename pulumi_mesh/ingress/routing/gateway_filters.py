"""The filters of MeshGatewayRoutes, said as MeshHTTPRoutes say theirs: then one reading serves both."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.schema.rules import dig, parts, values
from pulumi_mesh.schema.tags import SERVICE

Filter = dict[str, Any]


def gateway_filters(rule: Mapping[str, Any]) -> Iterator[Filter]:
    """Yield the filters of a rule; of a filter that says several things the control plane takes the first of these."""
    for _, one in parts(rule, "filters"):
        if (said := one.get("redirect")) is not None:
            yield {"type": "RequestRedirect", "requestRedirect": redirect(said)}
        elif (said := one.get("mirror")) is not None:
            yield {"type": "RequestMirror", "requestMirror": mirror(said)}
        elif (said := one.get("requestHeader")) is not None:
            yield {"type": "RequestHeaderModifier", "requestHeaderModifier": headers(said)}
        elif (said := one.get("responseHeader")) is not None:
            yield {"type": "ResponseHeaderModifier", "responseHeaderModifier": headers(said)}
        elif (said := one.get("rewrite")) is not None:
            yield {
                "type": "URLRewrite",
                "urlRewrite": {"path": path(said), "hostToBackendHostname": said.get("hostToBackendHostname")},
            }


def headers(said: Mapping[str, Any]) -> Filter:
    """Say what happens to headers."""
    return {"set": list(values(said, "set")), "add": list(values(said, "add")), "remove": list(values(said, "remove"))}


def redirect(said: Mapping[str, Any]) -> Filter:
    """Say a redirect."""
    rewrite = said.get("path")
    return {
        "scheme": said.get("scheme") or None,
        "hostname": said.get("hostname") or None,
        "port": said.get("port") or None,
        "statusCode": said.get("statusCode") or 0,
        "path": None if rewrite is None else path(rewrite),
    }


def path(said: Mapping[str, Any]) -> Filter | None:
    """Say what becomes of the path."""
    if (prefix := said.get("replacePrefixMatch")) is not None:
        return {"type": "ReplacePrefixMatch", "replacePrefixMatch": prefix}
    if (full := said.get("replaceFull")) is not None:
        return {"type": "ReplaceFullPath", "replaceFullPath": full}
    return None


def mirror(said: Mapping[str, Any]) -> Filter:
    """Say a mirror."""
    tags = dict(dig(said, "backend.destination") or {})
    ref = {"kind": "MeshServiceSubset", "name": tags.pop(SERVICE, ""), "tags": tags}
    return {"percentage": said.get("percentage") or 0, "backendRef": ref}
