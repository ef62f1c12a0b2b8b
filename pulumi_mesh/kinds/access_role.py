"""AccessRole: what somebody may do to a control plane of Kong Mesh."""

from typing import Literal

from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import RIGHTS
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, Table, field

Access = Literal[
    "CREATE",
    "UPDATE",
    "DELETE",
    "GENERATE_DATAPLANE_TOKEN",
    "GENERATE_USER_TOKEN",
    "GENERATE_ZONE_CP_TOKEN",
    "GENERATE_ZONE_TOKEN",
    "VIEW_CONFIG_DUMP",
    "VIEW_STATS",
    "VIEW_CLUSTERS",
]
"""What can be done."""


class AccessTags(Model):
    """Tags in an object."""

    match: Table[Str] = field(default=None, doc="The tags; `*` stands for any value.")


class AccessTargetRef(Model):
    """What a policy may refer to."""

    kind: One[Str | None] = field(default=None, doc="The kind of it.")
    name: One[Str | None] = field(default=None, doc="Its name.")
    mesh: One[Str | None] = field(default=None, doc="Its mesh.")
    tags: Table[Str] = field(default=None, doc="Its tags.")


class AccessTarget(Model):
    """What a policy may refer to in one of its lists."""

    target_ref: Part[AccessTargetRef | None] = field(default=None, presence=True, doc="What it may refer to.")


class AccessTokenTag(Model):
    """A tag in a token."""

    name: One[Str | None] = field(default=None, doc="Its name.")
    value: One[Str | None] = field(default=None, doc="Its value; `*` stands for any.")


class AccessToken(Model):
    """Tokens of proxies."""

    tags: Parts[AccessTokenTag] = field(default=None, key=("name",), doc="Tags that are in them.")


class AccessQualifier(Model):
    """What an object must say, so that it may be written."""

    sources: Part[AccessTags | None] = field(default=None, presence=True, doc="Tags in its sources.")
    destinations: Part[AccessTags | None] = field(default=None, presence=True, doc="Tags in its destinations.")
    selectors: Part[AccessTags | None] = field(default=None, presence=True, doc="Tags in its selectors.")
    dp_token: Part[AccessToken | None] = field(default=None, presence=True, doc="Tags in a token of a proxy.")
    target_ref: Part[AccessTargetRef | None] = field(default=None, presence=True, doc="What it refers to at the top.")
    from_: Part[AccessTarget | None] = field(default=None, presence=True, doc="What it refers to in `from`.")
    to: Part[AccessTarget | None] = field(default=None, presence=True, doc="What it refers to in `to`.")


class AccessRule(Model):
    """Something that may be done."""

    types: Many[Str] = field(default=None, unordered=True, doc="The kinds of objects; all of them, if absent.")
    names: Many[Str] = field(default=None, unordered=True, doc="Their names; all of them, if absent.")
    mesh: One[Str | None] = field(default=None, refers="Mesh", doc="Their mesh; all of them, if absent.")
    access: Many[Access] = field(default=None, unordered=True, doc="What may be done.")
    when: Parts[AccessQualifier] = field(
        default=None, unordered=True, doc="What they must say; one of these is enough, anything, if absent."
    )


class AccessRole(
    Resource,
    kind=Kind(path="access-roles", shape="legacy", scope="global", written_on=frozenset({"global"}), grave=RIGHTS),
):
    """What somebody may do to a control plane of Kong Mesh; an AccessRoleBinding says who.

    Source: https://developer.konghq.com/mesh/rbac/
    """

    rules: Parts[AccessRule] = field(default=None, unordered=True, doc="What may be done; any rule is enough.")


__all__ = [
    "AccessQualifier",
    "AccessRole",
    "AccessRule",
    "AccessTags",
    "AccessTarget",
    "AccessTargetRef",
    "AccessToken",
    "AccessTokenTag",
]
