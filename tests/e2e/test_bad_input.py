"""Bad input gives one sentence: resource, path, value, reason, remedy. Nothing is written, and a corrected `up` converges."""

import socket
from collections.abc import Iterator

import pytest

from tests.e2e.engine import Ran, Stack
from tests.e2e.gate import Gate, Reply, Request
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

GOOD = "gateway()"


def sentence(ran: Ran, *words: str) -> None:
    """Assert that a refusal holds these words, and no traceback."""
    assert "Traceback" not in ran.text, ran.text
    assert "unhandled exception" not in ran.text, ran.text
    missing = [word for word in words if word not in ran.text]
    assert not missing, (missing, ran.text)


LISTENERS = {
    "port 99999": (
        "[{'port': 99999, 'protocol': 'HTTP'}]",
        ("listeners[0].port", "99999", "[1, 65535]"),
    ),
    "protocol HTTPPS": (
        "[{'port': 8080, 'protocol': 'HTTPPS'}]",
        ("listeners[0].protocol", "HTTPPS", "HTTPS"),
    ),
    "blank in hostname": (
        "[{**HTTP, 'hostname': 'shop .example'}]",
        ("listeners[0].hostname", "shop .example"),
    ),
    "hostnmae": (
        "[{**HTTP, 'hostnmae': 'shop.example'}]",
        ("listeners[0].hostnmae", 'did you mean "hostname"'),
    ),
    "HTTPS without tls": (
        "[{'port': 8443, 'protocol': 'HTTPS'}]",
        ("listeners[0].tls", "cannot be empty"),
    ),
    "tls without certificate": (
        "[{'port': 8443, 'protocol': 'HTTPS', 'tls': {'mode': 'TERMINATE'}}]",
        ("listeners[0].tls.certificates", "cannot be empty in TLS termination mode"),
    ),
    "no listeners": ("[]", ("listeners", "cannot be empty")),
}


@pytest.mark.parametrize(("listeners", "words"), LISTENERS.values(), ids=LISTENERS)
def test_what_is_known_to_be_wrong_is_refused_on_the_line_that_says_it(
    stack: Stack, plane: Plane, gate: Gate, gateways: str, listeners: str, words: tuple[str, ...]
):
    program = f"mesh.MeshGateway('edge', mesh=SHOP, selectors=EDGE, listeners={listeners})"
    refused = stack.up(program, code=1)
    sentence(refused, f"MeshGateway/{stack.mesh}/edge", *words, "__main__.py:")
    assert gate.requests == []
    assert stack.resources() == {}
    stack.up(GOOD)
    assert plane.names(gateways) == ["edge"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("lisetners=[HTTP]", ('did you mean "listeners"',)),
        ("listeners=[HTTP], labels={'a b': 'c'}", ("labels",)),
        ("listeners=[HTTP], name='Edge Gateway'", ("name", "lower case")),
        ("listeners=[HTTP], tags={'team': 1}", ('tags["team"]',)),
    ],
    ids=["unknown argument", "label", "name", "type of a value"],
)
def test_arguments_that_are_wrong_are_refused_on_the_line_that_says_them(
    stack: Stack, gate: Gate, said: str, words: tuple[str, ...]
):
    refused = stack.preview(f"mesh.MeshGateway('edge', mesh=SHOP, selectors=EDGE, {said})", code=1)
    sentence(refused, "MeshGateway/", *words, "__main__.py:")
    assert gate.requests == []


def test_a_preview_refuses_what_an_up_would_refuse(stack: Stack):
    refused = stack.preview("gateway(listeners=[{'port': 99999, 'protocol': 'HTTP'}])", code=1)
    sentence(refused, "listeners[0].port", "99999")


def test_several_faults_are_said_at_once(stack: Stack, gate: Gate):
    refused = stack.up(
        "gateway(listeners=[{'port': 0, 'protocol': 'TCP'}, {'port': 99999, 'protocol': 'HTTPS'}])", code=1
    )
    sentence(refused, "listeners[0].port", "listeners[1].port", "listeners[1].tls")
    assert gate.requests == []


