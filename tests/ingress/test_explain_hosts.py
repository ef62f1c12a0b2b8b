"""Which listener and which host: hostnames of listeners and rules, TLS, what falls through and what does not."""

import pytest

from tests.ingress.told import asked, route, table, to
from tests.ingress.written import dataplane, document, gateway, listener

EVERY = (8080,)
FOO = (8080, "HTTP", "foo.example.com", {"site": "foo"})
WILD = (8080, "HTTP", "*.example.com", {"site": "wild"})
REST = (8080, "HTTP", "", {"site": "rest"})
ALL = route("all", "/ -> all")
HOSTS = [
    # listeners, routes, the request, what takes it, and why
    ([EVERY], [ALL], "anything.org:8080/", "all", "a listener without hostname is for every host"),
    ([FOO], [ALL], "foo.example.com:8080/", "all", "the hostname of the listener"),
    ([FOO], [ALL], "FOO.Example.COM:8080/", "all", "in any case"),
    ([FOO], [ALL], "bar.example.com:8080/", "404", "another host finds nothing"),
    ([FOO], [ALL], "foo.example.com.:8080/", "404", "a dot at the end is another host"),
    ([WILD], [ALL], "a.b.example.com:8080/", "all", "a wildcard is for any depth"),
    ([WILD], [ALL], "example.com:8080/", "404", "but not for the domain itself"),
    ([FOO], [ALL], "1.2.3.4:8080/ host:foo.example.com", "all", "Host decides, not where the connection goes"),
    ([FOO], [ALL], "1.2.3.4:8080/ host:foo.example.com:99", "all", "and its port is ignored"),
    (
        [FOO, WILD],
        [route("f", "/ -> foo", site="foo"), route("w", "/ -> wild", site="wild")],
        "foo.example.com:8080/",
        "foo",
        "the exact listener before the wildcard",
    ),
    (
        [FOO, WILD],
        [route("f", "/ -> foo", site="foo"), route("w", "/ -> wild", site="wild")],
        "bar.example.com:8080/",
        "wild",
        "the wildcard for the others",
    ),
    (
        [FOO, WILD],
        [route("f", "/f -> foo", site="foo"), route("w", "/ -> wild", site="wild")],
        "foo.example.com:8080/x",
        "404",
        "a listener with rules does not fall through",
    ),
    (
        [FOO, WILD],
        [route("w", "/ -> wild", site="wild")],
        "foo.example.com:8080/",
        "wild",
        "one without rules is as if it were not there",
    ),
    (
        [FOO, REST],
        [route("w", "/ -> rest", site="rest")],
        "foo.example.com:8080/",
        "rest",
        "down to the listener for every host",
    ),
    (
        [FOO, WILD],
        [route("w", to("/ -> wild", hosts=["bar.example.com"]), site="wild")],
        "foo.example.com:8080/",
        "404",
        "but no further than where rules are for it",
    ),
    (
        [EVERY],
        [route("r", to("/ -> bar", hosts=["bar.com"]), "/ -> any")],
        "bar.com:8080/",
        "bar",
        "with equal matches the more exact hostname wins",
    ),
    (
        [EVERY],
        [route("r", to("/ -> bar", hosts=["bar.com"]), "/ -> any")],
        "baz.com:8080/",
        "any",
        "and the others keep the general rule",
    ),
    (
        [EVERY],
        [route("r", to("/a -> bar", hosts=["bar.com"]), "/b -> any")],
        "bar.com:8080/b",
        "any",
        "general rules stay reachable on a specific host",
    ),
    ([EVERY], [route("r", to("/a -> bar", hosts=["bar.com"]))], "baz.com:8080/a", "404", "a host that no rule is for"),
    (
        [EVERY],
        [route("r", to("/a -> w", hosts=["*.x.com"]), to("/b -> s", hosts=["s.x.com"]))],
        "s.x.com:8080/a",
        "w",
        "rules of every hostname that covers the host are in its table",
    ),
    (
        [EVERY],
        [route("r", to("/a -> w", hosts=["*.x.com"]), to("/a -> s", hosts=["s.x.com"]))],
        "s.x.com:8080/a",
        "s",
        "the name before the wildcard",
    ),
    (
        [EVERY],
        [route("r", to("/a -> w", hosts=["*.x.com"]), to("/a -> d", hosts=["*.d.x.com"]))],
        "q.d.x.com:8080/a",
        "d",
        "the longer wildcard before the shorter",
    ),
    (
        [WILD],
        [route("r", to("/ -> wide", hosts=["*.com"]))],
        "q.example.com:8080/",
        "wide",
        "a rule for more than the listener is for all of the listener",
    ),
    (
        [WILD],
        [route("r", to("/ -> org", hosts=["*.org"]), "/x -> x")],
        "q.example.com:8080/",
        "404",
        "a rule for other hosts is not",
    ),
    (
        [FOO, WILD],
        [
            route("f", to("/ -> foo", hosts=["foo.example.com"]), site="foo"),
            route("w", to("/w -> wild", hosts=["foo.example.com"]), "/w -> any", site="wild"),
        ],
        "foo.example.com:8080/w",
        "foo",
        "a host within a more exact listener belongs to that one",
    ),
    (
        [REST, WILD],
        [route("w", to("/ -> org", hosts=["a.org"]), site="wild"), route("r", "/ -> rest", site="rest")],
        "x.example.com:8080/",
        "rest",
        "rules whose hostnames do not meet their listener leave it to the wider one",
    ),
    (
        [REST, WILD],
        [
            route("w", to("/ -> org", hosts=["a.org"]), site="wild"),
            route("r", to("/ -> x", hosts=["x.example.com"]), "/ -> rest", site="rest"),
        ],
        "x.example.com:8080/",
        "rest",
        "which has no virtual host for a name within it",
    ),
    (
        [(8080, "HTTP", "", {"a": "1", "b": "2"})],
        [route("r", "/ -> r", a="1", b="2")],
        "h:8080/",
        "r",
        "all tags that are asked for must be there",
    ),
    (
        [(8080, "HTTP", "", {"a": "1"}), (8081, "HTTP", "", {"a": "2"})],
        [route("r", "/ -> one", a="1"), route("s", "/ -> two", a="2")],
        "h:8081/",
        "two",
        "tags tell ports apart",
    ),
]


