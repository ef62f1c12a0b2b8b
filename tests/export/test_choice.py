"""What is promised of the choice: what a control plane makes by itself is not said, and nothing is lost in silence."""

from dataclasses import replace
from typing import Any

import pytest

from pulumi_mesh.export.choice import Choice, choice
from pulumi_mesh.export.program import program
from pulumi_mesh.export.spoken import spoken
from pulumi_mesh.reconcile.diff import diff
from pulumi_mesh.reconcile.made import POLICIES, Surroundings
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.meta import OWNER
from pulumi_mesh.sources import Held, Holdings
from pulumi_mesh.sources.files import document, kind_for
from tests.corpus import accepted, known

SHOP = {"type": "Mesh", "name": "shop"}
RETRY = {"type": "MeshRetry", "mesh": "shop", "name": "mesh-retry-all-shop", **POLICIES["MeshRetry", "mesh-retry-all"]}


def held(body: dict[str, Any], *, live: bool = True) -> Held:
    return Held(kind_for(body), document(kind_for(body), body), "x", live=live)


def chosen(*bodies: dict[str, Any], live: bool = True) -> Choice:
    return choice(Holdings([held(body, live=live) for body in bodies]))


def defaults(mesh: str) -> list[dict[str, Any]]:
    return [
        {"type": kind, "mesh": mesh, "name": f"{prefix}-{mesh}", **body}
        for (kind, prefix), body in POLICIES.items()
        if kind.startswith("Mesh")
    ]


def test_what_a_mesh_begins_with_is_left_out():
    found = chosen(SHOP, *defaults("shop"))
    assert [str(one.address) for one in found.objects] == ["Mesh/shop"]
    assert len(found.left) == 4
    assert found.notes == []


def test_a_default_that_was_changed_is_said_and_taken_over_from_a_fresh_mesh():
    changed = {**RETRY, "spec": {**RETRY["spec"], "targetRef": {"kind": "MeshSubset", "tags": {"a": "b"}}}}
    (_, one) = chosen(SHOP, changed, live=False).objects
    assert one.adopt == "overwrite"
    assert 'adopt="overwrite"' in program([one]).files["meshes/shop.py"]


def test_a_default_that_a_stack_owns_is_said_and_taken_over():
    (_, one) = chosen(SHOP, {**RETRY, "labels": {OWNER: "shop.dev"}}, live=False).objects
    assert (one.adopt, one.owner) == ("overwrite", "shop.dev")


def test_a_mesh_that_skips_its_defaults_has_none_that_are_the_control_planes():
    skipping = {**SHOP, "skipCreatingInitialPolicies": ["*"]}
    changed = {**RETRY, "labels": {"team": "a"}}
    (_, one) = chosen(skipping, changed).objects
    assert one.adopt == "never"


def test_a_default_that_is_gone_is_told():
    found = chosen(SHOP, *defaults("shop")[1:])
    (note,) = found.notes
    assert note.startswith(f"{defaults('shop')[0]['type']}/shop/{defaults('shop')[0]['name']}: was deleted")
    assert chosen({**SHOP, "skipCreatingInitialPolicies": ["*"]}, *defaults("other")).notes == []
    assert chosen(SHOP, *defaults("shop")[1:], live=False).notes == []


@pytest.mark.parametrize(
    "body",
    [
        {"type": "Mesh", "name": "default"},
        {"type": "Secret", "mesh": "shop", "name": "shop.ca-builtin-key-ca-1", "data": "aGk="},
        {"type": "Secret", "mesh": "shop", "name": "dataplane-token-signing-key-shop-1", "data": "aGk="},
        {"type": "GlobalSecret", "name": "admin-user-token", "data": "aGk="},
        {"type": "Zone", "name": "east"},
        {"type": "MeshService", "mesh": "shop", "name": "x", "labels": {"kuma.io/managed-by": "g"}, "spec": {}},
    ],
    ids=lambda body: body["name"],
)
def test_what_the_control_plane_keeps_for_itself_is_left_out(body: dict[str, Any]):
    found = chosen(body)
    assert found.objects == []
    assert len(found.left) == 1


def test_what_a_stack_declares_is_never_left_out():
    one = replace(held({"type": "Mesh", "name": "default"}), urn="urn:x", live=False)
    assert len(choice(Holdings([one])).objects) == 1


