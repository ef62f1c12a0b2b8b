"""What all tests share: one sandbox for a session, an event loop, and hypothesis the same on every run."""

import asyncio
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "ci",
    max_examples=10,
    phases=[Phase.explicit, Phase.generate],  # what fails is made small by the deep profile
    deadline=None,
    derandomize=True,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("deep", settings.get_profile("ci"), max_examples=500, derandomize=False, phases=list(Phase))
settings.load_profile("ci")


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The URL of a sandbox that the whole session shares, with the types of Kong Mesh; tests take names of their own there."""
    from pulumi_mesh.sandbox import running

    with running(product="Kong Mesh") as url:
        yield url


@pytest.fixture(scope="session")
def session_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(autouse=True)
def event_loop_for_outputs(session_loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Outputs ask for the loop of the thread, which whatever ran before may have taken away; what they left open is ended."""
    asyncio.set_event_loop(session_loop)
    yield
    if left := asyncio.all_tasks(session_loop):
        for task in left:
            task.cancel()
        session_loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


@pytest.fixture(autouse=True)
def whole_tracebacks() -> Iterator[None]:
    """A provider that is configured cuts tracebacks short, for its whole process: here that is everybody's."""
    yield
    vars(sys).pop("tracebacklimit", None)
