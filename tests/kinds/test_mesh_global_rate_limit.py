"""What is promised of MeshGlobalRateLimit."""

from typing import Any

import pytest

from tests.kinds.documents import said_of, warned_of

KIND = "MeshGlobalRateLimit"
EVERYONE = {"kind": "Mesh"}
BACKEND = {"rateLimitService": {"url": "http://ratelimit:10003"}}
BAD: list[tuple[dict[str, Any], str, str | None]] = [
    ({"requestRate": {"num": 1}}, "requestRate.interval", "is required"),
    ({"requestRate": {"interval": "1s"}}, "requestRate.num", "is required"),
    ({"requestRate": {"num": "1", "interval": "1s"}}, "requestRate.num", "must be a whole number"),
    ({"ratelimitOnRequest": [{"name": "a", "limits": []}]}, "ratelimitOnRequest[0].kind", "is required"),
    (
        {"ratelimitOnRequest": [{"kind": "OnPath", "name": "a", "limits": []}]},
        "ratelimitOnRequest[0].kind",
        "must be one of OnHeader",
    ),
    (
        {"rateLimitOnRequest": []},
        "rateLimitOnRequest",
        'unknown key "rateLimitOnRequest"; did you mean "ratelimitOnRequest"',
    ),
    ({"onRateLimit": {"headers": {"set": [{"name": "X", "value": ""}]}}}, "onRateLimit.headers.set[0].name", None),
]


def limiting(http: Any, name: str = "from", backend: Any = BACKEND) -> dict[str, Any]:
    return {name: [{"targetRef": EVERYONE, "default": {"http": http, "backend": backend}}]}


@pytest.mark.parametrize("interval", ["1s", "1000ms", "1m", "60s", "1h", "60m", "24h"])
def test_some_intervals_are_counted(interval: str):
    assert said_of(KIND, limiting({"requestRate": {"num": 0, "interval": interval}})) == set()


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("interval", ["0s", "10s", "2m", "12h", "48h"])
def test_no_other_interval_is(interval: str, name: str):
    rate = {"num": 1, "interval": interval}
    by_header = {
        "kind": "OnHeader",
        "name": "x-tenant",
        "limits": [{"value": "a"}, {"value": "b", "requestRate": rate}],
    }
    at, why = f"spec.{name}[0].default.http", "must be one of 1s, 1m, 1h, 24h"
    assert said_of(KIND, limiting({"requestRate": rate, "ratelimitOnRequest": [by_header]}, name)) == {
        (f"{at}.requestRate.interval", why),
        (f"{at}.ratelimitOnRequest[0].limits[1].requestRate.interval", why),
    }


@pytest.mark.parametrize(("http", "path", "why"), BAD)
def test_its_structure_is_that_of_the_schema(http: Any, path: str, why: str | None):
    found = dict(said_of(KIND, limiting(http)))
    assert list(found) == [f"spec.from[0].default.http.{path}"]
    assert why is None or list(found.values()) == [why]


def test_who_counts_is_said():
    assert said_of(KIND, limiting({}, backend={})) == {("spec.from[0].default.backend.rateLimitService", "is required")}
    assert said_of(KIND, {"from": [{"targetRef": EVERYONE, "default": {"http": {}}}]}) == {
        ("spec.from[0].default.backend", "is required")
    }
    assert said_of(KIND, limiting({}, backend={"rateLimitService": {}})) == set()


def test_a_reference_says_what_its_kind_needs():
    gateway = {"kind": "MeshGateway", "name": "edge", "tags": {"port": "http"}}
    assert said_of(KIND, {"targetRef": gateway, **limiting({}, "to")}) == set()
    assert said_of(
        KIND, {"targetRef": {"kind": "MeshGateway"}, "to": [{"targetRef": {"kind": "Mesh", "name": "x"}}]}
    ) == {
        ("spec.targetRef.name", "must be set when kind is MeshGateway"),
        ("spec.to[0].targetRef.name", "using name with kind Mesh is not yet supported"),
    }


def test_what_kuma_gives_up_is_a_warning():
    why = "MeshService value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"
    assert warned_of(KIND, {"targetRef": {"kind": "MeshService", "name": "x"}}) == [why]
