"""Which rule takes a request: the order of the table, prefixes and exact paths, conditions, ties."""

import itertools
import random

import pytest

from tests.ingress.told import asked, route, rule, table, to

CASES = [
    # one table of rules, the request, what takes it, and why
    (["/ -> root", "/api -> api"], "a:8080/api/x", "api", "the longer prefix comes first"),
    (["/ -> root", "/api -> api"], "a:8080/other", "root", "the prefix / covers everything"),
    (
        ["/api/very/long -> prefix", "=/api -> exact"],
        "a:8080/api",
        "exact",
        "exact before prefix, whatever the lengths",
    ),
    (
        ["~/api/.*/very/long/pattern -> re", "/api -> prefix"],
        "a:8080/api/1/very/long/pattern",
        "prefix",
        "prefix before expression",
    ),
    (["~/api/.* -> re", "=/api/x -> exact"], "a:8080/api/x", "exact", "exact before expression"),
    (["/ -> root", "~/special -> re"], "a:8080/special", "root", "a prefix / hides every expression"),
    (["GET -> any", "~/special -> re"], "a:8080/special", "any", "a rule without path is the prefix /"),
    (["~/a.* -> short", "~/a[a-z]* -> long"], "a:8080/abc", "long", "the longer pattern comes first"),
    (["/a -> all", "/a GET -> get"], "a:8080/a/b", "get", "with a method before without"),
    (["/a -> all", "/a GET -> get"], "POST a:8080/a/b", "all", "which is for its method alone"),
    (["/a x:1 -> header", "/a GET -> get"], "a:8080/a x:1", "get", "a method counts before headers"),
    (["/a x:1 -> one", "/a x:1 y:2 -> two"], "a:8080/a x:1 y:2", "two", "more headers first"),
    (["/a x:1 -> one", "/a x:* y:! -> two"], "a:8080/a x:1", "two", "Present and Absent count as headers"),
    (
        ["/a x:1 -> exact", "/a x:^1 y:^2 -> prefixes"],
        "a:8080/a x:1 y:2",
        "exact",
        "Prefix does not count among headers",
    ),
    (
        ["/a x:~1 -> first", "/a x:1 -> second"],
        "a:8080/a x:1",
        "first",
        "an expression on a header counts as much as a value",
    ),
    (["/a ?q=1 -> query", "/a x:1 -> header"], "a:8080/a?q=1 x:1", "header", "headers count before the query"),
    (["/a ?q=1 -> one", "/a ?q=1 ?r=2 -> two"], "a:8080/a?q=1&r=2", "two", "more parameters first"),
    (["/a x:1 -> first", "/a y:1 -> second"], "a:8080/a x:1 y:1", "first", "a tie goes by the order in the route"),
    (["/a y:1 -> second", "/a x:1 -> first"], "a:8080/a x:1 y:1", "second", "whichever that is"),
    (["~/a.c -> plain", "~/a.c GET -> get"], "a:8080/abc", "plain", "of expressions only the length counts: a tie"),
    (["~/a.c -> plain", "~/ab. x:1 -> header"], "a:8080/abc x:1", "plain", "headers do not help an expression, either"),
    (["/b -> b", "/a or =/c -> either"], "a:8080/c", "either", "one of several matches is enough"),
    (["/b -> b", "/a or =/c -> either"], "a:8080/a/x", "either", "and the other one"),
    (["/a/b -> b", "/a -> a"], "a:8080/a/bc", "a", "a prefix takes whole segments"),
    (["/api -> api"], "a:8080/api", "api", "the bare path of a prefix"),
    (["/api -> api"], "a:8080/api/", "api", "a slash at its end"),
    (["/api -> api"], "a:8080/apis", "404", "not a longer segment"),
    (["/api -> api"], "a:8080/api;v", "404", "not a parameter of the segment"),
    (["/api -> api"], "a:8080/api.json", "404", "not an ending"),
    (
        ["/api -> prefix", "=/api POST -> post"],
        "a:8080/api",
        "404",
        "an Exact rule takes the bare path from the prefix, even for POST alone",
    ),
    (["/api -> prefix", "=/api POST -> post"], "a:8080/api/x", "prefix", "but not what is below it"),
    (["/api -> prefix", "=/api x:1 -> header"], "a:8080/api", "404", "nor does a condition on a header help"),
    (["/api -> prefix", "=/api/ -> slash"], "a:8080/api", "prefix", "an Exact rule with a slash is another path"),
    (["/api -> prefix", "=/api/ -> slash"], "a:8080/api/", "slash", "and comes first for that"),
    (["/ -> prefix", "=/ POST -> post"], "a:8080/", "prefix", "the prefix / still covers the bare path"),
    (["/ -> root", "/api GET -> get"], "POST a:8080/api", "root", "what does not fit falls to the wider prefix"),
    (["/api -> api", "/ x:1 -> header"], "a:8080/api x:1", "api", "a longer path before any header"),
    (["=/a GET -> get", "=/a -> all"], "HEAD a:8080/a", "all", "GET does not take HEAD"),
    (["=/a -> exact", "/a -> prefix"], "a:8080/a?b=c", "exact", "the query is no part of the path"),
    (["=/b -> b"], "a:8080/a", "404", "nothing fits"),
]


