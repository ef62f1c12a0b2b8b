"""What is promised of a look without patience: any answer is an answer, and one question is one request."""

from collections.abc import Iterator

import pytest

from pulumi_mesh.controlplane import Connection, ControlPlane
from tests.e2e.gate import Gate, Reply


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate("http://127.0.0.1:9")
    yield gate
    gate.close()


@pytest.mark.parametrize("status", [200, 404, 405, 500, 501, 503])
def test_any_answer_is_returned_after_one_request(gate: Gate, status: int):
    gate.before = lambda _: Reply(status, {"status": status})
    plane = ControlPlane(Connection("default", gate.url), sleep=pytest.fail)
    assert plane.peek("/meshes/m/dataplanes/d/_config") == (status, {"status": status})
    assert len(gate.requests) == 1
    plane.close()


def test_what_is_no_json_object_has_no_body(gate: Gate):
    gate.before = lambda _: Reply(404, "404: Page Not Found", "text/plain")
    plane = ControlPlane(Connection("default", gate.url), sleep=pytest.fail)
    assert plane.peek("/x") == (404, {})
    plane.close()


def test_no_answer_is_0_and_is_not_asked_for_again():
    plane = ControlPlane(Connection("default", "http://127.0.0.1:9"), sleep=pytest.fail)
    assert plane.peek("/x") == (0, {})
    plane.close()
