"""Rules of the envelope: names, meshes, labels."""

import re
from collections.abc import Iterator, Mapping

from .rules import Violation, entry

NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
MESH = re.compile(r"[0-9a-z\-_.]*")
QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
LONGEST = 253

OWNER = "pulumi-mesh.io/owner"
"""The label that says which stack an object belongs to."""

MARK = "listener.pulumi-mesh.io/"
"""The prefix of labels that say which stack a listener of a gateway belongs to."""

COMPUTED = frozenset(
    {
        "k8s.kuma.io/namespace",
        "k8s.kuma.io/service-account",
        "kuma.io/deletion-grace-period-started-at",
        "kuma.io/display-name",
        "kuma.io/env",
        "kuma.io/listener-zoneegress",
        "kuma.io/listener-zoneingress",
        "kuma.io/managed-by",
        "kuma.io/mesh",
        "kuma.io/origin",
        "kuma.io/policy-role",
        "kuma.io/proxy-type",
        "kuma.io/zone",
    }
)
"""Labels that the control plane writes by itself; they count only where a program says them."""

KEPT = ("kuma.io/display-name", "kuma.io/origin", "kuma.io/zone")
"""Computed labels that Kuma 2.14 lets nobody change or remove once they are stored."""


def envelope(name: str, mesh: str | None, labels: Mapping[str, object], *, mesh_scoped: bool) -> Iterator[Violation]:
    """Yield what is wrong with name, mesh and labels."""
    yield from name_rules(name)
    if mesh_scoped:
        yield from mesh_rules(mesh or "")
    yield from label_rules(labels)


def name_rules(name: str) -> Iterator[Violation]:
    """Yield what is wrong with the name of an object."""
    if not name:
        yield Violation("name", "cannot be empty")
        return
    if len(name.encode()) > LONGEST:
        yield Violation("name", f"value length must less or equal {LONGEST}")
    if not NAME.fullmatch(name):
        yield Violation(
            "name",
            "invalid characters. A lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
            " and must start and end with an alphanumeric character",
        )


def mesh_rules(mesh: str) -> Iterator[Violation]:
    """Yield what is wrong with the name of a mesh that an object says it is in."""
    if not mesh:
        yield Violation("mesh", "cannot be empty")
        return
    if len(mesh.encode()) > LONGEST:
        yield Violation("mesh", f"value length must less or equal {LONGEST}")
    if not MESH.fullmatch(mesh):
        yield Violation(
            "mesh",
            "invalid characters. Valid characters are numbers, lowercase latin letters and '-', '_', '.' symbols.",
        )


def label_rules(labels: Mapping[str, object]) -> Iterator[Violation]:
    """Yield what is wrong with labels: keys and values are those of Kubernetes, and so are the words."""
    for key, value in labels.items():
        path = entry("labels", key)
        yield from (Violation(path, message) for message in key_complaints(key))
        if isinstance(value, str):
            if len(value) > 63:
                yield Violation(path, "must be no more than 63 bytes")
            if not VALUE.fullmatch(value):
                yield Violation(
                    path,
                    f"a valid label must be an empty string or consist of {CHARACTERS.format('MyValue', 'my_value', '12345')}'{VALUE.pattern}')",
                )
        if key == "kuma.io/origin" and value not in ("global", "zone", "", None):
            yield Violation(path, f'unknown resource origin "{value}"')


CHARACTERS = (
    "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
    " (e.g. '{}',  or '{}',  or '{}', regex used for validation is "
)


def key_complaints(key: str) -> Iterator[str]:
    """Yield what is wrong with the key of a label."""
    *prefix, name = key.split("/")
    characters = f"must consist of {CHARACTERS.format('MyName', 'my.name', '123-abc')}'{QUALIFIED.pattern}')"
    if len(prefix) > 1:
        yield f"a valid label key {characters} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return
    if prefix and not prefix[0]:
        yield "prefix part must be non-empty"
    elif prefix and not NAME.fullmatch(prefix[0]):
        yield (
            "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
            f" end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{NAME.pattern}')"
        )
    if not name:
        yield "name part must be non-empty"
    if len(name) > 63:
        yield "name part must be no more than 63 bytes"
    if not QUALIFIED.fullmatch(name):
        yield f"name part {characters}"
