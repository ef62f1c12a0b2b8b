"""The normal form: what means the same is equal in it."""

from typing import Any

import pytest

from pulumi_mesh.schema.normal import normal
from tests.toys import LEGACY, SPEC


def form(body: dict[str, Any]) -> dict[str, Any]:
    return normal(LEGACY.body, body, legacy=True)


def spec_form(body: dict[str, Any]) -> dict[str, Any]:
    body = {**body.get("conf", {}), **{key: value for key, value in body.items() if key != "conf"}}
    return normal(SPEC.body, {"spec": body}, legacy=False).get("spec", {})


def door(**fields: Any) -> dict[str, Any]:
    return {"conf": {"doors": [{"port": 80, **fields}]}}


SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("the spelling of a duration", door(shutAfter="90s"), door(shutAfter="1m30s")),
    ("zero durations", door(shutAfter="0"), door(shutAfter="0s")),
    ("a default that the control plane writes", door(), door(shutAfter="15s")),
    ("a default beside other fields", door(), {"conf": {**door()["conf"], "height": 1}}),
    ("a default where all is absent", {}, {"conf": {"height": 1}}),
    ("the order of a set", {"conf": {"grants": ["a", "b"]}}, {"conf": {"grants": ["b", "a"]}}),
    (
        "the order of items that have a name",
        {"conf": {"doors": [{"port": 80}, {"port": 81, "host": "x"}]}},
        {"conf": {"doors": [{"port": 81, "host": "x"}, {"port": 80}]}},
    ),
    ("whole numbers as floats", door(port=80.0), door(port=80)),
    ("an empty list", {"steps": []}, {}),
    ("an empty map", {"tags": {}}, {}),
    ("a field that is null", {"steps": None, "cellar": {"file": None}}, {}),
    ("a field that the control plane owns", {"seen": "yesterday"}, {}),
    ("a field that nobody here knows", {"chimney": 1, "conf": {"roof": 2}}, {}),
]
LEGACY_SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("zero", door(wide=False), door()),
    ("empty text", door(host=""), door()),
    ("an enum's number", door(colour=1), door(colour="RED")),
    ("an enum's zero, by name", door(colour="NONE"), door()),
    ("an enum's zero, by number", door(colour=0), door()),
]
DIFFERENT: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a duration", door(shutAfter="90s"), door(shutAfter="91s")),
    ("the order of a plain list", {"steps": [1, 2]}, {"steps": [2, 1]}),
    (
        "the order of items without a name",
        door(hinges=[{"side": "l"}, {"side": "r"}]),
        door(hinges=[{"side": "r"}, {"side": "l"}]),
    ),
    ("an empty value where presence counts", {"conf": {"ownerID": ""}}, {}),
    ("one item twice", {"conf": {"grants": ["a", "a"]}}, {"conf": {"grants": ["a"]}}),
    ("another value than the default", door(shutAfter="20s"), door()),
]


@pytest.mark.parametrize(("what", "one", "other"), SAME, ids=[what for what, *_ in SAME])
def test_it_means_nothing(what: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert form(one) == form(other)
    assert spec_form(one) == spec_form(other)


@pytest.mark.parametrize(("what", "one", "other"), LEGACY_SAME, ids=[what for what, *_ in LEGACY_SAME])
def test_it_means_nothing_in_the_legacy_shape(what: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(("what", "one", "other"), DIFFERENT, ids=[what for what, *_ in DIFFERENT])
def test_it_means_something(what: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert form(one) != form(other)
    assert spec_form(one) != spec_form(other)


def test_zero_values_count_in_the_spec_shape() -> None:
    assert spec_form(door(wide=False)) != spec_form(door())


def test_items_are_named_by_their_key_with_a_star_for_what_is_absent() -> None:
    assert list(form(door())["conf"]["doors"]) == ["80 *"]


def test_items_that_share_a_name_stay_a_list() -> None:
    doors = form({"conf": {"doors": [{"port": 80}, {"port": 80}]}})["conf"]["doors"]
    assert [item["port"] for item in doors] == [80, 80]


def test_a_default_may_depend_on_a_sibling() -> None:
    assert form({"conf": {"ownerID": "giant"}})["conf"]["height"] == 9
    assert form({"conf": {"ownerID": "dwarf"}})["conf"]["height"] == 1


def test_a_variant_is_read_by_the_field_that_names_it() -> None:
    lock = {"name": "b", "type": "code", "conf": {"wait": "60s"}}
    assert form(door(locks=[lock]))["conf"]["doors"]["80 *"]["locks"]["b"]["conf"] == {"wait": "1m0s"}


def test_the_normal_form_of_a_normal_form_of_plain_fields_is_itself() -> None:
    body = {"tags": {"a": "b"}, "steps": [1, 2], "cellar": {"file": "x"}}
    assert form(form(body)) == form(body)
