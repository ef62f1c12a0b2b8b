"""What is promised of files: which ones are read, how their text falls into documents, which line is named."""

import json
import os
import socket
from pathlib import Path

import pytest
import yaml

from pulumi_mesh.schema.kind import KINDS
from tests.cli.command import findings, run
from tests.corpus import NAMES, cases, recorded
from tests.kinds.documents import EXAMPLES, read

WRONG = "type: Mesh\nname: {name}\nmtls: {{enabledBackend: no-such}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Every test has a folder of its own, and is in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, text):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def places(*args, **more):
    """Return where something was found."""
    return [(found["file"], found["index"], found["line"]) for found in findings(*args, **more)]


def wrong(name="x"):
    return WRONG.format(name=name)


def test_documents_are_set_apart_by_lines_of_dashes_and_empty_ones_are_none():
    write(
        "a.yaml",
        f"# first\n---\n{wrong('a')}--- # second\n\n---\n{wrong('b')}---\n# nothing\n---\n--- {{type: Mesh}}\n---",
    )
    assert places("a.yaml") == [("a.yaml", 0, 5), ("a.yaml", 1, 11), ("a.yaml", 2, 15)]
    assert run("check", "--format", "json", "a.yaml").report["documents"] == 3


def test_dashes_within_a_line_or_a_text_set_nothing_apart():
    write("a.yaml", "type: Secret\nmesh: m\nname: a\nlabels:\n  a: ---\n  b: |\n    ---\n  c: ----\n")
    assert run("check", "--format", "json", "a.yaml").report["documents"] == 1


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (wrong().encode("utf-8-sig"), 3),
        (wrong().replace("\n", "\r\n").encode(), 3),
        (wrong().replace("\n", "\r").encode(), 3),
        (("# \x85 \u2028\n" + wrong()).encode(), 4),
        (json.dumps({"type": "Mesh", "name": "x", "mtls": {"enabledBackend": "no"}}, indent=1).encode(), 5),
        (b'{\n\t"type": "Mesh",\n\t"name": "x",\n\t"mtls": {\n\t\t"enabledBackend": "no"}}', 5),
        (b'\n{"type": "Mesh", "name": "x",\n"labels": {"a": "\\/"},\n"mtls": {"enabledBackend": "no"}}', 4),
        (b'\n{"type": "Mesh", "name": "x",\n"labels": {"a": "\\ud83d\\ude00"},\n"mtls": {"enabledBackend": "no"}}', 2),
        (b"{type: Mesh, name: x,\nmtls: {enabledBackend: no-such}}", 2),
    ],
    ids=["bom", "crlf", "cr", "unicode", "json", "tabs", "escapes", "surrogates", "flow"],
)
def test_the_line_is_that_of_an_editor(said, line):
    write("a.yaml", said)
    found = findings("a.yaml")
    assert (found[-1]["path"], found[-1]["line"]) == ("mtls.enabledBackend", line)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\nb: c: d\n", 3, "mapping values are not allowed"),
        ('{"a": 1,\n "b": ]', 3, "is not YAML"),
        ('{"a": 1,\n "b": 2', 4, "is not YAML"),
        ("a:\n\tb: 1\n", 3, "a tab cannot indent"),
        (
            "type: Mesh\nname: a\nname: b\n",
            4,
            'the key "name" is there twice, first in line 3; only the last one would count',
        ),
        ('{"type": "Mesh",\n"name": "x", "name": "y"}', 3, 'the key "name" is there twice, first in line 3'),
        ("type: Mesh\nname: " + "[" * 5000 + "]" * 5000, 3, "nested more than 200 deep"),
        ('{"type": "Mesh",\n"name": ' + "[" * 5000 + "]" * 5000 + "}", 3, "nested more than 200 deep"),
    ],
)
def test_what_is_no_document_is_found_where_it_breaks_and_the_others_are_checked(text, line, why):
    write("a.yaml", f"---\n{text}\n---\n{wrong()}")
    first, *_, last = findings("a.yaml")
    assert (first["line"], first["index"], first["severity"]) == (line, 0, "error")
    assert why in first["message"]
    assert (last["index"], last["path"]) == (1, "mtls.enabledBackend")


def test_what_is_not_utf_8_is_found_on_its_line():
    write("a.yaml", "type: Mesh\nname: x\nlabels: {a: ä}\n".encode("latin-1"))
    (found,) = findings("a.yaml")
    assert (found["line"], found["message"]) == (3, "is not UTF-8; save it as UTF-8")
    assert run("check", "a.yaml").code == 2


@pytest.mark.parametrize(
    ("port", "found"), [("8080.0", None), ("0x1F90", None), ("1e400", "port"), ("9" * 40, "port"), ("9" * 5000, "port")]
)
@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_numbers_are_those_of_the_control_plane(port, found, suffix):
    spec = f'{{"type": "MeshService", "mesh": "m", "name": "x", "spec": {{"ports": [{{"port": {port}}}]}}}}'
    write(f"a.{suffix}", spec)
    paths = [one["path"].rpartition(".")[2] for one in findings(f"a.{suffix}")]
    assert paths == ([found] if found else [])


