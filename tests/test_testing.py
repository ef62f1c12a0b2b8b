"""What is promised of `RouteTable`, which users test their routes with."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.errors import MeshError, UnknownKind
from pulumi_mesh.testing import RouteTable, Unreadable

MESH = Path(__file__).with_name("cli") / "gateway.yaml"
GATEWAY = {
    "type": "MeshGateway",
    "name": "edge",
    "selectors": [{"match": {"kuma.io/service": "edge"}}],
    "conf": {
        "listeners": [
            {"port": 443, "protocol": "HTTPS", "tls": {"mode": "TERMINATE", "certificates": [{"secret": "c"}]}}
        ]
    },
}
RULES = [
    {
        "matches": [{"path": {"type": "PathPrefix", "value": "/v1"}}],
        "default": {"backendRefs": [{"kind": "MeshService", "name": "backend-v1"}]},
    }
]
ROUTE = {
    "type": "MeshHTTPRoute",
    "name": "api",
    "spec": {
        "targetRef": {"kind": "MeshGateway", "name": "edge"},
        "to": [{"targetRef": {"kind": "Mesh"}, "rules": RULES}],
    },
}


def test_a_table_of_files_answers_in_two_lines():
    table = RouteTable.files(str(MESH))
    assert table.explain("https://shop.example:8443/api/v1").backend == "api-v1"


def test_a_table_of_objects_as_the_control_plane_has_them():
    table = RouteTable([GATEWAY, ROUTE])
    found = table.explain("https://api.example.com/v1")
    assert found.outcome == "backend"
    assert found.backend == "backend-v1"
    assert [(one.name, one.share) for one in found.backends] == [("backend-v1", 1.0)]
    assert (found.listener.port, found.listener.protocol) == (443, "HTTPS")
    assert (found.route.type, found.route.mesh, found.route.name) == ("MeshHTTPRoute", "default", "api")
    assert found.upstream.path == "/v1"
    assert found.redirect is None
    assert found.reasons


def test_headers_and_method_are_taken():
    table = RouteTable.files(str(MESH))
    assert table.explain("http://a:8080/api/v2", "POST", {"X-Canary": "1"}).backend == "api-v2"
    assert table.explain("http://a:8080/api/v2", headers={"x-canary": ["1", "2"]}).backend == "api-v1"


def test_a_state_is_a_source(tmp_path):
    empty = {
        "version": 3,
        "deployment": {"manifest": {}, "resources": [{"urn": "urn:x", "type": "pulumi:pulumi:Stack"}]},
    }
    (tmp_path / "state.json").write_text(json.dumps(empty))
    with pytest.raises(MeshError, match="there is no MeshGateway at all"):
        RouteTable.state(str(tmp_path / "state.json")).explain("http://a/")


def test_a_control_plane_is_a_source(sandbox_url):
    with closing(ControlPlane(Connection("default", sandbox_url))) as plane:
        plane.put("/meshes/tested", {"type": "Mesh", "name": "tested"})
        plane.put("/meshes/tested/meshgateways/edge", {**GATEWAY, "mesh": "tested"})
    table = RouteTable.control_plane(sandbox_url)
    assert "MeshGateway/tested/edge" in {str(gateway.address) for gateway in table.topology.gateways}


def test_what_cannot_be_read_is_an_error_and_not_an_empty_table():
    with pytest.raises(Unreadable, match="nowhere"):
        RouteTable.files("nowhere.yaml")


def test_an_object_of_an_unknown_type_is_an_error():
    with pytest.raises(UnknownKind):
        RouteTable([{"type": "MeshGatway", "name": "x"}])


@pytest.mark.parametrize("url", ["api.example.com/v1", "ftp://a/", "http://", "tcp://a", "http://a:port/"])
def test_what_is_no_url_is_said(url):
    with pytest.raises(MeshError, match="URL|port"):
        RouteTable([GATEWAY]).explain(url)
