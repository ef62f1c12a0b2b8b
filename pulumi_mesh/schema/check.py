"""What the control plane would refuse, found before anything is sent.

Structure (types, enums, unknown keys) is judged by pydantic, meaning by the rules of the kind. What is not known yet
(an Output in a constructor, an unknown in a preview) and what has a wrong structure is taken out before the rules run,
and a rule that speaks about the surroundings of such a hole is not believed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from .frame import frame
from .kind import ENVELOPE, Kind, Rule
from .limits import bounds, narrow, nulls, unlisted, unwrapped, versions
from .meta import envelope
from .proto import as_json
from .release import NEWEST, Release
from .rules import HOLES, Strange, Violation, at, dig, entry, join, steps
from .spec import is_list, is_map, promised
from .wire import from_wire, render, to_wire
from .words import REQUIRED, complaint, strange


def judge(kind: Kind, said: Mapping[str, Any], release: Release = NEWEST, *, named: bool = True) -> list[Violation]:
    """Return everything that is wrong with the properties of a resource; `named` tells whether it is an object with a name."""
    found = [*unlisted(kind), *structure(kind, said)]
    body = to_wire(kind.model, {name: value for name, value in said.items() if name in kind.body})
    bad, holes = [violation.path for violation in found], list[str]()
    known = without(body, bad, holes)
    if named:
        found += head(kind, said, bad + [key for key in ("name", "mesh") if promised(said.get(key))])
    rules = () if blind([*bad, *holes]) else kind.rules
    ruled = believed(rules, envelope_of(said) | known, release, bad, holes)
    if kind.gathers and dig(body, kind.gathers) is None:  # its items are resources of their own
        ruled = (violation for violation in ruled if not kind.gathers.startswith(violation.path))
    return distinct([*found, *bounds(kind.body, body), *ruled, *versions(kind, known, release)])


def judge_wire(kind: Kind, document: Mapping[str, Any], release: Release = NEWEST) -> list[Violation]:
    """Return everything that is wrong with a document as a file holds it."""
    body = {key: value for key, value in document.items() if key not in OUTSIDE}
    body = {} if body == {"spec": {}} else as_json(kind, body)
    late = list(versions(kind, body, release))
    body = without(body, [violation.path for violation in late], [])
    said, unknown = from_wire(kind.body, body)
    found = [*frame(kind, document, release), *(strange(one) for one in unknown)]
    found += structure(kind, {"name": "x"} | said, whole=kind.shape == "spec")
    if kind.shape == "legacy":
        found += unwrapped(kind.body, body)
    else:
        said_of = {violation.path for violation in found}
        more = [*nulls(kind.body, body), *narrow(kind.body, body, release)]
        found += [violation for violation in more if violation.path not in said_of]
    bad, holes = [violation.path for violation in found], list[str]()
    known = without(body, bad, holes)
    rules = () if blind([one.path for one in found if one.message != REQUIRED]) else kind.rules
    found += head(kind, {"mesh": None, **document}, bad + unread(kind, document))
    ruled = believed(rules, envelope_of(document) | known, release, bad, holes)
    return distinct([*found, *bounds(kind.body, body), *ruled, *late])


def envelope_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of name, mesh and labels, for the rules that look at them."""
    labels: Any = said.get("labels")
    known = {key: value for key, value in labels.items() if isinstance(value, str)} if is_map(labels) else {}
    return {key: said[key] for key in ("name", "mesh") if isinstance(said.get(key), str)} | {"labels": known}


def unread(kind: Kind, document: Mapping[str, Any]) -> list[str]:
    """Return the keys of the frame that have no text to judge: in the spec shape the schema has said so, or a default stands."""
    return [key for key in ("name", "mesh") if kind.shape == "spec" and not isinstance(document.get(key), str)]


OUTSIDE = frozenset({"type", "name", "mesh", "labels", "creationTime", "modificationTime", "kri", "snis", "status"})


