"""What an object refers to that nobody has is a warning at its write: frugal, and never a write lost to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_mesh.provider.run import RUN
from pulumi_mesh.schema.kind import KINDS
from tests.provider.conftest import Engine, resource

MESH = "absent"
GATEWAY = {"type": "MeshGateway", "mesh": MESH, "name": "edge", "selectors": [{"match": {"kuma.io/service": "edge"}}]}
GATEWAY |= {"conf": {"listeners": [{"port": 80, "protocol": "HTTP"}]}}
BACKEND = {"kind": "MeshService", "name": "api", "port": 80}


@pytest.fixture(autouse=True)
def mesh(engine: Engine) -> Iterator[None]:
    """A mesh of this test."""
    live = RUN.plane("default").control_plane
    live.put(f"/meshes/{MESH}", {"type": "Mesh", "name": MESH, "skipCreatingInitialPolicies": ["*"]})
    engine.run()
    yield
    engine.run()
    engine.gate.free()
    live = RUN.plane("default").control_plane
    for name in ("meshhttproutes/r", "meshgateways/edge", "meshgateways/edge-x", "meshservices/other"):
        live.delete(f"/meshes/{MESH}/{name}")
    live.delete(f"/meshes/{MESH}")


def route(*outside: str, **said: Any) -> dict[str, Any]:
    rule = {"matches": [{"path": {"type": "Exact", "value": "/"}}], "default": {"backend_refs": [BACKEND]}}
    to = [{"target_ref": {"kind": "Mesh"}, "rules": [rule]}]
    body = {"name": "r", "mesh": MESH, "target_ref": {"kind": "MeshGateway", "name": "edge"}, "to": to, **said}
    pairs: Any = [[address, "spec"] for address in outside]
    return resource("MeshHTTPRoute", body, **({"outside": pairs} if pairs else {}))


def there() -> bool:
    kind = KINDS["MeshHTTPRoute"]
    return RUN.plane("default").get(kind, kind.address("r", MESH)) is not None


GATEWAY_OUTSIDE = f"MeshGateway/{MESH}/edge"
SERVICE_OUTSIDE = f"MeshService/{MESH}/api"


def test_a_gateway_that_nobody_has_is_a_warning_and_the_route_is_written(engine: Engine):
    _, outs = engine.create(route(GATEWAY_OUTSIDE))
    (told,) = engine.told
    assert told.startswith(
        f'MeshHTTPRoute/{MESH}/r: spec.targetRef.name: there is no MeshGateway "edge" in the mesh {MESH}'
    )
    assert there()
    assert "__outside" not in outs


def test_what_the_program_declares_is_not_asked_for(engine: Engine):
    engine.create(route())
    assert engine.told == []
    assert engine.gate.listings() == {f"/meshes/{MESH}/meshhttproutes": 1}


@pytest.mark.parametrize("labels", [{}, {"kuma.io/display-name": "edge"}])
def test_a_gateway_that_is_there_under_either_of_its_names_is_no_warning(engine: Engine, labels: dict[str, str]):
    name = "edge-x" if labels else "edge"
    RUN.plane("default").control_plane.put(
        f"/meshes/{MESH}/meshgateways/{name}", {**GATEWAY, "name": name, "labels": labels}
    )
    engine.run()
    engine.create(route(GATEWAY_OUTSIDE))
    assert engine.told == []


def test_services_are_looked_for_only_where_they_were_listed_anyway(engine: Engine):
    engine.create(route(SERVICE_OUTSIDE))
    assert engine.told == []
    assert engine.gate.listings() == {f"/meshes/{MESH}/meshhttproutes": 1}
    engine.run()
    kind = KINDS["MeshService"]
    assert RUN.plane("default").find(kind, kind.address("api", MESH)) is None
    engine.create(route(SERVICE_OUTSIDE, labels={"a": "b"}))
    assert [told.partition(": there is")[0] for told in engine.told] == [
        f"MeshHTTPRoute/{MESH}/r: spec.to[0].rules[0].default.backendRefs[0].name"
    ]


def test_what_cannot_be_listed_is_not_missed(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    from pulumi_mesh.errors import Refused

    plane = RUN.plane("default")
    all_of = plane.snapshot.all

    def refuse(path: str, *, subject: str = "") -> Any:
        if path.endswith("meshgateways"):
            raise Refused("forbidden", status=403)
        return all_of(path, subject=subject)

    monkeypatch.setattr(plane.snapshot, "all", refuse)
    engine.create(route(GATEWAY_OUTSIDE))
    assert engine.told == []
    assert there()


def test_a_warning_is_silenced_by_the_stack(engine: Engine):
    RUN.configure(lambda key: "gateway-missing" if key == "mesh:ignore" else None)
    engine.create(route(GATEWAY_OUTSIDE))
    assert engine.told == []
