"""Names on both sides of the wire: what a program calls `target_ref` the control plane calls `targetRef`.

A path exists in both spellings, too: `listeners[0].tls` is the argument, `conf.listeners[0].tls` the control plane's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .forms import IntOrStr
from .rules import dig, steps
from .spec import NOTHING, Declared, Field, Model, is_list, is_map, promised

VEIL = "(secret)"
"""What is shown in the place of a secret."""


class Unknown(NamedTuple):
    """A key on the wire that no field declares."""

    path: str
    key: str
    known: tuple[str, ...]
    value: Any


def to_wire(model: type[Model], said: Mapping[str, Any]) -> dict[str, Any]:
    """Spell the fields of a model as the control plane does; leave promises as they are."""
    wired: dict[str, Any] = {}
    declared = model.variant(said).declared
    for name, value in said.items():
        found = declared.get(name)
        if value is not None:
            put(wired, found.wire if found else name, outward(found, value) if found else value)
    return wired


def outward(declared: Field, value: Any) -> Any:
    """Spell one value as the control plane does."""
    model = declared.model
    if model is None or promised(value):
        return value
    if is_list(value):
        return [to_wire(model, item) if is_map(item) else item for item in value]
    if declared.holds == "table" and is_map(value):
        return {key: to_wire(model, item) if is_map(item) else item for key, item in value.items()}
    return to_wire(model, value) if is_map(value) else value


def put(body: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path of keys, making the maps on the way."""
    *way, last = path.split(".")
    for key in way:
        body = body.setdefault(key, {})
    body[last] = value


def from_wire(
    declared: Declared, body: Mapping[str, Any], by: type[Model] | None = None, at: str = ""
) -> tuple[dict[str, Any], list[Unknown]]:
    """Spell a body as a program does; keys that no field declares come back beside it."""
    said: dict[str, Any] = {}
    strange: list[Unknown] = []
    if by is not None:
        declared = chosen(by, body).declared
    by_wire = {field.wire: field for field in declared.values()}
    inner = {path.split(".")[0] for path in by_wire if "." in path} if by_wire else {"spec"}
    for path, key, value in leaves(body, inner):
        found = by_wire.get(path)
        here = f"{at}.{path}" if at else path
        if found is None:
            known = tuple(w.split(".")[-1] for w in by_wire if w.rpartition(".")[0] == path.rpartition(".")[0])
            strange.append(Unknown(here, key, known, value))
            continue
        said[found.name], more = inward(found, value, here)
        strange += more
    return said, strange


def leaves(body: Mapping[str, Any], inner: set[str]) -> Iterator[tuple[str, str, Any]]:
    """Yield keys and values, those of a wrapper such as `conf` one level down."""
    for key, value in body.items():
        if key in inner and is_map(value):
            yield from ((f"{key}.{name}", name, item) for name, item in value.items())
        elif key not in inner:
            yield key, key, value


def chosen(model: type[Model], body: Mapping[str, Any]) -> type[Model]:
    """Return the variant of a model that a body on the wire names."""
    if not model.by:
        return model
    return model.variant({model.by: body.get(model.declared[model.by].wire)})


def inward(declared: Field, value: Any, at: str) -> tuple[Any, list[Unknown]]:
    """Spell one value as a program does."""
    model, strange = declared.model, list[Unknown]()

    def one(item: Any, path: str) -> Any:
        if model is None or not is_map(item):
            return item
        said, more = from_wire(model.declared, item, model, path)
        strange.extend(more)
        return said

    if model is None:
        return named(declared.facts.enum, zero(declared, value)), strange
    if is_list(value):
        return [one(item, f"{at}[{index}]") for index, item in enumerate(value)], strange
    if declared.holds == "table" and is_map(value):
        return {key: one(item, f'{at}["{key}"]') for key, item in value.items()}, strange
    return one(value, at), strange


def zero(declared: Field, value: Any) -> Any:
    """Return 0 for null where an int-or-text must be: the control plane reads it so."""
    return 0 if value is None and declared.type == IntOrStr and declared.facts.default is NOTHING else value