@pytest.mark.parametrize(("rules", "request_", "expected", "why"), CASES, ids=[case[3] for case in CASES])
@pytest.mark.parametrize("kuma", ["2.10", "2.14"])
def test_the_first_rule_of_the_order_takes_a_request(rules, request_, expected, why, kuma):
    assert asked(table(route("r", to(*rules)), kuma=kuma), request_) == expected, why


def test_equal_matches_in_several_items_of_a_route_go_to_the_last_item():
    made = table(route("r", "/q -> first", to("/q or /r -> second"), "/r -> third"))
    assert asked(made, "a:8080/q") == "second"
    assert asked(made, "a:8080/r") == "third"


def test_ties_go_to_the_greater_name_of_a_route_then_to_the_order_in_it():
    alpha = route("alpha", to("/a x:1 -> alpha1", "/a y:1 -> alpha2"))
    beta = route("beta", to("/a z:1 -> beta"))
    made = table(alpha, beta)
    assert asked(made, "a:8080/a x:1 y:1 z:1") == "beta"
    assert asked(made, "a:8080/a x:1 y:1") == "alpha1"


def test_a_more_exact_hostname_decides_a_tie_before_the_name_of_the_route():
    made = table(route("zulu", "/a -> everywhere"), route("alpha", to("/a -> foo", hosts=["foo.example"])))
    assert asked(made, "foo.example:8080/a") == "foo"
    assert asked(made, "bar.example:8080/a") == "everywhere"


def test_up_to_twelve_entries_ties_are_certain_and_beyond_they_are_undefined():
    for number, certain in ((4, True), (5, False)):
        rules = [f"/tie x{index}:1 -> b{index}" for index in range(2)] + [f"/p{index} -> p" for index in range(number)]
        found = table(route("r", to(*rules))).explain("http://a:8080/tie", headers={"x0": "1", "x1": "1"})
        assert found.backend == "b0"
        assert found.certain is certain
        assert any("undefined" in reason for reason in found.reasons) is not certain


def test_the_prefix_of_everything_is_one_entry_since_2_11_and_two_before():
    rules = ["/tie x:1 -> one", "/tie y:1 -> two", *(f"/p{index} -> p" for index in range(3)), "/ -> root"]
    extra = route("r", to(*rules, "=/e -> e"))
    tied = {"x": "1", "y": "1"}
    assert table(extra, kuma="2.11").explain("http://a:8080/tie", headers=tied).certain
    assert not table(extra, kuma="2.10").explain("http://a:8080/tie", headers=tied).certain


def test_the_order_of_documents_never_matters():
    routes = [route("a", "/q -> a", "/r x:1 -> ax"), route("b", "/r y:1 -> by"), route("c", "/q -> c")]
    seen = {
        tuple(asked(table(*order), one) for one in ("a:8080/q", "a:8080/r x:1 y:1", "a:8080/r x:1"))
        for order in itertools.permutations(routes)
    }
    assert seen == {("c", "by", "ax")}


