"""What is said of a plan: what is refused of it, what is allowed, what cannot be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi_mesh.provider.slot import Slot
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.sources.preview import Planned

Rule = Literal[
    "max-delete",
    "max-update",
    "delete-mesh",
    "mtls-off",
    "mtls-permissive",
    "last-listener",
    "older-certificate",
    "open-permission",
]
RULES: Mapping[Rule, str] = {
    "max-delete": "deletes more than a share of a mesh's objects",
    "max-update": "changes more than a share of a mesh's objects",
    "delete-mesh": "deletes a Mesh",
    "mtls-off": "turns mTLS off",
    "mtls-permissive": "lets traffic without mTLS in, where it had to be encrypted",
    "last-listener": "leaves a gateway without listeners",
    "older-certificate": "replaces a certificate by one that was issued before it",
    "open-permission": "lets everybody call everything",
}
"""Every rule, and what it refuses."""
Where = tuple[str, str | None]
"""The name of a control plane, and a mesh on it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that a plan must not do."""

    rule: Rule
    mesh: str | None
    address: str
    urn: str | None
    """The resource whose step it is; none where it is about the plan as a whole."""
    message: str

    def __str__(self) -> str:
        """Say it as a person would."""
        return f"{self.address}: {self.message}"


@dataclass
class Tally:
    """What becomes of the objects of one mesh."""

    listed: int = 0
    """How many of those that exist the plan lists."""
    created: int = 0
    updated: int = 0
    deleted: int = 0


@dataclass
class Verdict:
    """What is said of a plan."""

    refused: list[Refusal] = field(default_factory=list[Refusal])
    allowed: list[Refusal] = field(default_factory=list[Refusal])
    """What would be refused, were its rule not allowed."""
    untold: list[str] = field(default_factory=list[str])
    """What cannot be told, and might have to be refused."""
    notes: list[str] = field(default_factory=list[str])
    """What a preview never says, or says only approximately."""
    tallies: dict[Where, Tally] = field(default_factory=dict[Where, Tally])
    steps: int = 0
    """How many steps change an object."""
    unlisted: int = 0
    """How many resources stay the same without being listed."""


def refusal(step: Planned, rule: Rule, message: str) -> Refusal:
    """Make the refusal of one step."""
    address = step.was if step.old is not None else step.address
    side = step.old or step.new
    shown = side.subject if isinstance(side, Slot) else str(address)
    return Refusal(rule, home(address), shown, step.urn, message)


def home(address: Address) -> str | None:
    """Return the mesh that an object lives in; a Mesh lives in itself."""
    return address.name if address.kind == "Mesh" else address.mesh


SHOW = "run pulumi preview --json --show-sames to have it exactly"
"""How to have a preview that lists everything."""
