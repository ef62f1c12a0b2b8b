"""Where a verb reads from: files, a stack, the file of a state, or a control plane. One grammar for all verbs."""

import os
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

import typer

from pulumi_mesh import sources
from pulumi_mesh.controlplane import ControlPlane, connection
from pulumi_mesh.errors import MeshError, Unconfigured
from pulumi_mesh.schema.release import NEWEST, Release, supported
from pulumi_mesh.sources import Holdings

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE|DIR|-", help="Files, folders of *.yaml, *.yml and *.json, - for standard input."),
]
Stack = Annotated[str, typer.Option("--stack", help="A stack of the project in this folder.")]
State = Annotated[str, typer.Option("--state", metavar="FILE", help="A state, as pulumi stack export writes it.")]
Url = Annotated[str, typer.Option("--url", help="A control plane; its token is that of the environment.")]
Meshes = Annotated[list[str] | None, typer.Option("--mesh", help="Only what lives in this mesh; may be repeated.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only objects of this kind; may be repeated.")]


def control_plane(url: str = "", name: str = "default") -> ControlPlane:
    """Return the control plane at a URL, or the one that the environment names (`PULUMI_MESH_URL`)."""
    environ = {**os.environ, "PULUMI_MESH_URL": url} if url else dict(os.environ)
    return ControlPlane(connection(name, environ, lambda _: None))


def read(
    files: Sequence[str] | None = None,
    stack: str = "",
    state: str = "",
    url: str = "",
    *,
    meshes: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
) -> Holdings:
    """Return what is read from where the options say; without any, from the control plane that the environment names.

    MeshError where nothing can be read, or nobody says from where.
    """
    found = list[Holdings]()
    if files:
        found.append(sources.files(files))
    if stack:
        found.append(sources.stack(stack))
    if state:
        found.append(sources.state(state))
    if url or (not found and os.environ.get("PULUMI_MESH_URL")):
        with closing(control_plane(url)) as plane:
            found.append(sources.live(plane, meshes or (), kinds or ()))
    if not found:
        raise Unconfigured("nothing to read from: name files, --stack, --state or --url, or set PULUMI_MESH_URL")
    return sum(found, Holdings()).chosen(meshes or (), kinds or ())


def release(kuma: str, url: str = "", *, live: bool) -> Release:
    """Return the release whose rules hold: the one that is named, that of the control plane, or the newest."""
    if kuma or not live:
        return supported(kuma, "--kuma") if kuma else NEWEST
    with closing(control_plane(url)) as plane:
        index = plane.index(subject=plane.connection.url)
        return supported(index.based_on or index.version, plane.connection.url)


__all__ = ["Files", "Kinds", "MeshError", "Meshes", "Stack", "State", "Url", "control_plane", "read", "release"]
