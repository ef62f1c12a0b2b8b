"""An explanation as people read it."""

from collections.abc import Iterable, Iterator

from pulumi_mesh.ingress.routing.actions import Share
from pulumi_mesh.ingress.routing.certified import terminated
from pulumi_mesh.ingress.routing.explanation import MORE, Explanation
from pulumi_mesh.ingress.topology import Topology

WIDTH = 11
"""How wide the first column is."""
Row = tuple[str, str, str]
"""Label, text, and what belongs beside it."""


def text(found: Explanation, topology: Topology, *, titled: bool) -> str:
    """Say an explanation as people read it."""
    rows = list(said(found, topology))
    left = max((len(row[1]) for row in rows if row[2]), default=0)
    lines = (
        [f"{found.request.method} {found.request.scheme}://{found.request.authority}{found.request.target}"]
        if titled
        else []
    )
    for label, first, second in rows:
        lines.append(f"{label:{WIDTH}} {first:{left}}  {second}".rstrip() if second else f"{label:{WIDTH}} {first}")
    return "\n".join(lines) + "\n"


def said(found: Explanation, topology: Topology) -> Iterator[Row]:
    """Yield label, text, and what belongs beside it."""
    if found.listener is not None:
        yield "listener", f"{found.listener.gateway} {found.listener.label}", terminated(found.listener, topology)
        yield from (("", reason, "") for reason in found.chosen[1:])
    if found.route is not None:
        yield "route", str(found.route), found.match
        own = f"{found.route.type}/{found.route.mesh}/{found.route.name} "
        late = [f"before {one.removeprefix(own)}" for one in found.before]
        yield from (("", one, "") for one in late[:MORE])
        if len(late) > MORE:
            yield "", f"before {len(late) - MORE} more", ""
    yield from labelled("filters", found.filters)
    if found.redirect is not None:
        yield "redirect", f"{found.redirect.status} {found.redirect.location}", ""
    shares = sorted(found.backends, key=lambda one: -one.share)
    yield from labelled(
        "backends",
        [f"{100 * one.share:3.0f} %  {one.kind} {one.name}{f' :{one.port}' if one.port else ''}" for one in shares],
    )
    label = {"not_found": "not found", "no_listener": "no listener"}.get(found.outcome, "note")
    yield from labelled(label, found.notes)


def labelled(label: str, rows: Iterable[str]) -> Iterator[Row]:
    """Yield rows, the first with a label."""
    yield from ((label if index == 0 else "", row, "") for index, row in enumerate(rows))


def shared(one: Share) -> str:
    """Say a backend and its share: `90 %  MeshService api :8080`."""
    return f"{100 * one.share:3.0f} %  {one.kind} {one.name}" + (f" :{one.port}" if one.port else "")
