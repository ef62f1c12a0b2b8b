"""Hundreds of objects that nobody manages come under Pulumi in one step, and the exported program makes them anew elsewhere."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pulumi_mesh.export.program import program as made_of
from pulumi_mesh.sandbox import running
from tests.cli.command import run
from tests.e2e.engine import Engine, Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane
from tests.export.crowd import crowd
from tests.export.running import held

PROJECT = "taken"


@pytest.fixture
def crowded() -> Iterator[str]:
    """A control plane with objects of every kind in two meshes, none of them in a stack."""
    with running(product="Kong Mesh") as url:
        assert crowd(url, ("partners", "shop"), 2, owner="") > 150
        yield url


def taken(engine: Engine, at: Path, url: str, folder: Path, secrets: Mapping[str, str]) -> Stack:
    """Make a stack of an exported program, its secrets set, and silent about what was broken before."""
    stack = engine.stack(at, "", url, project=PROJECT)
    shutil.copytree(folder, at, dirs_exist_ok=True, ignore=shutil.ignore_patterns("Pulumi.yaml"))
    pairs = [part for key, value in secrets.items() for part in ("--secret", f"{key}={value}")]
    (silenced,) = re.findall(r"pulumi config set (mesh:ignore) (\S+)", (folder / "README.md").read_text())
    stack.pulumi("config", "set-all", "--stack", stack.name, *pairs, "--plaintext", "=".join(silenced))
    return stack


def exported(url: str, folder: Path, *args: str | Path) -> None:
    """Export a control plane as a program."""
    ran = run("export", "--url", url, "--out", folder, *args)
    assert ran.code == 0, ran.err
    assert ran.out == ""


def test_what_is_there_is_taken_over_as_it_is_and_made_anew_elsewhere(engine: Engine, crowded: str, tmp_path: Path):
    program, imports = tmp_path / "program", tmp_path / "resources.json"
    exported(crowded, program, "--import-file", imports)
    objects = held(crowded).objects
    secrets = {key: value or "" for key, value in made_of(objects).secrets.items()}
    values = [json.dumps(value)[1:-1] for value in secrets.values() if len(value) > 12]
    assert values
    assert not any(value in imports.read_text() for value in values)

    gate, plane = Gate(crowded), Plane(crowded)
    stack = taken(engine, tmp_path / "stack", gate.url, program, secrets)
    flags = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--suppress-outputs")
    stack.pulumi("import", "--stack", stack.name, "--file", str(imports), *flags)
    state = stack.file()
    assert not any(value in state for value in values)
    stack.settled()
    assert stack.up(None, "--expect-no-changes").ops == {}
    assert gate.writes() == []

    module = stack.at / "meshes" / "shop.py"
    text = module.read_text()
    changed = text.replace('hostname="', 'hostname="x-', 1)
    assert changed != text
    module.write_text(changed)
    assert list(stack.up().ops.values()) == ["update"]
    (write,) = gate.writes()
    assert plane.owner(write.removeprefix("PUT ")) == f"{PROJECT}.dev"  # the label comes with the first change
    assert plane.owner("/meshes/shop") == ""
    stack.settled()

    with running(product="Kong Mesh") as fresh:
        other = taken(engine, tmp_path / "other", fresh, program, secrets)
        made = other.up()
        assert set(made.ops.values()) == {"create"}
        assert len(held(fresh).objects) == len(objects)
        again = tmp_path / "again"
        exported(fresh, again)
        assert {path.relative_to(again): path.read_text() for path in sorted(again.rglob("*.py"))} == {
            path.relative_to(program): path.read_text() for path in sorted(program.rglob("*.py"))
        }

    stack.destroy()
    assert held(crowded).objects == []
    gate.close()
