"""MeshOPA: whether a request may pass, as policies of the Open Policy Agent decide; Kong Mesh's own."""

from collections.abc import Iterator
from typing import Annotated, Literal

from annotated_types import Ge, Le

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import PERMISSION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Base64, Bool, Duration, Int, SecretOrInline, Str, TargetRef, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Ref, field
from pulumi_mesh.schema.target_ref import GATEWAYS, deprecated_top, top

Int32 = Annotated[Int, Ge(-(2**31)), Le(2**31 - 1)]


class OpaRego(Model):
    """A policy in Rego: a Secret of the mesh that holds it, or its text."""

    stands = "secret"

    secret: One[Str | None] = field(default=None, refers="Secret", doc="The name of a Secret in the same mesh.")
    inline: One[Base64 | None] = field(default=None, doc="The policy in base64.")
    inline_string: One[Str | None] = field(default=None, doc="The policy as text.")


class OpaPolicy(Model):
    """A policy of the agent."""

    rego: Ref[OpaRego] = field(doc="The policy, in Rego.")
    ignore_decision: One[Bool | None] = field(
        default=None, doc="Whether it has no say itself, and others only use it; false, if absent."
    )


class OpaRequestBody(Model):
    """How much of the body of a request the agent sees."""

    max_size: One[Int32 | None] = field(default=None, doc="How many bytes; none, if 0; the rest is cut off.")
    send_raw_body: One[Bool | None] = field(
        default=None, doc="Whether it is sent as it is, not as UTF-8; false, if absent."
    )


class OpaAuthConfig(Model):
    """How a proxy asks the agent."""

    status_on_error: One[Uint32 | None] = field(
        default=None, doc="The status of the answer where the agent is not reached; 403, if absent."
    )
    on_agent_failure: One[Literal["Allow", "Deny"] | None] = field(
        default=None, doc="Whether requests pass where the agent fails; Deny, if absent."
    )
    request_body: Part[OpaRequestBody | None] = field(default=None, doc="What of the body it sees; nothing, if absent.")
    timeout: One[Duration | None] = field(default=None, doc="How long it may take; 1s, if absent.")


class OpaConf(Model):
    """The agent and its policies."""

    agent_config: Ref[SecretOrInline | None] = field(default=None, doc="The configuration that the agent starts with.")
    append_policies: Parts[OpaPolicy] = field(default=None, doc="Policies, all of which must agree.")
    auth_config: Part[OpaAuthConfig | None] = field(default=None, doc="How a proxy asks the agent.")


def references(opa: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top."""
    yield from top(opa, release, GATEWAYS)


class MeshOPA(
    MeshScoped,
    kind=Kind(
        path="meshopas",
        shape="spec",
        short="mopa",
        policy=True,
        rules=(references,),
        warnings=(deprecated_top,),
        grave=PERMISSION,
    ),
):
    """Whether a request may pass, as policies of the Open Policy Agent decide; only on Kong Mesh.

    Source: https://developer.konghq.com/mesh/policies/meshopa/
    """

    target_ref: Part[TargetRef | None] = field(
        default=None, doc="Whose proxies ask; those of the whole mesh, if absent."
    )
    default: Part[OpaConf | None] = field(default=None, doc="The agent and its policies.")


__all__ = ["MeshOPA", "OpaAuthConfig", "OpaConf", "OpaPolicy", "OpaRego", "OpaRequestBody"]
