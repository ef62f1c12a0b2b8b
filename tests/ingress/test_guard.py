"""What is promised of plans as a whole: what goes too far is refused by a rule with a name, what does not is not."""

from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.ingress.guard import RULES, Limits, judge
from tests.ingress.plans import SECRET, UNKNOWN, plan, step, timeouts

MTLS = {"enabled_backend": "ca-1", "backends": [{"name": "ca-1", "type": "builtin"}]}
OPEN = {"mtls": {**MTLS, "backends": [{"name": "ca-1", "type": "builtin", "mode": "PERMISSIVE"}]}}
HTTP = {"port": 8080, "protocol": "HTTP"}


def refused(*steps: dict[str, Any], unlisted: int = 0, limits: Limits | None = None) -> list[tuple[str, str]]:
    verdict = judge(plan(*steps, unlisted=unlisted), limits)
    return [(one.rule, one.address) for one in verdict.refused]


# Shares.


@pytest.mark.parametrize(
    ("op", "rule", "verb"), [("delete", "max-delete", "deletes"), ("update", "max-update", "changes")]
)
def test_more_than_a_share_of_a_mesh_is_refused_and_the_share_itself_is_not(op: str, rule: str, verb: str):
    assert refused(*timeouts(3, op), *timeouts(7, "same", at=3)) == []
    verdict = judge(plan(*timeouts(4, op), *timeouts(6, "same", at=4)))
    assert [(one.rule, one.mesh, one.address, one.urn) for one in verdict.refused] == [
        (rule, "shop", "Mesh/shop", None)
    ]
    assert verdict.refused[0].message == f"the plan {verb} 4 of 10 objects (40%), more than 30%"


def test_a_small_mesh_is_not_judged_by_shares():
    assert refused(*timeouts(9, "delete")) == []
    assert refused(*timeouts(10, "delete")) == [("max-delete", "Mesh/shop")]
    assert refused(*timeouts(9, "delete"), limits=Limits(existing=9)) == [("max-delete", "Mesh/shop")]


def test_the_shares_are_those_that_are_said():
    steps = [*timeouts(5, "delete"), *timeouts(5, "same", at=5)]
    assert refused(*steps, limits=Limits(delete=0.5)) == []
    assert refused(*steps, limits=Limits(delete=0.49)) == [("max-delete", "Mesh/shop")]
    assert refused(*timeouts(1, "update"), *timeouts(9, "same", at=1), limits=Limits(update=0)) == [
        ("max-update", "Mesh/shop")
    ]


def test_what_is_new_does_not_count_as_there_and_the_mesh_is_none_of_its_objects():
    mesh = step("same", "Mesh", {"name": "shop"}, {"name": "shop"})
    assert refused(*timeouts(4, "delete"), *timeouts(5, "same", at=4), *timeouts(90, "create", at=9), mesh) == []


def test_a_replacement_deletes():
    moved = [
        step("replace", "MeshTimeout", {"name": f"a-{n}"}, {"name": f"b-{n}"}, resource=f"r-{n}") for n in range(4)
    ]
    assert refused(*moved, *timeouts(6, "same")) == [("max-delete", "Mesh/shop")]


def test_each_mesh_and_each_control_plane_counts_by_itself():
    big = list(timeouts(100, "same", mesh="big"))
    assert refused(*big, *timeouts(4, "delete"), *timeouts(6, "same", at=4)) == [("max-delete", "Mesh/shop")]
    elsewhere = step("delete", "MeshTimeout", {"name": "x", "control_plane": "eu"}, None)
    verdict = judge(plan(elsewhere, *timeouts(10, "same")))
    assert sorted(verdict.tallies) == [("default", "shop"), ("eu", "shop")]
    assert verdict.tallies["eu", "shop"].deleted == 1


def test_a_resource_that_only_got_another_name_in_the_program_is_no_deletion():
    said = {"name": "t", "to": []}
    steps = [
        step("delete", "MeshTimeout", {**said, "name": f"t-{n}"}, None, resource=f"old-{n}") for n in range(10)
    ] + [step("create", "MeshTimeout", None, {**said, "name": f"t-{n}"}, resource=f"new-{n}") for n in range(10)]
    assert refused(*steps) == []
    mesh = {"name": "shop"}
    assert refused(step("delete", "Mesh", mesh, None), step("create", "Mesh", None, mesh, resource="renamed")) == []


