"""What a program has declared, judged as a whole when it ends: nothing is written of a program in which traffic cannot flow.

A program runs to its end before the first of its resources is registered. When the stack registers its outputs, which is
the last thing it does, everything that is known by then is judged, without any request; what becomes known later, then.
"""

import sys
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from pulumi_mesh.errors import MeshError
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import FINDERS, Finding, Known, codes
from pulumi_mesh.schema.kind import KINDS, Address, Kind
from pulumi_mesh.schema.release import NEWEST, Release
from pulumi_mesh.schema.rules import dig
from pulumi_mesh.schema.spec import promised
from pulumi_mesh.schema.wire import argument_path
from pulumi_mesh.schema.words import unknown

from .foretold import is_output, promises, resolved, told
from .pace import spare_collector, wait_once
from .slot import Slot, added


class Broken(MeshError, pulumi.RunError):
    """A program in which traffic cannot flow."""


@dataclass(frozen=True)
class Declared:
    """One resource of a program."""

    resource: pulumi.Resource
    said: Mapping[str, Any] = field(repr=False)
    line: str
    kind: Kind | None
    """Its kind; None for a listener that is a resource of its own."""

    @property
    def control_plane(self) -> str:
        """The name of the control plane."""
        said = told(self.said.get("control_plane", "default"))
        return "?" if promised(said) else str(said)

    @cached_property
    def document(self) -> Document | None:
        """The document that it asks for, with promises where it has some; None where it has no name yet."""
        return self.become({})

    def become(self, values: Mapping[int, Any]) -> Document | None:
        """Return the document with what some Outputs have become."""
        said = resolved(told(self.said), values)
        if self.kind is None or promised(said.get("name")) or promised(said.get("mesh")):
            return None
        if promised(said.get("labels")):
            said = {**said, "labels": None}
        return Document.desired(self.kind, said)

    @cached_property
    def slot(self) -> Slot | None:
        """The listener, if it is one."""
        return None if self.kind is not None else Slot(told(self.said), adopt="overwrite")


class Program:
    """Everything that one program has declared."""

    def __init__(self) -> None:
        self.declared: list[Declared] = []
        self.said: set[Finding] = set()
        self.addresses: dict[str, set[Address]] = {}
        self.counted = 0

    def judge(self, values: Mapping[int, Any] | None = None) -> None:
        """Say what is wrong with everything together: errors end the program, warnings are said once."""
        found = [(one, by) for by in self.control_planes() for one in self.findings(by, values or {})]
        new = [(one, by) for one, by in found if one not in self.said]
        self.said |= {one for one, _ in new}
        errors = [shown(one, self.of(one.address, by)) for one, by in new if one.severity == "error"]
        self.warn([pair for pair in new if pair[0].severity == "warning"], attached=not errors)
        if errors:
            raise Broken(listed(errors))

    def warn(self, found: Sequence[tuple[Finding, str]], *, attached: bool) -> None:
        """Say warnings, those of many resources that are alike once; none is attached to a resource that is not registered."""
        alike: dict[tuple[str, str, str], list[Finding]] = {}
        for one, by in found:
            alike.setdefault((by, one.code, one.message), []).append(one)
        for (by, _, _), (one, *more) in alike.items():
            declared = self.of(one.address, by)
            others = f"\n  and {len(more)} more, alike" if more else ""
            pulumi.log.warn(shown(one, declared) + others, declared.resource if declared and attached else None)

    def control_planes(self) -> list[str]:
        """Return the names of the control planes, each once."""
        return list(dict.fromkeys(one.control_plane for one in self.declared))

    def findings(self, control_plane: str, values: Mapping[int, Any]) -> Sequence[Finding]:
        """Return what is wrong on one control plane, with what some Outputs have become."""
        documents: dict[Address, Document] = {}
        open_, slots = set[Address](), list[Slot]()
        for one in (one for one in self.declared if one.control_plane == control_plane):
            if (document := one.become(values) if values else one.document) is not None:
                documents[document.address] = document
            elif (slot := one.slot) is not None and not any(promised(slot.said.get(k)) for k in ("mesh", "gateway")):
                slots.append(replace(slot, said=resolved(slot.said, values)))
        for address, document in documents.items():
            if address.kind == "MeshGateway" and dig(document.body, "conf.listeners") is None:
                open_.add(address)
        for slot in slots:
            open_.add(slot.gateway)
            if not any(True for _ in promises(slot.said)):
                documents[slot.gateway] = gathered(documents.get(slot.gateway), slot)
        known = Known(list(documents.values()), release(), open=frozenset(open_), ignored=ignored_codes(), alone=True)
        return FINDERS.everything(known)

    def of(self, address: Address, control_plane: str) -> Declared | None:
        """Return what declares an object."""
        for one in self.declared:
            document = one.document if one.control_plane == control_plane else None
            if document is not None and document.address == address:
                return one
        return None

    def outside(self, one: Declared) -> list[list[str]]:
        """Return what a resource refers to and the program does not declare: each address, and where it is named."""
        document = one.document
        if document is None:
            return []
        if self.counted != len(self.declared):
            self.addresses, self.counted = {}, len(self.declared)
            for each in self.declared:
                if (there := each.document) is not None:
                    self.addresses.setdefault(each.control_plane, set()).add(there.address)
        inside = self.addresses.get(one.control_plane, set())
        return [[str(at), path] for at, path in FINDERS.references(document).items() if at not in inside]

    def end(self) -> None:
        """Judge what is known when the program ends, and the rest when it is."""
        self.judge()
        promised_ = (promise for one in self.declared for promise in promises(told(one.said)))
        waiting: dict[int, Any] = {id(promise): promise for promise in promised_ if is_output(promise)}
        if waiting:
            keys = list(waiting)
            pulumi.Output.all(*waiting.values()).apply(
                lambda values: self.judge(dict(zip(keys, values, strict=True))), run_with_unknowns=True
            )


