"""What a program has said itself: a preview of one in which traffic cannot flow fails, and its findings are its diagnostics."""

import json
import re
from typing import Any

from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.findings import CODES
from pulumi_mesh.schema.kind import KINDS, Address

from .findings import Finding

SAID = re.compile(
    r"^\s*(?P<address>[A-Za-z]+(?:/[^\s/:]+){1,2}): (?:(?P<said>\S+?)(?: \((?P<path>\S+)\))?: )?(?P<message>.+) \[(?P<code>[a-z0-9-]+)\]$"
)
LINE = re.compile(r"^\s*(?P<file>\S+\.py):(?P<line>\d+)$")
ENGINE = ("program exited with non-zero exit code", "findings, nothing is written")
"""What is said beside the findings."""


def told(text: str | bytes) -> list[Finding]:
    """Return the findings for which a preview failed; none where it failed for something else, too."""
    try:
        digest: dict[str, Any] = json.loads(text)
        diagnostics: list[dict[str, Any]] = digest.get("diagnostics") or []
        errors = [str(one["message"]) for one in diagnostics if one.get("severity") == "error"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    found: list[Finding] = []
    for line in (line for message in errors for line in message.splitlines() if line.strip()):
        if (finding := finding_of(line)) is not None:
            found.append(finding)
        elif found and (where := LINE.match(line)):
            found[-1] = placed(found[-1], where["file"], int(where["line"]))
        elif not any(said in line for said in ENGINE):
            return []
    return list(dict.fromkeys(found))


def finding_of(line: str) -> Finding | None:
    """Read a finding back from the line that says it."""
    said = SAID.match(line.removeprefix("error: "))
    if said is None or said["code"] not in CODES:
        return None
    try:
        address = Address.parse(said["address"])
    except MeshError:
        return None
    kind = KINDS.get(address.kind)
    mesh = None if kind is not None and kind.scope == "global" else address.mesh
    path = said["path"] or said["said"] or ""
    return Finding("", 0, 0, address.kind, mesh, address.name, path, said["message"], "error", said["code"])


def placed(one: Finding, file: str, line: int) -> Finding:
    """Return a finding with the line of the program."""
    return Finding(file, 0, line, one.kind, one.mesh, one.name, one.path, one.message, one.severity, one.code)