@pytest.mark.parametrize("seed", range(20))
def test_rules_that_no_request_can_tell_apart_by_order_may_stand_in_any_order(seed):
    """A law: rules of different paths never tie, so that their order means nothing."""
    pick = random.Random(seed)
    paths = pick.sample(["=/a", "/a", "/a/b", "=/a/b", "/", "/c", "~/d.*", "~/e"], 5)
    rules = [f"{path} -> b{index}" for index, path in enumerate(paths)]
    requests = ["a:8080/", "a:8080/a", "a:8080/a/b", "a:8080/a/b/c", "a:8080/c", "a:8080/d1", "a:8080/e"]
    expected = [asked(table(route("r", to(*rules))), one) for one in requests]
    pick.shuffle(rules)
    assert [asked(table(route("r", to(*rules))), one) for one in requests] == expected


def test_an_explanation_says_what_came_before_what_and_why():
    made = table(route("api", to("/api -> v1", "/api/v2 x-canary:1 -> canary", "/api/v2 -> v2", "/ -> root")))
    found = made.explain("http://a:8080/api/v2/users", headers={"x-canary": "1"})
    assert found.route is not None
    assert str(found.route) == "MeshHTTPRoute/shop/api to[0].rules[1]"
    assert found.match == "PathPrefix /api/v2 and header x-canary = 1"
    assert found.before == (
        "MeshHTTPRoute/shop/api to[0].rules[2] (PathPrefix /api/v2): more conditions on headers",
        "MeshHTTPRoute/shop/api to[0].rules[0] (PathPrefix /api): longer path",
        "MeshHTTPRoute/shop/api to[0].rules[3] (PathPrefix /): longer path",
    )


def test_a_404_names_the_rules_that_nearly_fit():
    made = table(route("r", to("/api POST -> post", "/api x:1 ?q=1 -> both", "=/bare PUT -> put", "/bare -> bare")))
    assert made.explain("http://a:8080/api").reasons[1:] == [
        "404: none of the rules for * takes GET /api",
        "MeshHTTPRoute/shop/r to[0].rules[0] (PathPrefix /api and method POST) fits the path, but not method POST",
        (
            "MeshHTTPRoute/shop/r to[0].rules[1] (PathPrefix /api and header x = 1 and query q = 1) fits the path,"
            " but not header x = 1 and query q = 1"
        ),
    ]
    assert "does not cover the bare path" in made.explain("http://a:8080/bare").reasons[-1]


def test_a_rule_is_read_as_it_is_written():
    """What the tests here are written in says what it seems to say."""
    assert rule("=/a GET x:^p ?a~b -> api:80@9, b")["matches"] == [
        {
            "path": {"type": "Exact", "value": "/a"},
            "method": "GET",
            "headers": [{"type": "Prefix", "name": "x", "value": "p"}],
            "queryParams": [{"type": "RegularExpression", "name": "a", "value": "b"}],
        }
    ]


WHYS = [
    (["/a/b -> ab", "/a -> a"], "/a/b", "longer path"),
    (["/a/b -> ab", "~/.* -> re"], "/a/b", "prefixes come before regular expressions"),
    (["=/a/b -> ab", "/a -> a"], "/a/b", "exact paths come before prefixes"),
    (["=/a/b -> ab", "~/.* -> re"], "/a/b", "exact paths come before regular expressions"),
    (["~/a.* -> a", "~/.* -> re"], "/a/b", "longer pattern"),
    (["/a GET -> get", "/a -> a"], "/a/b", "it asks for a method"),
    (["/a x:! -> x", "/a -> a"], "/a/b", "more conditions on headers"),
    (["/a ?q=1 -> q", "/a -> a"], "/a/b?q=1", "more conditions on the query"),
    (["/a x:! -> x", "/a y:! -> y"], "/a/b", "a tie, it stands first in the order of the route"),
]


@pytest.mark.parametrize(("rules", "target", "why"), WHYS)
def test_the_reason_is_the_first_difference_that_counts(rules, target, why):
    found = table(route("r", to(*rules))).explain(f"http://h:8080{target}")
    (before,) = found.before
    assert before.startswith("MeshHTTPRoute/shop/r to[0].rules[1] (")
    assert before.endswith(f"): {why}")
