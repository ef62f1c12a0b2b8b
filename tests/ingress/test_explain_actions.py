"""What is done with a request: shares, rewrites, headers, redirects, mirrors; and merging of rules."""

import pytest

from pulumi_mesh.ingress.routing.actions import Upstream
from tests.ingress.told import asked, filter_, redirect, rewrite, route, table, to

SHARES = [
    ("api", "api", "a single backend gets everything"),
    ("api@0", "api", "even with weight 0"),
    ("a@9, b@1", "a 0.9, b 0.1", "share is weight by sum of weights"),
    ("a, b@3", "a 0.25, b 0.75", "a missing weight is 1"),
    ("a@0, b@3", "b", "weight 0 gets nothing"),
    ("a@1, b@1, a@3", "a 0.75, b 0.25", "of one backend said twice the last weight counts"),
    ("a:80@1, a:81@1", "a 0.5, a 0.5", "ports tell backends apart"),
]


@pytest.mark.parametrize(("backends", "expected", "why"), SHARES, ids=[case[2] for case in SHARES])
def test_backends_get_their_shares(backends, expected, why):
    assert asked(table(route("r", f"/ -> {backends}")), "h:8080/") == expected, why


def test_the_backend_is_the_one_with_the_greatest_share_the_first_of_equal_ones():
    assert table(route("r", "/ -> a@1, b@2, c@2")).explain("http://h:8080/").backend == "b"
    assert table(route("r", "/none -> a")).explain("http://h:8080/").backend is None


REWRITES = [
    # matches, the filter, the request, the path that arrives, and why
    ("/api", rewrite(prefix="/v2"), "/api", "/v2", "the bare path of a prefix"),
    ("/api", rewrite(prefix="/v2"), "/api/", "/v2/", "with its slash"),
    ("/api", rewrite(prefix="/v2"), "/api/x", "/v2/x", "and what is below it"),
    ("/api", rewrite(prefix="/v2/"), "/api/x", "/v2/x", "a slash at the end of the new prefix does not count"),
    ("/api", rewrite(prefix="/v2/"), "/api", "/v2", "nor on the bare path"),
    ("/api", rewrite(prefix="/"), "/api", "/", "a prefix may become the root"),
    ("/api", rewrite(prefix="/"), "/api/x", "/x", "and what is below it moves up"),
    ("/", rewrite(prefix="/v2"), "/", "/v2", "the root may get a prefix"),
    ("/", rewrite(prefix="/v2"), "/x", "/v2/x", "which all paths get"),
    ("/api", rewrite(prefix="/v2"), "/api/x?a=b", "/v2/x?a=b", "the query stays"),
    ("/api", rewrite(full="/new"), "/api/x?a=b", "/new?a=b", "a whole path may be replaced"),
    ("=/api", rewrite(full="/new"), "/api", "/new", "that of an exact match, too"),
    ("~/a.*", rewrite(full="/new"), "/abc", "/new", "and that of an expression"),
    ("/api", rewrite(full="/was\\0"), "/api/x", "/was/api/x", "\\0 is the old path"),
    ("/api", rewrite(hostname="h.example"), "/api/x", "/api/x", "another host leaves the path alone"),
    ("/api", rewrite(full="/new"), "/api//x", "/new", "the path was normalised before"),
]


@pytest.mark.parametrize(
    ("match", "filter_said", "path", "expected", "why"), REWRITES, ids=[case[4] for case in REWRITES]
)
def test_paths_are_rewritten(match, filter_said, path, expected, why):
    made = table(route("r", to((f"{match} -> api", filter_said))))
    assert made.explain(f"http://h:8080{path}").upstream.path == expected, why


def test_host_and_prefix_are_both_replaced_but_not_on_the_bare_path():
    made = table(route("r", to(("/api -> api", rewrite(prefix="/v2", hostname="h.example")))))
    assert made.explain("http://a:8080/api/x").upstream.host == "h.example"
    bare = made.explain("http://a:8080/api")
    assert bare.upstream.host == "a:8080"
    assert "host stays: h.example is not set on the bare path of a replaced prefix" in bare.reasons


