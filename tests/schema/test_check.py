"""What the control plane would refuse is refused here, with both paths, the reason and the remedy."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from pulumi_mesh.schema.check import judge, judge_wire
from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Violation
from pulumi_mesh.schema.wire import to_wire
from pulumi_mesh.schema.words import sentence
from tests.toys import LEGACY, SPEC

UNKNOWN = pulumi.output.Unknown
GATEWAY = KINDS["MeshGateway"]


def said(kind: Kind, release: Release = Release(2, 14), **props: Any) -> list[str]:
    """Return the sentences about the properties of a resource."""
    props = {"name": "home", "mesh": "town", **props}
    body = to_wire(kind.model, props)
    return [sentence(one, kind.model, body, argument=True) for one in judge(kind, props, release)]


def gateway(*listeners: Any, **rest: Any) -> dict[str, Any]:
    return {
        "name": "edge",
        "mesh": "shop",
        "selectors": [{"match": {"kuma.io/service": "edge"}}],
        "listeners": list(listeners) or [{"port": 80, "protocol": "HTTP"}],
        **rest,
    }


SENTENCES: list[tuple[str, dict[str, Any]]] = [
    ('door: unknown key "door"; did you mean "doors"', {"door": []}),
    (
        'doors[0].prot (conf.doors[0].prot): unknown key "prot"; did you mean "port"',
        {"doors": [{"port": 1, "prot": 2}]},
    ),
    (
        'doors[0].locks[0].teth (conf.doors[0].locks[0].teth): unknown key "teth"; did you mean "teeth"',
        {"doors": [{"port": 1, "locks": [{"type": "key", "name": "a", "teth": 3}]}]},
    ),
    (
        'rooms["bath.room"].oilGrade: unknown key "oilGrade"; did you mean "oil_grade"',
        {"rooms": {"bath.room": {"oilGrade": 1}}},
    ),
    ("doors[0].port (conf.doors[0].port): is required", {"doors": [{}]}),
    ("doors[0].port (conf.doors[0].port): must be a whole number; it is 'x'", {"doors": [{"port": "x"}]}),
    ("doors[0].port (conf.doors[0].port): must be a whole number; it is True", {"doors": [{"port": True}]}),
    ("doors (conf.doors): must be a list", {"doors": {"port": 1}}),
    (
        "doors[0].colour (conf.doors[0].colour): must be one of RED, BLUE; it is 'GREEN'",
        {"doors": [{"port": 1, "colour": "GREEN"}]},
    ),
    (
        "doors[0].shut_after (conf.doors[0].shutAfter): must be a duration such as 500ms, 10s or 1h30m; it is 'soon'",
        {"doors": [{"port": 1, "shut_after": "soon"}]},
    ),
    (
        'doors[0].width (conf.doors[0].width): must be a whole number, or text that holds a number such as "50.5"',
        {"doors": [{"port": 1, "width": [1]}]},
    ),
    (
        "doors[0].port (conf.doors[0].port): port must be in the range [1, 65535]; it is 99999",
        {"doors": [{"port": 99999}]},
    ),
    ('tags["a.b"]: must be text; it is 3', {"tags": {"a.b": 3}}),
    ('labels["a.b"]: must be text; it is 3', {"labels": {"a.b": 3}}),
    ("steps[1]: must be a whole number; it is 'b'", {"steps": [1, "b"]}),
    ("safe: must be text", {"safe": 1234567}),
    (
        "cellar.inline: must be standard base64 with padding; encode it by base64.b64encode or mesh.base64",
        {"cellar": {"inline": "hunter2!"}},
    ),
    ("name: cannot be empty", {"name": ""}),
]


@pytest.mark.parametrize(("expected", "props"), SENTENCES, ids=[expected.split(":")[0] for expected, _ in SENTENCES])
def test_a_refusal_is_one_sentence_with_both_paths_reason_and_value(expected: str, props: dict[str, Any]) -> None:
    assert [expected] == said(LEGACY, **props)


def test_a_lock_of_no_known_make_is_refused_with_the_makes() -> None:
    found = said(LEGACY, doors=[{"port": 1, "locks": [{"type": "bolt", "name": "a"}]}])
    assert ["doors[0].locks[0].type (conf.doors[0].locks[0].type): must be one of key, code; it is 'bolt'"] == found


def test_everything_wrong_is_said_at_once() -> None:
    found = said(LEGACY, doors=[{"port": 0}, {"prot": 1}], tags={"a": 1}, name="A B")
    assert [one.split(" ")[0].rstrip(":") for one in found] == [
        "doors[1].port",
        "doors[1].prot",
        'tags["a"]',
        "name",
        "doors[0].port",
    ]


@pytest.mark.parametrize("key", ["saef", "entirely_else"])
def test_the_value_of_an_unknown_key_is_never_shown_for_it_may_be_a_secret(key: str) -> None:
    assert "hunter2" not in "".join(said(LEGACY, **{key: "hunter2"}))


@pytest.mark.parametrize(
    "props",
    [
        {"safe": ["hunter2"]},
        {"cellar": {"inline": 5, "inlin": "hunter2"}},
        {"doors": [{"port": 1, "locks": [{"type": "code", "name": "a", "code": {"x": "hunter2"}}]}]},
        {"doors": [{"port": 1, "locks": [{"type": "key", "name": "a", "code": "hunter2"}]}]},
        {"doors": [{"port": 1, "locks": [{"type": "cod", "name": "a", "code": "hunter2"}]}]},
    ],
)
def test_a_secret_is_never_shown_whatever_is_wrong_with_it(props: dict[str, Any]) -> None:
    found = "".join(said(LEGACY, **props))
    assert found
    assert "hunter2" not in found
    assert "hunter2" not in "".join(map(repr, judge(LEGACY, {"name": "home", "mesh": "town", **props})))


def strict(body: Mapping[str, Any], _: Release) -> Iterator[Violation]:
    """Fail on anything that is not of its type: rules need not expect it."""
    for door in body.get("conf", {}).get("doors", []):
        assert door is None or isinstance(door, dict)
        assert door is None or isinstance(door.get("port", 0), int)
    assert all(isinstance(value, str) for value in body.get("tags", {}).values())
    assert all(isinstance(value, dict) for value in body.get("rooms", {}).values())
    yield from ()


@pytest.mark.parametrize(
    "props",
    [
        {"tags": {"a.b": 3, "c": "x"}},
        {"rooms": {"bath.room": 3}},
        {"doors": [{"port": "x"}, 3, None]},
        {"doors": [UNKNOWN(), {"port": UNKNOWN()}]},
        {"doors": 3},
        {"tags": {"a.b": UNKNOWN()}},
    ],
)
def test_rules_never_meet_a_value_of_a_wrong_type_nor_a_promise(props: dict[str, Any]) -> None:
    judge(replace(LEGACY, rules=(strict,)), {"name": "home", **props})


@pytest.mark.parametrize(
    "props",
    [
        gateway({"port": UNKNOWN(), "protocol": "HTTP"}),
        gateway({"port": 80, "protocol": UNKNOWN()}),
        gateway(UNKNOWN()),
        gateway({"port": 443, "protocol": "HTTPS", "tls": UNKNOWN()}),
        gateway({"port": 443, "protocol": "HTTPS", "tls": {"certificates": UNKNOWN()}}),
        gateway({"port": 443, "protocol": "HTTPS", "tls": {"certificates": [{"secret": UNKNOWN()}]}}),
        gateway(selectors=UNKNOWN()),
        gateway(selectors=[{"match": UNKNOWN()}]),
        gateway(selectors=[{"match": {"kuma.io/service": UNKNOWN()}}]),
        gateway(tags=UNKNOWN()),
        gateway(labels=UNKNOWN()),
        gateway(labels={"a": UNKNOWN()}),
        gateway(name=UNKNOWN()),
        gateway(mesh=UNKNOWN()),
        {**gateway(), "listeners": UNKNOWN()},
    ],
)
def test_what_is_not_known_yet_is_not_refused(props: dict[str, Any]) -> None:
    assert judge(GATEWAY, props) == []


@pytest.mark.parametrize(
    ("path", "props"),
    [
        ("conf.listeners[1].port", gateway({"port": UNKNOWN(), "protocol": "HTTP"}, {"port": 0, "protocol": "HTTP"})),
        ("conf.listeners[0].port", gateway({"port": 0, "protocol": "HTTP"}, selectors=[{"match": UNKNOWN()}])),
        ('tags["kuma.io/service"]', gateway({"port": UNKNOWN(), "protocol": "HTTP"}, tags={"kuma.io/service": "x"})),
        ("conf.listeners[0].nope", gateway({"port": UNKNOWN(), "protocol": "HTTP", "nope": 1})),
        ("conf.listeners[0].protocol", gateway({"port": UNKNOWN(), "protocol": "HTTPPS"})),
        ("mesh", gateway({"port": UNKNOWN(), "protocol": "HTTP"}, mesh="A B")),
        ('labels["-"]', gateway(name=UNKNOWN(), labels={"-": "x"})),
        ("mesh", gateway(name=UNKNOWN(), mesh="A B")),
        ("name", gateway(name="A B", mesh=UNKNOWN())),
    ],
)
def test_beside_what_is_not_known_the_known_is_judged(path: str, props: dict[str, Any]) -> None:
    assert path in [violation.path for violation in judge(GATEWAY, props)]


def test_a_field_that_the_release_does_not_know_is_refused_at_any_depth() -> None:
    props = {"doors": [{"port": 1}, {"port": 2, "width": 5}]}
    assert ["doors[1].width (conf.doors[1].width): is known since Kuma 2.12; the target is 2.11; it is 5"] == said(
        LEGACY, Release(2, 11), **props
    )
    assert said(LEGACY, Release(2, 12), **props) == []


def test_a_kind_that_the_release_does_not_know_is_refused() -> None:
    found = judge(replace(LEGACY, since=Release(2, 12)), {"name": "home", "mesh": "town"}, Release(2, 11))
    assert [Violation("type", "House is known since Kuma 2.12; the target is 2.11")] == found


def test_a_gateway_without_listeners_waits_for_them_but_an_empty_list_is_refused() -> None:
    bare = {key: value for key, value in gateway().items() if key != "listeners"}
    assert judge(GATEWAY, bare) == []
    assert [violation.path for violation in judge(GATEWAY, {**bare, "listeners": []})] == ["conf.listeners"]


def test_a_document_of_a_file_is_judged_by_the_control_planes_own_paths() -> None:
    document = {"type": "House", "name": "home", "mesh": "town", "conf": {"doors": [{"prot": 1, "port": 0}]}}
    paths = [violation.path for violation in judge_wire(LEGACY, document)]
    assert paths == ["conf.doors[0].prot", "conf.doors[0].port"]
    document = {"type": "House", "name": "home", "mesh": "town", "spec": {"doors": [{"prot": 1, "port": 0}]}}
    paths = [violation.path for violation in judge_wire(SPEC, document)]
    assert paths == ["spec.doors[0].prot", "spec.doors[0].port"]


def test_what_the_server_writes_into_a_document_is_no_unknown_key() -> None:
    document = {
        "type": "House",
        "name": "home",
        "mesh": "town",
        "creationTime": "2026-01-01T00:00:00Z",
        "modificationTime": "2026-01-01T00:00:00Z",
        "kri": "kri_x",
        "labels": {"kuma.io/zone": "east"},
        "spec": {},
        "status": {"x": 1},
    }
    assert judge_wire(SPEC, document) == []