def test_what_stays_the_same_without_being_listed_counts_for_the_only_mesh_and_that_is_said():
    verdict = judge(plan(*timeouts(4, "delete"), unlisted=40))
    assert verdict.refused == []
    assert any("--show-sames" in note for note in verdict.notes)
    assert refused(*timeouts(4, "delete"), unlisted=6) == [("max-delete", "Mesh/shop")]
    assert judge(plan(*timeouts(4, "delete"), unlisted=6)).refused[0].message == (
        "the plan deletes 4 of about 10 objects (40%), more than 30%"
    )


def test_with_several_meshes_in_a_plan_that_lists_no_sames_only_what_is_certain_is_said():
    pets = list(timeouts(1, "update", mesh="pets"))
    small = judge(plan(*timeouts(3, "delete"), *pets, unlisted=40))
    assert (small.refused, small.untold) == ([], [])
    unsure = judge(plan(*timeouts(4, "delete"), *pets, unlisted=40))
    assert unsure.refused == []
    assert len(unsure.untold) == 1
    assert unsure.untold[0].startswith("Mesh/shop: the plan deletes 4 objects")
    assert "--show-sames" in unsure.untold[0]
    certain = judge(plan(*timeouts(30, "delete"), *pets, unlisted=40))
    assert [one.rule for one in certain.refused] == ["max-delete"]
    assert judge(plan(*timeouts(4, "delete"), *pets, unlisted=40), allow=["max-delete"]).untold == []


# Meshes.


def test_a_mesh_is_not_deleted():
    assert refused(step("delete", "Mesh", {"name": "shop"}, None)) == [("delete-mesh", "Mesh/shop")]
    moved = step("replace", "Mesh", {"name": "shop"}, {"name": "store"}, resource="m")
    assert refused(moved) == [("delete-mesh", "Mesh/shop")]


@pytest.mark.parametrize("after", [{}, {"mtls": {}}, {"mtls": {"backends": MTLS["backends"]}}])
def test_mtls_is_not_turned_off(after: dict[str, Any]):
    mesh = step("update", "Mesh", {"name": "shop", "mtls": MTLS}, {"name": "shop", **after})
    assert refused(mesh) == [("mtls-off", "Mesh/shop")]


def test_mtls_is_not_made_permissive_where_it_was_strict():
    strict, loose = {"name": "shop", "mtls": MTLS}, {"name": "shop", **OPEN}
    assert refused(step("update", "Mesh", strict, loose)) == [("mtls-permissive", "Mesh/shop")]
    assert refused(step("update", "Mesh", loose, loose)) == []
    assert refused(step("update", "Mesh", loose, strict)) == []
    assert refused(step("update", "Mesh", {"name": "shop"}, loose)) == []
    assert refused(step("create", "Mesh", None, loose)) == []


def test_mtls_may_be_turned_on_and_a_mesh_without_it_may_change():
    assert refused(step("update", "Mesh", {"name": "shop"}, {"name": "shop", "mtls": MTLS})) == []
    assert refused(step("update", "Mesh", {"name": "shop"}, {"name": "shop", "labels": {"a": "b"}})) == []


@pytest.mark.parametrize("value", [SECRET, UNKNOWN])
def test_mtls_that_a_preview_does_not_show_is_said_to_be_untold_and_is_not_guessed(value: str):
    for mtls in (value, {**MTLS, "enabled_backend": value}, {**MTLS, "backends": value}):
        verdict = judge(plan(step("update", "Mesh", {"name": "shop", "mtls": MTLS}, {"name": "shop", "mtls": mtls})))
        assert verdict.refused == []
        assert any("mTLS cannot be told" in note for note in verdict.notes)


# Gateways.


def gateway(op: str, old: Any = None, new: Any = None, name: str = "edge", **more: str) -> dict[str, Any]:
    sides = [None if one is None else {"name": name, **({"listeners": one} if one else {})} for one in (old, new)]
    return step(op, "MeshGateway", *sides, **more)


def listener(op: str, old: int | None, new: int | None, gateway: str = "edge") -> dict[str, Any]:
    sides = [None if one is None else {"gateway": gateway, "port": one, "protocol": "HTTP"} for one in (old, new)]
    return step(op, "GatewayListener", *sides, resource=f"{gateway}-{old or new}")


def test_a_gateway_does_not_go_with_its_listeners():
    verdict = judge(plan(gateway("delete", [HTTP, {**HTTP, "port": 81, "hostname": "a.example"}])))
    assert [(one.rule, one.message) for one in verdict.refused] == [
        ("last-listener", "goes with its listeners: 8080 HTTP *, 81 HTTP a.example")
    ]
    assert refused(gateway("delete", SECRET)) == [("last-listener", "MeshGateway/shop/edge")]


