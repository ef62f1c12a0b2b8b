"""What requests come to: objects, writes, listings, tokens."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_mesh.controlplane.shapes import Served
from pulumi_mesh.errors import Refused, Unreachable

GATEWAY = "/meshes/shop/meshgateways/edge"
GATEWAYS = "/meshes/shop/meshgateways"


def paged(total, largest=1000, host="http://unreachable.example:1"):
    """A collection as Kuma pages it, whose `next` names a host that only the control plane knows."""
    items = [{"type": "MeshGateway", "mesh": "shop", "name": f"g-{n:05}"} for n in range(total)]

    def page(request):
        size, offset = int(request.query["size"]), int(request.query.get("offset", 0))
        if size > largest:
            reason = f"invalid page size of {size}. Maximum page size is {largest}"
            violations = [{"field": "size", "reason": reason}]
            title = "Could not retrieve resources"
            return {"type": "/std-errors", "title": title, "invalid_parameters": violations}, 400
        more = f"{host}/elsewhere?offset={offset + size}&size={size}" if offset + size < total else None
        return {"total": total, "items": items[offset : offset + size], "next": more}, 200

    return page


def test_the_index_says_who_answers_and_is_asked_for_once(server, plane):
    with ThreadPoolExecutor(8) as threads:
        seen = set(threads.map(lambda _: plane.index(), range(8)))

    (index,) = seen
    assert (index.product, index.version, index.cluster_id, index.instance_id) == ("Kuma", "2.14.3", "c-1", "i-1")
    assert (index.based_on, index.sandbox) == ("", False)
    assert len(server.requests) == 1


def test_the_index_of_the_sandbox_and_of_a_product_on_kuma_say_so(server, connect):
    server.on("GET /cp/", {"product": "Kong Mesh", "version": "2.13.0", "basedOnKuma": "2.13.1", "sandbox": True})

    index = connect(f"{server.url}/cp/").index()

    assert (index.based_on, index.sandbox, index.cluster_id) == ("2.13.1", True, "")


def test_the_types_that_are_served_are_asked_for_once(server, plane):
    resources = [
        {"name": "Mesh", "path": "meshes", "scope": "Global", "readOnly": False},
        {"name": "MeshGateway", "path": "meshgateways", "scope": "Mesh"},
        {"name": "ZoneInsight", "path": "zone-insights", "scope": "Global", "readOnly": True},
    ]
    server.on("GET /_resources", {"resources": resources})

    assert plane.resources() == plane.resources()
    assert plane.resources() == {
        "Mesh": Served("meshes", scoped=False, read_only=False),
        "MeshGateway": Served("meshgateways", scoped=True, read_only=False),
        "ZoneInsight": Served("zone-insights", scoped=False, read_only=True),
    }
    assert plane.counts == {"GET": 1}


def test_an_object_comes_as_it_is(server, plane):
    server.on(f"GET {GATEWAY}", {"name": "edge", "size": 1.5, "text": "größer"})

    assert plane.get(GATEWAY) == {"name": "edge", "size": 1.5, "text": "größer"}


def test_a_packed_answer_is_unpacked(server, plane):
    server.on(f"GET {GATEWAY}", {"name": "edge"}, headers={"Content-Encoding": "gzip"})

    assert plane.get(GATEWAY) == {"name": "edge"}
    assert "gzip" in server.requests[0].headers["Accept-Encoding"]


@pytest.mark.parametrize("title", ["Could not retrieve a resource", "Failed to retrieve Mesh"])
def test_an_object_that_is_not_there_is_none(server, plane, title):
    server.refuse(f"GET {GATEWAY}", 404, title, "Not found")

    assert plane.get(GATEWAY) is None


@pytest.mark.parametrize(
    "body",
    [
        {"message": "no Route matched with those values"},
        {
            "status": 404,
            "title": "Not Found",
            "instance": "kong:trace:1",
            "detail": "The requested resource was not found",
        },
        [],
    ],
)
def test_a_404_of_a_gateway_in_between_never_passes_for_a_missing_object(server, plane, body):
    server.on(f"GET {GATEWAY}", body, status=404).on(f"DELETE {GATEWAY}", body, status=404)
    server.on(f"GET {GATEWAYS}", body, status=404)

    for request in (lambda: plane.get(GATEWAY), lambda: plane.delete(GATEWAY), lambda: list(plane.list(GATEWAYS))):
        with pytest.raises(Refused, match="not an answer of a Kuma API"):
            request()


def test_a_write_says_whether_it_created_and_what_the_control_plane_warned_of(server, plane):
    server.on(f"PUT {GATEWAY}", {}, status=201)
    server.on(f"PUT {GATEWAY}", {"warnings": ["'from' field is deprecated, use 'rules' instead"]})

    first = plane.put(GATEWAY, {"type": "MeshGateway", "name": "größer"})
    second = plane.put(GATEWAY, {"type": "MeshGateway"})

    assert (first.created, first.warnings) == (True, ())
    assert (second.created, second.warnings) == (False, ("'from' field is deprecated, use 'rules' instead",))
    assert json.loads(server.requests[0].body) == {"type": "MeshGateway", "name": "größer"}
    assert server.requests[0].headers["Content-Type"] == "application/json"


def test_a_write_that_is_answered_without_a_body_is_a_write(server, plane):
    server.on(f"PUT {GATEWAY}", "", status=201)

    assert plane.put(GATEWAY, {}).created


def test_deleting_says_whether_there_was_something_to_delete(server, plane):
    server.on(f"DELETE {GATEWAY}", {})
    server.refuse(f"DELETE {GATEWAY}", 404, "Could not delete a resource", "Not found")
    server.refuse(f"DELETE {GATEWAY}", 404, "Failed to retrieve Mesh", "Not found")

    assert [plane.delete(GATEWAY) for _ in range(3)] == [True, False, False]


def test_a_token_comes_as_text(server, plane):
    server.on("POST /tokens/dataplane", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n", type="text/plain")

    assert plane.post("/tokens/dataplane", {"mesh": "shop"}) == "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"


def test_a_listing_of_2500_objects_takes_three_pages_and_only_the_offset_of_next(server, plane):
    server.on(f"GET {GATEWAYS}", paged(2500))

    names = [each["name"] for each in plane.list(GATEWAYS)]

    assert names == [f"g-{n:05}" for n in range(2500)]
    assert plane.counts == {"LIST": 3}
    assert [request.query.get("offset") for request in server.requests] == [None, "1000", "2000"]


def test_a_size_that_is_refused_halves_for_this_and_every_later_listing(server, plane):
    server.on(f"GET {GATEWAYS}", paged(300, largest=250))

    assert len(list(plane.list(GATEWAYS))) == 300
    assert [request.query["size"] for request in server.requests] == ["1000", "500", "250", "250"]

    assert len(list(plane.list(GATEWAYS))) == 300
    assert plane.counts == {"LIST": 6}


def test_an_object_that_two_pages_repeat_comes_once_and_one_of_another_mesh_is_another(server, plane):
    def items(*pairs):
        return [{"mesh": mesh, "name": name} for mesh, name in pairs]

    server.on("GET /meshgateways", {"items": items(("a", "x"), ("a", "y")), "next": "http://cp/?offset=2"})
    server.on("GET /meshgateways", {"items": items(("a", "y"), ("b", "x")), "next": None})

    assert [(each["mesh"], each["name"]) for each in plane.list("/meshgateways", size=2)] == [
        ("a", "x"),
        ("a", "y"),
        ("b", "x"),
    ]


def test_a_mesh_that_does_not_exist_has_empty_collections(server, plane):
    server.refuse(f"GET {GATEWAYS}", 404, "Failed to retrieve Mesh", "Not found")

    assert list(plane.list(GATEWAYS)) == []


def test_a_type_that_is_not_served_is_no_empty_collection(plane):
    plane.index()

    with pytest.raises(
        Refused, match=r"^Workload: Kuma 2\.14\.3 does not serve /meshes/shop/workloads \(404\)"
    ) as error:
        list(plane.list("/meshes/shop/workloads", subject="Workload"))
    assert error.value.status == 404


@pytest.mark.parametrize(
    "page",
    [
        {"items": [{"name": "x"}], "next": "http://cp/?offset=0"},
        {"items": [{"name": "x"}], "next": "http://cp/?page=2"},
        {"items": [], "next": "http://cp/?offset=1000"},
        {"items": ["x"], "next": None},
        {"total": 0},
    ],
)
def test_a_page_that_leads_nowhere_is_an_error_and_no_endless_loop(server, plane, page):
    server.on(f"GET {GATEWAYS}", page)

    with pytest.raises(Unreachable, match="gives a page of objects, and other JSON came"):
        list(plane.list(GATEWAYS))


def test_the_token_and_the_name_of_this_program_go_with_every_request(server, connect):
    server.on(f"PUT {GATEWAY}", {})
    plane = connect(server.url, token="s3cret-token")

    plane.index()
    plane.put(GATEWAY, {})

    assert {request.headers["Authorization"] for request in server.requests} == {"Bearer s3cret-token"}
    assert all(request.headers["User-Agent"].startswith("pulumi-mesh/") for request in server.requests)


def test_no_token_no_header(server, plane):
    plane.index()

    assert "Authorization" not in server.requests[0].headers


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(server, connect, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert connect(server.url).index().product == "Kuma"


def test_requests_of_many_threads_share_one_client(server, plane):
    server.on(f"GET {GATEWAY}", {"name": "edge"})
    start = threading.Barrier(30)

    def get(_):
        start.wait()
        return plane.get(GATEWAY)["name"]

    with ThreadPoolExecutor(30) as threads:
        assert set(threads.map(get, range(30))) == {"edge"}
    assert plane.counts == {"GET": 30}


def test_a_closed_control_plane_opens_again(server, plane):
    plane.index()
    plane.close()
    server.on(f"GET {GATEWAY}", {"name": "edge"})

    assert plane.get(GATEWAY) == {"name": "edge"}


def test_httpx_is_not_loaded_before_the_first_request():
    program = (
        "import sys; from pulumi_mesh.controlplane import *; Snapshot(ControlPlane(Connection('default', 'http://x')));"
        "sys.exit('httpx' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
