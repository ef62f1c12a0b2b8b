"""Tokens: what proxies, zones and users show to the control plane; issued once, kept as a secret."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pulumi_mesh.provider.token import SORTS, Token
from pulumi_mesh.resource import Named, Placed, target
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation
from pulumi_mesh.schema.spec import Many, One, Table, field


def lasting(token: Body, _: Release) -> Iterator[Violation]:
    """A token is good for some time: Kuma would issue one that has expired already."""
    good = nanoseconds(str(token["validFor"]))
    if good <= 0:
        yield Violation("validFor", "must be more than 0s: the token would have expired already")
    elif "renewBefore" in token and nanoseconds(str(token["renewBefore"])) >= good:
        yield Violation("renewBefore", "must be less than validFor: the token would be renewed by every run")


class IssuedToken(Placed):
    """What every token takes, and what it gives."""

    kind: ClassVar[Kind]
    delete_first: ClassVar[bool] = False
    secret_outputs: ClassVar[tuple[str, ...]] = ("token",)
    valid_for: One[Duration] = field(doc="How long it is good, from the moment it is issued (`720h`).")
    renew_before: One[Duration | None] = field(
        default=None,
        doc="How long before it expires another one takes its place at the next `pulumi up`; when it has expired, if absent.",
    )
    revoke: One[Bool] = field(
        default=False,
        doc="Whether it is put on the control plane's list of revoked tokens when the resource goes or another one takes its place.",
    )
    token: One[Str] = field(default=None, owned=True, secret=True, doc="The token (JWT), a secret.")
    token_id: One[Str] = field(default=None, owned=True, doc="The id by which it can be revoked.")
    expires: One[Str] = field(default=None, owned=True, doc="When it expires (`2027-01-31T12:00:00Z`).")

    def __init_subclass__(cls, kind: Kind | None = None) -> None:
        super().__init_subclass__()
        if kind is None:
            return
        cls.attributes(cls.declared)
        cls.kind = SORTS[cls.__name__] = replace(kind, name=cls.__name__, doc=cls.__doc__ or "", model=cls.model)

    def judged(self, said: dict[str, Any]) -> list[str]:
        """Say everything that is wrong with what is asked for."""
        return Token(self.kind, said).complaints(target())

    def subject(self, said: dict[str, Any]) -> str:
        """Return the sort, the mesh and whom it is for."""
        return Token(self.kind, said).subject


class DataplaneToken(IssuedToken, kind=Kind(path="/tokens/dataplane", shape="legacy", rules=(lasting,))):
    """The token by which a proxy joins a mesh; kuma-dp takes it as `--dataplane-token-file`.

    It is good for the proxies that it names: by Dataplane, by tags, by workload; without any of these, for every one of the mesh.

    Source: https://kuma.io/docs/latest/production/secure-deployment/dp-auth/
    """

    mesh: Named[str] = field(
        default="default", doc="The mesh that the proxy joins: the Mesh, its name, or an Output of it."
    )
    dataplane: Named[str | None] = field(
        default=None,
        wire="name",
        refers="Dataplane",
        doc="The only Dataplane that it is for: the Dataplane, or its name.",
    )
    tags: Table[list[str]] = field(
        default=None, doc="The tags that the proxy must have, each with the values that are allowed."
    )
    type: One[Literal["dataplane", "ingress", "egress"] | None] = field(
        default=None, doc="The type of the proxy; `dataplane`, if absent."
    )
    workload: One[Str | None] = field(default=None, since="2.13", doc="The workload that the proxy must belong to.")


class ZoneToken(IssuedToken, kind=Kind(path="/tokens/zone", shape="legacy", scope="global", rules=(lasting,))):
    """The token by which a zone's ingress, egress or control plane joins.

    Source: https://kuma.io/docs/latest/production/cp-deployment/zoneproxy-auth/
    """

    zone: Named[str] = field(refers="Zone", doc="The zone: the Zone, or its name.")
    scope: Many[Literal["ingress", "egress", "cp"]] = field(doc="What it is for; `cp` is Kong Mesh's alone.")


class UserToken(IssuedToken, kind=Kind(path="/tokens/user", shape="legacy", scope="global", rules=(lasting,))):
    """The token by which a user, or a pipeline, speaks to the control plane.

    Source: https://kuma.io/docs/latest/production/secure-deployment/api-server-auth/
    """

    user: One[Str] = field(wire="name", doc="The name of the user.")
    groups: Many[Str] = field(default=None, doc="The groups of the user (`mesh-system:admin` may do everything).")


__all__ = ["DataplaneToken", "UserToken", "ZoneToken"]
