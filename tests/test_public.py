"""What a program may import: everything it needs, all of it documented."""

import inspect
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import pulumi_mesh as mesh
from pulumi_mesh.resource import Placed
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.spec import Model

PUBLIC = [getattr(mesh, name) for name in mesh.__all__ if inspect.isclass(getattr(mesh, name))]
DECLARED = [each for each in PUBLIC if issubclass(each, (Model, Placed))]


def test_every_kind_is_exported():
    assert set(KINDS) <= set(mesh.__all__)


def test_the_public_names_are_sorted_and_there():
    assert sorted(mesh.__all__) == list(mesh.__all__)
    assert all(hasattr(mesh, name) for name in mesh.__all__)


@pytest.mark.parametrize("each", PUBLIC, ids=lambda each: each.__name__)
def test_every_public_class_says_what_it_is(each):
    assert (each.__doc__ or "").strip()


@pytest.mark.parametrize("each", DECLARED, ids=lambda each: each.__name__)
def test_every_field_says_what_it_means(each):
    assert [name for name, field in each.declared.items() if not field.facts.doc] == []


@pytest.mark.parametrize("each", DECLARED, ids=lambda each: each.__name__)
def test_every_model_that_a_field_takes_can_be_imported(each):
    models = [field.model for field in each.declared.values() if field.model is not None]
    assert [model.__name__ for model in models if getattr(mesh, model.__name__, None) is not model] == []


def test_a_new_kind_is_one_file(tmp_path):
    """A kind that nobody listed is judged, planned, kept in state and served as soon as its class exists."""
    program = dedent('''
        from pulumi_mesh.controlplane import Connection, ControlPlane
        from pulumi_mesh.provider import PROVIDER
        from pulumi_mesh.provider.run import RUN
        from pulumi_mesh.resource import MeshScoped
        from pulumi_mesh.schema.kind import KINDS, Kind
        from pulumi_mesh.schema.spec import One, field

        class MeshGreeting(MeshScoped, kind=Kind(path="meshgreetings", shape="spec")):
            """A greeting."""
            text: One[str] = field(doc="What is said.")

        assert KINDS["MeshGreeting"].body["text"].wire == "spec.text"
        props = {"__kind": "MeshGreeting", "name": "hello", "mesh": "default", "control_plane": "default", "text": "hi"}
        assert PROVIDER.check({}, props).failures == []
        assert PROVIDER.check({}, {**props, "text": 1.5}).failures[0].reason.startswith("MeshGreeting/default/hello: text (spec.text)")
        assert PROVIDER.diff("MeshGreeting/default/hello", props, props).changes is False
        assert PROVIDER.diff("MeshGreeting/default/hello", props, {**props, "text": "ho"}).changes is None
    ''')
    (tmp_path / "program.py").write_text(program)
    ran = subprocess.run([sys.executable, str(tmp_path / "program.py")], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_package_loads_without_what_only_some_need():
    heavy = ("deepdiff", "httpx", "starlette", "typer", "cryptography", "sqlite3")
    program = f"import sys, pulumi_mesh; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_house_is_described_where_it_stands():
    told = (Path(__file__).parents[1] / "README.md").read_text()
    for folder in Path(mesh.__file__).parent.iterdir():
        if (folder / "__init__.py").exists():
            assert f"{folder.name}/" in told
