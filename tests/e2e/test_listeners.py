"""Listeners as resources of their own: many on one gateway, each its own, others' left alone."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

MANY = """
edge = mesh.MeshGateway("edge", mesh=SHOP, selectors=EDGE, tags={"team": "%s"})
for port in range(8000, 80%02d):
    mesh.GatewayListener(f"port-{port}", gateway=edge, port=port, protocol="TCP")
"""
TWO = """
edge = mesh.MeshGateway("edge", mesh=SHOP, selectors=EDGE)
mesh.GatewayListener("http", gateway=edge, port=%s, protocol="%s", hostname="%s")
mesh.GatewayListener("tcp", gateway=edge, port=9000, protocol="TCP")
"""


def ports(plane: Plane, gateways: str) -> list[int]:
    live = plane.get(f"{gateways}/edge")
    return [] if live is None else sorted(each["port"] for each in live["conf"]["listeners"])


def test_twenty_listeners_in_parallel_are_twenty_on_the_gateway(stack: Stack, plane: Plane, gateways: str):
    stack.up(MANY % ("a", 20))
    assert ports(plane, gateways) == list(range(8000, 8020))
    assert plane.get(f"{gateways}/edge")["tags"] == {"team": "a"}
    stack.settled()
    changed = stack.up(MANY % ("b", 19))
    assert changed.ops == {"edge": "update", "port-8019": "delete"}
    assert ports(plane, gateways) == list(range(8000, 8019))
    assert plane.get(f"{gateways}/edge")["tags"] == {"team": "b"}
    stack.settled()
    stack.destroy()
    assert plane.names(gateways) == []


def test_listeners_of_two_stacks_at_the_same_time_are_all_there(
    stack: Stack, another: Stack, plane: Plane, gateways: str
):
    theirs = "for port in range(9000, 9010):\n    mesh.GatewayListener(f'port-{port}', gateway='edge', mesh=SHOP, port=port, protocol='TCP')"
    stack.up(MANY % ("a", 1))
    stack.program(MANY % ("a", 10))
    another.program(theirs)
    running = [one.start("up", "--yes", "--skip-preview") for one in (stack, another)]
    for one, started in zip((stack, another), running, strict=True):
        ran = one.finish(started)
        assert ran.code == 0, ran.text
    assert ports(plane, gateways) == [*range(8000, 8010), *range(9000, 9010)]
    another.destroy()
    assert ports(plane, gateways) == list(range(8000, 8010))
    stack.settled()


@contextmanager
def neighbour(stack: Stack, gateway: str = "edge") -> Generator[dict[int, str]]:
    """Let another process write to a gateway meanwhile; what it has left there is known when it has ended."""
    command = [sys.executable, str(Path(__file__).parent / "neighbour.py"), stack.mesh, gateway, "neighbour.prod"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PULUMI_MESH_URL": stack.url}
    left = dict[int, str]()
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield left
        process.stdin.close()
        print("T", __import__("time").time())
        left |= {int(port): turn for port, turn in json.loads(process.stdout.readline()).items()}
    assert process.returncode == 0


def tags(plane: Plane, gateways: str) -> dict[int, dict[str, str]]:
    live = plane.get(f"{gateways}/edge")["conf"]["listeners"]
    assert len({each["port"] for each in live}) == len(live)
    return {each["port"]: each.get("tags") or {} for each in live}


FIFTY = """
edge = mesh.MeshGateway("edge", mesh=SHOP, selectors=EDGE)
for port in range(%d, %d):
    mesh.GatewayListener(f"port-{port}", gateway=edge, port=port, protocol="TCP", tags={"of": "%s"})
