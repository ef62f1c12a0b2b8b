"""What is promised of MeshTrafficPermission."""

from typing import Any

import pytest

from pulumi_mesh.reconcile.plan import Nothing, plan
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release
from tests.kinds.documents import said_of, warned_of

OLD, NEW = Release(2, 10), Release(2, 14)
FROM = {"targetRef": {"kind": "Mesh"}, "default": {"action": "Allow"}}
SPIFFE = "must be a valid Spiffe ID"


def identity(value: str) -> Any:
    return {"rules": [{"default": {"allow": [{"spiffeID": {"type": "Exact", "value": value}}]}}]}


def test_someone_is_let_in_or_kept_out():
    assert said_of("MeshTrafficPermission", {}, OLD) == {("spec.from", "needs at least one item")}
    assert said_of("MeshTrafficPermission", {"from": []}, Release(2, 12)) == {
        ("spec", "at least one of 'from' or 'rules' has to be defined")
    }


def test_sources_or_rules():
    assert said_of("MeshTrafficPermission", {"from": [FROM], **identity("spiffe://shop/web")}) == {
        ("spec", "field 'from' must be empty when 'rules' is defined")
    }


@pytest.mark.parametrize("release", [OLD, NEW], ids=str)
def test_a_source_has_an_action(release: Release):
    source = {"targetRef": {"kind": "Mesh"}}
    said = {("spec.from[0].default.action", "must be defined")}
    assert said_of("MeshTrafficPermission", {"from": [source]}, release) == said
    assert said_of("MeshTrafficPermission", {"from": [source | {"default": {}}]}, release) == said


@pytest.mark.parametrize("kind", ["MeshGateway", "MeshExternalService", "Dataplane"])
def test_sources_are_proxies_by_tags(kind: str):
    source = FROM | {"targetRef": {"kind": kind, "name": "x"}}
    assert said_of("MeshTrafficPermission", {"from": [source]}) == {
        ("spec.from[0].targetRef.kind", f"value '{kind}' is not supported")
    }


def test_gateways_let_everybody_in():
    spec = {"targetRef": {"kind": "MeshGateway", "name": "edge"}, "from": [FROM]}
    assert said_of("MeshTrafficPermission", spec, OLD) == {("spec.targetRef.kind", "value is not supported")}


def test_rules_are_known_since_2_12_and_server_names_since_2_14():
    spec: Any = identity("spiffe://shop/web")
    assert ("spec.rules", "is known since Kuma 2.12; the target is 2.11") in said_of(
        "MeshTrafficPermission", spec, Release(2, 11)
    )
    assert said_of("MeshTrafficPermission", spec, Release(2, 12)) == set()
    spec["rules"][0]["default"]["deny"] = [{"sni": {"type": "Exact", "value": "web.shop"}}]
    assert said_of("MeshTrafficPermission", spec, Release(2, 13)) == {
        ("spec.rules[0].default.deny[0].sni", "is known since Kuma 2.14; the target is 2.13")
    }
    assert said_of("MeshTrafficPermission", spec) == set()


def test_a_rule_says_something():
    assert said_of("MeshTrafficPermission", {"rules": [{"default": {"deny": []}}]}) == {
        ("spec.rules[0]", "at least one of 'allow', 'allowWithShadowDeny', 'deny' has to be defined")
    }


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "cannot be empty"),
        ("shop/web", "scheme is missing or invalid"),
        ("SPIFFE://shop", "scheme is missing or invalid"),
        ("spiffe://", "trust domain is missing"),
        ("spiffe:///web", "trust domain is missing"),
        (
            "spiffe://Shop/web",
            "trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores",
        ),
        ("spiffe://shop//web", "path cannot contain empty segments"),
        ("spiffe://shop/web/", "path cannot have a trailing slash"),
        ("spiffe://shop/../web", "path cannot contain dot segments"),
        (
            "spiffe://shop/web%20",
            "path segment characters are limited to letters, numbers, dots, dashes, and underscores",
        ),
    ],
)
def test_an_identity_is_a_spiffe_id(value: str, reason: str):
    path = "spec.rules[0].allow[0].spiffeID"  # the control plane leaves `default` out of this path
    assert said_of("MeshTrafficPermission", identity(value)) == {(path, f"{SPIFFE}: {reason}")}
    assert said_of("MeshTrafficPermission", identity(value), Release(2, 13)) == {(path, SPIFFE)}


@pytest.mark.parametrize("value", ["spiffe://shop", "spiffe://shop.example/ns/web", "spiffe://a_b-1/A.b_c-9"])
def test_a_spiffe_id_is_taken(value: str):
    assert said_of("MeshTrafficPermission", identity(value)) == set()


def test_what_kuma_will_give_up_is_warned_of_in_its_order():
    top = {"targetRef": {"kind": "MeshService", "name": "x"}}
    spec = {**top, "from": [FROM | {"targetRef": {"kind": "MeshService", "name": "y"}}]}
    source = (
        "MeshService value for 'from[].targetRef.kind' is deprecated, use MeshSubset with 'kuma.io/service' instead"
    )
    assert warned_of("MeshTrafficPermission", spec, OLD) == [
        "MeshService value for 'targetRef.kind' is deprecated, use MeshSubset with 'kuma.io/service' tag instead",
        source,
    ]
    assert warned_of("MeshTrafficPermission", spec, NEW) == [
        "'from' field is deprecated and will be removed in 3.0, use 'rules' with MeshIdentity (spiffeId) instead",
        source,
        "MeshService value for 'targetRef.kind' is deprecated, use Dataplane with labels instead",
    ]


def test_the_order_of_identities_means_nothing():
    kind = KINDS["MeshTrafficPermission"]
    ids = [{"spiffeID": {"type": "Exact", "value": f"spiffe://shop/{name}"}} for name in ("web", "api")]
    found, wanted = (
        Document(kind.address("it", "shop"), {"spec": {"rules": [{"default": {"allow": allow}}]}})
        for allow in (ids, ids[::-1])
    )
    assert isinstance(plan(kind, found, wanted), Nothing)
