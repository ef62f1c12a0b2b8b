"""What is promised of MeshHTTPRoute."""

import copy
from typing import Any

import pulumi
import pytest

import pulumi_mesh as mesh
from pulumi_mesh.reconcile.plan import Nothing, Update, plan
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release
from tests.kinds.documents import said_of, warned_of

OLD, NEW = Release(2, 10), Release(2, 14)
GATEWAY = {"kind": "MeshGateway", "name": "edge"}
SERVICE_REF = {"kind": "MeshService", "name": "api"}
SERVICE = SERVICE_REF | {"port": 8080}
RULE = "spec.to[0].rules[0]"
MATCH = f"{RULE}.matches[0]"
FILTER = f"{RULE}.default.filters[0]"
BACKEND = f"{RULE}.default.backendRefs[0]"
NAME_CHARACTERS = "invalid characters: must consist of lower case alphanumeric characters, '-', '.' and '_'."
PREFIXES = "can only appear if all matches match a path prefix"


def route(top: Any = GATEWAY, to: Any = None, matches: Any = None, hostnames: Any = None, **default: Any) -> Any:
    """Return a spec with one rule."""
    rule = {"matches": [{}] if matches is None else matches, "default": {"backendRefs": [SERVICE]} | default}
    item: dict[str, Any] = {"targetRef": to or {"kind": "Mesh"}, "rules": [rule]}
    if hostnames is not None:
        item["hostnames"] = hostnames
    return {"targetRef": top, "to": [item]} if top else {"to": [item]}


def filtered(kind: str, **said: Any) -> Any:
    return route(filters=[{"type": kind, **said}])


