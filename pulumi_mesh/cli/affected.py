"""`pulumi-mesh affected`: which proxies an object, or a whole plan, concerns."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from pulumi_mesh.cli.findings import printable
from pulumi_mesh.cli.plans import STDIN, plan
from pulumi_mesh.cli.report import Form, Format, Out, counted, fail, tell, write
from pulumi_mesh.cli.where import Url, control_plane
from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.affected import Concern, Survey
from pulumi_mesh.schema.kind import Address, kind_of


@dataclass
class Report:
    """What concerns whom."""

    concerns: list[Concern] = field(default_factory=list[Concern])
    untold: list[str] = field(default_factory=list[str])
    surveys: dict[str, Survey] = field(default_factory=dict[str, Survey])

    def survey(self, url: str, name: str = "default") -> Survey:
        """Return the control plane of a name; the URL that is said is the default one's."""
        if name not in self.surveys:
            self.surveys[name] = Survey(control_plane(url if name == "default" else "", name))
        return self.surveys[name]

    def close(self) -> None:
        """Close the connections."""
        for survey in self.surveys.values():
            survey.control_plane.close()

    @property
    def proxies(self) -> list[Address]:
        """All proxies that are concerned, each once."""
        return sorted({one for concern in self.concerns for one in concern.proxies}, key=str)


def affected(
    what: Annotated[
        str, typer.Argument(metavar="KIND/MESH/NAME|-|FILE", help="An object, or what pulumi preview --json writes.")
    ] = STDIN,
    url: Url = "",
    form: Form = Format.text,
    out: Out = "",
) -> None:
    """Say which proxies an object concerns, or each step of a plan: pulumi preview --json | pulumi-mesh affected -.

    Of what it holds, the control plane says it; what is planned is matched against its proxies by their tags. Ends with 0, or
    with 1 where something could not be told.
    """
    report = Report()
    try:
        for concern in concerns(report, what, url):
            report.concerns.append(concern)
        write(json.dumps(value(report), indent=2) + "\n" if form is Format.json else text(report), out)
    except MeshError as error:
        fail(error)
    finally:
        report.close()
    for reason in report.untold:
        tell(f"error: {reason}")
    tell(f"{counted(len(report.concerns), 'object')}: {proxies(len(report.proxies))} concerned")
    raise typer.Exit(1 if report.untold else 0)


def concerns(report: Report, what: str, url: str) -> Iterator[Concern]:
    """Yield what concerns whom: for one object, or for each step of a plan."""
    if is_address(what):
        address = Address.parse(what)
        kind = kind_of(address.kind, what)
        if kind.scope == "mesh" and address.mesh is None:
            raise MeshError(f"{what}: lives in a mesh; write {address.kind}/MESH/{address.name}")
        yield report.survey(url).of(kind, address)
        return
    found = plan(what)
    report.untold += found.unread
    for step in found.steps:
        if step.op != "same":
            try:
                yield report.survey(url, step.control_plane).planned(step)
            except MeshError as error:
                report.untold.append(str(error))


def is_address(what: str) -> bool:
    """Tell an object from a file."""
    kind, slash, _ = what.partition("/")
    return bool(slash) and kind.isidentifier() and kind[:1].isupper() and not what.endswith(".json")


def text(report: Report) -> str:
    """Say what concerns whom, an object a line and its proxies below it."""
    lines: list[str] = []
    for concern in report.concerns:
        op = f"{concern.op} " if concern.op else ""
        by = "" if concern.by == "control plane" else ", by matching"
        lines.append(f"{op}{concern.address}: {proxies(len(concern.proxies))}{by if concern.proxies else ''}")
        lines += [f"  {one.name}" for one in concern.proxies]
    return "".join(printable(line) + "\n" for line in lines)


def proxies(number: int) -> str:
    """Say a number of proxies."""
    return f"{number:,} {'proxy' if number == 1 else 'proxies'}" if number else "no proxy"


def value(report: Report) -> dict[str, Any]:
    """Return the same as a value."""
    objects = [
        {
            "op": one.op or None,
            "address": str(one.address),
            "urn": one.urn,
            "proxies": [{"mesh": each.mesh, "name": each.name} for each in one.proxies],
            "by": one.by,
        }
        for one in report.concerns
    ]
    whole = [{"mesh": each.mesh, "name": each.name} for each in report.proxies]
    summary = {"objects": len(objects), "proxies": len(whole), "untold": report.untold}
    return {"objects": objects, "proxies": whole, "summary": summary}
