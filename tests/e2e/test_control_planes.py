"""Where a control plane is and who we are to it: several of them, tokens that rotate, stores that are not the same."""

import json
from collections.abc import Iterator

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate, Reply, Request
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live


@pytest.fixture
def eu(plane: Plane) -> Iterator[Gate]:
    """A second way in; what is written through it can be told by its own requests."""
    gate = Gate(plane.url, plane.token)
    yield gate
    gate.close()


def test_two_control_planes_in_one_program(stack: Stack, gate: Gate, eu: Gate, gateways: str, new_mesh):
    other = new_mesh()
    stack.env["PULUMI_MESH_EU_URL"] = eu.url
    stack.up(f"gateway('here')\ngateway('there', mesh='{other}', control_plane='eu')")
    assert gate.writes() == [f"PUT {gateways}/here"]
    assert eu.writes() == [f"PUT /meshes/{other}/meshgateways/there"]
    stack.settled()
    gate.forget()
    eu.forget()
    stack.up(f"gateway('here')\ngateway('there', mesh='{other}')")
    assert eu.writes() == [f"DELETE /meshes/{other}/meshgateways/there"]
    assert gate.writes() == [f"PUT /meshes/{other}/meshgateways/there"]
    stack.settled()


def test_a_control_plane_from_the_config_of_the_stack(stack: Stack, eu: Gate, gate: Gate, gateways: str):
    """`refresh` and `destroy` without the program know it, too."""
    eu.token = "secret-eu-token"
    stack.pulumi("config", "set", "--stack", stack.name, "--path", "mesh:controlPlanes.eu.url", eu.url)
    stack.pulumi("config", "set", "--stack", stack.name, "--path", "--secret", "mesh:controlPlanes.eu.token", eu.token)
    stack.up("gateway(control_plane='eu')")
    assert eu.writes() == [f"PUT {gateways}/edge"]
    assert eu.token not in stack.file()
    stack.refresh("--preview-only", "--expect-no-changes")
    stack.destroy()
    assert eu.writes()[-1] == f"DELETE {gateways}/edge"
    assert gate.requests == []


def test_a_name_that_nobody_configured_says_how_to_give_its_url(stack: Stack):
    refused = stack.up("gateway(control_plane='eu')", code=1)
    assert "PULUMI_MESH_EU_URL" in refused.text
    assert "Traceback" not in refused.text


def test_a_token_of_the_environment_may_rotate_before_any_verb(stack: Stack, gate: Gate, plane: Plane, gateways: str):
    gate.token = "token-1-in-the-clear"
    stack.up("gateway()", PULUMI_MESH_TOKEN=gate.token)
    gate.token = "token-2-in-the-clear"
    stack.refresh(PULUMI_MESH_TOKEN=gate.token)
    file = stack.at / "token"
    gate.token = "token-3-in-the-clear"
    file.write_text(gate.token + "\n")
    stack.up("gateway(labels={'team': 'a'})", PULUMI_MESH_TOKEN_FILE=str(file))
    gate.token = "token-4-in-the-clear"
    refused = stack.destroy(PULUMI_MESH_TOKEN="token-3-in-the-clear", code=1)
    assert "401" in refused.text
    assert "PULUMI_MESH_TOKEN" in refused.text
    assert "in-the-clear" not in refused.text
    stack.destroy(PULUMI_MESH_TOKEN_COMMAND=f"echo {gate.token}")
    assert plane.names(gateways) == []
    assert "in-the-clear" not in stack.file()


def test_a_token_of_the_config_may_rotate_without_a_change_of_any_resource(
    stack: Stack, gate: Gate, plane: Plane, gateways: str
):
    gate.token = "token-1-in-the-clear"
    stack.config("mesh:token", gate.token, "--secret")
    stack.up("gateway()")
    gate.token = "token-2-in-the-clear"
    stack.config("mesh:token", gate.token, "--secret")
    stack.preview(None, "--expect-no-changes")
    stack.up("gateway(labels={'team': 'a'})")
    gate.token = "token-3-in-the-clear"
    stack.config("mesh:token", gate.token, "--secret")
    stack.destroy("--run-program")
    assert plane.names(gateways) == []
    assert "in-the-clear" not in stack.file()


def moved(request: Request) -> Reply | None:
    """Answer as a control plane that began a new life."""
    index = {"product": "Kuma", "version": "2.10.11", "clusterId": "another-life", "instanceId": "x", "gui": "/gui"}
    return Reply(200, index) if request.path == "/" else None


def test_another_control_plane_behind_the_same_url_is_refused_until_it_is_allowed(
    stack: Stack, gate: Gate, plane: Plane, gateways: str
):
    stack.up("gateway()")
    gate.forget()
    gate.before = moved
    for ran in (stack.up("gateway(labels={'team': 'a'})", code=1), stack.refresh(code=1), stack.destroy(code=1)):
        assert "another-life" in ran.text
        assert "mesh:allowClusterChange" in ran.text
        assert "Traceback" not in ran.text
    assert gate.writes() == []
    stack.config("mesh:allowClusterChange", "true")
    stack.up()
    assert gate.writes() == [f"PUT {gateways}/edge"]


def test_a_new_resource_is_refused_too_when_the_control_plane_is_another(stack: Stack, gate: Gate):
    stack.up("gateway('one')")
    gate.forget()
    gate.before = moved
    refused = stack.up("one = gateway('one')\ngateway('two', opts=pulumi.ResourceOptions(depends_on=[one]))", code=1)
    assert "another-life" in refused.text
    assert gate.writes() == []


def test_a_run_that_is_on_another_control_plane_before_it_can_know_says_so(stack: Stack, gate: Gate):
    """The engine tells what the stack holds one resource after another: a new one may come first."""
    stack.up("gateway('one')")
    gate.before = moved
    refused = stack.up("two = gateway('two')\ngateway('one', opts=pulumi.ResourceOptions(depends_on=[two]))", code=1)
    assert "another-life" in refused.text
    assert "mesh:allowClusterChange" in refused.text


def test_the_url_of_the_config_is_taken_where_the_environment_says_none(stack: Stack, gate: Gate, gateways: str):
    stack.config("mesh:url", gate.url)
    stack.env["PULUMI_MESH_URL"] = ""
    stack.up("gateway()")
    assert gate.writes() == [f"PUT {gateways}/edge"]
    stack.settled()
    assert json.loads(stack.pulumi("config", "--stack", stack.name, "--json"))["mesh:url"]["value"] == gate.url
