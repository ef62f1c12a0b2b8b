"""What is promised of the reference: it is up to date, it leads nowhere in vain, and its examples are true."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_mesh.resource import Base
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.wire import to_wire
from tests.kinds.documents import EXAMPLES, read
from tools.reference.example import program
from tools.reference.families import REST, families
from tools.reference.index import pages, resources

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "sdk-docs" / "reference"
COMMAND = "python -m tools.reference"
PAGES = pages()
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]*)#?([^)]*)\)")
ROW = re.compile(r"^\| `\w+` \|.*\|\s*(.*?)\s*\|$", re.MULTILINE)


def test_every_page_is_up_to_date():
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in there.keys() | PAGES.keys() if there.get(name) != PAGES.get(name))
    assert stale == [], f"run `{COMMAND}`"


def test_pages_are_the_same_on_every_run():
    print_all = "from tools.reference.index import pages; print(pages())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", print_all],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name):
    for file, anchor in LINK.findall(re.sub("`[^`\n]*`", "", PAGES[name])):
        text = PAGES.get(file or name) or (FOLDER / file).read_text(encoding="utf-8")
        headings = [heading(line) for line in text.splitlines() if line.startswith("#")]
        assert not anchor or anchor in headings, f"{file}#{anchor}"


def heading(line):
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")


@pytest.mark.parametrize("name", PAGES)
def test_every_argument_has_a_meaning(name):
    assert [row for row in ROW.findall(PAGES[name]) if not row] == []


@pytest.mark.parametrize("name", resources())
def test_every_page_has_an_example(name):
    assert "```python" in PAGES[f"{name}.md"]


def test_every_resource_is_in_a_family():
    assert set(families(list(resources())).get(REST, [])) <= {"MeshResource"}


@pytest.fixture
def declared(monkeypatch, tmp_path):
    """The resources that a program declares, judged as ever, but not told to an engine."""
    found = []

    def declare(self, resource_name, *, opts=None, adopt="never", **said):
        self.names = {}
        self.said = self.validated(self.completed({"name": resource_name, **said} if "name" in self.declared else said))
        found.append(self)

    monkeypatch.setattr(Base, "__init__", declare)
    monkeypatch.chdir(tmp_path)
    Path("shop.pem").write_text("-----BEGIN CERTIFICATE-----")
    return found


@pytest.mark.parametrize("name", resources())
def test_every_example_is_accepted(name, declared):
    for text in re.findall(r"```python\n(.*?)```", PAGES[f"{name}.md"], re.DOTALL):
        exec(compile(text, f"{name}.md", "exec"), {})
    assert {type(one).__name__ for one in declared} == {name}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_program_says_what_the_document_says(path, declared):
    document, _ = read(path)
    if document["type"] not in KINDS:
        pytest.skip("is not exported yet")
    kind = KINDS[document["type"]]
    exec(program(kind, document), {})
    (resource,) = declared
    said = {name: value for name, value in resource.said.items() if name in kind.body}
    assert {"spec": {}, **to_wire(kind.model, said)}.items() >= {
        key: value for key, value in document.items() if key not in ("type", "name", "mesh", "labels")
    }.items()
    assert [resource.said.get(key) for key in ("name", "labels")] == [document.get(key) for key in ("name", "labels")]


def test_a_page_says_what_each_release_may_refer_to():
    """Three facts of the control plane's own documentation."""
    page = PAGES["MeshTimeout.md"]
    assert (
        "| `to[].target_ref` | Mesh, MeshService, MeshExternalService, MeshMultiZoneService, MeshHTTPRoute *(since Kuma 2.11)* |"
        in page
    )
    assert (
        "| `to[].target_ref`, where `target_ref` is MeshGateway or MeshHTTPRoute | Mesh, MeshExternalService |" in page
    )
    assert "MeshSubset *(deprecated)*" in page
