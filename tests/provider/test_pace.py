"""The end of a program is awaited in one round, however many resources it has, and an error still ends it at once."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, cast

import pulumi
import pytest
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto.resource_pb2 import RegisterResourceResponse
from pulumi.runtime.stack import run_in_stack

from pulumi_mesh.provider.pace import wait_once
from pulumi_mesh.provider.program import watch


class Nothing(pulumi.runtime.Mocks):
    """Nothing is asked of it."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> Any: ...

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any: ...


class Engine(MockMonitor):
    """An engine that takes every resource as it is."""

    def RegisterResource(self, request: Any) -> Any:
        return RegisterResourceResponse(urn=f"urn:{request.name}", id=request.name, object=request.object)


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many Outputs each round waits for."""
    wait, seen = asyncio.wait, list[int]()

    async def counted(those: Any, **extra: Any) -> Any:
        seen.append(len(those))
        return await wait(those, **extra)

    monkeypatch.setattr(asyncio, "wait", counted)
    return seen


class Thing(pulumi.CustomResource):
    """A resource with some Outputs."""

    def __init__(self, name: str) -> None:
        super().__init__("a:b:Thing", name, {"x": 1, "y": 2, "z": 3})


def run(program: Callable[[], None]) -> None:
    """Run a program as the engine does, in a world of its own."""

    def whole() -> None:
        watch(cast("pulumi.Resource", settings.get_root_resource()), lambda: None)
        program()

    def alone() -> None:
        settings.ROOT.set(pulumi.ComponentResource.__new__(pulumi.ComponentResource))  # else a stack is begun
        pulumi.runtime.set_mocks(Nothing(), monitor=Engine(Nothing()))
        settings.ROOT.set(None)
        setattr(settings.SETTINGS, "outputs", set())  # noqa: B010 - of this context alone
        asyncio.get_event_loop().run_until_complete(run_in_stack(whole))

    copy_context().run(alone)


def things(count: int) -> Callable[[], None]:
    def program() -> None:
        for index in range(count):
            Thing(f"thing-{index}")

    return program


@pytest.mark.parametrize("count", [20, 200])
def test_every_output_is_watched_once(rounds: list[int], count: int):
    run(things(count))
    (watched,) = rounds
    assert watched >= 5 * count  # three properties, a URN and an id each


def test_an_output_that_fails_ends_the_program_with_its_own_words():
    def program() -> None:
        things(3)()
        Thing("late").urn.apply(fail)

    def fail(_: str) -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        run(program)


def test_another_sdk_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "SETTINGS", object())
    wait_once()
