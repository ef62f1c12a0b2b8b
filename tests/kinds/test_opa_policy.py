"""What is promised of OPAPolicy."""

from typing import Any

import pytest

from pulumi_mesh.reconcile.plan import Nothing, plan
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from tests.kinds.documents import through_props

KIND = KINDS["OPAPolicy"]
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"policy": []}, "conf.policy", 'unknown key "policy"; did you mean "policies"'),
    ({"policies": [{"inline": "no base64"}]}, "conf.policies[0].inline", "must be standard base64"),
    ({"policies": [{"rego": {}}]}, "conf.policies[0].rego", 'unknown key "rego"'),
    ({"authConfig": {"onAgentFailure": "Allow"}}, "conf.authConfig.onAgentFailure", "must be one of allow, deny"),
    ({"authConfig": {"statusOnError": -1}}, "conf.authConfig.statusOnError", "must be at least 0"),
]


def policy(**conf: Any) -> dict[str, Any]:
    selectors = [{"match": {"kuma.io/service": "*"}}]
    return {"type": "OPAPolicy", "name": "it", "mesh": "shop", "selectors": selectors, "conf": conf}


@pytest.mark.parametrize(("conf", "path", "why"), BAD)
def test_its_structure_is_that_of_the_documentation(conf: dict[str, Any], path: str, why: str):
    (found,) = judge_wire(KIND, policy(**conf))
    assert found.path == path
    assert why in found.message


def test_that_requests_do_not_pass_without_the_agent_goes_without_saying():
    silent = policy(authConfig={"statusOnError": 413})
    said = policy(authConfig={"statusOnError": 413, "onAgentFailure": "deny"})
    assert isinstance(plan(KIND, Document.found(KIND, silent), through_props(KIND, said)), Nothing)
    assert isinstance(plan(KIND, Document.found(KIND, said), through_props(KIND, silent)), Nothing)
