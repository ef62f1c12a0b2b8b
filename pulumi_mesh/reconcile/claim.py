"""Whose an object is, and whether this stack may write it."""

from pulumi_mesh.errors import AlreadyExists, listed
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Kind

from .diff import diff
from .plan import gathered, waits

MANAGED_BY = "kuma.io/managed-by"


def claim(kind: Kind, actual: Document, desired: Document, adopt: str) -> list[str]:
    """Refuse to take over what was not handed to this stack; return what the user must hear about a takeover.

    What an interrupted run of this stack left behind is its own, and is taken over without a word.
    """
    subject = str(desired.address)
    if desired.owner and actual.owner == desired.owner:
        return []
    if MANAGED_BY in actual.labels:
        by = actual.labels[MANAGED_BY]
        raise AlreadyExists(
            f"{subject}: is written by the control plane itself ({MANAGED_BY}: {by}); give yours another name"
        )
    whose = f"belongs to the stack {actual.owner}" if actual.owner else "exists already, and no stack owns it"
    if adopt == "never":
        raise AlreadyExists(
            f'{subject}: {whose}; to take it over say adopt="overwrite", or adopt="identical" to do so only if nothing would change'
        )
    wanted = gathered(kind, actual, desired) if waits(kind, desired) else desired
    changes = [str(change) for change in diff(kind, actual, wanted)]
    if adopt == "identical" and changes:
        raise AlreadyExists(listed(f'{subject}: {whose}, and adopt="identical" would change it', changes))
    return [listed(f"{subject}: {whose}; taken over, with changes", changes)] if changes else []
