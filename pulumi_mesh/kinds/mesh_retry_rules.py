"""What the control plane asks of a MeshRetry beyond its structure; it calls `default` `default.conf`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pulumi_mesh.schema.bounds import lasting, positive
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.target_ref import GATEWAYS, SERVICES, Place, by_role, each, top, top_kind

TOP = replace(GATEWAYS, kinds=(*GATEWAYS.kinds, "MeshHTTPRoute"))
TO = Place(("Mesh", *SERVICES.kinds))
TO_WITH_ROUTES = Place((*TO.kinds, "MeshHTTPRoute"))
TO_OF_A_GATEWAY = Place(("Mesh", "MeshExternalService"))
SAID = ("numRetries", "perTryTimeout", "backOff", "retryOn", "rateLimitedBackOff")
"""Fields of which one must be there, of HTTP and gRPC."""
SAID_OF_HTTP = (*SAID, "retriableRequestHeaders", "retriableResponseHeaders", "hostSelection")
METHODS = ("Connect", "Delete", "Get", "Head", "Options", "Patch", "Post", "Put", "Trace")
CONDITIONS = frozenset(
    {
        "5xx",
        "GatewayError",
        "Reset",
        "Retriable4xx",
        "ConnectFailure",
        "EnvoyRatelimited",
        "RefusedStream",
        "Http3PostConnectFailure",
        *(f"HttpMethod{method}" for method in METHODS),
    }
)
STATUSES = frozenset(
    [
        *(*range(100, 104), *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 419), *range(421, 427)),
        *(428, 429, 431, 451, *range(500, 509), 510, 511),
    ]
)
"""Statuses that have a name in Go."""


def references(retry: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top, and what below it takes."""
    yield from top(retry, release, by_role(retry, TOP))
    if release < (2, 14) and not values(retry, "spec.to"):
        yield Violation("spec.to", "needs at least one item")
    if kind := top_kind(retry):
        others = TO_WITH_ROUTES if release >= (2, 11) else TO
        of_a_gateway = kind in ("MeshGateway", "MeshHTTPRoute")
        yield from each(retry, "spec.to", release, TO_OF_A_GATEWAY if of_a_gateway else others)


def confs(retry: Body, _: Release) -> Iterator[Violation]:
    """Something is tried again, and each protocol says what."""
    for path, to in parts(retry, "spec.to"):
        at, said = f"{path}.default.conf", table(to, "default")
        tcp, http, grpc = (said.get(name) for name in ("tcp", "http", "grpc"))
        if tcp is None and http is None and grpc is None:
            yield Violation(at, "at least one of the 'tcp', 'http', 'grpc' must be specified")
        if tcp is not None and tcp.get("maxConnectAttempt") is None:
            yield Violation(f"{at}.tcp", "must not be empty")
        yield from positive(f"{at}.tcp", tcp or {}, "maxConnectAttempt")
        if http is not None:
            yield from protocol(f"{at}.http", http, SAID_OF_HTTP)
            yield from conditions(f"{at}.http", http)
            yield from hosts(f"{at}.http", http)
        if grpc is not None:
            yield from protocol(f"{at}.grpc", grpc, SAID)


def protocol(at: str, said: Body, keys: tuple[str, ...]) -> Iterator[Violation]:
    """Something is said, and waits are whole."""
    if all(said.get(key) is None for key in keys):
        yield Violation(at, "must not be empty")
    wait, limited = said.get("backOff"), said.get("rateLimitedBackOff")
    if wait is not None and wait.get("baseInterval") is None and wait.get("maxInterval") is None:
        yield Violation(f"{at}.backOff", "must not be empty")
    if limited is None:
        return
    at = f"{at}.rateLimitedBackOff"
    if (length := lasting(limited, "maxInterval")) is not None and length <= 0:
        yield Violation(f"{at}.maxInterval", "must be defined and greater than zero")
    if limited.get("resetHeaders") is None:
        yield Violation(f"{at}.resetHeaders", "must be defined")


def conditions(at: str, http: Body) -> Iterator[Violation]:
    """Conditions that there are."""
    for index, item in enumerate(values(http, "retryOn")):
        number = re.fullmatch(r"[+-]?\d{1,18}", str(item), re.ASCII)
        if item not in CONDITIONS and not (number and int(item) in STATUSES):
            yield Violation(f"{at}.retryOn[{index}]", f"unknown item '{item}'")


def hosts(at: str, http: Body) -> Iterator[Violation]:
    """Tags where they are meant; priorities once."""
    priorities = 0
    for path, one in parts(http, "hostSelection", at):
        if one.get("predicate") == "OmitHostsWithTags" and dig(one, "tags") is None:
            yield Violation(f"{path}.tags", "must be defined")
        if one.get("predicate") != "OmitPreviousPriorities":
            continue
        if priorities:
            yield Violation(f"{path}.predicate", "OmitPreviousPriorities must only be specified once")
        if (frequency := one.get("updateFrequency")) is not None and frequency <= 0:
            yield Violation(f"{path}.updateFrequency", "must be defined and greater than zero")
        priorities += 1


RULES = (references, confs)
