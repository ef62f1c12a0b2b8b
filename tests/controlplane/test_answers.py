"""How the control plane's answers are said; the answers are recorded ones."""

import json

import pytest

from pulumi_mesh.controlplane import Connection
from pulumi_mesh.controlplane.answers import Answer, Call, explain, hidden, masked
from pulumi_mesh.errors import Refused, Unreachable

GATEWAY = "/meshes/shop/meshgateways/edge"
WHERE = "should end where GET / answers JSON with product and version"
ANONYMOUS = 'user "mesh-system:anonymous/mesh-system:unauthenticated" cannot access the resource of type "Secret"'
HERE = Connection("default", "http://localhost:5681")
WITH_TOKEN = Connection("eu", "https://cp.example:5682", token="s3cret-token", token_from="PULUMI_MESH_EU_TOKEN_FILE")


def said(status, body="", kind="application/json", method="PUT", path=GATEWAY, connection=HERE, **rest):
    text = body if isinstance(body, str) else json.dumps(body)
    return explain(Answer(Call(method, path), status, kind, text, **rest), connection)


def problem(status, title, detail="Resource is not valid", *violations):
    body = {"type": "/std-errors", "status": status, "title": title, "detail": detail, "details": detail}
    listed = [{"field": field, "reason": reason} for field, reason in violations]
    return body | ({"invalid_parameters": listed} if listed else {})


def test_every_violation_has_its_line_in_a_stable_order(server, plane):
    body = problem(
        400,
        "Could not process a resource",
        "Resource is not valid",
        ("destinations[0].match", 'must consist of exactly one tag "kuma.io/service"'),
        ("conf", "must have at least one of the detector or threshold configured"),
        ("", ".type in body is required"),
        ("conf", "must have at least one of the detector or threshold configured"),
    )
    server.on(f"PUT {GATEWAY}", body, status=400)

    with pytest.raises(Refused) as error:
        plane.put(GATEWAY, {}, subject="MeshGateway/shop/edge")

    assert error.value.status == 400
    assert str(error.value).splitlines() == [
        "MeshGateway/shop/edge: could not process a resource: resource is not valid (400)",
        "  .type in body is required",
        "  conf: must have at least one of the detector or threshold configured",
        '  destinations[0].match: must consist of exactly one tag "kuma.io/service"',
    ]


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            400,
            problem(400, "Bad Request", 'invalid Secret object: "illegal base64 data at input byte 4"'),
            'bad request: invalid Secret object: "illegal base64 data at input byte 4" (400)',
        ),
        (
            409,
            problem(409, "Conflict", 'resource conflict: type="Mesh" name="m" mesh=""'),
            'conflict: resource conflict: type="Mesh" name="m" mesh="" (409)',
        ),
        (
            404,
            problem(404, "Failed to retrieve Mesh", "Not found"),
            "the mesh shop does not exist on http://localhost:5681; create it first",
        ),
        (
            404,
            problem(404, "Signing Key not found", "there is no signing key with KID 1"),
            "signing key not found: there is no signing key with KID 1 (404)",
        ),
        (
            500,
            problem(500, "Failed to create a resource", "Internal Server Error"),
            "could not create a resource (500); the cause is in the control plane's log",
        ),
    ],
)
def test_title_and_detail_are_said(status, body, sentence):
    assert said(status, body) == sentence


def test_a_token_that_is_refused_is_named_by_its_place():
    unknown = problem(401, "Invalid authentication data", "Unauthenticated")

    sentence = said(401, unknown, connection=WITH_TOKEN)
    assert sentence.startswith(
        "the token of PULUMI_MESH_EU_TOKEN_FILE is wrong, expired or of another control plane (401"
    )
    assert said(401, "<html>login</html>", "text/html").startswith("the control plane wants a token and none was sent")
    assert "set PULUMI_MESH_TOKEN" in said(401, unknown)
    left_out = Connection("default", "http://localhost:5681", token_from="mesh:token is for another URL")
    assert "none was sent (mesh:token is for another URL)" in said(401, unknown, connection=left_out)


def test_a_missing_right_is_said_with_what_to_do():
    denied = problem(403, "Access Denied", ANONYMOUS)

    without = said(403, denied)
    assert without.startswith(f"access denied: {ANONYMOUS} (403); set PULUMI_MESH_TOKEN to the token of a user who has")
    assert "enough for all but secrets" in without
    assert said(403, denied, connection=WITH_TOKEN).endswith(
        "the user of the token of PULUMI_MESH_EU_TOKEN_FILE needs this right"
    )


def test_a_read_only_control_plane_is_said_without_its_misleading_detail():
    detail = "On zone control plane you can only modify zone resources with 'kumactl apply' or via the HTTP API.\n"

    sentence = said(405, problem(405, "Method not allowed", detail))
    assert sentence == (
        "the control plane takes no PUT of /meshes/shop/meshgateways/edge (405): it is read-only "
        "(on Kubernetes, use kubectl), or this type is written on the other side (global or zone)"
    )
    assert said(405, "405: Method Not Allowed", "text/plain; charset=utf-8") == sentence


