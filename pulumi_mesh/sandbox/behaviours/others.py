"""Types of which little is special: a label, a word of protobuf."""

from pulumi_mesh.sandbox.site import Behaviour, Site, Write

PROXY_TYPE = "kuma.io/proxy-type"


def zone_proxy(kind: str) -> Behaviour:
    """A proxy of a zone says in its labels what it is."""

    def settle(_site: Site, write: Write) -> None:
        write.labels[PROXY_TYPE] = kind

    return Behaviour(settle=settle)


ZONE_INGRESS, ZONE_EGRESS = zone_proxy("zoneingress"), zone_proxy("zoneegress")
MESH_GATEWAY = Behaviour(
    enums={
        "conf.listeners.protocol": "MeshGateway.Listener.Protocol",
        "conf.listeners.tls.mode": "MeshGateway.TLS.Mode",
    }
)
EXTERNAL_SERVICE = Behaviour(outlives=True, queries=frozenset({"tag"}))
RATE_LIMIT = Behaviour(outlives=True)
