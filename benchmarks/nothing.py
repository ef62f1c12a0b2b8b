"""A provider that does nothing: what the engine alone costs."""

import base64
import uuid
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult

PICKLED = base64.b64encode(b"\x80\x04cnothing\nPROVIDER\n.").decode()


class Nothing(ResourceProvider):
    """Six verbs that touch nothing."""

    serialize_as_secret_always = False

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Leave the comparison to the engine."""
        return DiffResult()

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Invent an id."""
        return CreateResult(uuid.uuid4().hex, props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Find what was said."""
        return ReadResult(id_, props, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Keep what is said."""
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forget it."""


PROVIDER = Nothing()


class Route(pulumi.CustomResource):
    """A resource with the properties of a route, and nothing behind it."""

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("pulumi-python:dynamic/nothing:Route", name, {**props, "__provider": PICKLED}, opts)
