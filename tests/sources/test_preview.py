"""What is promised of previews: every step on an object is read, nothing that is hidden is taken for a value. Samples are the engine's."""

import json
from pathlib import Path
from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.provider.slot import Slot
from pulumi_mesh.provider.state import State
from pulumi_mesh.sources.preview import NoPreview, Planned, Preview, preview

HERE = Path(__file__).parent / "previews"


def sample(name: str) -> Preview:
    return preview((HERE / f"{name}.json").read_bytes())


def steps(name: str) -> dict[str, Planned]:
    """Return the steps of a sample, by Pulumi's name of the resource."""
    return {step.urn.rpartition("::")[2]: step for step in sample(name).steps}


def said(name: str) -> dict[str, Any]:
    return json.loads((HERE / f"{name}.json").read_text())


def test_each_step_says_what_becomes_of_which_object():
    ops = {name: (step.op, str(step.was), str(step.address)) for name, step in steps("change").items()}
    assert ops == {
        "newshop": ("update", "Mesh/newshop", "Mesh/newshop"),
        "cert": ("update", "Secret/newshop/cert", "Secret/newshop/cert"),
        "p": ("update", "MeshTrafficPermission/newshop/p", "MeshTrafficPermission/newshop/p"),
        "edge": ("replace", "MeshGateway/newshop/edge", "MeshGateway/newshop/other"),
        "l": ("update", "MeshGateway/newshop/gathers", "MeshGateway/newshop/gathers"),
        "l2": ("delete", "MeshGateway/newshop/gathers", "MeshGateway/newshop/gathers"),
    }


def test_both_sides_are_read_as_the_provider_reads_them():
    mesh = steps("change")["newshop"]
    assert isinstance(mesh.old, State)
    assert isinstance(mesh.new, State)
    assert mesh.old.said["mtls"]["enabled_backend"] == "ca-1"
    assert mesh.old.owner == "e2e.dev"
    assert mesh.old.release == "2.14.3"
    assert "mtls" not in mesh.new.said
    assert mesh.kind.name == "Mesh"


def test_a_listener_is_a_listener_and_lives_on_its_gateway():
    listener = steps("change")["l"]
    assert isinstance(listener.old, Slot)
    assert isinstance(listener.new, Slot)
    assert (listener.old.subject, listener.new.subject) == (
        "GatewayListener/newshop/gathers/80-HTTP-*",
        "GatewayListener/newshop/gathers/82-HTTP-*",
    )
    assert listener.kind.name == "MeshGateway"


def test_a_create_has_no_former_side_and_a_deletion_no_latter():
    assert {(step.old, step.op) for step in sample("create").steps} == {(None, "create")}
    assert {(step.new, step.op) for step in sample("destroy").steps} == {(None, "delete")}
    assert all(step.new is not None for step in sample("create").steps)


def test_tokens_and_what_is_not_ours_are_no_objects():
    assert {one["urn"].rpartition("::")[2] for one in said("create")["steps"]} - set(steps("create")) == {
        "e2e-dev",
        "tok",
    }


def test_what_is_secret_is_named_and_is_no_value():
    cert = steps("change")["cert"]
    assert cert.hidden == cert.hidden_before == ("data",)
    assert cert.old is not None
    assert cert.new is not None
    assert "data" not in cert.old.said
    assert "data" not in cert.new.said


def test_what_is_not_known_yet_is_named_and_is_no_value():
    edge = steps("unknown")["edge"]
    assert edge.hidden == ("labels.x",)
    assert edge.new is not None
    assert edge.new.said["labels"] == {}


def test_an_address_that_is_not_known_yet_says_so():
    plan = said("create")
    for step in plan["steps"]:
        if step["urn"].endswith("::p"):
            step["newState"]["inputs"]["mesh"] = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    found = {step.urn.rpartition("::")[2]: step for step in preview(json.dumps(plan)).steps}
    assert str(found["p"].address) == "MeshTrafficPermission/?/p"


@pytest.mark.parametrize(("name", "unlisted"), [("change", 1), ("sames", 0), ("refresh", 0), ("create", 0)])
def test_what_stays_the_same_is_listed_or_counted(name: str, unlisted: int):
    assert sample(name).unlisted == unlisted


def test_with_sames_and_with_a_refresh_what_stays_is_there():
    assert {name: step.op for name, step in steps("sames").items()} == {
        "newshop": "same",
        "cert": "update",
        "edge": "same",
    }
    assert {step.op for step in sample("refresh").steps} == {"same"}
    assert len(sample("refresh").steps) == 7


def test_after_a_refresh_the_step_that_changes_something_counts():
    plan = said("refresh")
    last = next(step for step in plan["steps"] if step["urn"].endswith("::p"))
    plan["steps"].append({**last, "op": "delete"})
    assert {step.op for step in preview(json.dumps(plan)).steps if step.urn.endswith("::p")} == {"delete"}


def test_a_replacement_is_one_step():
    plan = said("change")
    step = next(step for step in plan["steps"] if step["op"] == "replace")
    plan["steps"] += [{**step, "op": "create-replacement"}, {**step, "op": "delete-replaced"}]
    found = [one for one in preview(json.dumps(plan)).steps if one.urn == step["urn"]]
    assert [one.op for one in found] == ["replace"]


def test_a_preview_that_failed_is_none_and_says_why():
    with pytest.raises(NoPreview) as told:
        sample("error")
    assert "standard input: the preview failed" in str(told.value)
    assert "port must be in the range [1, 65535]" in str(told.value)


@pytest.mark.parametrize(
    "text", ["", "hi", "[]", "{}", "null", '{"steps": 3}', '{"steps": [{"op": "same"}]}', '{"steps": [1]}', "\xff"]
)
def test_something_else_is_no_preview(text: str):
    with pytest.raises(NoPreview, match="plan.json: is no preview; `pulumi preview --json` writes one"):
        preview(text.encode("latin-1"), "plan.json")


def test_a_step_of_a_kind_that_is_not_known_is_said_and_the_others_are_read():
    plan = said("create")
    for step in plan["steps"]:
        if step["urn"].endswith("::p"):
            step["newState"]["inputs"]["__kind"] = "MeshOfTomorrow"
    found = preview(json.dumps(plan))
    assert len(found.unread) == 1
    assert "MeshOfTomorrow" in found.unread[0]
    assert len(found.steps) == 6
