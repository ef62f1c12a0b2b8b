"""An object of a type that this version does not know, through the six verbs.

The sandbox runs in a process of its own and knows every type; this process forgets some, as if it were older.
"""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest

import pulumi_mesh as mesh
from pulumi_mesh.provider import PROVIDER
from pulumi_mesh.provider.run import RUN
from pulumi_mesh.resource import InvalidResource
from pulumi_mesh.schema.kind import KINDS
from tests.provider.conftest import Engine, carried, resource

ROUTE = "/meshes/default/meshtcproutes/generic"
GENERATOR = "/hostnamegenerators/generic"


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    command = [sys.executable, "-c", "from pulumi_mesh.cli import main; main()", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as served:
        lines = (re.search(r"URL\s+(\S+)", line) for line in served.stderr or ())
        yield next(found[1] for found in lines if found)
        served.send_signal(signal.SIGINT)


@pytest.fixture(autouse=True)
def older(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Iterator[None]:
    """Forget two types, and leave nothing behind."""
    for name in ("MeshTCPRoute", "HostnameGenerator"):
        monkeypatch.delitem(KINDS, name)
    yield
    engine.run()
    for path in (ROUTE, GENERATOR):
        RUN.plane("default").control_plane.delete(path)


def route(weight: int = 1, owner: str = "life.dev", **said: Any) -> dict[str, Any]:
    """Return the properties of a route of TCP, in the control plane's own words."""
    backend = {"kind": "MeshService", "name": "web", "port": 80, "weight": weight}
    spec = {
        "to": [{"targetRef": {"kind": "MeshService", "name": "db"}, "rules": [{"default": {"backendRefs": [backend]}}]}]
    }
    return resource(
        "MeshResource", {"name": "generic", "mesh": "default", "spec": spec, **said}, owner, type="MeshTCPRoute"
    )


def generator(**said: Any) -> dict[str, Any]:
    """Return the properties of an object outside of meshes."""
    spec = {"selector": {"meshService": {"matchLabels": {"a": "b"}}}, "template": "{{ .DisplayName }}.mesh"}
    return resource("MeshResource", {"name": "generic", "spec": spec, **said}, type="HostnameGenerator")


def live(path: str) -> dict[str, Any]:
    return RUN.plane("default").control_plane.get(path) or {}


@pytest.mark.parametrize(("props", "path"), [(route(), ROUTE), (generator(), GENERATOR)])
def test_it_lives_where_the_control_plane_serves_its_type(engine: Engine, props: dict[str, Any], path: str):
    id_, outs = engine.create(props)
    assert id_ == ("MeshTCPRoute/default/generic" if "mesh" in props else "HostnameGenerator/generic")
    assert live(path)["spec"] == props["spec"]
    assert live(path)["labels"]["pulumi-mesh.io/owner"] == "life.dev"
    engine.run()
    assert engine.read(id_, outs) == outs
    assert not engine.changes(id_, outs, props)
    engine.run()
    engine.delete(id_, outs)
    assert live(path) == {}
    engine.run()
    assert engine.read(id_, outs) is None
    engine.delete(id_, outs)


def test_what_is_said_otherwise_is_written(engine: Engine):
    id_, outs = engine.create(route())
    assert engine.changes(id_, outs, route(weight=9))
    engine.run()
    outs = engine.update(id_, outs, route(weight=9, labels={"team": "db"}))
    assert live(ROUTE)["spec"] == route(weight=9)["spec"]
    assert live(ROUTE)["labels"]["team"] == "db"
    engine.run()
    assert engine.read(id_, outs) == outs


def test_a_change_by_hand_is_found_and_repaired(engine: Engine):
    id_, outs = engine.create(route())
    before = live(ROUTE)
    RUN.plane("default").control_plane.put(ROUTE, {**before, "spec": route(weight=7)["spec"]})
    engine.run()
    found = engine.read(id_, outs)
    assert found is not None
    assert found["spec"] == route(weight=7)["spec"]
    assert engine.changes(id_, found, route())
    engine.update(id_, found, route())
    assert live(ROUTE)["spec"] == before["spec"]


def test_a_run_asks_once_where_types_are_and_looks_each_collection_up_once(engine: Engine):
    engine.create(route())
    assert engine.gate.counts() == {"LIST": 1, "PUT": 1, "GET": 1}
    assert [request.path for request in engine.gate.requests if request.verb == "INDEX"] == ["/", "/_resources"]


def test_what_the_control_plane_adds_is_said_and_has_to_be(engine: Engine):
    silent = route()
    del silent["spec"]["to"][0]["rules"][0]["default"]["backendRefs"][0]["weight"]
    with pytest.raises(Exception, match=r"was written, but the control plane holds something else: .*weight: 1"):
        engine.create(silent)
    engine.run()
    engine.create(route())
    assert engine.told == []


@pytest.mark.parametrize(
    ("props", "why"),
    [
        (
            {"__type": "MeshTCPRout"},
            "MeshTCPRout/default/generic: Kuma 2.14.3 serves no type MeshTCPRout; did you mean MeshTCPRoute",
        ),
        (
            {"__type": "ZoneInsight", "mesh": None},
            "ZoneInsight/generic: type: the control plane alone writes objects of the type ZoneInsight",
        ),
        ({"mesh": None}, "MeshTCPRoute/generic: mesh: objects of the type MeshTCPRoute live in meshes; say mesh="),
        (
            {"__type": "HostnameGenerator"},
            "HostnameGenerator/default/generic: mesh: objects of the type HostnameGenerator live outside of meshes; leave mesh out",
        ),
    ],
)
def test_a_type_that_is_not_served_so_is_refused_before_anything_is_written(
    engine: Engine, props: dict[str, Any], why: str
):
    with pytest.raises(Exception, match=re.escape(why)):
        engine.create({**route(), **props})
    assert engine.gate.writes() == []


def test_another_type_is_another_object(engine: Engine):
    _, outs = engine.create(route())
    said = PROVIDER.diff("MeshTCPRoute/default/generic", outs, carried({**route(), "__type": "MeshOther"}))
    assert said.replaces == ["type"]


def test_another_stack_s_is_refused(engine: Engine):
    engine.create(route(owner="other.prod"))
    engine.run()
    with pytest.raises(Exception, match=r"MeshTCPRoute/default/generic: .*belongs to the stack other\.prod"):
        engine.create(route())


def test_a_type_that_has_a_class_is_refused_on_the_users_line():
    with pytest.raises(InvalidResource) as refused:
        mesh.MeshResource("x", type="MeshTimeout", mesh="shop", spec={})
    said, line = str(refused.value).split("\n")
    assert said == "MeshTimeout/shop/x: type: this version knows it: use MeshTimeout instead of MeshResource"
    assert line.strip().startswith("test_mesh_resource.py:")


def promise() -> Any:
    return pulumi.Output.from_input("MeshBackup")


@pytest.mark.parametrize("make", [lambda: "", lambda: "meshtimeouts", lambda: "Mesh/Timeout", promise])
def test_a_type_is_named_as_the_control_plane_does_and_known_at_once(make: Callable[[], Any]):
    name = make()
    with pytest.raises(InvalidResource, match="type: must be the name of a type as the control plane has it"):
        mesh.MeshResource("x", type=name, spec={})


def test_name_labels_and_structure_are_judged_as_of_any_resource(engine: Engine):
    found = engine.check(route(name="No", labels={"a b": "c"}, spec="x"))
    at = [reason.removeprefix("MeshTCPRoute/default/No: ").split(":")[0] for reason in found]
    assert at == ["spec", "name", 'labels["a b"]']


def test_a_later_version_takes_it_over_under_its_own_class(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    id_, outs = engine.create(route())
    engine.run()
    monkeypatch.setitem(KINDS, "MeshTCPRoute", mesh.MeshTCPRoute.kind)
    to = [
        {
            "target_ref": {"kind": "MeshService", "name": "db"},
            "rules": [{"default": {"backend_refs": [{"kind": "MeshService", "name": "web", "port": 80}]}}],
        }
    ]
    assert engine.create(resource("MeshTCPRoute", {"name": "generic", "mesh": "default", "to": to}))[0] == id_
    engine.delete(id_, outs)  # the resource that left the program
    assert live(ROUTE)["spec"] == route()["spec"]
    assert engine.told == []
