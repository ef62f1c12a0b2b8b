"""The one step from actual to desired: a truth table."""

from dataclasses import replace
from typing import Any

import pytest

from pulumi_mesh.reconcile.plan import Create, Delete, Nothing, Update, plan
from pulumi_mesh.schema.document import Document
from tests.toys import LEGACY, document

GATHERING = replace(LEGACY, gathers="conf.doors")
A = document({"conf": {"doors": [{"port": 1}]}}, owner="p.s")
B = document({"conf": {"doors": [{"port": 2}]}}, owner="p.s")
BARE = document({"tags": {"a": "1"}}, owner="p.s")


@pytest.mark.parametrize(
    ("expected", "actual", "desired"),
    [
        (Nothing, None, None),
        (Create, None, A),
        (Delete, A, None),
        (Nothing, A, A),
        (Update, A, B),
        (Update, replace(A, owner=""), A),
        (Update, A, replace(A, owner="")),
        (Update, replace(A, owner="other.stack"), A),
    ],
)
def test_one_step_leads_from_actual_to_desired(
    expected: type, actual: Document | None, desired: Document | None
) -> None:
    assert expected is type(plan(LEGACY, actual, desired))


def test_what_is_not_there_is_created_as_desired() -> None:
    assert plan(LEGACY, None, A) == Create(A)


def test_a_takeover_of_an_equal_object_changes_nothing_but_its_owner() -> None:
    step = plan(LEGACY, replace(A, owner=""), A)
    assert isinstance(step, Update)
    assert (step.changes, step.desired.owner) == ((), "p.s")


def test_an_update_says_what_it_changes() -> None:
    step = plan(LEGACY, A, B)
    assert isinstance(step, Update)
    assert [change.path for change in step.changes] == ["conf.doors[1 *]", "conf.doors[2 *]"]


def test_what_waits_for_its_items_is_not_written_before_they_come() -> None:
    assert plan(GATHERING, None, BARE) == Nothing()


def test_what_waits_for_its_items_keeps_those_that_are_there() -> None:
    live = document({"conf": {"doors": [{"port": 1}]}}, owner="p.s", marks={"listener.pulumi-mesh.io/1": "x.y"})
    step = plan(GATHERING, live, BARE)
    assert isinstance(step, Update)
    assert step.desired.body == {"conf": {"doors": [{"port": 1}]}, "tags": {"a": "1"}}
    assert step.desired.marks == live.marks


def test_what_waits_for_its_items_and_is_complete_stays_as_it_is() -> None:
    live = document({"conf": {"doors": [{"port": 1}]}, "tags": {"a": "1"}}, owner="p.s")
    assert plan(GATHERING, live, BARE) == Nothing()


def test_labels_that_kuma_lets_nobody_remove_are_sent_back() -> None:
    step = plan(LEGACY, replace(A, labels={"kuma.io/origin": "zone", "rogue": "x", "kuma.io/env": "universal"}), B)
    assert isinstance(step, Update)
    assert step.desired.labels == {"kuma.io/origin": "zone"}


@pytest.mark.parametrize(("expected", "kind"), [({"vip": 1}, replace(LEGACY, status="2.10")), (None, LEGACY)])
def test_a_kind_with_status_sends_the_live_status_back(expected: Any, kind: Any) -> None:
    step = plan(kind, replace(A, status={"vip": 1}), B)
    assert isinstance(step, Update)
    assert expected == step.desired.status


def test_planning_changes_neither_side() -> None:
    live = document({"conf": {"doors": [{"port": 1}], "roof": 1}, "x": 1}, owner="p.s")
    before = (repr(live.body), repr(BARE.body))
    plan(GATHERING, live, BARE)
    plan(LEGACY, live, BARE)
    assert before == (repr(live.body), repr(BARE.body))
