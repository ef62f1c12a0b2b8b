"""What is promised of every kind against a control plane that runs: it judges as we do whatever is sent to it.

Asked only where PULUMI_MESH_URL says where one is; SEED makes other documents, JUDGED more of them.
"""

import json
import os
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import pytest

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.release import Release
from tests.corpus import accepted
from tests.e2e.plane import Plane
from tests.kinds.mutations import mutations
from tests.kinds.test_promises import PROMISES
from tests.kinds.test_recordings import STEPS, Step, agrees, outside

URL = os.environ.get("PULUMI_MESH_URL", "")
MESH = "judged"
LEFT = {
    "status.": "no program says a status",
    "could not parse config": "what is wrong in the configuration of a backend is named, not the whole of it",
    "could not convert backend config": "what is wrong in the configuration of a backend is named, not the whole of it",
    "number 80.0": "the engine writes all numbers so, and we send 80",
}
"""What is known to differ, by the words in which the control plane says it."""

pytestmark = [pytest.mark.live, pytest.mark.skipif(not URL, reason="no control plane: PULUMI_MESH_URL is not set")]


class Judge(Plane):
    """A control plane that is asked what it thinks of documents, and keeps none."""

    release: Release
    serves: set[str]

    def step(self, kind: Kind, body: dict[str, Any]) -> Step:
        """Return what it answers to a document."""
        path = kind.url(kind.address("it", MESH), self.release)
        status, answer = self.ask("PUT", path, body)
        if status in (200, 201):
            self.delete(path)
        said = [(one["field"], one["reason"]) for one in answer.get("invalid_parameters", ())]
        title = f"{answer.get('title')}: {answer.get('detail')}"
        return Step("", kind, self.release, body, status, tuple(said), title, None)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    plane = Judge(URL)
    plane.release = Release.parse(plane.get("/")["version"])
    plane.serves = {one["name"] for one in plane.get("/_resources")["resources"]}
    plane.put(f"/meshes/{MESH}", {"type": "Mesh", "name": MESH, "skipCreatingInitialPolicies": ["*"]})
    yield plane
    plane.delete(f"/meshes/{MESH}")


def known(kind: Kind) -> list[dict[str, Any]]:
    """Return the documents of a kind that the tests know of, taken and refused."""
    said = [Document.desired(kind, {**props, "name": "it", "mesh": MESH}).sent() for props in accepted(kind.name)]
    said += [promise.document for promise in PROMISES.values() if promise.kind == kind.name]
    said += [step.body for step in STEPS.values() if step.kind == kind]
    place = {"name": "it"} | ({"mesh": MESH} if kind.scope == "mesh" else {})
    found = {json.dumps({**document, **place}, sort_keys=True): {**document, **place} for document in said}
    return list(found.values())


def in_question(step: Step) -> bool:
    """Tell whether an answer is about the document, and not known to differ."""
    said = [step.title, *(why for _, why in step.said)]
    return not outside(step) and not any(words in one for words in LEFT for one in said)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_whatever_is_sent_is_judged_as_the_control_plane_judges_it(judge: Judge, name: str):
    kind = KINDS[name]
    if name not in judge.serves:
        pytest.skip(f"this control plane has no {name}")
    random = Random(f"{os.environ.get('SEED')} {name}")
    documents = known(kind)
    documents += islice(mutations(documents, random), int(os.environ.get("JUDGED", "200")))
    steps = [step for step in (judge.step(kind, document) for document in documents) if in_question(step)]
    differ = [step for step in steps if not agrees(step)]
    told = [f"{step.status} {step.said or step.title}: {json.dumps(step.body)}" for step in differ[:10]]
    assert len(differ) * 100 <= len(steps), "\n".join(told)
