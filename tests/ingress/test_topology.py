"""What stands where: gateways, proxies, listeners, routes, and who refers to whom."""

import itertools

from pulumi_mesh.ingress.topology import Topology, services
from tests.ingress.written import dataplane, document, documents, gateway

CONSUMER = """
type: Dataplane
mesh: other
name: web-1
networking:
  address: 10.0.0.9
  inbound: [{port: 80, tags: {kuma.io/service: web}}]
  outbound:
    - {port: 8080, tags: {kuma.io/service: edge, kuma.io/mesh: shop}}
    - {port: 9090, tags: {kuma.io/service: edge, kuma.io/mesh: shop}}
    - {port: 7070, tags: {kuma.io/service: elsewhere}}
"""


def only(*given, name="edge"):
    """The gateway of the mesh."""
    return Topology(given).meshes["shop"].gateways[name]


def test_a_listener_has_the_tags_of_dataplane_gateway_and_its_own_the_latter_winning():
    edge = only(
        dataplane(zone="a", port="dp", level="dp"),
        gateway(tags={"port": "gw", "level": "gw"}, listeners=[(80, "HTTP", "", {"port": "own"})]),
    )
    assert dict(edge.listeners[0].tags) == {"kuma.io/service": "edge", "zone": "a", "level": "gw", "port": "own"}
    assert edge.listeners[0].variants == ()


def test_tags_in_which_dataplanes_differ_are_tried_on_each():
    topology = Topology([dataplane("one", zone="a"), dataplane("two", zone="b"), gateway(listeners=[(80,)])])
    listener = topology.meshes["shop"].gateways["edge"].listeners[0]
    assert dict(listener.tags) == {"kuma.io/service": "edge"}
    assert [listener.selected({"zone": value}) for value in "abc"] == [True, True, False]


def test_the_gateway_with_the_most_tags_in_a_matching_selector_serves_a_dataplane():
    wide = gateway("wide", listeners=[(80,)])
    narrow = gateway("narrow", selector={"kuma.io/service": "edge", "zone": "a"}, listeners=[(80,)])
    mesh = Topology([wide, narrow, dataplane(zone="a"), dataplane("edge-2", zone="b")]).meshes["shop"]
    assert [proxy.address.name for proxy in mesh.gateways["narrow"].proxies] == ["edge-1"]
    assert [proxy.address.name for proxy in mesh.gateways["wide"].proxies] == ["edge-2"]
    assert not mesh.gateways["wide"].rivals


def test_a_star_in_a_selector_counts_less_than_a_value():
    star = gateway("a-star", selector={"kuma.io/service": "edge", "zone": "*"}, listeners=[(80,)])
    exact = gateway("exact", selector={"kuma.io/service": "edge", "zone": "a"}, listeners=[(80,)])
    mesh = Topology([star, exact, dataplane(zone="a")]).meshes["shop"]
    assert mesh.gateways["exact"].served
    assert not mesh.gateways["a-star"].served


def test_gateways_that_select_a_dataplane_by_as_many_tags_know_each_other():
    mesh = Topology([gateway("one"), gateway("two"), dataplane()]).meshes["shop"]
    assert [str(rival) for rival in mesh.gateways["one"].rivals] == ["MeshGateway/shop/two"]
    assert [str(rival) for rival in mesh.gateways["two"].rivals] == ["MeshGateway/shop/one"]
    assert [gateway.served for gateway in mesh.gateways.values()] == [True, False]


def test_without_any_builtin_dataplane_one_with_the_tags_of_the_selector_is_assumed():
    edge = only(gateway(tags={"a": "b"}, listeners=[(80, "HTTP", "", {"port": "x"})]))
    assert (edge.assumed, edge.served) == (True, True)
    assert dict(edge.listeners[0].tags) == {"kuma.io/service": "edge", "a": "b", "port": "x"}


def test_a_gateway_that_selects_none_of_the_builtin_dataplanes_is_not_served():
    edge = only(gateway(selector={"kuma.io/service": "edgy"}, listeners=[(80,)]), dataplane())
    assert (edge.assumed, edge.served) == (False, False)


def test_a_delegated_gateway_serves_no_mesh_gateway():
    mesh = Topology([gateway(listeners=[(80,)]), dataplane(type_=None), dataplane("b", type_="DELEGATED")]).meshes[
        "shop"
    ]
    assert [proxy.address.name for proxy in mesh.delegated] == ["b", "edge-1"]
    assert mesh.gateways["edge"].proxies == ()


def test_routes_are_attached_by_gateway_tags_and_protocol():
    http = (80, "HTTP", "", {"port": "http"})
    topology = Topology(
        [
            gateway(listeners=[http, (81, "TCP")]),
            ref("all"),
            ref("tagged", tags={"port": "http"}),
            ref("missing", tags={"port": "none"}),
            ref("elsewhere", gateway="other"),
            ref("connections", type_="MeshTCPRoute"),
        ]
    )
    mesh = topology.meshes["shop"]
    first, second = mesh.gateways["edge"].listeners
    assert [route.address.name for route in mesh.attached(first)] == ["all", "tagged"]
    assert [route.address.name for route in mesh.attached(second)] == ["connections"]


def ref(name, type_="MeshHTTPRoute", **target):
    """Make a route for a gateway."""
    own = target.pop("gateway", "edge")
    return document(type=type_, name=name, spec={"targetRef": {"kind": "MeshGateway", "name": own, **target}, "to": []})


