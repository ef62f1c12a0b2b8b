"""Documents that a kind accepts, made from its own declarations around what real control planes accepted."""

import copy
import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from hypothesis import event
from hypothesis import strategies as st

from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.normal import forms
from pulumi_mesh.schema.release import NEWEST, Release
from pulumi_mesh.schema.rules import steps
from pulumi_mesh.schema.spec import Field, Model
from pulumi_mesh.schema.wire import argument_path
from tests.corpus import accepted

TEXTS = ["web", "api", "a.example", "*", "/", "/api", "kuma.io/service", "10.0.0.1", "x-canary", "50", ""]
DURATIONS = ["0s", "500ms", "10s", "60s", "1m30s", "1h", "3600s"]
BASE64 = ["", "aGVsbG8=", "aHVudGVyMg=="]
NUMBERS = [0, 1, 2, 5, 80, 301, 302, 500, 8080, 65535]
KEYS = ["a", "team", "kuma.io/service", "port"]


def values(field: Field) -> st.SearchStrategy[Any]:
    """Return values of one item of a field."""
    return of_type(field.type)


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of a type."""
    if isinstance(hint, type) and issubclass(hint, Model):
        return st.one_of([models(one) for one in (list(hint.variants.values()) or [hint])])
    if get_origin(hint) is Literal:
        return st.sampled_from([name for name in get_args(hint) if name != "NONE"])
    names = {form.name for form in forms(hint)}
    if "duration" in names:
        return st.sampled_from(DURATIONS)
    if "base64" in names:
        return st.sampled_from(BASE64)
    plain, bounds = bare(hint)
    if plain is bool:
        return st.booleans()
    if plain in (int, float):
        least = max([int(bound.ge) for bound in bounds if isinstance(bound, Ge)], default=-5)
        most = min([int(bound.le) for bound in bounds if isinstance(bound, Le)], default=2**31)
        return st.sampled_from([number for number in NUMBERS if least <= number <= most] or [least])
    if plain is str:
        return st.sampled_from(TEXTS)
    arms = [arm for arm in get_args(hint) if arm is not type(None)]
    return st.one_of([of_type(arm) for arm in arms]) if arms else st.sampled_from([1, "x"])


def bare(hint: Any) -> tuple[Any, list[Any]]:
    """Return a type without what it is annotated with, and the annotations."""
    bounds: list[Any] = []
    while hasattr(hint, "__metadata__"):
        bounds += hint.__metadata__
        hint = hint.__origin__
    return hint, bounds


def models(model: type[Model]) -> st.SearchStrategy[dict[str, Any]]:
    """Return maps of the fields of a model: the required ones, and some of the others."""

    @st.composite
    def drawn(draw: st.DrawFn) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name, field in model.declared.items():
            required = field.facts.default is ...
            if required or (not field.facts.owned and draw(st.integers(0, 3)) == 0):
                said[name] = draw(held(field))
        return said

    return drawn()


def held(field: Field) -> st.SearchStrategy[Any]:
    """Return values of a whole field."""
    match field.holds:
        case "one" | "part":
            return st.deferred(lambda: values(field))
        case "many" | "parts":
            return st.lists(st.deferred(lambda: values(field)), min_size=1, max_size=2)
        case "table":
            return st.dictionaries(st.sampled_from(KEYS), st.deferred(lambda: values(field)), min_size=1, max_size=2)


@st.composite
def documents(draw: st.DrawFn, kind: Kind, release: Release = NEWEST) -> dict[str, Any]:
    """Return what a program may say of a kind: accepted ones, with more fields wherever `judge` accepts them."""
    base = draw(st.sampled_from(accepted(kind.name)))
    said = copy.deepcopy(base)
    for name, field in kind.body.items():
        if not field.facts.owned and draw(st.integers(0, 2)) == 0:
            said[name] = mixed(field, said.get(name), draw(held(field)))
    said = pruned(kind, said, release)
    event(f"{kind.name}: {'as accepted' if said is None or said == base else 'grown'}")
    return copy.deepcopy(base) if said is None else said


def mixed(field: Field, there: Any, more: Any) -> Any:
    """Put what was drawn into what is there."""
    if isinstance(there, dict) and isinstance(more, dict):
        return {**more, **there} if field.model is None or field.holds == "table" else blended(field.model, there, more)
    if isinstance(there, list) and isinstance(more, list):
        if field.model is not None and there and isinstance(there[0], dict):
            return [blended(field.model, there[0], more[0]), *there[1:], *more[1:]]
        return there + [item for item in more if item not in there]
    return more


def blended(model: type[Model], there: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Put fields that were drawn beside those of a model that are there."""
    declared = model.variant(there).declared
    return {
        **{name: value for name, value in more.items() if name in declared and name not in there},
        **{
            name: mixed(declared[name], value, more[name])
            if name in declared and name in more and declared[name].model is not None
            else value
            for name, value in there.items()
        },
    }


def pruned(kind: Kind, said: dict[str, Any], release: Release) -> dict[str, Any] | None:
    """Take away what is refused until nothing is; None where that leads nowhere."""
    for _ in range(40):
        found = judge(kind, said, release)
        if not found:
            return said
        before = json.dumps(said, sort_keys=True, default=str)
        for violation in found:
            cut(said, steps(argument_path(kind.model, violation.path)))
        if json.dumps(said, sort_keys=True, default=str) == before:
            return None
    return None


def cut(said: Any, way: list[str | int]) -> None:
    """Remove what a path leads to, or the last of it that is there."""
    if not way:
        return
    *inner, last = way
    for step in inner:
        if (isinstance(said, dict) and step in said) or (
            isinstance(said, list) and isinstance(step, int) and step < len(said)
        ):
            below = said[step]
        else:
            return
        if not isinstance(below, (dict, list)) or not below:
            said.pop(step)
            return
        said = below
    if isinstance(said, dict):
        said.pop(str(last), None) if last in said else (said.popitem() if said and "name" not in said else None)
    elif isinstance(said, list) and isinstance(last, int) and last < len(said):
        said.pop(last)


def leaves(body: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every value of a document that is neither map nor list, with its path."""
    if isinstance(body, dict):
        for key, item in body.items():
            yield from leaves(item, (*way, key))
    elif isinstance(body, list):
        for index, item in enumerate(body):
            yield from leaves(item, (*way, index))
    else:
        yield way, body


def maps(body: Any) -> Iterator[dict[str, Any]]:
    """Yield every map in a document, itself included."""
    if isinstance(body, dict):
        yield body
        for item in body.values():
            yield from maps(item)
    elif isinstance(body, list):
        for item in body:
            yield from maps(item)


def put_at(body: Any, way: tuple[str | int, ...], value: Any) -> Any:
    """Return a copy of a document with one value replaced."""
    body = copy.deepcopy(body)
    at = body
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    return body
