"""What the control plane says of a Dataplane."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from pulumi_mesh.kinds.mesh_telemetry import prometheus
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.go import is_ip, uri_port
from pulumi_mesh.schema.meta import name_rules
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, entry, parts, table, values
from pulumi_mesh.schema.tags import SERVICE, is_dns_name, port, tags

PROTOCOL = "kuma.io/protocol"
PROTOCOLS = ("grpc", "http", "http2", "kafka", "tcp")
TOLERATED = (*PROTOCOLS, "tls", "mysql")
"""Protocols that are taken, though two of them are not told."""
KINDS = ("MeshExternalService", "MeshMultiZoneService", "MeshService")
DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
TAGLESS = Release(2, 14)
"""The release since which a proxy need not have tags, nor anything else but an address."""


def admin(proxy: Body, _: Release) -> Iterator[Violation]:
    """Envoy's own interface is on loopback, where nothing else may have its port."""
    said = dig(proxy, "networking.admin")
    if said is None:
        return
    number, own = int(said.get("port") or 0), str(dig(proxy, "networking.address") or "")
    used: set[tuple[int, str]] = set()
    for _path, inbound in parts(proxy, "networking.inbound"):
        here, inner = str(inbound.get("address") or own), int(inbound.get("port") or 0)
        used |= {(inner, here), (int(inbound.get("servicePort") or inner), str(inbound.get("serviceAddress") or here))}
    if any(number == taken and on_loopback(at) for taken, at in used):
        yield Violation("networking.admin.port", "must differ from inbound")
    if any(
        number == int(outbound.get("port") or 0) and on_loopback(str(outbound.get("address") or "127.0.0.1"))
        for _path, outbound in parts(proxy, "networking.outbound")
    ):
        yield Violation("networking.admin.port", "must differ from outbound")


def on_loopback(address: str) -> bool:
    """Tell whether something that listens on an address is found at 127.0.0.1."""
    if not is_ip(address):
        return False
    ip = ip_address(address)
    return ip.is_unspecified or str(getattr(ip, "ipv4_mapped", None) or ip) == "127.0.0.1"


def networking(proxy: Body, release: Release) -> Iterator[Violation]:
    """A proxy has an address, and does something: a gateway, or a service, or (since 2.14) nothing yet."""
    if proxy.get("networking") is None:
        yield Violation("networking", "must be defined")
        return
    yield from address("networking.address", str(dig(proxy, "networking.address") or ""))
    gateway = dig(proxy, "networking.gateway")
    if gateway is None:
        if release < TAGLESS and not values(proxy, "networking.inbound"):
            yield Violation("networking", "has to contain at least one inbound interface or gateway")
        return
    role = "builtin" if is_builtin(proxy) else "delegated"
    barred = ["inbound", "listeners"] if role == "delegated" else ["inbound", "outbound", "listeners"]
    for key in barred:
        if values(proxy, f"networking.{key}") and not (key == "listeners" and release < TAGLESS):
            yield Violation(f"networking.{key}", f"{key} cannot be defined for {role} gateways")
    if role == "builtin" and proxy.get("probes") is not None:
        yield Violation("networking.probes", "probes cannot be defined for builtin gateways")
    yield from gateway_tags("networking.gateway.tags", table(gateway, "tags"), release)


def address(path: str, said: str) -> Iterator[Violation]:
    """An address is an IP address or a DNS name, and one in particular."""
    if not said:
        yield Violation(path, "address can't be empty")
        return
    if said in ("0.0.0.0", "::"):
        yield Violation(path, "must not be 0.0.0.0 or ::")
    if not is_ip(said) and not is_dns_name(said):
        yield Violation(path, "address has to be valid IP address or domain name")


def gateway_tags(path: str, said: Body, release: Release) -> Iterator[Violation]:
    """The tags of a gateway name its service, and no protocol but TCP."""
    protocol = said.get(PROTOCOL)
    if protocol is not None and (protocol.lower() if release >= Release(2, 12) else protocol) != "tcp":
        yield Violation(entry(path, PROTOCOL), f'other values than tcp are not allowed, provided value "{protocol}"')
    needed = (SERVICE,) if said or release < TAGLESS else ()
    yield from tags(path, said, required=needed, some=False)


