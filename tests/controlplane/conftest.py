"""A scripted HTTP server on loopback, and control planes that speak with it and never sleep."""

import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pulumi_mesh.controlplane import Connection, ControlPlane

KUMA = {"product": "Kuma", "version": "2.14.3", "clusterId": "c-1", "instanceId": "i-1", "gui": "/gui"}


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    body: Any = field(default_factory=dict)
    status: int = 200
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False

    @property
    def content(self) -> bytes:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return gzip.compress(text.encode()) if self.headers.get("Content-Encoding") == "gzip" else text.encode()


class Server:
    """Answers each route with what was scripted for it, in order; the last answer stays."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self._routes: dict[str, list[Callable[[Request], Reply]]] = {}
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                reply = server.reply(self)
                if reply.drop:
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                headers = {"Content-Type": reply.type, "Content-Length": str(len(reply.content))} | reply.headers
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.content)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            request_queue_size = 100

            def handle_error(self, *_: object) -> None:
                """A client that goes away is no news."""

        self._http = Quiet(("127.0.0.1", 0), Handler)
        if context is not None:
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.host = f"127.0.0.1:{self._http.server_address[1]}"
        self.url = f"{'https' if context else 'http'}://{self.host}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def on(self, route: str, body: Any = None, **rest: Any) -> "Server":
        """Script one more answer of a route such as `GET /meshes`; a function may make its body and status."""

        def reply(request: Request) -> Reply:
            made, status = body(request) if callable(body) else (body, rest.get("status", 200))
            return Reply({} if made is None else made, **(rest | {"status": status}))

        self._routes.setdefault(route, []).append(reply)
        return self

    def refuse(
        self, route: str, status: int, title: str, detail: str = "Resource is not valid", **reasons: str
    ) -> "Server":
        """Script an error as Kuma words it."""
        violations = [{"field": name, "reason": reason} for name, reason in reasons.items()]
        body = {"type": "/std-errors", "status": status, "title": title, "detail": detail, "details": detail}
        return self.on(route, body | ({"invalid_parameters": violations} if violations else {}), status=status)

    def drop(self, route: str) -> "Server":
        """Script a connection that closes without an answer."""
        return self.on(route, drop=True)

    def reply(self, handler: BaseHTTPRequestHandler) -> Reply:
        url = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        request = Request(handler.command, url.path, query, dict(handler.headers), body)
        with self._lock:
            self.requests.append(request)
            script = self._routes.get(f"{request.method} {request.path}")
            if script is None:
                return Reply("404: Page Not Found", 404, "text/plain; charset=utf-8")
            each = script.pop(0) if len(script) > 1 else script[0]
        return each(request)

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server().on("GET /", KUMA)
    yield server
    server.close()


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that a control plane would have slept."""
    return []


@pytest.fixture
def connect(pauses: list[float]) -> Iterator[Callable[..., ControlPlane]]:
    """Makes control planes that never sleep, and closes them."""
    opened: list[ControlPlane] = []

    def connect(url: str, **rest: Any) -> ControlPlane:
        opened.append(ControlPlane(Connection("default", url, **rest), sleep=pauses.append))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


@pytest.fixture
def plane(server: Server, connect: Callable[..., ControlPlane]) -> ControlPlane:
    return connect(server.url)


@pytest.fixture
def https_server(tmp_path: Any) -> Iterator[tuple[Server, str]]:
    """A server with a certificate of its own, for 127.0.0.1, and the path of that certificate."""
    from datetime import datetime, timedelta, timezone
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "control plane")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = tmp_path / "kuma-cp.crt", tmp_path / "kuma-cp.key"
    crt.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    none, style = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    pem.write_bytes(key.private_bytes(serialization.Encoding.PEM, style, none))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(crt, pem)
    server = Server(context).on("GET /", KUMA)
    yield server, str(crt)
    server.close()
