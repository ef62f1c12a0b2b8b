"""What is promised of names: they are words of Python, none is there twice, and they are those of the objects."""

import keyword

import pytest

from pulumi_mesh.export.names import identifier, key_of, natural, resources, snake, variables
from pulumi_mesh.schema.kind import Address


def key(kind: str, name: str, mesh: str | None = "shop") -> tuple[str, Address]:
    return "default", Address(kind, None if kind == "Mesh" else mesh, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("edge", "edge"),
        ("shop.example-rsa", "shop_example_rsa"),
        ("class", ""),
        ("list", ""),
        ("mesh", ""),
        ("config", ""),
        ("match", ""),
        ("8080-web", ""),
        ("a", ""),
        ("-", ""),
    ],
)
def test_a_name_is_a_word_of_python_or_nothing(text: str, name: str):
    assert identifier(text) == name


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("MeshHTTPRoute", "http_route"),
        ("MeshGateway", "gateway"),
        ("Mesh", "mesh"),
        ("Secret", "secret"),
        ("OPAPolicy", "opa_policy"),
        ("MeshOPA", "opa"),
        ("ExternalService", "external_service"),
    ],
)
def test_a_kind_is_a_part_of_a_name(kind: str, word: str):
    assert snake(kind) == word


def test_variables_are_named_after_the_objects_and_by_their_kinds_where_that_is_not_enough():
    asked = [
        key("Mesh", "shop"),
        key("MeshGateway", "edge"),
        key("Secret", "edge"),
        key("Secret", "web-cert"),
        key("MeshService", "class"),
        key("MeshService", "8080-web"),
        key("MeshExternalService", "pay"),
        key("ExternalService", "pay"),
        key("Secret", "a.b"),
        key("Secret", "a-b"),
    ]
    named = variables(asked, ["taken"])
    assert list(named.values()) == [
        "shop",
        "edge_gateway",
        "edge_secret",
        "web_cert",
        "class_service",
        "service_8080_web",
        "pay_external_service",
        "pay_external_service_2",
        "a_b_secret",
        "a_b_secret_2",
    ]
    assert variables([key("Secret", "taken")], ["taken"]) == {key("Secret", "taken"): "taken_secret"}
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in named.values())


def test_resources_of_one_type_never_share_a_name_and_mostly_have_that_of_the_object():
    asked = [
        ("Secret", key("Secret", "cert")),
        ("Secret", key("Secret", "cert", "b2b")),
        ("Secret", key("Secret", "cert-b2b", "x")),
        ("Secret", key("Secret", "b2b-cert", "y")),
        ("MeshGateway", key("MeshGateway", "cert")),
        ("Secret", ("eu", Address("Secret", "b2b", "cert"))),
    ]
    assert list(resources(asked).values()) == [
        "shop-cert",
        "default-b2b-cert",
        "cert-b2b",
        "b2b-cert",
        "cert",
        "eu-b2b-cert",
    ]


def test_numbers_in_names_count_as_numbers():
    assert sorted(["a10", "a2", "a"], key=natural) == ["a", "a2", "a10"]


def test_the_setting_of_a_secret_is_named_after_its_resource_and_its_place_and_never_twice():
    assert key_of("cert", ["data"], {}) == "cert"
    assert key_of("cert", ["data"], {"cert": None}) == "cert-2"
    assert key_of("pay", ["tls", "ca_cert", "inline"], {}) == "pay-tls-ca-cert-inline"
