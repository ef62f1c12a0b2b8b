"""What is promised of drift as such: whose an object is, what is left alone, what is never shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.reconcile import severity
from pulumi_mesh.reconcile.drift import Desired, Finding, Item, drift
from pulumi_mesh.reconcile.drift_sealed import filled
from pulumi_mesh.reconcile.fingerprint import fingerprints
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import GENERIC, KINDS, Address, Kind, generic
from pulumi_mesh.schema.meta import MARK, OWNER
from tests.drift.table import bases

OURS = "shop.dev"
GATEWAY = KINDS["MeshGateway"]
EDGE = GATEWAY.address("edge", "shop")


def live(base: str, owner: str = "", **changes: Any) -> Document:
    """Return an object as a control plane answers with it."""
    body = bases()[base] | changes
    labels = {**body.get("labels", {}), **({OWNER: owner} if owner else {})}
    return Document.found(KINDS[body["type"]], {"mesh": "shop", "name": "it", **body, "labels": labels})


def wish(document: Document, **more: Any) -> Desired:
    return Desired(KINDS[document.address.kind], document, **more)


def found(
    desired: list[Desired], actual: list[Document], items: list[Item] | None = None, **more: Any
) -> list[Finding]:
    held = {document.address: (KINDS[document.address.kind], document) for document in actual}
    return list(drift(desired, items or [], held, **more))


@pytest.mark.parametrize(
    ("owner", "whose", "stack"),
    [("", "nobody", ""), (OURS, "ours", OURS), ("other.prod", "another", "other.prod")],
)
def test_an_object_that_nobody_declares_here_tells_whose_it_is(owner: str, whose: str, stack: str):
    desired = live("timeout", OURS)
    (finding,) = found([wish(desired)], [desired, replace(live("permission", owner))])
    assert (finding.sort, finding.whose, finding.stack) == ("unmanaged", whose, stack)


def test_an_object_that_another_stack_took_over_and_changed_says_so():
    desired = live("secret", OURS)
    (finding,) = found([wish(desired)], [live("secret", "other.prod", data="b3RoZXI=")])
    assert (finding.sort, finding.whose, finding.stack) == ("changed", "another", "other.prod")
    assert found([wish(desired)], [live("secret", "other.prod")]) == []  # the label that says whose it is, is no drift


def test_what_the_control_plane_made_and_what_is_out_of_reach_is_told_by_others():
    document = live("secret")
    assert found([], [document], made=lambda *_: True) == []
    (finding,) = found([wish(document)], [document], gone=lambda _: True)
    assert finding.sort == "missing"


def test_a_finding_is_as_the_report_in_json_promises():
    (finding,) = found([wish(live("secret"), urn="urn:x", origin="a.yaml:1")], [live("secret", data="b3RoZXI=")])
    said = finding.as_dict()
    assert list(said)[:8] == ["kind", "type", "mesh", "name", "urn", "changes", "severity", "why"]
    assert said["changes"] == [{"path": "data", "op": "change", "actual": "(secret)", "desired": "(secret)"}]
    assert {key: said[key] for key in ("kind", "type", "mesh", "name", "urn", "severity", "owner", "origin")} == {
        "kind": "changed", "type": "Secret", "mesh": "shop", "name": "it", "urn": "urn:x", "severity": "high",
        "owner": "ours", "origin": "a.yaml:1",
    }  # fmt: skip


def listener(port: int, protocol: str = "HTTP", **more: Any) -> dict[str, Any]:
    return {"port": port, "protocol": protocol, **more}


def gateway(*listeners: Mapping[str, Any], marks: Mapping[str, str] | None = None, **more: Any) -> Document:
    """Return a live gateway."""
    body = {"selectors": [{"match": {"kuma.io/service": "edge"}}], "conf": {"listeners": list(listeners)}, **more}
    labels = {OWNER: OURS, **{f"{MARK}{key}": value for key, value in (marks or {}).items()}}
    return Document.found(GATEWAY, {"type": "MeshGateway", "mesh": "shop", "name": "edge", "labels": labels, **body})


WAITING = Document.desired(
    GATEWAY, {"name": "edge", "mesh": "shop", "selectors": [{"match": {"kuma.io/service": "edge"}}]}, OURS
)


def item(port: int, **more: Any) -> Item:
    name = f"edge/{port}-HTTP-*"
    return Item(
        GATEWAY, EDGE, listener(port, **more), Address("GatewayListener", "shop", name), OURS, f"urn:{port}", mark=f"{MARK}{port}"
    )  # fmt: skip


def test_listeners_of_others_on_a_gateway_that_waits_are_left_alone():
    actual = gateway(listener(80), listener(81), listener(9000, "TCP"), marks={"81": "other.prod"})
    assert found([wish(WAITING)], [actual], [item(80)]) == []
    assert found([], [actual], [item(80)]) == []  # the gateway is declared elsewhere
    assert found([wish(WAITING)], [], []) == []  # its listeners are, and there are none yet


def test_a_listener_that_is_a_resource_is_found_by_itself():
    actual = gateway(listener(80), listener(82, resources={"connectionLimit": 5}), tags={"team": "hand"})
    findings = found([wish(WAITING, urn="urn:edge")], [actual], [item(80), item(81), item(82)])
    told = [(str(one.address), one.sort, one.urn, [str(change) for change in one.changes]) for one in findings]
    assert told == [
        ("MeshGateway/shop/edge", "changed", "urn:edge", ["- tags: {'team': 'hand'}"]),
        ("GatewayListener/shop/edge/81-HTTP-*", "missing", "urn:81", []),
        ("GatewayListener/shop/edge/82-HTTP-*", "changed", "urn:82",
         ["- conf.listeners[82 HTTP *].resources: {'connectionLimit': 5}"]),
    ]  # fmt: skip
    assert {one.severity for one in findings} == {"high"}


def test_a_gateway_that_is_gone_with_all_its_listeners_is_missing_listener_by_listener():
    findings = found([wish(WAITING)], [], [item(80), item(81)])
    assert [(str(one.address), one.sort) for one in findings] == [
        ("GatewayListener/shop/edge/80-HTTP-*", "missing"),
        ("GatewayListener/shop/edge/81-HTTP-*", "missing"),
    ]


def test_a_listener_that_another_stack_took_over_says_so():
    actual = gateway(listener(80, tags={"a": "b"}), marks={"80": "other.prod"})
    (finding,) = found([wish(WAITING)], [actual], [item(80)])
    assert (finding.whose, finding.stack) == ("another", "other.prod")


def test_a_field_of_the_future_is_reported_wherever_it_stands_and_is_no_change():
    http = bases()["http-route"]
    spec = {**http["spec"], "fromTheFuture": {"a": 1}}
    (finding,) = found([wish(live("http-route"))], [live("http-route", spec=spec)])
    assert (finding.sort, finding.severity) == ("foreign_field", "medium")
    assert [(one.path, one.op, one.actual, one.desired) for one in finding.changes] == [
        ("spec.fromTheFuture", "remove", {"a": 1}, None)
    ]
    actual = gateway({**listener(80), "depth": 3}, listener(81))
    (finding,) = found([wish(WAITING)], [actual], [item(80), item(81)])
    assert [one.path for one in finding.changes] == ["conf.listeners[80 HTTP *].depth"]
    assert (finding.urn, finding.sort) == ("urn:80", "foreign_field")


def test_a_field_of_the_future_that_looks_like_a_secret_is_not_shown():
    strange = {"vault": {"token": "hunter2", "auth": [{"inlineString": "hunter3"}], "name": "v"}}
    (finding,) = found([wish(gateway(listener(80)))], [gateway(listener(80), **strange)])
    assert "hunter" not in str(finding.changes)
    assert "'name': 'v'" in str(finding.changes)


def test_of_a_type_that_nobody_here_knows_nothing_that_looks_like_a_secret_is_shown():
    kind: Kind = generic(GENERIC["MeshResource"], "MeshVault", mesh_scoped=True)
    body = {"type": "MeshVault", "mesh": "shop", "name": "it"}
    desired, actual = (
        Document.found(kind, {**body, "spec": {"password": secret, "size": size}})
        for secret, size in (("hunter2", 1), ("hunter3", 2))
    )
    (finding,) = drift([Desired(kind, desired)], [], {actual.address: (kind, actual)}, hide=fingerprints())
    assert [one.path for one in finding.changes] == ["spec.password", "spec.size"]
    assert "hunter" not in str(finding.changes)
    assert (finding.changes[1].actual, finding.changes[1].desired) == (2, 1)


def test_fingerprints_tell_secrets_apart_and_nothing_else():
    one, other = fingerprints(), fingerprints()
    assert one("hunter2") == one("hunter2")
    assert one("hunter2") != one("hunter3")
    assert one("hunter2") != other("hunter2")  # nobody can try words on a report
    assert one(one("hunter2")) == one("hunter2")
    assert fingerprints("key")("hunter2") == fingerprints("key")("hunter2")
    desired, actual = live("external"), live("external")
    spec = bases()["external"]["spec"]
    ca = {**spec["tls"], "verification": {**spec["tls"]["verification"], "caCert": {"inlineString": "other-ca"}}}
    (finding,) = found([wish(desired)], [live("external", spec={**spec, "tls": ca})], hide=fingerprints("key"))
    (change,) = finding.changes
    assert change.actual == fingerprints("key")("other-ca")
    assert change.desired == fingerprints("key")("first-ca")
    assert found([wish(desired)], [actual]) == []


def test_what_a_state_has_only_encrypted_is_not_compared():
    secret = KINDS["Secret"]
    desired = Document.desired(secret, {"name": "it", "mesh": "shop", "labels": {"a": "b"}})
    actual = live("secret", labels={"a": "b"})
    assert filled(secret, ["data"], desired, actual).body == actual.body
    assert found([Desired(secret, desired, blind=lambda one, two: filled(secret, ["data"], one, two))], [actual]) == []
    (finding,) = found([Desired(secret, desired)], [actual])
    assert [one.path for one in finding.changes] == ["data"]


@pytest.mark.parametrize(
    ("sealed", "body"),
    [
        (
            ("spec.tls.verification.ca_cert.inline_string",),
            {"verification": {"serverName": "api.example", "caCert": {}}},
        ),
        (("spec.tls.verification.ca_cert",), {"verification": {"serverName": "api.example"}}),
    ],
)
def test_so_it_is_deep_inside(sealed: tuple[str, ...], body: dict[str, Any]):
    kind, spec = KINDS["MeshExternalService"], bases()["external"]["spec"]
    desired = live("external", spec={**spec, "tls": {"enabled": True, **body}})
    paths = [path.removeprefix("spec.") for path in sealed]
    actual = live("external")
    assert found([Desired(kind, desired, blind=lambda one, two: filled(kind, paths, one, two))], [actual]) == []
    other = live("external", spec={**spec, "match": {**spec["match"], "port": 444}})
    (finding,) = found([Desired(kind, desired, blind=lambda one, two: filled(kind, paths, one, two))], [other])
    assert [one.path for one in finding.changes] == ["spec.match.port"]


def test_an_item_that_is_sealed_as_a_whole_stands_where_it_stood():
    kind, spec = KINDS["MeshExternalService"], bases()["external"]["spec"]
    desired = live("external", spec={**spec, "endpoints": spec["endpoints"][1:]})
    assert filled(kind, ["endpoints[0]"], desired, live("external")).body == live("external").body


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("MeshGateway", "conf.listeners[80 HTTP *].tls.mode", ("high", "a listener")),
        ("MeshGateway", "selectors[0].match.x", ("high", "which proxies serve it")),
        ("MeshGateway", "labels.team", ("low", "a label")),
        ("Mesh", "mtls.backends[ca].mode", ("high", "mTLS")),
        ("Mesh", "metrics.backends.prom.conf.port", ("low", "what is reported")),
        ("Mesh", "meshServices.mode", ("medium", "")),
        ("MeshTimeout", "spec.to[0]", ("medium", "")),
    ],
)
def test_how_grave_a_field_is(kind: str, path: str, expected: tuple[str, str]):
    assert severity.at(path, KINDS[kind].grave, KINDS[kind].grave_at) == expected


def test_the_gravest_field_counts():
    document = gateway(listener(80), labels={OWNER: OURS, "team": "a"})
    (finding,) = found([wish(document)], [gateway(listener(80), listener(81), labels={OWNER: OURS, "team": "b"})])
    assert len(finding.changes) == 2
    assert finding.grave == ("high", "a listener")
