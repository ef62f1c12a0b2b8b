"""The command `pulumi-mesh`: one thin file per verb."""

import typer

from pulumi_mesh.cli.sandbox import sandbox

main = typer.Typer(
    name="pulumi-mesh",
    help="Kuma and Kong Mesh ingress as Pulumi resources: checks, reports, and a control plane to try them on.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@main.callback()
def verbs() -> None:
    """Take the name of a verb, even while there is only one."""


main.command()(sandbox)
