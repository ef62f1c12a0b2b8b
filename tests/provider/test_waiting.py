"""What is promised of `wait="accepted"` through the six verbs: after the write, on gateways and routes, and never a word without it."""

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import grpc
import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2

import pulumi_mesh as mesh
from pulumi_mesh.errors import Unconfigured
from pulumi_mesh.provider.run import RUN
from pulumi_mesh.provider.slot import Slot
from pulumi_mesh.provider.state import State
from pulumi_mesh.reconcile import watch
from pulumi_mesh.resource import InvalidResource
from tests.e2e.plane import Plane
from tests.provider.conftest import Engine, carried, resource
from tests.reconcile.proxies import proxies

EDGE = [{"match": {"kuma.io/service": "waited"}}]
BACKENDS = [{"kind": "MeshService", "name": "web", "port": 80}]
RULE = {"matches": [{"path": {"type": "PathPrefix", "value": "/a"}}], "default": {"backend_refs": BACKENDS}}
HTTP = {"port": 80, "protocol": "HTTP"}
REF = {"kind": "MeshGateway", "name": "waited"}


def named(**said: Any) -> dict[str, Any]:
    return {"name": "waited", "mesh": "default", **said}


WAITING = [
    pytest.param("MeshGateway", named(selectors=EDGE, listeners=[HTTP]), id="gateway"),
    pytest.param("MeshHTTPRoute", named(target_ref=REF, to=[{"target_ref": {"kind": "Mesh"}, "rules": [RULE]}]), id="http"),
    pytest.param(
        "MeshTCPRoute",
        named(target_ref=REF, to=[{"target_ref": {"kind": "Mesh"}, "rules": [{"default": {"backend_refs": BACKENDS}}]}]),
        id="tcp",
    ),
    pytest.param(
        "MeshGatewayRoute",
        named(selectors=EDGE, tcp={"rules": [{"backends": [{"destination": {"kuma.io/service": "web"}}]}]}),
        id="older",
    ),
    pytest.param(
        "GatewayListener",
        {"gateway": "waited", "mesh": "default", **HTTP, "__parent": {"selectors": EDGE, "owner": "life.dev"}},
        id="listener",
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, sandbox_url: str) -> Iterator[None]:
    """Let time pass faster, and leave nothing behind."""
    for name, seconds in {"CACHE": 0.02, "PAUSE": 0.02, "HALFWAY": 0.1}.items():
        monkeypatch.setattr(watch, name, seconds)
    yield
    for path in ("meshhttproutes", "meshtcproutes", "meshgatewayroutes", "meshgateways"):
        Plane(sandbox_url).delete(f"/meshes/default/{path}/waited")


@pytest.mark.parametrize(("kind", "said"), WAITING)
def test_a_write_ends_when_the_proxies_run_it_and_the_wait_is_kept(engine: Engine, kind: str, said: dict[str, Any]):
    proxies(engine.gate, "good")
    props = resource(kind, said, wait="accepted")
    id_, outs = engine.create(props)
    assert outs["__wait"] == "accepted"
    assert any(request.path.endswith("/xds") for request in engine.gate.requests)
    engine.run()
    assert engine.read(id_, outs) == outs
    assert not engine.changes(id_, outs, props)
    engine.run()
    assert engine.update(
        id_, outs, {**props, "tags" if "tags" in props or kind == "GatewayListener" else "labels": {"a": "b"}}
    )["__wait"]
    assert any(request.path.endswith("/xds") for request in engine.gate.requests)
    assert engine.told == []


@pytest.mark.parametrize(("kind", "said"), WAITING)
def test_a_proxy_that_refuses_it_is_an_error_of_the_resource_and_the_next_run_waits_again(
    engine: Engine, kind: str, said: dict[str, Any]
):
    proxies(engine.gate, "rejected")
    props = resource(kind, said, wait="accepted")
    with pytest.raises(Exception, match=r"/waited.*: was written, but the proxy edge-1 refuses the configuration"):
        engine.create(props)
    engine.run()
    with pytest.raises(Exception, match="refuses the configuration"):
        engine.create(props)
    assert engine.gate.writes() == []  # it was written, and is taken over
    proxies(engine.gate, "good")
    engine.run()
    engine.create(props)
    assert engine.gate.writes() == []


class Call(grpc.ServicerContext):
    """A call of the engine, which hears how it is answered."""

    heard: bytes = b""

    def set_trailing_metadata(self, trailing_metadata: Any) -> None:
        self.heard = dict(trailing_metadata)["grpc-status-details-bin"]

    def abort(self, code: Any, details: str) -> Any:
        raise RuntimeError(details)


Call.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "said"), WAITING)
def test_the_engine_keeps_what_was_written_although_a_proxy_refuses_it(engine: Engine, kind: str, said: dict[str, Any]):
    """So that a plain run repairs it, also where the program goes back to what it said before."""
    proxies(engine.gate, "rejected")
    context = Call()  # pyright: ignore[reportAbstractUsage]
    with pytest.raises(RuntimeError, match="refuses the configuration"):
        engine.create(resource(kind, said, wait="accepted"))
    status = provider_pb2.ErrorResourceInitFailed()
    [detail] = message_of(context.heard)
    assert detail.Unpack(status)
    outs = MessageToDict(status.properties)
    assert {key: outs[key] for key in said if key != "__parent"} == carried(
        {k: v for k, v in said.items() if k != "__parent"}
    )
    assert {"__cluster", "__provider", "__wait"} <= set(outs)
    assert "__cluster" not in MessageToDict(status.inputs)
    assert "refuses the configuration" in status.reasons[0]


