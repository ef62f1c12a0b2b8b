"""What the sandbox promises beside the recordings: it keeps what it is given, serves one machine, and never invents."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.testclient import TestClient

from pulumi_mesh.errors import Unconfigured
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.sandbox import app, running
from pulumi_mesh.sandbox.gojson import parsed
from pulumi_mesh.sandbox.server import listen
from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.spec import One, field


def gateway(name: str, port: int = 8080) -> dict[str, Any]:
    return {
        "type": "MeshGateway",
        "name": name,
        "mesh": "default",
        "selectors": [{"match": {"kuma.io/service": "edge"}}],
        "conf": {"listeners": [{"port": port, "protocol": "HTTP"}]},
    }


def test_it_says_what_it_is():
    with TestClient(app()) as client:
        index = client.get("/").json()
    assert (index["product"], index["version"], index["sandbox"]) == ("Kuma", "2.14.3", True)


def test_writes_of_eight_threads_all_arrive():
    names = [f"gateway-{number}" for number in range(160)]
    with running() as url, httpx.Client(base_url=url) as client:

        def write(name: str) -> tuple[int, int]:
            path = f"/meshes/default/meshgateways/{name}"
            created = client.put(path, json=gateway(name)).status_code
            return created, client.get(path).json()["conf"]["listeners"][0]["port"]

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(write, names))
        listed = client.get("/meshes/default/meshgateways?size=1000").json()
    assert answers == [(201, 8080)] * len(names)
    assert [one["name"] for one in listed["items"]] == sorted(names)


def test_of_eight_creations_of_one_object_one_is_the_first():
    with running() as url, httpx.Client(base_url=url) as client:

        def write(port: int) -> int:
            return client.put("/meshes/default/meshgateways/edge", json=gateway("edge", port)).status_code

        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(write, range(8080, 8088))) == [200] * 7 + [201]


def test_a_file_keeps_objects_and_the_id_of_the_cluster(tmp_path: Path):
    data = str(tmp_path / "plane.db")
    with running(data=data) as url:
        first = httpx.get(url).json()
        httpx.put(f"{url}/meshes/default/meshgateways/edge", json=gateway("edge"))
        kept = httpx.get(f"{url}/meshes/default/meshgateways/edge").json()
        httpx.delete(f"{url}/meshes/default/meshtimeouts/mesh-timeout-all-default")
    with running(data=data) as url:
        second = httpx.get(url).json()
        assert httpx.get(f"{url}/meshes/default/meshgateways/edge").json() == kept
        assert httpx.get(f"{url}/meshes/default/meshtimeouts/mesh-timeout-all-default").status_code == 404
    assert second["clusterId"] == first["clusterId"]
    assert second["instanceId"] != first["instanceId"]


def test_memory_begins_anew():
    ids: set[str] = set()
    for _ in range(2):
        with running() as url:
            ids.add(httpx.get(url).json()["clusterId"])
    assert len(ids) == 2


def test_a_file_serves_one_control_plane_at_a_time(tmp_path: Path):
    data = str(tmp_path / "plane.db")
    with running(data=data), pytest.raises(Unconfigured, match="no other one uses"):
        app(data)


def test_a_file_of_something_else_is_refused(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("these are no objects of a control plane\n" * 40)
    with pytest.raises(Unconfigured, match="no other one uses"):
        app(str(path))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_other_machines_are_not_served(host: str):
    with pytest.raises(Unconfigured, match="this machine alone"):
        listen(host, 0)


def test_a_port_in_use_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Unconfigured, match="choose another one"):
        listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("kuma", ["2.11", "2.9", "3.0", "newest"])
def test_only_recorded_releases_are_imitated(kuma: str):
    with pytest.raises(Unconfigured):
        app(kuma=kuma)


def test_a_write_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any):
        raise RuntimeError("no policies today")

    served = app()
    with TestClient(served, raise_server_exceptions=False) as client:
        monkeypatch.setattr("pulumi_mesh.sandbox.behaviours.mesh.default_policies", broken)
        assert client.put("/meshes/shop", json={"type": "Mesh", "name": "shop"}).status_code == 500
        monkeypatch.undo()
        assert client.get("/meshes/shop").status_code == 404
        assert client.get("/secrets?name=shop").json()["total"] == 0
        assert client.put("/meshes/shop", json={"type": "Mesh", "name": "shop"}).status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        "/config",
        "/global-insight",
        "/mesh-insights",
        "/_kri/kri_m____default_",
        "/dataplanes/_overview",
        "/meshes/default/dataplanes?gateway=builtin",
        "/meshes/default/meshtimeouts/x/_resources/dataplanes",
        "/meshes/default?format=k8s",
    ],
)
def test_what_nobody_recorded_is_not_invented(path: str):
    with TestClient(app()) as client:
        answer = client.get(path)
    assert answer.status_code == 501
    assert answer.json()["title"] == "Not imitated by the sandbox"


def test_a_type_that_is_not_registered_is_not_imitated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(KINDS, "MeshTimeout")
    with TestClient(app()) as client:
        assert client.get("/meshes/default/meshtimeouts").status_code == 501
        assert client.get("/meshes/default/nonsense").status_code == 404
        assert "MeshTimeout" not in [one["name"] for one in client.get("/_resources").json()["resources"]]


def test_a_new_kind_is_served_at_once():
    class MeshMascot(MeshScoped, kind=Kind(path="meshmascots", shape="spec", short="mm")):
        """An animal that stands for a mesh."""

        animal: One[Str] = field(doc="What it is.")
        legs: One[Str | None] = field(default=None, fills="four", doc="How many legs it has.")

    try:
        with TestClient(app()) as client:
            path = "/meshes/default/meshmascots/otto"
            mascot = {"type": "MeshMascot", "name": "otto", "mesh": "default", "spec": {}}
            assert client.put(path, json=mascot).json()["causes"] == [
                {"field": "spec.animal", "message": "in body is required"}
            ]
            assert client.put(path, json=mascot | {"spec": {"animal": "otter", "wings": 2}}).status_code == 201
            assert client.get(path).json()["spec"] == {"animal": "otter", "legs": "four"}
    finally:
        KINDS.pop(MeshMascot.kind.name)


def test_a_caller_behind_a_proxy_is_not_taken_for_the_admin():
    with TestClient(app()) as client:
        assert client.get("/meshes", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 501


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "unexpected end of JSON input"),
        ('{"a": 1', "unexpected end of JSON input"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a": 1 "b"}', "invalid character '\"' after object key:value pair"),
        ("{a: 1}", "invalid character 'a' looking for beginning of object key string"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("{} x", "invalid character 'x' after top-level value"),
        ("nope", "invalid character 'o' in literal null (expecting 'u')"),
        ("NaN", "invalid character 'N' looking for beginning of value"),
        ("'a'", "invalid character '\\'' looking for beginning of value"),
        ("-", "unexpected end of JSON input"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1ex", "invalid character 'x' in exponent of numeric literal"),
        ("01", "invalid character '1' after top-level value"),
        ('"\\x"', "invalid character 'x' in string escape code"),
        ('"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"),
        ('"a\nb"', "invalid character '\\n' in string literal"),
    ],
)
def test_broken_json_is_refused_in_the_words_of_go(text: str, complaint: str):
    with pytest.raises(Exception) as refused:  # noqa: PT011 - the text is compared below
        parsed(text.encode())
    assert str(refused.value) == complaint


COMMAND = [sys.executable, "-c", "from pulumi_mesh.cli import main; main()", "sandbox"]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_a_signal_and_says_where(sign: signal.Signals):
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--kuma", "2.10"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    banner = ""
    while "URL" not in banner:
        banner += process.stderr.readline()
    url = banner.partition("URL")[2].strip()
    assert "routes no traffic" in banner
    assert httpx.get(url, trust_env=False).json()["version"] == "2.10.11"
    process.send_signal(sign)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "serves this machine alone"),
        (["--kuma", "2.12"], "imitates Kuma 2.10 or 2.14"),
        (["--data", "/nowhere/at/all"], "give a file of this sandbox"),
    ],
)
def test_the_command_refuses_in_one_sentence(options: list[str], words: str):
    done = subprocess.run(
        [*COMMAND, "--port", "0", *options], capture_output=True, text=True, timeout=60, env=os.environ, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_types_of_kong_mesh_are_served_where_it_is_asked_for():
    role = {"type": "AccessRole", "name": "reader", "rules": [{"access": ["GENERATE_USER_TOKEN"]}]}
    for product, status in (("Kuma", 404), ("kong-mesh", 201)):
        with TestClient(app(product=product)) as client:
            assert client.put("/access-roles/reader", json=role).status_code == status
            listed = {one["name"] for one in client.get("/_resources").json()["resources"]}
            assert ("AccessRole" in listed) == (status == 201)
            assert client.get("/").json()["product"].lower().replace(" ", "-") == product.lower()


@pytest.mark.parametrize("option", [{"mode": "remote"}, {"product": "istio"}, {"kuma": "2.12"}])
def test_what_nobody_recorded_is_not_imitated(option: dict[str, str]):
    with pytest.raises(Unconfigured, match="--" + next(iter(option))):
        app(**option)


def test_a_token_is_signed_by_the_latest_key_of_its_mesh():
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    key = "/meshes/default/secrets/dataplane-token-signing-key-default-2"
    with TestClient(app()) as client:
        secret = {"type": "Secret", "mesh": "default", "name": key.rpartition("/")[2]}
        client.put(key, json=secret | {"data": base64.b64encode(pem).decode()})
        said, _, signature = client.post("/tokens/dataplane", json={"mesh": "default"}).text.rpartition(".")
        kept = base64.b64decode(client.get(key).json()["data"])
    assert json.loads(base64.urlsafe_b64decode(said.partition(".")[0] + "=="))["kid"] == "2"
    public = serialization.load_pem_private_key(kept, None).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(base64.urlsafe_b64decode(signature + "=="), said.encode(), padding.PKCS1v15(), hashes.SHA256())
