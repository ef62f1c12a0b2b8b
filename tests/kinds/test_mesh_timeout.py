"""What is promised of MeshTimeout, of durations, and of what a policy refers to."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_mesh.reconcile.plan import Nothing, plan
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.forms import LONGEST, go_duration, nanoseconds
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release
from tests.kinds.documents import said_of, warned_of

OLD, NEW = Release(2, 10), Release(2, 14)
SOME = {"idleTimeout": "1s"}
TO = {"targetRef": {"kind": "Mesh"}, "default": SOME}
DEFAULT = "spec.to[0].default"
NOT_OF_A_ROUTE = "can't be specified when top-level TargetRef is referencing MeshHTTPRoute"
NOT_BY_SOURCE = (
    "can't be specified when matches contain spiffeID because this field cannot be conditioned on source identity"
)
SPIFFE = {"spiffeID": {"type": "Exact", "value": "spiffe://shop/web"}}


def waiting(**default: Any) -> Any:
    return {"to": [{"targetRef": {"kind": "Mesh"}, "default": default}]}


def about(**ref: Any) -> Any:
    return {"targetRef": ref, "to": [TO]}


REFUSED = {
    "something is said": ({}, {("spec", "at least one of 'from', 'to' or 'rules' has to be defined")}),
    "rules stand alone": (
        {"rules": [{"default": SOME}], "from": [TO]},
        {("spec", "fields 'to' and 'from' must be empty when 'rules' is defined")},
    ),
    "a default says something": (waiting(), {(DEFAULT, "at least one timeout should be configured")}),
    "so does a default that is not there": (
        {"rules": [{}]},
        {("spec.rules[0].default", "at least one timeout should be configured")},
    ),
    "http says something": (
        waiting(http={"requestHeadersTimeout": "1s"}),
        {(f"{DEFAULT}.http", "at least one timeout in this section should be configured")},
    ),
    "lengths of time": (
        waiting(connectionTimeout="0s", idleTimeout="-1s", http={"requestTimeout": "-1ns", "maxStreamDuration": "0"}),
        {
            (f"{DEFAULT}.connectionTimeout", "must be greater than zero when defined"),
            (f"{DEFAULT}.idleTimeout", "must not be negative when defined"),
            (f"{DEFAULT}.http.requestTimeout", "must not be negative when defined"),
        },
    ),
    "a route has no connections": (
        {
            "targetRef": {"kind": "MeshHTTPRoute", "name": "api"},
            "to": [TO | {"default": {**SOME, "http": {"requestTimeout": "1s", "maxStreamDuration": "1s"}}}],
            "from": [TO],
        },
        {
            ("spec.from", "must not be defined"),
            (f"{DEFAULT}.idleTimeout", NOT_OF_A_ROUTE),
            (f"{DEFAULT}.http.maxStreamDuration", NOT_OF_A_ROUTE),
        },
    ),
    "a gateway has no sources": (
        {"targetRef": {"kind": "MeshGateway", "name": "edge"}, "from": [{"targetRef": {"kind": "MeshSubset"}}]},
        {("spec.from", "must not be defined")},
    ),
}


@pytest.mark.parametrize("release", [OLD, NEW], ids=str)
@pytest.mark.parametrize(("spec", "said"), REFUSED.values(), ids=REFUSED)
def test_what_the_control_plane_refuses_is_refused_in_its_words(spec: Any, said: set[Any], release: Release):
    assert said_of("MeshTimeout", spec, release) == said


@pytest.mark.parametrize("text", ["5", "5 s", "1d", "", "s", "1s2", "2562047h47m17s", "٣s", "1,5s"])
def test_what_is_no_duration_is_refused_where_it_stands(text: str):
    said = said_of("MeshTimeout", waiting(idleTimeout=text))
    assert said == {(f"{DEFAULT}.idleTimeout", "must be a duration such as 500ms, 10s or 1h30m")}


NAMED = "either labels or name and namespace must be specified"
REFS: dict[str, tuple[dict[str, Any], str, str]] = {
    "the mesh has no name": ({"kind": "Mesh", "name": "x"}, ".name", "using name with kind Mesh is not yet supported"),
    "the mesh is this one": ({"kind": "Mesh", "mesh": "x"}, ".mesh", "must not be set with kind Mesh"),
    "the mesh has no tags": ({"kind": "Mesh", "tags": {"a": "b"}}, ".tags", "must not be set with kind Mesh"),
    "the mesh has no labels": ({"kind": "Mesh", "labels": {"a": "b"}}, ".labels", "must not be set with kind Mesh"),
    "the mesh has no namespace": ({"kind": "Mesh", "namespace": "x"}, ".namespace", "must not be set with kind Mesh"),
    "the mesh has no section": ({"kind": "Mesh", "sectionName": "x"}, ".sectionName", "must not be set with kind Mesh"),
    "some proxies, if types are said": (
        {"kind": "Mesh", "proxyTypes": []},
        ".proxyTypes",
        "must be undefined or have at least one element",
    ),
    "a subset has no name": ({"kind": "MeshSubset", "name": "x"}, ".name", "must not be set with kind MeshSubset"),
    "a tag has a name": ({"kind": "MeshSubset", "tags": {"": "b"}}, ".tags", "tag name must be non-empty"),
    "a tag has a value": ({"kind": "MeshSubset", "tags": {"a": ""}}, '.tags["a"]', "tag value must be non-empty"),
    "a subset's tags have no star": (
        {"kind": "MeshSubset", "tags": {"a": "*"}},
        '.tags["a"]',
        "tag value must consist of alphanumeric characters, dots, dashes and underscores",
    ),
    "a name's characters": (
        {"kind": "MeshService", "name": "Web"},
        ".name",
        "invalid characters: must consist of lower case alphanumeric characters, '-', '.' and '_'.",
    ),
    "a name or labels": ({"kind": "MeshService", "name": "x", "labels": {"a": "b"}}, ".labels", NAMED),
    "a namespace is part of a name": (
        {"kind": "MeshService", "namespace": "x", "labels": {"a": "b"}},
        ".labels",
        NAMED,
    ),
    "a service has no tags": (
        {"kind": "MeshService", "name": "x", "tags": {"a": "b"}},
        ".tags",
        "must not be set with kind MeshService",
    ),
    "a subset of a service has no labels": (
        {"kind": "MeshServiceSubset", "name": "x", "labels": {"a": "b"}},
        ".labels",
        "must not be set with kind MeshServiceSubset",
    ),
    "a gateway is no proxy": (
        {"kind": "MeshGateway", "name": "x", "proxyTypes": ["Gateway"]},
        ".proxyTypes",
        "must not be set with kind MeshGateway",
    ),
    "proxies by name or labels": ({"kind": "Dataplane", "name": "x", "labels": {"a": "b"}}, ".labels", NAMED),
    "proxies without tags": ({"kind": "Dataplane", "tags": {"a": "b"}}, ".tags", "must not be set with kind Dataplane"),
    "a section of inbound policies": (
        {"kind": "Dataplane", "sectionName": "http"},
        ".sectionName",
        "can only be used with inbound policies",
    ),
}


@pytest.mark.parametrize("release", [OLD, NEW], ids=str)
@pytest.mark.parametrize(("ref", "path", "message"), REFS.values(), ids=REFS)
def test_a_reference_says_what_its_kind_needs(ref: dict[str, Any], path: str, message: str, release: Release):
    assert said_of("MeshTimeout", about(**ref), release) == {(f"spec.targetRef{path}", message)}


@pytest.mark.parametrize(
    "ref",
    [
        {"kind": "MeshSubset"},
        {"kind": "Dataplane"},
        {"kind": "MeshServiceSubset", "name": "x", "tags": {"a": "*"}},
        {"kind": "MeshGateway", "name": "x", "tags": {"port": "http/80"}},
        {"kind": "MeshService", "name": "x", "namespace": "y", "sectionName": "z"},
        {"kind": "MeshService", "name": "", "labels": {"a": "b"}},
    ],
)
def test_a_reference_may_say_less_than_one_thinks(ref: dict[str, Any]):
    assert said_of("MeshTimeout", about(**ref)) == set()


def test_proxies_are_narrowed_to_an_inbound_by_a_policy_that_works_on_inbounds():
    ref = {"kind": "Dataplane", "sectionName": "http"}
    assert said_of("MeshTimeout", {"targetRef": ref, "rules": [{"default": SOME}]}) == set()
    assert said_of("MeshTimeout", {"targetRef": ref, "from": [TO]}) == set()


def test_routes_are_destinations_since_2_11():
    to = {"targetRef": {"kind": "MeshHTTPRoute", "name": "api"}, "default": SOME}
    assert said_of("MeshTimeout", {"to": [to]}, OLD) == {("spec.to[0].targetRef.kind", "value is not supported")}
    assert said_of("MeshTimeout", {"to": [to]}, Release(2, 11)) == set()


def test_a_route_has_no_sections_since_2_11():
    ref = {"kind": "MeshHTTPRoute", "name": "api", "sectionName": "x"}
    spec = {"targetRef": ref, "to": [TO | {"default": {"http": {"requestTimeout": "1s"}}}]}
    assert said_of("MeshTimeout", spec, OLD) == set()
    assert said_of("MeshTimeout", spec, Release(2, 11)) == {
        ("spec.targetRef.sectionName", "must not be set with kind MeshHTTPRoute")
    }


MATCHES = {
    "a source and what it does not change": (
        [SPIFFE],
        {("spec.rules[0].default.idleTimeout", NOT_BY_SOURCE)},
    ),
    "an empty condition": ([{}], {("spec.rules[0].matches[0]", "must specify at least one of 'spiffeID' or 'sni'")}),
    "a server name in upper case": (
        [{"sni": {"type": "Exact", "value": "Web"}}],
        {
            (
                "spec.rules[0].matches[0].sni.value",
                (
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
                    " and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                    r" '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                ),
            )
        },
    ),
}


@pytest.mark.parametrize(("matches", "said"), MATCHES.values(), ids=MATCHES)
def test_conditions_of_rules_are_judged_since_2_14(matches: Any, said: set[Any]):
    spec = {"rules": [{"matches": matches, "default": SOME}]}
    assert said_of("MeshTimeout", spec, NEW) == said
    assert said_of("MeshTimeout", spec, Release(2, 13)) == {
        ("spec.rules[0].matches", "is known since Kuma 2.14; the target is 2.13")
    }


def test_what_kuma_will_give_up_is_warned_of_in_its_order():
    spec = {"targetRef": {"kind": "MeshService", "name": "x"}, "from": [TO]}
    assert warned_of("MeshTimeout", spec, NEW) == [
        "'from' field is deprecated, use 'rules' instead",
        "MeshService value for 'targetRef.kind' is deprecated, use Dataplane with labels instead",
    ]
    route = {"targetRef": {"kind": "MeshHTTPRoute", "name": "x"}, "to": [TO]}
    assert warned_of("MeshTimeout", route, Release(2, 12)) == []
    assert warned_of("MeshTimeout", route, Release(2, 13)) == [
        "MeshHTTPRoute value for 'targetRef.kind' is deprecated, use MeshHTTPRoute in spec.to[].targetRef"
    ]


def test_the_spelling_of_a_duration_and_the_order_of_proxy_types_mean_nothing():
    kind = KINDS["MeshTimeout"]
    said = about(kind="Mesh", proxyTypes=["Sidecar", "Gateway"]) | waiting(idleTimeout="3600s")
    live = about(kind="Mesh", proxyTypes=["Gateway", "Sidecar"]) | waiting(idleTimeout="1h0m0s")
    found, wanted = (Document(kind.address("it", "shop"), {"spec": spec}) for spec in (live, said))
    assert isinstance(plan(kind, found, wanted), Nothing)


@given(st.integers(-LONGEST - 1, LONGEST))
@example(0)
@example(1_500)
@example(-LONGEST - 1)
def test_a_duration_that_is_spelled_is_read_as_it_was(total: int):
    assert nanoseconds(go_duration(total)) == total


PARTS = st.tuples(st.integers(0, 10**6), st.sampled_from(["h", "m", "s", "ms", "us", "µs", "ns"]))


@given(st.lists(PARTS, min_size=1, max_size=5), st.sampled_from(["", "-", "+"]))
def test_any_spelling_of_a_duration_has_one_normal_form(said: list[tuple[int, str]], sign: str):
    text = sign + "".join(f"{amount}{unit}" for amount, unit in said)
    normal = go_duration(nanoseconds(text))
    assert go_duration(nanoseconds(normal)) == normal


@pytest.mark.parametrize(
    ("said", "read"),
    [("60s", "1m0s"), ("0.5s", "500ms"), ("1500ms", "1.5s"), ("0", "0s"), ("100us", "100µs"), (".5s", "500ms"), ("1.s.5s", "1.5s")],
)  # fmt: skip
def test_a_duration_is_read_back_as_the_control_plane_spells_it(said: str, read: str):
    assert go_duration(nanoseconds(said)) == read
