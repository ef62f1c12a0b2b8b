"""A program in which traffic cannot flow says so when it ends: nothing is asked, nothing is written."""

import pytest

from tests.cli.command import run
from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

RULE = """{"matches": [{"path": {"type": "%s", "value": "%s"}}],
           "default": {"backend_refs": [{"kind": "MeshService", "name": "api", "weight": 1}]}}"""
PROGRAM = """
here = mesh.Mesh(f"{SHOP}-own", skip_creating_initial_policies=["*"])
other = mesh.Secret("other", mesh=here, data=mesh.base64("x"))
edge = mesh.MeshGateway("edge", mesh=here, selectors=EDGE, %(labels)s listeners=[
    {"port": 8443, "protocol": "HTTPS", "tags": {"port": "https"}, "tls": {"certificates": [%(secret)s]}}])
mesh.MeshHTTPRoute("api", mesh=here, target_ref=edge.ref(port="%(port)s"), to=[
    {"target_ref": {"kind": "Mesh"}, "rules": [%(rule)s]}])
"""
RIGHT = {"secret": "other", "port": "https", "rule": RULE % ("Exact", "/"), "labels": ""}
IGNORE = "labels={'pulumi-mesh.io/ignore': 'secret-missing'},"


def test_a_program_in_which_traffic_cannot_flow_is_refused_as_a_whole_before_anything_is_asked(
    stack: Stack, plane: Plane, gate: Gate
):
    wrong = PROGRAM % {**RIGHT, "secret": "{'secret': 'edge-cert'}", "rule": RULE % ("RegularExpression", "(a")}
    for verb in (stack.preview, stack.up):
        ran = verb(wrong, code=1)
        assert "error: 2 findings, nothing is written" in ran.text
        edge = f"MeshGateway/{stack.mesh}-own/edge: listeners[0].tls.certificates[0].secret (conf.listeners[0].tls"
        assert edge in ran.text
        assert f'there is no Secret "edge-cert" in the mesh {stack.mesh}-own' in ran.text
        assert f"MeshHTTPRoute/{stack.mesh}-own/api: to[0].rules[0].matches[0].path.value" in ran.text
        assert "[regex-not-re2]" in ran.text
        assert "__main__.py:" in ran.text
        assert "Traceback" not in ran.text
        assert "never awaited" not in ran.text
    assert gate.requests == []
    assert stack.resources() == {}
    said = run("check", "--preview", "-", "--format", "json", stdin=stack.preview(wrong, "--json", code=1).out)
    assert said.code == 2
    assert [(one["file"], one["name"], one["code"]) for one in said.report["findings"]] == [
        ("__main__.py", "edge", "secret-missing"),
        ("__main__.py", "api", "regex-not-re2"),
    ]


def test_a_finding_is_silenced_for_one_object_or_for_all_and_what_may_be_on_purpose_is_a_warning(
    stack: Stack, plane: Plane, gate: Gate
):
    lost = PROGRAM % {**RIGHT, "port": "htps"}
    stack.preview(lost, code=1)
    stack.config("mesh:ignore", "selects-no-listener")
    silent = stack.preview(lost).text
    assert "selects-no-listener" not in silent
    assert "warning: Secret/" in silent
    assert "[certificate-unreadable]" in silent
    stack.config("mesh:ignore", "selects-nothing")
    assert 'unknown code "selects-nothing"' in stack.preview(lost, code=1).text
    stack.config("mesh:ignore", "certificate-unreadable")
    missing = {**RIGHT, "secret": "{'secret': 'edge-cert'}"}
    stack.preview(PROGRAM % missing, code=1)
    assert "warning" not in stack.preview(PROGRAM % {**missing, "labels": IGNORE}).text
    assert gate.requests == []


def test_what_only_the_control_plane_knows_is_a_warning_at_the_write_and_the_write_is_done(
    stack: Stack, plane: Plane, gate: Gate, shop: str, gateways: str, monkeypatch: pytest.MonkeyPatch
):
    route = 'mesh.MeshHTTPRoute(f"r-{index}", mesh=SHOP, target_ref={"kind": "MeshGateway", "name": "edge"}, to=[])'
    program = f"for index in range(5):\n    {route}"
    assert "warning" not in stack.preview(program).text
    ran = stack.up()
    once = f'targetRef.name: there is no MeshGateway "edge" in the mesh {shop}'
    assert len(
        {line for line in ran.text.splitlines() if once in line and "warning" in line and "Stack" not in line}
    ) in (1, 2)
    assert all("__outside" not in {**kept["inputs"], **kept["outputs"]} for kept in stack.resources().values())
    assert gate.listings() == {f"/meshes/{shop}/meshhttproutes": 1, gateways: 1}
    assert len(plane.names(f"/meshes/{shop}/meshhttproutes")) == 5
    monkeypatch.chdir(stack.at)
    for key, value in stack.environment({}).items():
        monkeypatch.setenv(key, value)
    checked = run("check", "--stack", stack.name, "--url", stack.url, "--format", "json")
    assert checked.code == 2
    assert {(one["code"], one["severity"]) for one in checked.report["findings"]} == {("gateway-missing", "error")}
    assert run("check", "--stack", stack.name).code == 0
    stack.settled()
    selectors = [{"match": {"kuma.io/service": "edge"}}]
    listeners = {"listeners": [{"port": 8080, "protocol": "HTTP"}]}
    plane.put(
        f"{gateways}/edge",
        {"type": "MeshGateway", "mesh": shop, "name": "edge", "selectors": selectors, "conf": listeners},
    )
    assert "there is no" not in stack.up(program.replace("to=[]", 'labels={"a": "b"}, to=[]')).text
