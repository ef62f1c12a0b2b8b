"""What is promised of `pulumi-mesh graph`: where it reads from, what it writes, how it ends."""

import json
import re
import urllib.request
from pathlib import Path

import pytest
import yaml

from pulumi_mesh.ingress.picture import picture
from pulumi_mesh.ingress.picture.mermaid import mermaid
from pulumi_mesh.sources import files
from tests.cli.command import run
from tests.ingress import pictured

SHOP = [one.sent() for one in pictured.shop()]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Every test has a folder of its own with the shop in it, and no control plane."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PULUMI_MESH_URL", raising=False)
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump_all(SHOP))
    return tmp_path


def test_a_picture_is_mermaid_alone_on_standard_output():
    ran = run("graph", "shop.yaml")
    assert ran.code == 0
    assert ran.lines[0] == "flowchart LR"
    assert "shop.example:8443" in ran.out
    assert ran.err.startswith("5 hostnames in 2 meshes: ")


@pytest.mark.parametrize(
    ("form", "begins"),
    [("mermaid", "flowchart LR"), ("dot", "digraph"), ("svg", "<svg"), ("html", "<!DOCTYPE html>")],
)
def test_a_picture_comes_in_four_forms(form, begins):
    ran = run("graph", "--format", form, "shop.yaml")
    assert (ran.code, ran.out.startswith(begins)) == (0, True)
    assert "shop.example:8443" in ran.out


def test_a_file_is_written_in_the_form_of_its_name(folder):
    for name, begins in (("a.svg", "<svg"), ("a.html", "<!DOCTYPE"), ("a.dot", "digraph"), ("a.mmd", "flowchart")):
        ran = run("graph", "shop.yaml", "--out", name)
        assert (ran.code, ran.out) == (0, "")
        assert (folder / name).read_text().startswith(begins)
    run("graph", "shop.yaml", "--out", "b.svg", "--format", "dot")
    assert (folder / "b.svg").read_text().startswith("digraph")


def test_a_page_is_utf_8_wherever_it_is_made(folder, monkeypatch):
    monkeypatch.setattr("locale.getpreferredencoding", lambda *_: "ascii")
    (folder / "ö.yaml").write_text("type: MeshGateway\nname: ö\nconf: {listeners: [{port: 80, protocol: HTTP}]}\n")
    assert run("graph", "ö.yaml", "--out", "a.html").code == 0
    assert "ö" in (folder / "a.html").read_bytes().decode("utf-8")


def test_what_is_wrong_is_on_the_picture_and_does_not_change_how_it_ends(folder):
    route = next(one for one in SHOP if one["name"] == "api")
    route["spec"]["targetRef"]["tags"] = {"port": "none"}
    (folder / "wrong.yaml").write_text(yaml.safe_dump_all(SHOP))
    ran = run("graph", "wrong.yaml")
    assert ran.code == 0
    assert "selects-no-listener" in ran.out


def test_meshes_can_be_chosen():
    out = run("graph", "shop.yaml", "--mesh", "shop").out
    assert "mesh shop" in out
    assert "mesh partners" not in out


def test_what_cannot_be_read_ends_with_1_and_does_not_hide_the_rest(folder):
    ran = run("graph", "shop.yaml", "nowhere.yaml")
    assert ran.code == 1
    assert "shop.example:8443" in ran.out
    assert "error: nowhere.yaml" in ran.err
    assert run("graph").code == 1
    assert run("graph", "shop.yaml", "--format", "png").code == 1
    assert run("graph", "shop.yaml", "--out", "no/such/folder.svg").code == 1


def test_the_example_of_the_page_is_what_it_gives(folder):
    """But for findings, of which there may be new ones."""
    page = (Path(__file__).parents[2] / "sdk-docs" / "picture.md").read_text()
    given, drawn = (re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)[1] for language in ("yaml", "mermaid"))
    (folder / "example.yaml").write_text(given)
    assert mermaid(picture(files(["example.yaml"]).documents())) == drawn


OURS = "pulumi-python:dynamic/mesh:"
SECRET = "4dabf18193072939515e22adb298388d"


def resource(kind, name, **said):
    props = {"__kind": kind, "__provider": "x", "name": name, "mesh": "shop", "control_plane": "default", **said}
    urn = f"urn:pulumi:dev::shop::{OURS}{kind}::{name}"
    return {"urn": urn, "type": f"{OURS}{kind}", "id": name, "custom": True, "inputs": {}, "outputs": props}


def test_a_state_is_drawn_with_the_listeners_that_are_resources_of_their_own(folder):
    """Its secrets are encrypted: what is in the certificate is not known, its name is."""
    sealed = {SECRET: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "geheim"}
    tls = {"mode": "TERMINATE", "certificates": [{"secret": "cert"}]}
    listener = {"gateway": "edge", "port": 443, "protocol": "HTTPS", "hostname": "a.example", "tls": tls}
    resources = [
        resource("MeshGateway", "edge", selectors=[{"match": {"kuma.io/service": "edge"}}]),
        resource("GatewayListener", "one", **listener),
        resource("Secret", "cert", data=sealed),
    ]
    (folder / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    ran = run("graph", "--state", "state.json")
    assert ran.code == 0, ran.err
    assert '"443 HTTPS a.example<br/>TLS TERMINATE<br/>cert"' in ran.out
    assert "geheim" not in ran.out


def test_what_a_control_plane_holds_is_drawn(sandbox_url):
    def put(path, body):
        request = urllib.request.Request(
            sandbox_url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="PUT"
        )
        urllib.request.urlopen(request).close()

    put("/meshes/graph", {"type": "Mesh", "name": "graph", "skipCreatingInitialPolicies": ["*"]})
    listener = {"port": 8080, "protocol": "HTTP", "hostname": "graph.example"}
    edge = [{"match": {"kuma.io/service": "edge"}}]
    gateway = {
        "type": "MeshGateway",
        "mesh": "graph",
        "name": "edge",
        "selectors": edge,
        "conf": {"listeners": [listener]},
    }
    put("/meshes/graph/meshgateways/edge", gateway)
    ran = run("graph", "--url", sandbox_url, "--mesh", "graph")
    assert ran.code == 0, ran.err
    assert "graph.example:8080" in ran.out
    assert ran.err == "1 hostname in 1 mesh: 0 findings\n"
