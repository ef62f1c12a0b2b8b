"""What is promised of `pulumi-mesh drift`: its options, its endings, its reports."""

import json
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from pulumi_mesh.provider.state import PICKLED
from pulumi_mesh.sandbox import running
from tests.cli.command import Ran, run
from tests.drift.table import bases
from tests.e2e.gate import Gate, Reply
from tests.e2e.plane import OWNER, Plane

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PLACES = {
    "Mesh": "meshes",
    "MeshGateway": "meshgateways",
    "MeshHTTPRoute": "meshhttproutes",
    "MeshTimeout": "meshtimeouts",
    "MeshTrafficPermission": "meshtrafficpermissions",
    "Secret": "secrets",
    "ExternalService": "external-services",
}


@dataclass
class Shop:
    """A mesh of this test, the files that say what is in it, and the control plane."""

    plane: Plane
    mesh: str
    at: Path

    def body(self, base: str, name: str, **more: Any) -> dict[str, Any]:
        body = {**bases()[base], "name": name} | more
        return body if body["type"] == "Mesh" else {**body, "mesh": self.mesh}

    def put(self, body: dict[str, Any], owner: str = "") -> None:
        labels = {**body.get("labels", {}), **({OWNER: owner} if owner else {})}
        self.plane.put(self.path(body), {**body, "labels": labels})

    def path(self, body: dict[str, Any]) -> str:
        place = f"{PLACES[body['type']]}/{body['name']}"
        return f"/{place}" if body["type"] == "Mesh" else f"/meshes/{self.mesh}/{place}"

    def files(self, *bodies: dict[str, Any]) -> Path:
        """Write what is to be there."""
        path = self.at / "shop.yaml"
        path.write_text("---\n".join(yaml.safe_dump(body) for body in bodies))
        return path

    def state(self, *resources: dict[str, Any]) -> Path:
        """Write a state, as `pulumi stack export` does."""
        listed = [
            {"type": "pulumi-python:dynamic/mesh:X", "urn": f"urn:pulumi:dev::shop::X::{number}", "outputs": outputs}
            for number, outputs in enumerate(resources)
        ]
        path = self.at / "state.json"
        path.write_text(json.dumps({"version": 3, "deployment": {"resources": listed}}))
        return path

    def resource(self, kind: str, name: str, owner: str = "shop.dev", **said: Any) -> dict[str, Any]:
        mesh = {} if kind == "Mesh" else {"mesh": self.mesh}
        hidden = {"__kind": kind, "__provider": PICKLED, "__owner": owner}
        return {"name": name, "control_plane": "default", **mesh, **said, **hidden}

    def drift(self, *args: str | Path) -> Ran:
        return run("drift", "--mesh", self.mesh, *args)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running() as url:
        yield url