def test_the_last_of_several_rewrites_counts():
    made = table(route("r", to(("/ -> api", rewrite(full="/one"), rewrite(full="/two")))))
    assert made.explain("http://a:8080/").upstream.path == "/two"


def header(**said):
    return filter_(
        "RequestHeaderModifier",
        **{
            key: value if key == "remove" else [{"name": name, "value": text} for name, text in value.items()]
            for key, value in said.items()
        },
    )


HEADERS = [
    (header(set={"x": "new"}), {"x": "new", "y": "2"}, "set replaces"),
    (header(set={"z": "new"}), {"x": "1", "y": "2", "z": "new"}, "or makes"),
    (header(add={"x": "more"}), {"x": "1,more", "y": "2"}, "add appends"),
    (header(remove=["x", "z"]), {"y": "2"}, "remove removes"),
    (header(add={"z": "%REQ(x)%"}), {"x": "1", "y": "2", "z": "1"}, "a value may take another header"),
    (header(add={"z": "%REQ(:path)%"}), {"x": "1", "y": "2", "z": "/p?q=1"}, "or the path"),
    (header(add={"z": "%REQ(none?y)%"}), {"x": "1", "y": "2", "z": "2"}, "or one of two"),
    (header(add={"z": "%REQ(none)%"}), {"x": "1", "y": "2"}, "what comes out empty is not added"),
    (header(add={"z": "100%%"}), {"x": "1", "y": "2", "z": "100%"}, "two percent signs are one"),
]


@pytest.mark.parametrize(("filter_said", "expected", "why"), HEADERS, ids=[case[2] for case in HEADERS])
def test_headers_are_changed(filter_said, expected, why):
    made = table(route("r", to(("/ -> api", filter_said))))
    found = made.explain("http://h:8080/p?q=1", headers={"X": "1", "y": "2"})
    assert found.upstream == Upstream("/p?q=1", "h:8080", expected), why


def test_several_filters_of_headers_add_up_and_host_may_be_set():
    said = (
        header(set={"host": "set.example"}),
        header(add={"x": "a"}),
        header(add={"x": "b"}),
        rewrite(hostname="h.example"),
    )
    found = table(route("r", to(("/ -> api", *said)))).explain("http://h:8080/")
    assert (found.upstream.host, found.upstream.headers) == ("set.example", {"x": "a,b"})


REDIRECTS = [
    # match, the filter, the request, the answer, and why
    (
        "/",
        redirect(hostname="new.example"),
        "h:8080/x?q=1",
        "302 http://new.example:8080/x",
        "302 is the default, the port is always there, the query is dropped",
    ),
    ("/", redirect(statusCode=301), "h:8080/x", "301 http://h:8080/x", "what is not said stays"),
    (
        "/",
        redirect(scheme="https"),
        "h:8080/x",
        "302 https://h:8080/x",
        "the port stays that of the listener when the scheme changes",
    ),
    ("/", redirect(scheme="https", port=443), "h:8080/x", "302 https://h:443/x", "unless it is said"),
    ("/", redirect(full="/new"), "h:8080/x/y", "302 http://h:8080/new", "a whole path"),
    ("/a", redirect(prefix="/b"), "h:8080/a/x", "302 http://h:8080/b/x", "a prefix"),
    ("/a", redirect(prefix="/b"), "h:8080/a", "302 http://h:8080/b", "and its bare path"),
    ("/a", redirect(prefix="/"), "h:8080/a", "302 http://h:8080/", "which may become the root"),
    (
        "/",
        redirect(hostname="a.example"),
        "h:8080/ host:b.example:99",
        "302 http://a.example:8080/",
        "the host of the request does not count then",
    ),
    ("/", redirect(port=1), "h:8080/ host:b.example:99", "302 http://b.example:1/", "but otherwise, without its port"),
]


@pytest.mark.parametrize(
    ("match", "filter_said", "request_", "expected", "why"), REDIRECTS, ids=[case[4] for case in REDIRECTS]
)
def test_requests_are_redirected(match, filter_said, request_, expected, why):
    assert asked(table(route("r", to((f"{match} -> -", filter_said)))), request_) == expected, why


