"""The paths of the API: what stands where, with which methods; what the sandbox knows but does not imitate."""

from dataclasses import dataclass

from pulumi_mesh.sandbox.catalogue import ENTERPRISE, Collection, collections
from pulumi_mesh.sandbox.site import Site
from pulumi_mesh.sandbox.tokens import TOKENS
from pulumi_mesh.schema.kind import KINDS, Kind
from pulumi_mesh.schema.release import Release

ONE = frozenset({"DELETE", "GET", "PUT"})
MANY = frozenset({"GET"})
SPECIAL = {"": "index", "_resources": "resources", "policies": "policies", "who-am-i": "who-am-i"}
ELSEWHERE = frozenset({"config", "global-insight", "global-insights", "gui"})


@dataclass(frozen=True, slots=True)
class Place:
    """What a path stands for."""

    methods: frozenset[str]
    kind: Kind | None = None
    mesh: str | None = None
    name: str | None = None
    special: str = ""
    insight: str = ""
    """The name of a type that only the control plane writes."""
    token: str = ""
    """A sort of tokens."""
    unknown: str = ""
    """What the real control plane answers here, and the sandbox does not imitate."""


class Routes:
    """The paths that one release serves."""

    def __init__(self, site: Site) -> None:
        """Know what is imitated."""
        self.release, self.foreign = site.release, ENTERPRISE if site.product == "Kuma" else frozenset[str]()

    def place(self, steps: list[str], raw: str) -> Place | None:
        """Return what a path stands for, or None where the real router knows nothing."""
        if "%2f" in raw.lower():
            return None
        if not steps or (len(steps) == 1 and steps[0] in SPECIAL):
            return Place(MANY, special=SPECIAL[steps[0] if steps else ""])
        if steps[0] in ELSEWHERE and (len(steps) == 1 or steps[0] == "gui"):
            return Place(MANY, unknown=raw)
        if steps[0] == "tokens" and len(steps) == 2 and steps[1] in TOKENS:
            return Place(frozenset({"POST"}), token=steps[1])
        if self.of_release(steps):
            return Place(MANY, unknown=raw)
        if steps[0] == "meshes" and len(steps) > 2:
            return self.within(steps[2], steps[1], steps[3:], raw)
        return self.within(steps[0], None, steps[1:], raw)

    def of_release(self, steps: list[str]) -> bool:
        """Tell whether a path is one that some releases have and others have not."""
        if self.release >= Release(2, 14):
            return steps[0] == "_kri" and len(steps) == 2
        return steps == ["status", "zones"]

    def within(self, path: str, mesh: str | None, rest: list[str], raw: str) -> Place | None:
        """Return what stands below a collection."""
        if "+insights" in path or path == "zoneegressoverviews":
            return Place(MANY, unknown=raw)
        known = self.collection(path)
        if known and known.scoped and mesh is None and rest == ["_overview"]:
            return Place(MANY, unknown=raw)
        if known is None or (mesh is not None and not known.scoped) or (mesh is None and known.scoped and rest):
            return None
        if rest[:1] == ["_overview"] or len(rest) > 1:
            return Place(MANY, unknown=raw) if self.inspected(path, rest) else None
        methods, name = (ONE, rest[0]) if rest else (MANY, None)
        if known.read_only:
            return Place(methods, mesh=mesh, name=name, insight=known.name)
        kind = KINDS.get(known.name)
        if kind is None:
            return Place(methods, unknown=f"{known.name}, a type that this version does not serve")
        return Place(methods, kind, mesh, name)

    def collection(self, path: str) -> Collection | None:
        """Return the collection of a path: of a type that is registered, or that Kuma is known to serve."""
        for kind in KINDS.values():
            if kind.name not in self.foreign and kind.is_on(self.release) and path in paths(kind, self.release):
                return Collection(kind.name, kind.scope == "mesh", read_only=False)
        return collections(self.release).get(path)

    def inspected(self, path: str, rest: list[str]) -> bool:
        """Tell whether a path below an object is one of those that inspect it."""
        if path == "meshgateways" and rest[1:] == ["_resources", "dataplanes"]:
            return False  # no policy
        if self.release < Release(2, 14) and path != "dataplanes" and rest[-1] in LATER:
            return False
        return rest[0] == "_overview" or rest[1] in INSPECTED


def paths(kind: Kind, release: Release) -> tuple[str, str]:
    """Return the path of a kind in a release, and the one that it had before."""
    return kind.path, kind.collection(None, release).strip("/")


LATER = frozenset({"_dataplanes", "_inbounds", "_layout", "_outbounds", "_policies"})
"""What inspects objects in 2.14 only; 2.10 takes it for a question to the proxy, where there is one."""
INSPECTED = frozenset(
    {
        "_overview",
        "_rules",
        "_config",
        "_resources",
        "_dataplanes",
        "_hostnames",
        "_layout",
        "_policies",
        "_inbounds",
        "_outbounds",
        "clusters",
        "dataplanes",
        "policies",
        "rules",
        "stats",
        "xds",
    }
)
