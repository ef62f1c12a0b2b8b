"""What is promised of MeshOPA."""

from typing import Any

import pytest

import pulumi_mesh as mesh
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.spec import settled
from tests.kinds.documents import said_of, warned_of

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"appendPolicies": [{}]}, "appendPolicies[0].rego", "is required"),
    ({"appendPolicies": [{"rego": {"inline": "no base64"}}]}, "appendPolicies[0].rego.inline", "base64"),
    ({"appendPolicies": [{"rego": {"file": "/a"}}]}, "appendPolicies[0].rego.file", 'unknown key "file"'),
    ({"authConfig": {"onAgentFailure": "allow"}}, "authConfig.onAgentFailure", "must be one of Allow, Deny"),
    ({"authConfig": {"timeout": "5"}}, "authConfig.timeout", "duration"),
    ({"authConfig": {"requestBody": {"maxSize": "1k"}}}, "authConfig.requestBody.maxSize", "whole number"),
]


@pytest.mark.parametrize(("conf", "path", "why"), BAD)
def test_its_structure_is_that_of_the_schema(conf: dict[str, Any], path: str, why: str):
    ((where, message),) = said_of("MeshOPA", {"default": conf})
    assert where == f"spec.default.{path}"
    assert why in message


def test_nothing_has_to_be_said():
    assert said_of("MeshOPA", {}) == set()
    assert said_of("MeshOPA", {"default": {"appendPolicies": [{"rego": {}}]}}) == set()


def test_it_is_about_proxies_and_gateways():
    assert said_of("MeshOPA", {"targetRef": {"kind": "MeshGateway", "name": "edge", "tags": {"a": "b"}}}) == set()
    assert said_of("MeshOPA", {"targetRef": {"kind": "MeshHTTPRoute", "name": "x"}}, Release(2, 10)) == {
        ("spec.targetRef.kind", "value is not supported")
    }


def test_what_kuma_gives_up_is_a_warning():
    why = "MeshSubset value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"
    assert warned_of("MeshOPA", {"targetRef": {"kind": "MeshSubset"}}) == [why]


def test_the_configuration_of_the_agent_is_a_secret_and_the_policies_are_not():
    conf = mesh.OpaConf(
        agent_config=mesh.SecretOrInline(inline_string="token: hunter2"),
        append_policies=[mesh.OpaPolicy(rego=mesh.OpaRego(inline_string="package shop"))],
    )
    assert "hunter2" not in repr(conf)
    assert "package shop" in repr(conf)
    assert settled(mesh.OpaConf, conf) == {
        "agent_config": {"inline_string": "token: hunter2"},
        "append_policies": [{"rego": {"inline_string": "package shop"}}],
    }
