"""AccessRoleBinding: who has which roles on a control plane of Kong Mesh."""

from typing import Literal

from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import RIGHTS
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.spec import Many, Model, One, Parts, field


class AccessSubject(Model):
    """Somebody."""

    type: One[Literal["User", "Group"] | None] = field(default=None, fills="User", doc="Whether it is one or many.")
    name: One[Str | None] = field(default=None, doc="The name, `mesh-system:authenticated` for everybody with a token.")


class AccessRoleBinding(
    Resource,
    kind=Kind(
        path="access-role-bindings", shape="legacy", scope="global", written_on=frozenset({"global"}), grave=RIGHTS
    ),
):
    """Who has which roles on a control plane of Kong Mesh.

    The one that is there from the start, `default`, makes everybody an admin.

    Source: https://developer.konghq.com/mesh/rbac/
    """

    subjects: Parts[AccessSubject] = field(default=None, unordered=True, doc="Who has them.")
    roles: Many[Str] = field(default=None, unordered=True, refers="AccessRole", doc="The names of AccessRoles.")


__all__ = ["AccessRoleBinding", "AccessSubject"]
