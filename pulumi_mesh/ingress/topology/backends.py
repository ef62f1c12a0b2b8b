"""The services that routes name: what a `backendRef` or the backend of a MeshGatewayRoute stands for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.rules import dig, parts, table
from pulumi_mesh.schema.tags import SERVICE


@dataclass(frozen=True, slots=True)
class Backend:
    """A service that a route sends traffic to, as the route says it."""

    path: str
    """Where the route says so: `spec.to[0].rules[1].default.backendRefs[0]`."""
    kind: str
    """`MeshService`, `MeshServiceSubset`, `MeshExternalService`, `MeshMultiZoneService`; `Service` for one by tags."""
    name: str
    """Its name, or the tag `kuma.io/service`."""
    port: int | None
    weight: int | None
    """The weight; None where the route says none."""
    tags: Mapping[str, str]
    """Further tags of a MeshServiceSubset, or all tags of a backend by tags."""
    labels: Mapping[str, str]
    """Labels that stand instead of a name."""
    mirror: bool = False
    """Whether only copies go there."""

    @property
    def label(self) -> str:
        """Kind, name and port: `MeshService api :8080`."""
        name = self.name or ",".join(f"{key}={value}" for key, value in self.labels.items())
        return f"{self.kind} {name}" + (f" :{self.port}" if self.port else "")


def backends(route: Document) -> Iterator[Backend]:
    """Yield everything that a route sends traffic or copies to."""
    if route.address.kind == "MeshGatewayRoute":
        yield from tagged_backends(route.body)
        return
    for at, to in parts(route.body, "spec.to"):
        for path, rule in parts(to, "rules", at):
            for where, ref in parts(rule, "default.backendRefs", path):
                yield backend(where, ref)
            for where, one in parts(rule, "default.filters", path):
                if (ref := dig(one, "requestMirror.backendRef")) is not None:
                    yield backend(f"{where}.requestMirror.backendRef", ref, mirror=True)


def tagged_backends(body: Mapping[str, Any]) -> Iterator[Backend]:
    """Yield the backends of a MeshGatewayRoute."""
    for protocol in ("http", "tcp"):
        for path, rule in parts(body, f"conf.{protocol}.rules"):
            for where, one in parts(rule, "backends", path):
                yield tagged(where, one)
            for where, one in parts(rule, "filters", path):
                if (said := dig(one, "mirror.backend")) is not None:
                    yield tagged(f"{where}.mirror.backend", said, mirror=True)


def backend(path: str, ref: Mapping[str, Any], *, mirror: bool = False) -> Backend:
    """Read a `backendRef`."""
    return Backend(
        path,
        said(ref.get("kind")),
        said(ref.get("name")),
        whole(ref.get("port")),
        whole(ref.get("weight")),
        texts(ref, "tags"),
        texts(ref, "labels"),
        mirror,
    )


def tagged(path: str, one: Mapping[str, Any], *, mirror: bool = False) -> Backend:
    """Read the backend of a MeshGatewayRoute: a service by its tags."""
    tags = texts(one, "destination")
    return Backend(path, "Service", tags.get(SERVICE, ""), None, whole(one.get("weight")), tags, {}, mirror)


def said(value: Any) -> str:
    """Return text, nothing where it is not known yet."""
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """Return a whole number, None where there is none or where it is not known yet."""
    return int(value) if isinstance(value, (int, float)) else None


def texts(body: Mapping[str, Any], path: str) -> dict[str, str]:
    """Return a table of text, without what is not known yet."""
    return {str(key): value for key, value in table(body, path).items() if isinstance(value, str)}
