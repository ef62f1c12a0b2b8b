"""After a write: the proxies that it concerns are watched until they run it, refuse it, or the patience ends."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pulumi_mesh.errors import MeshError, NotAccepted
from pulumi_mesh.schema.kind import Address, Kind, kind_of
from pulumi_mesh.schema.normal import label
from pulumi_mesh.schema.rules import dig, values

from .accepted import Judged, Told, gone, judged, rejected
from .plane import Plane

CACHE = 2.0
"""For how many seconds after a write a control plane may still answer as before it."""
PAUSE = 0.5
HALFWAY = 6.0
"""For how many seconds a proxy may get or take nothing: the next write of the same run may be what it lacks."""
FLUSH = 12.0
"""After how many seconds the counters of refusals are sure to be up to date."""
GATEWAY = "MeshGateway"


@dataclass
class Watched:
    """One proxy."""

    name: str
    before: int
    """How many configurations it had refused before."""
    now: int = 0
    judged: Judged = field(default_factory=lambda: Judged("behind"))
    lost_since: float | None = None

    @property
    def lost(self) -> bool:
        """Tell whether it will not run what was written unless something else is written.

        Counters alone do not tell: after a refusal it may take a proxy a quarter of a minute to get what is good.
        """
        return self.judged.state == "stuck" or self.judged.refused

    @property
    def refuses(self) -> bool:
        """Tell whether Envoy refuses what was written, or something at least."""
        return self.judged.refused or self.now > self.before


@dataclass
class Watch:
    """The proxies that one write concerns."""

    plane: Plane
    kind: Kind
    address: Address
    subject: str
    """What was written, for messages."""
    seconds: float
    """When the patience ends."""
    clock: Callable[[], float] = time.monotonic
    began: float = 0.0

    def run(self) -> None:
        """Watch until all run it; NotAccepted where one does not, a warning where nothing can be told."""
        self.began = self.clock()
        counted = {name: self.refusals(name)[1] for name in self.concerned() or ()}
        self.plane.sleep(min(CACHE, self.seconds))
        names = self.concerned()
        if names is None:
            return self.warn("which proxies it concerns cannot be told here, so nothing was waited for")
        pending = [one for name in names if (one := self.watched(name, counted)) is not None]
        if not pending:
            return self.warn("concerns no proxy that is connected, so nothing was waited for")
        while pending := [one for one in pending if not self.done(one)]:
            self.plane.sleep(PAUSE)
        return None

    def warn(self, why: str) -> None:
        """Say what could not be waited for."""
        self.plane.warn(f'{self.subject}: wait="accepted": {why}')

    def concerned(self) -> list[str] | None:
        """Name the proxies that are concerned, None where the control plane does not say it."""
        url = self.plane.url(self.kind, self.address)
        if self.kind.name == GATEWAY:
            status, body = self.plane.control_plane.peek(f"{url}/dataplanes", subject=self.subject)
            return [str(dig(one, "dataplane.name")) for one in values(body, "items")] if status == 200 else None
        try:
            path = f"{url}/_resources/dataplanes"
            return [str(one["name"]) for one in self.plane.control_plane.list(path, subject=self.subject)]
        except MeshError:
            return None

    def watched(self, name: str, counted: dict[str, int]) -> Watched | None:
        """Return a proxy that can be watched: one that is connected."""
        insight, refused = self.refusals(name)
        return None if gone(insight) else Watched(name, counted.get(name, refused))

    def refusals(self, name: str) -> tuple[Told, int]:
        """Ask how many configurations a proxy has refused."""
        insight = self.ask(f"dataplane-insights/{name}")
        return insight, rejected(insight.body)

    def ask(self, path: str) -> Told:
        """Ask for something of a mesh."""
        return Told(*self.plane.control_plane.peek(f"/meshes/{self.address.mesh}/{path}", subject=self.subject))

    def done(self, one: Watched) -> bool:
        """Look at a proxy once more; say that it is done, or that it never will be."""
        one.judged = judged(self.ask(f"dataplanes/{one.name}/_config"), self.ask(f"dataplanes/{one.name}/xds"))
        elapsed = self.clock() - self.began
        if one.judged.state == "runs":
            return True
        if one.judged.state == "unknown":
            return self.counted(one, elapsed)
        one.lost_since = (one.lost_since or elapsed) if one.lost else None
        insight, one.now = self.refusals(one.name)
        if gone(insight):
            self.warn(f"the proxy {one.name} has gone away")
            return True
        if one.judged.mild and not one.refuses and elapsed >= min(FLUSH, self.seconds):
            return True
        if elapsed >= self.seconds or (one.lost_since is not None and elapsed - one.lost_since >= HALFWAY):
            raise NotAccepted("\n  ".join(self.told(one)))
        return False

    def counted(self, one: Watched, elapsed: float) -> bool:
        """Judge a proxy that cannot be looked into by its counters, once they are up to date."""
        if elapsed < min(FLUSH, self.seconds):
            return False
        _, one.now = self.refusals(one.name)
        if one.now > one.before:
            raise NotAccepted("\n  ".join(self.told(one)))
        why = "; ".join(one.judged.reasons)
        self.warn(f"the proxy {one.name} was not seen to refuse it, and no more can be told: {why}")
        return True

    def told(self, one: Watched) -> Iterator[str]:
        """Say what is wrong with a proxy, as far as that is known, and what to do."""
        if one.judged.state == "stuck":
            yield f"{self.subject}: was written, but the control plane sends the proxy {one.name} nothing any more"
            yield from one.judged.reasons
            yield from missing(self.plane, self.address.mesh)
            yield STUCK
        elif one.refuses:
            yield f"{self.subject}: was written, but the proxy {one.name} refuses the configuration"
            yield from one.judged.reasons
            if one.now > one.before:
                yield f"refused since the write: {one.now - one.before}"
            yield REFUSED
        else:
            yield f"{self.subject}: was written, but the proxy {one.name} does not run it after {self.seconds:g} s"
            yield from one.judged.reasons
            yield LATE


STUCK = (
    "until that is repaired no change reaches this proxy, whatever it is about; known causes are an HTTP port that no"
    " MeshHTTPRoute has a rule for while another one does, a Secret that does not exist, and a TLS listener without tls;"
    " the control plane's log says more"
)
REFUSED = (
    "it goes on with its last good configuration, and takes no later change to these parts either;"
    " correct it and run `pulumi up` again; the log of the proxy says more"
)
LATE = "it may refuse it, or be slow; its log says more; to wait longer: pulumi config set mesh:waitTimeout 60"


def missing(plane: Plane, mesh: str | None) -> Iterator[str]:
    """Yield the listeners of a mesh that name a Secret which does not exist."""
    kind = kind_of(GATEWAY)
    try:
        secrets = {one.get("name") for one in plane.control_plane.list(f"/meshes/{mesh}/secrets", subject=GATEWAY)}
        gateways = list(plane.control_plane.list(kind.collection(mesh), subject=GATEWAY))
    except MeshError:
        return
    for gateway in gateways:
        for listener in values(gateway, kind.gathers):
            for name in (one.get("secret") for one in values(listener, "tls.certificates")):
                if name is not None and name not in secrets:
                    at = label(listener, kind.body["listeners"].facts.key)
                    yield f"{kind.address(str(gateway['name']), mesh)}: the listener {at} names the Secret {name}, which does not exist"
