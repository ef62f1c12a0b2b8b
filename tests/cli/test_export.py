"""What is promised of `pulumi-mesh export`: what it writes, where it goes, what it says, and what it never says."""

import json
import shlex
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.sandbox import running
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.sources.stack import MARK, SECRET
from tests.cli.command import Ran, run
from tests.export.crowd import gateway

DATA = b64encode(b"hunter2 " * 9).decode()
BUNDLE = "-----BEGIN CERTIFICATE-----\nit's\n-----END CERTIFICATE-----\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A shop with a gateway, its certificate, and a service behind a CA of its own."""
    with running() as url:
        control_plane = ControlPlane(Connection("default", url))
        for body in shop():
            kind = KINDS[body["type"]]
            control_plane.put(kind.url(kind.address(body["name"], body.get("mesh"))), body)
        control_plane.close()
        yield url


def shop() -> Iterator[dict[str, Any]]:
    yield {"type": "Mesh", "name": "shop"}
    yield {"type": "Mesh", "name": "b2b", "labels": {"pulumi-mesh.io/owner": "shop.prod"}}
    yield {"type": "Secret", "mesh": "shop", "name": "edge-cert", "data": DATA}
    yield gateway("shop", "edge")
    tls = {"enabled": True, "caCert": {"inlineString": BUNDLE}}
    networking = {"address": "pay.example:443", "tls": tls}
    tags = {"kuma.io/service": "pay"}
    yield {"type": "ExternalService", "mesh": "shop", "name": "pay", "networking": networking, "tags": tags}


def exported(url: str, *args: str | Path, code: int = 0) -> Ran:
    ran = run("export", "--url", url, *args)
    assert ran.code == code, ran.err
    return ran


def test_a_program_goes_into_a_folder_and_what_is_left_to_do_to_standard_error(url: str, tmp_path: Path):
    ran = exported(url, "--out", tmp_path / "infra")
    assert ran.out == ""
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "infra/Pulumi.yaml",
        "infra/README.md",
        "infra/__main__.py",
        "infra/meshes/__init__.py",
        "infra/meshes/b2b.py",
        "infra/meshes/config.py",
        "infra/meshes/shop.py",
        "infra/pyproject.toml",
        "infra/requirements.txt",
    ]
    assert (tmp_path / "infra/Pulumi.yaml").read_text().startswith("name: infra\n")
    assert f"5 objects in 2 meshes written to {tmp_path}/infra; " in ran.err
    assert "  pulumi config set --secret edge-cert\n" in ran.err
    assert "  pulumi config set --secret pay-networking-tls-ca-cert-inline-string\n" in ran.err
    assert "warning: shop.prod: 1 object belongs to this stack" in ran.err


def test_without_a_folder_a_program_is_one_module_alone_on_standard_output(url: str):
    ran = exported(url)
    compile(ran.out, "program.py", "exec")
    assert ran.out.startswith('"""What a control plane held')
    assert "certificates=[edge_cert]" in ran.out
    assert "config = pulumi.Config()" in ran.out


@pytest.mark.parametrize("form", ["python", "yaml", "json"])
def test_a_secret_is_never_said_unless_that_is_asked_for(url: str, form: str, tmp_path: Path):
    imports = tmp_path / "resources.json"
    ran = exported(url, "--format", form, "--import-file", imports)
    assert f"\n  pulumi import --file {imports} --yes --protect=false --generate-code=false\n" in ran.err
    for text in (ran.out, ran.err, imports.read_text()):
        assert DATA not in text
        assert json.dumps(BUNDLE)[1:-1] not in text
        assert "it's" not in text
    assert imports.stat().st_mode & 0o077 == 0
    ran = exported(url, "--format", form, "--import-file", imports, "--include-secrets")
    assert DATA in ran.out + ran.err
    assert DATA in imports.read_text()


def test_with_secrets_the_commands_are_those_that_set_them(url: str):
    ran = exported(url, "--include-secrets")
    lines = [line for line in ran.err.splitlines() if line.startswith("  pulumi config set")]
    assert len(lines) == 2
    for line, value in zip(lines, (DATA, BUNDLE), strict=True):
        shown = subprocess.run(
            ["bash", "-c", f'pulumi() {{ printf %s "${{@: -1}}"; }}; {line}'], capture_output=True, check=True
        )
        assert shown.stdout.decode() == value
    assert shlex.split(lines[0])[:6] == ["pulumi", "config", "set", "--secret", "edge-cert", "--"]


