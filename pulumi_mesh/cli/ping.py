"""`pulumi-mesh ping`: whether a control plane answers, what it is, and whether this version serves it."""

import json
from contextlib import closing
from dataclasses import asdict

import typer

from pulumi_mesh.cli.report import Form, Format, Out, fail, write
from pulumi_mesh.cli.where import MeshError, Url, control_plane
from pulumi_mesh.schema.release import supported


def ping(url: Url = "", form: Form = Format.text, out: Out = "") -> None:
    """Ask a control plane what it is: that at --url, or the one that the environment names (PULUMI_MESH_URL).

    Ends with 0 if it answers and this version serves it, with 1 if not.
    """
    try:
        with closing(control_plane(url)) as plane:
            at, index = plane.connection.url, plane.index(subject=plane.connection.url)
            types = len(plane.resources(subject=at))
        supported(index.based_on or index.version, at)
        if form is Format.json:
            write(json.dumps({"url": at, **asdict(index), "types": types}, indent=2) + "\n", out)
        else:
            what = f"{index.product} {index.version}" + (f" (Kuma {index.based_on})" if index.based_on else "")
            kept = ", an embedded control plane that routes no traffic" if index.sandbox else ""
            write(f"{at}: {what}{kept}, clusterId {index.cluster_id}, {types} types\n", out)
    except MeshError as error:
        fail(error)
    raise typer.Exit(0)
