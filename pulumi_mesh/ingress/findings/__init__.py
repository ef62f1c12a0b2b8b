"""Findings: what is wrong with objects together, though the control plane takes each of them.

An error is where traffic cannot flow, a warning where it may be on purpose. What another stack, or a proxy that
registers itself, may bring is not missed, unless everything that the control plane holds is known. Each finding has a
code; the label `pulumi-mesh.io/ignore: CODE.CODE` silences it for one object.
"""

from collections.abc import Callable, Iterator

from pulumi_mesh.ingress.findings.authorities import provided
from pulumi_mesh.ingress.findings.certificates import certified
from pulumi_mesh.ingress.findings.gateways import ruleless, selecting, ties, tls_unsaid, unencrypted
from pulumi_mesh.ingress.findings.named import referred
from pulumi_mesh.ingress.findings.permissions import unpermitted
from pulumi_mesh.ingress.findings.references import dangling
from pulumi_mesh.ingress.findings.routes import dead, mute, unattached, unmet
from pulumi_mesh.ingress.findings.scene import Scene
from pulumi_mesh.ingress.findings.services import empty
from pulumi_mesh.ingress.findings.traffic import filters, unreadable, weightless
from pulumi_mesh.schema.finding import FINDERS, Finding, Known, silenced

CODES = {
    "backend-missing": "A route sends traffic to a service that is not there.",
    "backend-not-http": "A MeshHTTPRoute sends requests to a port that does not speak HTTP.",
    "backend-port-missing": "A route sends traffic to a port that the service does not have.",
    "certificate-broken": "The certificate of a listener and its key do not belong together, or Envoy does not take them.",
    "certificate-expired": "The certificate of a listener has expired.",
    "certificate-expires": "The certificate of a listener expires within 30 days.",
    "certificate-for-other-hosts": "The certificate of a listener is not for the listener's hostname.",
    "certificate-of-no-ca": "The Secrets of a provided CA do not hold the certificate of a CA and its key.",
    "certificate-unreadable": "The Secret of a listener cannot be read as a certificate with its key.",
    "certificates-of-one-kind": "The two certificates of a listener have keys of the same kind.",
    "cross-mesh-not-http": "A listener that crosses meshes does not speak HTTP.",
    "cross-mesh-without-mtls": "A mesh that a listener crosses has no mTLS.",
    "gateway-missing": "A route or a policy names a MeshGateway that is not there.",
    "gateway-route-dead": "A MeshGatewayRoute stands beside a route that wins over it.",
    "gateway-selects-nothing": "A MeshGateway selects no builtin Dataplane.",
    "gateway-tie": "Two MeshGateways select the same proxies by as many tags.",
    "host-not-set": "A filter adds or removes the header host.",
    "hostname-on-two-gateways": "Two MeshGateways for the same proxies have the same port and hostname.",
    "hostnames-do-not-meet": "A route names hosts that no listener of its has.",
    "mesh-missing": "An object is in a mesh that is not there.",
    "outbound-crosses-nothing": "An outbound leads to a gateway of another mesh none of whose listeners crosses meshes.",
    "percent-alone": "The value of a header has a percent sign that begins nothing.",
    "permission-missing": "No permission lets a gateway reach the services of a mesh with mTLS.",
    "port-without-rules": "A port of a gateway has no rule of a MeshHTTPRoute, though another one has.",
    "proxy-unselected": "No MeshGateway selects a builtin Dataplane.",
    "redirect-beside-rewrite": "A rule has a RequestRedirect and a URLRewrite.",
    "regex-not-re2": "A regular expression is none of RE2.",
    "route-missing": "A policy names a MeshHTTPRoute that is not there.",
    "route-speaks-otherwise": "A route is attached to listeners only that speak something else.",
    "secret-missing": "A listener, or something else, names a Secret that is not there.",
    "selects-no-listener": "The tags of a route or a policy select no listener of its gateway.",
    "service-selects-nothing": "A MeshService selects no proxy, or a MeshMultiZoneService no MeshService.",
    "tcp-weight-zero": "A backend of a MeshTCPRoute has the weight 0.",
    "tls-unsaid": "A TLS listener has no tls.",
    "weights-all-zero": "All backends of a rule have the weight 0.",
}
"""What each code means."""

RULES: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    dangling,
    selecting,
    ties,
    unencrypted,
    ruleless,
    tls_unsaid,
    unattached,
    unmet,
    dead,
    mute,
    unreadable,
    weightless,
    filters,
    certified,
    provided,
    unpermitted,
    empty,
)


def findings(known: Known) -> list[Finding]:
    """Return what is wrong with objects together, those first that come first, without what is silenced."""
    scene = Scene(known)
    order = {one.address: index for index, one in enumerate(scene.known.documents)}
    found = [one for rule in RULES for one in rule(scene) if not ignored(scene, one)]
    return sorted(dict.fromkeys(found), key=lambda one: (order.get(one.address, len(order)), one.path, one.code))


def ignored(scene: Scene, one: Finding) -> bool:
    """Tell whether a finding is silenced, for all or by its object."""
    document = scene.document(one.address)
    return one.code in scene.known.ignored or (document is not None and one.code in silenced(document.labels))


FINDERS.everything, FINDERS.references, FINDERS.codes = findings, referred, CODES

__all__ = ["CODES", "RULES", "findings"]