def inbounds(proxy: Body, release: Release) -> Iterator[Violation]:
    """Each service behind the proxy."""
    own = str(dig(proxy, "networking.address") or "")
    for path, inbound in parts(proxy, "networking.inbound"):
        said = table(inbound, "tags")
        yield from port(f"{path}.port", inbound.get("port"))
        if int(inbound.get("servicePort") or 0):
            yield from port(f"{path}.servicePort", inbound.get("servicePort"))
        yield from addresses(path, inbound, own)
        if PROTOCOL in said and str(said[PROTOCOL]).lower() not in TOLERATED:
            yield Violation(entry(f"{path}.tags", PROTOCOL), f'tag "{PROTOCOL}" {unknown(str(said[PROTOCOL]))}')
        yield from tags(f"{path}.tags", said, some=False)
        spoken = str(inbound.get("protocol") or "")
        if spoken and spoken.lower() not in TOLERATED:
            yield Violation(f"{path}.protocol", unknown(spoken))
        yield from probe(f"{path}.serviceProbe", table(inbound, "serviceProbe"))
        if SERVICE not in said and (said or release < TAGLESS):
            yield Violation(entry(f"{path}.tags", SERVICE), "tag has to exist")


def unknown(protocol: str) -> str:
    """Say that a protocol is unknown."""
    return f'has an invalid value "{protocol}". Allowed values: {", ".join(PROTOCOLS)}'


def addresses(path: str, inbound: Body, proxy: str) -> Iterator[Violation]:
    """The addresses of a service are IP addresses, and the service is not the proxy itself."""
    service, own = str(inbound.get("serviceAddress") or ""), str(inbound.get("address") or "")
    same_port = int(inbound.get("servicePort") or 0) in (0, int(inbound.get("port") or 0))
    if service and not is_ip(service):
        yield Violation(f"{path}.serviceAddress", "serviceAddress has to be valid IP address")
    if own and not is_ip(own):
        yield Violation(f"{path}.address", "address has to be valid IP address")
    if service and same_port and service in (proxy, own):
        yield Violation(f"{path}.serviceAddress", "serviceAddress and servicePort has to differ from address and port")


def probe(path: str, said: Body) -> Iterator[Violation]:
    """What a probe says is more than zero."""
    for key in ("interval", "timeout"):
        value = said.get(key)
        if value is not None and not nanoseconds(str(value)):
            yield Violation(f"{path}.{key}", "must have a positive value")
    for key in ("unhealthyThreshold", "healthyThreshold"):
        value = said.get(key)
        if value is not None and not int(value):
            yield Violation(f"{path}.{key}", "must have a positive value")


def outbounds(proxy: Body, _: Release) -> Iterator[Violation]:
    """Each service that the proxy makes reachable: by tags, or as an object."""
    for path, outbound in parts(proxy, "networking.outbound"):
        said, ref = table(outbound, "tags"), outbound.get("backendRef")
        yield from port(f"{path}.port", outbound.get("port"))
        if outbound.get("address") and not is_ip(str(outbound["address"])):
            yield Violation(f"{path}.address", "address has to be valid IP address")
        if ref is None:
            yield from tags(f"{path}.tags", said, required=(SERVICE,), some=False)
            continue
        if ref.get("kind") not in KINDS:
            yield Violation(f"{path}.backendRef.kind", f"invalid value. Available values are: {','.join(KINDS)}")
        if not ref.get("name") and not table(ref, "labels"):
            yield Violation(f"{path}.backendRef", "either 'name' or 'labels' should be specified")
        if ref.get("kind") != "MeshExternalService":
            yield from port(f"{path}.backendRef.port", ref.get("port"))
        if said:
            yield Violation(f"{path}.backendRef", "both backendRef and tags/service cannot be defined")


