"""Which kind of route counts: MeshHTTPRoute before MeshGatewayRoute, routes for connections, routes for sidecars."""

import pytest

from pulumi_mesh.testing import RouteTable
from tests.ingress.told import asked, route, table, to
from tests.ingress.written import document, gateway


def old(name, rules, hosts=(), **tags):
    """Make a MeshGatewayRoute; a rule is `PREFIX -> BACKEND`."""
    said = []
    for rule in rules:
        path, _, names = rule.partition(" -> ")
        kind = {"=": "EXACT", "~": "REGEX"}.get(path[0], "PREFIX")
        found = [one.strip().partition("@") for one in names.split(",")]
        weighed = [{"destination": {"kuma.io/service": one}} | ({"weight": int(w)} if w else {}) for one, _, w in found]
        said.append({"matches": [{"path": {"match": kind, "value": path.lstrip("=~")}}], "backends": weighed})
    http = {"rules": said} | ({"hostnames": list(hosts)} if hosts else {})
    return document(
        type="MeshGatewayRoute",
        name=name,
        selectors=[{"match": {"kuma.io/service": "edge", **tags}}],
        conf={"http": http},
    )


def tcp(name, backends, target=None, **tags):
    """Make a MeshTCPRoute."""
    refs = []
    for one in backends.split(","):
        service, _, weight = one.strip().partition("@")
        refs.append({"kind": "MeshService", "name": service} | ({"weight": int(weight)} if weight else {}))
    ref = target or {"kind": "MeshGateway", "name": "edge"} | ({"tags": tags} if tags else {})
    rules = [{"default": {"backendRefs": refs}}]
    return document(
        type="MeshTCPRoute", name=name, spec={"targetRef": ref, "to": [{"targetRef": {"kind": "Mesh"}, "rules": rules}]}
    )


def old_tcp(name, *backends):
    """Make a MeshGatewayRoute for connections."""
    said = [one.partition("@") for one in backends]
    rules = [{"backends": [{"destination": {"kuma.io/service": one}, "weight": int(w or 1)}]} for one, _, w in said]
    return document(
        type="MeshGatewayRoute",
        name=name,
        selectors=[{"match": {"kuma.io/service": "edge"}}],
        conf={"tcp": {"rules": rules}},
    )


OLD = [
    ([old("r", ["/ -> old"])], "h:8080/x", "old", "a MeshGatewayRoute"),
    (
        [old("r", ["/ -> old"]), route("new", "/n -> new")],
        "h:8080/x",
        "404",
        "does nothing as soon as a MeshHTTPRoute is attached",
    ),
    (
        [old("r", ["/ -> old"]), route("new", "/n -> new", target={"kind": "MeshGateway", "name": "other"})],
        "h:8080/x",
        "old",
        "but not for one of another gateway",
    ),
    ([old("r", ["/ -> old"]), tcp("t", "db")], "h:8080/x", "old", "nor for a route of connections"),
    ([old("r", ["/ -> old"], k="v")], "h:8080/x", "404", "its selector has tags that the listener must have"),
    ([old("r", ["/p/ -> old"])], "h:8080/p", "old", "a prefix with a slash is one without"),
    ([old("r", ["/ -> root", "/p -> p", "=/p -> exact"])], "h:8080/p", "exact", "the order is that of the newer kind"),
    ([old("r", ["~/x.* -> re", "/ -> root"])], "h:8080/xy", "root", "prefixes before expressions"),
    ([old("r", ["/ -> a@3, b@1"])], "h:8080/", "a 0.75, b 0.25", "weights"),
    ([old("r", ["/ -> a"])], "h:8080/", "a", "a single backend needs none"),
    (
        [old("a", ["/ -> any"]), old("b", ["/ -> foo"], hosts=["foo.example"])],
        "foo.example:8080/",
        "foo",
        "a named host has a table of its own",
    ),
    (
        [old("a", ["/x -> any"]), old("b", ["/ -> foo"], hosts=["foo.example"])],
        "foo.example:8080/x",
        "foo",
        "without the routes for every host",
    ),
    (
        [old("a", ["/ -> any"]), old("b", ["/ -> foo"], hosts=["foo.example"])],
        "bar.example:8080/",
        "any",
        "which the others have",
    ),
]


