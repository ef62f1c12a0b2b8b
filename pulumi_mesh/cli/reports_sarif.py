"""The report of drift as SARIF 2.1.0, which code scanning reads."""

import hashlib
import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pulumi_mesh.reconcile.drift import SORTS, Finding

from .reports import Report, lines

LEVELS: Mapping[str, str] = {"high": "error", "medium": "warning", "low": "note"}
RULES: Mapping[str, str] = {
    "changed": "An object on the control plane differs from what is to be there.",
    "missing": "An object that is to be there is not on the control plane.",
    "unmanaged": "An object on the control plane is in no stack.",
    "foreign_field": "An object on the control plane has a field that this version does not know; an update keeps it.",
}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PROGRAM = "Pulumi.yaml"
"""Where a finding is shown that no file declares: a place in the repository must be named."""
PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+)")


def as_sarif(report: Report) -> str:
    """Render a report as SARIF."""
    driver = {"name": "pulumi-mesh", "version": release(), "rules": [rule(sort) for sort in SORTS]}
    told = [{"level": "error", "message": {"text": reason}} for reason in report.unsure]
    done = {"executionSuccessful": not told, "toolExecutionNotifications": told}
    run = {"tool": {"driver": driver}, "invocations": [done], "results": [result(one) for one in report.findings]}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def release() -> str:
    """Return the version of this package."""
    try:
        return version("pulumi-mesh")
    except PackageNotFoundError:
        return "0"


def rule(sort: str) -> dict[str, Any]:
    """Return the rule that findings of a sort break."""
    return {"id": sort, "shortDescription": {"text": RULES[sort]}}


def result(found: Finding) -> dict[str, Any]:
    """Return a finding as a result."""
    head, *rest = lines(found)
    name = f"{found.control_plane}/{found.address}"
    return {
        "ruleId": found.sort,
        "level": LEVELS[found.severity],
        "message": {"text": "\n".join([" ".join(head.split()), *rest])},
        "locations": [
            {
                "physicalLocation": place(found.origin),
                "logicalLocations": [{"name": str(found.address), "fullyQualifiedName": name, "kind": "object"}],
            }
        ],
        "partialFingerprints": {"object/v1": hashlib.sha256(f"{found.sort} {name}".encode()).hexdigest()},
    }


def place(origin: str) -> dict[str, Any]:
    """Return file and line of what declares an object."""
    found = PLACE.fullmatch(origin)
    file = found["file"] if found and "://" not in origin and "::" not in origin else ""
    region = {"region": {"startLine": int(found["line"])}} if found and file else {}
    return {"artifactLocation": {"uri": file or PROGRAM}, **region}
