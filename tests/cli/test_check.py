"""What is promised of `pulumi-mesh check`: what it finds, on which line, how it says it, and how it ends."""

import json
from dataclasses import replace

import pytest
import yaml

from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.schema.kind import KINDS
from tests.cli.command import findings, run
from tests.toys import LEGACY

GOOD = "type: MeshGateway\nmesh: shop\nname: edge\nselectors: [{match: {kuma.io/service: edge}}]\nconf:\n  listeners:\n"
GOOD += "  - port: 80\n    protocol: HTTP\n"
BAD = GOOD.replace("80", "99999999").replace("protocol: HTTP", "protocol: HTTPPS\n    hostnam: x")
WARNED = """type: MeshTimeout
mesh: shop
name: slow
spec:
  targetRef: {kind: MeshSubset, tags: {a: b}}
  to: [{targetRef: {kind: Mesh}, default: {idleTimeout: 10s}}]
"""
PORT = "conf.listeners[0].port: port must be in the range [1, 65535]; it is 99999999"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Every test has a folder of its own, and is in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_found_says_nothing_and_ends_with_0(folder):
    (folder / "a.yaml").write_text(GOOD)
    ran = run("check", "a.yaml")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "1 document checked for Kuma 2.14: nothing found\n"


def test_a_report_names_file_line_object_path_and_reason_and_ends_with_2(folder):
    (folder / "a.yaml").write_text(f"# the edge\n---\n{BAD}")
    ran = run("check", "a.yaml")
    assert ran.code == 2
    assert ran.lines == [
        f"a.yaml:9: MeshGateway/shop/edge: {PORT}",
        "a.yaml:10: MeshGateway/shop/edge: conf.listeners[0].protocol: must be one of HTTP, HTTPS, TCP, TLS; it is 'HTTPPS'",
        'a.yaml:11: MeshGateway/shop/edge: conf.listeners[0].hostnam: unknown key "hostnam"; did you mean "hostname"',
    ]
    assert ran.err == "1 document checked for Kuma 2.14: 3 errors\n"


def test_json_is_one_object_that_says_the_same(folder):
    (folder / "a.yaml").write_text(f"{GOOD}---\n{BAD.replace('name: edge', 'name: other')}")
    ran = run("check", "--format", "json", "a.yaml")
    assert ran.code == 2
    assert list(ran.report) == ["documents", "findings"]
    assert ran.report["documents"] == 2
    assert ran.report["findings"][0] == {
        "file": "a.yaml",
        "index": 1,
        "line": 16,
        "kind": "MeshGateway",
        "mesh": "shop",
        "name": "other",
        "path": "conf.listeners[0].port",
        "message": "port must be in the range [1, 65535]; it is 99999999",
        "severity": "error",
    }
    assert run("check", "a.yaml").lines == [
        "{file}:{line}: {kind}/{mesh}/{name}: {path}: {message}".format(**found) for found in ran.report["findings"]
    ]


def test_json_of_nothing_found_is_one_object(folder):
    (folder / "a.yaml").write_text(GOOD)
    assert run("check", "a.yaml", "--format", "json").report == {"documents": 1, "findings": []}


def test_an_object_outside_of_meshes_has_none(folder):
    (folder / "a.yaml").write_text("type: Mesh\nname: shop\nmtls: {enabledBackend: ca}\n")
    (found,) = findings("a.yaml")
    assert (found["mesh"], found["name"]) == (None, "shop")
    assert run("check", "a.yaml").out.startswith("a.yaml:3: Mesh/shop: mtls.enabledBackend: ")


def test_what_a_release_deprecates_is_a_warning_that_changes_nothing(folder):
    (folder / "a.yaml").write_text(WARNED)
    ran = run("check", "a.yaml")
    assert ran.code == 0
    assert ran.lines[0].startswith("a.yaml:5: MeshTimeout/shop/slow: spec.targetRef.kind: warning: MeshSubset value")
    assert [found["severity"] for found in findings("a.yaml")] == ["warning"]
    assert ran.err == "1 document checked for Kuma 2.14: 1 warning\n"


