"""What the control plane says when all is well, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Index:
    """What a control plane says about itself."""

    product: str
    version: str
    cluster_id: str
    instance_id: str
    based_on: str
    sandbox: bool


@dataclass(frozen=True)
class Written:
    """What a write came to; `created` is a hint only, as a repeated request finds the object of its first try."""

    created: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A part of a listing, and the offset of the next part."""

    items: list[dict[str, Any]]
    following: int | None


@dataclass(frozen=True)
class Served:
    """A type that a control plane serves."""

    path: str
    """The collection in the API."""
    scoped: bool
    """Whether its objects live in meshes."""
    read_only: bool
    """Whether the control plane alone writes them."""


def index(body: Mapping[str, Any]) -> Index:
    """Read the answer of `GET /`; KeyError or TypeError where it is another."""
    texts = {key: value for key, value in body.items() if isinstance(value, str) and value}
    return Index(
        product=texts["product"],
        version=texts["version"],
        cluster_id=texts.get("clusterId", ""),
        instance_id=texts.get("instanceId", ""),
        based_on=texts.get("basedOnKuma", ""),
        sandbox=body.get("sandbox") is True,
    )


def types(body: Mapping[str, Any]) -> dict[str, Served]:
    """Read the answer of `GET /_resources`; KeyError or TypeError where it is another."""
    return {
        str(each["name"]): Served(str(each["path"]), each["scope"] == "Mesh", each.get("readOnly") is True)
        for each in body["resources"]
    }


def page(body: Mapping[str, Any], offset: int) -> Page:
    """Read the page at an offset; of `next` only the offset counts, as its host may be one that we cannot reach."""
    items: Any = body["items"] or []
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in cast("list[object]", items)):
        raise TypeError
    found = cast("list[dict[str, Any]]", items)
    if body.get("next") is None:
        return Page(found, None)
    following = int(parse_qs(urlsplit(str(body["next"])).query)["offset"][0])
    if following <= offset or not found:
        raise ValueError
    return Page(found, following)


def warnings(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the answer to a write."""
    return tuple(str(each) for each in body.get("warnings") or ())