def test_some_listeners_of_a_gateway_may_go_and_it_may_get_another_name():
    assert refused(gateway("update", [HTTP, {**HTTP, "port": 81}], [HTTP])) == []
    old, new = {"name": "a", "listeners": [HTTP]}, {"name": "b", "listeners": [HTTP]}
    assert refused(step("replace", "MeshGateway", old, new, resource="g")) == []


def test_the_last_listener_resource_of_a_gateway_does_not_go():
    assert refused(listener("delete", 80, None)) == [("last-listener", "GatewayListener/shop/edge/80-HTTP-*")]
    both = [listener("delete", 80, None), listener("delete", 81, None)]
    assert [rule for rule, _ in refused(*both)] == ["last-listener", "last-listener"]


@pytest.mark.parametrize(
    "other",
    [listener("same", 81, 81), listener("update", 81, 82), listener("create", None, 81), gateway("update", [], [HTTP])],
)
def test_a_listener_may_go_where_another_one_stays_or_comes(other: dict[str, Any]):
    assert refused(listener("delete", 80, None), other) == []


def test_a_listener_of_another_gateway_or_mesh_does_not_count():
    elsewhere = listener("same", 81, 81, gateway="other")
    assert refused(listener("delete", 80, None), elsewhere) == [
        ("last-listener", "GatewayListener/shop/edge/80-HTTP-*")
    ]


def test_a_listener_that_moves_to_another_gateway_leaves_its_own():
    old = {"gateway": "edge", "port": 80, "protocol": "HTTP"}
    moved = step("replace", "GatewayListener", old, {**old, "gateway": "other"}, resource="l")
    assert refused(moved) == [("last-listener", "GatewayListener/shop/edge/80-HTTP-*")]
    renamed = step("replace", "MeshGateway", {"name": "edge"}, {"name": "other"}, resource="g")
    assert refused(moved, renamed) == []


def test_whether_a_listener_stays_that_the_plan_does_not_list_cannot_be_told():
    verdict = judge(plan(listener("delete", 80, None), unlisted=3))
    assert verdict.refused == []
    assert len(verdict.untold) == 1
    assert "MeshGateway/shop/edge: whether a listener stays cannot be told" in verdict.untold[0]
    assert judge(plan(listener("delete", 80, None), unlisted=3), allow=["last-listener"]).untold == []
    gone = judge(plan(listener("delete", 80, None), gateway("delete", []), unlisted=3))
    assert [one.rule for one in gone.refused] == ["last-listener"]


# Certificates.


def secret(before: str, after: str, op: str = "update") -> dict[str, Any]:
    sides = [{"name": "cert", "data": SECRET, **({"__issued": one} if one else {})} for one in (before, after)]
    return step(op, "Secret", *sides)


OLD, NEW = "2026-01-01T00:00:00Z", "2026-09-30T23:59:59Z"


def test_a_certificate_is_not_replaced_by_one_that_was_issued_before_it():
    assert refused(secret(NEW, OLD)) == [("older-certificate", "Secret/shop/cert")]
    for before, after in ((OLD, NEW), (OLD, OLD)):
        assert refused(secret(before, after)) == []


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), (OLD, ""), ("", OLD), (UNKNOWN, OLD), (NEW, UNKNOWN), (SECRET, OLD)]
)
def test_where_the_age_of_a_certificate_cannot_be_told_that_is_said(before: str, after: str):
    verdict = judge(plan(secret(before, after)))
    assert verdict.refused == []
    assert any("its age cannot be told" in note for note in verdict.notes)


# Permissions.


def permission(said: dict[str, Any], old: dict[str, Any] | None = None, kind: str = "MeshTrafficPermission") -> Any:
    before = None if old is None else {"name": "p", **old}
    return step("create" if old is None else "update", kind, before, {"name": "p", **said})


def allows(source: dict[str, Any], action: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"from_": [{"target_ref": source, "default": {"action": action}}], **more}


def by_identity(match: dict[str, Any], name: str = "allow") -> dict[str, Any]:
    return {"rules": [{"default": {name: [match]}}]}