@pytest.fixture
def gate(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(url)
    for key in ("PULUMI_MESH_TOKEN", "PULUMI_MESH_ALLOW_CLUSTER_CHANGE", "PULUMI_MESH_FINGERPRINT_KEY"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("PULUMI_MESH_URL", gate.url)
    yield gate
    gate.close()


@pytest.fixture
def shop(gate: Gate, url: str, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(Plane(url), f"shop-{uuid.uuid4().hex[:8]}", tmp_path)
    shop.put(shop.body("plain", shop.mesh))
    yield shop
    gate.free()
    shop.plane.empty(shop.mesh)


@pytest.fixture
def drifted(shop: Shop) -> Path:
    """Files that say four objects: one is changed, one is missing; and one more is there."""
    bodies = [
        shop.body("plain", shop.mesh),
        shop.body("gateway", "edge"),
        shop.body("timeout", "slow"),
        shop.body("http-route", "canary"),
    ]
    for body in bodies[:3]:
        shop.put(body)
    shop.plane.edit(f"/meshes/{shop.mesh}/meshgateways/edge", close)
    shop.put(shop.body("permission", "allow-all"))
    return shop.files(*bodies)


def close(gateway: dict[str, Any]) -> None:
    gateway["conf"]["listeners"][1]["tls"]["certificates"][0]["secret"] = "evil"
    gateway["conf"]["listeners"].append({"port": 9001, "protocol": "TCP"})
    gateway["labels"]["team"] = "hand"


TEXT = """\
MeshGateway/{mesh}/edge changed{pad}high: a listener
  ~ listeners[8443 HTTPS shop.example].tls.certificates[0].secret: evil -> shop-cert
  - listeners[9001 TCP *]
  ~ labels.team: hand -> edge
MeshHTTPRoute/{mesh}/canary missing
MeshTrafficPermission/{mesh}/allow-all unmanaged
"""


def test_the_text_says_what_an_up_would_do_and_what_is_grave(shop: Shop, drifted: Path):
    ran = shop.drift(drifted)
    assert ran.code == 2
    lines = [line.split("  high")[0].rstrip() for line in ran.lines]
    expected = TEXT.format(mesh=shop.mesh, pad="").replace("high: a listener", "").splitlines()
    assert lines == expected
    assert [line[64:] for line in ran.lines if not line.startswith(" ")] == [
        "high: a listener",
        "high: a route",
        "high: a permission",
    ]
    assert "5 objects in 1 mesh compared in " in ran.err
    assert ran.err.endswith(": 1 changed, 1 missing, 1 unmanaged\n")


def test_nothing_found_is_0_and_an_empty_report(shop: Shop):
    body = shop.body("timeout", "slow")
    shop.put(body)
    ran = shop.drift(shop.files(shop.body("plain", shop.mesh), body))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith(": no drift\n")
    empty = shop.drift(shop.files(shop.body("plain", shop.mesh), body), "--format", "json")
    assert empty.report["findings"] == []


def test_the_report_in_json_has_findings_and_a_summary(shop: Shop, drifted: Path):
    ran = shop.drift(drifted, "--format", "json")
    assert ran.code == 2
    assert list(ran.report) == ["findings", "summary"]
    first = ran.report["findings"][0]
    assert (first["kind"], first["type"], first["mesh"], first["name"]) == ("changed", "MeshGateway", shop.mesh, "edge")
    assert first["changes"][0] == {
        "path": "conf.listeners[8443 HTTPS shop.example].tls.certificates[0].secret",
        "op": "change",
        "actual": "evil",
        "desired": "shop-cert",
    }
    assert first["origin"].startswith(f"{drifted}:")
    summary = ran.report["summary"]
    expected = {"findings": 3, "changed": 1, "missing": 1, "unmanaged": 1, "foreign_field": 0, "high": 3, "low": 0}
    assert {key: summary[key] for key in expected} == expected
    assert (summary["desired"], summary["objects"], summary["meshes"]) == (4, 5, 1)


def test_a_pull_request_reads_markdown(shop: Shop, drifted: Path):
    shown = shop.drift(drifted, "--format", "markdown").out
    assert f"### Drift of `{drifted}`: 1 changed, 1 missing, 1 unmanaged" in shown
    assert "#### Of nobody" in shown
    assert f"| `MeshHTTPRoute/{shop.mesh}/canary` | missing | **high: a route** |" in shown
    assert "- listeners[8443 HTTPS shop.example].tls.certificates[0].secret: evil\n+ listeners[8443" in shown
    assert shown.count("```") == 2


def test_a_job_reads_junit(shop: Shop, drifted: Path):
    root = ElementTree.fromstring(shop.drift(drifted, "--format", "junit").out)
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "5", "3")
    (suite,) = root
    assert suite.get("name") == f"mesh {shop.mesh}"
    failed = {case.get("name"): case[0].get("type") for case in suite if len(case)}
    assert failed == {
        f"MeshGateway/{shop.mesh}/edge": "changed",
        f"MeshHTTPRoute/{shop.mesh}/canary": "missing",
        f"MeshTrafficPermission/{shop.mesh}/allow-all": "unmanaged",
    }


def test_code_scanning_reads_sarif(shop: Shop, drifted: Path):
    report = shop.drift(drifted, "--format", "sarif").report
    assert report["version"] == "2.1.0"
    (ran,) = report["runs"]
    rules = {rule["id"] for rule in ran["tool"]["driver"]["rules"]}
    assert [one["ruleId"] for one in ran["results"]] == ["changed", "missing", "unmanaged"]
    assert {one["ruleId"] for one in ran["results"]} <= rules
    assert {one["level"] for one in ran["results"]} == {"error"}
    places = [one["locations"][0]["physicalLocation"] for one in ran["results"]]
    assert places[0]["artifactLocation"]["uri"] == str(drifted)
    assert places[0]["region"]["startLine"] > 1
    assert places[2] == {"artifactLocation": {"uri": "Pulumi.yaml"}}
    assert len({one["partialFingerprints"]["object/v1"] for one in ran["results"]}) == 3


@pytest.mark.parametrize("form", ["text", "json", "markdown", "junit", "sarif"])
def test_a_secret_is_in_no_report(shop: Shop, form: str):
    body = shop.body("secret", "cert", data="aHVudGVyMg==")
    shop.put({**body, "data": "aHVudGVyMw=="})
    ran = shop.drift(shop.files(shop.body("plain", shop.mesh), body), "--format", form)
    assert ran.code == 2
    assert "aHVudGVy" not in ran.out + ran.err
    assert "hunter" not in ran.out + ran.err
    assert ran.out.count("(secret ") == 2


def test_fingerprints_are_the_same_again_where_a_key_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    body = shop.body("secret", "cert", data="aHVudGVyMg==")
    shop.put({**body, "data": "aHVudGVyMw=="})
    files = shop.files(shop.body("plain", shop.mesh), body)
    assert shop.drift(files).out != shop.drift(files).out
    monkeypatch.setenv("PULUMI_MESH_FINGERPRINT_KEY", "a long key")
    assert shop.drift(files).out == shop.drift(files).out


def test_the_report_goes_into_a_file_where_one_is_named(shop: Shop, drifted: Path):
    ran = shop.drift(drifted, "--format", "json", "--out", shop.at / "report.json")
    assert (ran.code, ran.out) == (2, "")
    assert len(json.loads((shop.at / "report.json").read_text())["findings"]) == 3
    ran = shop.drift(drifted, "--out", shop.at / "nowhere" / "report.txt")
    assert (ran.code, ran.out) == (1, "")
    assert "nowhere" in ran.err


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (["MeshGateway"], ["canary", "allow-all"]),
        (["MeshGateway/*/edge"], ["canary", "allow-all"]),
        (["*/canary"], ["edge", "allow-all"]),
        (["*"], []),
        (["MeshTrafficPermission", "MeshHTTPRoute/*"], ["edge"]),
        (["MeshGateway/*:listeners*", ":labels.*"], ["canary", "allow-all"]),
        (["MeshGateway/*:conf.listeners[[]9001*"], ["edge", "canary", "allow-all"]),
        (["MeshTimeout/*", ":nothing"], ["edge", "canary", "allow-all"]),
    ],
)
def test_what_is_told_to_be_ignored_is_left_out(shop: Shop, drifted: Path, patterns: list[str], left: list[str]):
    ran = shop.drift(drifted, "--format", "json", *(arg for one in patterns for arg in ("--ignore", one)))
    assert [one["name"] for one in ran.report["findings"]] == left
    assert ran.code == (2 if left else 0)
    assert ran.report["summary"]["ignored"] == 3 - len(left)


