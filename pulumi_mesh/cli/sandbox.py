"""`pulumi-mesh sandbox`: an embedded control plane to try programs on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pulumi_mesh.errors import MeshError

if TYPE_CHECKING:
    from pulumi_mesh.sandbox.site import Site


def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 picks one that is free.")] = 5681,
    data: Annotated[Path | None, typer.Option(help="A file that keeps everything; in memory without it.")] = None,
    kuma: Annotated[str, typer.Option(help="The release to imitate: 2.10 or 2.14.")] = "2.14",
    mode: Annotated[str, typer.Option(help="Whose control plane it is: that of one zone, or the global one.")] = "zone",
    product: Annotated[str, typer.Option(help="kuma, or kong-mesh, which has some types more.")] = "kuma",
    host: Annotated[str, typer.Option(help="An address of this machine.")] = "127.0.0.1",
) -> None:
    """Serve an embedded control plane: Kuma's resource API, without any traffic."""
    from pulumi_mesh.sandbox import serve  # brings every kind, which --help can do without

    console = Console(stderr=True, highlight=False, soft_wrap=True)

    def tell(url: str, site: "Site") -> None:
        console.print("This is an embedded control plane: it keeps resources and answers like Kuma,")
        console.print("it routes no traffic, and no proxy can connect to it.")
        console.print(f"  URL       {url}", markup=False)
        where = "global" if site.mode == "global" else f"zone {site.zone}"
        console.print(f"  imitates  kuma-cp {site.version} (Universal, {where})")
        if site.product != "Kuma":
            console.print(f"  and       the types of {site.product}, as they are documented: nobody recorded them")
        console.print(f"  data      {data or 'in memory, gone when it stops'}", markup=False)
        console.print("Stop it by Ctrl+C.")

    try:
        serve(str(data) if data else None, kuma, host, port, mode, product, tell)
    except MeshError as error:
        console.print(f"error: {error}", markup=False)
        raise typer.Exit(1) from None