EVERYBODY = {"kind": "Mesh"}
OPENED = [
    allows(EVERYBODY),
    allows(EVERYBODY, target_ref={"kind": "Mesh"}),
    allows(EVERYBODY, target_ref={"kind": "Mesh", "proxy_types": ["Sidecar"]}),
    allows(EVERYBODY, target_ref={"kind": "Dataplane"}),
    allows(EVERYBODY, "AllowWithShadowDeny"),
    allows({"kind": "MeshSubset"}),
    allows({"kind": "MeshSubset", "tags": {"kuma.io/service": "*"}}),
    {"from_": [*allows({"kind": "MeshService", "name": "a"})["from_"], *allows(EVERYBODY)["from_"]]},
    by_identity({}),
    by_identity({"spiffe_id": {"type": "Prefix", "value": "spiffe://shop.mesh.local"}}),
    by_identity({"spiffe_id": {"type": "Prefix", "value": "spiffe://shop.mesh.local/"}}, "allow_with_shadow_deny"),
]
CLOSED = [
    allows(EVERYBODY, "Deny"),
    allows({"kind": "MeshSubset", "tags": {"kuma.io/service": "edge"}}),
    allows({"kind": "MeshService", "name": "edge"}),
    allows(EVERYBODY, target_ref={"kind": "MeshService", "name": "api"}),
    allows(EVERYBODY, target_ref={"kind": "MeshSubset", "tags": {"team": "a"}}),
    allows(EVERYBODY, target_ref={"kind": "Dataplane", "labels": {"app": "api"}}),
    allows(EVERYBODY, target_ref={"kind": "Dataplane", "section_name": "http"}),
    by_identity({"spiffe_id": {"type": "Prefix", "value": "spiffe://shop.mesh.local/ns/a"}}),
    by_identity({"spiffe_id": {"type": "Exact", "value": "spiffe://shop.mesh.local/edge"}}),
    by_identity({"sni": {"type": "Exact", "value": "a.example"}}),
    by_identity({}, "deny"),
]


@pytest.mark.parametrize("said", OPENED)
def test_a_permission_does_not_open_everything_to_everybody(said: dict[str, Any]):
    assert refused(permission(said)) == [("open-permission", "MeshTrafficPermission/shop/p")]
    assert refused(permission(said, CLOSED[1])) == [("open-permission", "MeshTrafficPermission/shop/p")]


@pytest.mark.parametrize("said", CLOSED)
def test_a_permission_for_some_or_to_some_is_not_refused(said: dict[str, Any]):
    assert refused(permission(said)) == []
    assert refused(permission(said, OPENED[0])) == []


def test_a_permission_that_is_open_already_is_not_opened_and_may_go():
    assert refused(permission({**OPENED[0], "labels": {"a": "b"}}, OPENED[0])) == []
    assert refused(step("delete", "MeshTrafficPermission", {"name": "p", **OPENED[0]}, None)) == []
    assert refused(step("same", "MeshTrafficPermission", {"name": "p", **OPENED[0]}, {"name": "p", **OPENED[0]})) == []


def selectors(source: str, destination: str, **more: str) -> dict[str, Any]:
    sides = {"sources": source, "destinations": destination}
    return {side: [{"match": {"kuma.io/service": value, **more}}] for side, value in sides.items()}


def test_a_permission_by_tags_from_all_to_all_is_refused_and_a_narrower_one_is_not():
    assert refused(permission(selectors("*", "*"), kind="TrafficPermission")) == [
        ("open-permission", "TrafficPermission/shop/p")
    ]
    for said in (selectors("*", "api"), selectors("edge", "*"), selectors("*", "*", team="a")):
        assert refused(permission(said, kind="TrafficPermission")) == []


def test_a_permission_that_is_not_known_yet_is_said_to_be_untold():
    verdict = judge(plan(permission({"from_": UNKNOWN})))
    assert verdict.refused == []
    assert any("whom it lets in cannot be told" in note for note in verdict.notes)


# The rules.


def everything() -> list[dict[str, Any]]:
    """Return steps that break every rule."""
    strict, loose = {"name": "m", "mtls": MTLS}, {"name": "m", **OPEN}
    return [
        *timeouts(10, "delete"),
        *timeouts(10, "update", mesh="pets"),
        step("delete", "Mesh", {"name": "shop"}, None),
        step("update", "Mesh", {"name": "off", "mtls": MTLS}, {"name": "off"}),
        step("update", "Mesh", strict, loose),
        gateway("delete", [HTTP]),
        secret(NEW, OLD),
        permission(OPENED[0]),
    ]


def test_every_rule_has_a_name_by_which_it_is_allowed():
    assert {rule for rule, _ in refused(*everything())} == set(RULES)
    for rule in RULES:
        verdict = judge(plan(*everything()), allow=[rule])
        assert {one.rule for one in verdict.refused} == set(RULES) - {rule}
        assert {one.rule for one in verdict.allowed} == {rule}


def test_a_step_that_cannot_be_read_cannot_be_judged():
    verdict = judge(plan(step("delete", "MeshOfTomorrow", {"name": "x"}, None)))
    assert len(verdict.untold) == 1
    assert "MeshOfTomorrow" in verdict.untold[0]