def test_a_field_that_is_ignored_does_not_count_for_the_severity(shop: Shop, drifted: Path):
    ran = shop.drift(drifted, "--kind", "MeshGateway", "--format", "json", "--ignore", "MeshGateway/*:conf.listeners[*")
    (found,) = ran.report["findings"]
    assert [one["path"] for one in found["changes"]] == ["labels.team"]
    assert (found["severity"], found["why"]) == ("low", "a label")


def test_only_some_kinds_are_looked_at(shop: Shop, gate: Gate, drifted: Path):
    gate.forget()
    ran = shop.drift(drifted, "--kind", "MeshGateway", "--kind", "MeshTimeout", "--format", "json")
    assert [one["name"] for one in ran.report["findings"]] == ["edge"]
    assert sum(gate.listings().values()) == 2


def test_without_unmanaged_only_what_is_declared_is_looked_at(shop: Shop, gate: Gate, drifted: Path):
    gate.forget()
    ran = shop.drift(drifted, "--no-unmanaged", "--format", "json")
    assert [one["kind"] for one in ran.report["findings"]] == ["changed", "missing"]
    assert sum(gate.listings().values()) == 4


def test_whose_objects_are_told_apart(shop: Shop):
    ours = shop.resource("Mesh", shop.mesh, skip_creating_initial_policies=["*"])
    shop.put(shop.body("secret", "left"), "shop.dev")
    shop.put(shop.body("secret", "theirs"), "other.prod")
    shop.put(shop.body("secret", "nobodys"))
    state = shop.state(ours)
    ran = shop.drift("--state", state)
    assert [line.split("  ")[0] for line in ran.lines] == [
        f"Secret/{shop.mesh}/left unmanaged, left behind by shop.dev",
        f"Secret/{shop.mesh}/nobodys unmanaged",
    ]
    assert "1 object of other stacks left alone" in ran.err

    def names(owner: str) -> list[str]:
        return [
            one["name"] for one in shop.drift("--state", state, "--owner", owner, "--format", "json").report["findings"]
        ]

    assert names("ours") == ["left"]
    assert names("shop.dev") == ["left"]
    assert names("nobody") == names("nobody's") == ["nobodys"]
    assert names("another") == names("other.prod") == ["theirs"]
    assert names("third.dev") == []


