"""The command `pulumi-mesh`: one thin file per verb."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from pulumi_mesh.cli.affected import affected
from pulumi_mesh.cli.check import check
from pulumi_mesh.cli.drift import drift
from pulumi_mesh.cli.explain import explain
from pulumi_mesh.cli.export import export
from pulumi_mesh.cli.graph import graph
from pulumi_mesh.cli.guard import guard
from pulumi_mesh.cli.ping import ping
from pulumi_mesh.cli.routes import routes
from pulumi_mesh.cli.sandbox import sandbox
from pulumi_mesh.cli.schema import schema

WrongUse: Any = typer.BadParameter.__mro__[1]
"""What every mistake in the use of the command is."""


@contextmanager
def unsure() -> Generator[None, None, None]:
    """End a mistaken use with 1, which says that nothing is known; 2 says that something was found."""
    try:
        yield
    except WrongUse as error:
        error.exit_code = 1
        raise


class Verbs(TyperGroup):
    """The verbs, whose mistaken use ends with 1."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read what stands before the verb."""
        with unsure():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Read the rest, and run the verb."""
        with unsure():
            return super().invoke(ctx)


main = typer.Typer(
    name="pulumi-mesh",
    help="Kuma and Kong Mesh ingress as Pulumi resources: checks, reports, and a control plane to try them on.",
    cls=Verbs,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@main.callback()
def verbs() -> None:
    """Take the name of a verb."""


for verb in (affected, check, drift, explain, export, graph, guard, ping, routes, sandbox, schema):
    main.command()(verb)
