"""Whatever stops an `up`, wherever: a plain re-run converges, nothing is orphaned, nothing is doubled.

Checkpoints are skipped in all of these: the state knows nothing of a run that was killed.
"""

import threading

import pytest

from tests.e2e.engine import Ran, Running, Stack
from tests.e2e.gate import Gate, Reply, Request
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

NAMES = [f"gw-{index}" for index in range(6)]
SIX = "for index in range(6):\n    gateway(f'gw-{index}', labels={'round': '%s'})"
CHAIN = """
last = None
for index in range(6):
    last = gateway(f"gw-{index}", opts=pulumi.ResourceOptions(depends_on=[last] if last else []))
"""


class Axe:
    """Kills a run at its n-th request of a kind, before the control plane sees it or after it has answered."""

    def __init__(self, gate: Gate, method: str, nth: int, *, after: bool, provider: bool = False) -> None:
        self.gate, self.method, self.nth, self.provider = gate, method, nth, provider
        self.seen, self.fell, self.lock = 0, threading.Event(), threading.Lock()
        self.running: Running | None = None
        self.started = threading.Event()
        if after:
            gate.after = self
        else:
            gate.before = self

    def __call__(self, request: Request) -> Reply | None:
        with self.lock:
            if request.verb == self.method:
                self.seen += 1
            due = request.verb == self.method and self.seen == self.nth
        if due or self.fell.is_set():
            self.started.wait(10)
            assert self.running is not None
            if due:
                self.fell.set()
                self.running.kill_provider() if self.provider else self.running.kill()
                return Reply(500, "nobody reads this")
        if self.fell.is_set() and not self.provider:
            return Reply(500, "nobody reads this")
        return None

    def strike(self, stack: Stack, verb: str, *args: str) -> Ran:
        """Run a verb until the axe falls."""
        self.running = stack.start(verb, "--yes", "--skip-preview", *args)
        self.started.set()
        ran = self.running.wait()
        assert self.fell.is_set(), ran.text
        assert self.running.gone()
        assert ran.code != 0
        self.gate.free()
        self.gate.forget()
        return ran


def unlock(stack: Stack) -> None:
    """A killed engine leaves its lock behind: that is Pulumi's own, and `pulumi cancel` is its way out."""
    stack.pulumi("cancel", "--yes", "--stack", stack.name)


def converged(stack: Stack, plane: Plane, gateways: str) -> None:
    """All six, once each, and nothing left to do."""
    assert plane.names(gateways) == NAMES
    assert sorted(stack.resources()) == NAMES
    assert {plane.owner(f"{gateways}/{name}") for name in NAMES} == {stack.owner}
    stack.settled()


@pytest.mark.parametrize(
    ("method", "nth", "after"),
    [
        ("LIST", 1, False),
        ("PUT", 1, False),
        ("PUT", 1, True),
        ("GET", 1, True),
        ("PUT", 4, True),
        ("GET", 6, True),
    ],
    ids=[
        "before anything is written",
        "before the first write arrives",
        "after the first write, before its answer",
        "after the first read-back",
        "in the middle of several",
        "after the last read-back",
    ],
)
def test_a_killed_first_up_converges_when_it_is_run_again(
    stack: Stack, plane: Plane, gate: Gate, gateways: str, method: str, nth: int, after: bool
):
    stack.program(SIX % 1)
    Axe(gate, method, nth, after=after).strike(stack, "up")
    unlock(stack)
    stack.up()
    converged(stack, plane, gateways)


