"""What is promised of kinds beyond the recordings: what is taken, and what is refused at which paths.

Each file below `promises/` holds what can be said of one kind (a spec, or a body in the older shape) with what kuma-cp
2.10.11 and 2.14.3 answered: the same (`taken`, `refused`), or not (`changed`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import pulumi_mesh  # noqa: F401 - fills the registry
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release

OLD, NEW = Release(2, 10), Release(2, 14)


class Promise(NamedTuple):
    """What is said, and the paths at which a release refuses it."""

    kind: str
    said: dict[str, Any]
    release: Release
    at: list[str]

    @property
    def document(self) -> dict[str, Any]:
        """The whole document."""
        kind = KINDS[self.kind]
        head = {"type": self.kind, "name": "it"} | ({"mesh": "shop"} if kind.scope == "mesh" else {})
        return head | ({"spec": self.said} if kind.shape == "spec" else self.said)


def promises() -> Iterator[tuple[str, Promise]]:
    """Yield every promise with a name."""
    for path in sorted((Path(__file__).parent / "promises").glob("*.yaml")):
        table = yaml.safe_load(path.read_text())
        answers = [(said, [], []) for said in table.get("taken", ())]
        answers += [(one["said"], one["at"], one["at"]) for one in table.get("refused", ())]
        answers += [(one["said"], one["before"], one["after"]) for one in table.get("changed", ())]
        for number, (said, before, after) in enumerate(answers):
            yield f"{table['kind']} {number} {OLD}", Promise(table["kind"], said, OLD, before)
            yield f"{table['kind']} {number} {NEW}", Promise(table["kind"], said, NEW, after)


PROMISES = dict(promises())


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
def test_what_is_said_is_taken_or_refused_at_its_paths(promise: Promise):
    found = judge_wire(KINDS[promise.kind], promise.document, promise.release)
    assert sorted({violation.path for violation in found}) == promise.at, promise.said
