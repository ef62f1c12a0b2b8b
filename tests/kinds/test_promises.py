"""What is promised of the policies beyond the recordings: which specs are taken, and which are refused at which paths.

Each file below `promises/` holds specs of one kind with what kuma-cp 2.10.11 and 2.14.3 answered: the same (`taken`,
`refused`), or not (`changed`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from pulumi_mesh.schema.release import Release
from tests.kinds.documents import said_of

OLD, NEW = Release(2, 10), Release(2, 14)


class Promise(NamedTuple):
    """A spec, and the paths at which a release refuses it."""

    kind: str
    spec: dict[str, Any]
    release: Release
    at: list[str]


def promises() -> Iterator[tuple[str, Promise]]:
    """Yield every promise with a name."""
    for path in sorted((Path(__file__).parent / "promises").glob("*.yaml")):
        said = yaml.safe_load(path.read_text())
        answers = [(spec, [], []) for spec in said.get("taken", ())]
        answers += [(one["spec"], one["at"], one["at"]) for one in said.get("refused", ())]
        answers += [(one["spec"], one["before"], one["after"]) for one in said.get("changed", ())]
        for number, (spec, before, after) in enumerate(answers):
            yield f"{said['kind']} {number} {OLD}", Promise(said["kind"], spec, OLD, before)
            yield f"{said['kind']} {number} {NEW}", Promise(said["kind"], spec, NEW, after)


PROMISES = dict(promises())


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
def test_a_spec_is_taken_or_refused_at_its_paths(promise: Promise):
    found = said_of(promise.kind, promise.spec, promise.release)
    assert sorted({path for path, _ in found}) == promise.at, promise.spec
