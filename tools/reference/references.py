"""What a kind may refer to, and where: its own rules are asked, for each kind of reference and each release."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pulumi_mesh.schema.kind import Kind, Rule
from pulumi_mesh.schema.parts import RefKind, TargetRef
from pulumi_mesh.schema.release import SUPPORTED, Release
from pulumi_mesh.schema.spec import Declared, Model

KINDS: tuple[str, ...] = get_args(RefKind)


class Step(NamedTuple):
    """A step to a place: the field's key on the wire, its name in a program, and whether it holds a list."""

    wire: str
    name: str
    many: bool


Steps = tuple[Step, ...]
TOP: Steps = (Step("spec.targetRef", "target_ref", many=False),)


class Allowed(NamedTuple):
    """A kind that a place takes, and which releases take it, and which of them do not like it any more."""

    kind: str
    releases: tuple[Release, ...]
    deprecated: tuple[Release, ...]


class Reference(NamedTuple):
    """A place, what it takes, and what stands at the top where that makes a difference."""

    place: str
    allowed: tuple[Allowed, ...]
    tops: tuple[str, ...] = ()


def references(kind: Kind) -> list[Reference]:
    """Return what each place takes; where the reference at the top changes that, once for each difference."""
    places = list(below(kind.body))
    found: list[Reference] = []
    for place in places:
        usual = Reference(shown(place), asked(kind, place))
        found.append(usual)
        if place == TOP or TOP not in places:
            continue
        by_top: dict[tuple[Allowed, ...], list[str]] = {}
        for top in asked(kind, TOP):
            by_top.setdefault(asked(kind, place, top.kind), []).append(top.kind)
        found += [
            Reference(usual.place, allowed, tuple(tops)) for allowed, tops in by_top.items() if allowed != usual.allowed
        ]
    return found


def below(declared: Declared, at: Steps = (), seen: tuple[type[Model], ...] = ()) -> Iterator[Steps]:
    """Yield the places of references, step by step; a step into a list ends in `[]`."""
    for field in declared.values():
        model = field.model
        if model is None or model in seen:
            continue
        here = (*at, Step(field.wire, field.name, field.holds == "parts"))
        if issubclass(model, TargetRef):
            yield here
        else:
            yield from below(model.declared, here, (*seen, model))


def asked(kind: Kind, place: Steps, top: str = "") -> tuple[Allowed, ...]:
    """Ask which kinds a place takes, by each release."""
    found: list[Allowed] = []
    for name in KINDS:
        releases = tuple(
            one for one in SUPPORTED if kind.since <= one <= kind.until and takes(kind, place, name, top, one)
        )
        wary = tuple(
            one for one in releases if says(kind.warnings, body(kind, place, name, top), one, f"{at(place)}.kind")
        )
        if releases:
            found.append(Allowed(name, releases, wary))
    return tuple(found)


def takes(kind: Kind, place: Steps, name: str, top: str, release: Release) -> bool:
    """Tell whether a release takes a kind at a place, and anything there at all."""
    said = body(kind, place, name, top)
    around = [at(place[:end]).removesuffix("[0]") for end in range(1, len(place))]
    return not any(says(kind.rules, said, release, path) for path in (f"{at(place)}.kind", *around))


def says(rules: Iterable[Rule], said: Mapping[str, Any], release: Release, path: str) -> bool:
    """Tell whether rules say anything about a path."""
    return any(violation.path == path for rule in rules for violation in rule(said, release))


def body(kind: Kind, place: Steps, name: str, top: str) -> dict[str, Any]:
    """Make a body that says little but one reference, and what stands at the top."""
    said: dict[str, Any] = {"spec": {"targetRef": {"kind": top, "name": "x"}} if top else {}, "labels": {}}
    put(said, place, {"kind": name, "name": "x"}, kind.body)
    return said


def put(said: dict[str, Any], place: Steps, ref: Any, declared: Declared) -> None:
    """Put a reference to its place, making what lies on the way; what has a type is of the one that leads there."""
    step, rest = place[0], place[1:]
    *way, last = step.wire.split(".")
    for key in way:
        said = said.setdefault(key, {})
    if "type" in declared:
        said["type"] = next((one for one in get_args(declared["type"].type) if one.lower() == last.lower()), "")
    item: Any = {} if rest else ref
    said[last] = [item] if step.many else item
    model = declared[step.name].model
    if rest and model is not None:
        put(item, rest, ref, model.declared)


def at(place: Steps) -> str:
    """Return the path of the one reference at a place."""
    return ".".join(step.wire + ("[0]" if step.many else "") for step in place)


def shown(place: Steps) -> str:
    """Return a place as a program has it."""
    return ".".join(step.name + ("[]" if step.many else "") for step in place)
