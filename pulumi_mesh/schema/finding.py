"""Findings: what is wrong with several objects together, though the control plane would take each of them.

What finds them is above (`ingress/findings.py`) and makes itself known here, so that a program and the provider below
can ask for it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .document import Document
from .kind import Address
from .release import NEWEST, Release

Severity = Literal["error", "warning"]
IGNORE = "pulumi-mesh.io/ignore"
"""The label by which an object silences findings about itself: their codes, set apart by dots."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: an error where traffic cannot flow, a warning where it may be on purpose."""

    code: str
    """What it is silenced by (`secret-missing`)."""
    severity: Severity
    address: Address
    path: str
    """The control plane's own path in the object."""
    message: str
    """Why it is wrong, and what to do."""

    def __str__(self) -> str:
        """Say it in one line, as the control plane's path has it."""
        where = f"{self.address}: {self.path}" if self.path else str(self.address)
        return f"{where}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Known:
    """Objects of one control plane, and what is known beside them."""

    documents: Sequence[Document]
    release: Release = NEWEST
    complete: bool = False
    """Whether the control plane holds nothing else."""
    alone: bool = True
    """Whether an object counts by itself; a document in a file only together with those that it belongs to."""
    absent: frozenset[Address] = frozenset()
    """What the control plane is known not to hold."""
    open: frozenset[Address] = frozenset()
    """Gateways whose listeners may be more than those that are known."""
    names: frozenset[Address] = frozenset()
    """Objects of which only the address is known."""
    fragment: bool = False
    """Whether objects that belong to these are left out, so that nothing is missing."""
    ignored: frozenset[str] = frozenset()
    """The codes that are silenced for all."""


Finder = Callable[[Known], Sequence[Finding]]


@dataclass
class Finders:
    """What is asked for findings; nothing is found before the package is imported."""

    everything: Finder = field(default=lambda _: ())
    """Judges all objects of a program, a stack, some files, a control plane."""
    references: Callable[[Document], Mapping[Address, str]] = field(default=lambda _: {})
    """Tells to which objects a document refers, and where."""
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    """What each code means."""


FINDERS = Finders()


def silenced(labels: Mapping[str, str]) -> frozenset[str]:
    """Return the codes that an object silences by its label."""
    return frozenset(code for code in str(labels.get(IGNORE, "")).split(".") if code)


def codes(said: str) -> frozenset[str]:
    """Read codes as the config of a stack has them: set apart by commas, or a list."""
    return frozenset(code for code in re.split(r"[\s,\[\]\"']+", said) if code)
