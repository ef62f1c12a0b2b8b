"""Documents of one kind: the examples beside this file, and what is said of others."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

import pulumi_mesh  # noqa: F401 - fills the registry
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.proto import as_json
from pulumi_mesh.schema.release import NEWEST, SUPPORTED, Release
from pulumi_mesh.schema.wire import from_wire

EXAMPLES = sorted((Path(__file__).parent / "cases").glob("*/*.yaml"))
SINCE = re.compile(r"# kuma: (\S+)")


def read(path: Path) -> tuple[dict[str, Any], list[Release]]:
    """Return an example and the releases that take it: all, or those since the one in its first line."""
    text = path.read_text()
    since = SINCE.match(text)
    first = Release.parse(since[1]) if since else SUPPORTED[0]
    return yaml.safe_load(text), [release for release in SUPPORTED if release >= first]


def said_of(kind: str, spec: Any, release: Release = NEWEST, **beside: Any) -> set[tuple[str, str]]:
    """Return what is said of a spec: paths and messages."""
    document = {"type": kind, "name": "it", "mesh": "shop", "spec": spec, **beside}
    return {(violation.path, violation.message) for violation in judge_wire(KINDS[kind], document, release)}


def warned_of(kind: str, spec: Any, release: Release = NEWEST) -> list[str]:
    """Return the warnings that come with a spec."""
    return [violation.message for rule in KINDS[kind].warnings for violation in rule({"spec": spec}, release)]


def through_props(kind: Kind, document: Mapping[str, Any]) -> Document:
    """Return the document that the properties of a document ask for."""
    body = {key: value for key, value in document.items() if key not in ("type", "name", "mesh", "labels")}
    said, _ = from_wire(kind.body, as_json(kind, body))
    head = {key: document[key] for key in ("name", "mesh", "labels") if key in document}
    return Document.desired(kind, head | said)
