"""What a field takes, in the words of a page."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import StringConstraints

from pulumi_mesh.schema.forms import Form, IntOrStr
from pulumi_mesh.schema.parts import __name__ as shared
from pulumi_mesh.schema.spec import Field, Model

ABSENT = "NONE"
"""Kuma's word for nothing: never shown as a choice."""
PLAIN: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    Any: "anything",
    IntOrStr: "whole number or text",
}
FORMS = {"duration": "[duration](README.md#how-to-read-a-page)", "base64": "text in base64"}
HELD: dict[Any, str] = {list: "list of", dict: "map of", Mapping: "map of"}
LISTS = {"many": "list of", "parts": "list of", "table": "map of"}


def what(field: Field) -> str:
    """Say what a field takes."""
    held, least, most = value(field.type), field.facts.least, field.facts.most
    if field.holds not in LISTS:
        return held
    amount = f"{span(least or None, most or None)} " if least or most else ""
    return f"{LISTS[field.holds]} {amount}{held}"


def value(hint: Any) -> str:
    """Say what one value is."""
    if any(hint == known for known in PLAIN):
        return PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, Model):
        return link(hint)
    arms = get_args(hint)
    if get_origin(hint) is Literal:
        return ", ".join(code(choice) for choice in arms if choice != ABSENT)
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(value(arm) for arm in arms if arm is not type(None))
    if get_origin(hint) is Annotated:
        forms = [FORMS[one.name] for one in arms[1:] if isinstance(one, Form) and one.name in FORMS]
        return ", ".join([forms[0] if forms else value(arms[0]), *limits(arms[1:])])
    if get_origin(hint) in HELD:
        return f"{HELD[get_origin(hint)]} {value(arms[-1])}"
    raise TypeError(f"{hint}: nobody has said yet how to call it on a page")


def limits(facts: tuple[Any, ...]) -> Iterator[str]:
    """Yield how a value is limited, beyond what its type can hold."""
    least, most = bound(facts, Ge, "ge"), bound(facts, Le, "le")
    if least is not None or most is not None:
        yield span(least, most)
    for one in facts:
        if isinstance(one, StringConstraints):
            if one.min_length or one.max_length:
                yield f"{span(one.min_length, one.max_length)} characters"
            if one.pattern:
                yield f"matching {code(one.pattern)}"


def bound(facts: tuple[Any, ...], of: type, name: str) -> Any:
    """Return a bound, unless it is that of the type."""
    found = next((getattr(one, name) for one in facts if isinstance(one, of)), None)
    return None if found is None or abs(found) >= 2**31 - 1 else found


def span(least: Any, most: Any) -> str:
    """Say from where to where."""
    if most is None:
        return f"{least:,} or more"
    return f"at most {most:,}" if least is None else f"{least:,} to {most:,}"


def code(text: object) -> str:
    """Show text as it is typed; in a table, a bar would begin the next column."""
    return f"`{text}`".replace("|", "\\|")


def is_shared(model: type[Model]) -> bool:
    """Tell whether a model stands on the page of parts that several kinds use."""
    return model.__module__ == shared


def link(model: type[Model]) -> str:
    """Lead to the section of a model."""
    return f"[{model.__name__}]({'Parts.md' if is_shared(model) else ''}#{model.__name__.lower()})"
