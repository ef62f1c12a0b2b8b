"""Each case of the table on a control plane: the sandbox, or a real one at `PULUMI_MESH_URL`."""

import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.wire import from_wire
from tests.cli.command import Ran, run
from tests.e2e.gate import Gate
from tests.e2e.plane import SERVER, Plane
from tests.provider.conftest import Engine, resource

OWNER = "drift.dev"
URN = "urn:pulumi:dev::drift::pulumi-python:dynamic/mesh:{kind}::{name}"
OUTSIDE = {"type", "name", "mesh", "labels", "status", *SERVER}


@dataclass
class Stack:
    """A stack without an engine: resources that went through the provider's verbs, and a state that says so."""

    engine: Engine
    plane: Plane
    mesh: str
    at: Path
    props: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    outs: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    written: list[str] = field(default_factory=list[str])
    """Where something was written, in this order."""

    def declare(self, body: Mapping[str, Any], name: str, **hidden: str) -> str:
        """Create what a document says, as a resource; return its id."""
        kind = KINDS[str(body["type"])]
        said, strange = from_wire(kind.body, {key: value for key, value in body.items() if key not in OUTSIDE})
        assert not strange
        head: dict[str, Any] = {"name": name} | ({"mesh": self.mesh} if kind.scope == "mesh" else {})
        head |= {"labels": body["labels"]} if body.get("labels") else {}
        props = resource(kind.name, head | said, OWNER, **hidden)
        self.written.append(self.place(kind, name))
        id_, outs = self.engine.create(props)
        self.props[id_], self.outs[id_] = props, outs
        return id_

    def url(self, id_: str) -> str:
        kind, *rest = id_.split("/")
        return self.place(KINDS[kind], rest[-1])

    def place(self, kind: Kind, name: str) -> str:
        from pulumi_mesh.provider.run import RUN

        return kind.url(kind.address(name, self.mesh), RUN.plane("default").release())

    def put(self, body: Mapping[str, Any], name: str) -> str:
        """Write an object by hand; return its address."""
        kind = KINDS[str(body["type"])]
        head = {"type": kind.name, "name": name} | ({"mesh": self.mesh} if kind.scope == "mesh" else {})
        self.written.append(self.place(kind, name))
        self.plane.put(self.written[-1], {**body, **head})
        return str(kind.address(name, self.mesh))

    def edit(self, id_: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Change a live object by hand."""
        live = self.live(id_)
        assert live is not None
        edited = change(live)
        self.plane.put(self.url(id_), {key: value for key, value in edited.items() if key != "status"})

    def live(self, id_: str) -> dict[str, Any] | None:
        """Return a live object without the times of the control plane."""
        body = self.plane.get(self.url(id_))
        return body and {key: value for key, value in body.items() if key not in SERVER}

    def state(self) -> Path:
        """Write the state as `pulumi stack export --show-secrets` does."""
        resources = [
            {"type": f"pulumi-python:dynamic/mesh:{id_.split('/')[0]}", "urn": self.urn(id_), "outputs": outs}
            for id_, outs in self.outs.items()
        ]
        self.at.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
        return self.at

    def urn(self, id_: str) -> str:
        return URN.format(kind=id_.split("/")[0], name=id_.split("/")[-1])

    def drift(self, *args: str, kinds: tuple[str, ...] = ()) -> Ran:
        """Run the command as a job would."""
        chosen = [arg for kind in kinds for arg in ("--kind", kind)]
        where = ["--mesh", self.mesh] if not kinds or all(KINDS[kind].scope == "mesh" for kind in kinds) else []
        return run("drift", "--state", self.state(), *where, *chosen, *args)

    def refresh(self) -> dict[str, dict[str, Any] | None]:
        """Read every resource as the engine's refresh does; return those for which it would show something."""
        self.engine.run()
        found: dict[str, dict[str, Any] | None] = {}
        for id_, outs in self.outs.items():
            now = self.engine.read(id_, outs)
            if now != outs:
                found[id_] = now
        return found

    def up(self) -> None:
        """Do what `pulumi up --refresh` does."""
        for id_, now in self.refresh().items():
            if now is None:
                _, self.outs[id_] = self.engine.create(self.props[id_])
            elif self.engine.changes(id_, now, self.props[id_]):
                self.outs[id_] = self.engine.update(id_, now, self.props[id_])
        assert self.refresh() == {}


@pytest.fixture(scope="session")
def plane_url(request: pytest.FixtureRequest) -> str:
    """The control plane behind the tests."""
    return os.environ.get("PULUMI_MESH_URL", "").rstrip("/") or request.getfixturevalue("sandbox_url")


@pytest.fixture(scope="session")
def plane(plane_url: str) -> Plane:
    return Plane(plane_url, os.environ.get("PULUMI_MESH_TOKEN", ""))


@pytest.fixture(scope="session")
def served(plane: Plane) -> set[str]:
    """The types that the control plane serves."""
    return {one["name"] for one in plane.get("/_resources")["resources"]}


@pytest.fixture
def stack(plane: Plane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stack]:
    """A stack of this test, and nothing left of it."""
    gate = Gate(plane.url, plane.token)
    engine = Engine(gate)
    told: Callable[..., None] = lambda text, *_, **__: engine.told.append(text)  # noqa: E731
    monkeypatch.setattr(pulumi.log, "warn", told)
    monkeypatch.setenv("PULUMI_MESH_URL", gate.url)
    monkeypatch.delenv("PULUMI_MESH_TOKEN", raising=False)
    engine.run()
    stack = Stack(engine, plane, f"drift-{uuid.uuid4().hex[:8]}", tmp_path / "state.json")
    yield stack
    for path in reversed(stack.written):
        plane.delete(path)
    gate.close()
    engine.run()