class Outside:
    """What a resource refers to that its program does not declare: to be awaited, which happens when the program has ended."""

    def __init__(self, program: Program, declared: Declared) -> None:
        self.program, self.declared = program, declared

    def __await__(self) -> Generator[None, None, list[list[str]] | None]:
        """Find it out, once more each time."""
        yield from ()
        return self.program.outside(self.declared) or None


def gathered(gateway: Document | None, slot: Slot) -> Document:
    """Return a gateway with a listener; one that the program does not declare has nothing else."""
    bare: dict[str, Any] = {"selectors": [], "conf": {"listeners": []}}
    return added(gateway or Document(slot.gateway, bare), slot)[0]


def release() -> Release:
    """Return the release that the program is written for."""
    said = pulumi.Config("mesh").get("version")
    return Release.parse(said) if said else NEWEST


def ignored_codes() -> frozenset[str]:
    """Return the codes that the stack silences: `mesh:ignore`, set apart by commas, or as a list."""
    said = codes(pulumi.Config("mesh").get("ignore") or "")
    for code in sorted(said):
        if FINDERS.codes and code not in FINDERS.codes:
            raise Broken(f"mesh:ignore: {unknown(code, FINDERS.codes).replace('key', 'code', 1)}")
    return said


def shown(one: Finding, declared: Declared | None) -> str:
    """Say a finding with the argument's path, where it differs, and the line of the program."""
    kind = KINDS.get(one.address.kind)
    said = argument_path(kind.model, one.path) if kind else one.path
    path = one.path if said == one.path or not said else f"{said} ({one.path})"
    line = f"\n  {declared.line}" if declared and declared.line else ""
    return f"{one.address}: {path + ': ' if path else ''}{one.message} [{one.code}]{line}"


def listed(errors: list[str]) -> str:
    """Say one finding by itself, several below a line that counts them."""
    if len(errors) == 1:
        return errors[0]
    return "\n  ".join([f"{len(errors)} findings, nothing is written", *(one.replace("\n", "\n  ") for one in errors)])


PROGRAMS: "WeakKeyDictionary[pulumi.Resource, Program]" = WeakKeyDictionary()


def program(root: pulumi.Resource) -> Program:
    """Return the program of a stack, judged when it ends."""
    if root not in PROGRAMS:
        PROGRAMS[root] = Program()
        spare_collector()
        watch(root, PROGRAMS[root].end)
    return PROGRAMS[root]


def watch(root: pulumi.Resource, end: Callable[[], None]) -> None:
    """Call something when the program of a stack has ended well: the stack registers its outputs then, as the last thing."""
    register: Callable[[Any], None] | None = getattr(root, "register_outputs", None)
    if register is None:
        return

    def registered(outputs: Any) -> None:
        if sys.exc_info()[0] is None:
            try:
                end()
            except Broken as error:
                stop(error)
                raise
        register(outputs)
        wait_once()

    setattr(root, "register_outputs", registered)  # noqa: B010 - of this one stack alone


def stop(error: Exception) -> None:
    """Let nothing be registered that waits for that: it would be written although the program fails."""
    manager = getattr(pulumi.runtime.settings.SETTINGS, "rpc_manager", None)
    if manager is not None:
        manager.unhandled_exception = error
        warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)


__all__ = ["Broken", "Declared", "Outside", "Program", "program"]
