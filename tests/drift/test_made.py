"""What a control plane makes by itself is nobody's work, and what somebody edited is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.reconcile.made import Surroundings, made
from pulumi_mesh.reconcile.surroundings import surroundings
from pulumi_mesh.sandbox import running
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import GENERIC, KINDS, Kind, generic
from tests.e2e.gate import Gate, Reply, Request

RECORDINGS = Path(__file__).parent.parent / "recordings"
NOWHERE = Surroundings()


def kind_for(body: dict[str, Any]) -> Kind:
    name = str(body["type"])
    return KINDS.get(name) or generic(GENERIC["MeshResource"], name, mesh_scoped="mesh" in body)


def is_made(body: dict[str, Any], around: Surroundings = NOWHERE) -> bool:
    kind = kind_for(body)
    return made(kind, Document.found(kind, body), around)


def boot(name: str) -> Iterator[dict[str, Any]]:
    """Yield every object of a control plane that was just started."""
    for line in (RECORDINGS / f"{name}.jsonl").read_text().splitlines():
        step = json.loads(line)
        if step["sequence"] == "boot-state":
            yield from (step["response"] or {}).get("items") or []


@pytest.mark.parametrize("name", ["2.10.11", "2.14.3", "2.10.11-global", "2.14.3-global"])
def test_nothing_that_a_control_plane_begins_with_is_anybodys_work(name: str):
    found = list(boot(name))
    assert len(found) > 12
    assert [f"{body['type']}/{body['name']}" for body in found if not is_made(body)] == []


@pytest.mark.parametrize("body", list(boot("2.14.3")), ids=lambda body: f"{body['type']}-{body['name']}")
def test_what_somebody_edited_is_somebodys(body: dict[str, Any]):
    labelled = {**body, "labels": {**body.get("labels", {}), "team": "edge"}}
    edited = {**body, "spec": {**body.get("spec", {}), "targetRef": {"kind": "MeshService", "name": "x"}}}
    by_name = "data" in body  # keys are told by their names: what is in them is made at random
    assert is_made(labelled) is by_name
    if "spec" in body and body["type"] != "HostnameGenerator":
        assert not is_made(edited)
    assert not is_made({**body, "name": "mine", "enabled": False})


ZONE = {"type": "MeshTimeout", "mesh": "shop", "name": "slow-x7v9", "spec": {"targetRef": {"kind": "Mesh"}}}


def labelled(**labels: str) -> dict[str, Any]:
    known = {"origin": "kuma.io/origin", "zone": "kuma.io/zone", "shown": "kuma.io/display-name"}
    return {**ZONE, "labels": {known.get(key, "kuma.io/managed-by"): value for key, value in labels.items()}}


@pytest.mark.parametrize(
    ("around", "labels", "own"),
    [
        (NOWHERE, {"managed": "meshservice-generator"}, True),
        (NOWHERE, {}, False),
        (NOWHERE, {"origin": "zone", "zone": "east"}, False),
        (NOWHERE, {"origin": "zone", "zone": "east", "shown": "slow-x7v9"}, False),
        (NOWHERE, {"origin": "zone", "zone": "east", "shown": "slow"}, True),
        (NOWHERE, {"origin": "global"}, True),
        (Surroundings("global"), {"origin": "zone", "zone": "east", "shown": "slow-x7v9"}, True),
        (Surroundings("global"), {"origin": "global"}, False),
        (Surroundings("global"), {}, False),
        (Surroundings("zone", "east"), {"origin": "global"}, True),
        (Surroundings("zone", "east"), {"origin": "zone", "zone": "west"}, True),
        (Surroundings("zone", "east"), {"origin": "zone", "zone": "east", "shown": "slow"}, False),
        (Surroundings("zone"), {"origin": "global"}, False),
    ],
)
def test_what_was_written_on_another_control_plane_is_its_own(around: Surroundings, labels: dict[str, str], own: bool):
    assert is_made(labelled(**labels), around) is own


def secret(name: str) -> dict[str, Any]:
    return {"type": "Secret", "mesh": "shop", "name": name, "data": "Zm9v"}


def test_keys_and_cas_are_the_control_planes_own_only_under_their_own_names():
    around = Surroundings(identities=frozenset({("shop", "identity")}))
    assert is_made(secret("shop.ca-builtin-cert-ca-1"))
    assert is_made(secret("shop.ca-builtin-key-ca-1"))
    assert is_made(secret("dataplane-token-signing-key-shop-1"))
    assert is_made(secret("identity-root-ca"), around)
    assert is_made(secret("identity-private-key"), around)
    assert is_made(secret("dataplane-token-revocations-shop"))
    assert not is_made(secret("dataplane-token-signing-key-shop-2"))  # somebody who rotates keys, or issues tokens
    assert not is_made(secret("other.ca-builtin-key-ca-1"))
    assert not is_made(secret("shop-private-key"), around)
    assert not is_made({**secret("identity-root-ca"), "mesh": "other"}, around)
    assert not is_made({"type": "GlobalSecret", "name": "user-token-signing-key-2", "data": "Zm9v"})


def test_what_a_stack_owns_is_never_the_control_planes_own():
    body = {**secret("dataplane-token-signing-key-shop-1"), "labels": {"pulumi-mesh.io/owner": "shop.dev"}}
    assert not is_made(body)


def test_a_trust_that_was_made_of_an_identity_says_so():
    trust = {"type": "MeshTrust", "mesh": "shop", "name": "identity", "spec": {"trustDomain": "shop.example"}}
    assert not is_made(trust)
    assert is_made({**trust, "status": {"origin": {"kri": "kri_mid_shop_default__identity_"}}})


DATAPLANE = {
    "networking": {
        "address": "192.0.2.1",
        "inbound": [{"port": 8080, "tags": {"kuma.io/service": "web"}}],
    }
}


@pytest.fixture
def gate() -> Iterator[Gate]:
    """A sandbox of this test alone, behind a gate."""
    with running() as url:
        gate = Gate(url)
        yield gate
        gate.close()


@pytest.fixture
def control_plane(gate: Gate) -> Iterator[ControlPlane]:
    control_plane = ControlPlane(Connection("default", gate.url), sleep=lambda _: None)
    yield control_plane
    control_plane.close()


def put(control_plane: ControlPlane, path: str, body: dict[str, Any]) -> Document:
    control_plane.put(path, body)
    return Document.found(kind_for(body), control_plane.get(path) or {})


def test_a_proxy_that_a_kuma_dp_runs_is_told_by_its_insight(gate: Gate, control_plane: ControlPlane):
    bodies = [{"type": "Dataplane", "mesh": "default", "name": name, **DATAPLANE} for name in ("run", "written")]
    free = [put(control_plane, f"/meshes/default/dataplanes/{body['name']}", body) for body in bodies]
    page = {"total": 1, "items": [{"type": "DataplaneInsight", "mesh": "default", "name": "run"}], "next": None}
    gate.after = lambda request: Reply(200, page) if request.path == "/dataplane-insights" else None
    around = surroundings(control_plane, free, free)
    assert [made(KINDS["Dataplane"], document, around) for document in free] == [True, False]
    gate.after = lambda request: Reply(403, {}) if request.path == "/dataplane-insights" else None
    around = surroundings(control_plane, free, free)
    assert [made(KINDS["Dataplane"], document, around) for document in free] == [True, True]


def test_nothing_is_asked_where_nothing_raises_the_question(gate: Gate, control_plane: ControlPlane):
    policy = {**ZONE, "mesh": "default", "name": "x", "spec": {"to": [{"targetRef": {"kind": "Mesh"}, "default": {}}]}}
    free = [Document.found(KINDS["MeshTimeout"], policy)]
    gate.forget()
    assert surroundings(control_plane, free, free) == Surroundings()
    owned = [replace(free[0], owner="shop.dev", labels={"kuma.io/origin": "global"})]
    assert surroundings(control_plane, owned, owned) == Surroundings()
    assert gate.requests == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"mode": "global", "multizone": {"zone": {"name": ""}}}, ("global", "")),
        ({"mode": "zone", "multizone": {"zone": {"name": "east", "globalAddress": "grpcs://x:1"}}}, ("zone", "east")),
        ({"mode": "zone", "multizone": {"zone": {"name": "east", "globalAddress": ""}}}, ("zone", "")),
        ({"mode": "standalone"}, ("zone", "")),
        (None, ("", "")),
    ],
)
def test_where_an_object_comes_from_may_take_the_mode_of_the_control_plane(
    gate: Gate, control_plane: ControlPlane, config: Any, expected: tuple[str, str]
):
    def told(request: Request) -> Reply | None:
        return Reply(200 if config else 403, config or {}) if request.path == "/config" else None

    gate.before = told
    kind = KINDS["MeshTimeout"]
    free = [Document.found(kind, labelled(origin="global"))]
    around = surroundings(control_plane, free, free)
    assert (around.mode, around.zone) == expected
    assert [request.path for request in gate.requests] == ["/config"]


def test_the_identities_and_the_meshes_are_asked_for_where_they_matter(gate: Gate, control_plane: ControlPlane):
    one = put(
        control_plane, "/meshes/default/secrets/shop-private-key", {**secret("shop-private-key"), "mesh": "default"}
    )
    gate.forget()
    around = surroundings(control_plane, [one], [one])
    assert around.identities == frozenset()
    assert around.meshes == {"default"}
    assert not around.is_orphan(one.address)
    assert around.is_orphan(replace(one.address, mesh="gone"))
    assert sorted(request.path for request in gate.requests) == ["/_resources", "/meshes", "/meshidentities"]
