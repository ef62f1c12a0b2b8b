"""What a control plane makes by itself: nobody wrote it, so nobody has to manage it.

It is told by what a control plane gives it: a label, a name, and where the content is always the same, the content, so that a
default that somebody has edited is somebody's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address, Kind
from pulumi_mesh.schema.normal import normal
from pulumi_mesh.schema.rules import dig

from .beginnings import GENERATORS, POLICIES, Body
from .claim import MANAGED_BY

ORIGIN, ZONE, DISPLAY_NAME = "kuma.io/origin", "kuma.io/zone", "kuma.io/display-name"
PROXIES = frozenset({"Dataplane", "ZoneIngress", "ZoneEgress"})
"""Types of which kuma-dp registers objects for the proxies that it runs."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else must be known of a control plane to tell what it made."""

    mode: str = ""
    """`global` or `zone`; nothing where the control plane does not say it."""
    zone: str = ""
    """The name of its zone, where it is that of a zone which belongs to a global one."""
    run: frozenset[Address] = frozenset()
    """The proxies that have, or had, a kuma-dp: it registers itself, and nothing tells its object from one that somebody wrote."""
    identities: frozenset[tuple[str | None, str]] = frozenset()
    """Mesh and name of every MeshIdentity: the CA of one is kept in two Secrets."""
    meshes: frozenset[str] | None = None
    """The meshes that there are, if that is known."""

    def is_orphan(self, address: Address) -> bool:
        """Tell whether the mesh of an object is gone: it cannot be read by its own path any more."""
        return self.meshes is not None and address.mesh is not None and address.mesh not in self.meshes


def made(kind: Kind, document: Document, around: Surroundings) -> bool:
    """Tell whether a control plane made an object by itself."""
    if document.owner:
        return False
    address = document.address
    return (
        MANAGED_BY in document.labels
        or synced(document, around)
        or (address.kind in PROXIES and address in around.run)
        or by_name(address, around)
        or (
            kind.name == "MeshTrust"
            and bool(dig(document.status, "origin.kri") or dig(document.body, "spec.origin.kri"))
        )
        or is_default(kind, document)
    )


def is_default(kind: Kind, document: Document) -> bool:
    """Tell whether an object is what a control plane begins with, as it was written; not where somebody gave it a label."""
    bodies = [] if document.counted({}) else defaults(document.address)
    return any(normal_form(kind, document.body) == normal_form(kind, body) for body in bodies)


def synced(document: Document, around: Surroundings) -> bool:
    """Tell whether an object was written on another control plane and brought here.

    Where the control plane does not say what it is: what came from a global one says so, what came from a zone has another name here.
    """
    origin, labels = document.labels.get(ORIGIN), document.labels
    match around.mode:
        case "global":
            return origin == "zone"
        case "zone":
            return bool(around.zone) and (origin == "global" or labels.get(ZONE, around.zone) != around.zone)
        case _:
            return origin == "global" or (
                origin == "zone" and labels.get(DISPLAY_NAME, document.address.name) != document.address.name
            )


def unsure(document: Document) -> bool:
    """Tell whether it takes the mode of the control plane to know where an object comes from."""
    return document.labels.get(ORIGIN) == "global" or DISPLAY_NAME in document.labels


KEYS = (
    "admin-user-token",
    "envoy-admin-ca",
    "inter-cp-ca",
    "user-token-signing-key-1",
    "zone-token-signing-key-1",
    "user-token-revocations",
    "zone-token-revocations",
)
"""GlobalSecrets of a control plane: its keys, and the lists of revoked tokens, which a revocation writes."""
ROLES = frozenset({("AccessRole", "admin"), ("AccessRoleBinding", "default")})
"""What Kong Mesh begins with."""
OF_IDENTITY = re.compile(r"(.+)-(root-ca|private-key)")


def by_name(address: Address, around: Surroundings) -> bool:
    """Tell whether a control plane keeps something under this name: keys, CAs, lists of revoked tokens."""
    name, mesh = address.name, address.mesh
    match address.kind:
        case "GlobalSecret":
            return name in KEYS
        case "Secret":
            own = (f"dataplane-token-signing-key-{mesh}-1", f"dataplane-token-revocations-{mesh}")
            found = OF_IDENTITY.fullmatch(name)
            return (
                name in own
                or name.startswith((f"{mesh}.ca-builtin-cert-", f"{mesh}.ca-builtin-key-"))
                or (found is not None and (mesh, found[1]) in around.identities)
            )
        case _:
            return (address.kind, name) in ROLES


def normal_form(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body means."""
    return normal(kind.body, body, legacy=kind.shape == "legacy")


def defaults(address: Address) -> list[Body]:
    """Return the bodies that a control plane may have written at an address."""
    if address.kind == "Mesh":
        return [{}] if address.name == "default" else []
    if address.kind == "Zone":  # a zone makes itself known, so an enabled one is nobody's work
        return [{}, {"enabled": True}]
    if address.kind == "HostnameGenerator":
        return [GENERATORS[address.name]] if address.name in GENERATORS else []
    prefix = address.name.removesuffix(f"-{address.mesh}")
    found = POLICIES.get((address.kind, prefix)) if prefix != address.name else None
    return [] if found is None else [found]
