"""Secret: one that a mesh uses for its mTLS cannot be deleted; one that came over the API outlives its mesh."""

from collections.abc import Iterator

from pulumi_mesh.sandbox.site import Behaviour, Site
from pulumi_mesh.schema.rules import Violation, dig, parts


def holds(site: Site, mesh: str, name: str) -> Iterator[Violation]:
    """A secret in use by a backend of its mesh stays."""
    row = site.store.get("Mesh", "", mesh)
    for _, backend in parts(row.content() if row else {}, "mtls.backends"):
        used = [dig(backend, f"conf.{part}.secret") for part in ("cert", "key")]
        used += builtin(mesh, str(backend.get("name"))) if backend.get("type") == "builtin" else []
        if name in used:
            of = backend.get("name")
            yield Violation(
                "name",
                f'The secret "{name}" that you are trying to remove is currently in use in Mesh "{mesh}" in mTLS backend "{of}".'
                f' Please remove the reference from the "{of}" backend before removing the secret.',
            )


def builtin(mesh: str, backend: str) -> list[str]:
    """Return the names of the secrets of a builtin CA."""
    return [f"{mesh}.ca-builtin-cert-{backend}", f"{mesh}.ca-builtin-key-{backend}"]


SECRET = Behaviour(holds=holds, outlives=True)
