"""Gateways as a whole on the real engine: what they make, in which order, and that no key is seen."""

import json
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest

from tests.components.certificates import pair
from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

EDGE = """
cert = mesh.TlsCertificate("shop-cert", mesh=SHOP, certificate=open("cert.pem").read(), private_key=open("key.pem").read())
edge = mesh.BuiltinGateway(
    "edge",
    mesh=SHOP,
    listeners=[
        mesh.Listener(port=8080, protocol="HTTP", hostname="shop.example", tags={"port": "http"}),
        mesh.Listener(port=8443, protocol="HTTPS", hostname="shop.example", tls=mesh.Tls(certificates=[cert])),
    ],
    routes={"api": [{"target_ref": {"kind": "Mesh"}, "rules": [{
        "matches": [{"path": {"type": "PathPrefix", "value": "/api"}}],
        "default": {"backend_refs": [{"kind": "MeshService", "name": "api"}]},
    }]}]},
    proxies={"edge-1": "192.0.2.10", "edge-2": "192.0.2.11"},
)
pulumi.export("urls", edge.urls)
pulumi.export("token", edge.tokens["edge-1"].token)
pulumi.export("hostnames", cert.hostnames)
pulumi.export("expires", cert.expires)
"""


def write(stack: Stack, certificate: str, key: str) -> None:
    (stack.at / "cert.pem").write_text(certificate)
    (stack.at / "key.pem").write_text(key)


def body_of(key: str) -> str:
    """Return a line of a key that cannot stand anywhere by chance."""
    return key.splitlines()[1]


def seen(*texts: str) -> str:
    return "\n".join(texts)


def test_a_builtin_gateway_is_made_in_the_order_that_is_safe_and_goes_in_reverse(
    stack: Stack, gate: Gate, plane: Plane, shop: str
):
    write(stack, *pair())
    stack.up(EDGE)
    at = f"/meshes/{shop}"
    written = [each.removeprefix(f"PUT {at}/") for each in gate.writes() if each.startswith("PUT")]
    for first in ("secrets/shop-cert", "meshhttproutes/api"):
        assert written.index(first) < written.index("meshgateways/edge")
    assert sorted(written) == [
        "dataplanes/edge-1",
        "dataplanes/edge-2",
        "meshgateways/edge",
        "meshhttproutes/api",
        "meshtrafficpermissions/from-edge",
        "secrets/shop-cert",
    ]
    assert gate.writes().count("POST /tokens/dataplane") == 2
    outputs = json.loads(stack.pulumi("stack", "output", "--stack", stack.name, "--json"))
    assert outputs["urls"] == ["http://shop.example:8080", "https://shop.example:8443"]
    assert outputs["token"] == "[secret]"
    assert outputs["hostnames"] == ["shop.example"]
    stack.settled()
    gate.forget()
    stack.destroy()
    gone = [each.removeprefix(f"DELETE {at}/") for each in gate.writes()]
    for last in ("secrets/shop-cert", "meshhttproutes/api"):
        assert gone.index("meshgateways/edge") < gone.index(last)
    assert plane.names(f"{at}/dataplanes") == []


def test_a_new_certificate_takes_the_place_of_the_old_one_and_no_listener_is_touched(
    stack: Stack, gate: Gate, plane: Plane, shop: str
):
    write(stack, *pair())
    stack.up(EDGE)
    certificate, key = pair()
    write(stack, certificate, key)
    gate.forget()
    stack.up()
    assert gate.writes() == [f"PUT /meshes/{shop}/secrets/shop-cert"]
    held = b64decode(plane.get(f"/meshes/{shop}/secrets/shop-cert")["data"]).decode()
    assert certificate.strip() in held
    assert key.strip() in held


def test_a_private_key_is_seen_nowhere(stack: Stack):
    certificate, key = pair()
    write(stack, certificate, key)
    texts = [
        stack.preview(EDGE, "--diff").text,
        stack.preview(None, "--json").text,
        stack.up(None, "--diff", "-v=9", "--logtostderr").text,
        stack.preview(None, "--refresh", "--diff").text,
        stack.pulumi("stack", "export", "--stack", stack.name),
        stack.pulumi("stack", "output", "--stack", stack.name, "--json"),
        stack.file(),
        *(path.read_text() for path in Path(stack.at).glob("events-*.jsonl")),
    ]
    encoded = [line for line in key.splitlines() if "KEY" not in line]
    assert all(encoded)
    for line in encoded:
        assert line not in seen(*texts)


