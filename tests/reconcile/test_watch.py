"""What is promised of waiting: it ends when the proxies run what was written, says why where they do not, and always ends.

The control plane is one of answers alone, over HTTP; time passes only where somebody sleeps.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.errors import NotAccepted
from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.reconcile.watch import Watch
from pulumi_mesh.schema.kind import Address, kind_of
from tests.e2e.gate import Gate, Reply, Request

HERE = Path(__file__).parent / "proxies"
INDEX = {"product": "Kuma", "version": "2.14.3", "clusterId": "c", "instanceId": "i"}
ROUTE, GATEWAY = "MeshHTTPRoute/acc/api", "MeshGateway/acc/edge"
NOBODY: dict[str, Any] = {"total": 0, "items": []}
ASKED = {
    "/meshes/acc/meshhttproutes/api/_resources/dataplanes": lambda names: [
        {"mesh": "acc", "name": name} for name in names
    ],
    "/meshes/acc/meshgateways/edge/dataplanes": lambda names: [
        {"dataplane": {"mesh": "acc", "name": name}} for name in names
    ],
}
Answers = Callable[[float], str | dict[str, Any]]
"""What is true of a proxy after so many seconds: the name of a sample, or a sample."""


@dataclass
class World:
    """A control plane and its proxies; the clock stands still."""

    proxies: dict[str, Answers] = field(default_factory=dict[str, Answers])
    other: dict[str, Reply] = field(default_factory=dict[str, Reply])
    """Other answers, by path."""
    now: float = 0.0
    told: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])
    plane: Plane = field(init=False)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def answer(self, request: Request) -> Reply:
        self.asked.append(request.path)
        if request.path in self.other:
            return self.other[request.path]
        if request.path == "/":
            return Reply(200, INDEX)
        if request.path in ASKED:
            items = ASKED[request.path](self.proxies)
            return Reply(200, {"total": len(items), "items": items})
        _, _, _, sort, name, *what = request.path.split("/")
        if name not in self.proxies:
            return Reply(404, {"type": "/std-errors", "status": 404, "title": "Could not retrieve a resource"})
        said = self.proxies[name](self.now)
        said = json.loads((HERE / f"{said}.json").read_text()) if isinstance(said, str) else said
        return Reply(*said["insight" if sort == "dataplane-insights" else what[0]])

    def watch(self, what: str = ROUTE, seconds: float = 30) -> None:
        kind = kind_of(what.partition("/")[0])
        Watch(self.plane, kind, Address.parse(what), what, seconds, clock=lambda: self.now).run()

    def refused(self, what: str = ROUTE, seconds: float = 30) -> list[str]:
        with pytest.raises(NotAccepted) as told:
            self.watch(what, seconds)
        return str(told.value).split("\n  ")


@pytest.fixture
def world() -> Iterator[World]:
    world, gate = World(), Gate("http://127.0.0.1:9")
    gate.before = world.answer
    control_plane = ControlPlane(Connection("default", gate.url))
    world.plane = Plane(control_plane, world.told.append, world.sleep)
    yield world
    control_plane.close()
    gate.close()


def always(name: str) -> Answers:
    return lambda _: name


def until(seconds: float, before: str, after: str) -> Answers:
    return lambda now: before if now < seconds else after


def with_refused(name: str, count: int) -> dict[str, Any]:
    """Return a sample whose proxy has refused so many configurations."""
    said = json.loads((HERE / f"{name}.json").read_text())
    said["insight"][1]["subscriptions"][-1]["status"]["total"]["responsesRejected"] = str(count)
    return said


@pytest.mark.parametrize("what", [ROUTE, GATEWAY])
def test_it_waits_until_a_proxy_runs_what_was_written_and_not_before_the_control_plane_can_know(
    world: World, what: str
):
    world.proxies["edge-1"] = until(3.2, "rejected", "repaired")
    world.watch(what)
    assert 3.2 <= world.now < 4
    assert world.told == []
    quick = until(0, "", "good")
    world.proxies, world.now = {"edge-1": quick}, 0.0
    world.watch(what)
    assert world.now == 2.0


def test_it_waits_for_all_proxies_and_asks_no_more_about_those_that_are_done(world: World):
    world.proxies = {"edge-1": always("good"), "edge-2": until(5, "rejected", "good"), "edge-3": always("good")}
    world.watch()
    assert world.now == 5.0
    assert world.asked.count("/meshes/acc/dataplanes/edge-1/_config") == 1
    assert world.asked.count("/meshes/acc/dataplanes/edge-2/_config") > 5


def test_what_envoy_is_known_to_refuse_is_said_within_seconds_with_the_reason_and_what_to_do(world: World):
    world.proxies["edge-1"] = always("rejected")
    told = world.refused()
    assert told[0] == f"{ROUTE}: was written, but the proxy edge-1 refuses the configuration"
    assert told[1] == "not run as written: routes edge:HTTP:28080:*"
    assert told[2].startswith('the expression "/a([" is none')
    assert "run `pulumi up` again" in told[-1]
    assert world.now <= 10


def test_a_gateway_that_is_stuck_is_said_with_the_listener_that_has_no_rule(world: World):
    world.proxies["edge-1"] = always("port-without-rule")
    told = world.refused(GATEWAY)
    assert told[0] == f"{GATEWAY}: was written, but the control plane sends the proxy edge-1 nothing any more"
    assert told[1] == "edge:HTTP:28081 waits for the routes edge:HTTP:28081:*"
    assert "no change reaches this proxy" in told[-1]
    assert world.now <= 10


def test_a_gateway_that_is_stuck_for_a_secret_is_said_with_the_listener_that_names_it(world: World):
    world.proxies["edge-1"] = always("missing-secret")
    listener = {"port": 8443, "protocol": "HTTPS", "tls": {"certificates": [{"secret": "none"}, {"secret": "there"}]}}
    gateway = {"type": "MeshGateway", "mesh": "acc", "name": "edge", "conf": {"listeners": [listener]}}
    world.other["/meshes/acc/secrets"] = Reply(200, {"total": 1, "items": [{"name": "there", "data": "c2VjcmV0"}]})
    world.other["/meshes/acc/meshgateways"] = Reply(200, {"total": 1, "items": [gateway]})
    told = world.refused(GATEWAY)
    assert "MeshGateway/acc/edge: the listener 8443 HTTPS * names the Secret none, which does not exist" in told
    assert not any("there" in line.split() or "c2VjcmV0" in line for line in told[2:3])


def test_secrets_that_may_not_be_seen_do_not_hide_that_a_gateway_is_stuck(world: World):
    world.proxies["edge-1"] = always("missing-secret")
    world.other["/meshes/acc/secrets"] = Reply(403, {"type": "/std-errors", "status": 403, "title": "Access Denied"})
    assert "sends the proxy edge-1 nothing any more" in world.refused(GATEWAY)[0]


@pytest.mark.parametrize("halfway", ["port-without-rule", "missing-secret"])
def test_what_the_next_write_of_the_run_completes_is_no_failure(world: World, halfway: str):
    world.proxies["edge-1"] = until(6, halfway, "good")
    world.watch(GATEWAY)
    assert world.told == []


def test_refusals_that_were_there_before_are_no_reason_and_those_that_grow_are_told_at_the_end(world: World):
    late = "drained"  # runs; what is made is taken from another sample, so that it stays behind without a known cause

    def behind(refused: int) -> dict[str, Any]:
        said = with_refused("good", refused)
        said["_config"] = json.loads((HERE / f"{late}.json").read_text())["_config"]
        return said

    world.proxies["edge-1"] = lambda now: behind(7) if now < 16 else "good"
    world.watch()
    assert 16 <= world.now < 17
    world.now, world.proxies["edge-1"] = 0.0, lambda now: behind(7 if now < 9 else 9)
    told = world.refused()
    assert told[0].endswith("the proxy edge-1 refuses the configuration")
    assert "refused since the write: 2" in told
    assert world.now == 30.0
    world.now, world.proxies["edge-1"] = 0.0, lambda _: behind(7)
    told = world.refused(seconds=12)
    assert told[0].endswith("the proxy edge-1 does not run it after 12 s")
    assert "mesh:waitTimeout" in told[-1]
    assert world.now == 12.0


def test_a_listener_that_is_only_spelt_otherwise_is_no_failure_and_one_that_is_refused_is(world: World):
    def spelt(refused: int) -> dict[str, Any]:
        said = with_refused("good", refused)
        listeners = said["_config"][1]["xds"]["type.googleapis.com/envoy.config.listener.v3.Listener"]
        listeners["edge:HTTP:28080"]["statPrefix"] = "other"
        return said

    world.proxies["edge-1"] = lambda _: spelt(3)
    world.watch()
    assert world.now == 12.0
    assert world.told == []
    world.now, world.proxies["edge-1"] = 0.0, lambda now: spelt(3 if now < 9 else 4)
    assert world.refused()[0].endswith("the proxy edge-1 refuses the configuration")
    world.now, world.proxies["edge-1"] = 0.0, always("listener-rejected")
    assert "Proto constraint validation failed" in world.refused()[1]
    assert world.now < 10


def test_without_a_proxy_that_is_connected_nothing_is_waited_for_and_that_is_said(world: World):
    world.watch()
    assert world.told == [f'{ROUTE}: wait="accepted": concerns no proxy that is connected, so nothing was waited for']
    gone = with_refused("good", 0)
    gone["insight"][1]["subscriptions"][-1]["disconnectTime"] = "2026-11-25T19:30:00Z"
    world.proxies["edge-1"] = lambda _: gone
    world.watch(GATEWAY)
    assert world.told[1].startswith(f"{GATEWAY}: ")
    assert world.now == 4.0


def test_a_proxy_that_goes_away_is_not_waited_for(world: World):
    gone = with_refused("rejected", 0)
    gone["insight"] = [404, {}]
    world.proxies["edge-1"] = lambda now: "rejected" if now < 4 else gone
    world.watch()
    assert world.told == [f'{ROUTE}: wait="accepted": the proxy edge-1 has gone away']


@pytest.mark.parametrize("status", [404, 501])
@pytest.mark.parametrize("what", [ROUTE, GATEWAY])
def test_a_control_plane_that_does_not_know_its_proxies_is_no_failure(world: World, status: int, what: str):
    for path in ASKED:
        world.other[path] = Reply(status, "not here", "text/plain")
    world.watch(what)
    assert world.told == [
        f'{what}: wait="accepted": which proxies it concerns cannot be told here, so nothing was waited for'
    ]


def test_where_an_envoy_cannot_be_asked_its_counters_are_and_that_is_said(world: World):
    def unasked(refused: int) -> dict[str, Any]:
        return {**with_refused("good", refused), "xds": [500, {}]}

    world.proxies["edge-1"] = lambda _: unasked(4)
    world.watch()
    assert len(world.told) == 1
    assert "was not seen to refuse it, and no more can be told: its Envoy cannot be asked (500)" in world.told[0]
    world.now, world.proxies["edge-1"] = 0.0, lambda now: unasked(4 if now < 8 else 5)
    assert world.refused()[0].endswith("the proxy edge-1 refuses the configuration")


def test_a_global_control_plane_cannot_tell_and_that_is_no_failure(world: World):
    world.proxies["edge-1"] = lambda _: {**with_refused("good", 0), "_config": [405, {}]}
    world.watch()
    assert "the control plane does not say what it makes for it (405)" in world.told[0]


def test_a_control_plane_that_is_not_ready_is_given_time(world: World):
    busy = {"_config": [503, {}], "xds": [503, {}], "insight": [503, {}]}
    world.proxies["edge-1"] = lambda now: "good" if now < 1 or now >= 5 else busy
    world.watch()
    assert world.now == 5.0
    world.now, world.proxies["edge-1"] = 0.0, lambda _: busy
    assert "edge-1" in world.refused()[0]
    assert world.now <= 30
