"""What single steps of a plan must not do: end a mesh or its mTLS, leave a gateway without listeners, open everything."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from pulumi_mesh.ingress.guard.openness import opens
from pulumi_mesh.ingress.guard.verdict import SHOW, Refusal, Rule, Verdict, refusal
from pulumi_mesh.provider.slot import Slot, named
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig, values
from pulumi_mesh.sources.preview import Planned, Preview


def listeners(plan: Preview, steps: Collection[Planned], verdict: Verdict, allow: Collection[str]) -> Iterator[Refusal]:
    """Refuse to leave a gateway without listeners: with the gateway, or one by one."""
    gateways = [step for step in steps if step.kind.gathers and not isinstance(step.old or step.new, Slot)]
    for step in gateways:
        if step.op == "delete" and (shown := whole(step)):
            yield refusal(step, "last-listener", f"goes with its listeners: {shown}")
    taken: dict[tuple[str, Address], list[Planned]] = {}
    for step in steps:
        if isinstance(step.old, Slot) and (step.op == "delete" or step.was != step.address):
            taken.setdefault((step.control_plane, step.was), []).append(step)
    for (plane, gateway), gone in taken.items():
        if any(stays(step, plane, gateway) for step in steps):
            continue
        if plan.unlisted and not any(step.op == "delete" and step.was == gateway for step in gateways):
            if "last-listener" not in allow:
                verdict.untold.append(f"{gateway}: whether a listener stays cannot be told; {SHOW}")
            continue
        for step in gone:
            yield refusal(step, "last-listener", f"no other listener of this stack stays on {gateway}")


def whole(step: Planned) -> str:
    """Name the listeners that a gateway has by itself."""
    side = step.old
    assert side is not None
    if any(path.startswith("listeners") for path in step.hidden_before):
        return "(secret)"
    return ", ".join(named(item) for item in values({"listeners": side.said.get("listeners")}, "listeners"))


def stays(step: Planned, plane: str, gateway: Address) -> bool:
    """Tell whether a step leaves a gateway a listener: one that stays or comes, its own list, another name for it."""
    if step.control_plane != plane or step.new is None:
        return False
    if isinstance(step.new, Slot):
        return step.address == gateway
    renamed = step.op == "replace" and step.was == gateway
    listed = bool(step.new.said.get("listeners")) or any(path.startswith("listeners") for path in step.hidden)
    return renamed or (step.address == gateway and listed)


def each(step: Planned, verdict: Verdict) -> Iterator[tuple[Rule, str]]:
    """Yield what one step does that is refused."""
    judged = JUDGED.get(step.kind.name)
    if judged is not None and step.op != "same":
        yield from judged(step, verdict)


def mesh(step: Planned, verdict: Verdict) -> Iterator[tuple[Rule, str]]:
    """A mesh stays, and so does its mTLS; PERMISSIVE takes traffic in clear text, so it is as good as none."""
    if step.op in ("delete", "replace"):
        yield "delete-mesh", "is deleted, with all that is in it"
    if step.op != "update" or step.old is None or step.new is None:
        return
    before, after = (dig(side.said, "mtls.enabled_backend") for side in (step.old, step.new))
    if not before:
        return
    hidden = [path for path in (*step.hidden, *step.hidden_before) if path.startswith("mtls")]
    if hidden:
        verdict.notes.append(f"{step.address}: what becomes of mTLS cannot be told, {hidden[0]} is not shown")
    if not after and not any(path in ("mtls", "mtls.enabled_backend") for path in step.hidden):
        yield "mtls-off", f"mTLS is turned off (enabled_backend {before}): traffic is no longer encrypted"
    elif permissive(step.new.said, after) and not permissive(step.old.said, before):
        yield "mtls-permissive", f"the CA {after} becomes PERMISSIVE: traffic in clear text is let in"


def permissive(said: Mapping[str, Any], name: Any) -> bool:
    """Tell whether the CA of a name lets clear text in."""
    backends = values(said, "mtls.backends")
    return any(one.get("name") == name and one.get("mode") in ("PERMISSIVE", 1) for one in backends)


def certificate(step: Planned, verdict: Verdict) -> Iterator[tuple[Rule, str]]:
    """A certificate is replaced by a newer one; a preview hides it, but a TlsCertificate says when it was issued."""
    if step.op not in ("update", "replace"):
        return
    before, after = step.issued
    if before and after:
        if after < before:
            yield "older-certificate", f"the certificate was issued {before}, the one that replaces it {after}"
    elif "data" in step.hidden:
        verdict.notes.append(
            f"{step.was}: changes, and a preview hides how; if it is a certificate, its age cannot be told"
        )


def permission(step: Planned, verdict: Verdict) -> Iterator[tuple[Rule, str]]:
    """A permission does not become one for everybody and everything."""
    if step.op == "delete" or step.new is None or (step.old is not None and opens(step.kind.name, step.old.said)):
        return
    if (how := opens(step.kind.name, step.new.said)) is not None:
        yield "open-permission", f"lets everybody call everything: {how}"
    elif step.hidden:
        verdict.notes.append(f"{step.address}: whom it lets in cannot be told, {step.hidden[0]} is not known yet")


JUDGED: Mapping[str, Callable[[Planned, Verdict], Iterator[tuple[Rule, str]]]] = {
    "Mesh": mesh,
    "Secret": certificate,
    "MeshTrafficPermission": permission,
    "TrafficPermission": permission,
}
"""The rules of one step, by kind."""