def test_the_same_object_twice_is_a_warning_where_it_is_again(folder):
    (folder / "a.yaml").write_text(GOOD)
    (folder / "b.yaml").write_text(f"---\n{GOOD}")
    ran = run("check", "a.yaml", "b.yaml")
    assert ran.code == 0
    assert ran.lines == [
        "b.yaml:4: MeshGateway/shop/edge: name: warning: the same object stands in a.yaml:1; the one that is applied last wins"
    ]


def test_a_release_decides_what_is_known(folder):
    (folder / "a.yaml").write_text(
        "type: MeshIdentity\nmesh: shop\nname: a\nspec: {spiffeID: {}, provider: {type: Spire, spire: {agent: {timeout: 1s}}}}\n---\n"
        "type: MeshService\nmesh: shop\nname: b\nspec:\n  selector:\n    dataplaneLabels: {matchLabels: {a: b}}\n"
    )
    assert run("check", "a.yaml", "--kuma", "2.14.3").out == ""
    assert run("check", "a.yaml", "--kuma", "2.10").lines == [
        "a.yaml:1: MeshIdentity/shop/a: type: MeshIdentity is known since Kuma 2.12; the target is 2.10",
        "a.yaml:11: MeshService/shop/b: spec.selector.dataplaneLabels: is known since Kuma 2.14; the target is 2.10",
    ]


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["--kuma", "2.9"], "--kuma: Kuma 2.9 is not supported"),
        (["--kuma", "3.0"], "no builtin gateways"),
        (["--kuma", "newest"], "'newest' is no release of Kuma"),
        (["--format", "xml"], "xml"),
        (["--colour"], "--colour"),
        (["nowhere.yaml"], "error: nowhere.yaml: cannot be read: No such file or directory"),
    ],
)
def test_what_could_not_be_checked_ends_with_1_and_says_why(folder, args, why):
    (folder / "a.yaml").write_text(BAD)
    ran = run("check", "a.yaml", *args)
    assert ran.code == 1
    assert why in ran.err


def test_a_use_without_files_ends_with_1():
    assert run("check").code == 1
    assert run("chekc").code == 1


def test_what_cannot_be_read_does_not_hide_what_is_found(folder):
    (folder / "a.yaml").write_text(BAD)
    ran = run("check", "nowhere.yaml", "a.yaml")
    assert ran.code == 1
    assert ran.lines[0] == f"a.yaml:7: MeshGateway/shop/edge: {PORT}"