def reachable(proxy: Body, _: Release) -> Iterator[Violation]:
    """Each reference to reachable services; the control plane misspells the path."""
    at = "networking.transparentProxying"
    for path, ref in parts(proxy, f"{at}.reachableBackends.refs"):
        path = path.replace("transparentProxying", "transparentProxing")
        name, namespace, labels = ref.get("name"), ref.get("namespace"), table(ref, "labels")
        if ref.get("kind") not in KINDS:
            yield Violation(f"{path}.kind", f"invalid value. Available values are: {','.join(KINDS)}")
        if name:
            yield from identifier(f"{path}.name", str(name))
        if not name and not namespace and not labels:
            yield Violation(f"{path}.name", "name or labels are required")
        if not name and namespace:
            yield Violation(f"{path}.name", "name is required, when namespace is defined")
        if (name or namespace) and labels:
            yield Violation(f"{path}.labels", "labels cannot be defined when name is specified")


def identifier(path: str, name: str) -> Iterator[Violation]:
    """A name is one that an object can have."""
    yield from (Violation(path, violation.message) for violation in name_rules(name))


def workload(proxy: Body, release: Release) -> Iterator[Violation]:
    """The workload of a proxy has a name that a DNS label can have."""
    said = table(proxy, "labels").get("kuma.io/workload")
    if said and release >= TAGLESS and not (len(said) <= 63 and DNS_1035.fullmatch(said)):
        yield Violation(
            entry("labels", "kuma.io/workload"),
            "must be a valid DNS-1035 label (at most 63 characters, matching regex [a-z]([-a-z0-9]*[a-z0-9])?)",
        )


def is_gateway(proxy: Body) -> bool:
    """Tell whether a proxy is a gateway or stands beside one."""
    return dig(proxy, "networking.gateway") is not None


def is_builtin(proxy: Body) -> bool:
    """Tell whether a proxy is a gateway itself."""
    return dig(proxy, "networking.gateway.type") in ("BUILTIN", 1)


def probes(proxy: Body, _: Release) -> Iterator[Violation]:
    """Paths that can be asked without mTLS."""
    if proxy.get("networking") is None or proxy.get("probes") is None or is_builtin(proxy):
        return
    yield from port("probes.port", dig(proxy, "probes.port"))
    for path, endpoint in parts(proxy, "probes.endpoints"):
        yield from port(f"{path}.inboundPort", endpoint.get("inboundPort"))
        for key in ("inboundPath", "path"):
            if uri_port(str(endpoint.get(key) or "")) is None:
                yield Violation(f"{path}.{key}", "should be a valid URL Path")


def metrics(proxy: Body, _: Release) -> Iterator[Violation]:
    """How the proxy exposes metrics; the control plane does not look where there is a gateway."""
    said = proxy.get("metrics")
    if said is not None and proxy.get("networking") is not None and not is_gateway(proxy):
        yield from prometheus("metrics", said)


def listeners(proxy: Body, _: Release) -> Iterator[Violation]:
    """Each port for traffic between zones: a role, an address of its own, a name of its own."""
    if is_gateway(proxy):
        return
    own = str(dig(proxy, "networking.address") or "")
    inbound = [one for _, one in parts(proxy, "networking.inbound")]
    taken = {f"{one.get('address') or own}:{int(one.get('port') or 0)}" for one in inbound}
    names = {str(one.get("name") or int(one.get("port") or 0)) for one in inbound}
    roles: dict[str, str] = {}
    for path, listener in parts(proxy, "networking.listeners"):
        role, name = str(listener.get("type") or "Unspecified"), str(listener.get("name") or "")
        if role == "Unspecified":
            yield Violation(f"{path}.type", "type must be ZoneIngress or ZoneEgress")
        yield from address(f"{path}.address", str(listener.get("address") or ""))
        yield from port(f"{path}.port", listener.get("port"))
        if name and name in names:
            yield Violation(f"{path}.name", f'name "{name}" must be unique across inbounds and listeners')
        names |= {name} - {""}
        place = f"{listener.get('address') or ''}:{int(listener.get('port') or 0)}"
        if place in roles:
            how = "already used by another listener" if roles[place] == role else "used by listeners of different types"
            yield Violation(path, f"address:port {place} is {how}")
        roles.setdefault(place, role)
        if place in taken:
            yield Violation(path, f"address:port {place} collides with an inbound listener")
