"""Whose an object is after an import: the stack's, which may change and delete it, until another stack takes it."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_mesh.export.imports import import_file
from pulumi_mesh.export.spoken import spoken
from pulumi_mesh.provider.run import RUN
from pulumi_mesh.provider.state import UNCLAIMED
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.meta import OWNER
from pulumi_mesh.sources import Held
from pulumi_mesh.sources.files import document
from pulumi_mesh.sources.stack import opened
from tests.e2e.gate import Reply, Request
from tests.provider.conftest import Engine, carried, engine, resource

__all__ = ["engine"]
TO = [{"targetRef": {"kind": "Mesh"}, "default": {"idleTimeout": "9s"}}]
TIMEOUT: dict[str, Any] = {"type": "MeshTimeout", "name": "imported", "mesh": "default", "spec": {"to": TO}}
SECRET = {"type": "Secret", "name": "imported", "mesh": "default", "data": b64encode(b"hunter2").decode()}


def imported(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Write an object that nobody owns; return its id and the outputs that the file of imports brings into a state."""
    kind = KINDS[body["type"]]
    RUN.plane("default").control_plane.put(kind.url(kind.address(body["name"], "default")), body)
    one = spoken(Held(kind, document(kind, body), "x", live=True))
    index = RUN.plane("default").control_plane.index()
    text = import_file([one], {("default", one.address): "imported"}, index.cluster_id, index.version)
    (entry,) = json.loads(text)["resources"]
    return entry["id"], carried(opened(entry["outputs"]))


def live(body: dict[str, Any]) -> dict[str, Any]:
    kind = KINDS[body["type"]]
    return RUN.plane("default").control_plane.get(kind.url(kind.address(body["name"], "default"))) or {}


def said(seconds: int, **more: Any) -> dict[str, Any]:
    to = [{"target_ref": {"kind": "Mesh"}, "default": {"idle_timeout": f"{seconds}s"}}]
    return resource("MeshTimeout", {"name": "imported", "mesh": "default", "to": to, **more})


@pytest.fixture(autouse=True)
def clean(engine: Engine) -> Iterator[None]:
    yield
    engine.run()
    engine.gate.free()
    for body in (TIMEOUT, SECRET):
        kind = KINDS[body["type"]]
        RUN.plane("default").control_plane.delete(kind.url(kind.address("imported", "default")))


def test_nothing_is_to_be_done_and_nothing_was_written(engine: Engine):
    id_, outs = imported(TIMEOUT)
    assert outs["__owner"] == UNCLAIMED
    engine.run()
    assert not engine.changes(id_, outs, said(9))
    assert engine.read(id_, outs) == outs
    assert not engine.changes(id_, engine.read(id_, outs) or {}, said(9))
    assert engine.gate.writes() == []


def test_the_label_comes_with_the_first_change_and_what_is_foreign_stays(engine: Engine):
    id_, outs = imported(TIMEOUT)
    body = live(TIMEOUT)
    body["spec"]["fromTheFuture"] = {"a": 1}

    def newer(request: Request) -> Reply | None:
        return Reply(200, {"total": 1, "items": [body], "next": None}) if request.verb == "LIST" else None

    engine.gate.before = newer
    engine.run()
    assert engine.read(id_, outs) == outs
    assert engine.changes(id_, outs, said(10))
    made = engine.update(id_, outs, said(10))
    assert made["__owner"] == "life.dev"
    sent = next(request for request in engine.gate.requests if request.method == "PUT")
    assert json.loads(sent.body)["spec"]["fromTheFuture"] == {"a": 1}
    assert live(TIMEOUT)["labels"][OWNER] == "life.dev"


def test_it_may_be_deleted(engine: Engine):
    id_, outs = imported(TIMEOUT)
    engine.run()
    engine.delete(id_, outs)
    assert live(TIMEOUT) == {}
    assert engine.told == []


def test_what_another_stack_took_meanwhile_is_not_touched(engine: Engine):
    id_, outs = imported(TIMEOUT)
    engine.run()
    engine.create({**said(9), "__owner": "other.prod", "__adopt": "identical"})
    before = live(TIMEOUT)
    engine.run()
    with pytest.raises(Exception, match=r"belongs to the stack other\.prod by now"):
        engine.update(id_, outs, said(10))
    engine.run()
    engine.delete(id_, outs)
    assert live(TIMEOUT) == before
    assert engine.told == [f"{id_}: stays, for it belongs to the stack other.prod by now"]


def test_a_change_by_hand_is_found_and_repaired(engine: Engine):
    id_, outs = imported(TIMEOUT)
    RUN.plane("default").control_plane.put(
        "/meshes/default/meshtimeouts/imported", live(TIMEOUT) | {"labels": {"a": "b"}}
    )
    engine.run()
    found = engine.read(id_, outs)
    assert found is not None
    assert found["labels"] == {"a": "b"}
    assert engine.changes(id_, found, said(9))
    engine.update(id_, found, said(9))
    assert "a" not in live(TIMEOUT)["labels"]


def test_a_secret_that_the_file_does_not_say_is_known_by_its_value_alone(engine: Engine):
    id_, outs = imported(SECRET)
    engine.run()
    same = resource("Secret", {"name": "imported", "mesh": "default", "data": SECRET["data"]})
    other = {**same, "data": b64encode(b"hunter3").decode()}
    assert outs["data"] != SECRET["data"]
    assert not engine.changes(id_, outs, same)
    assert engine.read(id_, outs) == outs
    assert engine.changes(id_, outs, other)
    assert live(SECRET)["data"] == SECRET["data"]
    engine.run()
    assert engine.update(id_, outs, other)["data"] == other["data"]
    assert live(SECRET)["data"] == other["data"]