@pytest.mark.parametrize(("routes", "request_", "expected", "why"), OLD, ids=[case[3] for case in OLD])
def test_the_older_routes_of_gateways(routes, request_, expected, why):
    assert asked(table(*routes), request_) == expected, why


def test_an_older_route_for_a_host_within_a_wildcard_listener_answers_for_all_of_it():
    made = table(old("r", ["/ -> foo"], hosts=["foo.example.com"]), listeners=[(8080, "HTTP", "*.example.com")])
    assert asked(made, "bar.example.com:8080/") == "foo"


def test_equal_matches_of_older_routes_are_undefined():
    made = table(old("a", ["/q -> a"]), old("b", ["/q -> b"]))
    found = made.explain("http://h:8080/q")
    assert not found.certain
    assert any("undefined" in reason for reason in found.reasons)


def test_older_routes_name_their_backends_as_backend_refs_would():
    found = table(old("r", ["/ -> api"])).explain("http://h:8080/")
    assert [(one.kind, one.name, one.port) for one in found.backends] == [("MeshService", "api", None)]
    assert (found.route.type, found.route.path) == ("MeshGatewayRoute", "conf.http.rules[0]")


def test_older_filters_do_what_the_newer_do():
    rules = [
        {
            "matches": [{"path": {"match": "PREFIX", "value": "/a"}}],
            "filters": [
                {"rewrite": {"replacePrefixMatch": "/b"}},
                {"requestHeader": {"set": [{"name": "X", "value": "1"}]}},
            ],
            "backends": [{"destination": {"kuma.io/service": "api"}}],
        },
        {
            "matches": [{"path": {"value": "/old"}, "method": "GET", "headers": [{"name": "X", "value": "1"}]}],
            "filters": [{"redirect": {"hostname": "n.example", "statusCode": 301}}],
        },
    ]
    selectors = [{"match": {"kuma.io/service": "edge"}}]
    made = table(document(type="MeshGatewayRoute", name="r", selectors=selectors, conf={"http": {"rules": rules}}))
    found = made.explain("http://h:8080/a/x")
    assert (found.upstream.path, found.upstream.headers) == ("/b/x", {"x": "1"})
    assert asked(made, "h:8080/old x:1") == "301 http://n.example:8080/old"


TCP, TLS = (
    (9000, "TCP"),
    (
        9001,
        "TLS",
        "a.example",
        {"which": "a"},
    ),
)
CONNECTIONS = [
    ([TCP], [tcp("t", "db@9, replica@1")], "tcp://h:9000", "db 0.9, replica 0.1", "a route of connections"),
    ([TCP], [tcp("t", "db")], "https://h:9000", "db", "takes whatever is spoken"),
    (
        [TCP],
        [tcp("t", "db@1, db@3, replica@4")],
        "tcp://h:9000",
        "db 0.5, replica 0.5",
        "a backend that is there twice has both weights",
    ),
    ([TCP], [old_tcp("o", "old@0")], "tcp://h:9000", "old", "a single older backend needs no weight"),
    (
        [TCP],
        [old_tcp("o", "one@0", "two")],
        "tcp://h:9000",
        "closed",
        "of several each needs one, or the listener is refused",
    ),
    ([TCP], [], "tcp://h:9000", "404", "without route they are closed after they were opened"),
    ([TCP], [tcp("a", "a"), tcp("b", "b")], "tcp://h:9000", "b", "of two routes the greater name prevails"),
    ([TCP], [route("r", "/ -> http")], "tcp://h:9000", "404", "a route of requests does nothing there"),
    ([(8080,)], [tcp("t", "db")], "http://h:8080/", "404", "nor the other way round"),
    (
        [(8080,)],
        [route("r", "/ -> api")],
        "tcp://h:8080",
        "closed",
        "a port that speaks HTTP takes no mere connections",
    ),
    ([TCP], [old_tcp("o", "old")], "tcp://h:9000", "old", "an older route of connections"),
    ([TCP], [old_tcp("o", "one", "two")], "tcp://h:9000", "one 0.5, two 0.5", "whose rules are taken together"),
    ([TCP], [old_tcp("o", "old"), tcp("t", "db")], "tcp://h:9000", "db", "does nothing beside a newer one"),
    (
        [TCP, (8080,)],
        [old_tcp("o", "old"), route("r", "/ -> api")],
        "tcp://h:9000",
        "old",
        "but a route of requests does not touch it",
    ),
]


