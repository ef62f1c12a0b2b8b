"""Drift: what a control plane holds beside what is to be there. Documents in, findings out; it reads and writes nothing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.grave import Grave, Severity
from pulumi_mesh.schema.kind import Address, Kind
from pulumi_mesh.schema.normal import label, model_normal
from pulumi_mesh.schema.rules import values
from pulumi_mesh.schema.spec import Field, is_list, is_map
from pulumi_mesh.schema.wire import Hide, from_wire, put, veil

from . import severity
from .diff import Change, changes, diff
from .plan import gathered, waits

Sort = Literal["changed", "missing", "unmanaged", "foreign_field"]
SORTS: tuple[Sort, ...] = ("changed", "missing", "unmanaged", "foreign_field")
Whose = Literal["ours", "nobody", "another"]


@dataclass(frozen=True, slots=True)
class Desired:
    """One object that is to be there."""

    kind: Kind
    document: Document
    urn: str = ""
    """The resource that declares it, if one does."""
    origin: str = ""
    """Where it was read: `FILE:LINE`, a URN or a URL."""
    blind: Callable[[Document, Document], Document] = lambda desired, _: desired
    """Fills in from the actual document what is not known of the desired one."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list that may be made of resources of their own: a listener of a gateway."""

    kind: Kind
    holder: Address
    body: Mapping[str, Any] = field(repr=False)
    """The item on the wire."""
    subject: Address
    """What it is called: the resource, not the object that holds it."""
    owner: str = ""
    urn: str = ""
    origin: str = ""
    mark: str = ""
    """The label of the holder that says whose the item is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between a control plane and what is to be there."""

    sort: Sort
    address: Address
    changes: tuple[Change, ...]
    grave: Grave
    urn: str = ""
    whose: Whose = "ours"
    stack: str = ""
    """The stack that the label of the live object names."""
    origin: str = ""
    control_plane: str = "default"

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.grave.severity

    def as_dict(self) -> dict[str, Any]:
        """Return it as the report in JSON has it."""
        listed = [
            {"path": one.path, "op": one.op, "actual": one.actual, "desired": one.desired} for one in self.changes
        ]
        head = {"kind": self.sort, "type": self.address.kind, "mesh": self.address.mesh, "name": self.address.name}
        about = {"owner": self.whose, "stack": self.stack, "control_plane": self.control_plane, "origin": self.origin}
        return {
            **head,
            "urn": self.urn,
            "changes": listed,
            "severity": self.severity,
            "why": self.grave.why,
            **about,
        }


Found = Mapping[Address, tuple[Kind, Document]]
"""What a control plane holds."""


def drift(
    desired: Collection[Desired],
    items: Collection[Item],
    actual: Found,
    *,
    made: Callable[[Kind, Document], bool] = lambda _kind, _document: False,
    gone: Callable[[Address], bool] = lambda _: False,
    hide: Hide = veil,
) -> Iterator[Finding]:
    """Yield every difference.

    `made` tells what the control plane made by itself, `gone` which addresses cannot be reached any more; `hide` is what is
    shown of a secret.
    """
    ours = {one.document.owner for one in desired} | {item.owner for item in items}
    apart = {item.holder for item in items}
    for one in desired:
        address = one.document.address
        there = None if gone(address) else actual.get(address)
        yield from compared(one, there[1] if there else None, ours, hide, apart=address in apart)
    for item in items:
        there = actual.get(item.holder)
        yield from compared_item(item, there[1] if there else None, hide)
    known = {one.document.address for one in desired} | apart
    for address, (kind, document) in actual.items():
        if address not in known and not made(kind, document):
            yield unmanaged(kind, document, ours)


def compared(
    one: Desired, actual: Document | None, ours: Collection[str], hide: Hide, *, apart: bool = False
) -> Iterator[Finding]:
    """Compare one object; `apart` tells whether items of it are resources of their own here."""
    kind, desired = one.kind, one.document
    address = desired.address
    if actual is None:
        if not waits(kind, desired):
            yield Finding("missing", address, (), kind.grave, one.urn, "ours", "", one.origin)
        return
    if waits(kind, desired):
        desired = gathered(kind, actual, desired)
    desired = one.blind(desired, actual)
    there: Whose = "another" if actual.owner and actual.owner not in ours else "ours"
    rest = (one.urn, there, actual.owner, one.origin)
    if actual.body != desired.body or actual.counted(desired.labels) != desired.labels:
        if found := told(kind, diff(kind, actual, desired, hide), hide):
            grave = severity.gravest(severity.at(change.path, kind.grave, kind.grave_at) for change in found)
            yield Finding("changed", address, found, grave, *rest)
        if foreign := strangers(kind, actual, desired, hide):
            yield Finding("foreign_field", address, foreign, severity.foreign(kind.grave), *rest)


