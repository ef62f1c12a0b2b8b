"""What the control plane asks of a TrafficRoute beyond its structure."""

from collections.abc import Iterator

from pulumi_mesh.kinds.mesh_gateway_route_rules import alone, chosen, filled
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, entry, parts, table, values, whole
from pulumi_mesh.schema.tags import selector_tags

TEXT = ("prefix", "exact", "regex")
PATH = ("rewritePrefix", "regex")
HOST = ("value", "fromPath")
BALANCERS = ("roundRobin", "leastRequest", "ringHash", "random", "maglev")
"""Of each of these one is said; the control plane keeps the last of several."""
HASHES = ("XX_HASH", "MURMUR_HASH_2")
EMPTY = "cannot be empty"


def routed(route: Body, _: Release) -> Iterator[Violation]:
    """Traffic goes somewhere, and so do the requests that are told apart."""
    conf = dig(route, "conf")
    if conf is None:
        yield Violation("conf", EMPTY)
        return
    yield from sent(route, "conf", conf)
    for path, http in parts(conf, "http", "conf"):
        yield from matched(f"{path}.match", table(http, "match"))
        yield from modified(path, http)
        yield from sent(route, path, http)
    yield from balanced("conf.loadBalancer", table(conf, "loadBalancer"))


def sent(route: Body, path: str, said: Body) -> Iterator[Violation]:
    """Traffic goes to one destination or is split; an empty list is none, an empty map is one."""
    split, destination = values(said, "split"), said.get("destination")
    if not split and destination is None:
        yield Violation(path, 'requires either "destination" or "split"')
    if split and destination is not None:
        yield Violation(path, '"split" cannot be defined at the same time as "destination"')
    for at, share in parts(said, "split", path):
        if share.get("weight") is None:
            yield Violation(f"{at}.weight", "needs to be defined")
        yield from selector_tags(f"{at}.destination", table(share, "destination"))
    weight = sum(int(dig(share, "weight") or 0) for share in split) % 2**32
    if split and not weight and whole(route, f"{path}.split"):
        yield Violation(f"{path}.split", "there must be at least one split entry with weight above 0")
    if destination is not None:
        yield from selector_tags(f"{path}.destination", destination)


def matched(path: str, match: Body) -> Iterator[Violation]:
    """A match has a condition, and each condition says something."""
    if all(match.get(key) is None for key in ("path", "method", "headers")):
        yield Violation(path, 'must be present and contain at least one of the elements: "method", "path" or "headers"')
        return
    for key in ("method", "path"):
        if match.get(key) is not None:
            yield from text(f"{path}.{key}", match[key])
    if match.get("headers") == {}:
        yield Violation(f"{path}.headers", "must contain at least one element")
    for name, said in table(match, "headers").items():
        at = entry(f"{path}.headers", name)
        if not name:
            yield Violation(at, EMPTY)
        yield from text(at, said or {})


def text(path: str, said: Body) -> Iterator[Violation]:
    """A condition on text is one; only the whole text may be empty."""
    yield from alone(path, said, TEXT)
    kept = chosen(said, TEXT)
    if not kept:
        yield Violation(path, f'{EMPTY}. Available options: "exact", "split" or "regex"')
    elif kept != "exact":
        yield from filled(path, said, kept)


def modified(path: str, http: Body) -> Iterator[Violation]:
    """What happens to path, host and headers makes sense."""
    modify, path = table(http, "modify"), f"{path}.modify"
    if (said := modify.get("path")) is not None:
        yield from replaced(f"{path}.path", said, PATH)
        prefixed = chosen(table(http, "match.path"), TEXT) == "prefix" and dig(http, "match.path.prefix")
        if chosen(said, PATH) == "rewritePrefix" and said["rewritePrefix"] and not prefixed:
            yield Violation(f"{path}.path.rewritePrefix", "can only be set when .http.match.path.prefix is not empty")
    if (said := modify.get("host")) is not None:
        yield from replaced(f"{path}.host", said, HOST)
    for key in ("requestHeaders", "responseHeaders"):
        yield from headers(f"{path}.{key}", table(modify, key))


def replaced(path: str, said: Body, names: tuple[str, str]) -> Iterator[Violation]:
    """Text is replaced as a whole, or by a pattern."""
    whole, pattern = names
    yield from alone(path, said, names)
    kept = chosen(said, names)
    if not kept:
        yield Violation(path, f'either "{whole}" or "{pattern}" has to be set')
    elif kept == whole:
        yield from filled(path, said, whole)
    else:
        yield from filled(f"{path}.{pattern}", said[pattern], "pattern", "substitution")


def headers(path: str, said: Body) -> Iterator[Violation]:
    """Headers have names, and none of them is the host or one of HTTP/2's own."""
    for at, header in parts(said, "add", path):
        yield from header_name(at, header)
        yield from filled(at, header, "value")
    for at, header in parts(said, "remove", path):
        yield from header_name(at, header)


def header_name(path: str, header: Body) -> Iterator[Violation]:
    """The name of a header may be changed."""
    name = str(header.get("name") or "")
    yield from filled(path, header, "name")
    if name.startswith(":") or name in ("host", "Host"):
        yield Violation(f"{path}.name", "host header and HTTP/2 pseudo-headers are not allowed to be modified")


def balanced(path: str, said: Body) -> Iterator[Violation]:
    """One is drawn of two at least; a hash has a function."""
    yield from alone(path, said, BALANCERS)
    kept = chosen(said, BALANCERS)
    if kept == "leastRequest" and int(dig(said, "leastRequest.choiceCount") or 0) == 1:
        yield Violation(f"{path}.leastRequest.choiceCount", "value must be greater than or equal to 2")
    if kept == "ringHash" and dig(said, "ringHash.hashFunction") not in HASHES:
        yield Violation(f"{path}.ringHash.hashFunction", "must have a valid hash function")


RULES = (routed,)
