"""From desired and actual to the one step between: it reads nothing and writes nothing."""

import copy
from dataclasses import dataclass, replace

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address, Kind
from pulumi_mesh.schema.rules import dig
from pulumi_mesh.schema.wire import put

from .diff import Change, diff, differs
from .graft import graft


@dataclass(frozen=True, slots=True)
class Create:
    """Write what is not there."""

    desired: Document


@dataclass(frozen=True, slots=True)
class Update:
    """Write what is there otherwise."""

    kind: Kind
    actual: Document
    wanted: Document
    """What the program says."""
    desired: Document
    """What to send: the same, with what must survive of the actual one."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changes by it, found out when somebody asks; nothing but an owner, if empty."""
        return diff(self.kind, self.actual, self.wanted)


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove what is there."""

    address: Address


@dataclass(frozen=True, slots=True)
class Nothing:
    """Leave it as it is."""


Step = Create | Update | Delete | Nothing


def plan(kind: Kind, actual: Document | None, desired: Document | None) -> Step:
    """Return the step that turns actual into desired."""
    if desired is not None and waits(kind, desired):
        if actual is None:
            return Nothing()
        desired = gathered(kind, actual, desired)
    match actual, desired:
        case None, None:
            return Nothing()
        case None, Document():
            return Create(desired)
        case Document(), None:
            return Delete(actual.address)
        case Document(), Document():
            if actual.owner == desired.owner and not differs(kind, actual, desired):
                return Nothing()
            return Update(kind, actual, desired, kept(kind, actual, desired))


def waits(kind: Kind, desired: Document) -> bool:
    """Tell whether a document is complete only with the items that other resources bring."""
    return bool(kind.gathers) and dig(desired.body, kind.gathers) is None


def gathered(kind: Kind, actual: Document, desired: Document) -> Document:
    """Return the desired document with the items that are there: they belong to others."""
    body = copy.deepcopy(dict(desired.body))
    if (items := dig(actual.body, kind.gathers)) is not None:
        put(body, kind.gathers, items)
    return replace(desired, body=body)


def kept(kind: Kind, actual: Document, desired: Document) -> Document:
    """Return the desired document with what an update must not wipe.

    That is: fields that this version does not know, fields and labels that the control plane writes, the status
    (which a PUT without one erases on Kuma 2.10, and with it the virtual addresses).
    """
    body = graft(kind.body, actual.body, desired.body)
    labels = {**actual.kept(), **desired.labels}
    status = actual.status if kind.status else None
    return replace(desired, body=body, labels=labels, marks=actual.marks, status=status)
