"""Types of which little is special: a label, a word of protobuf, a field that the schema of one release requires."""

from pulumi_mesh.sandbox.nodes import Node
from pulumi_mesh.sandbox.site import Behaviour, Site, Write

PROXY_TYPE = "kuma.io/proxy-type"


def zone_proxy(kind: str) -> Behaviour:
    """A proxy of a zone says in its labels what it is."""

    def settle(_site: Site, write: Write) -> None:
        write.labels[PROXY_TYPE] = kind

    return Behaviour(settle=settle)


def amend_generator(node: Node, *, modern: bool) -> None:
    """The schema of 2.10 requires nothing of a HostnameGenerator, that of 2.14 the template; 2.10 drops empty labels."""
    spec = node.fields["spec"]
    spec.required = ("template",) if modern else ()
    for services in spec.fields["selector"].fields.values():
        if "matchLabels" in services.fields:
            services.fields["matchLabels"].vanishes = not modern


def amend_identity(node: Node, *, modern: bool) -> None:
    """A reference to a Secret says its kind, and so says a bundle of certificates what it is."""
    del modern
    for part in ("certificate", "privateKey"):
        at = node
        for key in ("spec", "provider", "bundled", "ca", part, "secretRef"):
            at = at.fields.get(key, Node("object"))
        at.required = tuple(dict.fromkeys((*at.required, "kind")))


def amend_trust(node: Node, *, modern: bool) -> None:
    """A bundle of certificates says what it is."""
    del modern
    bundles = node.fields["spec"].fields["caBundles"].item
    if bundles is not None:
        bundles.required = tuple(dict.fromkeys((*bundles.required, "type")))


ZONE_INGRESS, ZONE_EGRESS = zone_proxy("zoneingress"), zone_proxy("zoneegress")
HOSTNAME_GENERATOR = Behaviour(amend=amend_generator)
MESH_IDENTITY, MESH_TRUST = Behaviour(amend=amend_identity), Behaviour(amend=amend_trust)
MESH_GATEWAY = Behaviour(
    enums={
        "conf.listeners.protocol": "MeshGateway.Listener.Protocol",
        "conf.listeners.tls.mode": "MeshGateway.TLS.Mode",
    }
)
EXTERNAL_SERVICE = Behaviour(outlives=True, queries=frozenset({"tag"}))
RATE_LIMIT = Behaviour(outlives=True)
