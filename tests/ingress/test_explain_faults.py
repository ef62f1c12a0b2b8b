"""What the control plane accepts and proxies cannot live with: stuck gateways, refused routes."""

import pytest

from pulumi_mesh.testing import RouteTable
from tests.ingress.test_explain_kinds import tcp
from tests.ingress.told import asked, filter_, redirect, rewrite, route, table, to
from tests.ingress.written import document, listener

SECOND = (8081, "HTTP", "", {"port": "second"})
MIRROR = filter_("RequestMirror", backendRef={"kind": "MeshService", "name": "copy"})
STUCK = [
    (
        route("r", to(("/x -> -", redirect(), rewrite(full="/")))),
        "RequestRedirect stands beside URLRewrite",
        "a redirect beside a rewrite",
    ),
    (
        route("r", to(("/x -> -", redirect(), MIRROR))),
        "RequestRedirect stands beside RequestMirror",
        "a redirect beside a mirror",
    ),
    (
        route("r", "/x -> x", port="first"),
        "port 8081: no rule of a MeshHTTPRoute is for it",
        "a port without rules beside one with",
    ),
    (
        route("r", to("/x -> x", hosts=["a.example"]), port="first"),
        "port 8081: no rule",
        "rules of hosts alone do not help",
    ),
]


@pytest.mark.parametrize(("wrong", "said", "why"), STUCK, ids=[case[2] for case in STUCK])
def test_a_stuck_gateway_listens_on_nothing(wrong, said, why):
    made = table(wrong, listeners=[(8080, "HTTP", "", {"port": "first"}), SECOND])
    for url in ("http://a.example:8080/x", "http://a.example:8081/x"):
        found = made.explain(url)
        assert found.outcome == "no_listener", why
        assert any("stuck" in reason and said in reason for reason in found.reasons)


def test_a_redirect_beside_backends_is_ignored_so_that_a_rewrite_may_stand_there():
    assert asked(table(route("r", to(("/ -> api", redirect(), rewrite(full="/x"))))), "h:8080/") == "api"


def test_without_any_newer_route_a_port_without_routes_is_fine():
    made = table(listeners=[(8080,), SECOND])
    found = made.explain("http://h:8081/")
    assert found.outcome == "not_found"
    assert found.reasons[-1] == "404: no route has rules for *, as the text of the answer says"


def test_tls_without_a_mode_is_stuck():
    made = table(listeners=[(9000, "TLS", "a.example"), (8080,)])
    assert "TLS has no tls.mode" in made.explain("http://h:8080/").reasons[0]


def test_crossing_meshes_needs_mtls_where_the_mesh_is_known():
    conf = {"listeners": [listener(8080, crossMesh=True)]}
    edge = document(type="MeshGateway", name="edge", selectors=[{"match": {"kuma.io/service": "edge"}}], conf=conf)
    mtls = {"enabledBackend": "ca", "backends": [{"name": "ca", "type": "builtin"}]}
    rules = route("r", "/ -> api")
    assert asked(RouteTable([edge, rules, document(type="Mesh", name="shop", mtls=mtls)]), "h:8080/") == "api"
    assert asked(RouteTable([edge, rules, document(type="Mesh", name="shop")]), "h:8080/") == "closed"


def header(key, name, value="x"):
    said = [name] if key == "remove" else [{"name": name, "value": value}]
    return filter_("RequestHeaderModifier", **{key: said})


REFUSED = [
    (to("~/([ -> x"), "is no regular expression of RE2", "a path that is no expression"),
    (to("~/(?!a).* -> x"), "is no regular expression of RE2", "looking ahead"),
    (to("/x h:~([ -> x"), "is no regular expression of RE2", "a header that is none"),
    (to("/x ?q~([ -> x"), "is no regular expression of RE2", "a parameter that is none"),
    (to("/x -> a@0, b@0"), "all weights of its backends are 0", "all weights 0"),
    (to(("/x -> x", header("add", "host"))), "the header host can be set, neither added nor removed", "host added"),
    (
        to(("/x -> x", header("remove", "host"))),
        "the header host can be set, neither added nor removed",
        "host removed",
    ),
    (to(("/x -> x", header("set", "a", "50%"))), "the value of the header a has a lone %", "a lone percent sign"),
]


@pytest.mark.parametrize(("wrong", "said", "why"), REFUSED, ids=[case[2] for case in REFUSED])
def test_what_a_proxy_refuses_costs_the_whole_port_its_routes(wrong, said, why):
    made = table(
        route("bad", {**wrong}, port="first"),
        route("good", "/ -> good"),
        listeners=[(8080, "HTTP", "", {"port": "first"}), SECOND],
    )
    found = made.explain("http://h:8080/other")
    assert found.outcome == "not_found", why
    assert any("refused by the proxies" in reason and said in reason for reason in found.reasons)
    assert asked(made, "h:8081/other") == "good", "another port is not hurt"


def test_on_https_only_the_host_is_hurt():
    listeners = [(8443, "HTTPS", "a.example", {"h": "a"}), (8443, "HTTPS", "b.example", {"h": "b"})]
    made = table(route("bad", "~([ -> x", h="a"), route("good", "/ -> good"), listeners=listeners)
    assert asked(made, "https://a.example:8443/") == "404"
    assert asked(made, "https://b.example:8443/") == "good"


FINE = [
    (to(("/ -> x", header("set", "host", "h.example"))), "host may be set"),
    (to(("/ -> x", header("set", "a", "50%%"))), "two percent signs"),
    (to(("/ -> x", header("set", "a", "%REQ(:path)%"))), "a command of Envoy"),
    (to("/ -> x@0"), "a single backend with weight 0"),
]


@pytest.mark.parametrize(("fine", "why"), FINE, ids=[case[1] for case in FINE])
def test_what_a_proxy_takes_is_not_said_to_be_refused(fine, why):
    assert asked(table(route("r", fine)), "h:8080/") == "x", why


def test_a_weight_of_0_costs_a_port_of_connections_its_listener():
    found = table(tcp("t", "db@1, other@0"), listeners=[(9000, "TCP")]).explain("tcp://h:9000")
    assert found.outcome == "no_listener"
    assert (
        "MeshService other has a weight of 0 among several, for which the whole listener is refused" in found.reasons[0]
    )


LEAKS = [
    (rewrite(hostname="h.example"), "no_listener", "a rewrite without backend is stuck"),
    (header("set", "host", "h.example"), "no_listener", "and so is a new host"),
    (header("set", "x", "1"), "not_found", "anything else is refused by the proxies"),
]


@pytest.mark.parametrize(("said", "outcome", "why"), LEAKS, ids=[case[2] for case in LEAKS])
def test_a_rule_of_sidecars_without_backends_costs_a_gateway_its_routes(said, outcome, why):
    sidecars = route("s", to(("/q -> -", said), kind="MeshService", name="api"), target={"kind": "Mesh"})
    found = table(sidecars, route("r", "/ -> edge")).explain("http://h:8080/")
    assert found.outcome == outcome, why
    assert any("MeshHTTPRoute/shop/s" in reason for reason in found.reasons)
