"""Certificate authorities of a mesh: keys that the control plane makes, and what it checks of keys that it is given."""

import base64
import secrets
from collections.abc import Iterator

from pulumi_mesh.sandbox.site import Site, Write
from pulumi_mesh.schema.rules import Violation


def generated(name: str) -> str:
    """Return key material of the control plane: random here, for it signs nothing."""
    return base64.b64encode(f"{name} of the sandbox: {secrets.token_hex(16)}\n".encode()).decode()


def checked(_site: Site, _write: Write) -> Iterator[Violation]:
    """Yield what is wrong with a provided CA."""
    yield from ()
