"""`pulumi-mesh routes`: the whole table of the gateways, with what no request reaches, and what ties."""

import json

import typer

from pulumi_mesh.cli.explain import GatewayName, Kuma, MeshName, routes_of
from pulumi_mesh.cli.report import Form, Format, Out, counted, fail, tell, write
from pulumi_mesh.cli.routes_text import text
from pulumi_mesh.cli.where import Files, MeshError, Stack, State, Url
from pulumi_mesh.ingress.routing.overview import overview


def routes(
    files: Files = None,
    gateway: GatewayName = "",
    mesh: MeshName = "",
    kuma: Kuma = "",
    stack: Stack = "",
    state: State = "",
    url: Url = "",
    form: Form = Format.text,
    out: Out = "",
) -> None:
    """Print the routes of the gateways in the order in which proxies try them, host by host.

    Rules that no request reaches and rules that tie are flagged. Ends with 0, or with 1 where something could not be read:
    what is wrong with routes is for `check` to find.
    """
    try:
        routing, unread = routes_of(files, stack, state, url, kuma)
        for reason in unread:
            tell(f"error: {reason}")
        mine = [one for one in routing.ports if routing.meant(one.gateway, gateway, mesh)]
        if not mine and gateway:
            raise MeshError(routing.missing(gateway, mesh))
        report = overview(mine)
        write(json.dumps(report, indent=2) + "\n" if form is Format.json else text(report), out)
    except MeshError as error:
        fail(error)
    found = f"{counted(len(report['shadowed']), 'shadowed rule')}, {counted(len(report['tied']), 'tie')}"
    tell(f"{counted(len(mine), 'gateway')}: {found}")
    raise typer.Exit(1 if unread else 0)