def test_a_path_that_is_not_served_is_told_from_an_object_that_is_missing():
    sentence = said(404, "404: Page Not Found", "text/plain; charset=utf-8", path="/meshes/shop/workloads/w")

    assert sentence.startswith("the control plane does not serve /meshes/shop/workloads/w (404): the type is one of")


@pytest.mark.parametrize("status", [200, 404, 403])
def test_a_web_page_is_no_control_plane(server, plane, status):
    server.on(f"PUT {GATEWAY}", "<!DOCTYPE html><p>Sign in", status=status, type="text/html").on(
        f"GET {GATEWAY}", "\n<html>Sign in", status=status, type="application/json"
    )

    for request in (lambda: plane.put(GATEWAY, {}), lambda: plane.get(GATEWAY)):
        with pytest.raises(Unreachable, match=rf"a web page came back \({status}\).*{WHERE}") as error:
            request()
        assert "Sign in" not in str(error.value)


def test_the_page_of_a_proxy_before_a_control_plane_that_is_down_says_that_it_is_down():
    sentence = said(503, "<html>Service Unavailable</html>", "text/html", attempts=7)

    assert sentence == "the control plane, or a proxy before it, is not ready (503 after 7 attempts)"


def test_a_redirect_is_not_followed_and_says_where_it_leads_without_its_query(server, plane):
    server.on(f"GET {GATEWAY}", "", status=302, headers={"Location": "https://login.example/start?state=s3cret"})

    with pytest.raises(Unreachable, match=r"redirects to https://login\.example/start \(302\)") as error:
        plane.get(GATEWAY)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("body", [[], "no JSON", {"product": "Kuma"}, {"version": "1"}, {"product": 1, "version": 2}])
def test_json_that_is_not_the_apis_is_no_control_plane(server, connect, body):
    server.on("GET /cp/", body)

    with pytest.raises(Unreachable, match=rf"gives product and version, and other JSON came \(200\).*{WHERE}"):
        connect(f"{server.url}/cp").index()


def test_a_text_is_no_control_plane(server, connect):
    server.on("GET /cp/", "OK", type="text/plain; charset=utf-8")

    with pytest.raises(Unreachable, match=r"gives product and version, and text/plain came \(200\)"):
        connect(f"{server.url}/cp").index()


def test_a_text_is_cut_at_200_characters():
    assert said(400, "x" * 201, "text/plain") == "x" * 200 + "... (400)"
    assert said(415, "415: Unsupported Media Type", "text/plain") == "415: Unsupported Media Type (415)"
    assert said(400, "", "") == "refused without a reason (400)"


def test_what_is_not_implemented_is_said_as_such():
    assert said(501, problem(501, "Not implemented", "no such thing here")).startswith(
        "not implemented there (501: not"
    )


@pytest.mark.parametrize("path", ["/meshes/shop/secrets/s", "/global-secrets/g", "/meshes/shop/secrets"])
def test_texts_about_secrets_are_not_quoted(path):
    assert said(400, "c2VjcmV0", "text/plain", path=path) == "refused without a reason (400)"


def test_a_success_of_another_shape_is_not_quoted(server, plane):
    server.on("GET /meshes/shop/secrets/s", '["c2VjcmV0"]').on("GET /meshes/shop/secrets", {"data": "c2VjcmV0"})

    for request in (lambda: plane.get("/meshes/shop/secrets/s"), lambda: list(plane.list("/meshes/shop/secrets"))):
        with pytest.raises(Unreachable) as error:
            request()
        assert "c2VjcmV0" not in str(error.value)


def test_an_echo_of_the_request_is_blotted_out(server, connect):
    key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
    body = {"data": "c2VjcmV0", "conf": {"key": {"inlineString": key}, "list": [{"inline": {"value": "dmFsdWU="}}]}}

    def echo(request):
        return {"title": "Echo", "detail": request.headers["Authorization"] + request.body.decode() + key}, 400

    server.on("PUT /meshes/shop/secrets/s", echo)
    with pytest.raises(Refused) as error:
        connect(server.url, token="s3cret-token").put("/meshes/shop/secrets/s", body)

    assert "***" in str(error.value)
    for secret in ("s3cret-token", "c2VjcmV0", "MIIE", "dmFsdWU="):
        assert secret not in str(error.value)
        assert secret not in repr(error.value.__dict__)


def test_a_longer_secret_is_blotted_out_whole():
    here = Connection("default", "http://localhost:5681", token="abcdefgh")

    assert masked("abcdefgh abcd", hidden(here, {"data": "abcd"})) == "*** ***"


def test_strange_errors_are_said_too():
    odd = {"type": "/std-errors", "title": 1, "detail": None, "invalid_parameters": "x"}

    assert said(400, odd) == "refused without a reason (400)"
    assert said(400, odd | {"invalid_parameters": [1, {"field": None}]}) == "refused without a reason (400)\n  "
    assert said(400, {"message": "no Route matched"}) == "no Route matched (400)"
