"""One engine and one control plane for a session; a mesh, a gate and a stack for each test.

Against `PULUMI_MESH_URL`, if it is set, else against the sandbox.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.engine import PROJECT, STACK, Engine, Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here runs the real engine."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.make(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="session")
def plane() -> Iterator[Plane]:
    """The control plane itself."""
    if url := os.environ.get("PULUMI_MESH_URL", "").rstrip("/"):
        yield Plane(url, os.environ.get("PULUMI_MESH_TOKEN", ""))
        return
    from pulumi_mesh.sandbox import running

    with running() as url:
        yield Plane(url)


@pytest.fixture
def gate(plane: Plane) -> Iterator[Gate]:
    """The way to the control plane that Pulumi takes."""
    gate = Gate(plane.url, plane.token)
    yield gate
    gate.close()


@pytest.fixture
def new_mesh(plane: Plane) -> Iterator[Callable[[], str]]:
    """Make meshes of this test."""
    made: list[str] = []

    def make() -> str:
        name = f"e2e-{uuid.uuid4().hex[:8]}"
        skip = {"skipCreatingInitialPolicies": ["*"]}
        plane.put(f"/meshes/{name}", {"type": "Mesh", "name": name, **skip})
        made.append(name)
        return name

    yield make
    for name in made:
        plane.empty(name)


@pytest.fixture
def shop(new_mesh: Callable[[], str]) -> str:
    """The mesh of this test, `SHOP` in its programs."""
    return new_mesh()


@pytest.fixture
def gateways(shop: str) -> str:
    """Where the gateways of the mesh are."""
    return f"/meshes/{shop}/meshgateways"


@pytest.fixture
def stack(engine: Engine, gate: Gate, shop: str, tmp_path: Path) -> Stack:
    return engine.stack(tmp_path / "stack", shop, gate.url, project=PROJECT, stack=STACK)


@pytest.fixture
def another(engine: Engine, gate: Gate, shop: str, tmp_path: Path) -> Stack:
    """Another stack of another project, on the same control plane and mesh."""
    return engine.stack(tmp_path / "another", shop, gate.url, project="other", stack="prod")
