"""The tables that control planes made for their proxies, judged entry by entry.

`tables.jsonl` holds documents, made by chance, and what kuma-cp 2.10.11 and 2.14.3 answered to `_config` for the gateway's
Dataplane: the routes of each virtual host, cut down to what they match, where they lead, and what becomes of path and host.
"""

import json
from pathlib import Path

import pytest

from pulumi_mesh.testing import RouteTable

RECORDED = [json.loads(line) for line in Path(__file__).with_name("tables.jsonl").read_text().splitlines()]
NAMES = [f"{one['kuma']}-{number}" for number, one in enumerate(RECORDED)]


def condition(one):
    """A condition as Envoy has it."""
    if one.kind in ("Present", "Absent"):
        return {"name": one.name, "presentMatch": one.kind == "Present"}
    if one.kind == "Prefix":
        return {"name": one.name, "prefixMatch": one.value}
    return {
        "name": one.name,
        "stringMatch": {"exact": one.value} if one.kind == "Exact" else {"safeRegex": {"regex": one.value}},
    }


def matched(entry):
    """What an entry matches, as Envoy has it."""
    path = {
        "Exact": {"path": entry.path},
        "PathPrefix": {"prefix": entry.path},
        "RegularExpression": {"safeRegex": {"regex": entry.path}},
    }
    method = [{"name": ":method", "stringMatch": {"exact": entry.match.method}}] if entry.match.method else []
    headers = method + [condition(one) for one in entry.match.conditions if one.on == "header"]
    queries = [condition(one) for one in entry.match.conditions if one.on == "query"]
    found = dict(path[entry.kind])
    found |= {"headers": sorted(headers, key=json.dumps)} if headers else {}
    return found | ({"queryParameters": sorted(queries, key=json.dumps)} if queries else {})


def spelled(entry):
    """An entry as it is recorded."""
    action = entry.action
    found = {"match": matched(entry)}
    if not action.forwards:
        return found | {"redirect": True}
    found["clusters"] = sorted([one.name, round(one.share, 3)] for one in action.shares)
    if action.host:
        found["host"] = action.host
    said = (action.rewrites or {}).get("path") or {}
    if said.get("replaceFullPath") is not None:
        found["regexRewrite"] = said["replaceFullPath"]
    elif action.rewrites_prefix:
        new = action.rewritten(entry.path, action.rewrites)
        found["regexRewrite" if action.bare else "prefixRewrite"] = new
    return found


def tables(recorded):
    """Our tables, by route configuration and virtual host, and whether their order can be told."""
    routing = RouteTable([{"mesh": "shop", **one} for one in recorded["documents"]], recorded["kuma"]).routing
    for port in routing.ports[0].by_number.values():
        for host in port.hosts:
            name = f"edge:{port.protocol}:{port.number}:{host.listener.hostname if port.protocol == 'HTTPS' else '*'}"
            yield name, host.domain, port.table(host)


@pytest.mark.parametrize("recorded", RECORDED, ids=NAMES)
def test_every_virtual_host_is_there_and_no_other(recorded):
    ours = {(name, domain) for name, domain, _ in tables(recorded)}
    theirs = {(name, domain) for name, hosts in recorded["tables"].items() for domain in hosts}
    assert ours == theirs


@pytest.mark.parametrize("recorded", RECORDED, ids=NAMES)
def test_every_entry_is_the_control_planes_and_in_its_order_where_there_is_one(recorded):
    for name, domain, table in tables(recorded):
        ours, theirs = [spelled(entry) for entry in table.entries], recorded["tables"][name][domain]
        if not table.certain:
            ours, theirs = sorted(ours, key=json.dumps), sorted(theirs, key=json.dumps)
        assert ours == theirs, (name, domain)


def test_both_releases_were_recorded_and_tables_of_both_sorts():
    assert {one["kuma"] for one in RECORDED} == {"2.10.11", "2.14.3"}
    kinds = [table.certain for one in RECORDED for _, _, table in tables(one)]
    assert kinds.count(True) > 50
    assert kinds.count(False) > 20
