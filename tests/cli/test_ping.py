"""What is promised of `ping`: it says what answers, and whether this version serves it."""

import pytest

from pulumi_mesh.sandbox import running
from tests.cli.command import run


def test_what_answers_is_named():
    with running(kuma="2.10") as url:
        ran = run("ping", "--url", url)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"{url}: Kuma 2.10.11, an embedded control plane that routes no traffic, clusterId ")
        report = run("ping", "--url", url, "--format", "json").report
        assert (report["url"], report["version"], report["sandbox"]) == (url, "2.10.11", True)
        assert report["types"] == 48  # as the recordings have it


@pytest.mark.parametrize(
    ("url", "why"), [("http://127.0.0.1:9", "refused"), ("127.0.0.1:9", "has no scheme"), ("", "PULUMI_MESH_URL")]
)
def test_what_does_not_answer_ends_with_1_and_says_why(url: str, why: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PULUMI_MESH_URL", raising=False)
    ran = run("ping", "--url", url)
    assert (ran.code, ran.out) == (1, "")
    assert why in ran.err
