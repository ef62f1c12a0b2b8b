"""What is promised of `pulumi-mesh check`: what it finds, on which line, how it says it, and how it ends."""

import json
from dataclasses import replace

import pytest

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
