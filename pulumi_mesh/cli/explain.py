"""`pulumi-mesh explain`: which listener, rule and backends a request comes to, and why."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from pulumi_mesh.cli.check import tell
from pulumi_mesh.cli.explain_text import text
from pulumi_mesh.cli.where import Files, MeshError, Stack, State, Url, control_plane, read
from pulumi_mesh.errors import Unconfigured
from pulumi_mesh.ingress.request import Request
from pulumi_mesh.ingress.routing import Routing
from pulumi_mesh.ingress.topology import Topology
from pulumi_mesh.schema.release import NEWEST, OLDEST, Release, supported
from pulumi_mesh.schema.spec import is_map


class Format(str, Enum):
    """How a report is written."""

    text = "text"
    json = "json"


Kuma = Annotated[
    str,
    typer.Option("--kuma", help=f"The release whose routing holds, {OLDEST} to {NEWEST}; that of --url, or {NEWEST}."),
]
GatewayName = Annotated[str, typer.Option("--gateway", metavar="NAME", help="Only this MeshGateway.")]
MeshName = Annotated[str, typer.Option("--mesh", metavar="NAME", help="Only gateways of this mesh.")]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where the report goes, if not to standard output.")]


def explain(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="http://, https://, tcp:// or tls://; with --requests, a file.")
    ] = "",
    files: Files = None,
    method: Annotated[str, typer.Option(help="The method.")] = "GET",
    header: Annotated[list[str] | None, typer.Option(metavar="K:V", help="A header; may be repeated.")] = None,
    requests: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="Requests instead of URL, a JSON object a line: url, method, headers, gateway."
        ),
    ] = "",
    gateway: GatewayName = "",
    mesh: MeshName = "",
    kuma: Kuma = "",
    stack: Stack = "",
    state: State = "",
    plane: Url = "",
    form: Annotated[Format, typer.Option("--format", help="How the report is written.")] = Format.text,
    out: Out = "",
) -> None:
    """Say where a request goes: listener, rule, what filters do to it, backends and their shares; or why nowhere.

    Ends with 0 if the request comes to a backend or a redirect, with 2 if it does not, with 1 if that cannot be told. Several
    requests end with 0 if all of them could be told, wherever they go. The answer is that of proxies that start now.
    """
    files = [*(files or ())]
    if requests and url:
        files, url = [url, *files], ""
    elif "://" not in url and (named := [one for one in files if "://" in one]):
        files, url = [url, *(one for one in files if one != named[0])], named[0]  # a URL after the files is one, too
    try:
        asked = [
            Asked.of(one, gateway, mesh)
            for one in (several(requests) if requests else [single(url, method, header or ())])
        ]
        routing, unread = routes_of(files, stack, state, plane, kuma)
        for reason in unread:
            tell(f"error: {reason}")
        found = [routing.explain(one.request, one.gateway, one.mesh) for one in asked]
        if form is Format.json:
            reports = [each.report() for each in found]
            write(json.dumps(reports if requests else reports[0], indent=2) + "\n", out)
        else:
            write("\n".join(text(each, routing.topology, titled=bool(requests)) for each in found), out)
    except (MeshError, OSError) as error:
        tell(f"error: {error}")
        raise typer.Exit(1) from None
    reached = requests or found[0].outcome in ("backend", "redirect")
    raise typer.Exit(1 if unread else 0 if reached else 2)


def routes_of(files: list[str] | None, stack: str, state: str, plane: str, kuma: str) -> tuple[Routing, list[str]]:
    """Read what gateways there are; return their routing, and why something could not be read."""
    holdings = read(files, stack, state, plane)
    asked = plane or ("" if files or stack or state else os.environ.get("PULUMI_MESH_URL", ""))
    return Routing(Topology(holdings.documents()), release(kuma, asked)), holdings.unread


def release(kuma: str, plane: str) -> Release:
    """Return the release that is meant: the one that is named, that of the control plane, or the newest."""
    if kuma:
        return supported(kuma, "--kuma")
    if not plane:
        return NEWEST
    with closing(control_plane(plane)) as asked:
        index = asked.index(subject=plane)
    return supported(index.based_on or index.version, plane)


@dataclass(frozen=True)
class Asked:
    """A request, and which gateways it is about."""

    request: Request
    gateway: str
    mesh: str

    @classmethod
    def of(cls, said: Mapping[str, Any], gateway: str, mesh: str) -> "Asked":
        """Read a request as a line of a file has it."""
        headers: Any = said.get("headers") or {}
        if not is_map(headers):
            raise Unconfigured(f"{said['url']}: headers is no object; write names and values")
        request = Request.of(said["url"], str(said.get("method") or "GET"), headers)
        return cls(request, str(said.get("gateway") or gateway), str(said.get("mesh") or mesh))


def single(url: str, method: str, headers: Sequence[str]) -> Mapping[str, Any]:
    """Return the request of the command line."""
    if not url:
        raise Unconfigured("no request: write a URL, or --requests FILE")
    said: dict[str, list[str]] = {}
    for header in headers:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise Unconfigured(f"--header {header}: is no header; write NAME:VALUE")
        said.setdefault(name.strip().lower(), []).append(value.strip())
    return {"url": url, "method": method, "headers": said}


def several(file: str) -> Iterator[Mapping[str, Any]]:
    """Yield the requests of a file, - for standard input: a JSON object a line, or one JSON array of them."""
    data = sys.stdin.read() if file == "-" else Path(file).read_text()
    if data.lstrip().startswith("["):
        lines = [(f"{file}[{index}]", json.dumps(each)) for index, each in enumerate(parsed(file, data))]
    else:
        lines = [(f"{file}:{number}", line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
    for place, line in lines:
        said = parsed(place, line)
        if not is_map(said) or not isinstance(said.get("url"), str):
            raise Unconfigured(
                f"{place}: is no request; write an object with url, and method, headers and gateway if need be"
            )
        yield said


def parsed(place: str, data: str) -> Any:
    """Read JSON, or say where it is none."""
    try:
        return json.loads(data)
    except ValueError as error:
        raise Unconfigured(f"{place}: is no JSON: {error}") from None


def write(report: str, file: str) -> None:
    """Write the report where it belongs."""
    if file:
        Path(file).write_text(report)
    else:
        typer.echo(report, nl=False)
