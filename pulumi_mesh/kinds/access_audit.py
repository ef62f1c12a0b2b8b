"""AccessAudit: what a control plane of Kong Mesh writes down."""

from pulumi_mesh.kinds.access_role import Access
from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Str
from pulumi_mesh.schema.spec import Many, Model, One, Parts, field


class AuditRule(Model):
    """Something that is written down."""

    types: Many[Str] = field(
        default=None,
        unordered=True,
        doc="The kinds of objects; all but those that the control plane alone writes, if absent.",
    )
    mesh: One[Str | None] = field(default=None, refers="Mesh", doc="Their mesh; all of them, if absent.")
    access: Many[Access] = field(default=None, unordered=True, doc="What is done to them; not beside `access_all`.")
    access_all: One[Bool | None] = field(
        default=None, doc="Whether all that is done is written down; false, if absent."
    )


class AccessAudit(
    Resource,
    kind=Kind(path="accessaudits", shape="legacy", scope="global", written_on=frozenset({"global"}), grave=TOLD),
):
    """What a control plane of Kong Mesh writes down of what is done to it.

    Source: https://developer.konghq.com/mesh/access-audit/
    """

    rules: Parts[AuditRule] = field(default=None, unordered=True, doc="What is written down; any rule is enough.")


__all__ = ["AccessAudit", "AuditRule"]