def test_routes_by_tags_are_attached_by_the_service_of_the_gateway():
    old = "type: MeshGatewayRoute\nname: {0}\nselectors: [{{match: {1}}}]\nconf: {{http: {{rules: []}}}}\n"
    mine = old.format("mine", "{kuma.io/service: edge, port: http}")
    other = old.format("other", "{kuma.io/service: edgy}")
    mesh = Topology([gateway(listeners=[(80, "HTTP", "", {"port": "http"})]), *documents(mine, other)]).meshes["shop"]
    assert [one.address.name for one in mesh.attached(mesh.gateways["edge"].listeners[0])] == ["mine"]


def test_a_route_of_the_whole_mesh_is_for_its_gateways_too_unless_it_is_for_sidecars():
    def whole(name, **more):
        return document(type="MeshHTTPRoute", name=name, spec={"targetRef": {"kind": "Mesh", **more}, "to": []})

    given = [whole("a"), whole("b", proxyTypes=["Sidecar"]), whole("c", proxyTypes=["Gateway"])]
    mesh = Topology([gateway(listeners=[(80,)]), *given]).meshes["shop"]
    assert [one.address.name for one in mesh.attached(mesh.gateways["edge"].listeners[0])] == ["a", "c"]


def test_backends_are_those_of_every_rule_and_mirror():
    text = """
type: MeshHTTPRoute
name: r
spec:
  targetRef: {kind: MeshGateway, name: edge}
  to:
    - targetRef: {kind: Mesh}
      rules:
        - matches: [{path: {type: PathPrefix, value: /}}]
          default:
            backendRefs: [{kind: MeshService, name: api, port: 80, weight: 9}]
            filters: [{type: RequestMirror, requestMirror: {backendRef: {kind: MeshServiceSubset, name: copy}}}]
"""
    first, copy = Topology(documents(text)).meshes["shop"].routes[0].backends
    assert (first.label, first.weight, first.mirror) == ("MeshService api :80", 9, False)
    assert first.path == "spec.to[0].rules[0].default.backendRefs[0]"
    assert (copy.label, copy.mirror) == ("MeshServiceSubset copy", True)


def test_an_outbound_on_any_port_reaches_what_crosses_meshes_and_has_the_tags_that_it_asks_for():
    crossing = {"type": "MeshGateway", "name": "edge", "selectors": [{"match": {"kuma.io/service": "edge"}}]}
    listeners = [
        {"port": 8080, "protocol": "HTTP"},
        {"port": 8081, "protocol": "HTTP", "crossMesh": True},
        {"port": 8082, "protocol": "HTTP", "crossMesh": True, "tags": {"level": "2"}},
    ]
    asking = CONSUMER.replace("9090, tags: {", "9090, tags: {level: '2', ") + (
        "    - {port: 9091, tags: {level: '3', kuma.io/service: edge, kuma.io/mesh: shop}}\n"
    )
    gateway = document(**crossing, conf={"listeners": listeners})
    topology = Topology([gateway, dataplane(), *documents(asking)])
    ways = [(way.outbound.port, way.listener.label if way.listener else None) for way in topology.crossings]
    assert ways == [(8080, "8081 HTTP *"), (9090, "8082 HTTP *"), (9091, None)]
    assert topology.crossings[0].gateway.listeners[1].url == "http://internal.edge.shop.mesh:8081"
    closed = document(**crossing, conf={"listeners": listeners[:1]})
    assert [way.listener for way in Topology([closed, *documents(CONSUMER)]).crossings] == [None, None]


def test_a_listener_with_one_host_has_a_url():
    edge = only(
        gateway(listeners=[(443, "HTTPS", "a.example"), (8080, "HTTP", "*.example"), (80, "HTTP", "b.example")])
    )
    assert [listener.url for listener in edge.listeners] == ["https://a.example", "", "http://b.example"]
    assert services(edge) == {"edge"}


def test_the_order_of_documents_means_nothing():
    given = [
        gateway("one", listeners=[(80,)]),
        gateway("two", listeners=[(81,)]),
        dataplane(),
        ref("a"),
        ref("b", gateway="two"),
    ]
    seen = {repr(Topology(order).meshes) for order in itertools.permutations(given)}
    assert len(seen) == 1


def test_what_is_not_known_yet_is_absent_and_not_an_error():
    edge = document(
        type="MeshGateway", name="edge", selectors=[{"match": {"kuma.io/service": None}}], conf={"listeners": [{}]}
    )
    bare = document(type="Dataplane", name="d", networking={"gateway": None})
    topology = Topology(
        [edge, bare, document(type="MeshHTTPRoute", name="r", spec={}), document(type="Secret", name="s")]
    )
    assert topology.meshes["shop"].gateways["edge"].listeners[0].label == "? ? *"
    assert list(topology.meshes["shop"].secrets) == ["s"]


def test_a_zone_that_dataplanes_do_not_say_is_the_one_that_is_meant():
    asking = gateway(selector={"kuma.io/service": "edge", "kuma.io/zone": "east"}, listeners=[(80,)])
    assert only(asking, dataplane()).served
    assert only(asking, dataplane(**{"kuma.io/zone": "east"})).served
    assert not only(asking, dataplane(**{"kuma.io/zone": "west"})).served


def test_a_shadow_route_is_attached_to_nothing():
    said = {"targetRef": {"kind": "MeshGateway", "name": "edge"}, "to": []}
    shadow = document(type="MeshHTTPRoute", name="r", labels={"kuma.io/effect": "shadow"}, spec=said)
    mesh = Topology([gateway(listeners=[(80,)]), shadow]).meshes["shop"]
    assert mesh.attached(mesh.gateways["edge"].listeners[0]) == []
