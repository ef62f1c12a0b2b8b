"""What the provider refuses before it writes: a mesh that holds objects of others, a control plane that is another one."""

from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_mesh.provider import PROVIDER
from pulumi_mesh.provider.objects import ALLOW_MESH_DELETE
from pulumi_mesh.provider.run import RUN
from tests.e2e.gate import Reply, Request
from tests.e2e.plane import OWNER, Plane
from tests.provider.conftest import Engine, carried, resource

MESH, OTHER = "brake-shop", "brake-pets"
CA = {"mtls": {"enabled_backend": "ca-1", "backends": [{"name": "ca-1", "type": "builtin"}]}}
SAID = {"name": MESH, **CA}


@pytest.fixture
def plane(engine: Engine, sandbox_url: str) -> Iterator[Plane]:
    """The control plane as somebody with curl sees it."""
    plane = Plane(sandbox_url)
    yield plane
    engine.gate.free()
    for mesh in (MESH, OTHER):
        plane.empty(mesh)


def timeout(plane: Plane, name: str, owner: str = "", mesh: str = MESH) -> None:
    """Write a policy behind our own back."""
    spec = {"to": [{"targetRef": {"kind": "Mesh"}, "default": {"idleTimeout": "1h"}}]}
    labels = {"labels": {OWNER: owner}} if owner else {}
    body = {"type": "MeshTimeout", "mesh": mesh, "name": name, "spec": spec, **labels}
    plane.put(f"/meshes/{mesh}/meshtimeouts/{name}", body)


def made(engine: Engine, said: dict[str, Any] = SAID, **more: str) -> tuple[str, dict[str, Any]]:
    """Make a mesh, and begin a new run."""
    mesh = engine.create(resource("Mesh", said, **more))
    engine.run()
    return mesh


def refused(engine: Engine, mesh: tuple[str, dict[str, Any]]) -> str:
    """Return the words in which a deletion is refused, and assert that nothing was written."""
    with pytest.raises(Exception, match="Mesh/") as told:
        engine.delete(*mesh)
    assert engine.gate.writes() == []
    return str(told.value)


def test_what_a_control_plane_makes_by_itself_does_not_hold_a_mesh(engine: Engine, plane: Plane):
    mesh = made(engine)
    assert len(plane.names(f"/meshes/{MESH}/secrets")) == 3
    assert len(plane.names(f"/meshes/{MESH}/meshtimeouts")) == 2
    engine.delete(*mesh)
    assert engine.gate.writes() == [f"DELETE /meshes/{MESH}"]


def test_a_default_policy_that_somebody_changed_is_somebody_s(engine: Engine, plane: Plane):
    mesh = made(engine)
    timeout(plane, f"mesh-timeout-all-{MESH}")
    assert f"MeshTimeout/{MESH}/mesh-timeout-all-{MESH}: of nobody" in refused(engine, mesh)


def test_objects_of_others_hold_a_mesh_and_the_refusal_names_them_and_the_setting(engine: Engine, plane: Plane):
    mesh = made(engine)
    timeout(plane, "theirs", "other.prod")
    timeout(plane, "nobodys")
    plane.put(f"/meshes/{MESH}/secrets/key", {"type": "Secret", "mesh": MESH, "name": "key", "data": "c2VjcmV0"})
    told = refused(engine, mesh)
    assert told.splitlines() == [
        f"Mesh/{MESH}: still holds 3 objects of others, which would go with it",
        f"  MeshTimeout/{MESH}/nobodys: of nobody",
        f"  MeshTimeout/{MESH}/theirs: of the stack other.prod",
        f"  Secret/{MESH}/key: of nobody",
        f"  delete them first, or take them into this stack (adopt=); {ALLOW_MESH_DELETE}",
    ]
    assert "pulumi config set mesh:allowMeshDelete true" in told
    assert "PULUMI_MESH_ALLOW_MESH_DELETE=true" in told
    assert "c2VjcmV0" not in told


def test_many_objects_of_others_are_counted_and_some_named(engine: Engine, plane: Plane):
    mesh = made(engine)
    for index in range(14):
        timeout(plane, f"t-{index:02}")
    told = refused(engine, mesh)
    assert "still holds 14 objects of others" in told
    assert "t-09" in told
    assert "t-10" not in told
    assert "and 4 more" in told


