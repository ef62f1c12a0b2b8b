"""From an object as it was found to what a program says of it: the least that means the same.

What the control plane writes by itself, or fills in, is left out; durations are spelled as people do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_mesh.reconcile.diff import diff
from pulumi_mesh.reconcile.echo import worded
from pulumi_mesh.reconcile.made import DISPLAY_NAME
from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.counted import counted
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.forms import DOUBLE, DURATION, WHOLE, go_duration, nanoseconds
from pulumi_mesh.schema.kind import Address, Kind
from pulumi_mesh.schema.meta import COMPUTED
from pulumi_mesh.schema.normal import forms, meant
from pulumi_mesh.schema.release import NEWEST, Release
from pulumi_mesh.schema.rules import at
from pulumi_mesh.schema.spec import NOTHING, Declared, Field, is_list, is_map, settled
from pulumi_mesh.schema.wire import VEIL, from_wire
from pulumi_mesh.schema.words import sentence
from pulumi_mesh.sources import Held


@dataclass(frozen=True, slots=True)
class Spoken:
    """One object, as a program says it."""

    kind: Kind
    address: Address
    said: Mapping[str, Any] = field(repr=False)
    """Its fields by their names in a program, without name and mesh, secrets in clear."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    owner: str = ""
    """The stack that it belongs to, or nothing."""
    control_plane: str = "default"
    adopt: str = "never"
    """What the program says about an object that a fresh control plane has already."""
    notes: tuple[str, ...] = ()
    """What of it no program of this version can say, and what else there is to know."""

    @property
    def props(self) -> dict[str, Any]:
        """The properties that the program's resource sends, defaults with them."""
        place = {"mesh": self.address.mesh} if self.address.mesh is not None else {}
        labels = {"labels": dict(self.labels)} if self.labels else {}
        head = {"name": self.address.name, **place, "control_plane": self.control_plane}
        return settled(self.kind.model, head | labels | dict(self.said))


def spoken(held: Held, release: Release = NEWEST, adopt: str = "never") -> Spoken:
    """Return what a program says of an object."""
    kind, document = held.kind, held.document
    body = counted(kind.body, document.body, {})
    whole, strange = from_wire(kind.body, body)
    notes = [f"{document.address}: {one.path}: {FOREIGN}" for one in strange]
    whole |= {path: VEIL for path in held.sealed if path in kind.body and kind.body[path].facts.secret}
    hidden = [path for path in held.sealed if path not in whole]
    notes += [f"{document.address}: {path}: is encrypted in the state; read it with --stack" for path in hidden]
    labels = labels_said(document)
    whole_said = Spoken(kind, document.address, whole, labels, document.owner, held.control_plane, adopt)
    terse = replace(whole_said, said=brief(kind.body, whole, legacy=kind.shape == "legacy"))
    refused = complaints(terse, release)
    if lost(terse, whole_said) or (refused and not complaints(whole_said, release)):
        terse, refused = whole_said, complaints(whole_said, release)
    notes += [f"{document.address}: {why}" for why in refused]
    return replace(terse, notes=tuple(notes))


FOREIGN = "is a field that this version does not know: no program can say it; an update of the object keeps it"


def labels_said(document: Document) -> dict[str, str]:
    """Return the labels that somebody gave an object, in the order of their keys."""
    computed = COMPUTED - ({DISPLAY_NAME} if document.labels.get(DISPLAY_NAME) != document.address.name else set())
    return {key: document.labels[key] for key in sorted(document.labels) if key not in computed}


def lost(terse: Spoken, whole: Spoken) -> bool:
    """Tell whether something that is meant is not said any more."""
    one, other = (Document.desired(each.kind, each.props) for each in (terse, whole))
    return bool(diff(terse.kind, other, one))


def complaints(spoken: Spoken, release: Release) -> list[str]:
    """Say what this version would refuse of it; what is veiled is not looked at."""
    props = spoken.props
    found = judge(spoken.kind, props, release)
    body = Document.desired(spoken.kind, props).body
    return [sentence(one, spoken.kind.model, body, argument=True) for one in found if not is_veiled(body, one.path)]


def is_veiled(body: Mapping[str, Any], path: str) -> bool:
    """Tell whether a path leads to a secret whose value nobody here knows."""
    return bool(at(body, path) == VEIL)


def brief(declared: Declared, said: Mapping[str, Any], *, legacy: bool, by: str = "") -> dict[str, Any]:
    """Return fields in the order of their declaration, without those that go without saying; `by` tells variants apart."""
    wire, kept = worded(declared, said), dict[str, Any]()
    for name, one in declared.items():
        value = said.get(name)
        if value is None or one.facts.owned:
            continue
        if name != by and goes_without_saying(one, value, wire, legacy=legacy):
            continue
        kept[name] = shortened(one, value, legacy=legacy)
    return kept


def goes_without_saying(one: Field, value: Any, wire: Mapping[str, Any], *, legacy: bool) -> bool:
    """Tell whether a field means the same where it is absent."""
    if one.facts.default is NOTHING:
        return False
    if one.facts.default is not None:
        return bool(value == one.facts.default)
    way, _, key = one.wire.rpartition(".")
    holder: Mapping[str, Any] = wire.get(way, {}) if way else wire
    rest = {name: item for name, item in holder.items() if name != key}
    without = {**wire, way: rest} if way else rest
    return meant(one, wire, legacy=legacy) == meant(one, without, legacy=legacy)


def shortened(one: Field, value: Any, *, legacy: bool) -> Any:
    """Return the value of a field, what it holds in brief."""
    if one.model is None:
        return tidied(one, value)
    model = one.model

    def part(item: Any) -> Any:
        chosen = model.variant(item)
        return brief(chosen.declared, item, legacy=legacy, by=chosen.by) if is_map(item) else item

    if is_list(value):
        return [part(item) for item in value]
    if one.holds == "table" and is_map(value):
        return {key: part(value[key]) for key in sorted(value)}
    return part(value)


def tidied(one: Field, value: Any) -> Any:
    """Return a plain value as people write it: tables in the order of their keys, durations without zeros."""
    if one.holds == "table" and is_map(value):
        return {key: tidied_text(one, value[key]) for key in sorted(value)}
    return tidied_text(one, value)


def tidied_text(one: Field, value: Any) -> Any:
    """Return a number that is written as text as a number, and a duration as people write it: `1h` for `1h0m0s`."""
    known = forms(one.type)
    for form in (form for form in known if form in (WHOLE, DOUBLE)):
        value = form.normal(value)
    if not isinstance(value, str) or DURATION not in known:
        return value
    try:
        text = go_duration(nanoseconds(value))
    except ValueError:
        return value
    text = text.removesuffix("0s") if text.endswith("m0s") else text
    return text.removesuffix("0m") if text.endswith("h0m") else text
