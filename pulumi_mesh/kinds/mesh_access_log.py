"""MeshAccessLog: where proxies log the traffic that they pass."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from pulumi_mesh.kinds.mesh_access_log_rules import RULES, WARNINGS
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.otel import ADDRESS, OtelBackendRef
from pulumi_mesh.schema.parts import Bool, Str, TargetRef, TrafficMatch
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field

Some = Annotated[Str, StringConstraints(min_length=1)]


class AccessLogValue(Model):
    """A key and its value."""

    key: One[Str] = field(doc="The key.")
    value: One[Str] = field(doc="The value, with placeholders of Envoy and of Kuma such as `%KUMA_MESH%`.")


class AccessLogAttribute(Model):
    """An attribute of OpenTelemetry."""

    key: One[Str] = field(doc="The name: lower case, digits, single dots and underscores; without placeholders.")
    value: One[Str] = field(doc="The value, with placeholders of Envoy and of Kuma.")


class AccessLogFormat(Model):
    """What a line of the log looks like."""

    type: One[Literal["Plain", "Json"]] = field(doc="Which of the two is meant.")
    plain: One[Str | None] = field(default=None, doc="A line of text, with placeholders.")
    json: Parts[AccessLogValue] = field(default=None, doc="Keys and values of a JSON object, with placeholders.")
    omit_empty_values: One[Bool | None] = field(
        default=None,
        fills=False,
        doc="Whether placeholders without a value vanish instead of being `-`; false, if absent.",
    )


class AccessLogTcp(Model):
    """A service that takes lines over TCP."""

    address: One[Some] = field(doc="The service, as HOST:PORT.")
    format: Part[AccessLogFormat | None] = field(default=None, doc="What a line looks like; Kuma's own, if absent.")


class AccessLogFile(Model):
    """A file beside each proxy."""

    path: One[Some] = field(doc="The path of the file, an absolute one.")
    format: Part[AccessLogFormat | None] = field(default=None, doc="What a line looks like; Kuma's own, if absent.")


class AccessLogOpenTelemetry(Model):
    """A collector of OpenTelemetry."""

    endpoint: One[Str | None] = field(default=None, fills="", doc=ADDRESS)
    backend_ref: Part[OtelBackendRef | None] = field(default=None, since="2.14", doc="An object that describes it.")
    attributes: Parts[AccessLogAttribute] = field(default=None, doc="Attributes of each record.")
    body: One[Any] = field(default=None, doc="The body of each record, any value of OpenTelemetry, with placeholders.")


class AccessLogBackend(Model):
    """Where a log goes."""

    type: One[Literal["Tcp", "File", "OpenTelemetry"]] = field(doc="Which of the fields below is meant.")
    tcp: Part[AccessLogTcp | None] = field(default=None, doc="A service.")
    file: Part[AccessLogFile | None] = field(default=None, doc="A file.")
    open_telemetry: Part[AccessLogOpenTelemetry | None] = field(default=None, doc="A collector.")


class AccessLogConf(Model):
    """Where logs go."""

    backends: Parts[AccessLogBackend] = field(
        default=None, presence=True, doc="Where they go; nowhere, if empty; must be there."
    )


class AccessLogTo(Model):
    """Logs of outgoing traffic to a destination."""

    target_ref: Part[TargetRef] = field(doc="The destination.")
    default: Part[AccessLogConf] = field(doc="Where its log goes.")


class AccessLogFrom(Model):
    """Logs of incoming traffic by its source."""

    target_ref: Part[TargetRef] = field(doc="The source: the whole mesh.")
    default: Part[AccessLogConf] = field(doc="Where its log goes.")


class AccessLogRule(Model):
    """Logs of incoming traffic; every rule that fits applies."""

    matches: Parts[TrafficMatch] = field(default=None, since="2.14", doc="Which traffic is meant; all, if absent.")
    default: Part[AccessLogConf] = field(doc="Where its log goes.")


class MeshAccessLog(
    MeshScoped,
    kind=Kind(
        path="meshaccesslogs",
        shape="spec",
        short="mal",
        policy=True,
        status="2.14",
        rules=RULES,
        warnings=WARNINGS,
        grave=TOLD,
    ),
):
    """Where proxies log the traffic that they pass.

    Source: https://kuma.io/docs/latest/policies/meshaccesslog/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies log; the whole mesh, if absent.")
    to: Parts[AccessLogTo] = field(default=None, doc="Logs of outgoing traffic, by destination.")
    rules: Parts[AccessLogRule] = field(default=None, doc="Logs of incoming traffic; not beside `to` and `from_`.")
    from_: Parts[AccessLogFrom] = field(
        default=None, deprecated="rules", doc="Logs of incoming traffic, as they were said before `rules`."
    )


__all__ = [
    "AccessLogAttribute",
    "AccessLogBackend",
    "AccessLogConf",
    "AccessLogFile",
    "AccessLogFormat",
    "AccessLogFrom",
    "AccessLogOpenTelemetry",
    "AccessLogRule",
    "AccessLogTcp",
    "AccessLogTo",
    "AccessLogValue",
    "MeshAccessLog",
]
