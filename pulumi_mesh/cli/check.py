"""`pulumi-mesh check`: what a control plane would refuse, and what would not work together, before anything is applied."""

import json
import sys
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from pulumi_mesh import sources
from pulumi_mesh.cli.findings import Check, Finding
from pulumi_mesh.cli.report import Form, Format, Out, counted, fail, tell, write
from pulumi_mesh.cli.together import Together
from pulumi_mesh.cli.told import told
from pulumi_mesh.cli.where import Stack, State, Url, control_plane
from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.findings import CODES
from pulumi_mesh.schema.release import NEWEST, OLDEST, Release, supported
from pulumi_mesh.sources import Holdings
from pulumi_mesh.sources.documents import STDIN, Sources
from pulumi_mesh.sources.preview import NoPreview
from pulumi_mesh.sources.preview import preview as preview_of


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE|DIR|-", help="Files, folders of *.yaml, *.yml and *.json, - for standard input."),
    ] = None,
    stack: Stack = "",
    state: State = "",
    preview: Annotated[
        str, typer.Option("--preview", metavar="FILE|-", help="A preview, as pulumi preview --json writes it.")
    ] = "",
    url: Url = "",
    kuma: Annotated[
        str, typer.Option(help=f"The release whose rules hold, {OLDEST} to {NEWEST}; {NEWEST}, or the one at --url.")
    ] = "",
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODE", help="A finding to leave out; may be repeated.")
    ] = None,
    form: Form = Format.text,
    out: Out = "",
) -> None:
    """Say what a control plane would refuse or warn of, and what would not work together: in files, a stack, a preview.

    With --url, what the control plane holds is taken in, so that what is missing is known to be; by itself it is judged
    as a whole. Ends with 0 if nothing was found, with 2 if something was, with 1 if something could not be checked; a
    warning alone is nothing. In folders, what begins with a dot is left out, and links to other folders are not followed.
    """
    try:
        known_codes(ignore or [])
        release = supported(kuma, "--kuma") if kuma else None
        if not (files or stack or state or preview or url):
            raise typer.BadParameter("nothing to check: name files, --stack, --state, --preview or --url")
        found = listed(url) if url else None
        run = Run(release or (found[0] if found else NEWEST), frozenset(ignore or ()))
        run.read_files(files or [])
        if stack:
            run.take(sources.stack(stack))
        if state:
            run.take(sources.state(state))
        if preview:
            run.read_preview(preview)
        if found:
            run.unsure += found[1].unread
            run.together.take_live(found[1])
        raise typer.Exit(run.report(form, out))
    except MeshError as error:
        fail(error)


def listed(url: str) -> tuple[Release, Holdings]:
    """Return the release of a control plane, and everything that it holds."""
    with closing(control_plane(url)) as live:
        index = live.index(subject=url)
        return supported(index.based_on or index.version, url), sources.live(live)


def known_codes(said: list[str]) -> None:
    """Refuse codes that nobody knows."""
    for code in said:
        if code not in CODES:
            close = get_close_matches(code, CODES, 1)
            raise typer.BadParameter(
                f"--ignore {code}: is no code of a finding{f'; did you mean {close[0]}?' if close else ''}"
            )


class Run:
    """One run of the check: what was read, and what was found."""

    def __init__(self, release: Release, ignored: frozenset[str]) -> None:
        """Check for a release of Kuma."""
        self.checked, self.together = Check(release), Together(release, ignored)
        self.unsure: list[str] = []
        self.told: list[Finding] = []
        """What a program has found itself, so that there is no preview of it."""

    def read_files(self, files: list[str]) -> None:
        """Check the documents of files, each by itself."""
        said = Sources(files)
        for name, data in said:
            self.checked.file(name, data)
        self.unsure += [*said.unread, *self.checked.unjudged]
        self.together.take_files(self.checked.taken)
        if twice := self.checked.taken.twice:
            tell(f"note: the documents are not judged together, for {twice} is there twice")

    def take(self, holdings: Holdings) -> None:
        """Take what a stack or a preview asks for."""
        self.unsure += holdings.unread
        self.together.take(holdings)

    def read_preview(self, file: str) -> None:
        """Take what a preview asks for."""
        try:
            text = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        except OSError as error:
            raise NoPreview(f"{file}: cannot be read: {error.strerror or error}") from None
        try:
            found = preview_of(text, "standard input" if file == STDIN else file)
        except NoPreview:
            self.told = [one for one in told(text) if one.code not in self.together.ignored]
            if not self.told:
                raise
            return
        self.unsure += found.unread
        self.together.take_preview(found, file)
        if found.unlisted:
            tell(
                f"note: {found.unlisted} resources stay as they are and are not in the preview; --show-sames puts them there"
            )

    def report(self, form: Format, out: str) -> int:
        """Write the report; return how the run ends."""
        found = [*self.checked.findings, *self.told, *self.together.judge()]
        order = {one.file: number for number, one in reversed(list(enumerate(found)))}
        found.sort(key=lambda one: (order[one.file], one.line))
        documents = self.checked.documents + len(self.together.documents)
        documents -= 0 if self.checked.taken.twice else len(self.checked.taken.documents)
        if self.together.held and not documents:
            documents = len(self.together.held)
        if form is Format.json:
            shown = {"documents": documents, "findings": [one.shown() for one in found]}
            write(json.dumps(shown, indent=2) + "\n", out)
        else:
            write("".join(f"{finding}\n" for finding in found), out)
        for reason in self.unsure:
            tell(f"error: {reason}")
        tell(summary(found, documents, self.checked.release))
        return 1 if self.unsure else 2 if count(found, "error") else 0


def summary(found: list[Finding], documents: int, release: Release) -> str:
    """Say in one line how it went."""
    said = [counted(count(found, one), one) for one in ("error", "warning") if count(found, one)]
    return f"{counted(documents, 'document')} checked for Kuma {release}: {' and '.join(said) or 'nothing found'}"


def count(found: list[Finding], severity: str) -> int:
    """Count the findings of a severity."""
    return sum(finding.severity == severity for finding in found)
