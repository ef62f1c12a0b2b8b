"""What is promised of `pulumi-mesh explain`: what it says, in text and JSON, and how it ends."""

import json
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml

from pulumi_mesh.schema.kind import kind_of
from tests.cli.command import run

MESH = Path(__file__).with_name("gateway.yaml")
CANARY = ("explain", "https://shop.example:8443/api/v2/users", MESH, "--header", "x-canary: 1")


def test_a_request_is_explained_in_columns():
    ran = run(*CANARY)
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == """\
listener    MeshGateway/shop/edge 8443 HTTPS shop.example  TLS TERMINATE, shop-cert
route       MeshHTTPRoute/shop/api to[0].rules[1]          PathPrefix /api/v2 and header x-canary = 1
            before to[0].rules[0] (PathPrefix /api): longer path
            before to[0].rules[3] (RegularExpression /api/.*): prefixes come before regular expressions
filters     path /api/v2 rewritten to /
backends     90 %  MeshService api-v2 :8080
             10 %  MeshService api-v1 :8080
"""
    )


def test_json_says_the_same_in_the_promised_shape():
    ran = run(*CANARY, "--format", "json")
    assert ran.code == 0
    reasons = ran.report["reasons"]
    report = {key: value for key, value in ran.report.items() if key != "reasons"}
    assert report == {
        "outcome": "backend",
        "listener": {"gateway": "edge", "port": 8443, "protocol": "HTTPS", "hostname": "shop.example"},
        "route": {"type": "MeshHTTPRoute", "mesh": "shop", "name": "api", "path": "spec.to[0].rules[1]"},
        "backends": [
            {"kind": "MeshService", "name": "api-v2", "port": 8080, "share": 0.9},
            {"kind": "MeshService", "name": "api-v1", "port": 8080, "share": 0.1},
        ],
        "upstream": {"path": "/users", "host": "shop.example:8443", "headers": {"x-canary": "1"}},
        "redirect": None,
    }
    assert "before MeshHTTPRoute/shop/api to[0].rules[0] (PathPrefix /api): longer path" in reasons


def test_a_redirect_says_where_it_leads():
    ran = run("explain", "http://any.example:8080/old?a=b", MESH, "--format", "json")
    assert ran.code == 0
    assert ran.report["outcome"] == "redirect"
    assert ran.report["redirect"] == {"status": 301, "location": "http://new.example:8080/old"}
    assert ran.report["backends"] == []
    assert "redirect    301 http://new.example:8080/old" in run("explain", "http://any.example:8080/old", MESH).lines


def test_a_request_that_goes_nowhere_ends_with_2_and_says_why():
    ran = run("explain", "http://any.example:8080/other", MESH)
    assert ran.code == 2
    assert ran.lines[-1] == "not found   404: none of the rules for * takes GET /other"
    ran = run("explain", "http://any.example:9999/", MESH)
    assert ran.code == 2
    assert ran.lines[0] == "no listener nothing listens on 9999"


def test_a_connection_is_explained_by_its_server_name():
    ran = run("explain", "tls://db.example:9000", MESH, "--format", "json")
    assert (ran.code, ran.report["backends"][0]["name"]) == (0, "db")
    assert run("explain", "tls://other.example:9000", MESH).code == 2


def test_many_requests_are_answered_in_their_order(tmp_path):
    asked = [
        {"url": "http://a:8080/api"},
        {"url": "http://a:8080/nothing", "method": "POST"},
        {"url": "http://a:8080/api/v2", "headers": {"X-Canary": "1"}, "gateway": "edge"},
    ]
    file = tmp_path / "requests.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in asked) + "\n\n")
    ran = run("explain", "--requests", file, MESH, "--format", "json")
    assert ran.code == 0
    assert [one["outcome"] for one in json.loads(ran.out)] == ["backend", "not_found", "backend"]
    ran = run("explain", "--requests", "-", MESH, stdin=json.dumps(asked))
    assert ran.code == 0
    assert [line for line in ran.lines if "http://" in line] == [
        "GET http://a:8080/api",
        "POST http://a:8080/nothing",
        "GET http://a:8080/api/v2",
    ]


def test_a_report_may_go_to_a_file(tmp_path):
    ran = run(*CANARY, "--format", "json", "--out", tmp_path / "report.json")
    assert (ran.code, ran.out) == (0, "")
    assert json.loads((tmp_path / "report.json").read_text())["outcome"] == "backend"


WRONG = [
    (["explain", MESH], "is no URL of a request", "a file where the URL belongs"),
    (
        ["explain", "http://a:8080/", MESH, "--gateway", "egde"],
        "egde: there is no such MeshGateway",
        "a gateway that is not there",
    ),
    (["explain", "http://a:8080/", "nowhere.yaml"], "nowhere.yaml: cannot be read", "a file that is not there"),
    (["explain", "http://a:8080/", MESH, "--header", "x"], "--header x: is no header", "a header without value"),
    (["explain", "http://a:8080/", MESH, "--kuma", "3.0"], "Kuma 3.0", "a release without gateways"),
    (["explain", "http://a:8080/"], "nothing to read from", "no source"),
    (["explain"], "no request", "no request"),
    (["explain", "--requests", "-", MESH], "-:1: is no JSON", "lines that are no JSON"),
]


@pytest.mark.parametrize(("args", "said", "why"), WRONG, ids=[case[2] for case in WRONG])
def test_what_cannot_be_told_ends_with_1(args, said, why, monkeypatch):
    monkeypatch.delenv("PULUMI_MESH_URL", raising=False)
    ran = run(*args, stdin="{nothing")
    assert (ran.code, ran.out) == (1, ""), why
    assert said in ran.err


def test_a_release_may_be_named():
    assert run(*CANARY, "--kuma", "2.10").code == 0


def test_a_url_may_stand_after_the_files():
    verb, url, *rest = CANARY
    assert run(verb, MESH, url, *rest[1:]).out == run(*CANARY).out


@pytest.fixture
def filled(sandbox_url):
    """A control plane that holds what the file says, and nothing of it afterwards."""
    bodies = [{"type": "Mesh", "name": "shop"}, *yaml.safe_load_all(MESH.read_text())]
    kinds = [kind_of(body["type"]) for body in bodies]
    urls = [
        sandbox_url + kind.url(kind.address(body["name"], body.get("mesh")))
        for kind, body in zip(kinds, bodies, strict=True)
    ]
    with closing(httpx.Client()) as client:
        for url, body in zip(urls, bodies, strict=True):
            assert client.put(url, json=body).status_code == 201
        yield sandbox_url
        for url in reversed(urls):
            assert client.delete(url).status_code == 200


def test_what_a_control_plane_holds_is_explained_as_files_are(filled):
    ran = run(*(one for one in CANARY if one != MESH), "--url", filled, "--mesh", "shop", "--format", "json")
    assert ran.code == 0
    assert ran.report == run(*CANARY, "--format", "json").report


def test_a_control_plane_is_a_source_and_its_release_counts(sandbox_url, monkeypatch):
    monkeypatch.delenv("PULUMI_MESH_URL", raising=False)
    ran = run("explain", "http://a:8080/", "--url", sandbox_url)
    assert (ran.code, ran.out) == (1, "")
    assert "there is no MeshGateway at all" in ran.err
    monkeypatch.setenv("PULUMI_MESH_URL", sandbox_url)
    assert "there is no MeshGateway at all" in run("explain", "http://a:8080/").err


def test_a_gateway_may_be_named_with_its_mesh():
    assert run(*CANARY, "--gateway", "shop/edge").code == 0
    assert run(*CANARY, "--mesh", "elsewhere").code == 1
