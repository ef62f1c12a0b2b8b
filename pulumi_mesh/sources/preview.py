"""What a program is about to do, step by step, as `pulumi preview --json` writes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi_mesh.errors import MeshError
from pulumi_mesh.provider.slot import NAME, Slot, gateway_kind
from pulumi_mesh.provider.state import State
from pulumi_mesh.provider.token import SORTS
from pulumi_mesh.schema.kind import Address, Kind
from pulumi_mesh.schema.spec import is_list, is_map

from .stack import HIDDEN, OURS, closed, opened

Op = Literal["create", "update", "replace", "delete", "same"]
OPS: Mapping[str, Op] = {
    "create": "create",
    "import": "create",
    "update": "update",
    "replace": "replace",
    "create-replacement": "replace",
    "import-replacement": "replace",
    "delete-replaced": "replace",
    "delete": "delete",
    "same": "same",
    "refresh": "same",
}
"""What the engine calls a step, and what it comes to for the object."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands in a preview for a value that is known only when the program runs."""


class NoPreview(MeshError):
    """Something that is no preview, or one that failed."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One step on an object, or on a listener that is a resource of its own."""

    op: Op
    urn: str
    kind: Kind
    address: Address
    """Where the object lives, for a listener its gateway, after the step if it lives then; `?` for a part that is not known yet."""
    old: State | Slot | None = None
    """What the stack says of it now."""
    new: State | Slot | None = None
    """What the program says of it."""
    hidden: tuple[str, ...] = ()
    """Properties of the program that are secret, or not known yet (`data`, `listeners[0].hostname`): `new` does not have them."""
    hidden_before: tuple[str, ...] = ()
    """Properties that are secret in the state: `old` does not have them."""
    issued: tuple[str, str] = ("", "")
    """When the certificate in it was issued, before and after, where that is known."""

    @property
    def control_plane(self) -> str:
        """The name of the control plane that holds the object."""
        found = self.new or self.old
        return found.control_plane if found else "default"

    @property
    def was(self) -> Address:
        """Where the object lives before the step."""
        return self.address if self.old is None else place(self.kind, self.old)


@dataclass
class Preview:
    """All steps of a preview on what is ours."""

    steps: list[Planned] = field(default_factory=list[Planned])
    unlisted: int = 0
    """How many resources, of any provider, stay the same without being listed; none with `--show-sames` or `--refresh`."""
    unread: list[str] = field(default_factory=list[str])
    """Why a step could not be read."""


def preview(text: str | bytes, source: str = "standard input") -> Preview:
    """Read what `pulumi preview --json` writes; NoPreview where it is something else, or the preview failed."""
    try:
        said: dict[str, Any] = json.loads(text)
        steps = [(str(step["urn"]), str(step["op"]), Step(step)) for step in said["steps"]]
        diagnostics: list[dict[str, Any]] = said.get("diagnostics") or []
        told = [str(one["message"]) for one in diagnostics if one.get("severity") == "error"]
        counts: dict[str, int] = said.get("changeSummary") or {}
        same = int(counts.get("same", 0))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NoPreview(f"{source}: is no preview; `pulumi preview --json` writes one") from None
    if told:
        reasons = "\n  ".join(line for message in told for line in message.splitlines() if line.strip())
        raise NoPreview(f"{source}: the preview failed\n  {reasons}")
    changed = {urn for urn, op, _ in steps if op not in ("same", "refresh")}
    found = Preview(unlisted=max(0, same - len({urn for urn, _, _ in steps} - changed)))
    for urn, (op, step) in last(steps).items():
        if step.type.startswith(OURS):
            take(found, urn, op, step)
    return found


class Step:
    """What a preview says of one resource."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        """Take the properties: of the state its outputs, of the program its inputs."""
        old: Mapping[str, Any] = said.get("oldState") or {}
        new: Mapping[str, Any] = said.get("newState") or {}
        self.type = str((new or old).get("type", ""))
        self.before: Mapping[str, Any] = veiled(old.get("outputs") or old.get("inputs") or {})
        self.after: Mapping[str, Any] = veiled(new.get("inputs") or new.get("outputs") or {})


def last(steps: list[tuple[str, str, Step]]) -> dict[str, tuple[str, Step]]:
    """Return the step of each resource that says what becomes of it: a refresh comes first, a replacement counts as one."""
    found: dict[str, tuple[str, Step]] = {}
    for urn, op, step in steps:
        if urn not in found or found[urn][0] in ("same", "refresh") or op == "replace":
            found[urn] = op, step
    return found


def take(found: Preview, urn: str, told: str, step: Step) -> None:
    """Take one step; tokens are no objects, and an operation that is not of these changes none."""
    op, before, after = OPS.get(told), step.before, step.after
    if op is None or str((after or before).get("__kind", "")) in SORTS:
        return
    try:
        old, new = side(before), side(after) if op != "delete" else None
        kind = kind_in(new or old)
        address = place(kind, new or old)
    except (MeshError, KeyError, TypeError, AttributeError) as error:
        found.unread.append(f"{urn}: {error if isinstance(error, MeshError) else 'cannot be read'}")
        return
    found.steps.append(
        Planned(op, urn, kind, address, old, new, hidden(after), hidden(before), (issued(before), issued(after)))
    )


def side(props: Mapping[str, Any]) -> State | Slot | None:
    """Return what the properties of a resource say, without what is hidden."""
    if not props:
        return None
    return Slot.read(opened(props)) if props.get("__kind") == NAME else State.read(opened(props))


def kind_in(said: State | Slot | None) -> Kind:
    """Return the kind of an object, for a listener that of its gateway."""
    return said.kind if isinstance(said, State) else gateway_kind()


def place(kind: Kind, side: State | Slot | None) -> Address:
    """Return where an object lives, for a listener where its gateway does; `?` for a part that is not known yet."""
    said: Mapping[str, Any] = {} if side is None else side.said
    name = said.get("gateway" if isinstance(side, Slot) else "name")
    return kind.address(str(name or "?"), str(said.get("mesh") or "?"))


def veiled(value: Any) -> Any:
    """Return a value in which what is not known yet is hidden as a secret is."""
    if is_map(value):
        return {key: veiled(item) for key, item in value.items()}
    if is_list(value):
        return [veiled(item) for item in value]
    return HIDDEN if value == UNKNOWN else value


def hidden(props: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of what is hidden, without what is ours alone."""
    return tuple(path for path in closed(props) if not path.startswith("__"))


def issued(props: Mapping[str, Any]) -> str:
    """Return when the certificate in a Secret was issued, if that is known."""
    said = str(props.get("__issued") or "")
    return "" if said == HIDDEN else said


__all__ = ["NoPreview", "Op", "Planned", "Preview", "preview"]
