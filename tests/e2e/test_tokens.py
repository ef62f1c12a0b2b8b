"""Tokens as resources: issued once, secret everywhere, another one when it is time or asked for."""

import json
from base64 import b64decode, urlsafe_b64decode

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate, Reply, Request
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

TOKEN = """
token = mesh.DataplaneToken("edge", mesh=SHOP, dataplane="edge-1", tags={"kuma.io/service": ["edge"]}, valid_for="%s"%s)
pulumi.export("token", token.token)
pulumi.export("expires", token.expires)
pulumi.export("id", token.token_id)
"""


def outputs(stack: Stack) -> dict[str, str]:
    return json.loads(stack.pulumi("stack", "output", "--stack", stack.name, "--json", "--show-secrets"))


def claims(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_a_token_is_issued_once_and_is_a_secret(stack: Stack, gate: Gate, shop: str):
    previewed = stack.preview(TOKEN % ("720h", ""))
    assert gate.requests == []
    stack.up()
    assert gate.writes() == ["POST /tokens/dataplane"]
    first = outputs(stack)
    said = claims(first["token"])
    assert (said["Mesh"], said["Name"], said["Tags"]) == (shop, "edge-1", {"kuma.io/service": ["edge"]})
    assert said["jti"] == first["id"]
    gate.forget()
    ran = stack.up(None, "--expect-no-changes", "--diff")
    stack.settled()
    assert gate.writes() == []
    for text in (stack.file(), previewed.text, ran.text, stack.pulumi("stack", "output", "--stack", stack.name)):
        assert first["token"] not in text
        assert "eyJ" not in text


def test_what_is_asked_for_otherwise_is_another_token(stack: Stack):
    stack.up(TOKEN % ("720h", ""))
    first = outputs(stack)
    ran = stack.up(TOKEN % ("24h", ""))
    assert outputs(stack)["id"] != first["id"]
    assert f"stays good until {first['expires']}" in ran.text


def test_a_token_is_renewed_when_it_is_time(stack: Stack, gate: Gate):
    stack.up(TOKEN % ("1h", ", renew_before='30m'"))
    first = outputs(stack)
    stack.up(None, "--expect-no-changes")
    stack.up(TOKEN % ("1h", ", renew_before='59m59s'"))  # a moment later it is time
    second = outputs(stack)
    assert second["id"] != first["id"]


def test_a_token_that_goes_is_revoked_where_that_was_asked_for(stack: Stack, plane: Plane, shop: str):
    stack.up(TOKEN % ("720h", ", revoke=True"))
    first = outputs(stack)["id"]
    stack.up(TOKEN % ("360h", ", revoke=True"))
    second = outputs(stack)["id"]
    stack.destroy()
    held = plane.get(f"/meshes/{shop}/secrets/dataplane-token-revocations-{shop}")
    assert b64decode(held["data"]).decode().split(",") == [first, second]


def test_a_token_that_cannot_be_meant_is_refused_before_it_is_asked_for(stack: Stack, gate: Gate):
    for said, words in [("0s", "must be more than 0s"), ("1d", "must be a duration"), ("-1h", "must be more than 0s")]:
        refused = stack.preview(TOKEN % (said, ""), code=1)
        assert "DataplaneToken/" in refused.text
        assert "valid_for (validFor): " + words in refused.text
    refused = stack.preview(TOKEN % ("1h", ", renew_before='2h'"), code=1)
    assert "must be less than validFor" in refused.text
    assert gate.requests == []


def test_the_key_of_a_mesh_that_was_just_made_is_waited_for(stack: Stack, gate: Gate):
    late = iter([True, True])
    detail = {
        "type": "/std-errors",
        "status": 404,
        "title": "Signing Key not found",
        "detail": "there is no signing key",
    }

    def before(request: Request) -> Reply | None:
        return Reply(404, detail) if request.method == "POST" and next(late, False) else None

    gate.before = before
    stack.up(TOKEN % ("720h", ""))
    assert gate.writes() == ["POST /tokens/dataplane"] * 3


def test_zones_and_users_have_tokens_too(stack: Stack, gate: Gate):
    stack.up("""
        zone = mesh.ZoneToken("egress", zone="zone-1", scope=["egress"], valid_for="720h")
        user = mesh.UserToken("ci", user="ci", groups=["team-a"], valid_for="1h")
        pulumi.export("zone", zone.token)
        pulumi.export("user", user.token)
    """)
    assert sorted(gate.writes()) == ["POST /tokens/user", "POST /tokens/zone"]
    said = {name: claims(token) for name, token in outputs(stack).items()}
    assert (said["zone"]["Zone"], said["zone"]["Scope"]) == ("zone-1", ["egress"])
    assert (said["user"]["Name"], said["user"]["Groups"]) == ("ci", ["team-a"])
    stack.destroy()
