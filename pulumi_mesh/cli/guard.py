"""`pulumi-mesh guard`: whether a plan as a whole goes too far, before it is carried out."""

import json
import re
from dataclasses import asdict
from typing import Annotated, Any

import typer

from pulumi_mesh.cli.findings import printable
from pulumi_mesh.cli.plans import STDIN, plan
from pulumi_mesh.cli.report import Form, Format, Out, counted, fail, tell, write
from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.guard import RULES, Limits, Verdict, judge

PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?")


def guard(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="What pulumi preview --json writes.")] = STDIN,
    max_delete: Annotated[
        str, typer.Option(metavar="PERCENT", help="The share of a mesh's objects that a plan may delete.")
    ] = "30%",
    max_update: Annotated[
        str, typer.Option(metavar="PERCENT", help="The share of a mesh's objects that a plan may change.")
    ] = "30%",
    min_existing: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many objects a mesh must have for its share to be judged.")
    ] = 10,
    allow: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help=f"Let a rule pass; may be repeated: {', '.join(RULES)}.")
    ] = None,
    form: Form = Format.text,
    out: Out = "",
) -> None:
    """Refuse a plan that deletes or opens too much: pulumi preview --json --show-sames | pulumi-mesh guard.

    Ends with 0 if the plan may be carried out, with 2 if not, with 1 if that cannot be told: what is read is no preview, the
    preview failed, or it does not list what stays the same and that matters. Each refusal names its rule.
    """
    limits = Limits(share(max_delete, "--max-delete"), share(max_update, "--max-update"), min_existing)
    for rule in allow or ():
        if rule not in RULES:
            raise typer.BadParameter(f"{rule} is no rule; there are {', '.join(RULES)}", param_hint="--allow")
    verdict = judge(plan(file), limits, allow or ())
    try:
        write(json.dumps(report(verdict), indent=2) + "\n" if form is Format.json else text(verdict), out)
    except MeshError as error:
        fail(error)
    for note in verdict.notes:
        tell(f"note: {note}")
    for one in verdict.allowed:
        tell(f"allowed ({one.rule}): {one}")
    for reason in verdict.untold:
        tell(f"error: {reason}")
    tell(summary(verdict))
    raise typer.Exit(2 if verdict.refused else 1 if verdict.untold else 0)


def share(said: str, option: str) -> float:
    """Read a percentage, with or without its sign."""
    found = PERCENT.fullmatch(said.strip())
    if found is None or float(found[1]) > 100:
        raise typer.BadParameter(f"{said} is no percentage; write 30%", param_hint=option)
    return float(found[1]) / 100


def text(verdict: Verdict) -> str:
    """Say what is refused, one a line, the rule first."""
    width = max((len(one.rule) for one in verdict.refused), default=0)
    return "".join(printable(f"{one.rule:{width}}  {one}") + "\n" for one in verdict.refused)


def report(verdict: Verdict) -> dict[str, Any]:
    """Return the same as a value."""
    meshes = [
        {"control_plane": plane, "mesh": mesh, **asdict(tally)} for (plane, mesh), tally in verdict.tallies.items()
    ]
    return {
        "refused": [asdict(one) for one in verdict.refused],
        "allowed": [asdict(one) for one in verdict.allowed],
        "summary": {
            "steps": verdict.steps,
            "refused": len(verdict.refused),
            "allowed": len(verdict.allowed),
            "unlisted": verdict.unlisted,
            "meshes": meshes,
            "untold": verdict.untold,
            "notes": verdict.notes,
        },
    }


def summary(verdict: Verdict) -> str:
    """Say in one line how it went, and how to go on."""
    done = f"{counted(verdict.steps, 'step')} in {len(verdict.tallies)} {'mesh' if len(verdict.tallies) == 1 else 'meshes'}"
    if not verdict.refused:
        return f"{done}: nothing refused"
    rules = " ".join(f"--allow {rule}" for rule in dict.fromkeys(one.rule for one in verdict.refused))
    return f"{done}: {len(verdict.refused)} refused; if it is meant so: {rules}"
