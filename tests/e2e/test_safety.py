"""The brakes on the real engine: plans that go too far, meshes that hold what others wrote, waiting for proxies."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cli.command import Ran, run
from tests.components.certificates import ecdsa, pem, pem_key, signed
from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane
from tests.reconcile.proxies import proxies

pytestmark = pytest.mark.live

PROGRAM = """
for index in range(%(first)s, 10):
    mesh.MeshTimeout(f"t-{index}", mesh=SHOP, to=[{"target_ref": {"kind": "Mesh"}, "default": {"idle_timeout": "1h"}}])
gateway()
mesh.TlsCertificate("cert", mesh=SHOP, certificate=pulumi.Output.secret(%(pem)r), private_key=%(key)r)
mesh.MeshTrafficPermission("p", mesh=SHOP, from_=[{"target_ref": %(source)s, "default": {"action": "Allow"}}])
"""
SOME, EVERYBODY = '{"kind": "MeshSubset", "tags": {"kuma.io/service": "edge"}}', '{"kind": "Mesh"}'


def program(first: int = 0, source: str = SOME, days: int = 30) -> str:
    """Return a program of 13 objects, or fewer; its certificate was issued so many days ago."""
    key = ecdsa()
    certificate = pem(signed(key, start=timedelta(days=-days)))
    return PROGRAM % {"first": first, "pem": certificate, "key": pem_key(key), "source": source}


def rules(ran: Ran) -> list[str]:
    return [one["rule"] for one in ran.report["refused"]]


def test_a_plan_that_goes_too_far_is_refused_before_it_is_carried_out(stack: Stack, gate: Gate):
    stack.up(program())
    gate.forget()

    def guard(text: str, *args: str) -> Ran:
        return run("guard", "--format", "json", stdin=stack.preview(text, "--json", *args).out)

    fine = guard(program(first=3, days=1), "--show-sames")
    assert (fine.code, rules(fine)) == (0, [])
    assert fine.report["summary"]["meshes"][0] | {"mesh": ""} == {
        "control_plane": "default", "mesh": "", "listed": 13, "created": 0, "updated": 1, "deleted": 3,
    }  # fmt: skip
    assert fine.report["summary"]["notes"] == []
    far = guard(program(first=4, source=EVERYBODY, days=60), "--show-sames")
    assert (far.code, sorted(rules(far))) == (2, ["max-delete", "older-certificate", "open-permission"])
    unlisted = guard(program(first=6))
    assert (unlisted.code, rules(unlisted)) == (2, ["max-delete"])
    assert gate.requests == []


def test_a_mesh_with_objects_of_others_stays_until_that_is_allowed(
    stack: Stack, plane: Plane, gate: Gate, new_mesh: Callable[[], str]
):
    name = new_mesh()
    plane.empty(name)
    stack.up(f"own = mesh.Mesh('{name}')\ngateway(mesh=own)")
    plane.put(f"/meshes/{name}/secrets/key", {"type": "Secret", "mesh": name, "name": "key", "data": "c2VjcmV0"})
    gate.forget()
    refused = stack.destroy(code=1)
    assert f"Mesh/{name}: still holds 1 object of others" in refused.text
    assert f"Secret/{name}/key: of nobody" in refused.text
    assert "pulumi config set mesh:allowMeshDelete true" in refused.text
    assert "Traceback" not in refused.text
    assert gate.writes() == [f"DELETE /meshes/{name}/meshgateways/edge"]
    assert plane.get(f"/meshes/{name}") is not None
    stack.config("mesh:allowMeshDelete", "true")
    stack.destroy("--run-program")
    assert plane.get(f"/meshes/{name}") is None
    plane.put(f"/meshes/{name}", {"type": "Mesh", "name": name})  # what the deletion left behind is reached again


def test_waiting_where_there_are_no_proxies_is_a_warning_and_never_part_of_a_preview(stack: Stack, gate: Gate):
    text = "gateway(wait='accepted')"
    stack.preview(text)
    assert gate.requests == []
    made = stack.up()
    assert f'MeshGateway/{stack.mesh}/edge: wait="accepted": ' in made.text
    assert "nothing was waited for" in made.text
    stack.program("gateway()")
    stack.preview(None, "--expect-no-changes")


def test_what_a_proxy_refuses_is_kept_and_a_plain_run_repairs_it(stack: Stack, gate: Gate, plane: Plane, gateways: str):
    """Also where the program goes back to what it said before: the engine must not think that it still is so."""
    stack.env["PULUMI_MESH_WAIT_TIMEOUT"] = "3"
    stack.up("gateway()")
    proxies(gate, "rejected")
    refused = stack.up("gateway(wait='accepted', listeners=[HTTP, {'port': 81, 'protocol': 'HTTP'}])", code=1)
    assert f"MeshGateway/{stack.mesh}/edge: was written, but the proxy edge-1 refuses the configuration" in refused.text
    assert 'the expression "/a([" is none' in refused.text
    assert "Traceback" not in refused.text
    assert [one["port"] for one in stack.resources()["edge"]["outputs"]["listeners"]] == [8080, 81]
    gate.free()
    assert stack.up("gateway()").changes == {"update": 1}
    assert [one["port"] for one in plane.get(f"{gateways}/edge")["conf"]["listeners"]] == [8080]
    stack.settled()
