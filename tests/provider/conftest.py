"""The provider in this process, as the engine calls it, against the sandbox behind a gate that counts."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

from pulumi_mesh.provider import PROVIDER
from pulumi_mesh.provider.run import RUN, Run
from pulumi_mesh.provider.state import PICKLED
from tests.e2e.gate import Gate

OWNER = "life.dev"


@dataclass
class Engine:
    """What the engine does with the six verbs: properties come and go as JSON, whole numbers as floats."""

    gate: Gate
    told: list[str] = field(default_factory=list[str])
    """The warnings of the provider."""

    def run(self) -> None:
        """Begin a new run: the engine starts the provider anew for each command."""
        for plane in RUN.planes.values():
            plane.control_plane.close()
        vars(RUN).update(vars(Run()))
        self.gate.forget()

    def check(self, props: Mapping[str, Any]) -> list[str]:
        return [failure.reason for failure in PROVIDER.check({}, carried(props)).failures]

    def create(self, props: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        assert self.check(props) == []
        made = PROVIDER.create(carried(props))
        return str(made.id), carried(made.outs)

    def read(self, id_: str, outs: Mapping[str, Any]) -> dict[str, Any] | None:
        found = PROVIDER.read(id_, carried(outs))
        assert found.id in (id_, "")
        return carried(found.outs) if found.id else None

    def changes(self, id_: str, outs: Mapping[str, Any], props: Mapping[str, Any]) -> bool:
        said = PROVIDER.diff(id_, carried(outs), carried(props))
        return bool(said.replaces) or said.changes is not False

    def update(self, id_: str, outs: Mapping[str, Any], props: Mapping[str, Any]) -> dict[str, Any]:
        return carried(PROVIDER.update(id_, carried(outs), carried(props)).outs)

    def delete(self, id_: str, outs: Mapping[str, Any]) -> None:
        PROVIDER.delete(id_, carried(outs))


def carried(props: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return properties as the engine carries them."""
    return json.loads(json.dumps(props), parse_int=float)


def resource(kind: str, said: Mapping[str, Any], owner: str = OWNER, **hidden: str) -> dict[str, Any]:
    """Return the properties that a resource of a program sends."""
    head = {"control_plane": "default", "__provider": PICKLED, "__kind": kind, "__owner": owner}
    return {**said, **head, **{f"__{key}": value for key, value in hidden.items()}}


@pytest.fixture
def engine(sandbox_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    gate = Gate(sandbox_url)
    engine = Engine(gate)
    say: Callable[..., None] = lambda text, *_, **__: engine.told.append(text)  # noqa: E731
    monkeypatch.setattr(pulumi.log, "warn", say)
    monkeypatch.setenv("PULUMI_MESH_URL", gate.url)
    engine.run()
    yield engine
    engine.run()
    gate.close()
