"""The life of a resource under the real engine: made, left alone, changed, replaced, renamed, taken away."""

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live


def test_what_is_created_is_on_the_control_plane_and_stays_the_same(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    made = stack.up("gateway(labels={'team': 'a'})")
    assert made.ops == {"edge": "create"}
    live = plane.get(f"{gateways}/edge")
    assert live["conf"]["listeners"] == [{"port": 8080, "protocol": "HTTP"}]
    assert live["labels"]["team"] == "a"
    assert plane.owner(f"{gateways}/edge") == stack.owner
    assert stack.resources()["edge"]["id"] == f"MeshGateway/{stack.mesh}/edge"
    gate.forget()
    assert stack.up().ops == {}
    assert gate.requests == []
    stack.preview(None, "--expect-no-changes")
    changed = stack.preview("gateway(labels={'team': 'b'})", "--expect-no-changes", code=7)
    assert "no changes were expected" in changed.text
    assert changed.paths("edge") == {"labels.team"}


def test_each_kind_of_field_of_the_legacy_shape_is_updated_in_its_place(stack: Stack, plane: Plane, gateways: str):
    stack.up(
        """
        tls = {"port": 8443, "protocol": "HTTPS", "hostname": "a.example"}
        gateway("one", listeners=[{**HTTP, "hostname": "a.example"}])
        gateway("part", listeners=[{**tls, "tls": {"certificates": [{"secret": "a"}]}}])
        gateway("many", listeners=[{**tls, "tls": {"certificates": [{"secret": "a"}]}}])
        gateway("parts", listeners=[HTTP, {"port": 8081, "protocol": "HTTP"}])
        gateway("table", tags={"kept": "1", "changed": "1", "removed": "1"})
        gateway("gone", tags={"team": "a"}, labels={"team": "a"})
        """
    )
    changed = stack.up(
        """
        tls = {"port": 8443, "protocol": "HTTPS", "hostname": "a.example"}
        gateway("one", listeners=[{**HTTP, "hostname": "b.example"}])
        gateway("part", listeners=[{**tls, "tls": {"certificates": [{"secret": "a"}]}, "resources": {"connection_limit": 9}}])
        gateway("many", listeners=[{**tls, "tls": {"certificates": [{"secret": "a"}, {"secret": "b"}]}}])
        gateway("parts", listeners=[HTTP, {"port": 8082, "protocol": "HTTP"}, {"port": 8083, "protocol": "TCP"}])
        gateway("table", tags={"kept": "1", "changed": "2", "added": "1"})
        gateway("gone")
        """
    )
    assert set(changed.ops) == {"one", "part", "many", "parts", "table", "gone"}
    assert set(changed.ops.values()) == {"update"}
    assert changed.paths("one") == {"listeners[0].hostname"}
    assert changed.paths("part") == {"listeners[0].resources"}
    assert changed.paths("many") == {"listeners[0].tls.certificates[1]"}
    assert changed.paths("table") == {"tags.changed", "tags.removed", "tags.added"}
    assert changed.paths("gone") == {"tags", "labels"}

    def listeners(name: str) -> list[dict[str, object]]:
        return plane.get(f"{gateways}/{name}")["conf"]["listeners"]

    assert listeners("one") == [{"port": 8080, "protocol": "HTTP", "hostname": "b.example"}]
    assert listeners("part")[0]["resources"] == {"connectionLimit": 9}
    assert [c["secret"] for c in listeners("many")[0]["tls"]["certificates"]] == ["a", "b"]
    assert [each["port"] for each in listeners("parts")] == [8080, 8082, 8083]
    assert plane.get(f"{gateways}/table")["tags"] == {"kept": "1", "changed": "2", "added": "1"}
    gone = plane.get(f"{gateways}/gone")
    assert not gone.get("tags")
    assert "team" not in gone["labels"]
    stack.settled()


def test_another_name_is_a_replacement_that_deletes_first(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.up("gateway(name='a')")
    gate.forget()
    replaced = stack.up("gateway(name='b')")
    assert replaced.ops == {"edge": "replace"} or replaced.ops["edge"].startswith(("create-repl", "delete-repl"))
    assert gate.writes() == [f"DELETE {gateways}/a", f"PUT {gateways}/b"]
    assert plane.names(gateways) == ["b"]
    stack.settled()


def test_another_mesh_is_a_replacement_that_deletes_first(stack: Stack, gate: Gate, gateways: str, new_mesh):
    other = new_mesh()
    stack.up("gateway()")
    gate.forget()
    stack.up(f"gateway(mesh='{other}')")
    assert gate.writes() == [f"DELETE {gateways}/edge", f"PUT /meshes/{other}/meshgateways/edge"]
    stack.settled()


def test_a_forced_replacement_deletes_first(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.up("gateway()")
    gate.forget()
    stack.up(None, "--replace", stack.resources()["edge"]["urn"])
    assert gate.writes() == [f"DELETE {gateways}/edge", f"PUT {gateways}/edge"]
    assert plane.names(gateways) == ["edge"]


def test_another_pulumi_name_with_an_alias_changes_nothing(stack: Stack, gate: Gate):
    stack.up("gateway('edge')")
    gate.forget()
    stack.program("gateway('door', name='edge', opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='edge')]))")
    stack.preview(None, "--expect-no-changes")
    stack.up()
    assert gate.writes() == []
    assert list(stack.resources()) == ["door"]


def test_another_pulumi_name_without_an_alias_keeps_the_object(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.up("gateway('edge')")
    born = plane.get(f"{gateways}/edge")["creationTime"]
    gate.forget()
    renamed = stack.up("gateway('door', name='edge', labels={'team': 'a'})")
    assert renamed.ops == {"door": "create", "edge": "delete"}
    live = plane.get(f"{gateways}/edge")
    assert (live["creationTime"], live["labels"]["team"]) == (born, "a")
    assert gate.writes() == [f"PUT {gateways}/edge"]
    assert list(stack.resources()) == ["door"]
    stack.settled()


def test_two_resources_that_swap_their_objects_keep_both(stack: Stack, plane: Plane, gateways: str):
    stack.up(
        """
        gateway("one", name="a", labels={"of": "one"})
        gateway("two", name="b", labels={"of": "two"})
        """
    )
    stack.up(
        """
        gateway("one", name="b", labels={"of": "one"})
        gateway("two", name="a", labels={"of": "two"})
        """
    )
    assert plane.names(gateways) == ["a", "b"]
    assert [plane.get(f"{gateways}/{name}")["labels"]["of"] for name in "ab"] == ["two", "one"]
    stack.settled()


def test_a_name_that_moves_on_to_another_resource_stays(stack: Stack, plane: Plane, gateways: str):
    """The old resource is replaced (its object would be deleted) while a new one declares the object."""
    stack.up("gateway('one', name='a')")
    stack.up(
        """
        gateway("one", name="b")
        gateway("two", name="a", labels={"of": "two"})
        """
    )
    assert plane.names(gateways) == ["a", "b"]
    assert plane.get(f"{gateways}/a")["labels"]["of"] == "two"
    stack.settled()


def test_what_leaves_the_program_leaves_the_control_plane(stack: Stack, plane: Plane, gateways: str):
    stack.up("gateway('edge')\ngateway('door')")
    removed = stack.up("gateway('edge')")
    assert removed.ops == {"door": "delete"}
    assert plane.names(gateways) == ["edge"]


@pytest.mark.parametrize("how", [(), ("--run-program",)], ids=["from the state", "by the program"])
def test_destroy_takes_everything_away(stack: Stack, plane: Plane, gateways: str, how: tuple[str, ...]):
    stack.up("gateway('edge')\ngateway('door')\ngateway('gone')")
    plane.delete(f"{gateways}/gone")
    plane.put(f"{gateways}/foreign", foreign(stack.mesh))
    stack.destroy(*how)
    assert plane.names(gateways) == ["foreign"]
    assert stack.resources() == {}


def test_an_update_of_what_was_deleted_by_hand_makes_it_again(stack: Stack, plane: Plane, gateways: str):
    stack.up("gateway()")
    plane.delete(f"{gateways}/edge")
    stack.up("gateway(labels={'team': 'a'})")
    assert plane.get(f"{gateways}/edge")["labels"]["team"] == "a"
    stack.settled()


def foreign(mesh: str) -> dict[str, object]:
    selectors = [{"match": {"kuma.io/service": "x"}}]
    listeners = [{"port": 80, "protocol": "HTTP"}]
    return {
        "type": "MeshGateway",
        "mesh": mesh,
        "name": "foreign",
        "selectors": selectors,
        "conf": {"listeners": listeners},
    }


ROUTE = {
    "target_ref": {"kind": "MeshGateway", "name": "edge", "tags": {"port": "http"}},
    "to": [
        {
            "target_ref": {"kind": "Mesh"},
            "hostnames": ["a.example"],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/a"}}],
                    "default": {"backend_refs": [{"kind": "MeshService", "name": "api", "port": 80, "weight": 90}]},
                }
            ],
        }
    ],
}
"""A route as a program says it."""

EDITS = {
    "one": (
        "to[0].rules[0].matches[0].path.value",
        "said['to'][0]['rules'][0]['matches'][0]['path']['value'] = '/b'",
    ),
    "part": (
        "to[0].rules[0].default.filters",
        "said['to'][0]['rules'][0]['default']['filters'] = [{'type': 'URLRewrite', 'url_rewrite': {'hostname': 'b.example'}}]",
    ),
    "many": ("to[0].hostnames[1]", "said['to'][0]['hostnames'].append('b.example')"),
    "parts": (
        "to[0].rules[0].default.backendRefs[1]",
        "said['to'][0]['rules'][0]['default']['backend_refs'].append({'kind': 'MeshService', 'name': 'b', 'port': 80, 'weight': 10})",
    ),
    "table": ("targetRef.tags.zone", "said['target_ref']['tags']['zone'] = 'east'"),
}


def test_each_kind_of_field_of_the_spec_shape_is_updated_in_its_place(stack: Stack, plane: Plane, shop: str):
    program = f"import copy\n\nROUTE = {ROUTE!r}\n"
    for name, (_, edit) in EDITS.items():
        program += f"said = copy.deepcopy(ROUTE)\nif os.environ.get('EDIT'):\n    {edit}\n"
        program += f"mesh.MeshHTTPRoute('{name}', mesh=SHOP, **said)\n"
    stack.up(program)
    stack.settled()
    changed = stack.up(None, EDIT="1")
    assert changed.ops == dict.fromkeys(EDITS, "update")
    for name, (path, _) in EDITS.items():
        assert {path_of(each) for each in changed.paths(name)} == {path_of(path)}
    specs = {name: plane.get(f"/meshes/{shop}/meshhttproutes/{name}")["spec"] for name in EDITS}
    rules = {name: spec["to"][0]["rules"][0] for name, spec in specs.items()}
    assert rules["one"]["matches"][0]["path"]["value"] == "/b"
    assert rules["part"]["default"]["filters"][0]["urlRewrite"] == {"hostname": "b.example"}
    assert specs["many"]["to"][0]["hostnames"] == ["a.example", "b.example"]
    assert [each["weight"] for each in rules["parts"]["default"]["backendRefs"]] == [90, 10]
    assert specs["table"]["targetRef"]["tags"] == {"port": "http", "zone": "east"}


def path_of(path: str) -> str:
    """Return a path as both spellings of its names read."""
    return path.replace("_", "").lower()


WHOLE = """
shop = mesh.Mesh("shop", name="%s", mtls={"enabled_backend": "ca-1", "backends": [{"name": "ca-1", "type": "builtin"}]})
key = mesh.Secret("key", mesh=shop, data=mesh.base64("certificate and key"))
edge = gateway(mesh=shop, name="%s", listeners=[
    {**HTTP, "tags": {"port": "http"}},
    {"port": 8443, "protocol": "HTTPS", "tls": {"certificates": [key]}},
])
mesh.MeshHTTPRoute("route", mesh=shop, target_ref=edge.ref(port="http"), to=[{"target_ref": {"kind": "Mesh"}, "rules": [{
    "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
    "default": {"backend_refs": [{"kind": "MeshService", "name": "api", "port": 80, "weight": 1}]},
}]}])
mesh.MeshTCPRoute("tcp", mesh=shop, target_ref=edge.ref(), to=[{"target_ref": {"kind": "Mesh"}, "rules": [{
    "default": {"backend_refs": [{"kind": "MeshService", "name": "api", "port": 80}]},
}]}])
mesh.MeshTimeout("patience", mesh=shop, target_ref={"kind": "Mesh"}, to=[{
    "target_ref": {"kind": "Mesh"}, "default": {"connection_timeout": "60s", "http": {"request_timeout": "1m30s"}},
}])
mesh.MeshTrafficPermission("allow", mesh=shop, target_ref={"kind": "Mesh"}, from_=[{
    "target_ref": {"kind": "Mesh"}, "default": {"action": "Allow"},
}])
mesh.Dataplane("delegated", mesh=shop, networking={"address": "127.0.0.1", "gateway": {
    "type": "DELEGATED", "tags": {"kuma.io/service": "delegated"},
}})
"""
"""Each kind once, tied together by references."""

KINDS = ("MeshGateway", "MeshHTTPRoute", "MeshTCPRoute", "MeshTimeout", "MeshTrafficPermission", "Dataplane", "Secret")


def test_every_kind_is_created_stays_the_same_and_is_destroyed(stack: Stack, plane: Plane, shop: str):
    made = stack.up(WHOLE % (f"{shop}-x", "edge"))
    assert made.ops == dict.fromkeys(
        ("shop", "key", "edge", "route", "tcp", "patience", "allow", "delegated"), "create"
    )
    stack.settled()
    route = plane.get(f"/meshes/{shop}-x/meshhttproutes/route")
    assert route["spec"]["targetRef"] == {"kind": "MeshGateway", "name": "edge", "tags": {"port": "http"}}
    stack.destroy()
    assert plane.get(f"/meshes/{shop}-x") is None


def test_a_gateway_of_another_name_takes_its_routes_along(stack: Stack, plane: Plane, gate: Gate, shop: str):
    stack.up(WHOLE % (f"{shop}-x", "edge"))
    gate.forget()
    renamed = stack.up(WHOLE % (f"{shop}-x", "door"))
    at = f"/meshes/{shop}-x"
    assert renamed.ops["route"] == "update"
    assert renamed.ops["tcp"] == "update"
    assert gate.writes()[:2] == [f"DELETE {at}/meshgateways/edge", f"PUT {at}/meshgateways/door"]
    assert sorted(gate.writes()[2:]) == [f"PUT {at}/meshhttproutes/route", f"PUT {at}/meshtcproutes/tcp"]
    assert plane.get(f"{at}/meshhttproutes/route")["spec"]["targetRef"]["name"] == "door"
    stack.settled()
    stack.destroy()


def test_a_mesh_of_another_name_is_replaced_with_all_that_is_in_it(stack: Stack, plane: Plane, gate: Gate, shop: str):
    stack.up(WHOLE % (f"{shop}-x", "edge"))
    gate.forget()
    stack.up(WHOLE % (f"{shop}-y", "edge"))
    writes = gate.writes()
    old, new = f"DELETE /meshes/{shop}-x", f"PUT /meshes/{shop}-y"
    assert writes.index(old) == max(index for index, each in enumerate(writes) if each.startswith(f"{old}"))
    assert writes.index(old) < writes.index(new) == min(i for i, each in enumerate(writes) if each.startswith(new))
    assert plane.get(f"/meshes/{shop}-x") is None
    assert plane.names(f"/meshes/{shop}-y/meshgateways") == ["edge"]
    stack.settled()
    stack.destroy()
    assert plane.get(f"/meshes/{shop}-y") is None
