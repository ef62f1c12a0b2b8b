"""What the control plane asks of a MeshProxyPatch beyond its structure."""

from collections.abc import Iterator

from pulumi_mesh.schema.envoy import no_resource
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, values
from pulumi_mesh.schema.target_ref import PROXIES, Place, by_role, top

TOP = Place((*PROXIES.kinds, "MeshGateway"))
SORTS = ("cluster", "listener", "virtualHost", "networkFilter", "httpFilter")
AT = "spec.default.appendModifications"
NEIGHBOURS = {"AddBefore": "before", "AddAfter": "after"}


def references(patch: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top."""
    yield from top(patch, release, by_role(patch, TOP))


def modifications(patch: Body, _: Release) -> Iterator[Violation]:
    """Some changes, each to one sort of resources."""
    if not values(patch, AT):
        yield Violation(AT, "must not be empty")
    for path, one in parts(patch, AT):
        sorts = [sort for sort in SORTS if one.get(sort) is not None]
        if len(sorts) != 1:
            yield Violation(
                path,
                f"exactly one modification can be defined at a time. Currently, {len(sorts)} modifications are defined",
            )
        else:
            yield from modification(path, sorts[0], one[sorts[0]])


def modification(path: str, sort: str, said: Body) -> Iterator[Violation]:
    """What is done has what it needs: a match, a value."""
    at, operation = f"{path}.{sort}", str(said.get("operation"))
    named = dig(said, "match.name") is not None
    filters = sort in ("networkFilter", "httpFilter")
    if operation == "Add" and sort == "virtualHost" and named:
        yield Violation(f"{at}.match.name", "must not be defined")
    if operation == "Add" and sort != "virtualHost" and said.get("match") is not None:
        yield Violation(f"{at}.match", "must not be defined")
    if filters and operation in NEIGHBOURS and not named:
        yield Violation(
            f"{at}.match.name",
            f"must be defined. You need to pick a filter {NEIGHBOURS[operation]} which this one will be added",
        )
    if filters and operation == "Patch" and not named:
        yield Violation(f"{at}.match.name", "must be defined")
    if operation == "Remove" and said.get("value") is not None:
        yield Violation(f"{at}.value", "must not be defined")
    if operation.startswith("Add"):
        yield from resource(f"{at}.value", sort, said.get("value"), whole=True)
    if operation == "Patch":
        yield from patched(at, sort, said)


def resource(at: str, sort: str, value: str | None, *, whole: bool) -> Iterator[Violation]:
    """A resource of Envoy."""
    if value is None:
        yield Violation(at, "must be defined")
    elif reason := no_resource(sort, value, whole=whole):
        yield Violation(at, f"native Envoy resource is not valid: {reason}")


def patched(at: str, sort: str, said: Body) -> Iterator[Violation]:
    """Fields or steps, never both."""
    steps = list(parts(said, "jsonPatches", at))
    if said.get("value") is None:
        if not steps:
            yield Violation(at, f"{sort} must have exactly one defined: value, jsonPatches")
        for path, step in steps:
            yield from json_patch(path, step)
    elif steps:
        yield Violation(at, f"{sort} must have only one type defined: value, jsonPatches")
    else:
        yield from resource(f"{at}.value", sort, said["value"], whole=False)


def json_patch(at: str, step: Body) -> Iterator[Violation]:
    """A step has what its operation needs, and nothing else."""
    op = step.get("op")
    if op is None:
        return
    for key, ops in (("from", ("move", "copy")), ("value", ("add", "replace"))):
        either = f'when "op" is one of ["{ops[0]}", "{ops[1]}"]'
        given = step.get("from") is not None if key == "from" else "value" in step
        if op in ops and not given:
            yield Violation(f"{at}.{key}", f'"{key}" must not be empty {either}')
        if op not in ops and given:
            yield Violation(f"{at}.{key}", f'"{key}" is allowed only {either}')
    if op == "remove" and step.get("path") in ("", "/"):
        yield Violation(f"{at}.path", "root path cannot be removed")


RULES = (references, modifications)
