"""Rules that no request reaches, and rules that tie, found in a table of 20."""

import json

import pytest

from pulumi_mesh.ingress.routing.conditions import Condition
from pulumi_mesh.ingress.routing.lines import shadowed, tied
from pulumi_mesh.ingress.routing.overview import overview
from pulumi_mesh.ingress.routing.table import literal
from tests.ingress.told import redirect, route, table, to

TWENTY = to(
    "=/login -> login",
    "=/login GET -> login-get",
    "/api -> api",
    "/api/v1 -> v1",
    "/api/v1 x:1 -> v1-x",
    "/api/v1 y:1 -> v1-y",
    "~/api/.* -> never-re",
    "~/img/[a-z]+ -> img",
    "~/img/[a-z]+ GET -> never-img",
    "/admin x:1 x:! -> never-self",
    "/admin -> admin",
    "/admin GET -> admin-get",
    "/shop ?q=1 -> shop-q",
    "/shop ?r=1 -> shop-r",
    "/shop POST -> shop-post",
    "/shop DELETE -> shop-delete",
    ("=/old -> -", redirect(hostname="new.example")),
    "~/static/.*[.]css -> css",
    "~/static/.*[.]js. -> jss",
    "/docs -> docs",
)


def names(found):
    return {int(one.at.path.rpartition("[")[2].rstrip("]")) for one in found}


def pairs(found):
    def number(at):
        return int(at.path.rpartition("[")[2].rstrip("]"))

    return {(number(one.first), number(one.other)) for one in found}


def test_shadowed_rules_are_found_in_a_table_of_20():
    ports = table(route("r", TWENTY)).routing.ports[0]
    assert names(shadowed(ports)) == {6, 8, 9}
    by = {one.at.path: one.by.path if one.by else None for one in shadowed(ports)}
    assert by == {
        "spec.to[0].rules[6]": "spec.to[0].rules[2]",
        "spec.to[0].rules[8]": "spec.to[0].rules[7]",
        "spec.to[0].rules[9]": None,
    }


def test_tied_rules_are_found_in_a_table_of_20_and_nothing_else():
    ports = table(route("r", TWENTY)).routing.ports[0]
    assert pairs(tied(ports)) == {(4, 5), (12, 13), (17, 18), (7, 8)}
    assert not any(one.certain for one in tied(ports)), "there are more than 12 entries"


def test_a_prefix_of_everything_hides_every_expression():
    ports = table(route("r", to("/ -> root", "~/a.* -> a", "~/b GET -> b", "=/c -> c"))).routing.ports[0]
    assert names(shadowed(ports)) == {1, 2}


def test_a_condition_on_the_prefix_hides_only_what_meets_it_too():
    ports = table(route("r", to("/ x:* -> some", "~/a.* x:1 -> hidden", "~/b.* -> open"))).routing.ports[0]
    assert names(shadowed(ports)) == {1}


def test_a_rule_that_is_reached_on_one_host_is_not_shadowed():
    items = [to("/ -> foo", hosts=["foo.example"]), to("~/a.* -> a")]
    ports = table(route("r", *items)).routing.ports[0]
    assert shadowed(ports) == []


def test_a_replaced_rule_is_shadowed_by_the_one_that_replaced_it():
    ports = table(route("a", "/q -> a"), route("b", "/q -> b")).routing.ports[0]
    (found,) = shadowed(ports)
    assert (str(found.at), str(found.by)) == (
        "MeshHTTPRoute/shop/a to[0].rules[0]",
        "MeshHTTPRoute/shop/b to[0].rules[0]",
    )


def test_a_prefix_whose_bare_path_is_taken_is_not_shadowed():
    ports = table(route("r", to("=/api POST -> post", "/api -> api"))).routing.ports[0]
    assert shadowed(ports) == []


def test_rules_that_no_request_meets_both_of_do_not_tie():
    ports = table(route("r", to("/a x:1 -> one", "/a x:2 -> two", "/b GET -> get", "/b POST -> post"))).routing.ports[0]
    assert tied(ports) == []


def test_the_report_has_everything_and_is_json():
    made = table(route("r", TWENTY), listeners=[(8080,), (9000, "TCP")])
    report = json.loads(json.dumps(overview(made.routing.ports)))
    (port, tcp) = report["gateways"][0]["ports"]
    assert len(port["hosts"][0]["rules"]) == 20
    assert [one["shadowed"] for one in port["hosts"][0]["rules"]].count(True) == 3
    assert (tcp["protocol"], tcp["chains"][0]["backends"]) == ("TCP", [])
    assert len(report["shadowed"]) == 3
    assert len(report["tied"]) == 4


LITERALS = [
    ("/api/.*", "/api/"),
    ("/a", "/a"),
    ("/ab?c", "/a"),
    ("/ab*", "/a"),
    ("/a[bc]", "/a"),
    ("(/a|/b)", ""),
    ("/a|/b", "/"),
    ("/a|b", ""),
    (".*", ""),
]


@pytest.mark.parametrize(("pattern", "begin"), LITERALS)
def test_what_an_expression_begins_with_is_read_with_care(pattern, begin):
    assert literal(pattern) == begin


def h(kind, value=""):
    return Condition("header", "x", kind, value)


FOLLOWS = [
    (h("Present"), h("Exact", "1"), True),
    (h("Prefix", "a"), h("Exact", "abc"), True),
    (h("Prefix", "a"), h("Prefix", "ab"), True),
    (h("Prefix", "ab"), h("Prefix", "a"), False),
    (h("RegularExpression", "a+"), h("Exact", "aa"), True),
    (h("Exact", "a"), h("Present"), False),
    (h("Absent"), h("Absent"), True),
    (h("Present"), Condition("header", "y", "Exact", "1"), False),
]


@pytest.mark.parametrize(("one", "other", "expected"), FOLLOWS)
def test_a_condition_follows_from_a_narrower_one(one, other, expected):
    assert one.follows_from(other) is expected