@pytest.mark.parametrize("late", [False, True], ids=["text", "Output"])
def test_a_certificate_that_cannot_work_is_refused_before_anything_is_written(stack: Stack, gate: Gate, late: bool):
    program = EDGE.replace('open("key.pem").read()', "pulumi.Output.secret(open('key.pem').read())") if late else EDGE
    for (certificate, key), words in [
        ((pair()[0], pair()[1]), "private_key: belongs to another certificate"),
        (pair(start=timedelta(days=-9), end=timedelta(days=-1)), "has expired"),
    ]:
        write(stack, certificate, key)
        refused = stack.preview(program, code=1)
        assert "TlsCertificate/shop-cert" in refused.text
        assert words in refused.text
        assert "__main__.py:" in refused.text
        assert "Traceback" not in refused.text
        assert body_of(key) not in refused.text
    assert gate.requests == []


def test_a_certificate_that_expires_soon_is_a_warning(stack: Stack):
    write(stack, *pair(end=timedelta(days=10)))
    assert "certificate: CN=shop.example expires on" in stack.preview(EDGE).text


def test_what_a_gateway_adds_can_be_switched_off(stack: Stack, gate: Gate, shop: str):
    stack.up("""
        kong = mesh.DelegatedGateway(
            "kong",
            mesh=SHOP,
            proxies={"kong-1": "192.0.2.20"},
            outbounds=[{"port": 10001, "tags": {"kuma.io/service": "web"}}],
            token_valid_for=None,
            permit=False,
        )
        mesh.BuiltinGateway(
            "bare", mesh=SHOP, listeners=[{"port": 8080, "protocol": "HTTP"}], permit=False
        )
    """)
    made = [f"PUT /meshes/{shop}/dataplanes/kong-1", f"PUT /meshes/{shop}/meshgateways/bare"]
    assert sorted(gate.writes()) == made
    stack.settled()


CROSSING = """
mtls = mesh.Mtls(enabled_backend="ca-1", backends=[mesh.BuiltinCa(name="ca-1")])
skip = dict(skip_creating_initial_policies=["*"])
shop = mesh.Mesh("shop", name=f"{SHOP}-a", mtls=mtls, **skip)
partners = mesh.Mesh("partners", name=f"{SHOP}-b", %s **skip)
crossing = mesh.CrossMeshGateway(
    "crossing", mesh=shop, hostname=%s, proxies={"crossing-1": "192.0.2.30"}, consumers=[partners], token_valid_for=None,
)
client = mesh.Dataplane("client", mesh=partners, networking={
    "address": "192.0.2.40",
    "inbound": [{"port": 80, "tags": {"kuma.io/service": "client"}}],
    "outbound": [crossing.outbound(10001)],
})
pulumi.export("url", crossing.url)
"""


def test_a_gateway_between_meshes_says_where_it_is_and_how_to_reach_it(stack: Stack, plane: Plane, shop: str):
    stack.up(CROSSING % ("mtls=mtls,", "'api.shop.mesh'"))
    outputs = json.loads(stack.pulumi("stack", "output", "--stack", stack.name, "--json"))
    assert outputs == {"url": "http://api.shop.mesh:80"}
    client = plane.get(f"/meshes/{shop}-b/dataplanes/client")
    outbound = client["networking"]["outbound"][0]
    assert outbound["tags"] == {"kuma.io/service": "crossing", "kuma.io/mesh": f"{shop}-a"}
    stack.settled()
    stack.up(CROSSING % ("mtls=mtls,", "None"))
    outputs = json.loads(stack.pulumi("stack", "output", "--stack", stack.name, "--json"))
    assert outputs == {"url": f"http://internal.crossing.{shop}-a.mesh:80"}
    stack.destroy()


def test_a_gateway_between_meshes_wants_mtls_in_each(stack: Stack, gate: Gate, shop: str):
    refused = stack.preview(CROSSING % ("", "None"), code=1)
    assert f"CrossMeshGateway/crossing: mesh {shop}-b: has no mTLS" in refused.text
    assert gate.requests == []
