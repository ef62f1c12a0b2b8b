"""What is promised of MeshProxyPatch."""

from typing import Any

import pytest

from pulumi_mesh.schema.release import Release
from tests.kinds.documents import said_of, warned_of

AT = "spec.default.appendModifications"
FIRST = f"{AT}[0]"
CLUSTER = "name: c\nconnectTimeout: 5s\n"
NAMED = "name: envoy.x"


def changing(*changes: Any, release: Release = Release(2, 14), **spec: Any) -> set[tuple[str, str]]:
    return said_of("MeshProxyPatch", {"default": {"appendModifications": list(changes)}, **spec}, release)


def patching(sort: str, **said: Any) -> set[tuple[str, str]]:
    return {(path.removeprefix(f"{FIRST}.{sort}."), message) for path, message in changing({sort: said})}


def stepping(**step: Any) -> dict[str, str]:
    found = patching("cluster", operation="Patch", jsonPatches=[step])
    return {path.removeprefix("jsonPatches[0]."): message for path, message in found}


def test_something_is_changed():
    assert changing() == {(AT, "must not be empty")}
    assert said_of("MeshProxyPatch", {"default": {}}) == {(AT, "must not be empty")}
    assert said_of("MeshProxyPatch", {}) == {("spec.default", "is required")}


def test_each_change_is_about_one_sort():
    remove = {"operation": "Remove"}
    why = "exactly one modification can be defined at a time. Currently, {} modifications are defined"
    assert changing({}, {"cluster": remove, "listener": remove}) == {
        (FIRST, why.format(0)),
        (f"{AT}[1]", why.format(2)),
    }


@pytest.mark.parametrize("sort", ["cluster", "listener", "virtualHost"])
def test_filters_alone_have_neighbours(sort: str):
    said = patching(sort, operation="AddFirst", match={}, value=NAMED)
    assert said == {("operation", "must be one of Add, Remove, Patch")}


@pytest.mark.parametrize("sort", ["networkFilter", "httpFilter"])
def test_a_filter_is_added_somewhere(sort: str):
    assert {path for path, _ in patching(sort, operation="Add", value=NAMED)} == {"operation"}
    for place in ("AddFirst", "AddLast"):
        assert patching(sort, operation=place, value=NAMED) == set()
        assert patching(sort, operation=place, match={"name": "x"}, value=NAMED) == set()
    need = "must be defined. You need to pick a filter {} which this one will be added"
    assert patching(sort, operation="AddBefore", value=NAMED) == {("match.name", need.format("before"))}
    assert patching(sort, operation="AddAfter", match={}, value=NAMED) == {("match.name", need.format("after"))}
    assert patching(sort, operation="AddAfter", match={"name": ""}, value=NAMED) == set()


@pytest.mark.parametrize("sort", ["networkFilter", "httpFilter"])
def test_a_filter_to_patch_is_named(sort: str):
    assert patching(sort, operation="Patch", match={"origin": "gateway"}, value="{}") == {
        ("match.name", "must be defined")
    }


def test_what_is_added_is_not_matched():
    for sort in ("cluster", "listener"):
        assert ("match", "must not be defined") in patching(sort, operation="Add", match={}, value=CLUSTER)
    host = "name: h\ndomains: ['*']"
    assert patching("virtualHost", operation="Add", match={"routeConfigurationName": "r"}, value=host) == set()
    assert patching("virtualHost", operation="Add", match={"name": "h"}, value=host) == {
        ("match.name", "must not be defined")
    }


@pytest.mark.parametrize("sort", ["cluster", "listener", "virtualHost", "networkFilter", "httpFilter"])
def test_what_is_removed_has_no_value(sort: str):
    assert patching(sort, operation="Remove", match={}, jsonPatches=[{"op": "remove", "path": "/"}]) == set()
    assert patching(sort, operation="Remove", match={}, value="") == {("value", "must not be defined")}


def test_what_is_added_has_a_value():
    assert patching("cluster", operation="Add", jsonPatches=[]) == {("value", "must be defined")}