def test_a_fault_of_a_rule_does_not_hide_what_is_found(folder, monkeypatch):
    monkeypatch.setitem(KINDS, "House", replace(LEGACY, rules=(lambda house, _: house["nothing"],)))
    (folder / "a.yaml").write_text(f"type: House\nmesh: m\nname: h\n---\n{BAD}")
    ran = run("check", "a.yaml")
    assert ran.code == 1
    assert "error: a.yaml:1: cannot be judged (KeyError), a fault of ours" in ran.err
    assert ran.lines[0] == f"a.yaml:11: MeshGateway/shop/edge: {PORT}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type: MeshGatway\nname: edge\n", ("MeshGatway/edge", 1, "type", 'did you mean "MeshGateway"')),
        ("name: x\ntype: meshgateway\n", ("meshgateway/x", 2, "type", 'did you mean "MeshGateway"')),
        ("name: x\ntype: Deployment\n", ("Deployment/x", 2, "type", "a newer version of pulumi_mesh may have it")),
        ("# x\nname: x\nmesh: shop\n", ("?/shop/x", 2, "type", "must name the kind")),
        ("name: x\ntype: [Mesh]\n", ("?/x", 2, "type", "must name the kind")),
        ("\nkind: Mesh\napiVersion: kuma.io/v1alpha1\n", ("", 3, "apiVersion", "is the form for Kubernetes")),
        ("kind: MeshTimeout\nmetadata: {name: x}\n", ("", 1, "kind", "is the form for Kubernetes")),
        ("\n- type: Mesh\n", ("", 2, "", "must be one object, a map")),
        ("Mesh\n", ("", 1, "", "must be one object, a map")),
        ("null\n", ("", 1, "", "must be one object, a map")),
        ("5\n", ("", 1, "", "must be one object, a map")),
        ('[{"type": "Mesh"}]', ("", 1, "", "must be one object, a map")),
    ],
)
def test_what_is_no_object_of_a_known_kind_is_found(folder, text, expected):
    (folder / "a.yaml").write_text(text)
    (found,) = findings("a.yaml")
    subject, line, path, why = expected
    assert (found["line"], found["path"], found["severity"]) == (line, path, "error")
    assert why in found["message"]
    assert run("check", "a.yaml").out.startswith(f"a.yaml:{line}: " + (f"{subject}: " if subject else ""))


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_secret_is_never_shown(folder, form):
    """Not where its value is wrong, not where it is of a wrong type, not where the YAML is broken beside it."""
    (folder / "a.yaml").write_text(
        "type: Secret\nmesh: m\nname: a\ndata: geheim!\n---\n"
        "type: Secret\nmesh: m\nname: b\ndata: {geheim: 1}\n---\n"
        "type: Secret\nmesh: m\nname: c\ndata: geheim\ndata: geheim: x\n---\n"
        "type: Mesh\nname: d\nmtls: {backends: [{name: x, type: provided, conf: {cert: {inline: geheim}, key: {inlin: geheim}}}]}\n"
    )
    ran = run("check", "a.yaml", "--format", form)
    assert ran.code == 2
    assert "geheim" not in ran.out.replace("data.geheim", "") + ran.err


def test_a_report_stays_on_its_lines(folder):
    """Whatever a key or a name holds: a terminal is not told what to do, and a line is a finding."""
    key = "a\nb\x1b[31mc\ud800"
    (folder / "a.json").write_text(json.dumps({"type": "Mesh", "name": "x", key: 1}))
    ran = run("check", "a.json")
    (line,) = ran.lines
    assert "\\n" in line
    assert "\x1b" not in line


def test_an_odd_text_in_json_is_judged_like_any_other(folder):
    (folder / "a.json").write_text('{"type": "Mesh", "name": "\\ud800"}')
    (found,) = findings("a.json")
    assert found["path"] == "name"


SHOP = "type: Mesh\nname: shop\n"
LOST = "type: MeshHTTPRoute\nmesh: shop\nname: api\nspec:\n  targetRef:\n    kind: MeshGateway\n    name: egde\n"
OURS = "urn:pulumi:dev::shop::pulumi-python:dynamic/mesh"


def together(*texts: str) -> str:
    return "---\n".join(texts)


def test_documents_that_do_not_work_together_are_found_where_they_say_so(folder):
    (folder / "a.yaml").write_text(together(SHOP, GOOD))
    (folder / "b.yaml").write_text(together("# routes\n", LOST))
    ran = run("check", "a.yaml", "b.yaml")
    why = 'there is no MeshGateway "egde" in the mesh shop: it does nothing; did you mean "edge"?'
    assert ran.code == 2
    assert ran.lines == [f"b.yaml:9: MeshHTTPRoute/shop/api: spec.targetRef.name: {why} [gateway-missing]"]
    assert run("check", ".", "--format", "json").report["findings"] == [
        {
            "file": "b.yaml",
            "index": 0,
            "line": 9,
            "kind": "MeshHTTPRoute",
            "mesh": "shop",
            "name": "api",
            "path": "spec.targetRef.name",
            "message": why,
            "severity": "error",
            "code": "gateway-missing",
        }
    ]
    assert ran.err == "3 documents checked for Kuma 2.14: 1 error\n"


