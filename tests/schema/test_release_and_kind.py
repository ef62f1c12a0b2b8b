"""Releases and addresses: read, said, compared."""

import pytest

from pulumi_mesh.errors import Unconfigured, UnknownKind
from pulumi_mesh.schema.kind import KINDS, Address, Kind, kind_of
from pulumi_mesh.schema.release import NEWEST, OLDEST, SUPPORTED, Release, supported


@pytest.mark.parametrize("text", ["2.14", "v2.14", "2.14.3", "2.14.3-preview.v1", " 2.14.0+build "])
def test_a_release_is_read_from_every_spelling(text: str) -> None:
    assert Release.parse(text) == Release(2, 14)


def test_a_release_is_said_as_kuma_does() -> None:
    assert str(Release(2, 9)) == "2.9"


def test_releases_are_ordered_by_number_not_by_text() -> None:
    assert Release.parse("2.9") < Release.parse("2.10")


@pytest.mark.parametrize("text", ["", "latest", "2", "two.ten"])
def test_what_is_no_release_is_refused(text: str) -> None:
    with pytest.raises(Unconfigured, match="is no release of Kuma; write 2.10 to 2.14"):
        Release.parse(text)


@pytest.mark.parametrize("text", ["2.9.1", "2.15.0"])
def test_a_release_that_is_not_supported_is_refused(text: str) -> None:
    with pytest.raises(Unconfigured, match=f"here: Kuma {text} is not supported; .* serves 2.10 to 2.14"):
        supported(text, "here")


def test_kuma_3_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(Unconfigured, match="no builtin gateways"):
        supported("3.0.0")


def test_every_release_from_the_oldest_to_the_newest_is_supported() -> None:
    assert SUPPORTED == tuple(supported(str(one)) for one in SUPPORTED)
    assert (OLDEST, NEWEST) == (SUPPORTED[0], SUPPORTED[-1])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("MeshGateway/shop/edge", Address("MeshGateway", "shop", "edge")),
        ("Mesh/shop", Address("Mesh", None, "shop")),
    ],
)
def test_an_address_is_said_and_read_back(text: str, address: Address) -> None:
    assert str(address) == text
    assert Address.parse(text) == address


@pytest.mark.parametrize("text", ["", "Mesh", "Mesh/", "a/b/c/d", "a//b"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UnknownKind, match="is no address; write KIND/MESH/NAME"):
        Address.parse(text)


def test_an_unknown_kind_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(UnknownKind, match="no kind MeshGatewya; did you mean MeshGateway"):
        kind_of("MeshGatewya")


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_url_names_collection_and_object_with_odd_characters_escaped(name: str) -> None:
    kind = KINDS[name]
    url = kind.url(kind.address("a/b c", "m/n"))
    path = kind.moved[max(kind.moved)] if kind.moved else kind.path
    assert url == (f"/meshes/m%2Fn/{path}/a%2Fb%20c" if kind.scope == "mesh" else f"/{path}/a%2Fb%20c")


def test_a_collection_that_moved_is_found_where_the_release_has_it() -> None:
    kind = Kind(path="old", shape="spec", moved={Release(2, 12): "new"})
    assert kind.collection("m", Release(2, 11)) == "/meshes/m/old"
    assert kind.collection("m", Release(2, 12)) == "/meshes/m/new"
    assert kind.collection(None, Release(2, 14)) == "/new"
