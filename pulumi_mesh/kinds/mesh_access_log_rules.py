"""What the control plane asks of a MeshAccessLog beyond its structure."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from pulumi_mesh.schema.go import is_file_path, is_url
from pulumi_mesh.schema.otel import collector, deprecated_endpoint, some_endpoint
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, values
from pulumi_mesh.schema.target_ref import (
    EVERYONE,
    GATEWAYS,
    SERVICES,
    Place,
    deprecated_from,
    deprecated_top,
    each,
    top,
    top_kind,
    works_on_inbounds,
)
from pulumi_mesh.schema.traffic_match import traffic_match

TO = Place(("Mesh", *SERVICES.kinds))
TO_WITH_ROUTES = Place((*TO.kinds, "MeshHTTPRoute"))
FIELDS = {"File": "file", "Tcp": "tcp", "OpenTelemetry": "openTelemetry"}
FORMATS = {"Plain": "plain", "Json": "json"}
ATTRIBUTE = re.compile(r"^[a-z]([a-z0-9]|[._][a-z0-9])*$")


def references(log: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top, and what below it takes."""
    yield from top(log, release, replace(GATEWAYS, inbound=works_on_inbounds(log)))
    yield from each(log, "spec.from", release, EVERYONE)
    if kind := top_kind(log):
        routes = TO_WITH_ROUTES if release >= (2, 11) else TO
        yield from each(log, "spec.to", release, EVERYONE if kind == "MeshGateway" else routes)


def lists(log: Body, _: Release) -> Iterator[Violation]:
    """Some logs, and rules only by themselves."""
    given = [path for path in ("spec.from", "spec.to", "spec.rules") if values(log, path)]
    if not given:
        yield Violation("spec", "at least one of 'from', 'to' or 'rules' has to be defined")
    if "spec.rules" in given and len(given) > 1:
        yield Violation("spec", "fields 'to' and 'from' must be empty when 'rules' is defined")


def confs(log: Body, release: Release) -> Iterator[tuple[str, Body]]:
    """Yield where logs go; until 2.13 nobody looks into rules, unless there is a `from`."""
    for name in ("to", "from", "rules"):
        if name != "rules" or release >= (2, 14) or dig(log, "spec.from") is not None:
            yield from ((f"{at}.default", dig(item, "default")) for at, item in parts(log, f"spec.{name}"))


def matches(log: Body, release: Release) -> Iterator[Violation]:
    """Conditions of rules."""
    if release >= (2, 14):
        for at, rule in parts(log, "spec.rules"):
            for path, match in parts(rule, "matches", at):
                yield from traffic_match(path, match, release)


def backends(log: Body, release: Release) -> Iterator[Violation]:
    """Each log goes somewhere, if it is only to nowhere."""
    for at, conf in confs(log, release):
        if dig(conf, "backends") is None:
            yield Violation(f"{at}.backends", "must be defined")
        for path, one in parts(conf, "backends", at):
            if name := FIELDS.get(str(one.get("type"))):
                yield from backend(f"{path}.{name}", name, one.get(name))


def backend(at: str, name: str, said: Body | None) -> Iterator[Violation]:
    """The field that a backend's type names is there, and leads somewhere."""
    if said is None:
        yield Violation(at, "must be defined")
        return
    if (form := said.get("format")) is not None:
        yield from line(f"{at}.format", form)
    if name == "file" and "path" in said and not is_file_path(said["path"]):
        yield Violation(f"{at}.path", "file backend requires a valid path")
    if name == "tcp" and "address" in said and not is_url(said["address"]):
        yield Violation(f"{at}.address", "tcp backend requires valid address")


def line(at: str, form: Body) -> Iterator[Violation]:
    """A line of text that is not empty, or entries that make a JSON object."""
    name = FORMATS.get(str(form.get("type")))
    if name is None:
        return
    if form.get(name) is None:
        yield Violation(f"{at}.{name}", "must be defined")
        return
    if not form[name]:
        yield Violation(f"{at}.{name}", "must not be empty")
    for path, entry in parts(form, "json", at) if name == "json" else ():
        key, value = str(entry.get("key", "k")), str(entry.get("value", "v"))
        if not key:
            yield Violation(f"{path}.key", "key cannot be empty")
        if not value:
            yield Violation(f"{path}.value", "value cannot be empty")
        if not is_json(f'{{"{key}": "{value}"}}'):
            yield Violation(path, "is not a valid JSON object")


def is_json(text: str) -> bool:
    """Tell whether text is JSON."""
    try:
        json.loads(text, parse_constant=int)
    except ValueError:
        return False
    return True


def collectors(log: Body, release: Release) -> Iterator[Violation]:
    """Collectors of OpenTelemetry."""
    for at, otel, meant in otels(log):
        if meant or release < (2, 14):
            yield from collector(at, otel, release)
            yield from some_endpoint(at, otel, release)
        for path, attribute in parts(otel, "attributes", at) if release >= (2, 14) else ():
            key = str(attribute.get("key", "k"))
            if not ATTRIBUTE.fullmatch(key):
                yield Violation(f"{path}.key", f"in body should match '{ATTRIBUTE.pattern}'")
            elif meant and key.startswith("otel."):
                yield Violation(f"{path}.key", "must not use the reserved OpenTelemetry prefix 'otel.'")


def otels(log: Body) -> Iterator[tuple[str, Body, bool]]:
    """Yield the collectors, each with its path, and whether the type of its backend means it."""
    for name in ("to", "from", "rules"):
        for at, item in parts(log, f"spec.{name}"):
            for path, one in parts(item, "default.backends", at):
                if (otel := one.get("openTelemetry")) is not None:
                    yield f"{path}.openTelemetry", otel, one.get("type") == "OpenTelemetry"


def deprecated(log: Body, release: Release) -> Iterator[Violation]:
    """What Kuma will give up, in the order in which it says so."""
    yield from deprecated_from(log, release)
    yield from deprecated_endpoint(((at, otel) for at, otel, _ in otels(log)), release)
    yield from deprecated_top(log, release)


RULES = (references, lists, matches, backends, collectors)
WARNINGS = (deprecated,)
