"""Parts that several kinds use: references to other objects, sources of data, conditions on traffic."""

from typing import Annotated, Literal

from annotated_types import Ge
from pydantic import StringConstraints

from .forms import Base64, Bool, Duration, Form, Int, IntOrStr, Str, Uint32
from .spec import Many, Model, One, Part, Table, field


class DataSource(Model):
    """Where data comes from: a Secret of the mesh, a file beside the control plane, or the text itself."""

    stands = "secret"

    secret: One[Str | None] = field(default=None, refers="Secret", doc="The name of a Secret in the same mesh.")
    file: One[Str | None] = field(default=None, doc="A path on the machine of the control plane.")
    inline: One[Base64 | None] = field(default=None, secret=True, doc="The data in base64.")
    inline_string: One[Str | None] = field(default=None, secret=True, doc="The data as text.")


class SecretOrInline(Model):
    """Where data comes from: a Secret of the mesh, or the text itself."""

    stands = "secret"

    secret: One[Str | None] = field(default=None, refers="Secret", doc="The name of a Secret in the same mesh.")
    inline: One[Annotated[Base64, StringConstraints(min_length=1)] | None] = field(
        default=None, secret=True, doc="The data in base64."
    )
    inline_string: One[Str | None] = field(default=None, secret=True, doc="The data as text.")


class LabelSelector(Model):
    """Which objects are meant: those that have all these labels."""

    match_labels: Table[Str] = field(default=None, doc="The labels; every object is meant, if there are none.")


RefKind = Literal[
    "Mesh",
    "MeshSubset",
    "MeshGateway",
    "MeshService",
    "MeshExternalService",
    "MeshMultiZoneService",
    "MeshServiceSubset",
    "MeshHTTPRoute",
    "Dataplane",
]
ProxyType = Literal["Sidecar", "Gateway"]


class TargetRef(Model):
    """What a policy is about: proxies, services, a gateway or a route; which fields it takes depends on the kind."""

    kind: One[RefKind] = field(doc="The kind of what is meant; each policy takes some of them.")
    name: One[Str | None] = field(default=None, doc="Its name.")
    namespace: One[Str | None] = field(default=None, doc="Its namespace, on Kubernetes.")
    mesh: One[Str | None] = field(default=None, doc="Reserved by Kuma.")
    section_name: One[Str | None] = field(default=None, doc="A part of it: the name of an inbound or of a port.")
    tags: Table[Str] = field(default=None, doc="Tags that proxies (or listeners of a gateway) must have.")
    labels: Table[Str] = field(default=None, doc="Labels that the object must have, instead of its name.")
    proxy_types: Many[ProxyType] = field(
        default=None, unordered=True, doc="Which proxies of the mesh are meant; all of them, if absent."
    )


BACKEND = ("kind", "name", "port")
"""What tells backends apart: where two are alike in it, their order counts, since the last weight of one backend holds."""


class BackendRef(TargetRef):
    """A service that traffic is sent to."""

    port: One[Uint32 | None] = field(default=None, doc="The port of the service; a MeshMultiZoneService needs it.")
    weight: One[Annotated[Int, Ge(0)] | None] = field(
        default=None, fills=1, doc="Its share among the backends of a rule: weight by sum of weights; 1, if absent."
    )


HeaderName = Annotated[Str, StringConstraints(min_length=1, max_length=256, pattern=r"^[a-z0-9!#$%&'*+\-.^_\x60|~]+$")]
"""The name of a header, in lower case."""


class HeaderMatch(Model):
    """A condition on a header of a request."""

    name: One[HeaderName] = field(doc="The name of the header, in lower case.")
    type: One[Literal["Exact", "Present", "RegularExpression", "Absent", "Prefix"] | None] = field(
        default=None, fills="Exact", doc="How the value is compared; Exact, if absent."
    )
    value: One[Str | None] = field(default=None, doc="The value; none with Present and Absent.")


class SpiffeIdMatch(Model):
    """A condition on who sends: its SPIFFE ID."""

    type: One[Literal["Exact", "Prefix"]] = field(doc="Whether the whole ID is compared, or how it begins.")
    value: One[Str] = field(doc="The ID, `spiffe://trust-domain/path`.")


class SniMatch(Model):
    """A condition on the server name that a TLS connection asks for."""

    type: One[Literal["Exact"]] = field(doc="How it is compared: Exact.")
    value: One[Str] = field(doc="The server name.")


class TrafficMatch(Model):
    """A condition on incoming traffic: who sends, or what it asks for."""

    spiffe_id: Part[SpiffeIdMatch | None] = field(default=None, wire="spiffeID", doc="Who sends.")
    sni: Part[SniMatch | None] = field(default=None, since="2.14", doc="Which server name the connection asks for.")


TRAFFIC = ("spiffeID.type", "spiffeID.value", "sni.value")
"""What tells conditions on traffic apart, where any of them is enough and their order means nothing."""

__all__ = [
    "BACKEND",
    "TRAFFIC",
    "BackendRef",
    "Base64",
    "Bool",
    "DataSource",
    "Duration",
    "Form",
    "HeaderMatch",
    "HeaderName",
    "Int",
    "IntOrStr",
    "LabelSelector",
    "RefKind",
    "SecretOrInline",
    "SniMatch",
    "SpiffeIdMatch",
    "Str",
    "TargetRef",
    "TrafficMatch",
    "Uint32",
]
