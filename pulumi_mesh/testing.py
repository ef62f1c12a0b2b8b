"""Routes under test: where a request to a gateway goes, without any control plane or proxy.

from pulumi_mesh.testing import RouteTable

table = RouteTable.files("mesh.yaml")

def test_the_first_version_is_still_served():
assert table.explain("https://api.example.com/v1").backend == "backend-v1"
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

import pulumi_mesh as _kinds  # noqa: F401  # pyright: ignore[reportUnusedImport] - makes every kind known
from pulumi_mesh import sources
from pulumi_mesh.controlplane import ControlPlane, connection
from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.routing import Routing
from pulumi_mesh.ingress.routing.explanation import Explanation
from pulumi_mesh.ingress.routing.request import Headers, Request
from pulumi_mesh.ingress.topology import Topology
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import kind_of
from pulumi_mesh.schema.proto import as_json
from pulumi_mesh.schema.release import NEWEST, supported
from pulumi_mesh.sources import Holdings


class Unreadable(MeshError):
    """Something of a source that could not be read, so that nothing certain can be said of it."""


class RouteTable:
    """The routes of some gateways: ask it where a request goes."""

    def __init__(self, documents: Iterable[Document | Mapping[str, Any]], kuma: str = str(NEWEST)) -> None:
        """Take documents: objects as the control plane has them, with `type`, `mesh` (`default`, if absent) and `name`.

        `kuma` is the release of the control plane; what it makes of routes differs a little between releases.
        """
        self.topology = Topology(document(one) for one in documents)
        self.routing = Routing(self.topology, supported(kuma, "RouteTable"))

    @classmethod
    def files(cls, *paths: str, kuma: str = str(NEWEST)) -> "RouteTable":
        """Read files, and folders of *.yaml, *.yml and *.json."""
        return cls.of(sources.files([str(path) for path in paths]), kuma)

    @classmethod
    def stack(cls, name: str = "", folder: str = ".", kuma: str = str(NEWEST)) -> "RouteTable":
        """Read the state of a stack of the project in a folder, by the Pulumi CLI; the selected one without a name."""
        return cls.of(sources.stack(name, folder), kuma)

    @classmethod
    def state(cls, file: str, kuma: str = str(NEWEST)) -> "RouteTable":
        """Read a state, as `pulumi stack export` writes it."""
        return cls.of(sources.state(str(file)), kuma)

    @classmethod
    def control_plane(cls, url: str, token: str = "", kuma: str = "") -> "RouteTable":
        """Read what a control plane holds; its own release counts, unless another is named."""
        environ = {"PULUMI_MESH_URL": url, **({"PULUMI_MESH_TOKEN": token} if token else {})}
        with closing(ControlPlane(connection("default", environ, lambda _: None))) as plane:
            if not kuma:
                index = plane.index(subject=url)
                kuma = index.based_on or index.version
            return cls.of(sources.live(plane), kuma)

    @classmethod
    def of(cls, holdings: Holdings, kuma: str = str(NEWEST)) -> "RouteTable":
        """Take what a source holds; what it could not read is an error."""
        if holdings.unread:
            raise Unreadable("; ".join(holdings.unread))
        return cls(holdings.documents(), kuma)

    def explain(
        self, url: str, method: str = "GET", headers: Headers | None = None, *, gateway: str = "", mesh: str = ""
    ) -> Explanation:
        """Say where a request goes, and why.

        The URL is `http://`, `https://`, or `tcp://` and `tls://` for connections. Without `gateway` every gateway is
        asked, and the one that leads furthest answers.
        """
        return self.routing.explain(Request.of(url, method, headers), gateway, mesh)


def document(said: Document | Mapping[str, Any]) -> Document:
    """Return a document of an object as the control plane has it."""
    if isinstance(said, Document):
        return said
    kind = kind_of(str(said.get("type", "")), "RouteTable")
    default = {} if kind.scope == "global" else {"mesh": "default"}
    return Document.found(kind, as_json(kind, {**default, **said}))


__all__ = ["Explanation", "RouteTable", "Unreadable"]
