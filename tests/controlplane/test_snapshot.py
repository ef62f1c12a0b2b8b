"""What one run knows of a control plane, and how little it asks."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_mesh.controlplane import Snapshot
from pulumi_mesh.errors import Refused, Unreachable

GATEWAYS = "/meshes/shop/meshgateways"
TIMEOUTS = "/meshes/shop/meshtimeouts"


def collection(*names):
    return {"total": len(names), "items": [{"mesh": "shop", "name": name} for name in names], "next": None}


def test_thirty_threads_make_one_listing(server, plane):
    names = [f"g-{n}" for n in range(30)]
    start = threading.Barrier(30)
    server.on(f"GET {GATEWAYS}", collection(*names))
    snapshot = Snapshot(plane)

    def find(name):
        start.wait()
        return snapshot.find(GATEWAYS, name)["name"]

    with ThreadPoolExecutor(30) as threads:
        assert list(threads.map(find, names)) == names
    assert snapshot.find(GATEWAYS, "none") is None
    assert plane.counts == {"LIST": 1}


def test_different_collections_are_listed_at_the_same_time(server, plane):
    together = threading.Barrier(2)

    def wait_for_the_other(_):
        together.wait(timeout=10)
        return collection("x"), 200

    server.on(f"GET {GATEWAYS}", wait_for_the_other).on(f"GET {TIMEOUTS}", wait_for_the_other)
    snapshot = Snapshot(plane)

    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda path: snapshot.find(path, "x"), [GATEWAYS, TIMEOUTS])
        assert [each["name"] for each in found] == ["x", "x"]


def test_a_listing_that_fails_fails_for_all_who_wait_each_by_its_name_and_is_made_anew(server, plane):
    waiting = threading.Event()

    def fail(_):
        waiting.wait(timeout=10)
        return {"type": "/std-errors", "title": "Access Denied", "detail": "no"}, 403

    server.on(f"GET {GATEWAYS}", fail).on(f"GET {GATEWAYS}", collection("edge"))
    snapshot = Snapshot(plane)

    def find(subject):
        with pytest.raises(Refused) as error:
            snapshot.find(GATEWAYS, "edge", subject=subject)
        return error.value

    with ThreadPoolExecutor(3) as threads:
        errors = [threads.submit(find, f"MeshGateway/shop/{n}") for n in range(3)]
        while len(server.requests) < 1:
            pass
        threading.Timer(0.2, waiting.set).start()
        said = [each.result() for each in errors]

    for n, error in enumerate(said):
        assert str(error).startswith(f"MeshGateway/shop/{n}: {GATEWAYS}: access denied: no (403); ")
        assert error.status == 403
    assert snapshot.find(GATEWAYS, "edge") == {"mesh": "shop", "name": "edge"}
    assert plane.counts == {"LIST": 2}


def test_what_was_written_is_found_without_asking(plane):
    snapshot = Snapshot(plane)

    snapshot.note(GATEWAYS, "edge", {"name": "edge"})
    snapshot.note(GATEWAYS, "gone", None)

    assert snapshot.find(GATEWAYS, "edge") == {"name": "edge"}
    assert snapshot.find(GATEWAYS, "gone") is None
    assert plane.counts == {}


def test_what_was_written_while_the_listing_ran_holds(server, plane):
    snapshot = Snapshot(plane)

    def write_meanwhile(_):
        snapshot.note(GATEWAYS, "new", {"name": "new"})
        snapshot.note(GATEWAYS, "changed", {"name": "changed", "tags": {"a": "b"}})
        snapshot.note(GATEWAYS, "deleted", None)
        return collection("changed", "deleted", "kept"), 200

    server.on(f"GET {GATEWAYS}", write_meanwhile)

    assert {each["name"]: each.get("tags") for each in snapshot.all(GATEWAYS)} == {
        "kept": None,
        "new": None,
        "changed": {"a": "b"},
    }
    assert snapshot.find(GATEWAYS, "deleted") is None
    assert plane.counts == {"LIST": 1}


def test_objects_of_one_name_in_two_meshes_are_both_listed(server, plane):
    items = [{"mesh": "a", "name": "x"}, {"mesh": "b", "name": "x"}]
    server.on("GET /meshgateways", {"items": items, "next": None})

    assert Snapshot(plane).all("/meshgateways") == items


def test_what_is_forgotten_is_asked_for_again(server, plane):
    server.on(f"GET {GATEWAYS}", collection()).on(f"GET {GATEWAYS}", collection("edge"))
    snapshot = Snapshot(plane)
    snapshot.note(GATEWAYS, "edge", None)
    assert snapshot.all(GATEWAYS) == []

    snapshot.forget(GATEWAYS)

    assert snapshot.all(GATEWAYS) == [{"mesh": "shop", "name": "edge"}]


def test_the_collections_of_a_mesh_that_does_not_exist_are_empty(server, plane):
    server.refuse(f"GET {GATEWAYS}", 404, "Failed to retrieve Mesh", "Not found")

    assert Snapshot(plane).find(GATEWAYS, "edge") is None


def test_a_control_plane_that_does_not_answer_is_an_error_and_no_empty_listing(server, plane):
    server.on(f"GET {GATEWAYS}", "", status=503, type="text/plain")

    with pytest.raises(Unreachable, match=rf"^MeshGateway/shop/edge: {GATEWAYS}: the control plane, or a proxy"):
        Snapshot(plane).find(GATEWAYS, "edge", subject="MeshGateway/shop/edge")
