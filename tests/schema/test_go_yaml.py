"""What is promised of YAML: it is read as the control plane reads it, and every node knows its place.

The values were asked of sigs.k8s.io/yaml 1.6.0, the library of kuma-cp and kumactl 2.14.
"""

import pytest
import yaml

from pulumi_mesh.schema import go_yaml
from pulumi_mesh.schema.go_yaml import Build, Unreadable, compose, where


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request, monkeypatch):
    """Read everything by both parsers: PyYAML may come without libyaml."""
    loader = getattr(yaml, request.param)
    monkeypatch.setattr(go_yaml, "COMPOSER", type("Composer", (go_yaml.Composing, loader), {}))


def value(text):
    node = compose(text)
    assert node is not None
    return Build(node).value


SCALARS = [
    (True, "y Y yes Yes YES on On ON true True TRUE"),
    (False, "n N no No NO off Off OFF false False FALSE"),
    (None, "~ null Null NULL"),
    (15, "017 0o17 0O17 0xF 0x_f 0b1111 1_5 +15 15.0 15. 1.5e1"),
    (8, "08 8 0b1000"),
    (-3, "-3 -0b11 -03 -3.0"),
    (0, "0 -0 00 0_ 0.0 -0.0"),
    (1000, "1e3 1E3 1_000"),
    (0.5, ".5 +.5 0.5 00.5 5e-1"),
    (2**64 - 1, "18446744073709551615"),
    (float(2**70), str(2**70)),
]
TEXTS = "yEs tRue nULL oN 2001-01-01 2001-12-14t21:59:43.10-05:00 12:30 190:20:30 1e400 0o8 0b2 0xg _1 ._5 1e + . .. = 1x NaN inf 0x1p4 ٣"


@pytest.mark.parametrize(("text", "expected"), [(t, said) for said, texts in SCALARS for t in texts.split()])
def test_what_stands_without_quotes_may_stand_for_something_else(text, expected):
    found = value(f"a: {text}")["a"]
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize("text", TEXTS.split())
def test_what_is_no_number_to_the_control_plane_is_text(text):
    assert value(f"a: {text}") == {"a": text}


def test_a_whole_number_has_no_fraction_whatever_its_spelling():
    assert isinstance(value("a: 8080.0")["a"], int)
    assert isinstance(value("a: 1e22")["a"], float)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 'y'", "y"),
        ('a: "017"', "017"),
        ("a: !!str 017", "017"),
        ('a: !!int "017"', 15),
        ("a: !!float 5", 5),
        ("a: !!bool 'yes'", True),
        ("a: !!null ''", None),
        ("a: !!binary aGk=", "hi"),
        ("a: !mine 5", "5"),
        ("a: !!timestamp 2001-01-01", "2001-01-01"),
        ("a: !!set {b}", {"b": None}),
        ("a: !mine [b]", ["b"]),
        ("a:", None),
        ("a: |\n  b\n  c\n", "b\nc\n"),
    ],
)
def test_quotes_and_tags_count(text, expected):
    assert value(text) == {"a": expected}


@pytest.mark.parametrize(
    ("text", "key"),
    [("y: 1", "true"), ("off: 1", "false"), ("017: 1", "15"), ("1.5: 1", "1.5"), ("1.0: 1", "1"), ("'y': 1", "y")],
)
def test_a_key_becomes_text(text, key):
    assert value(text) == {key: 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x: &x {a: 1}\nz: *x", {"x": {"a": 1}, "z": {"a": 1}}),
        ("{<<: {a: 1, b: 1}, a: 2}", {"a": 2, "b": 1}),
        ("{a: 2, <<: {a: 1}}", {"a": 1}),
        ("{<<: [{a: 1}, {a: 2, b: 2}]}", {"a": 1, "b": 2}),
        ('{"<<": {a: 1}}', {"<<": {"a": 1}}),
    ],
)
def test_what_is_merged_overrides_what_stands_before_it(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\nb: c: d", 2, "is not YAML: .*mapping values are not allowed"),
        ("a: 1\nb: [1, 2", 2, "is not YAML: .*expected"),
        ("a:\n\tb: 1", 2, "a tab cannot indent"),
        ("a: 1\nb: *c", 2, "is not YAML: .*undefined alias"),
        ("a: 1\nb: \x07", 2, "not printable"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: 1\nb: .inf", 2, "JSON has no such number"),
        ("a: 1\nb: !!int x", 2, "tagged !!int is none"),
        ("a: 1\nb: !!int true", 2, "tagged !!int is none"),
        ("a: 1\nb: !!binary '*'", 2, "not base64"),
        ("a: 1\n? [b]\n: c", 2, "a key must be text"),
        ("a: 1\n~: c", 2, "a key must be text"),
        ("a: 1\n<<: 5", 2, "only a map can be merged"),
        ("b: 1\na: &a [*a]", 2, "an anchor holds itself"),
        ("a: 1\nb: " + "[" * 300 + "]" * 300, 2, "nested more than 200 deep"),
        ("a: 1\nb: " + "[" * 100_000, 2, "nested more than 200 deep"),
    ],
)
def test_what_cannot_be_read_says_why_and_where(text, line, why):
    with pytest.raises(Unreadable, match=why) as refused:
        value(text)
    assert text.count("\n", 0, refused.value.where) + 1 == line


def test_aliases_do_not_make_much_of_little():
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    with pytest.raises(Unreadable, match="too many aliases"):
        value(f"a0: &a0 [1]\n{laughs}")


def test_a_key_that_is_there_twice_is_told_and_the_last_one_holds():
    node = compose("a: 1\nb:\n  c: 1\n  c: 2\ny: 1\ntrue: 2\n")
    assert node is not None
    built = Build(node)
    assert built.value == {"a": 1, "b": {"c": 2}, "true": 2}
    assert [one.key for one in built.twice] == ["c", "true"]


DOCUMENT = """
type: MeshGateway
labels: {kuma.io/mesh: shop, kuma.io: x}
conf:
  listeners:
  - port: 80
    tags:
      a.b: c
  -
    port: 81
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", 2),
        ("type", 2),
        ("name", 2),
        ("conf", 4),
        ("conf.listeners", 5),
        ("conf.listeners[0]", 6),
        ("conf.listeners[0].port", 6),
        ("conf.listeners[0].hostname", 6),
        ("conf.listeners[0].tags.a.b", 8),
        ('conf.listeners[0].tags["a.b"]', 8),
        ('conf.listeners[0].tags["z"]', 7),
        ("conf.listeners[1]", 10),
        ("conf.listeners[1].port", 10),
        ("conf.listeners[2].port", 5),
        ("labels.kuma.io/mesh", 3),
        ("conference", 2),
    ],
)
def test_a_path_leads_to_its_line_or_to_the_nearest_one_around(path, line):
    node = compose(DOCUMENT)
    assert node is not None
    assert DOCUMENT.count("\n", 0, where(node, path)) + 1 == line
