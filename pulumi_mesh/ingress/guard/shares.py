"""How much of a mesh a plan deletes and changes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pulumi_mesh.ingress.guard.verdict import SHOW, Refusal, Rule, Tally, Verdict, Where
from pulumi_mesh.sources.preview import Planned, Preview


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mesh a plan may delete and change."""

    delete: float = 0.3
    update: float = 0.3
    existing: int = 10
    """How many objects a mesh must have for that to be judged."""


def tallies(steps: Collection[Planned]) -> dict[Where, Tally]:
    """Count the objects of each mesh, the Mesh itself not among them."""
    found: dict[Where, Tally] = {}
    for step in steps:
        if step.address.mesh is None:
            continue
        if step.op in ("create", "replace"):
            found.setdefault((step.control_plane, step.address.mesh), Tally()).created += 1
        if step.op == "create":
            continue
        tally = found.setdefault((step.control_plane, step.was.mesh), Tally())
        tally.listed += 1
        tally.deleted += step.op in ("delete", "replace")
        tally.updated += step.op == "update"
    return found


def shares(plan: Preview, verdict: Verdict, limits: Limits, allow: Collection[str]) -> Iterator[Refusal]:
    """Refuse to delete or change more than a share of a mesh's objects.

    What stays the same is not listed, unless it is asked for: with one mesh in the plan it is taken for that mesh's; with
    several, only what holds however it is spread is said.
    """
    alone = len(verdict.tallies) == 1
    for (_, mesh), tally in verdict.tallies.items():
        most = tally.listed + plan.unlisted
        if most < limits.existing:
            continue
        judged: list[tuple[Rule, str, int, float]] = [
            ("max-delete", "deletes", tally.deleted, limits.delete),
            ("max-update", "changes", tally.updated, limits.update),
        ]
        for rule, verb, number, limit in judged:
            least = most if alone else max(tally.listed, limits.existing)
            if number > limit * most:
                about = "" if not plan.unlisted else "about "
                share = f"{number} of {about}{most} objects ({number / most:.0%}), more than {limit:.0%}"
                yield Refusal(rule, mesh, f"Mesh/{mesh}", None, f"the plan {verb} {share}")
            elif number > limit * least and rule not in allow:
                verdict.untold.append(
                    f"Mesh/{mesh}: the plan {verb} {number} objects, and what stays the same is not listed; {SHOW}"
                )
    if plan.unlisted and alone and any(tally.updated or tally.deleted for tally in verdict.tallies.values()):
        verdict.notes.append(
            f"{plan.unlisted} resources stay the same without being listed, and are counted for the mesh; {SHOW}"
        )
