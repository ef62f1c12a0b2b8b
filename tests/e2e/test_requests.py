"""How often we ask: counted at the door of the control plane."""

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

ROUTES = """
for index in range(%s):
    mesh.MeshHTTPRoute(
        f"route-{index}",
        mesh=SHOP,
        target_ref={"kind": "MeshGateway", "name": "edge"},
        to=[{"target_ref": {"kind": "Mesh"}, "rules": [{
            "matches": [{"path": {"type": "PathPrefix", "value": f"/{index}"}}],
            "default": {"backend_refs": [{"kind": "MeshService", "name": "api", "port": 8080, "weight": %s}]},
        }]}],
    )
"""


def test_a_preview_asks_nothing_and_a_change_is_one_put_and_one_get_beside_one_listing_per_kind_and_mesh(
    stack: Stack, gate: Gate, shop: str
):
    at = {f"/meshes/{shop}/meshhttproutes": 1, f"/meshes/{shop}/meshgateways": 1}
    program = "gateway()" + ROUTES
    stack.preview(program % (12, 1))
    assert gate.requests == []
    stack.up()
    assert gate.counts() == {"PUT": 13, "GET": 13, "LIST": 2}
    assert gate.listings() == at
    gate.forget()
    stack.preview(None, "--expect-no-changes")
    stack.up()
    assert gate.requests == []
    stack.refresh()
    assert gate.counts() == {"LIST": 2}
    assert gate.listings() == at
    gate.forget()
    stack.up(program % (12, 2))
    assert gate.counts() == {"PUT": 12, "GET": 12, "LIST": 1}
    gate.forget()
    stack.destroy()
    assert gate.counts() == {"DELETE": 13, "LIST": 2}  # whose they are by now


def test_a_hundred_routes_come_and_go_in_one_stack(stack: Stack, plane: Plane, gate: Gate, shop: str):
    made = stack.up(ROUTES % (100, 1))
    assert len(made.ops) == 100
    assert gate.counts() == {"PUT": 100, "GET": 100, "LIST": 2}  # and the gateways: theirs is not declared here
    assert len(plane.names(f"/meshes/{shop}/meshhttproutes")) == 100
    gate.forget()
    stack.settled()
    assert gate.counts() == {"LIST": 1}
    stack.destroy()
    assert plane.names(f"/meshes/{shop}/meshhttproutes") == []
