"""Where objects of a kind are whose place this version does not know: the control plane says it."""

from dataclasses import replace
from difflib import get_close_matches

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.errors import Invalid, UnknownKind
from pulumi_mesh.schema.kind import Address, Kind


def discovered(kind: Kind, address: Address, control_plane: ControlPlane) -> Kind:
    """Return a kind with the path at which the control plane serves it; refuse a type that it does not serve so."""
    subject, name = str(address), kind.name
    types = control_plane.resources(subject=subject)
    if name not in types:
        index, close = control_plane.index(subject=subject), get_close_matches(name, types, 1)
        hint = f"did you mean {close[0]}" if close else "GET /_resources names those that it serves"
        raise UnknownKind(f"{subject}: {index.product} {index.version} serves no type {name}; {hint}")
    found = types[name]
    if found.read_only:
        raise Invalid(subject, [f"type: the control plane alone writes objects of the type {name}"])
    if found.scoped != (kind.scope == "mesh"):
        where = "live in meshes; say mesh=" if found.scoped else "live outside of meshes; leave mesh out"
        raise Invalid(subject, [f"mesh: objects of the type {name} {where}"])
    return replace(kind, path=found.path)