def test_a_patch_is_a_value_or_steps():
    step = {"op": "add", "path": "/name", "value": "x"}
    path = f"{FIRST}.cluster"
    assert changing({"cluster": {"operation": "Patch"}}) == {
        (path, "cluster must have exactly one defined: value, jsonPatches")
    }
    assert changing({"cluster": {"operation": "Patch", "value": "{}", "jsonPatches": [step]}}) == {
        (path, "cluster must have only one type defined: value, jsonPatches")
    }
    assert changing({"cluster": {"operation": "Patch", "value": "{}", "jsonPatches": []}}) == set()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"op": "add", "path": "/a", "value": 1}, {}),
        ({"op": "add", "path": "/a", "value": None}, {}),
        ({"op": "replace", "path": "", "value": {}}, {}),
        ({"op": "move", "path": "/a", "from": "/b"}, {}),
        ({"op": "copy", "path": "/a", "from": ""}, {}),
        ({"op": "remove", "path": "/a"}, {}),
        ({"op": "remove", "path": "/"}, {"path": "root path cannot be removed"}),
        ({"op": "remove", "path": ""}, {"path": "root path cannot be removed"}),
        ({"op": "add", "path": "/a"}, {"value": '"value" must not be empty when "op" is one of ["add", "replace"]'}),
        ({"op": "copy", "path": "/a"}, {"from": '"from" must not be empty when "op" is one of ["move", "copy"]'}),
        (
            {"op": "remove", "path": "/a", "value": 1, "from": "/b"},
            {
                "value": '"value" is allowed only when "op" is one of ["add", "replace"]',
                "from": '"from" is allowed only when "op" is one of ["move", "copy"]',
            },
        ),
        ({"op": "test", "path": "/a"}, {"op": "must be one of add, remove, replace, move, copy"}),
        ({"op": "remove"}, {"path": "is required"}),
    ],
)
def test_a_step_has_what_it_needs(step: dict[str, Any], said: dict[str, str]):
    assert stepping(**step) == said


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("cluster", "name: c\ntype: EDS\nlb_policy: ROUND_ROBIN"),
        ("cluster", '{"name": "c", "connectTimeout": "0.25s", "nobodyKnows": 1}'),
        ("cluster", "name: c\nconnect_timeout: 1s\n---\nname: 5"),
        ("listener", ""),
        ("listener", "address: {socketAddress: {address: 10.0.0.1, portValue: 80}}"),
        ("networkFilter", "name: f\ntypedConfig: {'@type': type.googleapis.com/envoy.config.core.v3.Node}"),
        ("httpFilter", "name: f\nisOptional: true"),
        ("virtualHost", "name: v\ndomains: ['*']\nrequireTls: ALL"),
    ],
)
def test_a_resource_of_envoy_is_taken(sort: str, value: str):
    operation = "AddFirst" if sort.endswith("Filter") else "Add"
    match: dict[str, Any] = {"match": {}} if sort == "virtualHost" else {}
    assert patching(sort, operation=operation, value=value, **match) == set()


@pytest.mark.parametrize(
    ("sort", "value", "why"),
    [
        ("cluster", "a: [", "it is neither YAML nor JSON"),
        ("cluster", "just text", "cannot unmarshal string"),
        ("cluster", "name: 5", "cannot unmarshal number"),
        ("cluster", "type: NONE\nname: c", "unknown value"),
        ("cluster", "name: c\nconnectTimeout: 5 s", "bad Duration"),
        ("cluster", "name: c\nconnectTimeout: 0s", "ConnectTimeout"),
        ("cluster", "connectTimeout: 5s", "Cluster.Name"),
        ("networkFilter", "name: f\ntypedConfig: {a: b}", "@type"),
        ("httpFilter", "disabled: true", "HttpFilter.Name"),
        ("virtualHost", "name: v", "VirtualHost.Domains"),
    ],
)
def test_what_is_no_resource_of_envoy_is_refused(sort: str, value: str, why: str):
    operation = "AddFirst" if sort.endswith("Filter") else "Add"
    match: dict[str, Any] = {"match": {}} if sort == "virtualHost" else {}
    ((path, message),) = patching(sort, operation=operation, value=value, **match)
    assert path == "value"
    assert message.startswith("native Envoy resource is not valid: ")
    assert why in message


def test_a_part_of_a_resource_need_not_be_whole():
    assert patching("cluster", operation="Patch", value="lbPolicy: RANDOM") == set()
    assert {path for path, _ in patching("cluster", operation="Patch", value="lbPolicy: SOME")} == {"value"}


@pytest.mark.parametrize("kind", ["MeshHTTPRoute", "MeshExternalService", "MeshMultiZoneService"])
def test_it_is_about_proxies_and_gateways(kind: str):
    remove = {"cluster": {"operation": "Remove"}}
    assert changing(remove, targetRef={"kind": kind, "name": "x"}) == {
        ("spec.targetRef.kind", f"value '{kind}' is not supported")
    }
    assert changing(remove, targetRef={"kind": "MeshGateway", "name": "x"}) == set()
    assert changing(remove, targetRef={"kind": "MeshGateway", "name": "x", "tags": {"a": "b"}}) == {
        ("spec.targetRef.tags", "must not be set with kind MeshGateway")
    }


def test_what_kuma_gives_up_is_a_warning():
    spec = {"targetRef": {"kind": "MeshSubset"}}
    why = "MeshSubset value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"
    assert warned_of("MeshProxyPatch", spec, Release(2, 10)) == [why]
    assert warned_of("MeshProxyPatch", spec) == [why]
