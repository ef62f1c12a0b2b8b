"""Certificates, and the wrong scheme."""

import pytest

from pulumi_mesh.errors import Unconfigured, Unreachable


def test_a_certificate_of_nobody_we_know_is_refused_at_once_with_what_to_do(https_server, connect, pauses):
    server, _ = https_server

    with pytest.raises(
        Unreachable, match=r"^X: the certificate of https://127\.0\.0\.1:\d+ is not trusted \(self.signed"
    ) as error:
        connect(server.url).index(subject="X")
    assert "name the PEM file of its authority in PULUMI_MESH_CA (for kuma-cp's own, kuma-cp.crt" in str(error.value)
    assert pauses == []


def test_its_authority_or_not_looking_makes_it_good(https_server, connect):
    server, certificate = https_server

    assert connect(server.url, ca=certificate).index().product == "Kuma"
    assert connect(server.url, insecure=True).index().product == "Kuma"


def test_a_certificate_for_another_host_is_said_as_such(https_server, connect):
    server, certificate = https_server
    url = server.url.replace("127.0.0.1", "localhost")

    with pytest.raises(Unreachable, match=r"is for another host \(hostname mismatch.*\); write a host that it names$"):
        connect(url, ca=certificate).index()


def test_http_to_an_https_port_says_to_write_https(server, connect):
    server.on("PUT /meshes/m", "Client sent an HTTP request to an HTTPS server.\n", status=400, type="text/plain")

    with pytest.raises(Exception, match=r"speaks https: write https:// \(kuma-cp has its https port at 5682\)$"):
        connect(server.url).put("/meshes/m", {})


def test_https_to_an_http_port_says_to_write_http(server, connect, pauses):
    url = server.url.replace("http://", "https://")

    with pytest.raises(
        Unreachable, match=rf"TLS with {url} is not possible \(.+\); write http:// if the server speaks no"
    ):
        connect(url).index()
    assert pauses == []


@pytest.mark.parametrize("content", [None, "", "no PEM"])
def test_a_file_that_holds_no_certificate_is_said_by_its_variable(connect, tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)

    with pytest.raises(Unconfigured, match=r"^control plane default: PULUMI_MESH_CA is no readable PEM file with cert"):
        connect("https://127.0.0.1:9", ca=str(path)).index()
    with pytest.raises(Unconfigured, match=r"^control plane default: PULUMI_MESH_CLIENT_CERT is no readable PEM file"):
        connect("https://127.0.0.1:9", client_cert=str(path)).index()


def test_a_proxy_that_cannot_be_used_is_said_without_its_password(connect, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "gopher://boss:s3cret@proxy.example")
    monkeypatch.setenv("http_proxy", "gopher://boss:s3cret@proxy.example")

    with pytest.raises(Unconfigured, match=r"the proxy that the environment names .* is of no usable kind") as error:
        connect("http://cp.invalid:5681").index()
    assert "s3cret" not in str(error.value)
