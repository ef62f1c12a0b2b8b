"""What is promised of the layout: it is Python that means what was said, and a formatter leaves it alone."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_mesh.export.code import Call, Name, flat, quoted, statement

RUFF = Path(sys.executable).parent / "ruff"
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.sampled_from(" \n\t\"'\\"), max_size=90
) | st.sampled_from(
    ["word " * 40, "line of text\n" * 12, "x" * 200, 'say "hi"', "it's", "a\n" * 70, "", "\\", "{{ .x }}"]
)
SCALARS = WORDS | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.sampled_from(["edge", "edge.name", "a_long_name_of_a_resource_that_somebody_gave"])
KEYS = st.sampled_from(["a", "port", "hostname", "a_rather_long_name_of_an_argument_of_a_call"])
CODE: st.SearchStrategy[Any] = st.recursive(
    SCALARS | NAMES.map(Name),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(WORDS.filter(lambda text: len(text) < 30), inner, max_size=4)
        | st.builds(
            Call,
            st.sampled_from(["mesh.Tls", "mesh.MeshGateway", "config.require_secret"]),
            st.lists(inner, max_size=2),
            st.dictionaries(KEYS, inner, max_size=4),
        )
    ),
    max_leaves=30,
)


def formatted(source: str) -> str:
    command = [str(RUFF), "format", "--isolated", "--line-length", "120", "--stdin-filename", "x.py", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


@settings(max_examples=25)
@given(st.lists(CODE, min_size=20, max_size=20))
def test_a_formatter_changes_nothing_and_it_means_the_same_as_on_one_line(codes: list[Any]):
    lines = [statement(code, "value") for code in codes]
    source = "\n".join(lines) + "\n"
    assert formatted(source) == source
    for code, line in zip(codes, lines, strict=True):
        assert ast.dump(ast.parse(line)) == ast.dump(ast.parse(f"value = {flat(code)}"))


@given(WORDS)
def test_text_is_itself_and_stays_on_its_line(text: str):
    assert ast.literal_eval(quoted(text)) == text
    assert "\n" not in quoted(text)
    assert quoted(text).isprintable()


def test_what_does_not_fit_has_one_item_per_line():
    listener = Call("mesh.Listener", (), {"port": 8080, "protocol": "HTTP", "tags": {"port": "http"}})
    code = Call("mesh.MeshGateway", ["edge"], {"mesh": Name("shop"), "listeners": [listener, listener]})
    assert statement(code, "edge").splitlines() == [
        "edge = mesh.MeshGateway(",
        '    "edge",',
        "    mesh=shop,",
        "    listeners=[",
        '        mesh.Listener(port=8080, protocol="HTTP", tags={"port": "http"}),',
        '        mesh.Listener(port=8080, protocol="HTTP", tags={"port": "http"}),',
        "    ],",
        ")",
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("package authz\n" + "default allow = false # nobody, unless a rule says so\n" * 2, 3),
        ("word " * 40, 2),
        ("x" * 200, 1),
    ],
)
def test_long_text_is_cut_where_its_lines_end_or_between_words(text: str, lines: int):
    written = statement(Call("mesh.X", (), {"rego": text})).splitlines()
    assert len(written) == lines + (4 if lines > 1 else 2)
    assert all(len(line) <= 120 for line in written) or lines == 1
