"""What is promised of `schema`: which kinds there are and what each takes, for a person and for an editor."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from pulumi_mesh.schema.kind import KINDS
from tests.cli.command import run


def test_all_kinds_are_listed_with_the_place_where_they_live():
    ran = run("schema")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.lines[:-1]] == sorted(KINDS)
    assert ran.lines[-1].startswith(f"{len(KINDS)} kinds")
    assert next(line for line in ran.lines if line.startswith("Zone ")).split()[1:5] == ["global", "2.10", "to", "2.14"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_fields_of_a_kind_are_shown_as_a_document(kind: str):
    ran = run("schema", kind)
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[1] == f"type: {kind}"
    keys = {line.strip().removeprefix("- ").partition(":")[0] for line in ran.lines if not line.strip().startswith("#")}
    report = run("schema", kind, "--format", "json").report
    parts = [report, *report["definitions"].values()]
    named = {key for part in parts for key in part.get("properties", {})}
    assert named - keys <= {"creationTime", "modificationTime", "kri", "status"}


def test_what_is_shown_can_be_filled_in():
    shown = yaml.safe_load(run("schema", "MeshTCPRoute").out)
    assert shown["spec"]["to"][0]["rules"][0]["default"]["backendRefs"][0]["port"] == "whole number"


def test_what_must_be_there_and_how_it_is_written_is_said():
    lines = run("schema", "MeshTimeout").lines
    assert next(line for line in lines if line.startswith("name:")).partition("# ")[2].startswith("Required.")
    assert any("idleTimeout: duration" in line for line in lines)


def test_a_part_that_depends_on_its_type_is_shown_for_each():
    lines = [line.strip() for line in run("schema", "Mesh").lines]
    assert "# where type is builtin:" in lines
    assert "# where type is provided:" in lines


def test_the_schema_of_all_kinds_is_written_to_a_file(tmp_path: Path):
    ran = run("schema", "--format", "json", "--out", tmp_path / "mesh.json")
    assert (ran.code, ran.out) == (0, "")
    Draft7Validator.check_schema(json.loads((tmp_path / "mesh.json").read_text()))


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["MeshTCPRute"], "did you mean MeshTCPRoute"),
        (["MeshOpenTelemetryBackend", "--kuma", "2.10"], "Kuma 2.10 does not have it; it is there from 2.14"),
        (["Mesh", "--kuma", "1.9"], "not supported"),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(args: list[str], why: str):
    ran = run("schema", *args)
    assert (ran.code, ran.out) == (1, "")
    assert why in ran.err
