"""What is promised of findings: each code is found where it is wrong, at its path, and not where it is right."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_mesh.ingress.findings import CODES, findings
from pulumi_mesh.schema.finding import IGNORE, Finding, Known
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.release import Release
from tests.components.certificates import ecdsa, pem, pem_key, rsa_key, signed
from tests.ingress.finding_cases import (
    ALLOWED,
    HTTPS,
    MESH,
    PROXY,
    RIGHT,
    SECRET,
    TWO_PORTS,
    WRONG,
    gateway,
    route,
    rule,
    service,
)
from tests.ingress.written import documents
from tests.kinds.test_mesh_ca_pair import made


def known(*texts: str, **how: Any) -> Known:
    return Known(documents(*texts), **how)


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("code", "severity", "address", "path", "texts"), WRONG, ids=lambda value: value if value in CODES else ""
)
def test_what_is_wrong_is_found_at_its_path(code: str, severity: str, address: str, path: str, texts: tuple[str, ...]):
    found = findings(known(*texts))
    assert (code, severity, address, path) in [(one.code, one.severity, str(one.address), one.path) for one in found]


@pytest.mark.parametrize("texts", RIGHT.values(), ids=RIGHT)
def test_what_is_right_or_brought_by_others_is_no_finding(texts: tuple[str, ...]):
    assert [str(one) for one in findings(known(*texts))] == []


def test_every_code_is_found_by_a_case():
    certificates = {code for code in CODES if code.startswith("certificate")}
    assert {code for code, *_ in WRONG} == set(CODES) - certificates - {"service-selects-nothing"}


API = "type: Dataplane\nname: api-1\nlabels: {app: api}\nnetworking: {address: 10.0.0.2, inbound: [{port: 1, tags: {v: a}}]}\n"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("dataplaneTags: {v: a}", "dataplaneTags: {v: b}"),
        ("dataplaneRef: {name: api-1}", "dataplaneRef: {name: api-2}"),
        ("dataplaneLabels: {matchLabels: {app: api}}", "dataplaneLabels: {matchLabels: {app: web}}"),
    ],
)
def test_a_service_that_selects_no_proxy_is_found_where_all_of_them_are_known(right: str, wrong: str):
    api = "type: MeshService\nname: api\nspec: {selector: {%s}, ports: [{port: 80}]}\n"
    assert findings(known(MESH, API, api % right, complete=True)) == []
    assert codes(findings(known(MESH, API, api % wrong, complete=True))) == ["service-selects-nothing"]
    assert findings(known(MESH, API, api % wrong)) == []
    assert findings(known(MESH, API, service("{port: 80}"), complete=True)) == []


def test_a_service_of_several_zones_that_selects_no_service_is_found():
    zones = "type: MeshMultiZoneService\nname: z\nspec: {selector: {meshService: {matchLabels: {app: api}}}, ports: [{port: 80}]}\n"
    there = service("{port: 80}").replace("name: api", "name: api\nlabels: {app: api}")
    assert findings(known(MESH, zones, there, complete=True)) == []
    assert codes(findings(known(MESH, zones, complete=True))) == ["service-selects-nothing"]


@pytest.mark.parametrize(
    "case", [one for one in WRONG if one[0] != "hostname-on-two-gateways"], ids=lambda case: case[0]
)
def test_a_label_silences_a_finding_for_one_object(case: tuple[str, str, str, str, tuple[str, ...]]):
    code, _, address, _, texts = case
    labelled = [
        replace(one, labels={IGNORE: f"other.{code}"}) if str(one.address) == address else one
        for one in documents(*texts)
    ]
    assert (code, address) not in [(one.code, str(one.address)) for one in findings(Known(labelled))]


def test_a_code_is_silenced_for_all():
    texts = (MESH, gateway(), route(ref="name: egde"))
    assert codes(findings(known(*texts))) == ["gateway-missing"]
    assert findings(known(*texts, ignored=frozenset({"gateway-missing"}))) == []


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ((MESH, gateway(), PROXY, route()), "backend-missing"),
        ((MESH, gateway(HTTPS), PROXY), "secret-missing"),
        ((MESH, gateway()), "gateway-selects-nothing"),
        ((MESH, PROXY), "proxy-unselected"),
        ((MESH, route(ref="name: egde")), "gateway-missing"),
        ((MESH, gateway().replace("name: edge", "mesh: partners\nname: edge", 1)), "mesh-missing"),
        (
            (MESH, gateway(), PROXY, route(rule(default="backendRefs: [{kind: MeshService, name: a, port: 80}]"))),
            "backend-missing",
        ),
        (
            (MESH, gateway(), PROXY, route(ref="name: edge, tags: {port: http, kuma.io/zone: east}")),
            "selects-no-listener",
        ),
    ],
)
def test_what_a_whole_control_plane_does_not_hold_is_certainly_missing(texts: tuple[str, ...], code: str):
    assert code not in codes(findings(known(*texts, alone=False)))
    assert code in codes(findings(known(*texts, complete=True)))


def test_a_service_is_there_as_a_proxy_an_external_service_or_an_object():
    there = (
        "type: Dataplane\nname: api-1\nnetworking: {address: 10.0.0.2, inbound: [{port: 80, tags: {kuma.io/service: api}}]}\n",
        "type: ExternalService\nname: x\ntags: {kuma.io/service: api}\nnetworking: {address: 'a.example:80'}\n",
        service("{port: 80, appProtocol: http}"),
        service("{port: 80}", "api-x2b4").replace(
            "name: api-x2b4", "name: api-x2b4\nlabels: {kuma.io/display-name: api}"
        ),
    )
    for one in there:
        assert findings(known(MESH, ALLOWED, gateway(), PROXY, route(), one, complete=True)) == []


def test_a_document_in_a_file_is_judged_by_itself_only_where_its_gateway_is_there_too():
    wrong = route(rule("path: {type: RegularExpression, value: '(a'}"))
    assert codes(findings(known(wrong))) == ["regex-not-re2"]
    assert findings(known(wrong, alone=False)) == []
    assert codes(findings(known(wrong, gateway(), alone=False))) == ["regex-not-re2"]
    assert findings(known(gateway("port: 443, protocol: TLS"), alone=False)) == []


@pytest.mark.parametrize(("text", "code"), [(route(), "gateway-missing"), (gateway(HTTPS), "secret-missing")])
def test_what_a_program_that_declares_the_mesh_needs_and_nobody_declares_is_a_warning(text: str, code: str):
    assert [(one.code, one.severity) for one in findings(known(MESH, text))] == [(code, "warning")]
    assert findings(known(text)) == []
    assert findings(known(MESH, text, alone=False)) == []


def test_of_a_fragment_nothing_is_missing():
    texts = (MESH, gateway(*TWO_PORTS), route(ref="name: edge, tags: {port: http}"), route(ref="name: egde", name="b"))
    assert len(findings(known(*texts))) == 2
    assert findings(known(*texts, fragment=True)) == []


def test_a_gateway_made_of_listeners_of_many_may_have_more_of_them():
    texts = (MESH, gateway(), route(ref="name: edge, tags: {port: htp}"), route(hosts="b.example", name="b"))
    assert "selects-no-listener" in codes(findings(known(*texts)))
    assert findings(known(*texts, open=frozenset({Address("MeshGateway", "shop", "edge")}))) == []


def test_what_only_a_name_is_known_of_is_there_and_nothing_depends_on_its_body():
    route_there = Address("MeshHTTPRoute", "shop", "b")
    texts = (MESH, gateway(*TWO_PORTS), route(ref="name: edge, tags: {port: http}"))
    assert codes(findings(known(*texts))) == ["port-without-rules"]
    assert findings(known(*texts, names=frozenset({route_there}))) == []
    secret = Address("Secret", "shop", "shop-cert")
    assert findings(known(MESH, SECRET, gateway(HTTPS), names=frozenset({secret}))) == []


def test_the_release_decides_what_a_missing_service_costs():
    texts = (MESH, gateway(), route(rule(default="backendRefs: [{kind: MeshMultiZoneService, name: api, port: 80}]")))
    (before,) = (
        one for one in findings(known(*texts, complete=True, release=Release(2, 10))) if one.code == "backend-missing"
    )
    (after,) = (one for one in findings(known(*texts, complete=True)) if one.code == "backend-missing")
    assert "Envoy refuses the routes of the whole port" in before.message
    assert "its share of the traffic" in after.message


def test_a_missing_name_asks_for_the_one_that_was_meant():
    (found,) = findings(known(MESH, gateway(), route(ref="name: egde")))
    assert found.message == 'there is no MeshGateway "egde" in the mesh shop: it does nothing; did you mean "edge"?'


def test_a_finding_says_resource_path_reason_and_code_in_one_line():
    (found,) = findings(known(gateway("port: 443, protocol: TLS")))
    assert str(found).startswith("MeshGateway/shop/edge: conf.listeners[0]: a TLS listener without tls: ")
    assert str(found).endswith(" [tls-unsaid]")


def test_findings_come_in_the_order_of_the_documents():
    texts = (MESH, route(rule("path: {type: RegularExpression, value: '(a'}")), gateway("", "port: 443, protocol: TLS"))
    assert codes(findings(known(*texts))) == ["regex-not-re2", "tls-unsaid"]


def secret(text: str, name: str = "shop-cert") -> str:
    return f"type: Secret\nname: {name}\ndata: {b64encode(text.encode()).decode()}\n"


def both(host: str = "shop.example", key: Any = None, **how: Any) -> str:
    """Write a certificate and its key, as a Secret holds them."""
    key = key or ecdsa()
    return pem(signed(key, host, **how)) + pem_key(key)


def listening(host: str, *secrets: str) -> str:
    names = ", ".join(f"{{secret: {name}}}" for name in secrets or ("shop-cert",))
    return gateway(f"port: 443, protocol: HTTPS, hostname: '{host}', tls: {{mode: TERMINATE, certificates: [{names}]}}")


CERTIFICATES = {
    "no PEM": ("certificate-unreadable", "warning", lambda: "x"),
    "no key": ("certificate-broken", "error", lambda: pem(signed(ecdsa()))),
    "the key of another one": ("certificate-broken", "error", lambda: pem(signed(ecdsa())) + pem_key(ecdsa())),
    "expired": ("certificate-expired", "error", lambda: both(end=timedelta(minutes=-1))),
    "about to expire": ("certificate-expires", "warning", lambda: both(end=timedelta(days=29))),
}


@pytest.mark.parametrize(("code", "severity", "data"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_U_LI_23_a_certificate_of_a_listener_that_is_none_or_not_for_long_is_found(code: str, severity: str, data: Any):
    text = data()
    (found,) = findings(known(secret(text), listening("shop.example")))
    assert (found.code, found.severity, str(found.address), found.path) == (
        code,
        severity,
        "Secret/shop/shop-cert",
        "data",
    )
    assert not any(line in found.message for line in text.splitlines() if len(line) > 20)


@pytest.mark.parametrize(
    ("hosts", "host", "right"),
    [
        (("shop.example",), "shop.example", True),
        (("*.example",), "shop.example", True),
        (("*.example",), "*.example", True),
        (("shop.example",), "*", True),
        (("*.example",), "a.b.example", False),
        (("shop.example",), "*.example", False),
        (("other.example",), "shop.example", False),
    ],
)
def test_the_hostname_of_a_listener_is_one_that_its_certificate_is_for(hosts: tuple[str, ...], host: str, right: bool):
    found = findings(known(secret(both(hosts=hosts)), listening(host)))
    assert codes(found) == ([] if right else ["certificate-for-other-hosts"])


def test_U_LI_21_two_certificates_are_one_of_rsa_and_one_of_ecdsa():
    two = (secret(both()), secret(both(), "second"), listening("shop.example", "shop-cert", "second"))
    (found,) = findings(known(*two))
    assert (found.code, found.path) == ("certificates-of-one-kind", "conf.listeners[0].tls.certificates")
    assert findings(known(two[0], secret(both(key=rsa_key()), "second"), two[2])) == []


def test_a_secret_that_no_listener_names_and_one_that_is_not_known_are_not_judged():
    assert findings(known(secret("x"))) == []
    assert findings(known("type: Secret\nname: shop-cert\n", listening("shop.example"))) == []


def test_many_gateways_for_the_same_proxies_are_said_once():
    many = [gateway(name=f"edge-{index}") for index in range(100)]
    for texts in (many, [*many, PROXY]):
        tie, host = findings(known(*texts))
        assert {tie.code, host.code} == {"gateway-tie", "hostname-on-two-gateways"}
        assert "and 98 more do" in tie.message + host.message


def authority(*, ca: bool) -> tuple[str, str]:
    """Return certificate and key of what is a CA, or is none."""
    key = ecdsa()
    return made(key, ca=ca), pem_key(key)


def provided(cert: str, key: str, **more: Any) -> str:
    conf = f"conf: {{cert: {{{cert}}}, key: {{{key}}}}}"
    rest = "".join(f", {name}: {value}" for name, value in more.items())
    backends = f"backends: [{{name: ca, type: provided, {conf}}}]"
    return f"type: Mesh\nname: shop\nmtls: {{enabledBackend: ca, {backends}{rest}}}\n"


FROM_SECRETS = ("secret: ca-cert", "secret: ca-key")


def test_secrets_of_a_ca_that_are_none_are_found_at_the_mesh_that_names_them():
    cert, key = authority(ca=False)
    (found,) = findings(known(provided(*FROM_SECRETS), secret(cert, "ca-cert"), secret(key, "ca-key")))
    assert (found.code, found.severity) == ("certificate-of-no-ca", "error")
    assert (str(found.address), found.path) == ("Mesh/shop", "mtls.backends[0].conf.cert[0]")
    inline = f"inline: {b64encode(key.encode()).decode()}"
    (found,) = findings(known(provided(FROM_SECRETS[0], inline), secret(cert, "ca-cert")))
    assert found.message.startswith("basic constraint 'CA' must be set to 'true'")


def test_secrets_of_a_ca_that_are_right_or_not_known_or_not_to_be_judged_are_no_finding():
    cert, key = authority(ca=True)
    assert findings(known(provided(*FROM_SECRETS), secret(cert, "ca-cert"), secret(key, "ca-key"))) == []
    wrong = secret(authority(ca=False)[0], "ca-cert")
    names = frozenset({Address("Secret", "shop", "ca-key")})
    assert findings(known(provided(*FROM_SECRETS), wrong, names=names)) == []
    asked = provided(*FROM_SECRETS, skipValidation="true")
    assert findings(known(asked, wrong, secret(key, "ca-key"))) == []