def distinct(found: list[Violation]) -> list[Violation]:
    """Say each thing once, in the order in which it was found."""
    return list(dict.fromkeys(found))


def structure(kind: Kind, said: Mapping[str, Any], *, whole: bool = True) -> list[Violation]:
    """Return what pydantic says; `whole` tells whether all required fields must be there.

    A number may be given as text in the legacy shape, never in the spec shape, whose schema names entries of maps by dots.
    """
    try:
        kind.model.adapter.validate_python(said, strict=True if kind.shape == "spec" else None)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        found = [complaint(one, kind.model) for one in wrong if whole or one["type"] != "missing"]
        return [dotted(one) for one in found] if kind.shape == "spec" else found
    return []


def dotted(violation: Violation) -> Violation:
    """Name the entries of maps in a path by dots (`tags.port`)."""
    path = re.sub(r'\["([^"]*)"\]', r".\1", violation.path)
    return violation if isinstance(violation, Strange) else Violation(path, violation.message)


def head(kind: Kind, said: Mapping[str, Any], holes: list[str]) -> list[Violation]:
    """Judge name, mesh and labels, as far as they are known."""
    labels: Any = said.get("labels")
    known = {key: value for key, value in labels.items() if not promised(value)} if is_map(labels) else {}
    name, mesh = ("" if promised(said.get(key)) else str(said.get(key) or "") for key in ("name", "mesh"))
    return [v for v in envelope(name, mesh, known, mesh_scoped=kind.scope == "mesh") if v.path not in holes]


def without(value: Any, bad: list[str], holes: list[str], path: str = "") -> Any:
    """Return a copy without promises and without the paths that are bad; what was taken out is noted in `holes`."""
    if is_map(value):
        kept: dict[str, Any] = {}
        for key, item in value.items():
            here = entry(path, key) if entry(path, key) in bad else join(path, key)
            if promised(item):
                holes.append(here)
            elif here not in bad:
                kept[key] = without(item, bad, holes, here)
        return kept
    if is_list(value):
        items: list[Any] = []
        for index, item in enumerate(value):
            here = f"{path}[{index}]"
            if promised(item):
                holes.append(here)
            items.append(None if promised(item) or here in bad else without(item, bad, holes, here))
        return items
    return value


def believed(
    rules: tuple[Rule, ...], body: Mapping[str, Any], release: Release, bad: list[str], holes: list[str]
) -> Iterator[Violation]:
    """Run the rules, and leave out what they say of something that is bad already, or about the surroundings of a hole."""
    body = {**body, HOLES: (*holes, *bad)}
    roots, shaken = {root(hole) for hole in holes}, {root(path) for path in bad}
    roots |= {hole.rpartition("[")[0] for hole in roots if hole.endswith("]")}  # a list, of which an item is not known
    for rule in rules:
        for violation in rule(body, release):
            top, holder = root(violation.path), violation.path.rpartition(".")[0]
            astray = top in shaken and at(body, holder) is None  # the control plane misnames some paths
            if top not in roots and not astray and not any(overlap(violation.path, path) for path in bad):
                yield violation


def blind(gone: list[str]) -> bool:
    """Tell whether a whole field was taken out: then nothing that a rule says can be trusted."""
    return any(path == root(path) and "[" not in path for path in gone)


def overlap(one: str, other: str) -> bool:
    """Tell whether one path lies in the other."""
    a, b = steps(one), steps(other)
    shorter = min(len(a), len(b))
    return a[:shorter] == b[:shorter]


def root(path: str) -> str:
    """Return the item or the field at the top that a path lies in (`conf.listeners[0]`, `spec.targetRef`)."""
    found = steps(path)
    wrapped = found[:1] in (["spec"], ["conf"], ["networking"])
    end = 2 if wrapped else 1
    return render(found[: end + 1] if len(found) > end and isinstance(found[end], int) else found[:end])


__all__ = ["ENVELOPE", "judge", "judge_wire"]
