"""Where both sides of drift are: the source of what is to be there, and the control planes that are to hold it."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import cache

from pulumi_mesh import sources
from pulumi_mesh.controlplane import ControlPlane, connection
from pulumi_mesh.controlplane.connection import variable
from pulumi_mesh.errors import Unconfigured, UnknownKind, WrongControlPlane
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.sources import Holdings

Config = Callable[[str], str | None]


def nothing(_: str) -> None:
    """Read a configuration that says nothing."""


def read(files: Sequence[str] | None, stack: str, state: str) -> tuple[Holdings, Config]:
    """Return what is to be there, and what reads the configuration of the stack."""
    if sum(map(bool, (files, stack, state))) > 1:
        raise Unconfigured("name files, --stack or --state, one of them: each says what is to be there")
    if files:
        return sources.files(files), nothing
    if state:
        return sources.state(state), nothing
    return sources.stack(stack), configuration(stack)


def configuration(stack: str) -> Config:
    """Return what reads the configuration of a stack, asked for once, and only where somebody asks."""

    @cache
    def whole() -> dict[str, dict[str, str]]:
        command = ["pulumi", "config", "--show-secrets", "--json", *(("--stack", stack) if stack else ())]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else {}

    return lambda key: whole().get(key, {}).get("value")


def control_planes(held: Holdings, url: str, config: Config) -> list[ControlPlane]:
    """Return the control planes that are to hold something; the default one where nothing is to be held."""
    found = {one.control_plane for one in held.held} | {one.control_plane for one in held.listeners}
    names = sorted(found | ({"default"} if url or not found else set()))
    return [connected(name, url if name == "default" else "", config) for name in names]


def connected(name: str, url: str = "", config: Config = nothing) -> ControlPlane:
    """Return a control plane: at a URL, else where the environment says, else where the configuration of the stack does."""
    environ = {**os.environ, variable(name, "url"): url} if url else dict(os.environ)
    complete = variable(name, "url") in environ and any(key.startswith(variable(name, "token")) for key in environ)
    return ControlPlane(connection(name, environ, nothing if complete else config))


def known(kinds: Sequence[str], planes: Sequence[ControlPlane]) -> None:
    """Refuse a kind that nobody knows: a mistake in a name must not look like no drift."""
    for name in kinds:
        served = {each for plane in planes for each in plane.resources(subject=plane.connection.url)}
        if name not in KINDS and name not in served:
            close = get_close_matches(name, {*KINDS, *served}, 1)
            hint = f"; did you mean {close[0]}" if close else ""
            raise UnknownKind(f"--kind {name}: neither this version nor the control plane knows such a kind{hint}")


def same(plane: ControlPlane, held: Holdings, config: Config, *, named: bool) -> list[str]:
    """Refuse a control plane that is not the one that the stack was written to; only say so where the user named it."""
    url, name = plane.connection.url, plane.connection.name
    now = plane.index(subject=url).cluster_id
    was = {one.cluster for one in held.held if one.control_plane == name and one.cluster} - {now}
    was |= {one.slot.cluster for one in held.listeners if one.control_plane == name and one.slot.cluster} - {now}
    if not was:
        return []
    told = (
        f"{url}: is the control plane with the clusterId {now}, but the stack was written to {', '.join(sorted(was))};"
        " a control plane that keeps its store in memory gets a new clusterId, and is empty, at each start"
    )
    said = os.environ.get("PULUMI_MESH_ALLOW_CLUSTER_CHANGE") or (not named and config("mesh:allowClusterChange")) or ""
    if not named and said.lower() not in ("true", "1", "yes"):
        raise WrongControlPlane(
            f"{told}. If it is the right one: --url {url}, or PULUMI_MESH_ALLOW_CLUSTER_CHANGE=true"
        )
    return [told]
