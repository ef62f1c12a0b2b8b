"""What is promised of every kind against the recorded control planes: what they take we take, what they refuse we refuse.

A step is a recorded PUT of a JSON object. Only its document is judged here: what depends on anything else (the URL, what
is stored, other objects, the mode of the control plane) is left out, with the reason. What is known to differ stands in
`known_differences.yaml`, and nothing stays there that does not differ any more.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_mesh.reconcile.plan import Nothing, Update, plan
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import steps as steps_of
from tests.kinds.documents import through_props

HERE = Path(__file__).parent
RECORDINGS = {name: HERE.parent / "recordings" / f"{name}.jsonl" for name in ("2.10.11", "2.14.3")}
DROPPED = ("unknown key", "is known since", "must not stand beside")
"""How we begin what we say of keys that this control plane drops without a word."""
KNOWN: dict[str, dict[str, str]] = yaml.safe_load((HERE / "known_differences.yaml").read_text())
JUDGED, READ = KNOWN["judged"], KNOWN["read"]

OUTSIDE = {
    "from the URL has to be the same": "the URL is not in the document",
    "is immutable": "what is stored is not in the document",
    "label should have default value": "the name of the zone is not in the document",
    "must not differ from mesh set on resource": "a global control plane takes it",
    "Changing CA when mTLS is enabled": "what is stored is not in the document",
    "could not load data": "secrets and files are not in the document",
    "could not find installed plugin": "the plugins of a control plane are not in the document",
}
"""What the control plane says when the reason lies outside of the document."""
SECRETS = '"secret":'


@dataclass(frozen=True)
class Step:
    """A recorded PUT, and the GET of the same object that follows."""

    name: str
    kind: Kind
    release: Release
    body: dict[str, Any]
    status: int
    said: tuple[tuple[str, str], ...]
    title: str
    read: Mapping[str, Any] | None

    @property
    def accepted(self) -> bool:
        return self.status in (200, 201)


def recorded() -> Iterator[Step]:
    """Yield the steps whose kind we have and whose answer is about the document."""
    by_path = {kind.path: kind for kind in KINDS.values()}
    for name, path in RECORDINGS.items():
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for index, line in enumerate(lines):
            *_, collection, _ = ("", *line["path"].split("?")[0].strip("/").split("/"))
            kind = by_path.get(collection)
            usable = line["method"] == "PUT" and line["status"] in (200, 201, 400) and "client" not in line
            if kind is None or not usable or not isinstance(line.get("body"), dict):
                continue
            answer: Mapping[str, Any] = line["response"]
            yield Step(
                f"{name} {line['sequence']} {line['step']}",
                kind,
                Release.parse(name),
                line["body"],
                line["status"],
                tuple((said["field"], said["reason"]) for said in answer.get("invalid_parameters", ())),
                f"{answer.get('title')}: {answer.get('detail')}",
                reading(lines[index + 1 :], line),
            )


def reading(later: list[dict[str, Any]], put: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what the next step of the sequence reads of the object, if it reads it."""
    following = later[0] if later else {}
    same = all(following.get(key) == put[key] for key in ("sequence", "path"))
    return following["response"] if same and following["method"] == "GET" and following["status"] == 200 else None


STEPS = {step.name: step for step in recorded()}


def judged(step: Step) -> set[str]:
    """Return the paths of what we refuse, as if the keys that the control plane drops were not there."""
    body = copy.deepcopy(step.body)
    for violation in judge_wire(step.kind, body, step.release):
        if violation.message.startswith(DROPPED):
            drop(body, violation.path)
    return {violation.path for violation in judge_wire(step.kind, body, step.release)}


def drop(body: Any, path: str) -> None:
    *way, last = steps_of(path)
    for key in way:
        body = body[key]
    body.pop(last, None)


def outside(step: Step) -> str:
    """Return why the control plane's reason is not in the document, or nothing."""
    if SECRETS in json.dumps(step.body) and any(path.endswith("conf.cert") for path, _ in step.said):
        return "secrets are not in the document"
    reasons = [reason for _, reason in step.said]
    why = [next((why for words, why in OUTSIDE.items() if words in reason), "") for reason in reasons]
    return why[0] if why and all(why) else ""


def expected(step: Step) -> set[str]:
    """Return the paths of what the control plane refuses about the document; some stand in the reason alone."""
    about = [(path, reason) for path, reason in step.said if not any(words in reason for words in OUTSIDE)]
    return {path or next(iter(re.findall(r'spec\.[^\s"]+', reason)), "") for path, reason in about}


def by_schema(step: Step) -> bool:
    """Tell whether the schema refused: then the control plane says nothing of what the rules would refuse, too."""
    return bool(step.said) and all(
        not path or re.search("in body|Checked value|must validate", why) for path, why in step.said
    )


def agrees(step: Step) -> bool:
    """Tell whether we say of the document what the control plane says."""
    found, wanted = judged(step), expected(step)
    if step.accepted:
        return not found
    if not step.said:
        return bool(found)
    return wanted <= found if by_schema(step) else wanted == found


def named(steps: Iterable[Step]) -> Any:
    """Run a test for each step, under its name."""
    return pytest.mark.parametrize("step", [pytest.param(step, id=step.name) for step in steps])


READ_BACK = {name: step for name, step in STEPS.items() if step.accepted and step.read}


@named(step for name, step in STEPS.items() if name not in JUDGED)
def test_a_document_is_judged_as_the_control_plane_judges_it(step: Step):
    if reason := outside(step):
        pytest.skip(reason)
    assert agrees(step), f"{step.title} {step.said or ''}, but we say: {judge_wire(step.kind, step.body, step.release)}"


@named(step for name, step in READ_BACK.items() if name not in READ)
def test_what_is_read_back_asks_for_nothing(step: Step):
    found = changes(step)
    assert isinstance(found, Nothing), found


@pytest.mark.parametrize("name", JUDGED)
def test_a_known_difference_of_judgement_still_differs(name: str):
    assert not agrees(STEPS[name]), "it does not differ any more: take it off the list"


@pytest.mark.parametrize("name", READ)
def test_a_known_difference_of_what_is_read_back_still_differs(name: str):
    assert not isinstance(changes(READ_BACK[name]), Nothing), "it does not differ any more: take it off the list"


def changes(step: Step) -> Nothing | list[str]:
    """Return what an update would change of what was read back."""
    assert step.read
    found, wanted = Document.found(step.kind, step.read), through_props(step.kind, {"mesh": "default", **step.body})
    planned = plan(step.kind, found, wanted)
    return [str(change) for change in planned.changes] if isinstance(planned, Update) else Nothing()
