"""Documents of a mesh, written as YAML; several to a text, and with little said where little is meant."""

from typing import Any

import yaml

import pulumi_mesh  # noqa: F401 - makes the kinds known
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import kind_of
from pulumi_mesh.schema.proto import as_json

EDGE = {"kuma.io/service": "edge"}


def documents(*texts: str) -> list[Document]:
    """Read documents; their mesh is `shop` where they do not say."""
    bodies = [body for text in texts for body in yaml.safe_load_all(text) if body]
    return [document(**body) for body in bodies]


def document(**body: Any) -> Document:
    """Make one document."""
    kind = kind_of(body["type"])
    mesh = {} if kind.scope == "global" else {"mesh": "shop"}
    return Document.found(kind, as_json(kind, {**mesh, **body}))


def gateway(
    name: str = "edge", mesh: str = "shop", *, selector: Any = None, tags: Any = None, listeners: Any = ()
) -> Document:
    """Make a MeshGateway; `(8080, "HTTP", "a.example", {...})` is a listener."""
    return document(
        type="MeshGateway",
        mesh=mesh,
        name=name,
        selectors=[{"match": selector or EDGE}],
        tags=tags or {},
        conf={"listeners": [listener(*each) for each in listeners]},
    )


def listener(port: int, protocol: str = "HTTP", hostname: str = "", tags: Any = None, **rest: Any) -> dict[str, Any]:
    """Make a listener; TLS ends at it where the protocol is HTTPS."""
    tls = {"tls": {"mode": "TERMINATE", "certificates": [{"secret": "cert"}]}} if protocol == "HTTPS" else {}
    return {"port": port, "protocol": protocol, "hostname": hostname, "tags": tags or {}, **tls, **rest}


def dataplane(name: str = "edge-1", mesh: str = "shop", type_: str | None = "BUILTIN", **tags: str) -> Document:
    """Make a Dataplane of a gateway."""
    said = {"type": type_} if type_ else {}
    networking = {"address": "10.0.0.1", "gateway": {**said, "tags": {**EDGE, **tags}}}
    return document(type="Dataplane", mesh=mesh, name=name, networking=networking)
