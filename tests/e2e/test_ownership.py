"""An object that is there already: whose it is decides, and `adopt=` overrules."""

import json

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import OWNER, Plane

pytestmark = pytest.mark.live


@pytest.fixture
def there(plane: Plane, gateways: str, shop: str) -> str:
    """A gateway that nobody owns."""
    put(plane, gateways, shop, "edge")
    return f"{gateways}/edge"


def put(plane: Plane, gateways: str, mesh: str, name: str, **more: object) -> None:
    body = {
        "type": "MeshGateway",
        "mesh": mesh,
        "name": name,
        "selectors": [{"match": {"kuma.io/service": "edge"}}],
        "conf": {"listeners": [{"port": 8080, "protocol": "HTTP"}]},
    }
    plane.put(f"{gateways}/{name}", body | more)


def test_what_nobody_owns_is_refused_and_left_alone(stack: Stack, plane: Plane, gate: Gate, there: str):
    was = plane.get(there)
    refused = stack.up("gateway(labels={'team': 'a'})", code=1)
    assert f"MeshGateway/{stack.mesh}/edge: exists already, and no stack owns it" in refused.text
    assert 'adopt="overwrite"' in refused.text
    assert "Traceback" not in refused.text
    assert gate.writes() == []
    assert plane.get(there) == was
    assert stack.resources() == {}


def test_what_another_stack_owns_is_refused_by_the_name_of_that_stack(
    stack: Stack, another: Stack, plane: Plane, gate: Gate, gateways: str
):
    another.up("gateway()")
    gate.forget()
    refused = stack.up("gateway(labels={'team': 'a'})", code=1)
    assert f"MeshGateway/{stack.mesh}/edge: belongs to the stack other.prod" in refused.text
    assert gate.writes() == []
    taken = stack.up("gateway(labels={'team': 'a'}, adopt='overwrite')")
    assert "belongs to the stack other.prod; taken over" in taken.text
    assert plane.owner(f"{gateways}/edge") == stack.owner
    refused = another.up("gateway(labels={'team': 'b'})", code=1)
    assert f"belongs to the stack {stack.owner} by now" in refused.text
    assert plane.get(f"{gateways}/edge")["labels"]["team"] == "a"


def test_a_stack_that_lost_its_object_to_another_does_not_delete_it(
    stack: Stack, another: Stack, plane: Plane, gateways: str
):
    another.up("gateway()")
    stack.up("gateway(adopt='overwrite')")
    another.up("")
    assert plane.names(gateways) == ["edge"]
    assert another.resources() == {}
    stack.settled()


def test_what_an_interrupted_up_left_behind_is_taken_over_without_a_word(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    """The state of the stack is empty, as after a kill with checkpoints skipped."""
    put(plane, gateways, stack.mesh, "same", labels={OWNER: stack.owner})
    put(plane, gateways, stack.mesh, "other", labels={OWNER: stack.owner, "team": "z"})
    made = stack.up("gateway('same')\ngateway('other', labels={'team': 'a'})")
    assert "taken over" not in made.text
    assert gate.writes() == [f"PUT {gateways}/other"]
    assert plane.get(f"{gateways}/other")["labels"]["team"] == "a"
    stack.settled()


def test_what_is_identical_is_adopted_without_a_change(stack: Stack, plane: Plane, gate: Gate, there: str):
    stack.up("gateway(adopt='identical')")
    assert plane.owner(there) == stack.owner
    assert gate.writes() == [f"PUT {there}"]
    stack.settled()
    stack.program("gateway()")
    stack.preview(None, "--expect-no-changes")


def test_what_is_not_identical_is_not_adopted_as_identical(stack: Stack, plane: Plane, gate: Gate, there: str):
    refused = stack.up(
        "gateway(adopt='identical', labels={'team': 'a'}, listeners=[{**HTTP, 'hostname': 'x.example'}])", code=1
    )
    assert 'adopt="identical" would change it' in refused.text
    assert "+ labels.team: 'a'" in refused.text
    assert "x.example" in refused.text
    assert gate.writes() == []


def test_what_is_overwritten_says_what_changed(stack: Stack, plane: Plane, there: str):
    taken = stack.up("gateway(adopt='overwrite', listeners=[{'port': 9000, 'protocol': 'TCP'}])")
    assert (
        f"MeshGateway/{stack.mesh}/edge: exists already, and no stack owns it; taken over, with changes" in taken.text
    )
    assert "9000" in taken.text
    assert plane.get(there)["conf"]["listeners"] == [{"port": 9000, "protocol": "TCP"}]
    stack.settled()


def test_import_in_the_options_adopts(stack: Stack, plane: Plane, there: str):
    stack.up("gateway(opts=pulumi.ResourceOptions(import_='MeshGateway/' + SHOP + '/edge'))")
    assert plane.owner(there) == stack.owner
    stack.program("gateway()")
    stack.preview(None, "--expect-no-changes")
    stack.settled()


def test_what_the_control_plane_does_not_have_is_made_although_adopt_is_said(stack: Stack, plane: Plane, gateways: str):
    stack.up("gateway(adopt='identical')")
    assert plane.names(gateways) == ["edge"]


def test_an_import_file_with_inputs_and_outputs_brings_many_under_pulumi(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    from pulumi_mesh.provider.state import PICKLED

    names = [f"gw-{index}" for index in range(5)]
    for name in names:
        put(plane, gateways, stack.mesh, name)

    def entry(name: str) -> dict[str, object]:
        said = {
            "name": name,
            "mesh": stack.mesh,
            "selectors": [{"match": {"kuma.io/service": "edge"}}],
            "listeners": [{"port": 8080, "protocol": "HTTP"}],
            "control_plane": "default",
            "__kind": "MeshGateway",
            "__provider": PICKLED,
        }
        type_, id_ = "pulumi-python:dynamic/mesh:MeshGateway", f"MeshGateway/{stack.mesh}/{name}"
        return {"type": type_, "name": name, "id": id_, "inputs": said, "outputs": said}

    file = stack.at / "import.json"
    file.write_text(json.dumps({"resources": [entry(name) for name in names]}))
    stack.program("for index in range(5):\n    gateway(f'gw-{index}')")
    flags = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
    stack.pulumi("import", "--stack", stack.name, "--file", str(file), *flags)
    assert sorted(stack.resources()) == names
    gate.forget()
    stack.up()  # the label that says whose they are
    assert {plane.owner(f"{gateways}/{name}") for name in names} == {stack.owner}
    stack.settled()


def test_without_owner_labels_everything_is_as_in_the_program(stack: Stack, plane: Plane, gateways: str):
    stack.config("mesh:owner", "off")
    stack.up("gateway()")
    assert plane.owner(f"{gateways}/edge") == ""
    stack.settled()
    stack.destroy()
    assert plane.names(gateways) == []
