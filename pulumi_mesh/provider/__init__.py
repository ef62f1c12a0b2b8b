"""Pulumi's six verbs, passed on to what the properties are of.

`PROVIDER` is named by every resource in every state (see `state.PICKLED`): it never moves and is never renamed.
"""

from typing import Any, Protocol

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from . import listeners, objects, slot, token, tokens
from .border import said_once
from .run import RUN


class Verbs(Protocol):
    """What can be done with resources of one sort: each is a module."""

    def check(self, olds: dict[str, Any], news: dict[str, Any], /) -> CheckResult:
        """Judge what the program says, Outputs resolved; no request is made."""
        ...

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any], /) -> DiffResult:
        """Say whether anything changes that means something; no request is made."""
        ...

    def create(self, props: dict[str, Any], /) -> CreateResult:
        """Make what is not there."""
        ...

    def read(self, id_: str, props: dict[str, Any], /) -> ReadResult:
        """Read what is there; an empty id where there is nothing."""
        ...

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any], /) -> UpdateResult:
        """Change what is there."""
        ...

    def delete(self, id_: str, props: dict[str, Any], /) -> None:
        """Take away what is there; gone already is fine."""
        ...


def of(props: dict[str, Any]) -> Verbs:
    """Return the verbs for what properties are of: a listener, a token, or an object of the control plane."""
    kind = props.get("__kind")
    return listeners if kind == slot.NAME else tokens if kind in token.SORTS else objects


class Provider(ResourceProvider):
    """Pulumi's six verbs for every kind; it has no attributes, the properties say which kind is meant."""

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        """Take the configuration of the stack."""
        RUN.configure(req.config.get)

    @said_once
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Judge what the program says."""
        return of(news).check(_olds, news)

    @said_once
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say whether anything changes."""
        return of(_news).diff(_id, _olds, _news)

    @said_once
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make what is not there."""
        return of(props).create(props)

    @said_once
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read what is there."""
        return of(props).read(id_, props)

    @said_once
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change what is there."""
        return of(_news).update(_id, _olds, _news)

    @said_once
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Take away what is there."""
        return of(_props).delete(_id, _props)


PROVIDER = Provider()

__all__ = ["PROVIDER", "Provider"]
