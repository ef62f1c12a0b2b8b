"""What a plan as a whole must not do unless somebody says so: pure rules over the steps of a preview."""

from collections.abc import Collection

from pulumi_mesh.ingress.guard.brakes import each, listeners
from pulumi_mesh.ingress.guard.shares import Limits, shares, tallies
from pulumi_mesh.ingress.guard.verdict import RULES, Refusal, Rule, Verdict, refusal
from pulumi_mesh.provider.slot import Slot
from pulumi_mesh.sources.preview import Planned, Preview


def judge(plan: Preview, limits: Limits | None = None, allow: Collection[str] = ()) -> Verdict:
    """Judge a plan."""
    steps, verdict = lasting(plan), Verdict(untold=list(plan.unread), unlisted=plan.unlisted)
    verdict.steps, verdict.tallies = sum(step.op != "same" for step in steps), tallies(steps)
    found = [*shares(plan, verdict, limits or Limits(), allow), *listeners(plan, steps, verdict, allow)]
    for step in steps:
        found += [refusal(step, rule, message) for rule, message in each(step, verdict)]
    for one in found:
        (verdict.allowed if one.rule in allow else verdict.refused).append(one)
    return verdict


def lasting(plan: Preview) -> list[Planned]:
    """Return the steps, without deletions of what another resource of the program declares: the object stays."""
    kept = {key(step, new=True) for step in plan.steps if step.new is not None}
    return [step for step in plan.steps if step.op != "delete" or key(step, new=False) not in kept]


def key(step: Planned, *, new: bool) -> tuple[str, str]:
    """Return what tells the object of a step from all others."""
    side = step.new if new else step.old
    address = side.subject if isinstance(side, Slot) else str(step.address if new else step.was)
    return step.control_plane, address


__all__ = ["RULES", "Limits", "Refusal", "Rule", "Verdict", "judge"]
