"""The report of drift as Markdown, for a pull request."""

from collections.abc import Iterator, Mapping

from pulumi_mesh.reconcile.diff import Change
from pulumi_mesh.reconcile.drift import Finding

from .findings import printable
from .reports import Report, grouped, short, value, weight, what

TITLES: Mapping[str, str] = {"ours": "Ours", "nobody": "Of nobody", "another": "Of other stacks"}
MOST = 100
"""How many findings are shown with their fields: a comment may not be longer than 65,536 characters."""


def as_markdown(report: Report) -> str:
    """Render a report as Markdown."""
    return "\n".join(paragraphs(report)) + "\n"


def paragraphs(report: Report) -> Iterator[str]:
    """Yield the lines: what was found in numbers, a table, then field by field."""
    of = f" of {code(report.title)}" if report.title else ""
    yield f"### Drift{of}: {report.counts()}"
    yield ""
    yield f"{report.scope()} compared."
    yield from (f"\n> **Not compared:** {cell(reason)}" for reason in report.unsure)
    groups = list(grouped(report.findings))
    for group, found in groups:
        yield ""
        if len(groups) > 1:
            yield f"#### {TITLES[group]}"
            yield ""
        yield from table(found)
    detailed = [one for one in report.findings if one.changes]
    for one in detailed[:MOST]:
        yield ""
        yield from details(one)
    if len(detailed) > MOST:
        yield ""
        yield f"... and {len(detailed) - MOST:,} more, in the report as JSON."
    if report.findings:
        yield ""
        yield "`-` is what is there, `+` is what `pulumi up` would make of it."


def table(found: list[Finding]) -> Iterator[str]:
    """Yield a table of findings."""
    yield "| object | drift | severity |"
    yield "|---|---|---|"
    for one in found:
        on = "" if one.control_plane == "default" else f" on {code(one.control_plane)}"
        grave = f"**{weight(one)}**" if one.severity == "high" else weight(one)
        yield f"| {code(str(one.address))} | {cell(what(one))}{on} | {grave} |"


def details(found: Finding) -> Iterator[str]:
    """Yield the fields of a finding, folded."""
    yield f"<details><summary><code>{found.address}</code> {what(found)}</summary>"
    yield ""
    yield "```diff"
    for change in found.changes:
        yield from (fenced(line) for line in sides(found, change))
    yield "```"
    yield ""
    yield "</details>"


def sides(found: Finding, change: Change) -> Iterator[str]:
    """Yield what is there and what is wanted."""
    path = short(change.path)
    if found.sort == "foreign_field":
        yield f"  {path}: {value(change.actual if change.op != 'add' else change.desired)} (kept)"
        return
    if change.op != "add":
        yield f"- {path}: {value(change.actual)}"
    if change.op != "remove":
        yield f"+ {path}: {value(change.desired)}"


def code(text: str) -> str:
    """Return text as code, for a line or a cell."""
    return f"`{cell(text).replace('`', '')}`"


def cell(text: str) -> str:
    """Return text that stays in its cell."""
    return printable(text).replace("|", "\\|")


def fenced(text: str) -> str:
    """Return text that does not end the block it stands in."""
    return printable(text).replace("```", "` ` `")
