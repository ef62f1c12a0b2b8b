"""Five thousand objects take a listing per kind and page, and not one request more."""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.sandbox import running
from pulumi_mesh.schema.kind import KINDS
from tests.cli.command import run
from tests.drift.many import MESHES, export, fill, objects
from tests.e2e.gate import Gate

COUNT = 5_000


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gate, Path]]:
    """A control plane that holds many objects, behind a gate, and the state of a stack that declares them."""
    folder = tmp_path_factory.mktemp("many")
    state = export(folder / "state.json", fill(folder / "store.db", COUNT))
    with running(data=str(folder / "store.db"), product="Kong Mesh") as url:
        gate = Gate(url)
        yield gate, state
        gate.close()


def test_five_thousand_objects_take_a_listing_per_kind_and_page(
    many: tuple[Gate, Path], monkeypatch: pytest.MonkeyPatch
):
    gate, state = many
    monkeypatch.setenv("PULUMI_MESH_URL", gate.url)
    gate.forget()
    ran = run("drift", "--state", state, "--format", "json")
    assert ran.code == 2, ran.err
    summary = ran.report["summary"]
    assert (summary["objects"], summary["changed"], summary["unmanaged"]) == (COUNT, COUNT / 50, COUNT / 100)
    held = Counter(body["type"] for body in objects(COUNT))
    pages = {name: max(1, math.ceil(held[name] / 1000)) for name in KINDS}
    assert pages["MeshHTTPRoute"] == 3
    asked = {path: count for path, count in gate.listings().items() if "insight" not in path}
    assert sum(asked.values()) == sum(pages[name] for name in KINDS)
    assert asked == {KINDS[name].collection(None): pages[name] for name in KINDS}
    assert {one.verb for one in gate.requests} == {"LIST", "INDEX"}
    assert sorted(one.path for one in gate.requests if one.verb == "INDEX") == ["/", "/_resources"]


def test_of_one_mesh_the_listings_are_those_of_the_mesh(many: tuple[Gate, Path], monkeypatch: pytest.MonkeyPatch):
    gate, state = many
    monkeypatch.setenv("PULUMI_MESH_URL", gate.url)
    gate.forget()
    ran = run("drift", "--state", state, "--mesh", MESHES[0], "--kind", "MeshHTTPRoute", "--kind", "Secret")
    assert ran.code == 2, ran.err
    assert gate.listings() == {
        f"/meshes/{MESHES[0]}/meshhttproutes": 1,
        f"/meshes/{MESHES[0]}/secrets": 1,
        "/meshes": 1,
    }
