"""What a condition takes: paths and their normalisation, expressions, methods, headers, the query."""

import pytest

from tests.ingress.told import asked, route, table, to

CASES = [
    # rules, request, what takes it, why
    (["/a/b -> ab"], "h:8080/a/./b", "ab", "a dot segment goes"),
    (["/b -> b"], "h:8080/a/../b", "b", "two dots take a segment away"),
    (["/b -> b"], "h:8080/../../b", "b", "and stay at the root"),
    (["=/a/ -> a"], "h:8080/a/b/..", "a", "at the end they leave a slash"),
    (["/a/b -> ab"], "h:8080//a///b", "ab", "doubled slashes are one"),
    (["/a/b -> ab"], "h:8080/a\\b", "ab", "a backslash is a slash"),
    (["/a/b -> ab"], "h:8080/%61/%62", "ab", "escapes of plain characters are taken back"),
    (["/a/b -> ab"], "h:8080/a/%2e%2E/a/b", "ab", "those of dots, too"),
    (["/a/b -> ab"], "h:8080/a%2Fb", "307 /a/b", "an escaped slash is redirected to the plain one"),
    (["/a/b -> ab"], "h:8080/a%5cb?q=1", "307 /a/b?q=1", "an escaped backslash as well, with its query"),
    (["=/a%C3%A9 -> e"], "h:8080/a%C3%A9", "e", "other escapes stay as they are"),
    (["=/a%C3%A9 -> e"], "h:8080/a%c3%a9", "404", "byte by byte"),
    (["/a -> a"], "h:8080/A", "404", "case counts"),
    (["~(?i)/A -> a"], "h:8080/a", "a", "unless an expression says otherwise"),
    (["~/v[0-9]+ -> v"], "h:8080/v12", "v", "an expression is about the whole path"),
    (["~/v[0-9]+ -> v"], "h:8080/v12/x", "404", "not about its beginning"),
    (["~/v[0-9]+ -> v"], "h:8080/v12?x=1", "v", "the query is no part of it"),
    (["/a GET -> a"], "HEAD h:8080/a", "404", "GET does not take HEAD"),
    (["/a -> a"], "get h:8080/a", "404", "methods are in upper case"),
    (["/a -> a"], "FETCH h:8080/a", "404", "and known"),
    (["/ -> a"], "CONNECT h:8080/", "404", "CONNECT has no path"),
    (["/a x:1 -> a"], "h:8080/a X:1", "a", "names of headers have no case"),
    (["/a x:a -> a"], "h:8080/a x:A", "404", "their values have"),
    (["/a x:1 -> a"], "h:8080/a x:1 x:2", "404", "a header that comes twice is one value"),
    (["/a x:1,2 -> a"], "h:8080/a x:1 x:2", "a", "joined by a comma"),
    (["/a x:^ab -> a"], "h:8080/a x:abc", "a", "a prefix of a value"),
    (["/a x:^ab -> a"], "h:8080/a x:cab", "404", "is at its beginning"),
    (["/a x:~a+ -> a"], "h:8080/a x:aaa", "a", "an expression is about the whole value"),
    (["/a x:~a+ -> a"], "h:8080/a x:aab", "404", "and not about a part"),
    (["/a x:* -> a"], "h:8080/a x:", "a", "an empty value is present"),
    (["/a x:* -> a"], "h:8080/a", "404", "none is not"),
    (["/a x:! -> a"], "h:8080/a", "a", "absent is what is not there"),
    (["/a x:! -> a"], "h:8080/a x:", "404", "an empty value is there"),
    (["/a x: -> a"], "h:8080/a", "a", "an exact match of nothing asks for nothing"),
    (["/a host:h:8080 -> a"], "h:8080/a", "a", "host is the Host header, with its port"),
    (["/a x-forwarded-proto:http -> a"], "h:8080/a", "a", "the proxy says what was spoken"),
    (["/a -> a"], "h:8080/a x_y:1", "404", "an underscore in the name of a header is refused"),
    (["/a ?q=1 -> a"], "h:8080/a?q=1", "a", "a parameter"),
    (["/a ?q=1 -> a"], "h:8080/a?Q=1", "404", "whose name has a case"),
    (["/a ?q=1 -> a"], "h:8080/a?q=2&q=1", "404", "the first of a name counts"),
    (["/a ?q=1 -> a"], "h:8080/a?q=1&q=2", "a", "and no other"),
    (["/a ?q=a%20b -> a"], "h:8080/a?q=a%20b", "a", "it is not decoded"),
    (["/a ?q=a%20b -> a"], "h:8080/a?q=a+b", "404", "so that a plus is no blank"),
    (["/a ?q~[0-9]+ -> a"], "h:8080/a?q=12", "a", "an expression on a parameter"),
    (["/a ?q~[0-9]+ -> a"], "h:8080/a?q=12x", "404", "about all of it"),
    (["/a ?q=1 ?r=2 -> a"], "h:8080/a?r=2&q=1", "a", "several parameters in any order"),
    (["/a ?q=1 ?r=2 -> a"], "h:8080/a?q=1", "404", "all of them"),
    (["/a ?q~1 ?r~2 -> a"], "h:8080/a?r=2", "a", "of several expressions only the last is kept"),
    (["/a ?q~1 ?r~2 -> a"], "h:8080/a?q=1", "404", "which must hold"),
    (["/a ?e=1 ?q~1 ?r~2 -> a"], "h:8080/a?r=2", "404", "an exact one before them is kept"),
    (["/a ?e=a+ ?r~2 -> a"], "h:8080/a?e=a+&r=2", "404", "and read as an expression once more"),
    (["/a ?r~2 ?e=a+ -> a"], "h:8080/a?e=a+&r=2", "a", "which one after it is not"),
    (["GET x:1 -> a"], "h:8080/any x:1", "a", "a match without path is for any path"),
]


@pytest.mark.parametrize(("rules", "request_", "expected", "why"), CASES, ids=[case[3] for case in CASES])
def test_a_condition_takes_what_proxies_let_it_take(rules, request_, expected, why):
    assert asked(table(route("r", to(*rules))), request_) == expected, why


def test_a_refusal_says_what_is_wrong_with_the_request():
    made = table(route("r", "/ -> a"))
    assert made.explain("http://h:8080/", headers={"a_b": "1"}).reasons == [
        "400: the name of the header a_b has an underscore"
    ]
    assert "no method that proxies know" in made.explain("http://h:8080/", "get").reasons[0]
    assert made.explain("http://h:8080/", headers={"host": ""}).reasons == ["400: there is no Host"]