def test_a_listener_of_https_redirects_to_https():
    made = table(route("r", to(("/ -> -", redirect(statusCode=308)))), listeners=[(8443, "HTTPS", "h")])
    assert asked(made, "https://h:8443/x") == "308 https://h:8443/x"


def test_beside_backends_a_redirect_does_nothing():
    found = table(route("r", to(("/ -> api", redirect())))).explain("http://h:8080/")
    assert (found.outcome, found.redirect) == ("backend", None)
    assert "its redirect does nothing beside backends" in found.reasons


def mirror(name, **said):
    return filter_("RequestMirror", backendRef={"kind": "MeshService", "name": name}, **said)


def test_of_several_mirrors_the_last_counts():
    found = table(route("r", to(("/ -> api", mirror("one"), mirror("two", percentage="12.5"))))).explain(
        "http://h:8080/"
    )
    assert "12.5 % of requests are copied to MeshService two" in found.reasons
    assert not any("one" in reason for reason in found.reasons)
    assert found.backend == "api"


def test_filters_of_answers_are_said():
    answer = filter_("ResponseHeaderModifier", set=[{"name": "x", "value": "1"}], remove=["y"])
    found = table(route("r", to(("/ -> api", answer)))).explain("http://h:8080/")
    assert found.filters == ("response header x set to 1", "response header y removed")


MERGED = [
    # routes, request, what takes it, why
    ([route("a", "/q -> a"), route("b", "/q -> b")], "h:8080/q", "b", "the greater name of a route prevails"),
    ([route("b", "/q -> b"), route("a", "/q -> a")], "h:8080/q", "b", "in whatever order they are written"),
    ([route("a", "/q -> a"), route("a-long", "/q -> long")], "h:8080/q", "long", "compared as text"),
    (
        [route("b", "/q -> b"), route("a", "/q -> tagged", port="x")],
        "h:8080/q",
        "b",
        "tags of a targetRef do not matter",
    ),
    (
        [route("r", to("/q -> first", "/q -> second"))],
        "h:8080/q",
        "first",
        "the same matches twice in a route: the first rule",
    ),
    (
        [route("a", "/q or =/r -> a"), route("b", "=/r or /q -> b")],
        "h:8080/q",
        "b",
        "matches in another order make two rules, a tie",
    ),
    ([route("a", "/q or =/r -> a"), route("b", "/q -> b")], "h:8080/r", "a", "and so do matches that only overlap"),
    ([route("a", "/q x:1 -> a"), route("b", "/q -> b")], "h:8080/q x:1", "a", "a condition more is another rule"),
]


@pytest.mark.parametrize(("routes", "request_", "expected", "why"), MERGED, ids=[case[3] for case in MERGED])
def test_rules_with_the_same_matches_are_one(routes, request_, expected, why):
    assert asked(table(*routes, listeners=[(8080, "HTTP", "", {"port": "x"})]), request_) == expected, why


def test_what_the_winner_does_not_say_the_other_rule_says():
    low = route("a", to(("/q -> low", rewrite(full="/low"))))
    made = table(low, route("b", "/q -> high"))
    found = made.explain("http://h:8080/q")
    assert (found.backend, found.upstream.path) == ("high", "/low")
    assert "its filters are those of MeshHTTPRoute/shop/a to[0].rules[0]" in found.reasons
    assert any(
        "MeshHTTPRoute/shop/a to[0].rules[0] has the same matches and is replaced" in one for one in found.reasons
    )


def test_the_filters_of_the_winner_replace_those_of_the_other_rule_as_a_whole():
    low = route("a", to(("/q -> low", rewrite(full="/low"), header(set={"x": "1"}))))
    high = route("b", to(("/q -> high", header(set={"y": "2"}))))
    found = table(low, high).explain("http://h:8080/q")
    assert found.upstream == Upstream("/q", "h:8080", {"y": "2"})


def test_an_exact_comparison_may_be_said_or_left_out():
    plain = route("a", "/q x:1 -> a")
    said = route("b", "/q x:1 -> b")
    del plain.body["spec"]["to"][0]["rules"][0]["matches"][0]["headers"][0]["type"]
    assert any("replaced" in one for one in table(plain, said).explain("http://h:8080/q", headers={"x": "1"}).reasons)