"""


def test_fifty_listeners_lose_nothing_beside_another_process_that_writes_the_same_gateway(
    stack: Stack, plane: Plane, gateways: str
):
    """Created, changed and removed by the engine in parallel, while the other process does the same with its own."""
    stays = {9000, 9001, 9002, 9003}

    def up(first: int, last: int, of: str) -> None:
        stack.up(FIFTY % (first, last, of), "--parallel", "50")
        live = tags(plane, gateways)
        ours = {port: said for port, said in live.items() if port < 9000}
        assert ours == {port: {"of": of} for port in range(first, last)}
        assert {port for port in live if 9000 <= port < 9100} == stays

    stack.up(FIFTY % (8000, 8001, "a"))
    with neighbour(stack) as left:
        up(8000, 8050, "a")
        up(8010, 8060, "b")
        stack.settled()
        stack.destroy()
        assert {port for port in tags(plane, gateways) if port < 9100} == stays
    assert tags(plane, gateways) == {port: {"turn": turn} for port, turn in left.items()}
    assert min(int(turn) for turn in left.values()) > 5, "the other process is to write all the time"


def test_foreign_listeners_are_left_alone(stack: Stack, plane: Plane, gateways: str):
    def add(gateway: dict[str, Any]) -> None:
        gateway["conf"]["listeners"].append({"port": 7000, "protocol": "TCP"})

    stack.up(TWO % (8080, "HTTP", "a.example"))
    plane.edit(f"{gateways}/edge", add)
    stack.settled()
    stack.up(TWO % (8080, "HTTP", "b.example"))
    assert ports(plane, gateways) == [7000, 8080, 9000]
    stack.destroy()
    assert ports(plane, gateways) == [7000]


@pytest.mark.parametrize(
    ("said", "listener"),
    [
        ((8080, "HTTP", "b.example"), {"port": 8080, "protocol": "HTTP", "hostname": "b.example"}),
        ((8081, "HTTP", "a.example"), {"port": 8081, "protocol": "HTTP", "hostname": "a.example"}),
        ((8080, "TCP", "a.example"), {"port": 8080, "protocol": "TCP", "hostname": "a.example"}),
    ],
    ids=["hostname", "port", "protocol"],
)
def test_port_protocol_and_hostname_change_in_their_place(
    stack: Stack, plane: Plane, gate: Gate, gateways: str, said: tuple[object, ...], listener: dict[str, object]
):
    stack.up(TWO % (8080, "HTTP", "a.example"))
    gate.forget()
    assert stack.up(TWO % said).ops == {"http": "update"}
    assert gate.writes() == [f"PUT {gateways}/edge"]
    assert listener in plane.get(f"{gateways}/edge")["conf"]["listeners"]
    assert len(ports(plane, gateways)) == 2
    stack.settled()


def test_a_listener_edited_and_one_deleted_by_hand_are_found_and_repaired(stack: Stack, plane: Plane, gateways: str):
    def edit(gateway: dict[str, Any]) -> None:
        found = gateway["conf"]["listeners"]
        found[:] = [each for each in found if each["port"] != 8001]
        next(each for each in found if each["port"] == 8000)["tags"] = {"evil": "1"}

    stack.up(MANY % ("a", 3))
    plane.edit(f"{gateways}/edge", edit)
    shown = stack.preview(None, "--refresh", "--diff")
    assert shown.ops["port-8001"] == "create"
    assert shown.paths("port-8000") in ({"tags"}, {"tags.evil"})
    stack.up(None, "--refresh")
    assert ports(plane, gateways) == [8000, 8001, 8002]
    stack.settled()


def test_a_gateway_deleted_by_hand_comes_back_with_its_listeners(stack: Stack, plane: Plane, gateways: str):
    stack.up(MANY % ("a", 5))
    plane.delete(f"{gateways}/edge")
    stack.up(None, "--refresh")
    assert ports(plane, gateways) == [8000, 8001, 8002, 8003, 8004]
    assert plane.get(f"{gateways}/edge")["tags"] == {"team": "a"}
    stack.settled()


def test_all_listeners_go_and_come_back(stack: Stack, plane: Plane, gateways: str):
    stack.up(MANY % ("a", 4))
    stack.up(MANY % ("a", 0))
    assert plane.names(gateways) == []
    stack.settled()
    stack.up(MANY % ("a", 4))
    assert ports(plane, gateways) == [8000, 8001, 8002, 8003]
    stack.settled()


def test_a_listener_that_is_there_already_is_refused_unless_it_is_adopted(
    stack: Stack, another: Stack, plane: Plane, gate: Gate, gateways: str
):
    theirs = "mesh.GatewayListener('x', gateway='edge', mesh=SHOP, port=9000, protocol='TCP', tags={'of': 'x'}%s)"
    stack.up(TWO % (8080, "HTTP", "a.example"))
    gate.forget()
    refused = another.up(theirs % "", code=1)
    assert f"GatewayListener/{stack.mesh}/edge/9000-TCP-*: belongs to the stack {stack.owner}" in refused.text
    assert gate.writes() == []
    another.up(theirs % ", adopt='overwrite'")
    refused = stack.up(TWO.replace("9000,", "9000, tags={'of': 'y'},") % (8080, "HTTP", "a.example"), code=1)
    assert "belongs to the stack other.prod by now" in refused.text
    stack.destroy()
    assert ports(plane, gateways) == [9000]
    assert {"port": 9000, "protocol": "TCP", "tags": {"of": "x"}} in plane.get(f"{gateways}/edge")["conf"]["listeners"]


def test_a_listener_of_a_gateway_that_is_not_there_says_so(stack: Stack, gate: Gate):
    refused = stack.up("mesh.GatewayListener('x', gateway='edge', mesh=SHOP, port=9000, protocol='TCP')", code=1)
    assert f"there is no MeshGateway/{stack.mesh}/edge" in refused.text
    assert gate.writes() == []


def test_another_pulumi_name_of_a_listener_keeps_it(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    program = "edge = mesh.MeshGateway('edge', mesh=SHOP, selectors=EDGE)\nmesh.GatewayListener('%s', gateway=edge, port=80, protocol='TCP')"
    stack.up(program % "one")
    gate.forget()
    assert stack.up(program % "two").ops == {"two": "create", "one": "delete"}
    assert ports(plane, gateways) == [80]
    assert [each for each in gate.writes() if each.startswith("DELETE")] == []
    stack.settled()


SHIFTED = """
edge = mesh.MeshGateway("edge", mesh=SHOP, selectors=EDGE)
for name, port in %s.items():
    mesh.GatewayListener(name, gateway=edge, port=port, protocol="TCP", tags={"of": name})
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 8000, "b": 8001}, {"a": 8001, "b": 8000}),
        ({"a": 8000, "b": 8001, "c": 8002}, {"a": 8001, "b": 8002, "c": 8003}),
        ({"c": 8000, "b": 8001, "a": 8002}, {"a": 8003, "b": 8002, "c": 8001}),
        ({"a": 8000}, {"b": 8000, "a": 8001}),
    ],
    ids=["swapped", "shifted", "shifted from behind", "made way"],
)
def test_listeners_that_take_each_other_s_places_are_all_there(
    stack: Stack, plane: Plane, gateways: str, before: dict[str, int], after: dict[str, int]
):
    stack.up(SHIFTED % before)
    stack.up(SHIFTED % after)
    live = plane.get(f"{gateways}/edge")["conf"]["listeners"]
    assert {each["tags"]["of"]: each["port"] for each in live} == after
    assert len(live) == len(after)
    stack.settled()
