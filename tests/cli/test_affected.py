"""What is promised of `affected`: the control plane's own answer for what it holds, a match for what it does not hold yet."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.command import Ran, run
from tests.e2e.gate import Gate, Reply
from tests.e2e.plane import Plane
from tests.ingress.plans import UNKNOWN, step, written

OUTBOUND = [{"targetRef": {"kind": "Mesh"}, "default": {"idleTimeout": "1h"}}]


def sidecar(name: str, **labels: str) -> dict[str, Any]:
    inbound = {"port": 80, "tags": {"kuma.io/service": name, "kuma.io/protocol": "http", "team": name[0]}}
    return {"networking": {"address": "10.0.0.1", "inbound": [inbound]}, "labels": labels}


def gateway_proxy(service: str) -> dict[str, Any]:
    return {"networking": {"address": "10.0.0.2", "gateway": {"type": "BUILTIN", "tags": {"kuma.io/service": service}}}}


def listeners(secret: str = "") -> dict[str, Any]:
    tls = {"tls": {"mode": "TERMINATE", "certificates": [{"secret": secret}]}} if secret else {}
    return {"conf": {"listeners": [{"port": 80, "protocol": "HTTPS" if secret else "HTTP", **tls}]}}


@pytest.fixture(scope="module")
def shop(sandbox_url: str) -> Iterator[str]:
    """A mesh with two gateways and two sidecars; the sandbox does not say which proxies a policy concerns."""
    plane, mesh = Plane(sandbox_url), f"affected-{uuid.uuid4().hex[:8]}"
    plane.put(f"/meshes/{mesh}", {"type": "Mesh", "name": mesh, "skipCreatingInitialPolicies": ["*"]})

    def put(kind: str, path: str, name: str, body: dict[str, Any]) -> None:
        plane.put(f"/meshes/{mesh}/{path}/{name}", {"type": kind, "mesh": mesh, "name": name, **body})

    put("Dataplane", "dataplanes", "api-1", sidecar("api", app="api"))
    put("Dataplane", "dataplanes", "web-1", sidecar("web"))
    for service in ("edge", "inner"):
        put("Dataplane", "dataplanes", f"{service}-1", gateway_proxy(service))
        selectors = {"selectors": [{"match": {"kuma.io/service": service}}]}
        put("MeshGateway", "meshgateways", service, {**selectors, **listeners("cert" if service == "edge" else "")})
    for name in ("cert", "spare"):
        put("Secret", "secrets", name, {"data": "c2VjcmV0"})
    put("MeshTimeout", "meshtimeouts", "all", {"spec": {"targetRef": {"kind": "Mesh"}, "to": OUTBOUND}})
    yield mesh
    plane.empty(mesh)


ALL = ["api-1", "edge-1", "inner-1", "web-1"]


def concerned(ran: Ran) -> list[list[str]]:
    return [[one["name"] for one in each["proxies"]] for each in ran.report["objects"]]


def planned(sandbox_url: str, *steps: dict[str, Any]) -> Ran:
    return run("affected", "-", "--url", sandbox_url, "--format", "json", stdin=written(*steps))


def policy(mesh: str, ref: dict[str, Any] | None, op: str = "create", kind: str = "MeshTimeout", **said: Any) -> Any:
    target = {"target_ref": ref} if ref is not None else {}
    return step(op, kind, None, {"name": "new", "mesh": mesh, **target, **said})


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("Mesh/{}", ALL),
        ("MeshGateway/{}/edge", ["edge-1"]),
        ("Secret/{}/cert", ["edge-1"]),
        ("Secret/{}/spare", ALL),
        ("Dataplane/{}/web-1", ["web-1"]),
        ("MeshTimeout/{}/all", ALL),
    ],
)
def test_an_object_that_is_there_concerns_these(sandbox_url: str, shop: str, what: str, names: list[str]):
    address = what.format(shop) if "/{}/" in what else f"Mesh/{shop}"
    ran = run("affected", address, "--url", sandbox_url, "--format", "json")
    assert ran.code == 0
    assert concerned(ran) == [names]
    assert ran.report["objects"][0]["address"] == address
    assert ran.report["summary"] == {"objects": 1, "proxies": len(names), "untold": []}


@pytest.mark.parametrize(
    ("ref", "names"),
    [
        (None, ALL),
        ({"kind": "Mesh"}, ALL),
        ({"kind": "Mesh", "proxy_types": ["Gateway"]}, ["edge-1", "inner-1"]),
        ({"kind": "Mesh", "proxy_types": ["Sidecar"]}, ["api-1", "web-1"]),
        ({"kind": "MeshSubset", "tags": {"team": "w"}}, ["web-1"]),
        ({"kind": "MeshService", "name": "api"}, ["api-1"]),
        ({"kind": "MeshGateway", "name": "edge"}, ["edge-1"]),
        ({"kind": "MeshGateway", "name": "none"}, []),
        ({"kind": "Dataplane", "name": "api-1"}, ["api-1"]),
        ({"kind": "Dataplane", "labels": {"app": "api"}}, ["api-1"]),
    ],
)
def test_a_policy_that_is_planned_concerns_those_that_it_refers_to(
    sandbox_url: str, shop: str, ref: dict[str, Any] | None, names: list[str]
):
    ran = planned(sandbox_url, policy(shop, ref))
    assert (ran.code, concerned(ran)) == (0, [names])
    assert [one["by"] for one in ran.report["objects"]] == ["matching"]


def test_an_older_policy_concerns_those_that_its_tags_select(sandbox_url: str, shop: str):
    to_web = [{"match": {"kuma.io/service": "web"}}]
    steps = [
        policy(
            shop, None, kind="TrafficPermission", sources=[{"match": {"kuma.io/service": "*"}}], destinations=to_web
        ),
        policy(shop, None, kind="TrafficPermission", sources=to_web, destinations=to_web, labels={"a": "b"}),
        policy(shop, None, kind="MeshGatewayRoute", selectors=[{"match": {"kuma.io/service": "inner"}}]),
    ]
    for index, one in enumerate(steps):
        one["urn"] += str(index)
    assert concerned(planned(sandbox_url, *steps)) == [ALL, ["web-1"], ["inner-1"]]


def test_a_gateway_that_is_planned_concerns_those_that_it_selects_before_and_after(sandbox_url: str, shop: str):
    old, new = (
        {"name": "edge", "mesh": shop, "selectors": [{"match": {"kuma.io/service": one}}]} for one in ("edge", "edge")
    )
    assert concerned(planned(sandbox_url, step("update", "MeshGateway", old, {**new, "tags": {"a": "b"}}))) == [
        ["edge-1"]
    ]
    both = {**new, "selectors": [{"match": {"kuma.io/service": "inner", "kuma.io/zone": "*"}}]}
    assert concerned(planned(sandbox_url, step("update", "MeshGateway", old, both))) == [["edge-1", "inner-1"]]


def test_a_listener_concerns_the_proxies_of_its_gateway(sandbox_url: str, shop: str):
    said = {"gateway": "edge", "mesh": shop, "port": 81, "protocol": "HTTP"}
    said["__parent"] = {"selectors": [{"match": {"kuma.io/service": "edge"}}], "owner": "shop.dev"}
    for one in (step("create", "GatewayListener", None, said), step("delete", "GatewayListener", said, None)):
        assert concerned(planned(sandbox_url, one)) == [["edge-1"]]


def test_what_stays_the_same_concerns_nobody_and_a_deletion_those_that_it_concerned(sandbox_url: str, shop: str):
    said = {"name": "all", "mesh": shop, "target_ref": {"kind": "MeshService", "name": "api"}, "to": []}
    assert planned(sandbox_url, step("same", "MeshTimeout", said, said)).report["objects"] == []
    assert concerned(planned(sandbox_url, step("delete", "MeshTimeout", said, None))) == [["api-1"]]


def test_a_change_of_target_concerns_both(sandbox_url: str, shop: str):
    sides = [
        {"name": "all", "mesh": shop, "target_ref": {"kind": "MeshService", "name": name}} for name in ("api", "web")
    ]
    assert concerned(planned(sandbox_url, step("update", "MeshTimeout", *sides))) == [["api-1", "web-1"]]


def test_the_control_plane_s_own_answer_is_taken_where_it_gives_one(sandbox_url: str, shop: str):
    gate = Gate(sandbox_url)
    items = [{"type": "Dataplane", "mesh": shop, "name": name} for name in ("web-1", "other-1")]
    gate.before = lambda request: (
        Reply(200, {"total": 2, "items": items, "next": None})
        if request.path.endswith("/meshtimeouts/all/_resources/dataplanes")
        else None
    )
    ran = run("affected", f"MeshTimeout/{shop}/all", "--url", gate.url)
    gate.close()
    assert ran.code == 0
    assert ran.lines == [f"MeshTimeout/{shop}/all: 2 proxies", "  other-1", "  web-1"]
    assert ran.err == "1 object: 2 proxies concerned\n"


def test_a_plan_lists_the_proxies_of_a_mesh_once(sandbox_url: str, shop: str):
    gate = Gate(sandbox_url)
    steps = [policy(shop, {"kind": "Mesh"}) for _ in range(5)]
    for index, one in enumerate(steps):
        one["urn"] += str(index)
    assert concerned(run("affected", "-", "--url", gate.url, "--format", "json", stdin=written(*steps))) == [ALL] * 5
    gate.close()
    assert gate.counts() == {"LIST": 1}


def test_text_says_who_is_concerned_by_what_step(sandbox_url: str, shop: str):
    elsewhere = {**policy("none", None), "urn": "urn:pulumi:dev::shop::pulumi-python:dynamic/mesh:MeshTimeout::other"}
    steps = written(policy(shop, {"kind": "MeshGateway", "name": "edge"}), elsewhere)
    ran = run("affected", "-", "--url", sandbox_url, stdin=steps)
    assert ran.lines == [
        f"create MeshTimeout/{shop}/new: 1 proxy, by matching",
        "  edge-1",
        "create MeshTimeout/none/new: no proxy",
    ]
    assert ran.err == "2 objects: 1 proxy concerned\n"


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("MeshTimeout/{}/none", "MeshTimeout/{}/none: is not there"),
        ("Zone/default", "lives outside of meshes"),
        ("MeshTimeout/all", "lives in a mesh; write MeshTimeout/MESH/all"),
        ("MeshOther/{}/x", "this version knows no kind MeshOther"),
        ("Mesh/a/b/c", "is no address"),
    ],
)
def test_what_cannot_be_told_ends_with_1(sandbox_url: str, shop: str, what: str, why: str):
    ran = run("affected", what.replace("{}", shop), "--url", sandbox_url)
    assert (ran.code, ran.out) == (1, "")
    assert why.replace("{}", shop) in ran.err


def test_a_step_that_cannot_be_told_does_not_hide_the_others(sandbox_url: str, shop: str):
    unknown = step("create", "MeshTimeout", None, {"name": "x", "mesh": UNKNOWN})
    ran = planned(sandbox_url, unknown, policy(shop, {"kind": "Dataplane", "name": "api-1"}))
    assert ran.code == 1
    assert concerned(ran) == [["api-1"]]
    assert "MeshTimeout/?/x: its mesh is not known yet" in ran.err


def test_what_is_no_preview_and_a_control_plane_that_is_not_there_end_with_1(sandbox_url: str):
    assert run("affected", "-", "--url", sandbox_url, stdin=json.dumps({})).code == 1
    ran = run("affected", "Mesh/x", "--url", "http://127.0.0.1:9")
    assert ran.code == 1
    assert "no control plane answers" in ran.err