@pytest.mark.parametrize(
    ("listeners", "routes", "request_", "expected", "why"), CONNECTIONS, ids=[case[4] for case in CONNECTIONS]
)
def test_connections_go_where_routes_of_connections_say(listeners, routes, request_, expected, why):
    assert asked(table(*routes, listeners=listeners), request_) == expected, why


def passthrough(*hosts):
    """Make a gateway that passes TLS through, by hosts and tags."""
    listeners = [
        {"port": 9001, "protocol": "TLS", "hostname": host, "tags": {"which": tag}, "tls": {"mode": "PASSTHROUGH"}}
        for host, tag in hosts
    ]
    selectors = [{"match": {"kuma.io/service": "edge"}}]
    return document(type="MeshGateway", name="edge", selectors=selectors, conf={"listeners": listeners})


PASSED = [
    (
        [("a.example", "a"), ("*.example", "w")],
        [tcp("a", "a", which="a"), tcp("w", "w", which="w")],
        "tls://a.example:9001",
        "a",
        "the server name picks the listener",
    ),
    (
        [("a.example", "a"), ("*.example", "w")],
        [tcp("a", "a", which="a"), tcp("w", "w", which="w")],
        "https://b.example:9001/any",
        "w",
        "whatever is spoken within",
    ),
    ([("a.example", "a")], [tcp("a", "a", which="a")], "tls://b.example:9001", "closed", "no listener fits"),
    ([("a.example", "a")], [tcp("a", "a", which="a")], "tcp://a.example:9001", "closed", "there is no TLS"),
    (
        [("a.example", "a"), ("", "any")],
        [tcp("x", "any", which="any")],
        "tls://a.example:9001",
        "any",
        "a listener without route is as if it were not there",
    ),
    (
        [("a.example", "a"), ("", "any")],
        [old_tcp("o", "old")],
        "tls://a.example:9001",
        "old",
        "an older route is on every listener that its tags select",
    ),
]


@pytest.mark.parametrize(("hosts", "routes", "request_", "expected", "why"), PASSED, ids=[case[4] for case in PASSED])
def test_tls_that_passes_through_goes_by_its_server_name(hosts, routes, request_, expected, why):
    assert asked(RouteTable([passthrough(*hosts), *routes]), request_) == expected, why


def test_a_route_for_sidecars_of_the_whole_mesh_reaches_gateways_too():
    sidecars = route("s", to("/q -> leak", kind="MeshService", name="api"), target={"kind": "Mesh"})
    made = table(sidecars, route("r", "/q -> edge", "/ -> root"))
    assert asked(made, "h:8080/q") == "leak"
    only = route(
        "s", to("/q -> leak", kind="MeshService", name="api"), target={"kind": "Mesh", "proxyTypes": ["Sidecar"]}
    )
    assert asked(table(only, route("r", "/q -> edge")), "h:8080/q") == "edge"


def test_a_gateway_of_another_mesh_has_routes_of_its_own():
    other = gateway("edge", mesh="other", listeners=[(8080,)])
    made = table(other, route("r", "/ -> shop"), route("r", "/ -> other", mesh="other"))
    assert made.explain("http://h:8080/", mesh="other").backend == "other"
    assert made.explain("http://h:8080/", mesh="shop").backend == "shop"