def test_an_object_that_two_stacks_declare_is_told_beside_the_report(shop: Shop):
    shop.put(shop.body("secret", "cert"), "other.prod")
    ran = shop.drift("--state", shop.state(shop.resource("Secret", "cert", data="dmFsdWU=")), "--kind", "Secret")
    assert (ran.code, ran.out) == (0, "")
    assert f"note: Secret/{shop.mesh}/cert: belongs to the stack other.prod by now" in ran.err


def test_a_state_without_its_secrets_is_compared_without_them(shop: Shop):
    shop.put(shop.body("secret", "cert"), "shop.dev")
    sealed = shop.resource("Secret", "cert", data={**SECRET, "ciphertext": "v1:abc"}, labels={"team": "edge"})
    ran = shop.drift("--state", shop.state(sealed), "--kind", "Secret", "--format", "json")
    (found,) = ran.report["findings"]
    assert [one["path"] for one in found["changes"]] == ["labels.team"]
    assert "data: encrypted in this state, and so not compared; --stack asks Pulumi for it" in ran.err
    opened = shop.resource("Secret", "cert", data={**SECRET, "plaintext": '"b3RoZXI="'})
    ran = shop.drift("--state", shop.state(opened), "--kind", "Secret", "--format", "json")
    assert [one["path"] for one in ran.report["findings"][0]["changes"]] == ["data"]


def test_listeners_that_are_resources_are_compared_one_by_one(shop: Shop):
    gateway = shop.body(
        "gateway", "edge", conf={"listeners": [{"port": 80, "protocol": "HTTP"}, {"port": 9, "protocol": "TCP"}]}
    )
    gateway.pop("labels")
    gateway.pop("tags")
    shop.put(gateway, "shop.dev")
    edge = shop.resource("MeshGateway", "edge", selectors=[{"match": {"kuma.io/service": "edge"}}])
    one, other = (
        {**shop.resource("GatewayListener", ""), "gateway": "edge", "port": port, "protocol": "HTTP"}
        for port in (80, 81)
    )
    for each in (one, other):
        del each["name"]
    ran = shop.drift("--state", shop.state(edge, one, other), "--kind", "MeshGateway", "--format", "json")
    (found,) = ran.report["findings"]
    assert (found["type"], found["name"], found["kind"]) == ("GatewayListener", "edge/81-HTTP-*", "missing")
    assert found["urn"].endswith("::2")
    assert ran.report["summary"]["desired"] == 3


