"""What all tests share: one sandbox for a session, and hypothesis the same on every run."""

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