def test_a_killed_update_converges_when_it_is_run_again(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.up(SIX % 1)
    stack.program(SIX % 2)
    Axe(gate, "PUT", 3, after=True).strike(stack, "up")
    unlock(stack)
    stack.up()
    assert {plane.get(f"{gateways}/{name}")["labels"]["round"] for name in NAMES} == {"2"}
    converged(stack, plane, gateways)


@pytest.mark.parametrize(("method", "after"), [("DELETE", True), ("PUT", True)], ids=["between", "afterwards"])
def test_a_killed_replacement_converges_when_it_is_run_again(
    stack: Stack, plane: Plane, gate: Gate, gateways: str, method: str, after: bool
):
    stack.up("gateway(name='a')")
    stack.program("gateway(name='b')")
    Axe(gate, method, 1, after=after).strike(stack, "up")
    unlock(stack)
    stack.up()
    assert plane.names(gateways) == ["b"]
    stack.settled()


def test_a_killed_removal_and_a_killed_destroy_converge_when_they_are_run_again(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    stack.up(SIX % 1)
    stack.program("gateway('gw-0', labels={'round': '1'})")
    Axe(gate, "DELETE", 2, after=True).strike(stack, "up")
    unlock(stack)
    stack.up()
    assert plane.names(gateways) == ["gw-0"]
    Axe(gate, "DELETE", 1, after=True).strike(stack, "destroy")
    unlock(stack)
    stack.destroy()
    assert plane.names(gateways) == []
    assert stack.resources() == {}


def test_a_killed_up_whose_program_then_changes_leaves_nothing_behind_that_is_declared(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    """What was made, and is said otherwise by now, is taken over and changed."""
    stack.program(SIX % 1)
    Axe(gate, "GET", 6, after=True).strike(stack, "up")
    unlock(stack)
    stack.up(SIX % 2)
    assert {plane.get(f"{gateways}/{name}")["labels"]["round"] for name in NAMES} == {"2"}
    converged(stack, plane, gateways)


def test_a_killed_up_that_kept_checkpoints_converges_too(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.env["PULUMI_SKIP_CHECKPOINTS"] = ""
    stack.program(CHAIN)  # one after another: no checkpoint is half-written when the axe falls
    Axe(gate, "PUT", 4, after=True).strike(stack, "up")
    unlock(stack)
    stack.up()
    converged(stack, plane, gateways)


@pytest.mark.parametrize("after", [False, True], ids=["before a write", "after a write"])
def test_a_provider_that_dies_alone_fails_the_up_and_the_next_one_converges(
    stack: Stack, plane: Plane, gate: Gate, gateways: str, after: bool
):
    stack.program(CHAIN)
    Axe(gate, "PUT", 3, after=after, provider=True).strike(stack, "up")
    stack.up()
    converged(stack, plane, gateways)


def test_a_failure_in_the_middle_keeps_what_was_done_and_the_next_up_does_the_rest(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    """An object that only the control plane can refuse: its mesh is not there."""
    nowhere = f"{stack.mesh}-not-there"
    stack.program(f"gateway('one')\ngateway('bad', mesh='{nowhere}')\ngateway('two')")
    failed = stack.up(None, "--continue-on-error", code=1)
    assert f"MeshGateway/{nowhere}/bad" in failed.text
    assert "Traceback" not in failed.text
    assert plane.names(gateways) == ["one", "two"]
    assert sorted(stack.resources()) == ["one", "two"]
    gate.forget()
    stack.up("gateway('one')\ngateway('bad')\ngateway('two')")
    assert gate.writes() == [f"PUT {gateways}/bad"]
    stack.settled()


def test_an_update_that_the_control_plane_refuses_is_tried_again(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.up("gateway()")
    detail = {
        "type": "/std-errors",
        "status": 400,
        "title": "Could not process a resource",
        "detail": "Resource is not valid",
    }
    reasons = {"invalid_parameters": [{"field": "tags", "reason": "not in this mesh"}]}
    gate.before = lambda request: Reply(400, detail | reasons) if request.method == "PUT" else None
    failed = stack.up("gateway(labels={'team': 'b'})", code=1)
    assert f"MeshGateway/{stack.mesh}/edge" in failed.text
    assert "not in this mesh" in failed.text
    assert "labels" not in stack.inputs("edge")
    gate.free()
    stack.up()
    assert plane.get(f"{gateways}/edge")["labels"]["team"] == "b"
    stack.settled()
