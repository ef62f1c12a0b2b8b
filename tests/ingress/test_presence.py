"""Backends that are not among what was read are said, where others of their sort are."""

from tests.ingress.told import route, table
from tests.ingress.written import document

API = document(
    type="MeshService", name="api", spec={"selector": {"dataplaneTags": {}}, "ports": [{"port": 80, "targetPort": 80}]}
)
WEB = document(
    type="Dataplane",
    name="web-1",
    networking={"address": "10.0.0.2", "inbound": [{"port": 80, "tags": {"kuma.io/service": "web"}}]},
)


def notes(backend, *documents, kuma="2.14"):
    return table(route("r", f"/ -> {backend}"), *documents, kuma=kuma).explain("http://h:8080/").notes


def test_an_object_that_is_not_there_is_said_with_what_then_happens():
    (note,) = notes("apy:80", API)
    assert (
        note
        == "MeshService apy :80 is not among what was read; if the control plane has none, 500 is answered in its place"
    )
    assert "proxies refuse all routes of the port" in notes("apy:80", API, kuma="2.10")[0]
    assert notes("api:81", API), "a port that it does not have"


def test_what_is_there_is_not_said():
    assert notes("api:80", API) == ()
    assert notes("web", WEB) == ()
    assert notes("api", API, WEB) == (), "a MeshService by name alone"


def test_a_service_that_no_proxy_offers_is_said():
    (note,) = notes("wep", WEB)
    assert "kuma.io/service=wep" in note


def test_nothing_is_said_where_nothing_of_the_sort_was_read():
    assert notes("api:80") == ()
    assert notes("web") == ()


def test_before_2_14_an_object_that_is_certainly_not_there_costs_the_port_its_routes():
    mesh = document(type="Mesh", name="shop")
    made = table(route("r", "/ -> api:81", "/other -> web"), API, mesh, kuma="2.10")
    found = made.explain("http://h:8080/other")
    assert found.outcome == "not_found"
    assert any("MeshService api :81 does not exist" in reason for reason in found.reasons)
    assert table(route("r", "/ -> api:81"), API, mesh, kuma="2.14").explain("http://h:8080/").outcome == "backend"
    making = document(type="Mesh", name="shop", meshServices={"mode": "Everywhere"})
    assert table(route("r", "/ -> api:81"), API, making, kuma="2.10").explain("http://h:8080/").outcome == "backend"
