"""Nothing is lost: what is exported, made anew and exported again is the same; what is imported asks for nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pulumi_mesh.export.choice import Choice
from pulumi_mesh.export.imports import import_file
from pulumi_mesh.export.program import Program, program
from pulumi_mesh.provider import PROVIDER
from pulumi_mesh.sandbox import running
from pulumi_mesh.sources.stack import opened as clear
from tests.corpus import known
from tests.export.crowd import crowd
from tests.export.running import Made, begin, declared, entered, held, up, written
from tests.provider.conftest import carried

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]


@dataclass
class Exported:
    url: str
    chosen: Choice
    program: Program
    folder: Path
    made: list[Made]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """A crowded control plane, and what was exported of it."""
    with running(product="Kong Mesh") as url:
        assert crowd(url) > 250
        chosen = held(url)
        made = program(chosen.objects)
        folder = written(made.files, tmp_path_factory.mktemp("exported"))
        yield Exported(url, chosen, made, folder, declared(folder, made.secrets))


def test_every_kind_is_in_it_and_every_object_has_one_resource(exported: Exported):
    assert {one.kind.name for one in exported.chosen.objects} >= set(known()) - {"Zone", "AccessAudit"}
    assert len(exported.made) == len(exported.chosen.objects)
    assert [note for note in exported.chosen.notes if "belong" not in note] == []


def test_made_anew_on_another_control_plane_it_is_exported_the_same(exported: Exported):
    with running(product="Kong Mesh") as url:
        up(url, exported.made)
        assert program(held(url).objects).files == exported.program.files


@pytest.mark.parametrize(
    "options", [{"kuma": "2.10"}, {"mode": "global"}], ids=lambda options: "-".join(options.values())
)
def test_it_is_the_same_on_an_older_control_plane_and_on_a_global_one(options: dict[str, str], tmp_path: Path):
    with running(**options) as url, running(**options) as fresh:
        crowd(url, ("shop",), 1)
        made = program(held(url).objects)
        assert len(made.resources) > 30
        up(fresh, declared(written(made.files, tmp_path), made.secrets))
        assert program(held(fresh).objects).files == made.files


def test_imported_it_asks_for_nothing_and_shows_no_drift(exported: Exported):
    names, chosen = exported.program.resources, exported.chosen
    text = import_file(chosen.objects, names, "cluster", "2.14.3")
    known_secrets = [value for value in exported.program.secrets.values() if value and len(value) > 8]
    assert known_secrets
    assert not any(json.dumps(value)[1:-1] in text for value in known_secrets)
    entries = {(each["type"], each["name"]): each for each in json.loads(text)["resources"]}
    assert len(entries) == len(exported.made)
    foreign = {str(one.address) for one in chosen.objects if one.owner}
    for one in exported.made:
        found = entries[one.type, one.name]
        inputs, outputs = (carried(clear(found[side])) for side in ("inputs", "outputs"))
        assert found["id"]
        assert [failure.reason for failure in PROVIDER.check({}, inputs).failures] == []
        changed = PROVIDER.diff(found["id"], outputs, carried(one.props))
        assert (changed.changes, changed.replaces) == (None if found["id"] in foreign else False, [])
    with entered(exported.url):
        for found in entries.values():
            outputs = carried({key: value for key, value in clear(found["outputs"]).items() if key != "__cluster"})
            seen = PROVIDER.read(found["id"], outputs)
            assert seen.id == found["id"]
            assert PROVIDER.diff(found["id"], carried(seen.outs), outputs).changes is False


def test_with_secrets_the_file_of_imports_has_what_the_program_sends(exported: Exported):
    names, objects = exported.program.resources, exported.chosen.objects
    entries = json.loads(import_file(objects, names, include_secrets=True))["resources"]
    sent = {(one.type, one.name): one.props for one in exported.made}
    for found in entries:
        inputs = clear(found["inputs"])
        wanted: Any = {**sent[found["type"], found["name"]], "__owner": inputs["__owner"]}
        assert carried(inputs) == carried({key: value for key, value in wanted.items() if key != "__outside"})


@pytest.mark.parametrize(
    "arguments", [["format", "--check"], ["check"], ["check", "--config", str(ROOT / "pyproject.toml")]]
)
def test_the_program_is_laid_out_and_written_as_ruff_wants_it(exported: Exported, arguments: list[str]):
    assert complained(["ruff", *arguments, "."], exported.folder) == ""


def test_the_types_of_the_program_are_right_strictly(exported: Exported, tmp_path: Path):
    """The object of each kind that says most, and a gateway with what is about it."""
    largest = {one.kind.name: one for one in sorted(exported.chosen.objects, key=lambda one: len(str(one.said)))}
    meshes = [one for one in exported.chosen.objects if one.kind.name in ("Mesh", "MeshGateway")]
    some = {one.address: one for one in [*largest.values(), *meshes]}
    written(program(list(some.values()), large=1).files, tmp_path)
    assert complained(["pyright", "--pythonpath", sys.executable, "."], tmp_path) == ""


def complained(command: list[str], folder: Path) -> str:
    """Run a tool of this environment in a folder; return what it says if it finds something."""
    ran = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr if ran.returncode else ""


def test_the_same_objects_make_the_same_bytes(exported: Exported):
    assert program(list(reversed(exported.chosen.objects))).files == exported.program.files


def test_a_fresh_control_plane_has_nothing_to_say():
    for kuma in ("2.10", "2.14"):
        with running(kuma=kuma) as url:
            found = held(url)
            assert found.objects == []
            assert found.notes == []
            assert len(found.left) > 10


def teardown_module() -> None:
    begin()
