"""Which host covers which, and which of several domains a proxy picks."""

import pytest

from pulumi_mesh.ingress.expressions import BadExpression, whole, wrong
from pulumi_mesh.ingress.hosts import bare, covers, exactness, meet, picked

COVERS = [
    ("*", "a.example.com", True, "* is every host"),
    ("", "a.example.com", True, "and so is none"),
    ("*.example.com", "a.example.com", True, "one label below"),
    ("*.example.com", "a.b.example.com", True, "any depth"),
    ("*.example.com", "example.com", False, "not the domain itself"),
    ("*.example.com", "*.b.example.com", True, "a wildcard within a wildcard"),
    ("*.b.example.com", "*.example.com", False, "but not the other way round"),
    ("a.example.com", "*.example.com", False, "a name covers no wildcard"),
    ("a.example.com", "b.example.com", False, "another name"),
    ("a.example.com", "a.b.example.com", True, "the control plane compares first label and end of the domain"),
    ("*.example.com", "a.example.org", False, "another domain"),
]
PICKED = [
    ("a.example.com", ["*", "*.example.com", "a.example.com"], "a.example.com", "the name itself"),
    ("b.example.com", ["*", "*.com", "*.example.com"], "*.example.com", "then the longest wildcard"),
    ("a.b.example.com", ["*.example.com"], "*.example.com", "of any depth"),
    ("example.com", ["*.example.com", "*"], "*", "a wildcard is not for its own domain"),
    ("example.com.", ["example.com"], None, "a dot at the end is another host"),
    (".example.com", ["*.example.com"], None, "something stands for the star"),
    ("example.org", ["example.com"], None, "none fits"),
]


@pytest.mark.parametrize(("wide", "narrow", "expected", "why"), COVERS, ids=[case[3] for case in COVERS])
def test_one_host_covers_another(wide, narrow, expected, why):
    assert covers(wide, narrow) is expected, why


@pytest.mark.parametrize(("host", "domains", "expected", "why"), PICKED, ids=[case[3] for case in PICKED])
def test_a_proxy_picks_the_most_exact_domain(host, domains, expected, why):
    assert picked(host, domains) == expected, why
    assert picked(host, reversed(domains)) == expected, "in whatever order they stand"


def test_hosts_meet_where_one_covers_the_other():
    assert meet("*.example.com", "a.example.com")
    assert meet("a.example.com", "*.example.com")
    assert not meet("*.a.com", "*.b.com")


def test_names_are_more_exact_than_wildcards_and_long_wildcards_than_short_ones():
    hosts = ["*", "*.com", "b.com", "*.b.com", "a.b.com"]
    assert sorted(hosts, key=exactness) == ["a.b.com", "b.com", "*.b.com", "*.com", "*"]


def test_the_port_of_a_host_header_is_ignored_and_its_case():
    assert [bare(host) for host in ("A.example:8080", "a.example", "[::1]:80", "[::1]", "a:b")] == [
        "a.example",
        "a.example",
        "[::1]",
        "[::1]",
        "a:b",
    ]


def test_an_expression_is_about_the_whole_text_and_of_the_proxies_syntax():
    assert whole("/a.*")("/abc")
    assert not whole("/a")("/ab")
    assert whole("(?i)/A")("/a")
    assert whole(r"/[[:alpha:]]\pL+")("/aé")
    assert wrong("/(a|b)+") == ""
    assert "[" in wrong("([")
    assert "(?!" in wrong("/(?!a)")
    with pytest.raises(BadExpression):
        whole("*")
