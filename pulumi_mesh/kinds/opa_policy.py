"""OPAPolicy: whether a request may pass, for proxies by tags; what MeshOPA replaces; Kong Mesh's own."""

from typing import Literal

from pulumi_mesh.kinds.mesh_opa import OpaRego, OpaRequestBody
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import PERMISSION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import SecretOrInline, Uint32
from pulumi_mesh.schema.selectors import Selector
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Ref, Refs, field


class OpaAuth(Model):
    """How a proxy asks the agent."""

    status_on_error: One[Uint32 | None] = field(
        default=None, doc="The status of the answer where the agent is not reached; 403, if absent."
    )
    on_agent_failure: One[Literal["allow", "deny"] | None] = field(
        default=None, fills="deny", doc="Whether requests pass where the agent fails; deny, if absent."
    )
    request_body: Part[OpaRequestBody | None] = field(default=None, doc="What of the body it sees; nothing, if absent.")


class OPAPolicy(
    MeshScoped,
    kind=Kind(
        path="opapolicies", asked=True, shape="legacy", policy=True, written_on=frozenset({"global"}), grave=PERMISSION
    ),
):
    """Whether a request may pass, as policies of the Open Policy Agent decide; only on Kong Mesh.

    MeshOPA replaces it: since 2.13 it does nothing, unless the control plane is told to keep the old agent.

    Source: https://developer.konghq.com/mesh/policies/meshopa/
    """

    selectors: Parts[Selector] = field(doc="Whose proxies ask, by tags.")
    agent_config: Ref[SecretOrInline | None] = field(
        default=None, wire="conf.agentConfig", doc="The configuration that the agent starts with."
    )
    policies: Refs[OpaRego] = field(default=None, wire="conf.policies", doc="Policies, in Rego.")
    auth_config: Part[OpaAuth | None] = field(default=None, wire="conf.authConfig", doc="How a proxy asks the agent.")


__all__ = ["OPAPolicy", "OpaAuth"]