def test_each_control_plane_of_a_stack_is_compared(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    with running() as url:
        monkeypatch.setenv("PULUMI_MESH_EU_URL", url)
        eu = Plane(url)
        eu.put(f"/meshes/{shop.mesh}", shop.body("plain", shop.mesh))
        eu.put(f"/meshes/{shop.mesh}/secrets/cert", shop.body("secret", "cert", data="b3RoZXI="))
        shop.put(shop.body("secret", "cert"))
        here = shop.resource("Secret", "cert", data="dmFsdWU=")
        ran = shop.drift(
            "--state", shop.state(here, {**here, "control_plane": "eu"}), "--kind", "Secret", "--format", "json"
        )
        (found,) = ran.report["findings"]
        assert (found["control_plane"], found["name"]) == ("eu", "cert")
        text = shop.drift("--state", shop.state(here, {**here, "control_plane": "eu"}), "--kind", "Secret")
        assert text.lines[0].startswith(f"Secret/{shop.mesh}/cert changed on eu  ")


def test_two_control_planes_are_compared_and_what_they_made_by_themselves_is_not(shop: Shop, gate: Gate):
    with running("2.10") as url:
        other = Plane(url)
        mesh = {**shop.body("mesh", shop.mesh), "skipCreatingInitialPolicies": []}
        for plane in (shop.plane, other):
            plane.put(f"/meshes/{shop.mesh}", mesh)
            plane.put(f"/meshes/{shop.mesh}/secrets/cert", shop.body("secret", "cert"))
        assert shop.drift("--against", url).code == 0
        assert run("drift", "--url", url, "--against", gate.url, "--mesh", shop.mesh).code == 0
        shop.put(shop.body("permission", "allow-all"), "shop.dev")
        other.put(f"/meshes/{shop.mesh}/meshtimeouts/slow", shop.body("timeout", "slow"))
        other.put(f"/meshes/{shop.mesh}/secrets/cert", shop.body("secret", "cert", data="b3RoZXI="))
        ran = shop.drift("--against", url, "--format", "json")
        assert ran.code == 2
        assert {(one["kind"], one["name"]) for one in ran.report["findings"]} == {
            ("unmanaged", "allow-all"),
            ("missing", "slow"),
            ("changed", "cert"),
        }
        assert {one["name"] for one in shop.drift("--against", url, "--no-unmanaged", "--format", "json").report["findings"]} == {
            "slow",
            "cert",
        }  # fmt: skip


def test_a_default_that_one_of_two_has_edited_is_told(shop: Shop):
    with running() as url:
        other = Plane(url)
        name = f"mesh-retry-all-{shop.mesh}"
        other.put(f"/meshes/{shop.mesh}", {"type": "Mesh", "name": shop.mesh})
        shop.plane.empty(shop.mesh)
        shop.plane.put(f"/meshes/{shop.mesh}", {"type": "Mesh", "name": shop.mesh})
        assert shop.drift("--against", url).code == 0
        other.edit(f"/meshes/{shop.mesh}/meshretries/{name}", lambda one: one["spec"]["to"][0]["default"].pop("grpc"))
        ran = shop.drift("--against", url, "--format", "json")
        assert [(one["kind"], one["name"]) for one in ran.report["findings"]] == [("changed", name)]


def test_an_object_that_outlived_its_mesh_is_missing_and_what_nobody_declared_is_told(shop: Shop):
    for name in ("cert", "more"):
        shop.put(shop.body("secret", name))
    state = shop.state(shop.resource("Secret", "cert", data="dmFsdWU="))
    shop.plane.delete(f"/meshes/{shop.mesh}")
    ran = run("drift", "--state", state, "--kind", "Secret", "--format", "json")
    own = [one for one in ran.report["findings"] if one["mesh"] == shop.mesh]
    assert [(one["kind"], one["name"]) for one in own] == [("missing", "cert"), ("unmanaged", "more")]
    shop.put(shop.body("plain", shop.mesh))


BASE = ["--kind", "Secret"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (
            ["--kind", "MeshGatway"],
            "--kind MeshGatway: neither this version nor the control plane knows such a kind; did you mean MeshGateway",
        ),
        (["--mesh", "nowhere"], "--mesh nowhere: is neither to be there, nor on the control plane"),
        (
            ["--against", "http://127.0.0.1:9"],
            "--against: compares two control planes; leave files, --stack and --state out",
        ),
        (["--url", "127.0.0.1"], "has no scheme: write http://127.0.0.1"),
        (["--url", "http://127.0.0.1:9"], "no control plane answers at http://127.0.0.1:9"),
    ],
)
def test_what_cannot_be_told_ends_with_1(shop: Shop, args: list[str], told: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pulumi_mesh.controlplane.patience.Patience.pause", lambda *_, **__: None)
    state = shop.state(shop.resource("Secret", "cert"))
    ran = run("drift", "--state", state, *args)
    assert ran.code == 1
    assert told in ran.err


def test_one_source_at_a_time(shop: Shop, drifted: Path):
    ran = shop.drift(drifted, "--state", shop.state())
    assert ran.code == 1
    assert "name files, --stack or --state, one of them" in ran.err
    assert run("drift", "--colour").code == 1


def test_a_kind_that_cannot_be_listed_is_not_taken_for_missing(shop: Shop, gate: Gate):
    shop.put(shop.body("secret", "cert"))
    shop.put(shop.body("permission", "allow-all"))
    gate.after = lambda request: Reply(403, {"title": "Access Denied"}) if request.path.endswith("/secrets") else None
    ran = shop.drift("--state", shop.state(shop.resource("Secret", "cert", data="dmFsdWU=")), "--format", "json")
    assert ran.code == 1
    assert "access denied (403)" in ran.err
    assert "secrets" in ran.err
    assert [one["name"] for one in ran.report["findings"]] == [shop.mesh, "allow-all"]
    assert len(ran.report["summary"]["not_compared"]) == 1
    state = shop.state(shop.resource("Mesh", shop.mesh, skip_creating_initial_policies=["*"]))
    only = ("--state", state, "--ignore", "*/allow-all")
    assert shop.drift(*only).err.endswith(": nothing found, but not everything could be compared; 1 finding ignored\n")
    assert "> **Not compared:** " in shop.drift(*only, "--format", "markdown").out
    junit = ElementTree.fromstring(shop.drift(*only, "--format", "junit").out)
    assert len(junit.findall(".//error")) == 1
    (done,) = shop.drift(*only, "--format", "sarif").report["runs"][0]["invocations"]
    assert (done["executionSuccessful"], len(done["toolExecutionNotifications"])) == (False, 1)


def test_a_type_that_the_control_plane_does_not_serve_cannot_be_told(shop: Shop):
    with running("2.10") as url:
        Plane(url).put(f"/meshes/{shop.mesh}", shop.body("plain", shop.mesh))
        trust = shop.resource("MeshZoneAddress", "x", address="192.0.2.1", port=1)
        ran = shop.drift("--state", shop.state(trust), "--kind", "MeshZoneAddress", "--url", url)
        assert ran.code == 1
        assert f"MeshZoneAddress: {url} serves no such type" in ran.err
        assert "missing" not in ran.out


def test_a_document_that_cannot_be_read_is_told_and_the_others_are_compared(shop: Shop, drifted: Path):
    drifted.write_text(drifted.read_text() + "\n---\nname: x\n---\n: [\n")
    ran = shop.drift(drifted)
    assert ran.code == 1
    assert "is no object of a control plane; it needs a type and a name" in ran.err
    assert len(ran.lines) == 6


def test_another_control_plane_than_the_stack_was_written_to_is_refused(
    shop: Shop, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    state = shop.state({**shop.resource("Secret", "cert", data="dmFsdWU="), "__cluster": "another-id"})
    ran = shop.drift("--state", state, *BASE)
    assert ran.code == 1
    assert "but the stack was written to another-id" in ran.err
    assert f"--url {gate.url}, or PULUMI_MESH_ALLOW_CLUSTER_CHANGE=true" in ran.err
    named = shop.drift("--state", state, "--url", gate.url, *BASE)
    assert named.code == 2
    assert "note: " in named.err
    monkeypatch.setenv("PULUMI_MESH_ALLOW_CLUSTER_CHANGE", "true")
    assert shop.drift("--state", state, *BASE).code == 2


def test_a_stack_and_its_configuration_are_asked_of_pulumi(shop: Shop, gate: Gate, monkeypatch: pytest.MonkeyPatch):
    """With a `pulumi` of the test: the real one is asked in tests/e2e."""
    asked = shop.at / "asked"
    configured = {"mesh:url": {"value": gate.url}, "mesh:token": {"value": "from-config", "secret": True}}
    script = (
        f"#!{sys.executable}\nimport sys, pathlib\n"
        f"with open({str(asked)!r}, 'a') as log: log.write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"print({json.dumps(configured)!r} if sys.argv[1] == 'config' else open({str(shop.state())!r}).read())\n"
    )
    (shop.at / "pulumi").write_text(script)
    (shop.at / "pulumi").chmod(0o755)
    shop.state(shop.resource("Secret", "cert", data="dmFsdWU="))
    monkeypatch.setenv("PATH", f"{shop.at}")
    monkeypatch.delenv("PULUMI_MESH_URL")
    gate.token = "from-config"
    ran = shop.drift("--stack", "dev", *BASE)
    assert (ran.code, ran.lines[0].split("  ")[0]) == (2, f"Secret/{shop.mesh}/cert missing")
    told = asked.read_text().splitlines()
    assert told[0].startswith("stack export --show-secrets")
    assert told[0].endswith("--stack dev")
    assert told[1:] == ["config --show-secrets --json --stack dev"]
    monkeypatch.setenv("PULUMI_MESH_URL", gate.url)
    monkeypatch.setenv("PULUMI_MESH_TOKEN", "from-config")
    asked.unlink()
    assert shop.drift(*BASE).code == 2  # the selected stack
    assert len(asked.read_text().splitlines()) == 1


def test_nobody_asks_for_objects_one_by_one(shop: Shop, gate: Gate, drifted: Path):
    gate.forget()
    shop.drift(drifted)
    assert {request.verb for request in gate.requests} == {"INDEX", "LIST"}
    assert sum(request.verb == "INDEX" for request in gate.requests) == 2


def test_a_field_of_a_newer_version_is_told_and_kept(shop: Shop, gate: Gate):
    body = shop.body("timeout", "slow")
    shop.put(body, "shop.dev")
    live = shop.plane.get(shop.path(body))
    live["spec"]["fromTheFuture"] = {"a": 1}
    page = {"total": 1, "items": [live], "next": None}
    gate.after = lambda request: Reply(200, page) if request.path.endswith("/meshtimeouts") else None
    files = shop.files(body)
    ran = shop.drift(files, "--kind", "MeshTimeout")
    assert (ran.code, ran.lines[0].split("  ")[0]) == (
        2,
        f"MeshTimeout/{shop.mesh}/slow has foreign fields, of shop.dev",
    )
    assert ran.lines[1] == '  ? fromTheFuture: {"a": 1} (kept)'
    (found,) = shop.drift(files, "--kind", "MeshTimeout", "--format", "json").report["findings"]
    assert (found["kind"], found["severity"], found["changes"][0]["path"]) == (
        "foreign_field",
        "low",
        "spec.fromTheFuture",
    )


def test_of_several_meshes_each_type_is_listed_once(shop: Shop, gate: Gate, drifted: Path):
    gate.forget()
    ran = run("drift", drifted, "--mesh", shop.mesh, "--mesh", "default")
    assert ran.code == 2
    assert set(gate.listings().values()) == {1}
    assert all(path.count("/") == 1 for path in gate.listings())
    assert not any(path in gate.listings() for path in ("/zones", "/global-secrets"))