def test_the_second_of_two_resources_for_one_object_is_refused(stack: Stack, gate: Gate):
    refused = stack.up("gateway('one', name='edge')\ngateway('two', name='edge')", code=1)
    sentence(refused, f"MeshGateway/{stack.mesh}/edge", "declared twice", "__main__.py:")
    assert [each for each in gate.writes() if each.startswith("DELETE")] == []


def test_a_mesh_that_is_not_there_is_named(stack: Stack, plane: Plane, shop: str, gateways: str):
    program = f"gateway(mesh='{shop}-later')"
    refused = stack.up(program, code=1)
    sentence(refused, f"MeshGateway/{shop}-later/edge", "mesh", "Mesh")
    assert stack.resources() == {}
    plane.put(f"/meshes/{shop}-later", {"type": "Mesh", "name": f"{shop}-later"})
    try:
        stack.up()
        stack.settled()
    finally:
        plane.empty(f"{shop}-later")


HTML = "<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body>It works</body></html>"
DOWN = {
    "503": (Reply(503, "upstream connect error", "text/plain"), ("not ready", "503", "attempts")),
    "HTML": (Reply(200, HTML, "text/html"), ("a web page came back", "GET /", "product")),
    "404 of something else": (Reply(404, "404 page not found", "text/plain"), ("404", "URL")),
    "401": (
        Reply(401, {"type": "/std-errors", "status": 401, "title": "Invalid authentication data", "detail": ""}),
        ("401", "wants a token", "set PULUMI_MESH_TOKEN"),
    ),
    "403": (
        Reply(403, {"type": "/std-errors", "status": 403, "title": "Access Denied", "detail": 'user "mesh-system:anonymous"'}),
        ("403",),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "words"), DOWN.values(), ids=DOWN)
def test_an_answer_that_is_not_the_control_plane_s_is_said(
    stack: Stack, plane: Plane, gate: Gate, gateways: str, reply: Reply, words: tuple[str, ...]
):
    gate.before = lambda _: reply
    refused = stack.up(GOOD, code=1)
    sentence(refused, f"MeshGateway/{stack.mesh}/edge", *words)
    assert gate.writes() == []
    gate.free()
    stack.up()
    assert plane.names(gateways) == ["edge"]


def test_a_503_that_passes_is_waited_for(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    left = [2]

    def busy(request: Request) -> Reply | None:
        if request.method == "PUT" and left[0]:
            left[0] -= 1
            return Reply(503, "upstream connect error", "text/plain")
        return None

    gate.before = busy
    stack.up(GOOD)
    assert plane.names(gateways) == ["edge"]


@pytest.fixture
def deaf() -> Iterator[str]:
    """An address where nobody answers: the port is taken, but nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_control_plane_that_does_not_answer_is_said(stack: Stack, plane: Plane, gateways: str, deaf: str):
    refused = stack.up(GOOD, code=1, PULUMI_MESH_URL=deaf)
    sentence(refused, f"MeshGateway/{stack.mesh}/edge", deaf, "refused")
    stack.up()
    assert plane.names(gateways) == ["edge"]


URLS = {
    "no scheme": ("127.0.0.1:5681", ("PULUMI_MESH_URL", "no scheme", "http://127.0.0.1:5681")),
    "another scheme": ("ftp://127.0.0.1:5681", ("PULUMI_MESH_URL", "http://127.0.0.1:5681")),
    "none": ("", ("PULUMI_MESH_URL", "pulumi config set mesh:url")),
}


@pytest.mark.parametrize(("url", "words"), URLS.values(), ids=URLS)
def test_a_url_that_cannot_be_right_is_said_with_the_one_that_can(
    stack: Stack, plane: Plane, gateways: str, url: str, words: tuple[str, ...]
):
    refused = stack.up(GOOD, code=1, PULUMI_MESH_URL=url)
    sentence(refused, *words)
    assert stack.resources() == {}
    stack.up()
    assert plane.names(gateways) == ["edge"]