@pytest.mark.parametrize(("listeners", "routes", "request_", "expected", "why"), HOSTS, ids=[case[4] for case in HOSTS])
def test_listeners_and_rules_are_chosen_by_host(listeners, routes, request_, expected, why):
    assert asked(table(*routes, listeners=listeners), request_) == expected, why


def secure(host="", **tags):
    return (8443, "HTTPS", host, tags)


SECURE = [
    (
        [secure("foo.example.com"), secure("*.example.com", site="w")],
        [route("w", "/ -> wild", site="w"), route("f", "/f -> both")],
        "https://foo.example.com:8443/f",
        "both",
        "the server name picks the listener",
    ),
    (
        [secure("foo.example.com", site="f"), secure("bar.example.com", site="b")],
        [route("f", "/ -> foo", site="f"), route("b", "/ -> bar", site="b")],
        "https://foo.example.com:8443/ host:bar.example.com",
        "404",
        "Host of another listener finds nothing",
    ),
    ([secure("foo.example.com")], [ALL], "https://bar.example.com:8443/", "closed", "no listener for the server name"),
    ([secure("foo.example.com")], [ALL], "https://10.0.0.1:8443/", "closed", "an address is no server name"),
    ([secure()], [ALL], "https://10.0.0.1:8443/", "all", "which a listener for every host does not need"),
    (
        [secure("foo.example.com", site="f"), secure("*.example.com", site="w")],
        [route("w", "/ -> wild", site="w")],
        "https://foo.example.com:8443/",
        "wild",
        "a listener without rules leaves the name to the wider one",
    ),
    (
        [secure("foo.example.com", site="f"), secure("bar.org", site="b")],
        [route("b", "/ -> bar", site="b")],
        "https://foo.example.com:8443/",
        "closed",
        "and where there is none the connection is closed",
    ),
    ([secure("foo.example.com")], [ALL], "http://foo.example.com:8443/", "closed", "without TLS it is closed, too"),
    ([EVERY], [ALL], "https://foo.example.com:8080/", "closed", "and so is TLS where plain HTTP is spoken"),
    (
        [secure("*.example.com")],
        [route("r", to("/ -> foo", hosts=["foo.example.com"]), "/ -> any")],
        "https://q.example.com:8443/ host:foo.example.com",
        "foo",
        "within one listener Host picks freely",
    ),
]


