"""`pulumi-mesh graph`: a picture of the ingress, from the client over hostname, listener and route to the backend."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from pulumi_mesh.cli.explain import Kuma
from pulumi_mesh.cli.report import Out, counted, fail, tell, write
from pulumi_mesh.cli.together import Together
from pulumi_mesh.cli.where import Files, MeshError, Meshes, Stack, State, Url, read, release
from pulumi_mesh.ingress.findings import findings
from pulumi_mesh.ingress.picture import Picture, picture
from pulumi_mesh.ingress.picture.dot import dot
from pulumi_mesh.ingress.picture.html import html
from pulumi_mesh.ingress.picture.mermaid import mermaid
from pulumi_mesh.ingress.picture.svg import svg
from pulumi_mesh.schema.release import Release
from pulumi_mesh.sources import Holdings


class Format(str, Enum):
    """How a picture is written."""

    mermaid = "mermaid"
    dot = "dot"
    svg = "svg"
    html = "html"


WRITERS: Mapping[Format, Callable[[Picture], str]] = {
    Format.mermaid: mermaid,
    Format.dot: dot,
    Format.svg: svg,
    Format.html: html,
}
SUFFIXES = {".gv": Format.dot, ".dot": Format.dot, ".svg": Format.svg, ".html": Format.html, ".htm": Format.html}


def graph(
    files: Files = None,
    stack: Stack = "",
    state: State = "",
    url: Url = "",
    mesh: Meshes = None,
    kuma: Kuma = "",
    form: Annotated[
        Format | None, typer.Option("--format", help="How it is written; by the name of --out, else mermaid.")
    ] = None,
    out: Out = "",
) -> None:
    """Draw the ingress: clients, hostnames, listeners with their certificates, routes with their rules, backends, mesh by mesh.

    What was found about it is in the picture. Ends with 0, or with 1 where something could not be read: what is wrong is for
    `check` to find.
    """
    form = form or SUFFIXES.get(Path(out).suffix.lower(), Format.mermaid)
    try:
        holdings = read(files, stack, state, url, meshes=mesh)
        live = bool(url) or not (files or stack or state)
        complete = live and not mesh and not holdings.unread
        asked, drawn = release(kuma, url, live=live), Picture()
        for name in sorted({one.control_plane for one in (*holdings.held, *holdings.listeners)}):
            part = of(holdings, name)
            drawn += pictured(part, name, asked, complete=complete, alone=not files)
        write(WRITERS[form](drawn), out)
    except MeshError as error:
        fail(error)
    for reason in holdings.unread:
        tell(f"error: {reason}")
    hosts = sum(node.sort == "host" for node in drawn.nodes)
    meshes = counted(len(drawn.panels), "mesh").replace("meshs", "meshes")
    tell(f"{counted(hosts, 'hostname')} in {meshes}: {counted(len(drawn.findings), 'finding')}")
    raise typer.Exit(1 if holdings.unread else 0)


def of(holdings: Holdings, control_plane: str) -> Holdings:
    """Return what one control plane holds, or is to hold."""
    held = [one for one in holdings.held if one.control_plane == control_plane]
    return replace(
        holdings, held=held, listeners=[one for one in holdings.listeners if one.control_plane == control_plane]
    )


def pictured(holdings: Holdings, name: str, release: Release, *, complete: bool, alone: bool) -> Picture:
    """Draw what one control plane holds, with what is wrong with it."""
    judged = Together(release)
    judged.take(holdings)
    known = replace(judged.known(judged.documents), complete=complete, alone=alone)
    return picture(holdings.documents(), findings(known), "" if name == "default" else name)
