"""`pulumi-mesh drift`: what control planes hold beside what is to be there, without running the program."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from enum import Enum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from pulumi_mesh.cli.drift_chosen import choose
from pulumi_mesh.cli.drift_sides import Wanted, against, compare
from pulumi_mesh.cli.drift_where import connected, control_planes, known, nothing, read, same
from pulumi_mesh.cli.report import Out, counted, fail, tell, write
from pulumi_mesh.cli.reports import Report, as_json, as_text
from pulumi_mesh.cli.reports_junit import as_junit
from pulumi_mesh.cli.reports_markdown import as_markdown
from pulumi_mesh.cli.reports_sarif import as_sarif
from pulumi_mesh.cli.where import Files, Kinds, Meshes, Stack, State
from pulumi_mesh.errors import MeshError, Unconfigured
from pulumi_mesh.reconcile.fingerprint import fingerprints
from pulumi_mesh.sources import Holdings

KEY = "PULUMI_MESH_FINGERPRINT_KEY"
"""The environment variable that makes the fingerprints of secrets the same on every run."""


class Format(str, Enum):
    """How a report is written."""

    text = "text"
    json = "json"
    markdown = "markdown"
    junit = "junit"
    sarif = "sarif"


RENDERED: Mapping[Format, Callable[[Report], str]] = {
    Format.text: as_text,
    Format.json: as_json,
    Format.markdown: as_markdown,
    Format.junit: as_junit,
    Format.sarif: as_sarif,
}


def drift(
    files: Files = None,
    stack: Stack = "",
    state: State = "",
    mesh: Meshes = None,
    kind: Kinds = None,
    owner: Annotated[
        str, typer.Option(help="Only objects that are ours, of nobody, of another stack (another), or of this stack.")
    ] = "",
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Leave out KIND/MESH/NAME, KIND/MESH/NAME:PATH or :PATH; * is anything."),
    ] = None,
    no_unmanaged: Annotated[bool, typer.Option("--no-unmanaged", help="Leave out what nobody declares.")] = False,
    url: Annotated[str, typer.Option(help="The control plane, where it is not that of the environment.")] = "",
    other: Annotated[
        str, typer.Option("--against", metavar="URL", help="Compare --url with this control plane, not with a stack.")
    ] = "",
    form: Annotated[Format, typer.Option("--format", help="How the report is written.")] = Format.text,
    out: Out = "",
) -> None:
    """Compare control planes with what a stack, a state or files say is to be there, without running the program.

    Without FILES, --stack and --state, it is the selected stack of the project in this folder. Ends with 0 where all is as it
    is to be, with 2 where something is not, with 1 where that cannot be told.
    """
    start, report = time.perf_counter(), Report()
    wanted = Wanted(mesh or (), kind or (), not no_unmanaged, fingerprints(os.environ.get(KEY, "")))
    try:
        with progress():
            look(report, wanted, (files or (), stack, state), url, other)
        report.unsure = list(dict.fromkeys(wanted.unsure))
        choose(report, owner, ignore or (), others=bool(other))
        show(report, form, out)
    except MeshError as error:
        fail(error)
    for told in dict.fromkeys([*(f"note: {note}" for note in wanted.notes), *(f"error: {r}" for r in report.unsure)]):
        tell(told)
    tell(summary(report, time.perf_counter() - start))
    raise typer.Exit(1 if report.unsure else 2 if report.findings else 0)


def look(report: Report, wanted: Wanted, where: tuple[Sequence[str], str, str], url: str, other: str) -> None:
    """Read both sides, and compare them."""
    if other and any(where):
        raise Unconfigured("--against: compares two control planes; leave files, --stack and --state out")
    held, config = (Holdings(), nothing) if other else read(*where)
    report.title = other or " ".join(where[0]) or where[1] or where[2]
    wanted.unsure += held.unread
    with ExitStack() as opened:
        planes = (
            [connected("default", url), connected("against", other)] if other else control_planes(held, url, config)
        )
        for plane in planes:
            opened.callback(plane.close)
        known(wanted.kinds, planes)
        if other:
            against(planes[0], planes[1], wanted, report)
            return
        for plane in planes:
            wanted.notes += same(plane, held, config, named=bool(url) and plane.connection.name == "default")
        compare(held.chosen(wanted.meshes, wanted.kinds), planes, wanted, report)
    lost = sorted(set(wanted.meshes) - {name for _, name in report.meshes})
    wanted.unsure += [f"--mesh {name}: is neither to be there, nor on the control plane" for name in lost]


def progress() -> AbstractContextManager[Any]:
    """Show that something is going on, on a terminal."""
    console = Console(stderr=True)
    return console.status("listing and comparing") if console.is_terminal else nullcontext()


def show(report: Report, form: Format, out: str) -> None:
    """Write the report; in colour where it is text on a terminal."""
    text = RENDERED[form](report).rstrip("\n")
    if not out and form is Format.text and sys.stdout.isatty():
        console = Console(highlight=False, soft_wrap=True)
        for line in text.splitlines():
            console.print(Text(line, COLOURS.get(line.lstrip()[:1] if line.startswith("  ") else "", "bold")))
    else:
        write(f"{text}\n" if text else "", out)


COLOURS = {"~": "yellow", "+": "green", "-": "red", "?": "cyan"}


def summary(report: Report, seconds: float) -> str:
    """Say in one line how it went."""
    left = sum(report.others.values())
    others = f"; {counted(left, 'object')} of other stacks left alone" if left else ""
    ignored = f"; {counted(report.ignored, 'finding')} ignored" if report.ignored else ""
    return f"{report.scope()} compared in {seconds:.1f} s: {report.counts()}{others}{ignored}"