@pytest.mark.parametrize("name", ["MeshTimeout", "MeshGateway", "Mesh"])
def test_a_field_that_this_version_does_not_know_is_told_by_its_path(name: str):
    kind = KINDS[name]
    body = {"type": name, "name": "x", **({"mesh": "shop"} if kind.scope == "mesh" else {})}
    holder = {"fromTheFuture": {"a": 1}}
    body |= {"spec": holder} if kind.shape == "spec" else holder
    found = spoken(held(body))
    path = "spec.fromTheFuture" if kind.shape == "spec" else "fromTheFuture"
    assert found.notes[0].startswith(f"{kind.address('x', 'shop')}: {path}: is a field that this version does not know")
    assert "Future" not in str(found.said)


def test_listeners_of_others_are_told():
    body = {"type": "MeshGateway", "mesh": "shop", "name": "edge", "selectors": [{"match": {"kuma.io/service": "e"}}]}
    body |= {"conf": {"listeners": [{"port": 80, "protocol": "HTTP"}]}}
    (note, _) = chosen(body | {"labels": {"listener.pulumi-mesh.io/80-x": "b.dev", OWNER: "a.dev"}}).notes
    assert note == (
        "MeshGateway/shop/edge: conf.listeners: some are resources of their own, of b.dev;"
        " they are said as the gateway's here"
    )


def test_what_outlived_its_mesh_is_left_out_and_told():
    around = Surroundings(meshes=frozenset({"shop"}))
    secret = {"type": "Secret", "mesh": "gone", "name": "s", "data": "aGk="}
    found = choice(Holdings([held(secret)]), around=around)
    assert found.objects == []
    assert found.notes == ["Secret/gone/s: is left out, for its mesh is gone, and nobody can reach it"]


def test_only_what_is_read_can_be_missing():
    holdings = Holdings([held(SHOP), *map(held, defaults("shop")[1:])])
    assert choice(holdings, kinds=["Mesh", "MeshRetry"]).notes == []
    assert choice(Holdings(holdings.held, unread=["/meshtimeouts: 403"])).notes == []


def test_what_is_somebody_elses_is_not_chosen_and_not_missed():
    theirs = {**RETRY, "labels": {OWNER: "b.dev"}}
    holdings = Holdings(
        [held(SHOP), held(theirs), *(held(one) for one in defaults("shop") if one["type"] != "MeshRetry")]
    )
    assert [str(one.address) for one in choice(holdings, owner="none").objects] == ["Mesh/shop"]
    assert choice(holdings, owner="none").notes == []
    assert [one.owner for one in choice(holdings, owner="b.dev").objects] == ["b.dev"]


def test_what_would_be_refused_is_told():
    (note, *_) = chosen({"type": "MeshGateway", "mesh": "shop", "name": "edge", "selectors": []}).notes
    assert note.startswith("MeshGateway/shop/edge: ")


@pytest.mark.parametrize("name", known())
def test_the_least_is_said_that_means_the_same(name: str):
    """What is said is a part of what was found, and says the same; what was said so already is not said otherwise."""
    kind = KINDS[name]
    for said in accepted(name):
        whole = Document.desired(kind, {**said, "name": "x"})
        once = spoken(Held(kind, whole, "x"))
        assert once.notes == ()
        again = Document.desired(kind, once.props)
        assert diff(kind, whole, again) == ()
        assert len(str(once.said)) <= len(str(said))
        assert spoken(Held(kind, again, "x")).said == once.said


DURATIONS = {"1h0m0s": "1h", "90m0s": "1h30m", "5m0s": "5m", "0s": "0s", "100ms": "100ms", "1h0m30s": "1h0m30s"}


@pytest.mark.parametrize(("written", "said"), DURATIONS.items())
def test_a_duration_is_said_as_people_say_it(written: str, said: str):
    to = [{"targetRef": {"kind": "Mesh"}, "default": {"idleTimeout": written}}]
    body = {"type": "MeshTimeout", "mesh": "shop", "name": "x", "spec": {"targetRef": {"kind": "Mesh"}, "to": to}}
    assert spoken(held(body)).said["to"][0]["default"] == {"idle_timeout": said}
