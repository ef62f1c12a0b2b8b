"""The difference as sentences: actual, desired, expected."""

from typing import Any

import pytest

from pulumi_mesh.reconcile.diff import Change, diff
from pulumi_mesh.schema.document import Document
from tests.toys import LEGACY, SPEC, document

TABLE: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("nothing", {"conf": {"doors": [{"port": 80}]}}, {"conf": {"doors": [{"port": 80}]}}, []),
    (
        "a value in an item that has a name",
        {"conf": {"doors": [{"port": 80, "host": "shop.example", "shutAfter": "1s"}]}},
        {"conf": {"doors": [{"port": 80, "host": "shop.example", "shutAfter": "2s"}]}},
        ["~ conf.doors[80 shop.example].shutAfter: '1s' -> '2s'"],
    ),
    (
        "an item more and an item less",
        {"conf": {"doors": [{"port": 80}, {"port": 81}]}},
        {"conf": {"doors": [{"port": 80}, {"port": 82}]}},
        [
            "- conf.doors[81 *]: {'port': 81, 'shutAfter': '15s'}",
            "+ conf.doors[82 *]: {'port': 82, 'shutAfter': '15s'}",
        ],
    ),
    ("an entry of a map", {"tags": {"a.b/c": "1"}}, {"tags": {"a.b/c": "2"}}, ["~ tags[a.b/c]: '1' -> '2'"]),
    ("an entry that looks private", {"tags": {"__x": "1"}}, {"tags": {"__x": "2"}}, ["~ tags.__x: '1' -> '2'"]),
    ("a field that is gone", {}, {"owner": 1, "cellar": {"file": "f"}}, ["+ cellar: {'file': 'f'}"]),
    ("a field too many", {"cellar": {"file": "f"}}, {}, ["- cellar: {'file': 'f'}"]),
    ("text for a number", {"conf": {"height": "2"}}, {"conf": {"height": 2}}, []),
    (
        "text beside numbers",
        {"conf": {"doors": [{"port": 80, "width": "2"}]}},
        {"conf": {"doors": [{"port": 80, "width": 2}]}},
        ["~ conf.doors[80 *].width: '2' -> 2"],
    ),
    ("a plain list", {"steps": [1, 2]}, {"steps": [1, 3]}, ["~ steps[1]: 2 -> 3"]),
    (
        "an item without a name",
        {"conf": {"doors": [{"port": 80, "hinges": [{"side": "l"}]}]}},
        {"conf": {"doors": [{"port": 80, "hinges": [{"side": "r"}]}]}},
        ["~ conf.doors[80 *].hinges[0].side: 'l' -> 'r'"],
    ),
    ("a secret", {"safe": "hunter2"}, {"safe": "hunter3"}, ["~ safe: (secret)"]),
    (
        "a secret below a name with dots",
        {
            "conf": {
                "doors": [
                    {"port": 80, "host": "a.b", "locks": [{"name": "x", "type": "code", "conf": {"code": "hunter2"}}]}
                ]
            }
        },
        {
            "conf": {
                "doors": [
                    {"port": 80, "host": "a.b", "locks": [{"name": "x", "type": "code", "conf": {"code": "hunter3"}}]}
                ]
            }
        },
        ["~ conf.doors[80 a.b].locks.x.conf.code: (secret)"],
    ),
    ("a secret within what is added", {}, {"cellar": {"inline": "aHVudGVyMg=="}}, ["+ cellar: {'inline': '(secret)'}"]),
    (
        "a secret within what is removed",
        {"conf": {"doors": [{"port": 1, "locks": [{"name": "x", "type": "code", "conf": {"code": "hunter2"}}]}]}},
        {},
        [
            "- conf.doors: {'1 *': {'port': 1, 'locks': {'x': {'name': 'x', 'type': 'code', 'conf': {'code': '(secret)'}}}, 'shutAfter': '15s'}}"
        ],
    ),
]


@pytest.mark.parametrize(("what", "actual", "desired", "expected"), TABLE, ids=[what for what, *_ in TABLE])
def test_a_difference_is_said_in_sentences(
    what: str, actual: dict[str, Any], desired: dict[str, Any], expected: list[str]
) -> None:
    assert sorted(expected) == sorted(str(change) for change in diff(LEGACY, document(actual), document(desired)))


@pytest.mark.parametrize(("what", "actual", "desired", "expected"), TABLE, ids=[what for what, *_ in TABLE])
def test_a_difference_and_its_opposite_name_the_same_paths(
    what: str, actual: dict[str, Any], desired: dict[str, Any], expected: list[str]
) -> None:
    there = {change.path for change in diff(LEGACY, document(actual), document(desired))}
    back = {change.path for change in diff(LEGACY, document(desired), document(actual))}
    assert there == back


@pytest.mark.parametrize(("what", "actual", "desired", "expected"), TABLE, ids=[what for what, *_ in TABLE])
def test_a_secret_is_in_no_repr(
    what: str, actual: dict[str, Any], desired: dict[str, Any], expected: list[str]
) -> None:
    changes = diff(LEGACY, document(actual), document(desired))
    assert not any(secret in repr(changes) for secret in ("hunter", "aHVudGVyMg"))
    assert not any(secret in repr(document(desired)) for secret in ("hunter", "aHVudGVyMg"))


def test_a_label_that_the_control_plane_computes_counts_only_where_it_is_desired() -> None:
    live = document({}, labels={"kuma.io/zone": "east", "team": "a"})
    assert diff(LEGACY, live, document({}, labels={"team": "a"})) == ()
    wanted = document({}, labels={"team": "a", "kuma.io/zone": "west"})
    assert ["~ labels[kuma.io/zone]: 'east' -> 'west'"] == [str(change) for change in diff(LEGACY, live, wanted)]


def test_a_label_of_nobody_is_drift() -> None:
    changes = diff(LEGACY, document({}, labels={"rogue": "x"}), document({}))
    assert ["- labels.rogue: 'x'"] == [str(change) for change in changes]


def test_an_entry_that_the_control_plane_writes_into_a_map_counts_only_where_it_is_desired() -> None:
    live = document({"tags": {"zone": "east", "a": "1"}})
    assert diff(LEGACY, live, document({"tags": {"a": "1"}})) == ()
    changes = diff(LEGACY, live, document({"tags": {"a": "1", "zone": "west"}}))
    assert ["~ tags.zone: 'east' -> 'west'"] == [str(change) for change in changes]


def test_owner_and_marks_are_no_difference() -> None:
    live = Document.found(
        LEGACY,
        {
            "type": "House",
            "name": "home",
            "mesh": "town",
            "labels": {"pulumi-mesh.io/owner": "a.b", "listener.pulumi-mesh.io/80-0": "a.b"},
        },
    )
    assert (live.owner, live.labels) == ("a.b", {})
    assert diff(LEGACY, live, document({})) == ()


def test_in_the_spec_shape_the_path_begins_with_spec() -> None:
    actual, desired = document({"spec": {"steps": [1]}}, SPEC), document({"spec": {"steps": [2]}}, SPEC)
    assert ["~ spec.steps[0]: 1 -> 2"] == [str(change) for change in diff(SPEC, actual, desired)]


def test_a_change_says_what_pulumi_up_would_do() -> None:
    assert str(Change("a", "add", None, 1)) == "+ a: 1"
    assert str(Change("a", "remove", 1, None)) == "- a: 1"
    assert str(Change("a", "change", 1, 2)) == "~ a: 1 -> 2"
    assert str(Change("a", "change", 1, 2, secret=True)) == "~ a: (secret)"