def named(enum: Mapping[str, int], value: Any) -> Any:
    """Return the names of an enum's numbers, which a legacy-shape object may give instead."""
    if enum and is_list(value):
        return [named(enum, item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return next((name for name, number in enum.items() if number == value), value)


def wire_path(model: type[Model], loc: Sequence[str | int]) -> str:
    """Turn pydantic's location into the control plane's path."""
    return render([step for _, step in walk(model, loc, outward_names=True)])


def argument_path(model: type[Model], path: str) -> str:
    """Turn the control plane's path into the argument's (`conf.listeners[0]` into `listeners[0]`)."""
    found = [step for _, step in walk(model, steps(path), outward_names=False)]
    return render(found[1:] if found[:1] == ["spec"] and "spec" not in model.declared else found)


def secret_at(model: type[Model], path: str | Sequence[str | int]) -> bool:
    """Tell whether the control plane's path, as text or as steps, leads into a secret field of any variant."""
    way = steps(path) if isinstance(path, str) else list(path)
    for one in (model, *model.variants.values()):
        for field in one.declared.values():
            keys = field.wire.split(".")
            if way[: len(keys)] != keys:
                continue
            inside = way[len(keys) + (field.holds in ("parts", "table")) :]
            if field.facts.secret or (field.model is not None and secret_at(field.model, inside)):
                return True
    return False


Hide = Callable[[Any], Any]
"""What is shown in the place of a value that nobody may see."""


def veil(_: Any) -> str:
    """Show nothing of a secret."""
    return VEIL


def veiled(model: type[Model], value: Any, way: Sequence[str | int] = (), hide: Hide = veil) -> Any:
    """Return the value at a path, in the normal form or on the wire, with its secrets hidden."""
    for step in reversed(way):
        value = {step: value}
    value = veiled_body(model, value, hide)
    for step in way:
        value = value[step] if is_map(value) else value  # pyright: ignore[reportArgumentType] - maps have text for keys, lists never get here
    return value


def veiled_body(model: type[Model], body: Any, hide: Hide = veil) -> Any:
    """Return an object with its secrets hidden, those of any variant."""
    if not is_map(body):
        return body
    shown = {key: dict(value) if is_map(value) else value for key, value in body.items()}
    for one in (model, *model.variants.values()):
        for field in one.declared.values():
            if (value := dig(shown, field.wire)) is not None:
                put(shown, field.wire, hide(value) if field.facts.secret else veiled_value(field, value, hide))
    return shown


def veiled_value(field: Field, value: Any, hide: Hide = veil) -> Any:
    """Return the value of a field with the secrets in it hidden; items may stand in a map by their names."""
    model = field.model
    if model is None:
        return value
    if is_list(value):
        return [veiled_body(model, item, hide) for item in value]
    if field.holds in ("parts", "table") and is_map(value):
        return {key: veiled_body(model, item, hide) for key, item in value.items()}
    return veiled_body(model, value, hide)


def walk(
    model: type[Model], loc: Sequence[str | int], *, outward_names: bool
) -> Iterator[tuple[Field | None, str | int]]:
    """Follow a location field by field, renaming each step; a step that leads nowhere stays as it is."""
    at: type[Model] | None = model
    inside: Field | None = None
    rest = list(loc)
    while rest:
        step = rest.pop(0)
        if inside is not None and (isinstance(step, int) or inside.holds == "table"):
            yield inside, step if isinstance(step, int) else Key(step)
            at, inside = inside.model, None
        elif inside is not None and inside.facts.key and not outward_names:
            yield inside, step  # a difference names items by their key
            at, inside = inside.model, None
        elif outward_names and at is not None and "variants" in vars(at) and (step == "" or step in at.variants):
            at = at.variants.get(str(step), at)  # pydantic names the variant that it chose
        elif (
            at is None
            or isinstance(step, int)
            or (found := follow(at, step, rest, outward_names=outward_names)) is None
        ):
            yield inside, step
            at = inside = None
        else:
            yield found, found.wire if outward_names else found.name
            at, inside = (found.model, None) if found.holds == "part" else (None, found)


class Key(str):
    """A step into a map: its key may hold dots."""

    __slots__ = ()


def follow(model: type[Model], step: str, rest: list[str | int], *, outward_names: bool) -> Field | None:
    """Find the field of a step; on the wire a field may take two steps (`conf`, `listeners`)."""
    if outward_names:
        return model.declared.get(step)
    candidates = [model, *model.variants.values()]
    by_wire = {field.wire: field for one in reversed(candidates) for field in one.declared.values()}
    if step in by_wire:
        return by_wire[step]
    if rest and isinstance(rest[0], str) and f"{step}.{rest[0]}" in by_wire:
        return by_wire[f"{step}.{rest.pop(0)}"]
    return None


def render(path: Sequence[str | int]) -> str:
    """Write a path down."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif isinstance(step, Key):
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else step
    return text
