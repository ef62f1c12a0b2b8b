"""Names and paths, both ways."""

from typing import Any

import pytest

from pulumi_mesh.schema.rules import at, dig, steps
from pulumi_mesh.schema.spec import camel
from pulumi_mesh.schema.wire import argument_path, from_wire, render, secret_at, to_wire, wire_path
from tests.toys import LEGACY, SPEC

SAID: dict[str, Any] = {
    "name": "home",
    "doors": [
        {
            "port": 80,
            "shut_after": "5s",
            "locks": [
                {"type": "key", "name": "a", "teeth": 7, "key": {"inline": "AAAA"}},
                {"type": "code", "name": "b", "code": "1234", "wait": "1s"},
            ],
            "hinges": [{"oil_grade": 3}],
        }
    ],
    "owner_id": "o",
    "rooms": {"bath.room": {"oil_grade": 1}},
    "tags": {"kuma.io/service": "x"},
}
BODY: dict[str, Any] = {
    "conf": {
        "doors": [
            {
                "port": 80,
                "shutAfter": "5s",
                "locks": [
                    {"type": "key", "name": "a", "conf": {"teeth": 7, "key": {"inline": "AAAA"}}},
                    {"type": "code", "name": "b", "conf": {"code": "1234", "wait": "1s"}},
                ],
                "hinges": [{"oilGrade": 3}],
            }
        ],
        "ownerID": "o",
    },
    "rooms": {"bath.room": {"oilGrade": 1}},
    "tags": {"kuma.io/service": "x"},
}
SPEC_BODY = {"spec": {**BODY["conf"], **{key: value for key, value in BODY.items() if key != "conf"}}}
PATHS = [
    ("doors[0].shut_after", "conf.doors[0].shutAfter", ["doors", 0, "shut_after"]),
    ("owner_id", "conf.ownerID", ["owner_id"]),
    ('tags["kuma.io/service"]', 'tags["kuma.io/service"]', ["tags", "kuma.io/service"]),
    ('rooms["bath.room"].oil_grade', 'rooms["bath.room"].oilGrade', ["rooms", "bath.room", "oil_grade"]),
    (
        "doors[0].locks[1].wait",
        "conf.doors[0].locks[1].conf.wait",
        ["doors", 0, "locks", 1, "code", "wait"],
    ),
    ("steps[2]", "steps[2]", ["steps", 2]),
    ("grants[0]", "conf.grants[0]", ["grants", 0]),
    ('labels["team"]', 'labels["team"]', ["labels", "team"]),
    ("doors[3].hinges[1].unheard_of", "conf.doors[3].hinges[1].unheard_of", ["doors", 3, "hinges", 1, "unheard_of"]),
]


@pytest.mark.parametrize(
    ("wire", "name"), [("targetRef", "target_ref"), ("from", "from_"), ("port", "port"), ("proxyTypes", "proxy_types")]
)
def test_a_name_is_spelled_in_camel_case_on_the_wire(wire: str, name: str) -> None:
    assert wire == camel(name)


def test_what_a_program_says_is_spelled_as_the_control_plane_does() -> None:
    body = {key: value for key, value in SAID.items() if key != "name"}
    assert to_wire(LEGACY.model, body) == BODY
    assert to_wire(SPEC.model, body) == SPEC_BODY


def test_what_the_control_plane_says_is_spelled_as_a_program_does() -> None:
    body = {key: value for key, value in SAID.items() if key != "name"}
    assert from_wire(LEGACY.body, BODY) == (body, [])
    assert from_wire(SPEC.body, SPEC_BODY) == (body, [])


@pytest.mark.parametrize(("argument", "wire", "location"), PATHS)
def test_a_path_exists_in_both_spellings(argument: str, wire: str, location: list[str | int]) -> None:
    assert wire_path(LEGACY.model, location) == wire
    assert argument_path(LEGACY.model, wire) == argument


@pytest.mark.parametrize(("argument", "wire", "location"), PATHS)
def test_in_the_spec_shape_the_path_begins_below_spec(argument: str, wire: str, location: list[str | int]) -> None:
    wire = wire if location[0] == "labels" else f"spec.{wire.removeprefix('conf.')}"
    assert wire_path(SPEC.model, location) == wire
    assert argument_path(SPEC.model, wire) == argument


def test_a_key_that_no_field_declares_is_returned_with_its_whole_path() -> None:
    body = {
        "conf": {"doors": [{"port": 1, "locks": [{"type": "code", "conf": {"secret_sauce": 1}}]}], "roof": 2},
        "x": 3,
    }
    said, strange = from_wire(LEGACY.body, body)
    assert {one.path: one.value for one in strange} == {
        "conf.doors[0].locks[0].conf.secret_sauce": 1,
        "conf.roof": 2,
        "x": 3,
    }
    assert "wait" in strange[0].known
    assert said["doors"][0]["port"] == 1


def test_the_number_of_an_enum_is_read_as_its_name() -> None:
    said, _ = from_wire(LEGACY.body, {"conf": {"doors": [{"port": 1, "colour": 2}]}})
    assert said["doors"][0]["colour"] == "BLUE"


@pytest.mark.parametrize(
    ("secret", "path"),
    [
        (True, "safe"),
        (True, "cellar.inline"),
        (False, "cellar.file"),
        (True, "conf.doors[0].locks[0].conf.key.inline"),
        (True, "conf.doors[0].locks[1].conf.code"),
        (False, "conf.doors[0].locks[1].conf.wait"),
        (False, "conf.doors"),
        (False, "tags.safe"),
    ],
)
def test_a_path_tells_whether_it_leads_into_a_secret(secret: bool, path: str) -> None:
    assert secret_at(LEGACY.model, path) == secret
    assert secret_at(SPEC.model, f"spec.{path.removeprefix('conf.')}") == secret


def test_names_of_items_in_a_path_may_hold_anything() -> None:
    path = ["conf", "doors", "80 shop.example", "locks", "a.b", "conf", "code"]
    assert secret_at(LEGACY.model, path)


@pytest.mark.parametrize(
    "path",
    ["a", "a.b", "a[0].b", 'a["x.y/z"].b[3]', 'labels["kuma.io/zone"]', "[2]", "a[0][1]"],
)
def test_a_path_taken_apart_and_put_together_is_the_same(path: str) -> None:
    from pulumi_mesh.schema.wire import Key

    taken = [Key(step) if isinstance(step, str) and f'["{step}"]' in path else step for step in steps(path)]
    assert render(taken) == path


def test_a_path_that_leads_nowhere_leads_to_none() -> None:
    assert dig({"a": {"b": 1}}, "a.b") == 1
    assert dig({"a": [1]}, "a.b") is None
    assert at({"a": [{"b": 1}]}, "a[0].b") == 1
    assert at({"a": [{"b": 1}]}, "a[1].b") is None
    assert at({"a": 1}, "a[0].b") is None
    assert at({"a": {"x.y": 1}}, 'a["x.y"]') == 1
