"""RateLimit: how many requests in which time; chosen by tags of sources and destinations."""

from collections.abc import Iterator

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Str, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, entry, parts
from pulumi_mesh.schema.selectors import Selector, selected
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field

HTTP = "conf.http"


class OnRateLimitHeader(Model):
    """A header of the answer."""

    key: One[Str] = field(doc="Its name.")
    value: One[Str] = field(doc="Its value.")
    append: One[Bool | None] = field(
        default=None, presence=True, doc="Whether it is added to what is there, or takes its place."
    )


class OnRateLimit(Model):
    """What is answered to a request too many."""

    status: One[Uint32 | None] = field(default=None, presence=True, doc="The status; 429, if absent.")
    headers: Parts[OnRateLimitHeader] = field(default=None, doc="Headers of the answer.")


class HttpRequestLimit(Model):
    """How many requests in which time."""

    requests: One[Uint32] = field(doc="How many requests.")
    interval: One[Duration] = field(presence=True, doc="In which time.")
    on_rate_limit: Part[OnRateLimit | None] = field(
        default=None, presence=True, doc="What is answered to a request too many."
    )


def limits(policy: Body, _: Release) -> Iterator[Violation]:
    """There is a limit with a number and a time; headers have names and values."""
    if dig(policy, "conf") is None:
        yield Violation("conf", "must have conf")
    http = dig(policy, HTTP)
    if http is None:
        return
    if not int(http.get("requests") or 0):
        yield Violation(f"{HTTP}.requests", "requests must be set")
    if http.get("interval") is None:
        yield Violation(f"{HTTP}.interval", "interval must be set")
    for index, (_path, header) in enumerate(parts(http, "onRateLimit.headers")):
        for key in ("key", "value"):
            if not header.get(key):
                yield Violation(entry(f"{HTTP}.onRateLimit.header", str(index)), f"{key} must be set")


class RateLimit(
    MeshScoped,
    kind=Kind(
        path="rate-limits",
        shape="legacy",
        written_on=frozenset({"global"}),
        rules=(selected("sources", required=()), selected("destinations", required=()), limits),
        policy=True,
    ),
):
    """How many requests of sources a destination takes, in which time.

    MeshRateLimit replaces it.

    Source: https://kuma.io/docs/latest/policies/rate-limit/
    """

    sources: Parts[Selector] = field(doc="Who sends.")
    destinations: Parts[Selector] = field(doc="Who receives.")
    http: Part[HttpRequestLimit] = field(wire=HTTP, presence=True, doc="How many requests in which time.")


__all__ = ["HttpRequestLimit", "OnRateLimit", "OnRateLimitHeader", "RateLimit"]
