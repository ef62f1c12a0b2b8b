"""MeshTrafficPermission: who may talk to whom."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import PERMISSION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import TRAFFIC, TargetRef, TrafficMatch
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, values
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import PROXIES, Place, deprecated_top, each, top, works_on_inbounds
from pulumi_mesh.schema.traffic_match import traffic_match

FROM = Place(("Mesh", "MeshSubset", "MeshService", "MeshServiceSubset"))
LISTS = ("allow", "allowWithShadowDeny", "deny")


class TrafficPermissionConf(Model):
    """What is done with traffic of a source."""

    action: One[Literal["Allow", "Deny", "AllowWithShadowDeny"] | None] = field(
        default=None, doc="Whether it may pass; AllowWithShadowDeny lets it pass and logs that it would not."
    )


class TrafficPermissionFrom(Model):
    """What is done with traffic, by its source."""

    target_ref: Part[TargetRef] = field(doc="The source.")
    default: Part[TrafficPermissionConf | None] = field(default=None, doc="What is done with its traffic.")


class TrafficPermissionRuleConf(Model):
    """Which traffic may pass; what is denied stays denied, whatever allows it."""

    allow: Parts[TrafficMatch] = field(default=None, key=TRAFFIC, doc="Traffic that may pass.")
    allow_with_shadow_deny: Parts[TrafficMatch] = field(
        default=None, key=TRAFFIC, doc="Traffic that may pass, with a log that it would not."
    )
    deny: Parts[TrafficMatch] = field(default=None, key=TRAFFIC, doc="Traffic that may not pass.")


class TrafficPermissionRule(Model):
    """A rule for incoming traffic, by the identity of who sends."""

    default: Part[TrafficPermissionRuleConf] = field(doc="Which traffic may pass.")


def references(permission: Body, release: Release) -> Iterator[Violation]:
    """What is referred to."""
    yield from top(permission, release, replace(PROXIES, inbound=works_on_inbounds(permission)))
    yield from each(permission, "spec.from", release, FROM)


def lists(permission: Body, release: Release) -> Iterator[Violation]:
    """Sources or rules, never both."""
    sources, rules = values(permission, "spec.from"), values(permission, "spec.rules")
    if release < (2, 12):
        if not sources:
            yield Violation("spec.from", "needs at least one item")
    elif sources and rules:
        yield Violation("spec", "field 'from' must be empty when 'rules' is defined")
    elif not sources and not rules:
        yield Violation("spec", "at least one of 'from' or 'rules' has to be defined")


def actions(permission: Body, _: Release) -> Iterator[Violation]:
    """Every source has an action."""
    for path, source in parts(permission, "spec.from"):
        if not dig(source, "default.action"):
            yield Violation(f"{path}.default.action", "must be defined")


def matches(permission: Body, release: Release) -> Iterator[Violation]:
    """Every rule lists something; the control plane leaves `default` out of its paths here."""
    if release < (2, 12):
        return
    for path, rule in parts(permission, "spec.rules"):
        if not any(values(rule, f"default.{name}") for name in LISTS):
            yield Violation(path, "at least one of 'allow', 'allowWithShadowDeny', 'deny' has to be defined")
        for name in LISTS:
            for index, match in enumerate(values(rule, f"default.{name}")):
                yield from traffic_match(f"{path}.{name}[{index}]", match, release)


def deprecated(permission: Body, release: Release) -> Iterator[Violation]:
    """What Kuma will give up, in the order in which it says so."""
    named = "MeshService value for 'from[].targetRef.kind' is deprecated, use MeshSubset with 'kuma.io/service' instead"
    if release < (2, 14):
        yield from deprecated_top(permission, release)
    elif values(permission, "spec.from"):
        yield Violation(
            "spec.from",
            "'from' field is deprecated and will be removed in 3.0, use 'rules' with MeshIdentity (spiffeId) instead",
        )
    for path, source in parts(permission, "spec.from"):
        if dig(source, "targetRef.kind") == "MeshService":
            yield Violation(f"{path}.targetRef.kind", named)
    if release >= (2, 14):
        yield from deprecated_top(permission, release)


class MeshTrafficPermission(
    MeshScoped,
    kind=Kind(
        path="meshtrafficpermissions",
        shape="spec",
        short="mtp",
        policy=True,
        rules=(references, lists, actions, matches),
        warnings=(deprecated,),
        grave=PERMISSION,
    ),
):
    """Who may talk to whom, once mTLS is on.

    Source: https://kuma.io/docs/latest/policies/meshtrafficpermission/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Who is talked to; the whole mesh, if absent.")
    from_: Parts[TrafficPermissionFrom] = field(default=None, doc="Who talks, by tags; not beside `rules`.")
    rules: Parts[TrafficPermissionRule] = field(default=None, since="2.12", doc="Who talks, by identity.")


__all__ = [
    "MeshTrafficPermission",
    "TrafficPermissionConf",
    "TrafficPermissionFrom",
    "TrafficPermissionRule",
    "TrafficPermissionRuleConf",
]
