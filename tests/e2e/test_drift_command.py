"""One stack that carries many cases at once: the command finds what the engine's refresh finds, and one `up` repairs it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.wire import from_wire
from tests.drift.table import Case, bases, cases
from tests.e2e.engine import Stack, name
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live
COMMAND = Path(sys.executable).parent / "pulumi-mesh"
OUTSIDE = {"type", "name", "mesh", "labels"}
GONE = ("http-route", "secret", "old-permission")
"""Objects that somebody deletes, under names of their own."""
CALLED = {"gateway": "edge", "secret": "shop-cert"}
"""What others refer to, by the name that they use."""
STRANGERS = ("permission", "retry")
"""Objects that somebody makes."""
MESH = 'mesh.Mesh("shop", name=SHOP, skip_creating_initial_policies=["*"], adopt="identical")\n'
EDGE = """
open = mesh.MeshGateway("open", mesh=SHOP, selectors=EDGE)
for port in (80, 81, 82):
    mesh.GatewayListener(f"at-{port}", gateway=open, port=port, protocol="HTTP", hostname="shop.example")
"""


@dataclass
class Many:
    """The cases of one stack, one of each kind, on one control plane."""

    plane: Plane
    stack: Stack
    cases: dict[str, Case]

    @property
    def program(self) -> str:
        """Say every object of the cases, and those that are to be deleted."""
        lines = [self.resource(each, case.base) for each, case in self.cases.items()]
        lines += [self.resource(f"gone-{base}", bases()[base]) for base in GONE]
        return MESH + "\n".join(lines) + EDGE

    def resource(self, called: str, body: dict[str, Any], *more: str) -> str:
        """Write a resource as a program does."""
        kind = KINDS[body["type"]]
        said, _ = from_wire(kind.body, {key: value for key, value in body.items() if key not in OUTSIDE})
        said |= {"labels": body["labels"]} if body.get("labels") else {}
        said |= {"name": f"{self.stack.mesh}-{called}"} if kind.scope == "global" else {}
        mesh = ["mesh=SHOP"] if kind.scope == "mesh" else []
        return f"mesh.{kind.name}({', '.join([repr(called), *mesh, *more, f'**{said!r}'])})"

    def url(self, kind: str, called: str) -> str:
        """Return where an object is."""
        from pulumi_mesh.schema.release import Release

        known = KINDS[kind]
        own = f"{self.stack.mesh}-{called}" if known.scope == "global" else called
        return known.url(known.address(own, self.stack.mesh), Release(*self.plane.version()))

    def act(self) -> None:
        """Do by hand what the cases say."""
        for called, case in self.cases.items():
            url = self.url(case.type, called)
            live = self.plane.get(url)
            self.plane.put(url, {key: value for key, value in case.edited(live).items() if key not in SERVER})
        for base in GONE:
            self.plane.delete(self.url(bases()[base]["type"], f"gone-{base}"))
        for base in STRANGERS:
            body = bases()[base]
            place = self.url(body["type"], f"strange-{base}")
            self.plane.put(place, {**body, "mesh": self.stack.mesh, "name": f"strange-{base}"})
        self.plane.edit(self.url("MeshGateway", "open"), intrude)

    def drift(self, *args: str, code: int, **env: str) -> dict[str, Any]:
        """Run the command where the program is; it never runs the program."""
        command = [COMMAND, "drift", "--mesh", self.stack.mesh, "--format", "json", *args]
        environ = self.stack.environment({**env, "PYTHONDONTWRITEBYTECODE": "1"})
        ran = subprocess.run(command, cwd=self.stack.at, env=environ, capture_output=True, text=True, check=False)
        assert ran.returncode == code, ran.stdout + ran.stderr
        return {**json.loads(ran.stdout), "err": ran.stderr, "text": ran.stdout}


SERVER = ("creationTime", "modificationTime", "kri", "snis", "status")


def intrude(gateway: dict[str, Any]) -> None:
    """Take one listener away, change one, and put another beside them."""
    listeners = gateway["conf"]["listeners"]
    listeners[:] = [one for one in listeners if one["port"] != 81]
    next(one for one in listeners if one["port"] == 82)["tags"] = {"by": "hand"}
    listeners.append({"port": 9000, "protocol": "TCP"})


@pytest.fixture
def many(stack: Stack, plane: Plane) -> Many:
    served = {one["name"] for one in plane.get("/_resources")["resources"]}
    chosen: dict[str, Case] = {}
    for case in cases("drift"):
        wanted = not {"put", "delete", "since", "alone"} & case.said.keys() and KINDS[case.type].scope == "mesh"
        if wanted and case.type in served:
            chosen.setdefault(CALLED.get(case.said["of"], case.said["of"]), case)
    return Many(plane, stack, chosen)


def test_the_command_finds_what_a_refresh_finds_and_one_up_repairs_all(many: Many):
    stack = many.stack
    stack.up(many.program)
    assert many.drift("--stack", stack.name, code=0)["findings"] == []
    many.act()

    found = many.drift("--stack", stack.name, code=2)
    refreshed = stack.refresh("--preview-only", "--json").digest()
    by_urn = {one["urn"].rpartition("::")[2]: one for one in found["findings"] if one["urn"]}
    steps = {name(step): step for step in refreshed["steps"] if step.get("detailedDiff") or step["op"] == "delete"}
    assert set(by_urn) == set(steps)
    assert len(by_urn) >= len(many.cases) + len(GONE) + 2
    assert {each for each, one in by_urn.items() if one["kind"] == "missing"} == {
        each for each, step in steps.items() if step["op"] == "delete"
    }
    for called, case in many.cases.items():
        roots = {path.split(".")[0].split("[")[0] for path in steps[called]["detailedDiff"]}
        assert [change["path"] for change in by_urn[called]["changes"]] == [line[2:] for line in case.said["find"]]
        assert roots == {root(case.type, change["path"]) for change in by_urn[called]["changes"]}
    unmanaged = {one["name"] for one in found["findings"] if one["kind"] == "unmanaged"}
    assert unmanaged == {f"strange-{base}" for base in STRANGERS}
    assert by_urn["at-81"]["type"] == "GatewayListener"

    repaired = stack.up(None, "--refresh")
    assert set(repaired.ops) == set(by_urn)
    stack.settled()
    rest = many.drift("--stack", stack.name, code=2)
    assert {one["name"] for one in rest["findings"]} == unmanaged
    listeners = many.plane.get(many.url("MeshGateway", "open"))["conf"]["listeners"]
    assert sorted(one["port"] for one in listeners) == [80, 81, 82, 9000]  # what is not ours stays

    strangers = [many.resource(f"strange-{base}", bases()[base], "adopt='identical'") for base in STRANGERS]
    stack.up("\n".join([many.program, *strangers]))
    assert many.drift("--stack", stack.name, code=0)["findings"] == []
    stack.settled()


def root(kind: str, path: str) -> str:
    """Return the property that a path of the control plane is about."""
    wires = {field.wire: name for name, field in KINDS[kind].body.items()} | {"labels": "labels"}
    return next(name for wire, name in wires.items() if path == wire or path.startswith((f"{wire}.", f"{wire}[")))


def test_secrets_are_compared_where_pulumi_gives_them_and_never_shown(many: Many):
    stack, url = many.stack, many.stack.url
    stack.up(MESH + 'mesh.Secret("cert", mesh=SHOP, data="aHVudGVyMg==", labels={"team": "edge"})')
    path = many.url("Secret", "cert")
    many.plane.edit(path, lambda live: live.update(data="aHVudGVyMw=="))
    found = many.drift("--stack", stack.name, code=2)
    assert [change["path"] for change in found["findings"][0]["changes"]] == ["data"]
    assert "aHVudGVy" not in found["text"]
    state = stack.at / "sealed.json"
    state.write_text(stack.pulumi("stack", "export", "--stack", stack.name))
    sealed = many.drift("--state", str(state), code=0)
    assert "encrypted in this state, and so not compared" in sealed["err"]
    state.write_text(stack.pulumi("stack", "export", "--stack", stack.name, "--show-secrets"))
    assert len(many.drift("--state", str(state), code=2)["findings"]) == 1
    stack.config("mesh:url", url)
    assert len(many.drift("--stack", stack.name, code=2, PULUMI_MESH_URL="")["findings"]) == 1
    stack.pulumi("stack", "select", stack.name)
    assert len(many.drift(code=2)["findings"]) == 1
