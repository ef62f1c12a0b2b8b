"""Entries of tables that the control plane writes by itself, such as the zone in a proxy's tags: they count where desired."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import zip_longest
from typing import Any

from .normal import label
from .rules import dig
from .spec import Declared, Field, Model, is_list, is_map
from .wire import chosen, put


def counted(declared: Declared, live: Mapping[str, Any], desired: Mapping[str, Any]) -> dict[str, Any]:
    """Return a live body without the entries that the control plane wrote and nobody desires."""
    kept = dict(live)
    for field in declared.values():
        value = dig(live, field.wire)
        if concerns(field) and (is_map(value) or is_list(value)):
            way, _, _ = field.wire.rpartition(".")
            if way:
                kept[way] = dict(kept[way])
            put(kept, field.wire, settled(field, value, dig(desired, field.wire)))
    return kept


def settled(field: Field, live: Any, desired: Any) -> Any:
    """Do so for one field; items of a list are paired by their key, else by their place."""
    if is_list(live):
        mates: Sequence[Any] = desired if is_list(desired) else ()
        if field.facts.key:
            named = {label(mate, field.facts.key): mate for mate in mates}
            return [settled(field, item, named.get(label(item, field.facts.key))) for item in live]
        return [settled(field, item, mate) for item, mate in zip_longest(live, mates[: len(live)])]
    if not is_map(live):
        return live
    wanted: Mapping[str, Any] = desired if is_map(desired) else {}
    if field.facts.fills_keys:
        return {key: value for key, value in live.items() if key in wanted or key not in field.facts.fills_keys}
    return counted(chosen(field.model, live).declared, live, wanted) if field.model is not None else live


def concerns(field: Field) -> bool:
    """Tell whether a field holds such a table, at any depth."""
    return bool(field.facts.fills_keys) or (field.model is not None and within(field.model))


@cache
def within(model: type[Model]) -> bool:
    """Tell whether a model holds such a table, at any depth."""
    variants = [model, *(model.variants.values() if "variants" in vars(model) else ())]
    return any(concerns(field) for one in variants for field in one.declared.values() if field.model is not model)
