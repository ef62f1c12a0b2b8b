"""Retry: what is tried again, by tags; what MeshRetry replaces."""

from collections.abc import Iterator
from typing import Literal, get_args

from pulumi_mesh.kinds.mesh_gateway_route_rules import METHODS
from pulumi_mesh.kinds.timeout import POSITIVE, positive
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Duration, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, values
from pulumi_mesh.schema.selectors import SENDERS, Selector
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, field
from pulumi_mesh.schema.wire import named

Method = Literal["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "NONE"]
HttpCause = Literal[
    "all_5xx",
    "gateway_error",
    "reset",
    "connect_failure",
    "envoy_ratelimited",
    "retriable_4xx",
    "refused_stream",
    "retriable_status_codes",
    "retriable_headers",
    "http3_post_connect_failure",
]
GrpcCause = Literal["cancelled", "deadline_exceeded", "internal", "resource_exhausted", "unavailable"]
HTTP = {name: number for number, name in enumerate(get_args(HttpCause))}
GRPC = {name: number for number, name in enumerate(get_args(GrpcCause))}
COMMON = ("numRetries", "perTryTimeout", "backOff", "retryOn")
SAYS = {"http": (*COMMON, "retriableStatusCodes", "retriableMethods"), "grpc": COMMON}
"""What each section may say; it must say some of it."""
EMPTY = "field cannot be empty"


class RetryBackOff(Model):
    """How long to wait before the next try: each time longer."""

    base_interval: One[Duration] = field(proto=True, doc="How long before the first.")
    max_interval: One[Duration | None] = field(
        proto=True, default=None, doc="The longest; ten times the first, if absent."
    )


class HttpRetry(Model):
    """Requests over HTTP."""

    num_retries: One[Uint32 | None] = field(
        proto=True, default=None, presence=True, doc="How often it is tried again, at least once."
    )
    per_try_timeout: One[Duration | None] = field(proto=True, default=None, doc="How long each try may take.")
    back_off: Part[RetryBackOff | None] = field(proto=True, default=None, presence=True, doc="How long to wait.")
    retriable_status_codes: Many[Uint32] = field(
        proto=True, default=None, unordered=True, doc="Statuses that are tried again."
    )
    retriable_methods: Many[Method] = field(
        proto=True, default=None, unordered=True, enum=METHODS, doc="Methods that may be tried again; all, if absent."
    )
    retry_on: Many[HttpCause] = field(
        proto=True,
        default=None,
        unordered=True,
        enum=HTTP,
        doc="What is tried again; `retriable_status_codes` are to be said beside it.",
    )


class TcpRetry(Model):
    """Connections."""

    max_connect_attempts: One[Uint32] = field(proto=True, doc="How often it is tried to connect, at least once.")


class GrpcRetry(Model):
    """Requests over gRPC."""

    retry_on: Many[GrpcCause] = field(
        proto=True, default=None, unordered=True, enum=GRPC, doc="Statuses that are tried again, each once."
    )
    num_retries: One[Uint32 | None] = field(
        proto=True, default=None, presence=True, doc="How often it is tried again, at least once."
    )
    per_try_timeout: One[Duration | None] = field(proto=True, default=None, doc="How long each try may take.")
    back_off: Part[RetryBackOff | None] = field(proto=True, default=None, presence=True, doc="How long to wait.")


def retried(policy: Body, _: Release) -> Iterator[Violation]:
    """Something is tried again, of one protocol at least."""
    conf = dig(policy, "conf")
    if conf is None:
        yield Violation("conf", "has to be defined")
        return
    if all(conf.get(protocol) is None for protocol in ("http", "grpc", "tcp")):
        yield Violation("conf", "missing protocol [grpc|http|tcp] configuration")
    for protocol, keys in SAYS.items():
        if (said := conf.get(protocol)) is not None:
            yield from requests(f"conf.{protocol}", said, keys)
    yield from http(conf.get("http") or {})
    yield from repeated([str(named(GRPC, cause)) for cause in values(conf, "grpc.retryOn")])
    if conf.get("tcp") is not None and not dig(conf, "tcp.maxConnectAttempts"):
        yield Violation("conf.tcp.maxConnectAttempts", POSITIVE)


def requests(path: str, said: Body, keys: tuple[str, ...]) -> Iterator[Violation]:
    """What is said of requests says something, and nothing is zero."""
    if all(said.get(key) in (None, []) for key in keys):
        yield Violation(path, EMPTY)
    if said.get("numRetries") is not None and not int(said["numRetries"]):
        yield Violation(f"{path}.numRetries", f"{POSITIVE} when defined")
    yield from positive(path, said, "perTryTimeout")
    if (waits := said.get("backOff")) is None:
        return
    path = f"{path}.backOff"
    if waits.get("baseInterval") is None:
        yield Violation(f"{path}.baseInterval", "has to be defined")
    elif not nanoseconds(str(waits["baseInterval"])):
        yield Violation(f"{path}.baseInterval", POSITIVE)
    else:
        yield from positive(path, waits, "maxInterval")


def http(said: Body) -> Iterator[Violation]:
    """Methods have names, and statuses stand beside the word for them."""
    for index, method in enumerate(values(said, "retriableMethods")):
        if named(METHODS, method) == "NONE":
            yield Violation(f"conf.http.retriableMethods[{index}]", EMPTY)
    for index, cause in enumerate(values(said, "retryOn")):
        if named(HTTP, cause) == "retriable_status_codes" and not said.get("retriableStatusCodes"):
            yield Violation(
                f"conf.http.retryOn[{index}]", "retriableStatusCodes cannot be empty when this option is specified"
            )


def repeated(causes: list[str]) -> Iterator[Violation]:
    """A status of gRPC is said once."""
    for cause in sorted(set(causes)):
        if causes.count(cause) > 1:
            at = ", ".join(str(index) for index, one in enumerate(causes) if one == cause)
            yield Violation("conf.grpc.retryOn", f'repeated value "{cause}" at indexes [{at}]')


class Retry(
    MeshScoped,
    kind=Kind(path="retries", shape="legacy", policy=True, written_on=frozenset({"global"}), rules=(*SENDERS, retried)),
):
    """What is tried again, and how often.

    MeshRetry replaces it.

    Source: https://kuma.io/docs/latest/policies/retry/
    """

    sources: Parts[Selector] = field(doc="Who calls, by tags, `kuma.io/service` among them.")
    destinations: Parts[Selector] = field(doc="Who is called, by `kuma.io/service` alone.")
    http: Part[HttpRetry | None] = field(default=None, wire="conf.http", presence=True, doc="Requests over HTTP.")
    tcp: Part[TcpRetry | None] = field(default=None, wire="conf.tcp", presence=True, doc="Connections.")
    grpc: Part[GrpcRetry | None] = field(default=None, wire="conf.grpc", presence=True, doc="Requests over gRPC.")


__all__ = ["GrpcRetry", "HttpRetry", "Retry", "RetryBackOff", "TcpRetry"]
