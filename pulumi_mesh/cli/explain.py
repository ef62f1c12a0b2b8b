"""`pulumi-mesh explain`: which listener, rule and backends a request comes to, and why."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from pulumi_mesh.cli.explain_text import text
from pulumi_mesh.cli.report import Form, Format, Out, fail, tell, write
from pulumi_mesh.cli.where import Files, MeshError, Stack, State, Url, read, release
from pulumi_mesh.errors import Unconfigured
from pulumi_mesh.ingress.routing import Routing
from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.topology import Topology
from pulumi_mesh.schema.release import NEWEST, OLDEST
from pulumi_mesh.schema.spec import is_map

Kuma = Annotated[
    str,
    typer.Option("--kuma", help=f"The release whose routing holds, {OLDEST} to {NEWEST}; that of --url, or {NEWEST}."),
]
GatewayName = Annotated[str, typer.Option("--gateway", metavar="NAME", help="Only this MeshGateway.")]
MeshName = Annotated[str, typer.Option("--mesh", metavar="NAME", help="Only gateways of this mesh.")]


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
    form: Form = Format.text,
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
        fail(error)
    reached = requests or found[0].outcome in ("backend", "redirect")
    raise typer.Exit(1 if unread else 0 if reached else 2)


def routes_of(files: list[str] | None, stack: str, state: str, plane: str, kuma: str) -> tuple[Routing, list[str]]:
    """Read what gateways there are; return their routing, and why something could not be read."""
    holdings = read(files, stack, state, plane)
    live = bool(plane) or not (files or stack or state)
    return Routing(Topology(holdings.documents()), release(kuma, plane, live=live)), holdings.unread


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