@pytest.mark.parametrize("text", [LOST, GOOD, GOOD.replace("HTTP", "TLS"), together(SHOP, LOST)])
def test_what_others_may_bring_and_a_document_by_itself_are_no_finding(folder, text):
    (folder / "a.yaml").write_text(text)
    assert run("check", "a.yaml").lines == []
    assert run("check", "a.yaml").code == 0


def test_a_finding_is_left_out_by_its_code_for_all_or_for_one_object(folder):
    (folder / "a.yaml").write_text(together(SHOP, GOOD, LOST))
    assert run("check", "a.yaml").code == 2
    assert run("check", "a.yaml", "--ignore", "gateway-missing").code == 0
    (folder / "a.yaml").write_text(together(SHOP, GOOD, f"{LOST}labels: {{pulumi-mesh.io/ignore: gateway-missing}}\n"))
    assert run("check", "a.yaml").code == 0
    ran = run("check", "a.yaml", "--ignore", "gateway-mising")
    assert ran.code == 1
    assert "did you mean gateway-missing" in " ".join(ran.err.split())


def test_a_document_that_is_refused_is_there_all_the_same(folder):
    (folder / "a.yaml").write_text(
        together(SHOP, GOOD.replace("edge\n", "other\n"), BAD.replace("name: edge", "name: egde"), LOST)
    )
    assert [found["path"] for found in findings("a.yaml") if "code" in found] == []


def test_documents_of_which_one_is_there_twice_are_not_judged_together(folder):
    (folder / "a.yaml").write_text(together(SHOP, GOOD, LOST))
    (folder / "b.yaml").write_text(GOOD)
    ran = run("check", "a.yaml", "b.yaml")
    assert ran.code == 0
    assert "note: the documents are not judged together, for MeshGateway/shop/edge is there twice" in ran.err


def state_of(kind: str, name: str, **said: object) -> dict[str, object]:
    props = {"name": name, "mesh": "shop", "__kind": kind, **said}
    return {
        "urn": f"{OURS}:{kind}::{name}",
        "type": f"pulumi-python:dynamic/mesh:{kind}",
        "outputs": props,
        "inputs": props,
    }


GATEWAY = state_of(
    "MeshGateway",
    "edge",
    selectors=[{"match": {"kuma.io/service": "edge"}}],
    listeners=[{"port": 443, "protocol": "TLS"}],
)
ROUTE = state_of("MeshHTTPRoute", "api", target_ref={"kind": "MeshGateway", "name": "egde"}, to=[])


def test_a_state_is_judged_as_a_whole_and_a_finding_names_its_resource(folder):
    (folder / "s.json").write_text(json.dumps({"version": 3, "deployment": {"resources": [GATEWAY, ROUTE]}}))
    ran = run("check", "--state", "s.json", "--format", "json")
    assert ran.code == 2
    found = [(one["file"], one["line"], one["name"], one["code"], one["severity"]) for one in ran.report["findings"]]
    assert found == [
        (f"{OURS}:MeshGateway::edge", 0, "edge", "tls-unsaid", "error"),
        (f"{OURS}:MeshHTTPRoute::api", 0, "api", "gateway-missing", "warning"),
    ]
    assert (
        run("check", "--state", "s.json").lines[0].startswith(f"{OURS}:MeshGateway::edge: MeshGateway/shop/edge: conf")
    )


def digest(*states: dict[str, object], same: int = 0) -> str:
    steps = [{"op": "create", "urn": state["urn"], "newState": state} for state in states]
    return json.dumps({"steps": steps, "changeSummary": {"create": len(steps), "same": same}})


def test_a_preview_is_judged_from_standard_input():
    ran = run("check", "--preview", "-", "--format", "json", stdin=digest(GATEWAY, ROUTE))
    assert ran.code == 2
    assert [one["code"] for one in ran.report["findings"]] == ["tls-unsaid", "gateway-missing"]


