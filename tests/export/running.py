"""What an exported program does: run without an engine, its resources made by the provider in this process."""

import os
import runpy
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from pulumi_mesh import sources
from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.export.choice import Choice, choice
from pulumi_mesh.provider import PROVIDER
from pulumi_mesh.provider.run import RUN, Run
from pulumi_mesh.reconcile.surroundings import surroundings
from tests.provider.conftest import carried

PROJECT, STACK = "taken", "dev"
SIGNATURE = "4dabf18193072939515e22adb298388d"


@dataclass(frozen=True)
class Made:
    """A resource that a program declares."""

    type: str
    name: str
    props: Mapping[str, Any]


class Recorder(pulumi.runtime.Mocks):
    """Takes what a program declares."""

    def __init__(self) -> None:
        self.made: list[Made] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        if args.typ.startswith("pulumi-python:"):
            self.made.append(Made(args.typ, args.name, opened(args.inputs)))
        return args.name, dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:
        return {}


def opened(value: Any) -> Any:
    """Return a value without the wrapping of secrets, and without what is null, as the engine hands it on."""
    if isinstance(value, dict):
        if SIGNATURE in value:
            return opened(value["value"])
        return {key: opened(item) for key, item in value.items() if item is not None}
    return [opened(item) for item in value] if isinstance(value, list) else value


def declared(folder: Path, secrets: Mapping[str, str | None]) -> list[Made]:
    """Run the program of a folder, in a world of its own; return what it declares, in order."""
    return Context().run(ran, folder, secrets)


def ran(folder: Path, secrets: Mapping[str, str | None]) -> list[Made]:
    recorder = Recorder()
    pulumi.runtime.set_mocks(recorder, project=PROJECT, stack=STACK)
    pulumi.runtime.set_all_config({f"{PROJECT}:{key}": value or "" for key, value in secrets.items()})
    with alone(folder):

        @pulumi.runtime.test
        def program() -> None:
            runpy.run_path(str(folder / "__main__.py"), run_name="__main__")

        program()
    return recorder.made


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let a program import its own modules, and leave nothing behind."""
    forget()
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "meshes"]:
        del sys.modules[name]


@contextmanager
def entered(url: str) -> Iterator[None]:
    """Let the provider begin a run on a control plane."""
    before = os.environ.get("PULUMI_MESH_URL")
    os.environ["PULUMI_MESH_URL"] = url
    begin()
    try:
        yield
    finally:
        begin()
        os.environ.pop("PULUMI_MESH_URL")
        if before is not None:
            os.environ["PULUMI_MESH_URL"] = before


def begin() -> None:
    for plane in RUN.planes.values():
        plane.control_plane.close()
    vars(RUN).update(vars(Run()))


def up(url: str, resources: Sequence[Made]) -> None:
    """Make what a program declares."""
    with entered(url):
        for one in resources:
            refused = [failure.reason for failure in PROVIDER.check({}, carried(one.props)).failures]
            assert refused == []
            PROVIDER.create(carried(one.props))


def held(url: str) -> Choice:
    """Choose what a control plane holds that is worth saying."""
    control_plane = ControlPlane(Connection("default", url))
    found = sources.live(control_plane)
    documents = list(found.documents())
    around = surroundings(control_plane, documents, documents)
    control_plane.close()
    assert found.unread == []
    return choice(found, around=around)


def written(files: Mapping[str, str], folder: Path) -> Path:
    """Write the files of a program."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
