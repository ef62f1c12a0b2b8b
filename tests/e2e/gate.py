"""A loopback proxy in front of a control plane: it counts, asks for a token, answers instead of it, or stops the clock."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "accept-encoding"}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    body: bytes

    @property
    def verb(self) -> str:
        """PUT, GET, DELETE; LIST where a whole collection is asked for, INDEX for what the control plane is."""
        if self.method == "GET" and self.path in ("/", "/_resources", "/config"):
            return "INDEX"
        return "LIST" if self.method == "GET" and "size=" in self.query else self.method

    @property
    def collection(self) -> str:
        return self.path if self.verb == "LIST" else self.path.rpartition("/")[0]


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = ""
    type: str = "application/json"


Hook = Callable[[Request], "Reply | None"]


class Gate:
    """Passes requests on, unless it is told otherwise."""

    def __init__(self, upstream: str, token: str = "") -> None:
        self.upstream, self.pass_on = urlsplit(upstream), token
        self.requests: list[Request] = []
        self.token: str | None = None
        """The bearer token that it asks for, if any."""
        self.before: Hook | None = None
        """Called before a request is passed on; what it returns is the answer."""
        self.after: Hook | None = None
        """Called when the control plane has answered; what it returns is the answer."""
        self.lock = threading.Lock()
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1
            up: http.client.HTTPConnection | None = None

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                reply = gate.answer(self, body)
                content = reply.body if isinstance(reply.body, bytes) else gate.text(reply.body)
                self.send_response_only(reply.status)
                self.send_header("content-type", reply.type)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                self.wfile.flush()

            def finish(self) -> None:
                super().finish()
                if self.up is not None:
                    self.up.close()

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            request_queue_size = 100
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that goes away is no news."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @staticmethod
    def text(body: Any) -> bytes:
        return (body if isinstance(body, str) else json.dumps(body)).encode()

    def answer(self, handler: Any, body: bytes) -> Reply:
        parts = urlsplit(handler.path)
        request = Request(handler.command, parts.path, parts.query, body)
        with self.lock:
            self.requests.append(request)
        if self.token is not None and handler.headers.get("authorization") != f"Bearer {self.token}":
            detail = {"type": "/std-errors", "status": 401, "title": "Invalid authentication data", "detail": ""}
            return Reply(401, detail)
        if self.before is not None and (reply := self.before(request)) is not None:
            return reply
        reply = self.forward(handler, request)
        return (self.after(request) if self.after is not None else None) or reply

    def forward(self, handler: Any, request: Request) -> Reply:
        headers = {key: value for key, value in handler.headers.items() if key.lower() not in HOP}
        if self.token is not None:
            headers = {key: value for key, value in headers.items() if key.lower() != "authorization"}
        if self.pass_on:
            headers["Authorization"] = f"Bearer {self.pass_on}"
        if handler.up is None:
            make = http.client.HTTPSConnection if self.upstream.scheme == "https" else http.client.HTTPConnection
            handler.up = make(self.upstream.hostname or "", self.upstream.port, timeout=30)
        path = self.upstream.path.rstrip("/") + handler.path
        try:
            handler.up.request(request.method, path, request.body or None, headers)
            answer = handler.up.getresponse()
        except (http.client.HTTPException, OSError):  # a kept connection that the other side has closed
            handler.up.close()
            handler.up.request(request.method, path, request.body or None, headers)
            answer = handler.up.getresponse()
        return Reply(answer.status, answer.read(), answer.headers.get("content-type", "application/json"))

    def counts(self) -> Counter[str]:
        """Count the requests by verb, those that ask what the control plane is left out."""
        return Counter(each.verb for each in self.requests if each.verb != "INDEX")

    def listings(self) -> Counter[str]:
        """Count the listings by collection."""
        return Counter(each.collection for each in self.requests if each.verb == "LIST")

    def writes(self) -> list[str]:
        """Say what was written: `PUT /meshes/shop/meshgateways/edge`."""
        return [f"{each.method} {each.path}" for each in self.requests if each.method in ("PUT", "DELETE", "POST")]

    def forget(self) -> None:
        """Begin to count anew."""
        self.requests.clear()

    def free(self) -> None:
        """Pass everything on again."""
        self.before = self.after = None

    def close(self) -> None:
        with suppress(OSError):
            self.http.shutdown()
            self.http.server_close()