def test_documents_are_read_again_as_what_they_were_written_of(url: str, tmp_path: Path):
    file = tmp_path / "all.yaml"
    ran = exported(url, "--format", "yaml", "--out", file)
    assert ran.out == ""
    text = file.read_text()
    assert text.startswith("# (secret) stands for a value that was left out; --include-secrets says it.\n")
    assert text.index("name: shop\n") < text.index("name: edge-cert\n") < text.index("name: edge\n")
    again = run("export", file, "--format", "yaml")
    assert (again.code, again.out) == (0, text)
    first, second = exported(url, "--mesh", "shop"), run("export", file, "--mesh", "shop")
    assert first.out == second.out
    assert "creationTime" not in text
    assert "kuma.io/" not in text.replace("kuma.io/service", "")


def test_json_is_one_list_of_the_same_documents(url: str):
    import yaml

    documents = json.loads(exported(url, "--format", "json", "--include-secrets").out)
    assert documents == list(yaml.safe_load_all(exported(url, "--format", "yaml", "--include-secrets").out))
    assert {one["type"] for one in documents} == {"Mesh", "Secret", "MeshGateway", "ExternalService"}


def test_only_what_is_asked_for_is_written(url: str):
    def addresses(*args: str) -> list[str]:
        found = json.loads(exported(url, "--format", "json", *args).out)
        return sorted("/".join(filter(None, (one["type"], one.get("mesh"), one["name"]))) for one in found)

    assert addresses("--mesh", "b2b") == ["Mesh/b2b"]
    assert addresses("--kind", "Secret", "--kind", "Mesh") == ["Mesh/b2b", "Mesh/shop", "Secret/shop/edge-cert"]
    assert addresses("--owner", "shop.prod") == ["Mesh/b2b"]
    assert "Mesh/b2b" not in addresses("--owner", "none")
    assert len(addresses("--owner", "none")) == 4


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (
            ["--kind", "MeshGatway"],
            "--kind MeshGatway: this version knows no kind MeshGatway; did you mean MeshGateway",
        ),
        (["--mesh", "shpo"], "--mesh shpo: there is no such mesh, and nothing in it"),
        (["--format", "toml"], "toml"),
    ],
)
def test_a_mistake_in_a_name_does_not_look_like_nothing_to_write(url: str, args: list[str], why: str):
    ran = exported(url, *args, code=1)
    assert why in ran.err
    assert ran.out == ""


def test_nobody_elses_work_is_overwritten_and_the_same_is_written_again(url: str, tmp_path: Path):
    exported(url, "--out", tmp_path)
    exported(url, "--out", tmp_path)
    module = tmp_path / "meshes" / "shop.py"
    module.write_text("# mine\n")
    ran = exported(url, "--out", tmp_path, "--kind", "Mesh", code=1)
    assert "\n  meshes/shop.py: is there already, and says something else\n" in ran.err
    assert "nothing was written" in ran.err
    assert module.read_text() == "# mine\n"
    assert "edge-cert" in (tmp_path / "README.md").read_text()


def test_what_files_hold_cannot_be_imported(tmp_path: Path):
    file = tmp_path / "mesh.yaml"
    file.write_text("type: Mesh\nname: shop\n")
    ran = run("export", file, "--import-file", tmp_path / "resources.json")
    assert ran.code == 1
    assert ran.err == ("error: --import-file: only what a control plane holds can be imported; read it with --url\n")


def test_what_cannot_be_read_is_said_and_the_rest_is_written(tmp_path: Path):
    file = tmp_path / "some.yaml"
    file.write_text("type: Mesh\nname: shop\n---\nfoo: 1\n")
    ran = run("export", file)
    assert ran.code == 1
    assert 'mesh.Mesh("shop")' in ran.out
    assert f"error: {file}:4: is no object of a control plane" in ran.err


def test_a_control_plane_that_does_not_answer_is_an_error():
    ran = run("export", "--url", "http://127.0.0.1:9")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("error: ")


def test_a_state_is_exported_as_what_it_says(tmp_path: Path):
    sealed = {MARK: SECRET, "ciphertext": "v1:x"}
    outputs = {"__kind": "Secret", "name": "s", "mesh": "shop", "data": sealed}
    urn = "urn:pulumi:dev::shop::pulumi-python:dynamic/mesh:Secret::s"
    resource = {"urn": urn, "type": "pulumi-python:dynamic/mesh:Secret", "outputs": outputs}
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [resource]}}))
    ran = run("export", "--state", file)
    assert ran.code == 0, ran.err
    assert 'mesh.Secret("s", mesh="shop", data=config.require_secret("s"))' in ran.out
