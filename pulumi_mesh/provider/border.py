"""The border to the engine: an error leaves as one sentence, without the traceback of this package."""

import functools
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from pulumi.dynamic import CheckFailure

from pulumi_mesh.errors import MeshError

P = ParamSpec("P")
T = TypeVar("T")


class Told(Exception):
    """What the engine prints: the message alone."""

    __module__ = "builtins"


Told.__name__ = Told.__qualname__ = "MeshError"


def said_once(verb: Callable[P, T]) -> Callable[P, T]:
    """Let the errors of a verb leave as their message alone; PULUMI_MESH_TRACEBACK keeps them whole."""

    @functools.wraps(verb)
    def speak(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return verb(*args, **kwargs)
        except MeshError as error:
            if os.environ.get("PULUMI_MESH_TRACEBACK"):
                raise
            raise Told(str(error)) from None

    return speak


def failures(address: str, found: list[str]) -> list[CheckFailure]:
    """Say violations to the engine; it would print the value of a named property, secrets too, so none is named."""
    return [CheckFailure("", f"{address}: {told}") for told in found]
