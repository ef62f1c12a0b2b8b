"""The page about drift shows what the command says."""

import re
from pathlib import Path

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.cli.drift import Format
from pulumi_mesh.cli.reports import Report, as_text
from pulumi_mesh.cli.reports_markdown import as_markdown
from pulumi_mesh.reconcile.drift import Desired, drift
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.grave import ORDER
from pulumi_mesh.schema.kind import KINDS
from tests.cli.command import run
from tests.drift.table import bases, changed

PAGE = (Path(__file__).parents[2] / "sdk-docs" / "drift.md").read_text()
MARK = "<!-- the report of tests/cli/test_drift_page.py -->\n\n"


def document(base: str, name: str, **edit: object) -> Document:
    body = changed(bases()[base], edit)
    return Document.found(KINDS[body["type"]], {**body, "mesh": "shop", "name": name})


@pytest.fixture
def report() -> Report:
    """What somebody did to a shop: a gateway changed, a route gone, a permission made."""
    wanted = [
        document("plain", "shop"),
        document("gateway", "edge"),
        document("timeout", "slow"),
        document("http-route", "canary"),
    ]
    edit = {
        "set": {"conf.listeners[1].tls.certificates[0].secret": "evil", "labels.team": "hand"},
        "append": {"conf.listeners": {"port": 9001, "protocol": "TCP"}},
    }
    there = [wanted[0], document("gateway", "edge", **edit), wanted[2], document("permission", "allow-all")]
    actual = {one.address: (KINDS[one.address.kind], one) for one in there}
    report = Report(title="prod")
    report.take(drift([Desired(KINDS[one.address.kind], one) for one in wanted], [], actual), "default", there)
    report.declare("default", [one.address for one in wanted], [])
    report.sort()
    return report


def test_the_page_shows_the_report_as_a_pull_request_does(report: Report):
    assert PAGE.partition(MARK)[2] == as_markdown(report)


def test_the_page_shows_the_text_as_a_terminal_does(report: Report):
    heads = [line for line in as_text(report).splitlines() if not line.startswith(" ")]
    assert all(line in PAGE for line in heads)


def test_the_page_knows_every_option_and_every_format():
    told = run("drift", "--help").out
    options = set(re.findall(r"--[a-z-]+", told)) - {"--help"}
    assert options >= {"--stack", "--state", "--mesh", "--kind", "--owner", "--ignore", "--no-unmanaged", "--against"}
    assert [one for one in sorted(options) if f"`{one}" not in PAGE] == []
    assert all(f"`{one.value}`" in PAGE for one in Format)
    assert all(f"**{one}**" in PAGE for one in ORDER)
