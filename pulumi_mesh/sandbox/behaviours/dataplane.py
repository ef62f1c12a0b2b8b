"""Dataplane: the zone in its tags, what it is in its labels, the health of its services, who may join a mesh."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.sandbox.answers import bad_request, refusal
from pulumi_mesh.sandbox.site import Behaviour, Site, Write
from pulumi_mesh.schema.rules import Violation, dig, parts, table

PROXY_TYPE, WORKLOAD, ZONE = "kuma.io/proxy-type", "kuma.io/workload", "kuma.io/zone"
LISTENERS = {"ZoneIngress": "kuma.io/listener-zoneingress", "ZoneEgress": "kuma.io/listener-zoneegress"}
RFC1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")


def settle(site: Site, write: Write) -> None:
    """Say in labels what the proxy is; write the zone into its tags; a service with a probe begins as not ready."""
    if site.modern and write.before is None:
        workload(write.labels.get(WORKLOAD))
    write.labels[PROXY_TYPE] = "gateway" if dig(write.body, "networking.gateway.type") == "BUILTIN" else "sidecar"
    if site.modern:
        roles = {listener.get("type") for _, listener in parts(write.body, "networking.listeners")}
        for role, label in LISTENERS.items():
            write.labels.pop(label, None)
            write.labels |= {label: "enabled"} if role in roles else {}
    exclusive = site.modern and dig(mesh_of(site, write), "meshServices.mode") == "Exclusive"
    for tagged in tag_holders(write.body):
        if tagged.get("tags") or not exclusive or "port" not in tagged:
            tagged["tags"] = dict(sorted({**tagged.get("tags", {}), ZONE: site.zone}.items()))
    for _, inbound in parts(write.body, "networking.inbound") if write.before is None else ():
        if "serviceProbe" in inbound and isinstance(inbound, dict):
            inbound |= {"state": "NotReady", "health": {}}


def tag_holders(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the gateway and the inbounds of a proxy: whatever has tags of its own."""
    gateway = dig(body, "networking.gateway")
    yield from [gateway] if isinstance(gateway, dict) else []
    yield from (inbound for _, inbound in parts(body, "networking.inbound") if isinstance(inbound, dict))


def mesh_of(site: Site, write: Write) -> dict[str, Any]:
    """Return the body of the mesh of an object."""
    row = site.store.get("Mesh", "", write.mesh)
    return row.content() if row else {}


def workload(said: str | None) -> None:
    """Refuse a workload that is no DNS label."""
    if said is None or (RFC1035.fullmatch(said) and len(said) <= 63):
        return
    why = "must be no more than 63 bytes"
    if not RFC1035.fullmatch(said):
        why = (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end"
            f" with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '{RFC1035.pattern}')"
        )
    raise bad_request(
        f'bad request: labels["{WORKLOAD}"]: must be a valid DNS-1035 label (at most 63 characters, matching regex {RFC1035.pattern}): {why}'
    )


def check(site: Site, write: Write) -> Iterator[Violation]:
    """An update is judged again with the zone in its tags; who may not join is refused without a reason."""
    if write.before is not None:
        found = [one for rule in write.kind.rules for one in rule(write.body, site.release)]
        yield from found
        if found:
            return
    rules: Mapping[str, Any] = dig(mesh_of(site, write), "constraints.dataplaneProxy") or {}
    if not all(member(rules, table(holder, "tags")) for holder in tag_holders(write.body)):
        raise refusal(500, site.failed("update" if write.before else "create"), "Internal Server Error")


def misread(body: Mapping[str, Any], path: str, words: str) -> Iterator[Violation]:
    """Nobody looks at the metrics of a gateway."""
    if dig(body, "networking.gateway") is None:
        yield Violation(path, f"could not parse config: {words}")


def member(rules: Mapping[str, Any], tags: Mapping[str, Any]) -> bool:
    """Tell whether tags fulfil one of the requirements, if there are any, and no restriction."""
    required = [rule for _, rule in parts(rules, "requirements")]
    barred = [rule for _, rule in parts(rules, "restrictions")]
    if required and not any(fits(table(rule, "tags"), tags) for rule in required):
        return False
    return not any(fits(table(rule, "tags"), tags) for rule in barred)


def fits(wanted: Mapping[str, Any], tags: Mapping[str, Any]) -> bool:
    """Tell whether tags have all that is wanted; `*` stands for any value."""
    return all(key in tags and value in ("*", tags[key]) for key, value in wanted.items())


DATAPLANE = Behaviour(
    settle=settle,
    check=check,
    queries=frozenset({"gateway", "tag"}),
    structs=("metrics.conf",),
    misread=misread,
    enums={
        "metrics.conf.tls.mode": "PrometheusTlsConfig.Mode",
        "networking.gateway.type": "Dataplane.Networking.Gateway.GatewayType",
        "networking.inbound.state": "Dataplane.Networking.Inbound.State",
        "networking.listeners.type": "Dataplane.Networking.Listener.Type",
        "networking.listeners.state": "Dataplane.Networking.Listener.State",
        "networking.transparentProxying.ipFamilyMode": "Dataplane.Networking.TransparentProxying.IpFamilyMode",
    },
)
