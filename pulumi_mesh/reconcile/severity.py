"""How grave what was found is: the kind says what its objects and fields are to traffic."""

from collections.abc import Iterable, Mapping

from pulumi_mesh.schema.grave import LABEL, ORDER, OTHER, Grave


def at(path: str, whole: Grave, fields: Mapping[str, Grave]) -> Grave:
    """Judge a field that differs: `fields` are those that weigh otherwise than the whole."""
    if path.startswith("labels"):
        return LABEL
    begins = sorted((begin for begin in fields if path.startswith(begin)), key=len)
    return fields[begins[-1]] if begins else whole


def foreign(whole: Grave) -> Grave:
    """Judge a field that this version does not know: it may mean anything, but nobody took anything away."""
    return Grave("medium" if whole.severity == "high" else "low", "a field that this version does not know")


def gravest(found: Iterable[Grave]) -> Grave:
    """Return the gravest of several, the first one of them."""
    return min(found, key=lambda grave: ORDER.index(grave.severity), default=OTHER)
