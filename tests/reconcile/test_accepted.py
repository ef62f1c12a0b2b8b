"""What is promised of proxies: from two answers it is told whether Envoy runs what is made for it. Samples: Kuma 2.14.3, Envoy 1.38."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_mesh.reconcile.accepted import Judged, Told, gone, judged, rejected

HERE = Path(__file__).parent / "proxies"
ROUTES = "edge:HTTP:28080:*"
MADE = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"


def sample(name: str) -> dict[str, Any]:
    return json.loads((HERE / f"{name}.json").read_text())


def judge(said: dict[str, Any]) -> Judged:
    return judged(Told(*said["_config"]), Told(*said["xds"]))


@pytest.mark.parametrize("name", ["good", "https", "repaired", "drained"])
def test_a_proxy_that_has_what_is_made_for_it_runs_it(name: str):
    assert judge(sample(name)) == Judged("runs")


def test_a_proxy_that_goes_on_with_older_routes_is_behind_and_the_expression_that_it_refuses_is_named():
    assert judge(sample("rejected")) == Judged(
        "behind",
        (
            f"not run as written: routes {ROUTES}",
            'the expression "/a([" is none: error parsing regexp: missing closing ]: `[`',
        ),
        refused=True,
    )


def test_a_listener_that_envoy_refuses_is_named_with_its_words_and_without_the_configuration_that_it_repeats():
    found = judge(sample("listener-rejected"))
    assert (found.state, found.refused) == ("behind", True)
    [why] = found.reasons
    assert why.startswith("not run as written: listener edge:TCP:28090: Proto constraint validation failed")
    assert "\n" not in why
    assert "stat_prefix" not in why


def test_what_envoy_says_of_an_older_listener_is_over():
    said = sample("listener-rejected")
    for part in said["xds"][1]["configs"]:
        for one in part.get("dynamic_listeners", []):
            if "error_state" in one:
                one["error_state"]["failed_configuration"]["stat_prefix"] = "older"
    assert judge(said) == Judged("behind", ("not run as written: listener edge:TCP:28090",), mild=True)


def test_a_listener_whose_routes_are_not_made_leaves_the_proxy_stuck():
    assert judge(sample("port-without-rule")) == Judged(
        "stuck", ("edge:HTTP:28081 waits for the routes edge:HTTP:28081:*",)
    )


@pytest.mark.parametrize(("status", "how"), [(500, "answers 500"), (0, "breaks off")])
def test_a_control_plane_that_cannot_say_what_it_makes_leaves_the_proxy_stuck(status: int, how: str):
    assert sample("missing-secret")["_config"][0] == 500
    said = {**sample("missing-secret"), "_config": [status, {}]}
    assert judge(said) == Judged("stuck", (f"the control plane {how} when it is asked what it makes for it",))


@pytest.mark.parametrize("status", [401, 403, 404, 405, 501])
def test_a_control_plane_that_does_not_tell_says_nothing_about_the_proxy(status: int):
    assert judge({**sample("good"), "_config": [status, {}]}).state == "unknown"


@pytest.mark.parametrize("status", [0, 403, 500])
def test_an_envoy_that_cannot_be_asked_is_not_known_and_one_that_is_stuck_is_known_without_it(status: int):
    assert judge({**sample("good"), "xds": [status, {}]}).state == "unknown"
    assert judge({**sample("port-without-rule"), "xds": [status, {}]}).state == "stuck"


def test_each_change_of_routes_and_listeners_is_seen_and_certificates_are_not_looked_at():
    good = sample("https")
    kinds: set[str] = set()
    for type_, resources in good["_config"][1]["xds"].items():
        for name in resources:
            said = copy.deepcopy(good)
            said["_config"][1]["xds"][type_][name]["fromTheFuture"] = {"a": 1}
            kinds.add(type_.rpartition(".")[2])
            assert judge(said).state == "behind"
            assert name in judge(said).reasons[0]
    assert kinds == {"Listener", "RouteConfiguration"}
    said = copy.deepcopy(good)
    listener = next(iter(said["_config"][1]["xds"]["type.googleapis.com/envoy.config.listener.v3.Listener"].values()))
    listener["inlineBytes"] = "c2VjcmV0"
    assert judge(said) == Judged("runs")


def test_a_listener_that_is_to_go_and_is_still_there_is_behind_but_routes_that_are_left_over_are_not():
    said = sample("https")
    for resources in said["_config"][1]["xds"].values():
        for name in [name for name in resources if ":HTTPS:" in name]:
            del resources[name]
    assert judge(said) == Judged("behind", ("not run as written: listener edge:HTTPS:28443",))
    part = next(part for part in said["xds"][1]["configs"] if "dynamic_listeners" in part)
    for one in part["dynamic_listeners"]:
        if ":HTTPS:" in one["name"]:
            one["draining_state"] = one.pop("active_state")
    assert judge(said) == Judged("runs")


def test_only_what_listeners_say_is_mild_and_what_kuma_2_10_says_otherwise_is_nothing():
    said = sample("good")
    listener = said["_config"][1]["xds"]["type.googleapis.com/envoy.config.listener.v3.Listener"]["edge:HTTP:28080"]
    manager = listener["filterChains"][0]["filters"][0]["typedConfig"]
    manager["internalAddressConfig"] = {"cidrRanges": [{"addressPrefix": "127.0.0.1", "prefixLen": 32}]}
    assert judge(said) == Judged("runs")
    manager["statPrefix"] = "other"
    assert judge(said) == Judged("behind", ("not run as written: listener edge:HTTP:28080",), mild=True)
    assert not judge(sample("rejected")).mild


def with_routes(**route: Any) -> dict[str, Any]:
    """Return a proxy that is made other routes than it runs."""
    said = sample("good")
    made = said["_config"][1]["xds"][MADE][ROUTES]["virtualHosts"][0]["routes"]
    made[0] = {**made[0], **route}
    return said


@pytest.mark.parametrize(
    ("route", "why"),
    [
        ({"match": {"safeRegex": {"regex": "/x(?!a)"}}}, 'the expression "/x(?!a)" is none'),
        ({"match": {"headers": [{"stringMatch": {"safeRegex": {"regex": "("}}}]}}, 'the expression "(" is none'),
        ({"route": {"weightedClusters": {"clusters": [{"name": "a"}, {"name": "b"}]}}}, "have the weight 0"),
        ({"route": {"weightedClusters": {"clusters": [{"weight": 1}]}}}, "a backend that does not exist"),
        ({"requestHeadersToAdd": [{"header": {"key": "host", "value": "a"}}]}, "adds the header host"),
        ({"requestHeadersToRemove": ["host"]}, "removes the header host"),
        ({"requestHeadersToAdd": [{"header": {"key": "x-a", "value": "50%"}}]}, "lone %"),
    ],
)
def test_what_envoy_is_known_to_refuse_is_named(route: dict[str, Any], why: str):
    found = judge(with_routes(**route))
    assert (found.state, found.refused) == ("behind", True)
    assert why in found.reasons[-1]


@pytest.mark.parametrize(
    "route",
    [
        {"match": {"safeRegex": {"regex": "/v[0-9]+/.*"}}},
        {"route": {"weightedClusters": {"clusters": [{"name": "a"}]}}},
        {"route": {"weightedClusters": {"clusters": [{"name": "a"}, {"name": "b", "weight": 1}]}}},
        {"requestHeadersToAdd": [{"header": {"key": "x-a", "value": "50%% of %REQ(x)%"}}]},
        {
            "requestHeadersToAdd": [
                {"header": {"key": "host", "value": "a"}, "appendAction": "OVERWRITE_IF_EXISTS_OR_ADD"}
            ]
        },
    ],
)
def test_what_envoy_takes_is_no_reason(route: dict[str, Any]):
    assert judge(with_routes(**route)) == Judged("behind", (f"not run as written: routes {ROUTES}",))


def test_counters_are_text_and_a_zero_is_left_out():
    assert rejected(sample("good")["insight"][1]) == 0
    assert rejected(sample("rejected")["insight"][1]) == 3
    assert rejected({}) == rejected({"subscriptions": []}) == 0


def test_a_proxy_is_there_until_its_last_connection_ends():
    insight = sample("good")["insight"][1]
    assert not gone(Told(200, insight))
    ended = copy.deepcopy(insight)
    ended["subscriptions"][-1]["disconnectTime"] = "2026-11-25T19:30:00Z"
    for answer in (Told(200, ended), Told(200, {}), Told(404)):
        assert gone(answer)
    for status in (0, 403, 500):
        assert not gone(Told(status))
