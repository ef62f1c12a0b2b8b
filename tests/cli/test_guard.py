"""What is promised of `guard`: a plan that goes too far ends with 2, one that cannot be judged with 1, in text and JSON alike."""

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_mesh.ingress.guard import RULES
from tests.cli.command import run
from tests.ingress.plans import step, timeouts, written

SAMPLES = Path(__file__).parent.parent / "sources" / "previews"
SOME = written(*timeouts(4, "delete"), *timeouts(6, "same", at=4))
PERMISSION = {"name": "p", "from_": [{"target_ref": {"kind": "Mesh"}, "default": {"action": "Allow"}}]}
TOO_MUCH = written(step("create", "MeshTrafficPermission", None, PERMISSION), *timeouts(10, "delete"))


def test_a_plan_that_goes_not_too_far_ends_with_0_and_an_empty_report():
    ran = run("guard", SAMPLES / "create.json")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "7 steps in 1 mesh: nothing refused\n"


def test_a_plan_that_goes_too_far_ends_with_2_and_says_each_refusal_on_a_line_with_its_rule():
    ran = run("guard", SAMPLES / "change.json")
    assert ran.code == 2
    assert ran.lines == [
        "mtls-off         Mesh/newshop: mTLS is turned off (enabled_backend ca-1): traffic is no longer encrypted",
        "open-permission  MeshTrafficPermission/newshop/p: lets everybody call everything: from_[0]: Allow for Mesh",
    ]
    assert "if it is meant so: --allow mtls-off --allow open-permission" in ran.err
    assert "Secret/newshop/cert: changes, and a preview hides how" in ran.err


@pytest.mark.parametrize("args", [(), ("-",)])
def test_a_plan_comes_from_standard_input_too(args: tuple[str, ...]):
    assert run("guard", *args, stdin=SOME).code == 2
    assert run("guard", *args, stdin=(SAMPLES / "sames.json").read_bytes()).code == 0


def test_json_says_the_same_as_a_value():
    ran = run("guard", "--format", "json", stdin=TOO_MUCH)
    assert ran.code == 2
    assert ran.report["refused"] == [
        {
            "rule": "max-delete",
            "mesh": "shop",
            "address": "Mesh/shop",
            "urn": None,
            "message": "the plan deletes 10 of 10 objects (100%), more than 30%",
        },
        {
            "rule": "open-permission",
            "mesh": "shop",
            "address": "MeshTrafficPermission/shop/p",
            "urn": "urn:pulumi:dev::shop::pulumi-python:dynamic/mesh:MeshTrafficPermission::p",
            "message": "lets everybody call everything: from_[0]: Allow for Mesh",
        },
    ]
    assert ran.report["summary"] == {
        "steps": 11,
        "refused": 2,
        "allowed": 0,
        "unlisted": 0,
        "meshes": [
            {"control_plane": "default", "mesh": "shop", "listed": 10, "created": 1, "updated": 0, "deleted": 10}
        ],
        "untold": [],
        "notes": [],
    }


def test_what_is_allowed_passes_and_is_still_said():
    ran = run("guard", "--allow", "max-delete", "--allow", "open-permission", "--format", "json", stdin=TOO_MUCH)
    assert ran.code == 0
    assert ran.report["refused"] == []
    assert [one["rule"] for one in ran.report["allowed"]] == ["max-delete", "open-permission"]
    assert "allowed (max-delete): Mesh/shop: the plan deletes 10 of 10 objects" in ran.err
    assert run("guard", "--allow", "max-delete", stdin=TOO_MUCH).code == 2


@pytest.mark.parametrize("said", ["40%", "40", " 40.0 %"])
def test_a_share_is_a_percentage(said: str):
    assert run("guard", "--max-delete", said, stdin=SOME).code == 0
    assert run("guard", "--max-delete", "39.9%", stdin=SOME).code == 2
    changed = SOME.replace('"op": "delete"', '"op": "update"')
    assert run("guard", "--max-update", said, stdin=changed).code == 0
    assert run("guard", "--max-update", "39.9", stdin=changed).code == 2


def test_a_small_mesh_may_be_said_to_count():
    assert run("guard", "--min-existing", "11", stdin=SOME).code == 0
    assert run("guard", "--min-existing", "1", stdin=written(*timeouts(1, "delete"))).code == 2


@pytest.mark.parametrize(
    "args",
    [("--max-delete", "a"), ("--max-delete", "101%"), ("--max-update", "-1"), ("--allow", "all"), ("--format", "xml")],
)
def test_wrong_use_is_1(args: tuple[str, ...]):
    ran = run("guard", *args, stdin=SOME)
    assert (ran.code, ran.out) == (1, "")
    assert args[0] in ran.err


def test_a_rule_that_does_not_exist_is_answered_with_those_that_do():
    err = run("guard", "--allow", "all", stdin=SOME).err
    assert all(rule in err for rule in RULES)


@pytest.mark.parametrize("stdin", ["", "hi", "{}", "[1]"])
def test_what_is_no_preview_ends_with_1(stdin: str):
    ran = run("guard", stdin=stdin)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "error: standard input: is no preview; `pulumi preview --json` writes one\n"


def test_a_preview_that_failed_ends_with_1_and_says_why():
    ran = run("guard", SAMPLES / "error.json")
    assert (ran.code, ran.out) == (1, "")
    assert "the preview failed" in ran.err
    assert "port must be in the range" in ran.err


def test_a_file_that_is_not_there_ends_with_1(tmp_path: Path):
    assert run("guard", tmp_path / "none.json").code == 1


def test_what_cannot_be_told_ends_with_1_unless_something_is_refused_anyway():
    steps = [*timeouts(4, "delete"), *timeouts(1, "update", mesh="pets")]
    ran = run("guard", stdin=written(*steps, unlisted=40))
    assert ran.code == 1
    assert "--show-sames" in ran.err
    mesh = step("delete", "Mesh", {"name": "pets"}, None)
    assert run("guard", stdin=written(*steps, mesh, unlisted=40)).code == 2


def test_a_report_goes_to_a_file_where_that_is_said(tmp_path: Path):
    for form in ("text", "json"):
        out = tmp_path / form
        ran = run("guard", "--format", form, "--out", out, stdin=TOO_MUCH)
        assert (ran.code, ran.out) == (2, "")
        assert out.read_text() == run("guard", "--format", form, stdin=TOO_MUCH).out
    assert run("guard", "--out", tmp_path / "no" / "way", stdin=TOO_MUCH).code == 1


def test_no_secret_is_repeated():
    said: dict[str, Any] = {"name": "s", "data": "c2VjcmV0"}  # in the clear: never so by the engine
    ran = run("guard", "--format", "json", stdin=written(step("update", "Secret", said, {**said, "data": "b3RoZXI="})))
    assert "c2VjcmV0" not in ran.out + ran.err
    assert json.loads(ran.out)["summary"]["steps"] == 1