def test_what_a_preview_leaves_out_is_not_missed_and_said():
    ran = run("check", "--preview", "-", "--format", "json", stdin=digest(GATEWAY, ROUTE, same=3))
    assert [one["code"] for one in ran.report["findings"]] == ["tls-unsaid"]
    assert "note: 3 resources stay as they are and are not in the preview; --show-sames puts them there" in ran.err


def test_what_is_not_known_in_a_preview_is_not_judged():
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    hidden = state_of("MeshGateway", "edge", selectors=GATEWAY["outputs"]["selectors"], listeners=unknown)  # type: ignore[index]
    route = state_of("MeshHTTPRoute", "api", target_ref={"kind": "MeshGateway", "name": unknown}, to=[])
    assert run("check", "--preview", "-", stdin=digest(hidden, route)).lines == []


SAID = """2 findings, nothing is written
  MeshGateway/shop/edge: listeners[0].tls (conf.listeners[0].tls): a TLS listener without tls: stuck [tls-unsaid]
    __main__.py:16
  Secret/shop/cert: data: the certificate has expired [certificate-expired]
    __main__.py:17
"""
EXITED = "an unhandled error occurred: program exited with non-zero exit code: 1"


def failed(*messages: str) -> str:
    return json.dumps({"steps": [], "diagnostics": [{"severity": "error", "message": message} for message in messages]})


def test_a_preview_that_failed_for_findings_of_the_program_says_them():
    ran = run("check", "--preview", "-", "--format", "json", stdin=failed(SAID, EXITED))
    assert ran.code == 2
    keys = ("file", "line", "kind", "mesh", "name", "path", "code", "severity")
    assert [tuple(one[key] for key in keys) for one in ran.report["findings"]] == [
        ("__main__.py", 16, "MeshGateway", "shop", "edge", "conf.listeners[0].tls", "tls-unsaid", "error"),
        ("__main__.py", 17, "Secret", "shop", "cert", "data", "certificate-expired", "error"),
    ]
    assert ran.report["findings"][0]["message"] == "a TLS listener without tls: stuck"
    assert run("check", "--preview", "-", stdin=failed(SAID, "something else")).code == 1
    assert run("check", "--preview", "-", stdin=failed(EXITED)).code == 1


def test_something_else_than_a_preview_ends_with_1():
    ran = run("check", "--preview", "-", stdin="{}")
    assert ran.code == 1
    assert "is no preview" in ran.err


def test_a_control_plane_says_what_is_missing_for_certain_and_what_it_held_before_is_no_news(folder, sandbox_url):
    live = ControlPlane(Connection("default", sandbox_url))
    skip = {"skipCreatingInitialPolicies": ["*"]}
    live.put("/meshes/judged", {"type": "Mesh", "name": "judged", **skip})
    live.put("/meshes/judged/meshgateways/edge", yaml.safe_load(GOOD.replace("shop", "judged").replace("HTTP", "TLS")))
    (folder / "a.yaml").write_text(LOST.replace("shop", "judged"))
    try:
        assert run("check", "a.yaml").code == 0
        ran = run("check", "a.yaml", "--url", sandbox_url)
        assert ran.code == 2, ran.err
        assert [line.rpartition(" ")[2] for line in ran.lines] == ["[gateway-missing]"]
        whole = run("check", "--url", sandbox_url, "--format", "json").report["findings"]
        mine = {(one["code"], one["severity"]) for one in whole if one["mesh"] == "judged"}
        assert mine == {("tls-unsaid", "error"), ("gateway-selects-nothing", "warning")}
        assert {one["file"] for one in whole if one["mesh"] == "judged"} == {f"{sandbox_url}/meshgateways"}
    finally:
        live.delete("/meshes/judged/meshgateways/edge")
        live.delete("/meshes/judged")
        live.close()
