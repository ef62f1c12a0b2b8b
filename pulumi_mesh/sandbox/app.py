"""The sandbox as an ASGI application: the router of the control plane, its manners and its words."""

import posixpath
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import escape
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from pulumi_mesh.sandbox.answers import RETRIEVE, Answer, Problem, as_json, not_found, not_imitated, read_only, text
from pulumi_mesh.sandbox.catalogue import catalogue, policies
from pulumi_mesh.sandbox.listing import empty, listing
from pulumi_mesh.sandbox.plane import Plane
from pulumi_mesh.sandbox.routes import Place, Routes
from pulumi_mesh.sandbox.tokens import issue

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
ADMIN = {"name": "mesh-system:admin", "groups": ["mesh-system:admin", "mesh-system:authenticated"]}


def app(data: str | None = None, kuma: str = "2.14", mode: str = "zone", product: str = "Kuma") -> Starlette:
    """Make a control plane: in memory, or over a file; of Kuma 2.10 or 2.14; of one zone or of all; of Kuma or Kong Mesh."""
    plane = Plane(data, kuma, mode, product)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncGenerator[None, None]:
        yield
        plane.close()

    made = Starlette(routes=[Route("/{path:path}", Gate(plane))], lifespan=life)
    made.state.plane = plane
    return made


class Gate:
    """What every request passes."""

    def __init__(self, plane: Plane) -> None:
        """Serve one control plane."""
        self.plane, self.routes = plane, Routes(plane.site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, one after the other: SQLite and the rules take a fraction of a millisecond."""
        request = Request(scope, receive)
        body = await request.body()
        with self.plane.lock:
            try:
                answer = self.answer(request, body)
            except Problem as problem:
                answer = problem.answer
        sent = b"" if request.method == "HEAD" else answer.body
        headers = {**({"content-type": answer.content_type} if answer.content_type else {}), **answer.headers}
        await Response(sent, answer.status, headers)(scope, receive, send)

    def answer(self, request: Request, body: bytes) -> Answer:
        """Find out what a request is about, check its manners, and answer it."""
        raw = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1").partition("?")[0]
        clean = posixpath.normpath("/" + raw.lstrip("/")) + ("/" if raw.endswith("/") and raw.strip("/") else "")
        if clean != raw:
            return redirect(request, clean)
        place = self.routes.place([unquote(step) for step in raw.strip("/").split("/")] if raw.strip("/") else [], raw)
        if place is None:
            return text(404, "Page Not Found")
        if request.method not in place.methods:
            return text(405, "Method Not Allowed", allow=", ".join(sorted(place.methods)))
        if refused := manners(request):
            return refused
        self.known_caller(request)
        return self.serve(place, request, body, raw)

    def known_caller(self, request: Request) -> None:
        """Serve the admin of this machine alone; the rights of others are not imitated."""
        if self.plane.site.modern and any(name in request.headers for name in FORWARDED):
            raise not_imitated("a caller from elsewhere")

    def serve(self, place: Place, request: Request, body: bytes, raw: str) -> Answer:
        """Answer a request that is well-mannered."""
        plane, query = self.plane, request.scope["query_string"].decode("latin-1")
        if place.unknown:
            raise not_imitated(place.unknown)
        if place.special:
            return self.special(place)
        if place.token:
            return issue(plane.site, place.token, body)
        if place.insight:
            return self.insight(place, request.method, query)
        if place.kind is None:
            return text(404, "Page Not Found")
        if place.name is None:
            return listing(plane, place.kind, place.mesh, raw, query, request.headers.get("host", "localhost"))
        if request.method == "GET":
            plane.formatted(request.query_params.get("format"))
            return plane.get(place.kind, place.mesh, place.name)
        if request.method == "PUT":
            return plane.put(place.kind, place.mesh, place.name, body)
        return plane.delete(place.kind, place.mesh, place.name)

    def special(self, place: Place) -> Answer:
        """Answer for the control plane itself."""
        site = self.plane.site
        if place.special == "resources":
            return as_json({"resources": catalogue(site)})
        if place.special == "policies":
            return as_json({"policies": policies(site)})
        if place.special == "who-am-i":
            return as_json(ADMIN)
        index = {
            "hostname": socket.gethostname(),
            "product": site.product,
            "version": site.version,
            "instanceId": site.instance,
            "clusterId": site.cluster,
            "gui": "/gui",
            "sandbox": True,
        }
        return as_json(index)

    def insight(self, place: Place, method: str, query: str) -> Answer:
        """Answer for a type that only the control plane writes: it is empty, for no proxy ever connects."""
        if method != "GET":
            raise read_only(self.plane.site.mode)
        site = self.plane.site
        self.plane.reach(place.mesh)
        busy = place.insight == "ServiceInsight" and site.store.count("Dataplane", place.mesh)
        if busy or (place.insight == "MeshInsight" and (place.name is None or site.store.has("Mesh", "", place.name))):
            raise not_imitated(place.insight)
        if place.name is not None:
            raise not_found(RETRIEVE)
        return empty(query, modern=site.modern)


def redirect(request: Request, clean: str) -> Answer:
    """Send the caller to the clean path."""
    query = request.scope["query_string"].decode("latin-1")
    location = clean + (f"?{query}" if query else "")
    if request.method not in ("GET", "HEAD"):
        return Answer(307, b"", "", {"location": location})
    body = f'<a href="{escape(location)}">Temporary Redirect</a>.\n\n'
    return Answer(307, body.encode(), "text/html; charset=utf-8", {"location": location})


def manners(request: Request) -> Answer | None:
    """Refuse a body that is not announced as JSON, and a caller that takes none."""
    if request.method in ("POST", "PUT"):
        said = request.headers.get("content-type", "").partition(";")[0].strip()
        if said != "application/json":
            return text(415, "Unsupported Media Type")
    accepted = request.headers.get("accept") or "*/*"
    if not {one.partition(";")[0].strip() for one in accepted.split(",")} & {"*/*", "application/json"}:
        return Answer(
            406, b"406: Not Acceptable\n\nAvailable representations: application/json", text(406, "").content_type
        )
    return None
