"""What an update must not wipe: fields that nobody here knows, fields that the control plane owns."""

from typing import Any

import pytest

from pulumi_mesh.reconcile.graft import graft
from tests.toys import LEGACY, SPEC

TABLE: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("at the top", {"new": 1}, {"tags": {"a": "b"}}, {"new": 1, "tags": {"a": "b"}}),
    ("in a wrapper", {"conf": {"new": 1, "height": 3}}, {"conf": {"height": 2}}, {"conf": {"new": 1, "height": 2}}),
    ("in a wrapper that is desired no more", {"conf": {"new": 1, "height": 3}}, {}, {"conf": {"new": 1}}),
    ("in a part", {"cellar": {"new": 1, "file": "a"}}, {"cellar": {"file": "b"}}, {"cellar": {"new": 1, "file": "b"}}),
    ("in a part that is desired no more", {"cellar": {"new": 1}}, {}, {}),
    (
        "in an item that has a name, wherever it stands",
        {"conf": {"doors": [{"port": 1, "new": 1}, {"port": 2, "new": 2}]}},
        {"conf": {"doors": [{"port": 2, "wide": True}, {"port": 1}]}},
        {"conf": {"doors": [{"port": 2, "wide": True, "new": 2}, {"port": 1, "new": 1}]}},
    ),
    (
        "not in an item of another name",
        {"conf": {"doors": [{"port": 1, "new": 1}]}},
        {"conf": {"doors": [{"port": 2}]}},
        {"conf": {"doors": [{"port": 2}]}},
    ),
    (
        "in an item without a name that is the same",
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "l", "new": 1}, {"side": "r", "new": 2}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "r"}, {"side": "l"}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "r", "new": 2}, {"side": "l", "new": 1}]}]}},
    ),
    (
        "in an item without a name that changes in its place",
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "l", "new": 1}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "r"}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "r", "new": 1}]}]}},
    ),
    (
        "in one item only, where one was put before it",
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "l", "new": 1}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "x"}, {"side": "l"}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "x"}, {"side": "l", "new": 1}]}]}},
    ),
    (
        "in equal items, each its own",
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "l", "new": 1}, {"side": "l", "new": 2}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "l"}, {"side": "l"}]}]}},
        {"conf": {"doors": [{"port": 1, "hinges": [{"side": "l", "new": 1}, {"side": "l", "new": 2}]}]}},
    ),
    (
        "in a map of parts",
        {"rooms": {"bath": {"side": "l", "new": 1}, "attic": {"new": 2}}},
        {"rooms": {"bath": {"side": "r"}}},
        {"rooms": {"bath": {"side": "r", "new": 1}}},
    ),
    (
        "in a variant that stays",
        {"conf": {"doors": [{"port": 1, "locks": [{"name": "a", "type": "key", "conf": {"teeth": 1, "new": 1}}]}]}},
        {"conf": {"doors": [{"port": 1, "locks": [{"name": "a", "type": "key", "conf": {"teeth": 2}}]}]}},
        {"conf": {"doors": [{"port": 1, "locks": [{"name": "a", "type": "key", "conf": {"teeth": 2, "new": 1}}]}]}},
    ),
    (
        "not in a variant that became another",
        {"conf": {"doors": [{"port": 1, "locks": [{"name": "a", "type": "key", "conf": {"teeth": 1}}]}]}},
        {"conf": {"doors": [{"port": 1, "locks": [{"name": "a", "type": "code", "conf": {"wait": "1s"}}]}]}},
        {"conf": {"doors": [{"port": 1, "locks": [{"name": "a", "type": "code", "conf": {"wait": "1s"}}]}]}},
    ),
    ("what the control plane owns", {"seen": "now"}, {}, {"seen": "now"}),
    ("what the control plane owns, whatever is desired", {"seen": "now"}, {"seen": "then"}, {"seen": "now"}),
    ("no field that is known and desired no more", {"steps": [1], "tags": {"a": "b"}}, {"steps": [2]}, {"steps": [2]}),
    ("no entry of a map of plain values", {"tags": {"old": "1"}}, {"tags": {"new": "1"}}, {"tags": {"new": "1"}}),
]


@pytest.mark.parametrize(("what", "actual", "desired", "expected"), TABLE, ids=[what for what, *_ in TABLE])
def test_it_survives(what: str, actual: dict[str, Any], desired: dict[str, Any], expected: dict[str, Any]) -> None:
    assert expected == graft(LEGACY.body, actual, desired)


def test_it_survives_below_spec() -> None:
    actual = {"spec": {"new": 1, "doors": [{"port": 1, "new": 2}]}, "beside": 3}
    desired = {"spec": {"doors": [{"port": 1}]}}
    assert {"spec": {"new": 1, "doors": [{"port": 1, "new": 2}]}, "beside": 3} == graft(SPEC.body, actual, desired)


def test_grafting_twice_is_grafting_once() -> None:
    for _, actual, desired, _ in TABLE:
        once = graft(LEGACY.body, actual, desired)
        assert once == graft(LEGACY.body, actual, once)


def test_grafting_changes_neither_side() -> None:
    for _, actual, desired, _ in TABLE:
        before = (repr(actual), repr(desired))
        graft(LEGACY.body, actual, desired)
        assert before == (repr(actual), repr(desired))