def test_words_that_are_no_text_in_yaml_are_to_be_quoted():
    write(
        "a.yaml",
        "type: MeshGateway\nmesh: m\nname: n\nselectors: [{match: {kuma.io/service: on}}]\nconf:\n"
        "  listeners: [{port: 80, protocol: HTTP}]\n",
    )
    ran = run("check", "a.yaml")
    assert "a.yaml:3: MeshGateway/m/?: name: must be of type string; it is False; quote it" in ran.lines
    assert (
        'a.yaml:4: MeshGateway/m/?: selectors[0].match["kuma.io/service"]: must be text; it is True; quote it'
        in ran.lines
    )


def test_a_folder_is_walked_in_order():
    for name in ("d/b.yaml", "d/a.json", "d/c/a.yml", "d/c.yaml", "d/B.YAML", "d/a.txt", "d/.git/a.yaml", "d/.a.yaml"):
        write(name, wrong(Path(name).stem.lower() + Path(name).parent.name))
    assert [file for file, *_ in places("d")] == ["d/B.YAML", "d/a.json", "d/b.yaml", "d/c/a.yml", "d/c.yaml"]


def test_a_file_is_read_once():
    write("d/a.yaml", wrong())
    Path("d/b.yaml").symlink_to("a.yaml")
    assert places("d/a.yaml", "d", "./d/a.yaml") == [("d/a.yaml", 0, 3)]


def test_a_file_that_is_named_may_be_called_anything():
    write("documents.txt", wrong())
    assert places("documents.txt") == [("documents.txt", 0, 3)]


def test_links_lead_to_files_but_never_in_circles():
    write("e/a.yaml", wrong())
    write("d/c/b.yaml", wrong("b"))
    Path("d/c/a.yaml").symlink_to("../../e/a.yaml")
    Path("d/c/up").symlink_to("../..")
    ran = run("check", "d")
    assert ran.code == 2
    assert [line.split(":")[0] for line in ran.lines] == ["d/c/a.yaml", "d/c/b.yaml"]


@pytest.mark.parametrize("target", ["a.yaml", "gone.yaml"], ids=["itself", "nothing"])
def test_a_link_that_leads_nowhere_cannot_be_checked(target):
    write("d/b.yaml", wrong())
    Path("d/a.yaml").symlink_to(target)
    ran = run("check", "d")
    assert ran.code == 1
    assert "error: d/a.yaml: cannot be read: " in ran.err
    assert ran.lines[0].startswith("d/b.yaml:3: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_cannot_be_checked():
    write("d/a.yaml", wrong())
    write("d/e/a.yaml", wrong())
    Path("d/a.yaml").chmod(0)
    Path("d/e").chmod(0)
    ran = run("check", "d")
    Path("d/e").chmod(0o700)
    assert ran.code == 1
    assert [line.split(": ")[1] for line in ran.err.splitlines()[:2]] == ["d/e", "d/a.yaml"]


def test_what_is_no_file_is_left_alone_in_a_folder():
    """Nobody would ever write to it: a read would wait for ever."""
    write("d/a.yaml", wrong())
    os.mkfifo("d/b.yaml")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("d/c.yaml")
        assert [file for file, *_ in places("d")] == ["d/a.yaml"]


@pytest.mark.parametrize("name", ["d", "d/e"])
def test_a_folder_without_documents_cannot_be_checked(name):
    write("d/e/a.txt", "")
    ran = run("check", name)
    assert ran.code == 1
    assert f"error: {name}: holds no files whose names end in .json, .yaml, .yml" in ran.err


def test_an_empty_file_holds_no_documents():
    write("a.yaml", "# nothing yet\n")
    assert run("check", "a.yaml", "--format", "json").report == {"documents": 0, "findings": []}


def test_a_dash_is_standard_input():
    assert places("-", stdin=f"---\n{wrong()}") == [("-", 0, 4)]
    assert run("check", "-", stdin=wrong()).out.startswith("-:3: Mesh/x: mtls.enabledBackend: ")


DOCUMENTS = [document for name in NAMES for document in [*cases(name), *recorded()[name]]]


def said(file):
    """Return what was found, but where: not the same in two files."""
    found = [one for one in findings(file) if "the same object" not in one["message"]]
    return sorted((one["index"], one["path"], one["message"], one["severity"]) for one in found)


def test_yaml_and_json_of_all_that_is_known_say_the_same():
    """The examples of every kind, and what real control planes accepted."""
    assert len(DOCUMENTS) > 400
    write("a.yaml", yaml.safe_dump_all(DOCUMENTS, default_style='"'))
    write("a.json", "\n---\n".join(json.dumps(document) for document in DOCUMENTS))
    assert run("check", "--format", "json", "a.json").report["documents"] == len(DOCUMENTS)
    assert said("a.yaml") == said("a.json")


def test_every_example_is_accepted():
    paths = [path for path in EXAMPLES if read(path)[0]["type"] in KINDS]
    assert len(paths) > 40
    assert [one for one in findings(*paths) if one["severity"] == "error"] == []