def told(kind: Kind, found: tuple[Change, ...], hide: Hide) -> tuple[Change, ...]:
    """Return changes as they may be told: of a type that this version does not know, nothing says what is secret."""
    if not kind.generic:
        return found
    return tuple(
        replace(one, **{side: hidden(getattr(one, side), hide, one.path) for side in ("actual", "desired")})
        for one in found
    )


def compared_item(item: Item, holder: Document | None, hide: Hide) -> Iterator[Finding]:
    """Compare one item that is a resource of its own; what else its holder has belongs to others."""
    held = listed(item.kind)
    model = held.model
    assert model is not None
    name = label(item.body, held.facts.key)
    live = values(holder.body, item.kind.gathers) if holder else ()
    there = next((one for one in live if label(one, held.facts.key) == name), None)
    stack = holder.marks.get(item.mark, "") if holder else ""
    whose: Whose = "another" if stack and stack != item.owner else "ours"
    rest = (item.urn, whose, stack, item.origin)
    grave = item.kind.grave_at.get(item.kind.gathers, item.kind.grave)
    if there is None:
        yield Finding("missing", item.subject, (), grave, *rest)
        return
    legacy = item.kind.shape == "legacy"
    before, after = (model_normal(model, one, legacy=legacy) for one in (there, item.body))
    if before != after:
        sides = nested(item.kind.gathers, name, before), nested(item.kind.gathers, name, after)
        found = changes(item.kind, *sides, hide)
        yield Finding("changed", item.subject, found, grave, *rest)
    unknown = from_wire(model.declared, there, model, f"{item.kind.gathers}[{name}]")[1]
    if unknown:
        strange = tuple(Change(one.path, "remove", hidden(one.value, hide, one.key), None) for one in unknown)
        yield Finding("foreign_field", item.subject, strange, severity.foreign(grave), *rest)


def listed(kind: Kind) -> Field:
    """Return the field of the list that a kind gathers."""
    return next(one for one in kind.body.values() if one.wire == kind.gathers)


def nested(path: str, name: str, value: Any) -> dict[str, Any]:
    """Return a normal form that has one item of a list, by its name, and nothing else."""
    body: dict[str, Any] = {}
    put(body, path, {name: value})
    return body


def unmanaged(kind: Kind, document: Document, ours: Collection[str]) -> Finding:
    """Report an object that is on the control plane, and nobody declares it here."""
    whose: Whose = "nobody" if not document.owner else "ours" if document.owner in ours else "another"
    return Finding("unmanaged", document.address, (), kind.grave, whose=whose, stack=document.owner)


def strangers(kind: Kind, actual: Document, desired: Document, hide: Hide) -> tuple[Change, ...]:
    """Return the fields of a live object that this version does not know; an update keeps them."""
    there, wanted = actual.foreign(kind), desired.foreign(kind)
    found = list[Change]()
    for path in sorted({*there, *wanted}):
        if path in there and path in wanted and there[path] == wanted[path]:
            continue
        op = "remove" if path not in wanted else "change" if path in there else "add"
        before, after = (hidden(side.get(path), hide, path) for side in (there, wanted))
        found.append(Change(path, op, before, after))
    return tuple(found)


PRIVATE = ("data", "inline", "inlineString", "insecureInline", "password", "token", "privateKey")
"""Keys under which other types keep what nobody may see: an unknown field below one of them is hidden, too."""


def hidden(value: Any, hide: Hide, path: str = "") -> Any:
    """Return the value of a field that nobody here knows, with what looks like a secret in it hidden."""
    if value is not None and path.rpartition(".")[2] in PRIVATE:
        return hide(value)
    if is_map(value):
        return {key: hidden(item, hide, key) for key, item in value.items()}
    return [hidden(item, hide) for item in value] if is_list(value) else value