def test_objects_of_this_stack_do_not_hold_its_mesh_whether_they_are_deleted_before_it_or_not(
    engine: Engine, plane: Plane
):
    mesh = made(engine)
    timeout(plane, "left-over", "life.dev")
    said = {"name": "ours", "mesh": MESH, "to": [{"target_ref": {"kind": "Mesh"}, "default": {"idle_timeout": "1h"}}]}
    ours = engine.create(resource("MeshTimeout", said))
    engine.run()
    engine.delete(*ours)
    engine.delete(*mesh)
    assert engine.gate.writes() == [f"DELETE /meshes/{MESH}/meshtimeouts/ours", f"DELETE /meshes/{MESH}"]


def test_without_owner_labels_what_the_same_run_has_deleted_does_not_hold_a_mesh_and_what_it_has_not_does(
    engine: Engine, plane: Plane
):
    mesh = made(engine, owner="")
    said = {"name": "ours", "mesh": MESH, "to": [{"target_ref": {"kind": "Mesh"}, "default": {"idle_timeout": "1h"}}]}
    ours = engine.create(resource("MeshTimeout", said, owner=""))
    engine.run()
    assert f"MeshTimeout/{MESH}/ours: of nobody" in refused(engine, mesh)
    engine.delete(*ours)
    engine.delete(*mesh)
    assert engine.gate.writes()[-1] == f"DELETE /meshes/{MESH}"


def test_a_gateway_of_this_stack_that_bears_a_listener_of_another_holds_the_mesh(engine: Engine, plane: Plane):
    mesh = made(engine)
    labels = {OWNER: "life.dev", "listener.pulumi-mesh.io/80-0": "life.dev"}
    body = {
        "type": "MeshGateway", "mesh": MESH, "name": "edge", "selectors": [{"match": {"kuma.io/service": "edge"}}],
        "conf": {"listeners": [{"port": 80, "protocol": "HTTP"}]}, "labels": labels,
    }  # fmt: skip
    plane.put(f"/meshes/{MESH}/meshgateways/edge", body)
    plane.edit(
        f"/meshes/{MESH}/meshgateways/edge",
        lambda body: body["labels"].update({"listener.pulumi-mesh.io/81-1": "other.prod"}),
    )
    assert f"MeshGateway/{MESH}/edge: of the stack other.prod" in refused(engine, mesh)


@pytest.mark.parametrize("way", ["environment", "config"])
def test_the_setting_lets_a_mesh_go_with_all_that_is_in_it(
    engine: Engine, plane: Plane, monkeypatch: pytest.MonkeyPatch, way: str
):
    mesh = made(engine)
    timeout(plane, "nobodys")
    if way == "environment":
        monkeypatch.setenv("PULUMI_MESH_ALLOW_MESH_DELETE", "true")
    else:
        RUN.configure({"mesh:allowMeshDelete": "true"}.get)
    engine.delete(*mesh)
    assert plane.get(f"/meshes/{MESH}") is None
    assert engine.gate.counts() == {"LIST": 1, "DELETE": 1}  # nothing was looked for


def test_where_it_cannot_be_told_what_a_mesh_holds_it_stays(engine: Engine, plane: Plane):
    mesh = made(engine)

    def closed(request: Request) -> Reply | None:
        denied = {"type": "/std-errors", "status": 403, "title": "Access Denied", "detail": "no"}
        return Reply(403, denied) if request.path.endswith("/secrets") else None

    engine.gate.before = closed
    told = refused(engine, mesh)
    assert "access denied" in told
    assert "nobody knows what the mesh holds" in told
    assert "mesh:allowMeshDelete" in told


def test_a_mesh_is_looked_into_by_one_listing_per_type_and_many_meshes_by_hardly_more(engine: Engine, plane: Plane):
    names = [MESH, OTHER, f"{OTHER}-2", f"{OTHER}-3"]
    meshes = [made(engine, {"name": name}) for name in names]
    types = [one for one in plane.get("/_resources")["resources"] if one["scope"] == "Mesh" and not one["readOnly"]]
    engine.run()
    engine.delete(*meshes[0])
    first = engine.gate.listings()
    assert set(first.values()) == {1}
    assert len(first) == len(types) + 1  # and the meshes
    for mesh in meshes[1:]:
        engine.delete(*mesh)
    assert set(engine.gate.listings().values()) == {1}
    assert engine.gate.counts() == {"LIST": 2 * len(types) + 1, "DELETE": 4}


def test_an_object_of_others_holds_a_later_mesh_too(engine: Engine, plane: Plane):
    meshes = [made(engine, {"name": name}) for name in (MESH, OTHER)]
    timeout(plane, "nobodys", mesh=OTHER)
    engine.delete(*meshes[0])
    with pytest.raises(Exception, match=rf"MeshTimeout/{OTHER}/nobodys: of nobody"):
        engine.delete(*meshes[1])
    assert engine.gate.writes() == [f"DELETE /meshes/{MESH}"]


