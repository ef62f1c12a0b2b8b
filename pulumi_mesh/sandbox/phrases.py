"""What a rule says in plain words, and the control plane in those of its parsers."""

from collections.abc import Mapping
from typing import Any

from pulumi_mesh.sandbox.gojson import Scanner
from pulumi_mesh.schema.rules import Violation, at

NO_TEXT = "it is neither YAML nor JSON"


def rephrased(body: Mapping[str, Any], said: Violation) -> Violation:
    """Say a violation as the control plane does: what is no YAML, it reads once more as JSON."""
    if said.message.endswith(NO_TEXT):
        return Violation(said.path, said.message.replace(NO_TEXT, Scanner(str(at(body, said.path))).complaint()))
    return said