def message_of(data: bytes) -> list[Any]:
    """Return the details of a status."""
    found = sys.modules.get("google.rpc.status_pb2") or import_module("pulumi.runtime.proto.status_pb2")
    return list(found.Status.FromString(data).details)


@pytest.mark.parametrize(("kind", "said"), WAITING)
def test_without_a_proxy_it_is_a_warning_and_the_write_holds(engine: Engine, kind: str, said: dict[str, Any]):
    """The sandbox has no proxies."""
    engine.create(resource(kind, said, wait="accepted"))
    assert len(engine.told) == 1
    assert 'wait="accepted": ' in engine.told[0]
    assert "nothing was waited for" in engine.told[0]


@pytest.mark.parametrize(("kind", "said"), WAITING)
def test_nobody_is_watched_unless_that_is_asked_for(engine: Engine, kind: str, said: dict[str, Any]):
    proxies(engine.gate, "rejected")
    id_, outs = engine.create(resource(kind, said))
    engine.update(
        id_, outs, resource(kind, {**said, "port": 81} if kind == "GatewayListener" else {**said, "labels": {"a": "b"}})
    )
    assert not any("dataplane" in request.path for request in engine.gate.requests)
    assert "__wait" not in outs


def test_to_wait_or_not_is_no_change(engine: Engine):
    kind, said = "MeshGateway", named(selectors=EDGE, listeners=[HTTP])
    id_, outs = engine.create(resource(kind, said))
    assert not engine.changes(id_, outs, resource(kind, said, wait="accepted"))


def test_a_gateway_that_has_no_listener_yet_is_not_waited_for(engine: Engine):
    engine.create(resource("MeshGateway", named(selectors=EDGE), wait="accepted"))
    assert engine.told == []


def test_a_state_of_before_reads_as_one_that_does_not_wait():
    state = State.read(resource("MeshGateway", named(selectors=EDGE)))
    slot = Slot.read(resource("GatewayListener", {"gateway": "waited", **HTTP}))
    assert state.wait == slot.wait == ""
    assert not {key for key in (*state.kept(), *slot.kept()) if "wait" in key}


@pytest.mark.parametrize(("said", "seconds"), [("45", 45.0), ("2.5s", 2.5)])
def test_the_patience_comes_from_the_environment_or_the_config(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, said: str, seconds: float
):
    assert RUN.patience() == 30.0
    RUN.configure({"mesh:waitTimeout": said}.get)
    assert RUN.patience() == seconds
    monkeypatch.setenv("PULUMI_MESH_WAIT_TIMEOUT", "7")
    assert RUN.patience() == 7.0


@pytest.mark.parametrize("said", ["soon", "0", "-1", "inf", "nan"])
def test_a_patience_that_is_no_time_is_refused(engine: Engine, said: str):
    RUN.configure({"mesh:waitTimeout": said}.get)
    with pytest.raises(Unconfigured, match=f"mesh:waitTimeout: {said} is no number of seconds above 0"):
        RUN.patience()


def test_only_gateways_and_routes_wait_and_only_for_what_there_is():
    with pytest.raises(InvalidResource, match="MeshTimeout/shop/t: wait: only gateways and routes can be waited for"):
        mesh.MeshTimeout(
            "t", mesh="shop", to=[{"target_ref": {"kind": "Mesh"}, "default": {"idle_timeout": "1h"}}], wait="accepted"
        )  # type: ignore[call-arg]
    with pytest.raises(InvalidResource, match='MeshGateway/shop/g: wait: must be "accepted", or left out'):
        mesh.MeshGateway("g", mesh="shop", selectors=EDGE, wait="soon")  # type: ignore[arg-type]
