"""What a stack says is to be there, as objects: its state, as `pulumi stack export` writes it."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi_mesh.errors import MeshError
from pulumi_mesh.provider.slot import NAME, Slot
from pulumi_mesh.provider.state import State
from pulumi_mesh.provider.token import SORTS
from pulumi_mesh.schema.spec import is_list, is_map

from .holdings import Held, HeldListener, Holdings

OURS = "pulumi-python:dynamic/mesh:"
MARK = "4dabf18193072939515e22adb298388d"
"""The key by which the engine tells special values apart."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"
HIDDEN = "[secret]"
"""What stands in a preview for a secret."""


class Unstated(MeshError):
    """A state that cannot be had, or is none."""


def stack(name: str = "", folder: str = ".") -> Holdings:
    """Return the objects of a stack of the project in a folder, the selected one where none is named.

    Asks the Pulumi CLI for the state, secrets in clear text: they stay in memory.
    """
    named = name or "the selected stack"
    command = ["pulumi", "stack", "export", "--show-secrets", "--cwd", folder, *(("--stack", name) if name else ())]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Unstated(f"{named}: pulumi cannot be run: {error.strerror or error}; is it on PATH") from None
    if done.returncode:
        why = " ".join(line.removeprefix("error: ") for line in done.stderr.split("\n") if line.strip())
        raise Unstated(f"{named}: pulumi stack export says: {why}")
    return deployed(named, done.stdout)


def state(file: str) -> Holdings:
    """Return the objects of a state in a file, as `pulumi stack export` writes it, with or without `--show-secrets`."""
    try:
        text = Path("/dev/stdin" if file == "-" else file).read_text()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "is not UTF-8"
        raise Unstated(f"{file}: cannot be read: {why}") from None
    return deployed(file, text)


def deployed(source: str, text: str) -> Holdings:
    """Read an exported state."""
    found = Holdings()
    for resource in resources(source, text):
        if str(resource.get("type", "")).startswith(OURS) and not resource.get("delete"):
            take(found, str(resource["urn"]), resource.get("outputs") or {})
    return found


def resources(source: str, text: str) -> list[dict[str, Any]]:
    """Return the resources of an exported state, of every provider."""
    try:
        return json.loads(text)["deployment"].get("resources") or []
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unstated(f"{source}: is no exported state; `pulumi stack export` writes one") from None


def take(found: Holdings, urn: str, outputs: Mapping[str, Any]) -> None:
    """Take the object, or the listener, of one resource; tokens are no objects."""
    sealed, props = tuple(closed(outputs)), opened(outputs)
    name = str(props.get("__kind", ""))
    try:
        if name == NAME:
            found.listeners.append(HeldListener(Slot.read(props), urn, sealed))
        elif name not in SORTS:
            kept = State.read(props)
            found.held.append(Held(kept.kind, kept.document, urn, urn, kept.control_plane, sealed, kept.cluster))
    except MeshError as error:
        found.unread.append(f"{urn}: {error}")


def closed(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of what is encrypted or hidden."""
    if is_sealed(value):
        yield path
    elif is_map(value):
        for key, item in value.items():
            yield from closed(item, f"{path}.{key}" if path else str(key))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from closed(item, f"{path}[{index}]")


def is_sealed(value: Any) -> bool:
    """Tell whether a value is a secret that is not in clear text."""
    return value == HIDDEN or (is_map(value) and value.get(MARK) == SECRET and "plaintext" not in value)


def opened(value: Any) -> Any:
    """Return a value without the wrapping of secrets, and without those that are not in clear text."""
    if is_map(value):
        if value.get(MARK) == SECRET:
            return opened(json.loads(value["plaintext"]))
        return {key: opened(item) for key, item in value.items() if not is_sealed(item)}
    return [opened(item) for item in value if not is_sealed(item)] if is_list(value) else value
