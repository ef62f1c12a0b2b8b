"""MeshRetry: when a request is tried again, how often, and where."""

from typing import Annotated, Literal

from annotated_types import Ge, Le

from pulumi_mesh.kinds.mesh_retry_rules import RULES
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Duration, HeaderMatch, HeaderName, Int, Str, TargetRef, Uint32
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, Table, field
from pulumi_mesh.schema.target_ref import deprecated_top

Int32 = Annotated[Int, Ge(-(2**31)), Le(2**31 - 1)]
Int64 = Annotated[Int, Ge(-(2**63)), Le(2**63 - 1)]


class BackOff(Model):
    """How long to wait before the next try; longer each time. At least one of the two."""

    base_interval: One[Duration | None] = field(default=None, doc="The first wait; 25ms, if absent.")
    max_interval: One[Duration | None] = field(default=None, doc="The longest wait; ten times the first, if absent.")


class ResetHeader(Model):
    """A header that says how long to wait."""

    name: One[HeaderName] = field(doc="The name of the header, in lower case.")
    format: One[Literal["Seconds", "UnixTimestamp"]] = field(doc="Whether it is a time to wait, or a point in time.")


class RateLimitedBackOff(Model):
    """How long to wait when the answer says it."""

    reset_headers: Parts[ResetHeader] = field(
        default=None, presence=True, doc="Headers that say it, the first that is one counts; must be there."
    )
    max_interval: One[Duration | None] = field(default=None, doc="The longest wait, more than 0s; 300s, if absent.")


class HostSelection(Model):
    """Which proxies are left out at the next try."""

    predicate: One[Literal["OmitPreviousHosts", "OmitHostsWithTags", "OmitPreviousPriorities"]] = field(
        doc="Those that were tried, those with some tags, or priorities that were tried (that only once)."
    )
    tags: Table[Str] = field(default=None, presence=True, doc="The tags of OmitHostsWithTags, which needs them.")
    update_frequency: One[Int32 | None] = field(
        default=None,
        fills=2,
        doc="After how many tries OmitPreviousPriorities looks at the load anew, more than 0; 2, if absent.",
    )


class RetryTcp(Model):
    """Connections over TCP."""

    max_connect_attempt: One[Uint32 | None] = field(
        default=None, doc="How often it is tried, more than 0; must be there."
    )


class RetryHttp(Model):
    """Requests over HTTP."""

    num_retries: One[Uint32 | None] = field(default=None, doc="How often it is tried again; 1, if absent.")
    per_try_timeout: One[Duration | None] = field(
        default=None, doc="How long each try may take, 0s is without end; as long as the request, if absent."
    )
    back_off: Part[BackOff | None] = field(default=None, doc="How long to wait.")
    rate_limited_back_off: Part[RateLimitedBackOff | None] = field(
        default=None, doc="How long to wait when the answer says it."
    )
    retry_on: Many[Str] = field(
        default=None,
        unordered=True,
        presence=True,
        doc="What is tried again: 5xx, GatewayError, Reset, Retriable4xx, ConnectFailure, EnvoyRatelimited, RefusedStream,"
        " Http3PostConnectFailure, a status such as 503; HttpMethodGet and the like narrow it down to methods.",
    )
    retriable_response_headers: Parts[HeaderMatch] = field(
        default=None, presence=True, doc="Headers of an answer, any of which makes it tried again."
    )
    retriable_request_headers: Parts[HeaderMatch] = field(
        default=None, presence=True, doc="Headers of a request, any of which allows to try it again."
    )
    host_selection: Parts[HostSelection] = field(
        default=None, presence=True, doc="Which proxies are left out at the next try."
    )
    host_selection_max_attempts: One[Int64 | None] = field(
        default=None, doc="How often another proxy is looked for; 1, if absent."
    )


class RetryGrpc(Model):
    """Requests over gRPC."""

    num_retries: One[Uint32 | None] = field(default=None, doc="How often it is tried again; 1, if absent.")
    per_try_timeout: One[Duration | None] = field(
        default=None, doc="How long each try may take, 0s is without end; as long as the request, if absent."
    )
    back_off: Part[BackOff | None] = field(default=None, doc="How long to wait.")
    rate_limited_back_off: Part[RateLimitedBackOff | None] = field(
        default=None, doc="How long to wait when the answer says it."
    )
    retry_on: Many[Literal["Canceled", "DeadlineExceeded", "Internal", "ResourceExhausted", "Unavailable"]] = field(
        default=None, unordered=True, presence=True, doc="Statuses of gRPC that are tried again."
    )


class RetryConf(Model):
    """What is tried again; of TCP, HTTP or gRPC."""

    tcp: Part[RetryTcp | None] = field(default=None, doc="Connections.")
    http: Part[RetryHttp | None] = field(default=None, doc="Requests over HTTP.")
    grpc: Part[RetryGrpc | None] = field(default=None, doc="Requests over gRPC.")


class RetryTo(Model):
    """What is tried again towards a destination."""

    target_ref: Part[TargetRef] = field(doc="The destination; with a MeshGateway the mesh or an external service.")
    default: Part[RetryConf | None] = field(default=None, doc="What is tried again.")


class MeshRetry(
    MeshScoped,
    kind=Kind(path="meshretries", shape="spec", short="mr", policy=True, rules=RULES, warnings=(deprecated_top,)),
):
    """When a request is tried again, how often, and where.

    Source: https://kuma.io/docs/latest/policies/meshretry/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose requests; those of the whole mesh, if absent.")
    to: Parts[RetryTo] = field(default=None, doc="What is tried again, by destination; until 2.13 at least one.")


__all__ = [
    "BackOff",
    "HostSelection",
    "MeshRetry",
    "RateLimitedBackOff",
    "ResetHeader",
    "RetryConf",
    "RetryGrpc",
    "RetryHttp",
    "RetryTcp",
    "RetryTo",
]