# The control plane is another one.


TIMEOUT = {"name": "t", "mesh": "default", "to": [{"target_ref": {"kind": "Mesh"}, "default": {"idle_timeout": "1h"}}]}
LISTENER = {"gateway": "brake", "mesh": "default", "port": 80, "protocol": "HTTP"}
PARENT = {"selectors": [{"match": {"kuma.io/service": "edge"}}], "owner": "life.dev"}
TOKEN = {"mesh": "default", "valid_for": "1h", "revoke": True}


def resources() -> list[Any]:
    """Return a resource of each sort, and the same said otherwise."""
    changed = {**TIMEOUT, "labels": {"a": "b"}}
    return [
        pytest.param(resource("MeshTimeout", TIMEOUT), resource("MeshTimeout", changed), id="object"),
        pytest.param(
            {**resource("GatewayListener", LISTENER), "__parent": PARENT},
            {**resource("GatewayListener", {**LISTENER, "tags": {"a": "b"}}), "__parent": PARENT},
            id="listener",
        ),
        pytest.param(resource("DataplaneToken", TOKEN), None, id="token"),
    ]


def another(request: Request) -> Reply | None:
    """Answer as a control plane that began a new life."""
    index = {"product": "Kuma", "version": "2.14.3", "clusterId": "another-life", "instanceId": "x"}
    return Reply(200, index) if request.path == "/" else None


@pytest.fixture
def tidy(engine: Engine, sandbox_url: str) -> Iterator[None]:
    yield
    for path in ("meshtimeouts/t", "meshtimeouts/new", "meshgateways/brake"):
        Plane(sandbox_url).delete(f"/meshes/default/{path}")


@pytest.mark.usefixtures("tidy")
@pytest.mark.parametrize(("props", "changed"), resources())
def test_no_verb_touches_a_control_plane_that_is_not_the_one_of_the_stack(
    engine: Engine, props: dict[str, Any], changed: dict[str, Any] | None, monkeypatch: pytest.MonkeyPatch
):
    id_, outs = engine.create(props)
    verbs = {"read": lambda: engine.read(id_, outs), "delete": lambda: engine.delete(id_, outs)}
    if changed is not None:
        verbs["update"] = lambda: engine.update(id_, outs, changed)
    else:  # another token is a replacement: the engine creates, once diff has told where the old one came from
        verbs["update"] = lambda: (engine.changes(id_, outs, {**props, "valid_for": "2h"}), engine.create(props))
    for name, verb in verbs.items():
        engine.run()
        engine.gate.before = another
        with pytest.raises(Exception, match="another-life") as told:
            verb()
        assert "mesh:allowClusterChange" in str(told.value), name
        assert {request.path for request in engine.gate.requests} == {"/"}, name
    engine.run()
    monkeypatch.setenv("PULUMI_MESH_ALLOW_CLUSTER_CHANGE", "true")
    verbs["read"]()
    verbs["delete"]()
    assert engine.gate.writes()


@pytest.mark.usefixtures("tidy")
@pytest.mark.parametrize(("props", "changed"), resources())
def test_nothing_new_is_written_to_another_control_plane_once_the_run_knows_where_the_stack_was(
    engine: Engine, props: dict[str, Any], changed: dict[str, Any] | None
):
    old = engine.create(resource("MeshTimeout", TIMEOUT))
    engine.run()
    engine.gate.before = another
    assert not engine.changes(*old, resource("MeshTimeout", TIMEOUT))
    new = {**props, "name": "new"} if "name" in props else props
    with pytest.raises(Exception, match="another-life"):
        engine.create(new)
    assert engine.gate.writes() == []


@pytest.mark.usefixtures("tidy")
def test_a_mesh_on_another_control_plane_is_not_even_looked_into(engine: Engine, plane: Plane):
    mesh = made(engine)
    engine.gate.before = another
    assert "another-life" in refused(engine, mesh)
    assert engine.gate.listings() == {}


def test_a_note_about_a_token_asks_no_control_plane(engine: Engine):
    id_, outs = engine.create(resource("DataplaneToken", TOKEN))
    engine.run()
    engine.gate.before = another
    PROVIDER.update(id_, carried(outs), carried({**resource("DataplaneToken", TOKEN), "renew_before": "5m"}))
    assert engine.gate.requests == []
