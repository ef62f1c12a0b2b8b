"""Complaints about structure, in the words of this project: what was refused, why, and what to do."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from .rules import Strange, Violation, at, join
from .spec import Model, is_list, is_map
from .wire import Unknown, argument_path, secret_at, wire_path

REQUIRED = "is required"
TYPES = {
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a map",
    "missing": REQUIRED,
}


def complaint(error: Mapping[str, Any], model: type[Model], prefix: str = "") -> Violation:
    """Turn one of pydantic's errors into a violation at the control plane's path."""
    loc = [step for step in error["loc"] if step != "[key]"]
    path = wire_path(model, loc)
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return Strange.at(prefix + path, str(loc[-1]), unknown(str(loc[-1]), siblings(model, loc)))
        case "literal_error":
            message = f"must be one of {choices(context['expected'])}"
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            sign = {"greater": "at least", "less": "at most"}[error["type"].split("_")[0]]
            sign = (
                sign
                if error["type"].endswith("equal")
                else sign.replace("at least", "more than").replace("at most", "less than")
            )
            message = f"must be {sign} {next(iter(context.values()))}"
        case "string_pattern_mismatch":
            message = f"must match {context['pattern']}"
        case "too_short" | "string_too_short":
            message = (
                f"must have at least {context['min_length']} {'character' if 'string' in error['type'] else 'element'}"
            )
        case "too_long" | "string_too_long":
            message = (
                f"must have at most {context['max_length']} {'characters' if 'string' in error['type'] else 'elements'}"
            )
        case kind:
            message = TYPES.get(str(kind), lowered(str(error["msg"])))
    return Violation(prefix + path, message)


def lowered(text: str) -> str:
    """Begin in lower case; pydantic puts the class of an error before its text."""
    text = text.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def choices(expected: str) -> str:
    """List what may be said; NONE is Kuma's word for absent."""
    names = [name.strip("'") for name in expected.replace(" or ", ", ").split(", ")]
    return ", ".join(name for name in names if name != "NONE")


def siblings(model: type[Model], loc: list[Any]) -> Iterable[str]:
    """Return the names that would have been known where an unknown one stood."""
    at_model: type[Model] | None = model
    for step in loc[:-1]:
        if at_model is None:
            return ()
        if isinstance(step, str) and step in at_model.variants and "variants" in vars(at_model):
            at_model = at_model.variants[step]
        elif isinstance(step, str) and step in at_model.declared:
            at_model = at_model.declared[step].model
    return at_model.declared if at_model else ()


def unknown(key: str, known: Iterable[str]) -> str:
    """Say that a key is unknown, and which one was meant."""
    names = sorted(known)
    close = get_close_matches(key, names, 1, 0.6)
    hint = f'did you mean "{close[0]}"' if close else f"known here: {', '.join(names)}"
    return f'unknown key "{key}"; {hint}' if names else f'unknown key "{key}"'


def strange(found: Unknown) -> Violation:
    """Say that a key on the wire is unknown, and which one was meant."""
    return Strange.at(found.path, found.key, unknown(found.key, found.known))


def sentence(violation: Violation, model: type[Model], body: Mapping[str, Any], *, argument: bool) -> str:
    """Say a violation with the argument's path before the control plane's where they differ, and the value that was given."""
    path, message = violation
    key = violation.key if isinstance(violation, Strange) else ""
    known = path.removesuffix(key).removesuffix(".") if key else path
    said = join(argument_path(model, known), key) if argument else path
    where = path if said == path or not said else f"{said} ({path})"
    value = None if key or secret_at(model, path) else at(body, path)
    shown = "" if value in (None, "") or is_map(value) or is_list(value) else f"; it is {value!r}"
    return f"{where}: {message}{shown}" if where else message
