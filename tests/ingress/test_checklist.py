"""The checklist of how ingress works: each statement that resources alone can break, by its id.

A document of the table is taken or refused as the control plane does it; what needs several documents, or a program, is a
test of its own. `sdk-docs/ingress.md` says where each statement is enforced.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_mesh.ingress.findings import CODES, findings
from pulumi_mesh.ingress.topology import Topology
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.finding import Known
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import NEWEST, Release
from tests.ingress import checklist
from tests.ingress.written import documents

PAGE = Path(__file__).parents[2] / "sdk-docs" / "ingress.md"


def complaints(text: str, release: Release) -> list[str]:
    """Return what a release says of a document."""
    document = {"mesh": "shop", "name": "x", **yaml.safe_load(text)}
    return [f"{path}: {why}" for path, why in judge_wire(KINDS[document["type"]], document, release)]


@pytest.mark.parametrize(("id_", "text", "releases"), checklist.TAKEN, ids=[row[0] for row in checklist.TAKEN])
def test_a_document_is_taken(id_: str, text: str, releases: tuple[Release, ...]):
    assert {str(release): complaints(text, release) for release in releases} == {
        str(release): [] for release in releases
    }


@pytest.mark.parametrize(
    ("id_", "text", "said", "releases"), checklist.REFUSED, ids=[row[0] for row in checklist.REFUSED]
)
def test_a_document_is_refused(id_: str, text: str, said: str, releases: tuple[Release, ...]):
    for release in releases:
        assert any(said in one for one in complaints(text, release)), (str(release), complaints(text, release))


def found(*texts: str, **how: Any) -> set[str]:
    return {one.code for one in findings(Known(documents(*texts), **how))}


def gateway(text: str = "port: 8080, protocol: HTTP", name: str = "edge", mesh: str = "shop") -> str:
    return (
        f"type: MeshGateway\nmesh: {mesh}\nname: {name}\nselectors: [{{match: {{kuma.io/service: edge}}}}]\n"
        f"conf: {{listeners: [{{{text}}}]}}\n"
    )


def proxy(name: str = "edge-1", mesh: str = "shop", type_: str = "BUILTIN") -> str:
    return (
        f"type: Dataplane\nmesh: {mesh}\nname: {name}\n"
        f"networking: {{address: 10.0.0.1, gateway: {{type: {type_}, tags: {{kuma.io/service: edge}}}}}}\n"
    )


MESH = "type: Mesh\nname: shop\n"


def test_U_OV_2_a_gateway_and_its_proxies_live_in_one_mesh():
    assert "gateway-selects-nothing" in found(MESH, gateway(), proxy(mesh="other"), complete=True)
    assert "gateway-selects-nothing" not in found(MESH, gateway(), proxy(), complete=True)


def test_U_DG_2_a_gateway_without_a_type_is_a_delegated_one():
    untyped = proxy().replace("type: BUILTIN, ", "")
    assert [one.role for one in Topology(documents(untyped)).meshes["shop"].proxies.values()] == ["DELEGATED"]
    kind, (document,) = KINDS["Dataplane"], documents(untyped)
    assert not complaints(yaml.safe_dump({"type": "Dataplane", **document.body}), NEWEST)
    assert kind.body["networking"].model is not None


def test_U_BG_7_several_proxies_share_a_gateway():
    edge = Topology(documents(gateway(), proxy(), proxy("edge-2"))).meshes["shop"].gateways["edge"]
    assert [one.address.name for one in edge.proxies] == ["edge-1", "edge-2"]
    assert found(MESH, gateway(), proxy(), proxy("edge-2")) == set()


def test_U_LI_2_a_proxy_of_two_gateways_is_found():
    assert "gateway-tie" in found(gateway(), gateway("port: 9090, protocol: HTTP", "other"), proxy())


def test_U_LI_3_a_gateway_that_selects_nothing_is_taken_and_warned_of():
    (one,) = findings(Known(documents(MESH, gateway()), complete=True))
    assert (one.code, one.severity) == ("gateway-selects-nothing", "warning")


def test_U_LI_24_the_secret_of_a_listener_is_of_the_same_mesh():
    https = gateway("port: 443, protocol: HTTPS, tls: {mode: TERMINATE, certificates: [{secret: cert}]}")
    here = "type: Secret\nmesh: shop\nname: cert\n"
    assert "secret-missing" in found(MESH, https, here.replace("shop", "other"), complete=True)
    assert "secret-missing" not in found(MESH, https, here, complete=True)


def test_U_XM_3_all_meshes_that_a_listener_crosses_have_mtls():
    crossing = gateway("port: 8080, protocol: HTTP, crossMesh: true")
    assert found(MESH, crossing) == {"cross-mesh-without-mtls"}
    with_mtls = "mtls: {enabledBackend: ca, backends: [{name: ca, type: builtin}]}\n"
    consumer = (
        "type: Dataplane\nmesh: other\nname: client\nnetworking:\n  address: 10.0.0.9\n"
        "  inbound: [{port: 80, tags: {kuma.io/service: client}}]\n"
        "  outbound: [{port: 8080, tags: {kuma.io/service: edge, kuma.io/mesh: shop}}]\n"
    )
    assert found(MESH + with_mtls, crossing, consumer, MESH.replace("shop", "other")) == {"cross-mesh-without-mtls"}
    assert found(MESH + with_mtls, crossing, consumer, MESH.replace("shop", "other") + with_mtls) == set()


def test_U_XM_4_a_crossing_speaks_http():
    assert "cross-mesh-not-http" in found(MESH, gateway("port: 80, protocol: TCP, crossMesh: true"))


@pytest.mark.parametrize(
    ("hostname", "url"), [(", hostname: api.mesh", "http://api.mesh:8080"), ("", "http://internal.edge.shop.mesh:8080")]
)
def test_U_XM_7_U_XM_8_the_url_of_a_crossing_is_known(hostname: str, url: str):
    crossing = documents(gateway(f"port: 8080, protocol: HTTP, crossMesh: true{hostname}"))
    assert [one.url for one in Topology(crossing).meshes["shop"].listeners] == [url]


def test_U_RH_1_U_RH_2_a_route_is_attached_by_name_and_tags():
    text = checklist.http(checklist.rule(), ref=f"{checklist.GATEWAY}, tags: {{port: http}}")
    route = yaml.safe_dump({"name": "r", **yaml.safe_load(text)})
    assert "gateway-missing" in found(MESH, gateway(name="other"), route)
    assert "selects-no-listener" in found(MESH, gateway(), route)
    assert found(MESH, gateway("port: 80, protocol: HTTP, tags: {port: http}"), route) == set()


def test_U_RT_2_a_route_of_connections_is_attached_by_name_and_tags():
    route = "type: MeshTCPRoute\nname: r\nspec: {targetRef: {kind: MeshGateway, name: edge, tags: {port: tcp}}}\n"
    assert "selects-no-listener" in found(MESH, gateway(), route)
    assert "route-speaks-otherwise" in found(MESH, gateway("port: 80, protocol: HTTP, tags: {port: tcp}"), route)
    assert found(MESH, gateway("port: 80, protocol: TCP, tags: {port: tcp}"), route) == set()


def test_U_RH_21_a_backend_is_a_tag_or_an_object_with_a_port():
    rule = (
        "{matches: [{path: {type: PathPrefix, value: /}}], default: {backendRefs: [{kind: MeshService, name: api%s}]}}"
    )
    to = f"[{{targetRef: {{kind: Mesh}}, rules: [{rule}]}}]"
    route = f"type: MeshHTTPRoute\nname: r\nspec: {{targetRef: {{kind: MeshGateway, name: edge}}, to: {to}}}\n"
    tagged = "type: Dataplane\nname: a\nnetworking: {address: 10.0.0.2, inbound: [{port: 1, tags: {kuma.io/service: api}}]}\n"
    service = "type: MeshService\nname: api\nspec: {ports: [{port: 80, appProtocol: http}]}\n"
    whole = (MESH, gateway(), proxy())
    assert found(*whole, route % "", tagged, complete=True) == set()
    assert found(*whole, route % ", port: 80", tagged, complete=True) == {"backend-missing"}
    assert found(*whole, route % ", port: 80", service, complete=True) == set()
    assert found(*whole, route % ", port: 81", service, complete=True) == {"backend-port-missing"}


def test_U_PO_7_a_gateway_needs_a_permission_for_its_service():
    mtls = f"{MESH}mtls: {{enabledBackend: ca, backends: [{{name: ca, type: builtin}}]}}\n"
    route = yaml.safe_dump({"name": "r", **yaml.safe_load(checklist.tcp(f"{{default: {{{checklist.BACKEND}}}}}"))})
    whole = (mtls, gateway("port: 80, protocol: TCP"), proxy(), route)
    permission = "type: MeshTrafficPermission\nname: p\nspec: {targetRef: {kind: Mesh}, from: [{targetRef: {%s}, default: {action: Allow}}]}\n"
    for right in ("kind: Mesh", "kind: MeshService, name: edge", "kind: MeshSubset, tags: {kuma.io/service: edge}"):
        assert found(*whole, permission % right) == set()
    for wrong in ("kind: MeshService, name: other", "kind: MeshSubset, tags: {kuma.io/service: other}"):
        assert found(*whole, permission % wrong) == {"permission-missing"}
    assert found(*whole, permission.replace("Allow", "Deny") % "kind: Mesh") == {"permission-missing"}
    assert found(*whole) == set()
    assert "permission-missing" in found(*whole, complete=True)
    assert "permission-missing" not in found(MESH, *whole[1:], complete=True)


def test_U_LR_1_an_old_route_is_attached_by_tags():
    old = "type: MeshGatewayRoute\nname: r\nselectors: [{match: {kuma.io/service: %s}}]\nconf: {http: {rules: []}}\n"
    assert found(MESH, gateway(), old % "other") == {"selects-no-listener"}
    assert found(MESH, gateway(), old % "edge") == set()


def test_U_LR_10_both_spellings_of_a_field_are_one():
    way = "type: MeshGatewayRoute\nname: r\nselectors: [{match: {kuma.io/service: edge}}]\nconf: {http: {rules: [{filters: [{%s: {}}]}]}}\n"
    bodies = [document.body for name in ("requestHeader", "request_header") for document in documents(way % name)]
    assert bodies[0] == bodies[1]


def rows() -> dict[str, str]:
    """Return the statements of the page, each with where it is tested."""
    lines = re.findall(r"^\| `(U-[A-Z]+-\d+)` \|(.*)\|$", PAGE.read_text(), re.MULTILINE)
    return dict(lines)


def statements() -> set[str]:
    """Return the statements that a test names."""
    files = [*Path(__file__).parent.glob("test_*.py")]
    names = re.findall(r"def test_((?:U_[A-Z]+_\d+_)+)", "\n".join(file.read_text() for file in files))
    by_name = {one.replace("_", "-") for name in names for one in re.findall(r"U_[A-Z]+_\d+", name)}
    return by_name | {row[0].partition(" ")[0] for row in (*checklist.TAKEN, *checklist.REFUSED)}


def test_each_statement_is_tested_or_the_page_says_why_not():
    said = rows()
    assert len(said) == 85
    why_not = {id_ for id_, rest in said.items() if "not judged" in rest}
    assert set(said) - why_not == statements()


def test_the_page_tells_what_each_code_means():
    told = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.*) \|$", PAGE.read_text(), re.MULTILINE))
    assert told == CODES
