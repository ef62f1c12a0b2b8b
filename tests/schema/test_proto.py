"""Names as protobuf declares them."""

from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - fills the registry
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.proto import as_json


def gateway(**listener: Any) -> dict[str, Any]:
    return {"selectors": [], "conf": {"listeners": [{"port": 80, "protocol": "HTTP", **listener}]}}


def test_a_field_goes_by_either_of_its_names():
    said = gateway(resources={"connection_limit": 9}, tags={"connection_limit": "x"})
    meant = gateway(resources={"connectionLimit": 9}, tags={"connection_limit": "x"})
    assert as_json(KINDS["MeshGateway"], said) == meant


def test_json_s_name_prevails():
    said = gateway(resources={"connection_limit": 9, "connectionLimit": 8})
    assert as_json(KINDS["MeshGateway"], said) == gateway(resources={"connectionLimit": 8})
    said = gateway(resources={"connectionLimit": 8, "connection_limit": 9})
    assert as_json(KINDS["MeshGateway"], said) == gateway(resources={"connectionLimit": 8})


@pytest.mark.parametrize("body", [gateway(cross_mesh=True), gateway(tls={}), {"conf": {}}, {"conf": None}, {}])
def test_nothing_else_is_renamed(body: dict[str, Any]):
    assert as_json(KINDS["MeshGateway"], body) == body


def test_a_name_that_protobuf_has_in_camel_case_has_no_other():
    found = judge_wire(
        KINDS["MeshGateway"], {"type": "MeshGateway", "name": "g", "mesh": "m", **gateway(cross_mesh=True)}
    )
    assert 'unknown key "cross_mesh"; did you mean "crossMesh"' in [violation.message for violation in found]


def test_below_a_spec_there_is_one_name():
    body = {"spec": {"target_ref": {"kind": "Mesh"}}}
    assert as_json(KINDS["MeshHTTPRoute"], body) == body
