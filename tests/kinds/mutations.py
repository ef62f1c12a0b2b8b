"""Documents with one thing changed: what people get wrong, and what nobody would say."""

import copy
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

Way = tuple[str | int, ...]
HEAD = ("type", "name", "mesh", "labels", "status", "creationTime", "modificationTime")
TEXTS = ("", "A B", "web", "*", "*.example.com", "/", "api/", "a.example:80", "http://a.example/x", "10.0.0.1", "::1",
         "10.0.0.0/8", "-1", "50", "100.1", "1e2", "0s", "-1s", "1w", "500ms", "kuma.io/service", "a" * 300, "ü", "%START_TIME%",
         "(a", "spiffe://a/b", "nonsense")  # fmt: skip
NUMBERS = (0, 1, -1, 99, 100, 101, 599, 600, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 1.5)
OTHERS: tuple[Any, ...] = (None, True, {}, ["a"], {"a": "b"})
REFERENCES = ("Mesh", "MeshSubset", "MeshGateway", "MeshService", "MeshExternalService", "MeshMultiZoneService",
              "MeshServiceSubset", "MeshHTTPRoute", "Dataplane", "")  # fmt: skip


def mutations(documents: list[dict[str, Any]], random: Random) -> Iterator[dict[str, Any]]:
    """Yield documents without end, each like one of some with one thing changed."""
    documents = [{key: value for key, value in one.items() if key != "labels"} for one in documents if places(one)]
    while documents:
        yield mutated(copy.deepcopy(random.choice(documents)), random.choice(documents), random)


def mutated(document: dict[str, Any], other: Mapping[str, Any], random: Random) -> dict[str, Any]:
    """Change one thing in a document: a value, its type, its presence, how often it stands there."""
    way = random.choice(places(document))
    holder, key = at(document, way[:-1]), way[-1]
    value = holder.get(key) if isinstance(holder, dict) else holder[key]
    match random.randrange(6):
        case 0:
            holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
        case 1:
            holder[key] = random.choice(OTHERS)
        case 2:
            holder[key] = {dict: {}, list: [], str: "", int: 0}.get(type(value))
        case 3 if isinstance(value, list) and value:
            value.append(copy.deepcopy(random.choice(value)))
        case 4:
            graft(document, other, random)
        case _:
            holder[key] = instead(key, value, random)
    return document


def instead(key: str | int, value: Any, random: Random) -> Any:
    """Return another value of the same type."""
    if key == "kind":
        return random.choice(REFERENCES)
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        return random.choice(NUMBERS)
    return random.choice(TEXTS) if isinstance(value, str) else value


def graft(document: dict[str, Any], other: Mapping[str, Any], random: Random) -> None:
    """Put a field of another document where this one may hold it, too."""
    way = random.choice(places(other))
    try:
        holder = at(document, way[:-1])
        holder[way[-1]] = copy.deepcopy(at(other, way))
    except (KeyError, IndexError, TypeError):
        return


def places(document: Mapping[str, Any]) -> list[Way]:
    """Return the ways to what a document says beside its head."""
    return [way for way in ways(document) if way[0] not in HEAD]


def ways(body: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to every value in a document."""
    steps = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for step, value in steps:
        yield (*way, step)
        yield from ways(value, (*way, step))


def at(body: Any, way: Way) -> Any:
    """Return what a way leads to."""
    for step in way:
        body = body[step]
    return body
