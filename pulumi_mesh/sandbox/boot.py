"""What a fresh control plane holds."""

from pulumi_mesh.sandbox import labels
from pulumi_mesh.sandbox.behaviours.authority import signing_key
from pulumi_mesh.sandbox.behaviours.mesh import after
from pulumi_mesh.sandbox.policies import GENERATORS, KEYS
from pulumi_mesh.sandbox.site import Site, Write
from pulumi_mesh.schema.kind import Kind


def boot(site: Site) -> None:
    """Fill an empty store: mesh `default`, the zone, keys, generators of host names; leave alone a used one."""
    if site.store.fact("booted", "no") == "yes":
        return
    with site.store.whole():
        site.store.put("Mesh", "", "default", {}, {})
        after(site, Write(Kind("meshes", "legacy", "global", name="Mesh"), "", "default", {}, {}))
        if site.mode == "zone":
            site.store.put("Zone", "", site.zone, {}, {})
        for name in KEYS[site.mode]:
            site.store.put("GlobalSecret", "", name, {}, {"data": signing_key()})
        origin = {labels.ORIGIN: "zone"} if site.mode == "zone" else {}
        for name, spec in GENERATORS[site.mode].items():
            site.store.put("HostnameGenerator", "", name, origin, {"spec": spec})
        site.store.db.execute("UPDATE facts SET value = 'yes' WHERE name = 'booted'")