@pytest.mark.parametrize(
    ("listeners", "routes", "request_", "expected", "why"), SECURE, ids=[case[4] for case in SECURE]
)
def test_tls_picks_the_listener_and_host_picks_within_it(listeners, routes, request_, expected, why):
    assert asked(table(*routes, listeners=listeners), request_) == expected, why


def test_a_port_that_nothing_listens_on_is_said_with_those_that_are_there():
    found = table(ALL, listeners=[EVERY, secure("a.example")]).explain("http://a.example:9999/")
    assert found.outcome == "no_listener"
    assert found.reasons == [
        "nothing listens on 9999",
        "MeshGateway/shop/edge listens on 8080 HTTP *, 8443 HTTPS a.example",
    ]


def test_a_url_without_port_means_the_listener_of_its_scheme_where_the_standard_port_is_not_there():
    made = table(ALL, listeners=[EVERY, secure("a.example")])
    found = made.explain("https://a.example/v1")
    assert (found.backend, found.listener.port) == ("all", 8443)
    assert "the URL names no port, and nothing listens on 443: taken to mean 8443" in found.reasons
    assert made.explain("https://a.example:443/v1").outcome == "no_listener"
    assert table(ALL, listeners=[(80,), EVERY]).explain("http://a.example/").listener.port == 80


def test_a_gateway_that_no_dataplane_serves_listens_on_nothing():
    made = table(dataplane(**{"kuma.io/service": "other"}), ALL)
    found = made.explain("http://a:8080/")
    assert found.outcome == "no_listener"
    assert "selects no builtin Dataplane" in found.reasons[0]


def test_of_several_gateways_the_one_that_leads_furthest_answers_unless_one_is_named():
    other = gateway("other", selector={"kuma.io/service": "other"}, listeners=[(8080, "HTTP", "b.example")])
    mine = route("mine", "/ -> other", target={"kind": "MeshGateway", "name": "other"})
    made = table(other, mine, route("r", "/r -> edge"))
    found = made.explain("http://b.example:8080/x")
    assert (found.backend, found.listener.gateway.name) == ("other", "other")
    assert any("MeshGateway/shop/edge listens on that port, too" in reason for reason in found.reasons)
    assert made.explain("http://b.example:8080/x", gateway="edge").outcome == "not_found"


def test_gateways_that_select_a_dataplane_alike_are_named():
    made = table(dataplane(), ALL, gateway("twin", listeners=[(8080,)]))
    assert any("created last" in reason for reason in made.explain("http://a:8080/").reasons)


def test_a_listener_that_crosses_meshes_takes_plain_http_of_proxies_alone():
    crossing = {"selectors": [{"match": {"kuma.io/service": "edge"}}]}
    conf = {"listeners": [listener(8080, crossMesh=True)]}
    edge = document(type="MeshGateway", name="edge", **crossing, conf=conf)
    from pulumi_mesh.testing import RouteTable

    made = RouteTable([edge, ALL])
    assert asked(made, "internal.edge.shop.mesh:8080/") == "all"
    assert "only outbounds of proxies reach it, of this mesh and of others" in made.explain("http://x:8080/").reasons
    assert asked(made, "https://internal.edge.shop.mesh:8080/") == "closed"
    plain = document(type="Mesh", name="shop")
    assert asked(RouteTable([edge, ALL, plain]), "internal.edge.shop.mesh:8080/") == "closed", (
        "without mTLS nothing can be built"
    )


def test_reasons_name_the_listener_that_is_passed_over():
    made = table(route("w", "/ -> wild", site="wild"), listeners=[FOO, WILD])
    reasons = made.explain("http://foo.example.com:8080/").reasons
    assert "the listener 8080 HTTP foo.example.com has no rules of its own, and is as if it were not there" in reasons
