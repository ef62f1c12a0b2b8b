"""The arguments of a kind and of its parts, as tables."""

from collections.abc import Iterable, Iterator
from typing import Any

from pulumi_mesh.schema.facts import NOTHING
from pulumi_mesh.schema.spec import Field, Model, camel

from .hints import code, is_shared, link, what

Holder = tuple[type[Model] | None, str]
"""What takes a part: the part that an argument belongs to, none at the top, and the name of the argument."""
HEAD = "| Argument | Takes | Default | Meaning |\n|---|---|---|---|"


def table(fields: Iterable[Field], prefix: str | None = "") -> str:
    """Return the table of some fields; `prefix` is where they stand in a document, nothing where there is none."""
    return "\n".join([HEAD, *(row(field, prefix) for field in fields)])


def row(field: Field, prefix: str | None) -> str:
    """Return the row of a field."""
    return f"| {code(field.name)} | {what(field)} | {default(field)} | {' '.join(meaning(field, prefix))} |"


def default(field: Field) -> str:
    """Say what holds where a program says nothing."""
    facts = field.facts
    if facts.default is NOTHING:
        return "*required*"
    value = facts.fills if facts.default is None else facts.default
    nothing = value is NOTHING or callable(value) or value in EMPTY
    return "" if nothing and value is not False else code(value)


EMPTY: tuple[Any, ...] = (None, "", 0)
"""Defaults that go without saying."""


def meaning(field: Field, prefix: str | None) -> Iterator[str]:
    """Yield the sentences on a field."""
    facts = field.facts
    if facts.doc:
        yield facts.doc.replace("|", "\\|")
    if facts.key and field.holds == "parts":
        yield f"Told apart by {listed(code(key) for key in facts.key)}, in any order."
    elif facts.unordered:
        yield "In any order."
    if facts.owned:
        yield "Written by the control plane."
    if facts.fills_keys:
        yield f"The control plane adds {listed(code(key) for key in facts.fills_keys)}."
    if facts.secret:
        yield "**A secret.**"
    if facts.refers:
        yield f"→ [{facts.refers}]({facts.refers}.md)"
    if prefix is not None and (wire := field.wire.removeprefix(prefix)) != camel(field.name):
        yield f"*In a document: {code(wire)}.*"
    if facts.since or facts.until:
        yield f"*{', '.join(known(facts.since, facts.until))}.*".replace("*s", "*S", 1).replace("*u", "*U", 1)
    if facts.deprecated:
        yield f"*Deprecated: use {facts.deprecated}.*"


def known(since: str, until: str) -> Iterator[str]:
    """Say which releases know something."""
    if since:
        yield f"since Kuma {since}"
    if until:
        yield f"up to Kuma {until}"


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def section(model: type[Model], holders: Iterable[Holder] = ()) -> str:
    """Return the section of a part: what it is, what takes it, its arguments or the variants it is one of."""
    stands = model.declared.get(model.stands)
    refers = stands.facts.refers if stands is not None else ""
    itself = [f"The [{refers}]({refers}.md) itself can be given in its place."] if refers else []
    taken = [f"*Taken by {listed(dict.fromkeys(map(said, holders)))}.*"] if holders else []
    blocks = [
        f"### {model.__name__}",
        *description(model.__doc__ or ""),
        *itself,
        *taken,
        *variants(model),
        *own(model),
    ]
    return "\n\n".join(blocks)


def said(holder: Holder) -> str:
    """Name an argument that takes a part, and the part that it belongs to, if it does."""
    model, name = holder
    return code(name) if model is None else f"{code(name)} of {link(model)}"


def variants(model: type[Model]) -> Iterator[str]:
    """List what a part can be, where one of its fields decides."""
    if model.by and "variants" in vars(model):
        lines = (f"- {code(when)}: {link(variant)}" for when, variant in model.variants.items())
        yield f"It is one of these, by {code(model.by)}:"
        yield "\n".join(lines)


def own(model: type[Model]) -> Iterator[str]:
    """Yield the arguments of a part, unless its variants have them all."""
    inside = model.variants.values() if "variants" in vars(model) else ()
    if not inside or any(model.declared.keys() - variant.declared.keys() for variant in inside):
        yield table(model.declared.values()) if model.declared else "It takes nothing."


def description(doc: str) -> Iterator[str]:
    """Yield the paragraphs of a description, its source as a link."""
    for block in paragraphs(doc):
        label, _, url = block.partition(": ")
        yield f"[Kuma's own page on it]({url})" if label == "Source" else block


def paragraphs(doc: str) -> list[str]:
    """Return the paragraphs of text without the indentation of a program."""
    blocks = "\n".join(line.strip() for line in doc.strip().splitlines()).split("\n\n")
    return [block.replace("\n", " ") for block in blocks]


def parts_of(fields: Iterable[Field], of: type[Model] | None = None) -> dict[type[Model], list[Holder]]:
    """Return the parts below some fields, each after the first that takes it, with all that take it."""
    found: dict[type[Model], list[Holder]] = {}
    for field in fields:
        gather(found, field, of)
    return found


def gather(found: dict[type[Model], list[Holder]], field: Field, of: type[Model] | None) -> None:
    """Add the part that a field takes, and the parts below it."""
    model = field.model
    if model is None or is_shared(model):
        return
    new = model not in found
    found.setdefault(model, []).append((of, field.name))
    if new:
        inside = list(model.variants.values()) if "variants" in vars(model) else []
        for one in (model, *inside):
            found.setdefault(one, [])
            for below in one.declared.values():
                gather(found, below, one)
