"""A secret is never in clear: not in the state, an export, a preview, an event, a log."""

import json
from base64 import b64encode

import pytest

from tests.e2e.engine import Ran, Stack
from tests.e2e.gate import Gate, Reply
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

FIRST, SECOND = "hunter2-in-the-clear", "correct-horse-in-the-clear"
PROGRAM = """
key = mesh.Secret("key", mesh=SHOP, data=mesh.base64("%s"), labels={"round": "%s"})
gateway(listeners=[{"port": 8443, "protocol": "HTTPS", "tls": {"certificates": [key]}}])
pulumi.export("key", key.data)
"""


def clear(text: str) -> list[str]:
    """Return what must not be in a text, and is."""
    said = [form for word in (FIRST, SECOND) for form in (word, b64encode(word.encode()).decode())]
    return [form for form in said if form in text]


def shown(*runs: Ran) -> str:
    """Return what the engine showed and told; what the SDK notes for its own developers (severity debug) is not ours."""
    told = [e for ran in runs for e in ran.events if e.get("diagnosticEvent", {}).get("severity") != "debug"]
    return "\n".join([*(ran.text for ran in runs), json.dumps(told)])


def test_a_secret_is_in_clear_nowhere_in_its_life(stack: Stack, plane: Plane, shop: str):
    first = stack.preview(PROGRAM % (FIRST, 1), "--diff")
    made = stack.up()
    at = f"/meshes/{shop}/secrets/key"
    assert plane.get(at)["data"] == b64encode(FIRST.encode()).decode()
    rotated = stack.preview(PROGRAM % (SECOND, 1), "--diff")
    assert "data: [secret] => [secret]" in " ".join(rotated.text.split())
    digest = stack.preview(None, "--json")
    renewed = stack.up()
    assert renewed.ops == {"key": "update"}
    assert plane.get(at)["data"] == b64encode(SECOND.encode()).decode()
    assert not clear(shown(first, made, rotated, digest, renewed))
    assert not clear(stack.file())
    assert not clear(stack.pulumi("stack", "export", "--stack", stack.name))
    assert not clear(stack.pulumi("stack", "output", "--json", "--stack", stack.name))


def test_a_secret_edited_by_hand_is_found_and_repaired_without_being_shown(stack: Stack, plane: Plane, shop: str):
    stack.up(PROGRAM % (FIRST, 1))
    at = f"/meshes/{shop}/secrets/key"
    plane.edit(at, lambda live: live.update(data=b64encode(SECOND.encode()).decode()))
    found = stack.preview(None, "--refresh", "--diff")
    assert found.paths("key") == {"data"}
    refreshed = stack.refresh("--diff")
    assert not clear(stack.file())
    repaired = stack.up()
    assert repaired.ops == {"key": "update"}
    assert plane.get(at)["data"] == b64encode(FIRST.encode()).decode()
    assert not clear(shown(found, refreshed, repaired))
    stack.settled()


def test_a_refused_secret_is_not_in_the_message(stack: Stack, gate: Gate, shop: str):
    said = {
        "type": "/std-errors",
        "status": 400,
        "title": "Could not process a resource",
        "detail": "Resource is not valid",
    }
    wrong = {"field": "data", "reason": f"not good: {b64encode(FIRST.encode()).decode()}"}
    gate.before = lambda request: (
        Reply(400, said | {"invalid_parameters": [wrong]}) if request.method == "PUT" else None
    )
    refused = stack.up(PROGRAM % (FIRST, 1), code=1)
    assert f"Secret/{shop}/key" in refused.text
    assert not clear(shown(refused))


def test_a_secret_that_is_no_base64_is_refused_without_its_value(stack: Stack, gate: Gate, shop: str):
    """On the user's line where it is plain text, by the provider where it is an Output."""
    for data in (f'"{FIRST} §"', f'pulumi.Output.secret("{FIRST} §")'):
        refused = stack.up(f'mesh.Secret("key", mesh=SHOP, data={data})', code=1)
        assert f"Secret/{shop}/key" in refused.text
        assert "data" in refused.text
        assert "Traceback" not in refused.text
        assert not clear(shown(refused))
    assert gate.writes() == []
    stack.up('mesh.Secret("key", mesh=SHOP, data=mesh.base64("fine"))')


def test_a_secret_is_not_in_the_most_talkative_log_of_our_own_code(stack: Stack):
    """The engine writes its own gRPC traffic there; the lines of the provider process are ours."""
    ran = stack.up(PROGRAM % (FIRST, 1), "--logtostderr", "-v=9")
    ours = [line for line in ran.text.splitlines() if "pulumi_mesh" in line or "httpx" in line]
    assert not clear("\n".join(ours))


def test_a_secret_in_a_list_is_as_secret(stack: Stack, plane: Plane, shop: str):
    key = """
    ca = {"name": "ca-1", "type": "provided", "conf": {"cert": {"inline_string": "%s"}, "key": {"inline_string": "%s"}}}
    gateway(listeners=[{"port": 8443, "protocol": "HTTPS", "tls": {"certificates": [{"inline_string": "%s"}]}}])
    """
    made = stack.up(key % (FIRST, FIRST, FIRST))
    assert FIRST in str(plane.get(f"/meshes/{shop}/meshgateways/edge")) or clear(
        str(plane.get(f"/meshes/{shop}/meshgateways/edge"))
    )
    changed = stack.up(key % (SECOND, SECOND, SECOND))
    assert changed.ops == {"edge": "update"}
    assert not clear(shown(made, changed))
    assert not clear(stack.file())
