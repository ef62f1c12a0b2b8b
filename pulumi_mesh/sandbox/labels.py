"""Labels: which ones are refused, which ones the control plane adds, which ones nobody may change."""

from collections.abc import Iterator, Mapping

from pulumi_mesh.sandbox.site import Site
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.meta import KEPT, label_rules
from pulumi_mesh.schema.rules import Violation, entry

ENV, MESH, ORIGIN, ZONE = "kuma.io/env", "kuma.io/mesh", "kuma.io/origin", "kuma.io/zone"
NAMESPACE, SHOWN = "k8s.kuma.io/namespace", "kuma.io/display-name"


OLDER = (("a valid label key must", "a qualified name must"), ("no more than 63 bytes", "no more than 63 characters"))
"""Words of Kuma 2.14 for what is wrong with a label, and those of 2.10."""


def refused(said: Mapping[str, str], mesh: str | None, site: Site) -> Iterator[Violation]:
    """Yield what is wrong with labels in a body."""
    for path, message in label_rules(dict(sorted(said.items()))):
        for newer, older in OLDER if not site.modern else ():
            message = message.replace(newer, older)
        yield Violation(path, message)
    if site.mode == "global" and site.modern and said.get(ORIGIN, "global") != "global":
        yield Violation(entry("labels", ORIGIN), "the origin label must be set to 'global'")
    if site.mode == "global" or said.get(ORIGIN) == "global":
        return
    zone = site.zone
    if said.get(ZONE, zone) != zone:
        yield Violation(entry("labels", ZONE), f"{ZONE} label should have {zone} value")
    if said.get(MESH, mesh or "") != (mesh or ""):
        yield Violation(entry("labels", MESH), f"{MESH} label must not differ from mesh set on resource")


def computed(kind: Kind, said: Mapping[str, str], mesh: str | None, site: Site) -> dict[str, str]:
    """Return the labels with those that the control plane adds; what is said already stays."""
    added = {MESH: mesh} if mesh is not None else {}
    if site.mode == "zone" and "zone" in kind.written_on and said.get(ORIGIN) != "global":
        added |= of_zone(site)
    return added | dict(said)


def of_zone(site: Site) -> dict[str, str]:
    """Return the labels that say where an object comes from."""
    return {ENV: "universal", ORIGIN: "zone", ZONE: site.zone}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Violation]:
    """Yield the labels that an update would change although Kuma 2.14 lets nobody."""
    for key in sorted(KEPT):
        was, will = before.get(key), after.get(key)
        if was is not None and will is None:
            yield Violation(entry("labels", key), f'is immutable, cannot be removed (was "{was}")')
        elif was is not None and was != will:
            yield Violation(entry("labels", key), f'is immutable, cannot be changed from "{was}" to "{will}"')


def kri(short: str, mesh: str, name: str, said: Mapping[str, str]) -> str:
    """Return the resource identifier that Kuma 2.14 shows."""
    return f"kri_{short}_{mesh}_{said.get(ZONE, '')}_{said.get(NAMESPACE, '')}_{said.get(SHOWN, name)}_"
