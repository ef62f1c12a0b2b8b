"""What is tried again, how often, and what is not."""

import socket
import time
from contextlib import contextmanager
from email.utils import formatdate

import pytest

from pulumi_mesh.controlplane.patience import BUDGET, Patience, seconds
from pulumi_mesh.errors import Refused, Unreachable

X = "/meshes/shop/meshtimeouts/x"


@contextmanager
def nobody():
    """A port of loopback at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.mark.parametrize("status", [409, 429, 502, 503, 504])
def test_what_passes_by_itself_is_tried_again(server, plane, pauses, status):
    server.on(f"PUT {X}", "wait", status=status, type="text/plain").on(f"PUT {X}", "", status=status)
    server.on(f"PUT {X}", {}, status=201)

    assert plane.put(X, {}).created
    assert plane.counts == {"PUT": 3}
    assert 0 < pauses[0] < pauses[1] < 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_control_plane_that_stays_away_is_waited_for_ten_seconds(server, plane, pauses, method):
    server.on(f"{method} {X}", "upstream connect error", status=503, type="text/plain")
    requests = {"GET": plane.get, "DELETE": plane.delete, "PUT": lambda path, **rest: plane.put(path, {}, **rest)}

    with pytest.raises(Unreachable, match=r"^X: the control plane, or a proxy before it, is not ready \(503 after \d+"):
        requests[method](X, subject="X")
    assert sum(pauses) == pytest.approx(BUDGET, abs=0.5)
    assert 5 <= len(pauses) <= 9


@pytest.mark.parametrize("status", [400, 401, 403, 405, 415, 422])
def test_a_refusal_is_not_tried_again(server, plane, pauses, status):
    server.refuse(f"PUT {X}", status, "Could not process a resource", spec="must be defined")

    with pytest.raises(Refused):
        plane.put(X, {})
    assert (plane.counts, pauses) == ({"PUT": 1}, [])


def test_an_internal_error_is_tried_once_more(server, plane, pauses):
    server.refuse(f"PUT {X}", 500, "Failed to create a resource", "Internal Server Error")

    with pytest.raises(Unreachable, match=r"500 after 2 attempts\); the cause is in the control plane's log$"):
        plane.put(X, {})
    assert (plane.counts, len(pauses)) == ({"PUT": 2}, 1)


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503, 504])
def test_a_token_is_never_asked_for_twice(server, plane, pauses, status):
    server.on("POST /tokens/user", "", status=status, type="text/plain")

    with pytest.raises((Refused, Unreachable)):
        plane.post("/tokens/user", {"name": "ci"})
    assert (plane.counts, pauses) == ({"POST": 1}, [])


def test_the_time_that_a_server_asks_for_is_waited_within_the_budget(server, plane, pauses):
    server.on(f"GET {X}", "", status=429, headers={"Retry-After": "3"})
    server.on(f"GET {X}", "", status=429, headers={"Retry-After": "120"})
    server.on(f"GET {X}", {"name": "x"})

    assert plane.get(X) == {"name": "x"}
    assert pauses == [3.0, pytest.approx(7.0, abs=0.5)]


def test_the_time_may_be_a_date_or_nonsense():
    assert seconds(formatdate(time.time() + 60, usegmt=True)) == pytest.approx(60, abs=2)
    assert seconds(formatdate(time.time() - 60, usegmt=True)) == 0
    assert [seconds(text) for text in ("", "soon", "-3", "1e9")] == [0, 0, 0, 0]


def test_a_slow_answer_leaves_no_time_for_more_than_one_retry():
    patience = Patience()
    patience._start -= 60

    assert patience.pause("busy") == 0
    assert patience.pause("busy") is None


def test_a_wrong_address_is_said_within_a_second(connect, pauses):
    with nobody() as url, pytest.raises(Unreachable) as error:
        connect(url).get(X, subject="MeshTimeout/shop/x")

    reason = f"no control plane answers at {url} (connection refused, 4 attempts); start it, or correct the URL"
    assert str(error.value) == f"MeshTimeout/shop/x: {reason}"
    assert len(pauses) == 3
    assert sum(pauses) < 1.5


def test_an_unknown_host_is_said_within_a_second(connect, pauses):
    with pytest.raises(
        Unreachable, match=r"^GET /: no control plane answers at http://nowhere\.invalid:5681 \(.+, 4 att"
    ):
        connect("http://nowhere.invalid:5681").index()
    assert sum(pauses) < 1.5


def test_a_connection_that_closes_is_opened_again(server, plane):
    server.drop(f"PUT {X}").on(f"PUT {X}", {})

    assert plane.put(X, {}).created is False
    assert plane.counts == {"PUT": 2}


def test_a_handler_that_panics_is_not_asked_for_ever(server, plane, pauses):
    server.drop(f"GET {X}")

    with pytest.raises(Unreachable, match=r"closed the connection without a whole answer .*control plane's log$"):
        plane.get(X)
    assert len(pauses) == 3


def test_a_token_is_not_asked_for_again_when_the_connection_closes(server, plane):
    server.drop("POST /tokens/user")

    with pytest.raises(Unreachable):
        plane.post("/tokens/user", {})
    assert plane.counts == {"POST": 1}


def test_an_answer_that_does_not_come_is_waited_for_twice(connect, pauses):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unreachable) as error:
            connect(url, timeout=0.1).get(X)

    longer = "PULUMI_MESH_TIMEOUT gives it more seconds"
    assert str(error.value) == f"GET {X}: no answer from {url} within 0.1 s (2 attempts); {longer}"
    assert len(pauses) == 1
