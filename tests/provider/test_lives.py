"""The life of every kind through the six verbs: made, read, changed by hand, found, repaired, gone."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_mesh.schema.kind import KINDS, Kind
from tests.corpus import accepted, known
from tests.provider.conftest import Engine, resource

SERVER = ("creationTime", "modificationTime", "kri", "snis", "status")


def said_of(name: str) -> dict[str, Any]:
    """Return the richest accepted document of a kind, under a name of its own."""
    return {**accepted(name)[-1], "name": f"life-{KINDS[name].path}"}


def url(kind: Kind, said: dict[str, Any]) -> str:
    return kind.url(kind.address(said["name"], said.get("mesh")))


def live(engine: Engine, kind: Kind, said: dict[str, Any]) -> dict[str, Any]:
    """Return what the control plane holds, without its own times."""
    from pulumi_mesh.provider.run import RUN

    body = RUN.plane("default").control_plane.get(url(kind, said)) or {}
    return {key: value for key, value in body.items() if key not in SERVER}


def put(engine: Engine, kind: Kind, body: dict[str, Any]) -> None:
    """Write behind our own back."""
    from pulumi_mesh.provider.run import RUN

    RUN.plane("default").control_plane.put(url(kind, body), body)
    engine.run()


@pytest.fixture
def clean(engine: Engine, name: str) -> Iterator[None]:
    """Leave nothing behind, whatever happened."""
    yield
    from pulumi_mesh.provider.run import RUN

    engine.run()
    engine.gate.free()
    RUN.plane("default").control_plane.delete(url(KINDS[name], said_of(name)))


pytestmark = pytest.mark.usefixtures("clean")


@pytest.mark.parametrize("name", known())
def test_what_is_created_is_read_back_as_it_was_said_and_asks_for_nothing(engine: Engine, name: str):
    props = resource(name, said_of(name))
    id_, outs = engine.create(props)
    assert id_ == str(KINDS[name].address(props["name"], props.get("mesh")))
    assert {"__cluster", "__release"} <= set(outs)
    engine.run()
    assert engine.read(id_, outs) == outs
    assert not engine.changes(id_, outs, props)


@pytest.mark.parametrize("name", known())
def test_what_is_gone_is_missing_and_deleting_it_again_is_fine(engine: Engine, name: str):
    id_, outs = engine.create(resource(name, said_of(name)))
    engine.run()
    engine.delete(id_, outs)
    assert live(engine, KINDS[name], said_of(name)) == {}
    engine.run()
    assert engine.read(id_, outs) is None
    engine.delete(id_, outs)


@pytest.mark.parametrize("name", known())
def test_a_label_changed_by_hand_is_found_and_repaired(engine: Engine, name: str):
    kind, props = KINDS[name], resource(name, {**said_of(name), "labels": {"team": "edge"}})
    id_, outs = engine.create(props)
    before = live(engine, kind, props)
    engine.run()
    put(engine, kind, {**before, "labels": {**before["labels"], "team": "hand"}})
    found = engine.read(id_, outs)
    assert found is not None
    assert found["labels"] == {"team": "hand"}
    assert engine.changes(id_, found, props)
    engine.update(id_, found, props)
    assert live(engine, kind, props) == before


@pytest.mark.parametrize("name", known())
def test_every_field_that_differs_is_the_one_that_is_found(engine: Engine, name: str):
    """One field at a time is said otherwise: the engine is told so, and after the update nothing is left to do."""
    kind = KINDS[name]
    others = [other for other in accepted(name) if other.get("mesh") == said_of(name).get("mesh")]
    id_, outs = engine.create(resource(name, said_of(name)))
    for other in others[:12]:
        props = resource(name, {**other, "name": said_of(name)["name"]})
        differs = engine.changes(id_, outs, props)
        engine.run()
        before = live(engine, kind, props)
        refused = ""
        try:
            outs = engine.update(id_, outs, props)
        except Exception as error:  # what is stored forbids some changes, and says so
            refused = str(error)
        if refused:
            assert id_ in refused
            continue
        assert differs == (before != live(engine, kind, props))
        engine.run()
        assert engine.read(id_, outs) == outs
        assert not engine.changes(id_, outs, props)


@pytest.mark.parametrize("name", known())
def test_an_interrupted_create_takes_over_its_own_leftovers(engine: Engine, name: str):
    props = resource(name, said_of(name))
    id_, outs = engine.create(props)
    engine.run()
    assert engine.create(props) == (id_, outs)
    assert not [said for said in engine.told if "taken over" in said]


@pytest.mark.parametrize("name", known())
def test_what_belongs_to_another_stack_or_to_nobody_is_refused_and_left_as_it_is(engine: Engine, name: str):
    kind, props = KINDS[name], resource(name, said_of(name))
    engine.create(resource(name, said_of(name), owner="other.prod"))
    before = live(engine, kind, props)
    engine.run()
    with pytest.raises(Exception, match=r"belongs to the stack other\.prod"):
        engine.create(props)
    labels = {key: value for key, value in before["labels"].items() if "pulumi-mesh" not in key}
    put(engine, kind, {**before, "labels": labels})
    nobodys = live(engine, kind, props)
    engine.run()
    with pytest.raises(Exception, match="exists already, and no stack owns it"):
        engine.create(props)
    assert live(engine, kind, props) == nobodys
    engine.run()
    engine.create({**props, "__adopt": "identical"})
    assert live(engine, kind, props)["labels"]["pulumi-mesh.io/owner"] == "life.dev"


@pytest.mark.parametrize("name", known())
def test_a_create_is_a_listing_a_put_and_the_get_that_verifies_it(engine: Engine, name: str):
    id_, outs = engine.create(resource(name, said_of(name)))
    assert engine.gate.counts() == {"LIST": 1, "PUT": 1, "GET": 1}
    engine.run()
    engine.changes(id_, outs, resource(name, said_of(name)))
    assert engine.gate.requests == []
    engine.read(id_, outs)
    assert engine.gate.counts() == {"LIST": 1}


@pytest.mark.parametrize("name", known())
def test_a_field_of_the_future_survives_an_update(engine: Engine, name: str):
    """The sandbox forgets what it does not know, as Kuma does; so what is sent is looked at."""
    kind, props = KINDS[name], resource(name, {**said_of(name), "labels": {"team": "edge"}})
    id_, outs = engine.create(props)
    engine.run()
    body = copy.deepcopy(live(engine, kind, props))
    holder = body["spec"] if kind.shape == "spec" else body
    holder["fromTheFuture"] = {"a": 1}
    from tests.e2e.gate import Reply

    page = {"total": 1, "items": [body], "next": None}
    engine.gate.before = lambda request: Reply(200, page) if request.verb == "LIST" else None
    engine.run()
    engine.update(id_, outs, {**props, "labels": {"team": "core"}})
    sent = next(request for request in engine.gate.requests if request.method == "PUT")
    assert b'"fromTheFuture":{"a":1}' in sent.body.replace(b" ", b"")
