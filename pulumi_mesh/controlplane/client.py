"""The HTTP API of one control plane: requests, retries, and the one border where errors of HTTP become ours."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_mesh.controlplane import answers, shapes
from pulumi_mesh.controlplane.answers import Answer, Call
from pulumi_mesh.controlplane.connection import Connection
from pulumi_mesh.controlplane.patience import Patience, Trouble, trouble
from pulumi_mesh.controlplane.shapes import Index, Page, Served, Written
from pulumi_mesh.controlplane.trust import is_loopback, trust
from pulumi_mesh.errors import MeshError, Refused, Unconfigured, Unreachable

if TYPE_CHECKING:
    import httpx

LARGEST_PAGE = 1000
T = TypeVar("T")


class ControlPlane:
    """A control plane to talk to, from any number of threads; every error begins with `subject`."""

    def __init__(self, connection: Connection, *, sleep: Callable[[float], object] = time.sleep) -> None:
        """Keep the connection; nothing is sent, and httpx is not loaded, before the first request."""
        self.connection = connection
        self.counts: Counter[str] = Counter()
        self._sleep = sleep
        self._lock = Lock()
        self._learning = Lock()
        self._http: httpx.Client | None = None
        self._index: Index | None = None
        self._resources: dict[str, Served] | None = None
        self._page = LARGEST_PAGE

    def index(self, *, subject: str = "") -> Index:
        """Return product, version and identity, asked for once."""
        with self._learning:
            if self._index is None:
                answer = self._ask(Call("GET", "/", subject))
                self._index = self._read(answer, "product and version", shapes.index)
            return self._index

    def resources(self, *, subject: str = "") -> dict[str, Served]:
        """Return every type that is served, by its name, asked for once."""
        with self._learning:
            if self._resources is None:
                answer = self._ask(Call("GET", "/_resources", subject))
                self._resources = self._read(answer, "names and paths of types", shapes.types)
            return dict(self._resources)

    def get(self, path: str, *, subject: str = "") -> dict[str, Any] | None:
        """Return one object, or None where it or its mesh does not exist."""
        answer = self._ask(Call("GET", path, subject))
        return None if answers.missing(answer) else self._read(answer, "an object", dict)

    def peek(self, path: str, *, subject: str = "") -> tuple[int, dict[str, Any]]:
        """Ask once, without patience: status and JSON object of any answer, 0 and nothing where there is none."""
        try:
            answer = self._ask(Call("GET", path, subject), forgiving=False)
        except Unreachable:
            return 0, {}
        return answer.status, answer.body or {}

    def put(self, path: str, body: Mapping[str, Any], *, subject: str = "") -> Written:
        """Create or replace one object."""
        answer = self._ask(Call("PUT", path, subject, body))
        created = answer.status == 201
        if answer.is_success and not answer.text.strip():
            return Written(created, ())
        return Written(created, self._read(answer, "an object", shapes.warnings))

    def delete(self, path: str, *, subject: str = "") -> bool:
        """Delete one object; False where it, or its mesh, was gone already."""
        answer = self._ask(Call("DELETE", path, subject))
        if answer.is_success:
            return True
        if answers.missing(answer):
            return False
        raise self._error(answer)

    def post(self, path: str, body: Mapping[str, Any], *, subject: str = "") -> str:
        """Have something made, such as a token, and return its text; never tried twice."""
        answer = self._ask(Call("POST", path, subject, body))
        if answer.is_success and answer.text.strip():
            return answer.text.strip()
        raise self._error(answer, "a text")

    def list(self, path: str, size: int = LARGEST_PAGE, *, subject: str = "") -> Iterator[dict[str, Any]]:
        """Yield every object of a collection, each once; nothing where its mesh does not exist."""
        offset: int | None = 0
        seen = set[tuple[object, object]]()
        while offset is not None:
            page = self._page_at(path, size, offset, subject)
            for item in page.items:
                key = (item.get("mesh"), item.get("name"))
                if key not in seen:
                    seen.add(key)
                    yield item
            offset = page.following

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            http, self._http = self._http, None
        if http is not None:
            http.close()

    def _page_at(self, path: str, size: int, offset: int, subject: str) -> Page:
        """Return one page, as large as the control plane lets it be."""
        while True:
            size = min(size, self._page)
            query = {"size": size, "offset": offset} if offset else {"size": size}
            answer = self._ask(Call("GET", path, subject, query=query))
            if answers.without_mesh(answer):
                return Page([], None)
            if size == 1 or not answers.refuses_size(answer):
                return self._read(answer, "a page of objects", lambda body: shapes.page(body, offset))
            self._page = size // 2

    def _ask(self, call: Call, *, forgiving: bool = True) -> Answer:
        """Send a request until it is answered or patience ends."""
        import httpx

        patience = Patience(forgiving=forgiving and call.method != "POST")
        while True:
            try:
                reply = self._send(call)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                met, detail = _trouble(error)
                pause = patience.pause(met)
                if pause is None:
                    sentence = answers.unanswered(met, detail, self.connection, patience.attempts)
                    raise Unreachable(f"{call.subject}: {sentence}") from None
            else:
                pause = patience.pause(trouble(reply.status_code), reply.headers.get("retry-after", ""))
                if pause is None:
                    return Answer(
                        call=call,
                        status=reply.status_code,
                        content_type=reply.headers.get("content-type", "").lower(),
                        text=reply.text,
                        location=reply.headers.get("location", ""),
                        attempts=patience.attempts,
                    )
            self._sleep(pause)

    def _send(self, call: Call) -> "httpx.Response":
        """Send a request once, through the one client, which the first request makes."""
        with self._lock:
            self.counts["LIST" if call.query else call.method] += 1
            if self._http is None:
                self._http = _open(self.connection)
            http = self._http
        url = self.connection.url + call.path
        if call.body is None:
            return http.request(call.method, url, params=call.query)
        content = json.dumps(dict(call.body)).encode()
        return http.request(call.method, url, content=content, headers={"Content-Type": "application/json"})

    def _read(self, answer: Answer, wanted: str, shape: Callable[[dict[str, Any]], T]) -> T:
        """Return the JSON object of a success in its shape, or say that it has another."""
        if answer.is_success and answer.body is not None:
            try:
                return shape(answer.body)
            except (ValueError, KeyError, TypeError, IndexError):
                pass
        raise self._error(answer, wanted)

    def _error(self, answer: Answer, wanted: str = "an object") -> MeshError:
        """Make the error of an answer, without what a message must not hold."""
        values = answers.hidden(self.connection, answer.call.body)
        answer = replace(
            answer, text=answers.masked(answer.text, values), location=answers.masked(answer.location, values)
        )
        served_by = f"{self._index.product} {self._index.version}" if self._index else "the control plane"
        if answer.is_success:
            message = f"{answer.call.subject}: {answers.odd(answer, wanted, self.connection)}"
        else:
            message = f"{answer.call.subject}: {answers.explain(answer, self.connection, served_by)}"
        return Refused(message, status=answer.status) if answers.refused(answer) else Unreachable(message)


def _open(connection: Connection) -> "httpx.Client":
    """Make the client: its pool, its timeouts, its trust."""
    from importlib.metadata import PackageNotFoundError, version

    import httpx

    try:
        release = version("pulumi-mesh")
    except PackageNotFoundError:
        release = "0"
    headers = {"Accept": "application/json, text/plain", "User-Agent": f"pulumi-mesh/{release}"}
    if connection.token is not None:
        headers["Authorization"] = f"Bearer {connection.token}"
    verify = trust(connection)
    try:
        return httpx.Client(
            headers=headers,
            verify=verify,
            timeout=httpx.Timeout(connection.timeout, connect=min(connection.timeout, 10.0), pool=None),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=30.0),
            follow_redirects=False,
            trust_env=not is_loopback(connection),
        )
    except (ValueError, ImportError):
        raise Unconfigured(f"control plane {connection.name}: {answers.PROXIES} is of no usable kind") from None


def _trouble(error: Exception) -> tuple[Trouble, str]:
    """Name what went wrong below HTTP, and the words of the operating system or of TLS for it."""
    import ssl

    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "timeout", ""
    if isinstance(error, httpx.ProxyError):
        return "proxy", ""
    is_read = not isinstance(error, httpx.ConnectError)
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "untrusted", cause.verify_message.lower().rstrip(".")
    if isinstance(cause, ssl.SSLError) and not (isinstance(cause, ssl.SSLEOFError) and is_read):
        return "tls", (cause.reason or "").lower().replace("_", " ")
    words = ((cause.strerror or "") if cause else "").lower()
    if not is_read:
        return "refused", words
    return ("dropped" if isinstance(error, httpx.TransportError) else "garbled"), words