REFUSED = {
    "a prefix is a whole path": (
        route(matches=[{"path": {"type": "PathPrefix", "value": "api/"}}]),
        {
            (f"{MATCH}.path.value", "must be an absolute path"),
            (
                f"{MATCH}.path.value",
                "does not need a trailing slash because only a `/`-separated prefix or an entire path is matched",
            ),
        },
    ),
    "an exact path begins with a slash": (
        route(matches=[{"path": {"type": "Exact", "value": "api"}}]),
        {(f"{MATCH}.path.value", "must be an absolute path")},
    ),
    "a header that is there or not has no value": (
        route(matches=[{"headers": [{"name": "a", "type": kind, "value": "x"} for kind in ("Present", "Absent")]}]),
        {(f"{MATCH}.headers[{index}].value", "must not be defined") for index in (0, 1)},
    ),
    "a parameter of the query comes once": (
        route(matches=[{"queryParams": [{"type": "Exact", "name": "a", "value": "x"}] * 2}]),
        {(f"{MATCH}.queryParams[1].name", "multiple entries for name a")},
    ),
    "a rule has matches": (route(matches=[]), {(f"{RULE}.matches", "in body should have at least 1 items")}),
    "a filter has the field of its type": (
        filtered("URLRewrite", requestRedirect={}),
        {(f"{FILTER}.urlRewrite", "must be defined")},
    ),
    "a header modifier does something": (
        filtered("RequestHeaderModifier", requestHeaderModifier={}),
        {(f"{FILTER}.requestHeaderModifier", "must have at least one defined: set, add, remove")},
    ),
    "a header is modified once": (
        filtered(
            "ResponseHeaderModifier",
            responseHeaderModifier={
                "set": [{"name": "a", "value": "x"}],
                "add": [{"name": "a", "value": "x"}],
                "remove": ["a"],
            },
        ),
        {
            (f"{FILTER}.responseHeaderModifier.add[0].name", "duplicate header name"),
            (f"{FILTER}.responseHeaderModifier.remove[0].name", "duplicate header name"),
        },
    ),
    "sixteen headers are enough": (
        filtered("RequestHeaderModifier", requestHeaderModifier={"remove": [f"h-{n}" for n in range(17)]}),
        {(f"{FILTER}.requestHeaderModifier.remove", "in body should have at most 16 items")},
    ),
    "a prefix is replaced only where one matches": (
        filtered(
            "RequestRedirect", requestRedirect={"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}
        ),
        {(f"{FILTER}.requestRedirect.path.replacePrefixMatch", PREFIXES)},
    ),
    "a redirect goes to a name": (
        filtered("RequestRedirect", requestRedirect={"hostname": "010.0.0.1"}),
        {(f"{FILTER}.requestRedirect.hostname", "cannot be an IP address")},
    ),
    "a backend's hostname is the only one": (
        filtered("URLRewrite", urlRewrite={"hostToBackendHostname": True, "hostname": "a.example"}),
        {(f"{FILTER}.urlRewrite.hostToBackendHostname", "cannot be set together with hostname")},
    ),
    "only a gateway knows a backend's hostname": (
        route(None, SERVICE_REF, filters=[{"type": "URLRewrite", "urlRewrite": {"hostToBackendHostname": True}}]),
        {(f"{FILTER}.urlRewrite.hostToBackendHostname", "can only be set with MeshGateway")},
    ),
    "a gateway sends requests somewhere": (
        route(backendRefs=[]),
        {(f"{RULE}.default.backendRefs", "must not be empty")},
    ),
    "a multi-zone service has a port": (
        route(backendRefs=[{"kind": "MeshMultiZoneService"}]),
        {(f"{BACKEND}.port", "must be defined with kind MeshMultiZoneService")},
    ),
    "a backend has a name made for names": (
        route(backendRefs=[{"kind": "MeshService", "name": "Api"}]),
        {(f"{BACKEND}.name", NAME_CHARACTERS)},
    ),
    "only a gateway has hostnames": (
        route({"kind": "Mesh"}, SERVICE_REF, hostnames=["a.example"]),
        {("spec.to[0].hostnames", "must not be defined")},
    ),
    "a gateway's section is chosen by tags": (
        route(GATEWAY | {"sectionName": "http"}),
        {("spec.targetRef.sectionName", "must not be set with kind MeshGateway")},
    ),
    "a proxy's section is none of a route's business": (
        route({"kind": "Dataplane", "sectionName": "http"}, SERVICE_REF),
        {("spec.targetRef.sectionName", "can only be used with inbound policies")},
    ),
}

ACCEPTED = {
    "an empty match": route(),
    "a redirect without backends": route(filters=[{"type": "RequestRedirect", "requestRedirect": {}}], backendRefs=[]),
    "a proxy's route without backends": route({"kind": "Mesh"}, SERVICE_REF, backendRefs=[]),
    "a regular expression that is none": route(matches=[{"path": {"type": "RegularExpression", "value": "("}}]),
    "the same backend twice": route(backendRefs=[SERVICE, SERVICE]),
    "a backend that the Gateway API did not find": route(
        backendRefs=[{"kind": "MeshService", "name": "kuma.io/unresolved-backend"}]
    ),
    "no rules": {"targetRef": GATEWAY, "to": [{"targetRef": {"kind": "Mesh"}, "rules": []}]},
    "nothing": {},
    "null where a default stands": route(backendRefs=[SERVICE | {"weight": None}]),
    "a whole number with a point": route(backendRefs=[SERVICE | {"port": 80.0}]),
}

BY_RELEASE = {
    "a kind that is not for backends": (
        route(backendRefs=[{"kind": "Mesh"}]),
        {OLD: (f"{BACKEND}.kind", "value is not supported"), NEW: (f"{BACKEND}.kind", "value 'Mesh' is not supported")},
    ),
    "a kind that is not for mirrors": (
        filtered("RequestMirror", requestMirror={"backendRef": {"kind": "MeshExternalService", "name": "x"}}),
        {
            OLD: (f"{FILTER}.requestMirror.backendRef.kind", "value is not supported"),
            NEW: (f"{FILTER}.requestMirror.backendRef.kind", "value 'MeshExternalService' is not supported"),
        },
    ),
    "a destination of a gateway": (
        route(to={"kind": "MeshService", "name": "x"}),
        {
            Release(2, 12): ("spec.to[0].targetRef.kind", "value is not supported"),
            Release(2, 13): ("spec.to[0].targetRef.kind", "value 'MeshService' is not supported"),
        },
    ),
    "a gateway without a name": (
        route({"kind": "MeshGateway"}),
        {
            Release(2, 13): ("spec.targetRef.name", "must be set with kind MeshGateway"),
            NEW: ("spec.targetRef.name", "must be set when kind is MeshGateway"),
        },
    ),
    "a service without name and labels": (
        route(backendRefs=[{"kind": "MeshService"}]),
        {
            Release(2, 13): (f"{BACKEND}.name", "must be set with kind MeshService"),
            NEW: (BACKEND, "name or labels must be set when kind is MeshService"),
        },
    ),
}


@pytest.mark.parametrize("release", [OLD, NEW], ids=str)
@pytest.mark.parametrize(("spec", "said"), REFUSED.values(), ids=REFUSED)
def test_what_the_control_plane_refuses_is_refused_in_its_words(spec: Any, said: set[Any], release: Release):
    assert said_of("MeshHTTPRoute", spec, release) == said


@pytest.mark.parametrize("release", [OLD, NEW], ids=str)
@pytest.mark.parametrize("spec", ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_control_plane_takes_is_taken(spec: Any, release: Release):
    assert said_of("MeshHTTPRoute", spec, release) == set()


@pytest.mark.parametrize(("spec", "said"), BY_RELEASE.values(), ids=BY_RELEASE)
def test_each_release_has_words_of_its_own(spec: Any, said: dict[Release, Any]):
    assert {release: said_of("MeshHTTPRoute", spec, release) for release in said} == {
        release: {one} for release, one in said.items()
    }


STRUCTURE = {
    f"{MATCH}.method": route(matches=[{"method": "get"}]),
    f"{MATCH}.headers[0].name": route(matches=[{"headers": [{"name": "X-Upper"}]}]),
    f"{MATCH}.path.value": route(matches=[{"path": {"type": "Exact", "value": ""}}]),
    f"{FILTER}.type": filtered("Nope"),
    f"{FILTER}.requestRedirect.port": filtered("RequestRedirect", requestRedirect={"port": 65536}),
    f"{FILTER}.requestRedirect.statusCode": filtered("RequestRedirect", requestRedirect={"statusCode": 304}),
    f"{FILTER}.requestRedirect.hostname": filtered("RequestRedirect", requestRedirect={"hostname": "*.example"}),
    f"{FILTER}.requestMirror.percentage": filtered(
        "RequestMirror", requestMirror={"percentage": 50.5, "backendRef": SERVICE}
    ),
    f"{BACKEND}.weight": route(backendRefs=[SERVICE | {"weight": -1}]),
    f"{BACKEND}.port": route(backendRefs=[SERVICE | {"port": True}]),
    f"{BACKEND}.name": route(backendRefs=[{"kind": "MeshService", "name": None}]),
    "spec.to[0].targetRef.kind": route(to={"kind": "MeshServic"}),
    "spec.to[0].rules": {"to": [{"targetRef": {"kind": "MeshService", "name": "api"}}]},
    "spec.to": {"to": None},
}


@pytest.mark.parametrize(("path", "spec"), STRUCTURE.items(), ids=STRUCTURE)
def test_a_wrong_structure_is_found_at_its_path(path: str, spec: Any):
    assert path in {where for where, _ in said_of("MeshHTTPRoute", spec)}


def test_proxies_alone_are_taken_where_a_label_gives_the_route_a_role():
    labels = {"kuma.io/policy-role": "consumer"}
    assert said_of("MeshHTTPRoute", route(), labels=labels) == {
        ("spec.targetRef.kind", "value 'MeshGateway' is not supported")
    }
    assert said_of("MeshHTTPRoute", route(), labels={"kuma.io/policy-role": "system"}) == set()


@pytest.mark.parametrize(
    ("kind", "release", "warning"),
    [
        ("MeshService", OLD, "MeshService value for 'targetRef.kind' is deprecated, use MeshSubset with 'kuma.io/service' tag instead"),
        ("MeshService", Release(2, 12), "MeshSubset value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"),
        ("MeshService", NEW, "MeshService value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"),
        ("MeshSubset", OLD, "MeshSubset value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"),
        ("MeshServiceSubset", NEW, "MeshServiceSubset value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"),
    ],
)  # fmt: skip
def test_what_kuma_will_give_up_is_warned_of_in_its_words(kind: str, release: Release, warning: str):
    assert warned_of("MeshHTTPRoute", route({"kind": kind, "name": "x"}), release) == [warning]


def test_the_order_of_backends_means_nothing_and_that_of_rules_something():
    other = {"kind": "MeshService", "name": "api-v2", "port": 8080, "weight": 10}
    spec = route(backendRefs=[SERVICE, other])
    turned = copy.deepcopy(spec)
    turned["to"][0]["rules"][0]["default"]["backendRefs"].reverse()
    assert isinstance(step(spec, turned), Nothing)
    spec["to"][0]["rules"].append({"matches": [{"method": "GET"}], "default": {"backendRefs": [SERVICE]}})
    turned = copy.deepcopy(spec)
    turned["to"][0]["rules"].reverse()
    assert isinstance(step(spec, turned), Update)


def test_the_last_weight_of_a_backend_that_comes_twice_counts():
    twice = [SERVICE | {"weight": 1}, SERVICE | {"weight": 2}]
    assert isinstance(step(route(backendRefs=twice), route(backendRefs=twice[::-1])), Update)


def test_a_change_of_weight_is_named_by_its_backend():
    found = step(route(backendRefs=[SERVICE | {"weight": 9}]), route(backendRefs=[SERVICE]))
    assert isinstance(found, Update)
    assert [str(change) for change in found.changes] == [
        "~ spec.to[0].rules[0].default.backendRefs[MeshService api 8080].weight: 9 -> 1"
    ]


def test_what_the_control_plane_fills_in_is_no_difference():
    said = route(matches=[{"headers": [{"name": "a"}]}], filters=[{"type": "RequestRedirect", "requestRedirect": {}}])
    filled = copy.deepcopy(said)
    rule = filled["to"][0]["rules"][0]
    rule["matches"][0]["headers"][0]["type"] = "Exact"
    rule["default"]["filters"][0]["requestRedirect"]["statusCode"] = 302
    rule["default"]["backendRefs"][0] = SERVICE | {"weight": 1}
    assert isinstance(step(filled, said), Nothing)


def step(actual: Any, desired: Any) -> Any:
    kind = KINDS["MeshHTTPRoute"]
    found, wanted = (Document(kind.address("it", "shop"), {"spec": spec}) for spec in (actual, desired))
    return plan(kind, found, wanted)


class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        return args.name, dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:
        return {}


@pytest.fixture
def engine():
    pulumi.runtime.set_mocks(Engine())


RULES = [{"matches": [{"path": {"type": "PathPrefix", "value": "/api"}}], "default": {"backend_refs": [SERVICE]}}]


@pytest.mark.usefixtures("engine")
def test_models_dicts_and_references_with_outputs_may_be_mixed():
    edge = mesh.MeshGateway("edge", mesh="shop", selectors=[{"match": {"kuma.io/service": "edge"}}])
    ref = mesh.BackendRef(kind="MeshService", name=pulumi.Output.from_input("api"), port=8080, weight=90)
    rule = mesh.HttpRouteRule(matches=[mesh.HttpRouteMatch(method="GET")], default={"backend_refs": [ref, SERVICE]})
    for top in (edge.ref(port="http"), mesh.TargetRef(kind="MeshGateway", name=edge.name), GATEWAY):
        mesh.MeshHTTPRoute(
            f"api-{id(top)}",
            mesh="shop",
            target_ref=top,
            to=[{"target_ref": {"kind": "Mesh"}, "rules": [rule, *RULES]}],
        )


@pytest.mark.usefixtures("engine")
def test_an_error_names_the_argument_and_the_control_planes_path():
    with pytest.raises(mesh.InvalidResource) as refused:
        mesh.MeshHTTPRoute("api", mesh="shop", target_ref=GATEWAY, to=[{"target_ref": SERVICE_REF, "rules": RULES}])
    assert str(refused.value).startswith(
        "MeshHTTPRoute/shop/api: to[0].target_ref.kind (spec.to[0].targetRef.kind): value 'MeshService' is not supported"
    )


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ({"wieght": 5}, 'wieght): unknown key "wieght"; did you mean "weight"'),
        ({"weight": "5"}, "weight): must be a whole number; it is '5'"),
        ({"tags": {"a": 1}}, "tags.a): must be text"),
    ],
)
def test_a_slip_deep_in_a_program_is_refused_on_its_line(backend: dict[str, Any], said: str):
    rule = {"matches": [{}], "default": {"backend_refs": [SERVICE | backend]}}
    with pytest.raises(mesh.InvalidResource) as refused:
        mesh.MeshHTTPRoute("api", mesh="shop", to=[{"target_ref": SERVICE_REF, "rules": [rule]}])
    assert f"(spec.to[0].rules[0].default.backendRefs[0].{said}" in str(refused.value)
    assert "test_mesh_http_route.py:" in str(refused.value)
