"""The difference between two documents, as a list of sentences: the only door to deepdiff."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pulumi_mesh.schema.counted import counted
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.normal import normal
from pulumi_mesh.schema.wire import Hide, secret_at, veil, veiled

from .standin import alike, resolved

Op = Literal["add", "change", "remove"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not as desired."""

    path: str
    """The control plane's path, with the names of items where they have one: `conf.listeners[8443 HTTPS *].tls.mode`."""
    op: Op
    """What `pulumi up` would do: add, change or remove."""
    actual: Any
    """What is there, secrets veiled."""
    desired: Any
    """What is wanted, secrets veiled."""
    secret: bool = False
    """Whether the whole value is a secret."""

    def __str__(self) -> str:
        """Say it as a person would, secrets hidden."""
        if self.secret:
            return f"{SIGNS[self.op]} {self.path}: (secret)"
        match self.op:
            case "add":
                return f"+ {self.path}: {self.desired!r}"
            case "remove":
                return f"- {self.path}: {self.actual!r}"
            case "change":
                return f"~ {self.path}: {self.actual!r} -> {self.desired!r}"


SIGNS: Mapping[Op, str] = {"add": "+", "change": "~", "remove": "-"}


def diff(kind: Kind, actual: Document, desired: Document, hide: Hide = veil) -> tuple[Change, ...]:
    """Return what must change so that actual becomes desired; nothing that means nothing."""
    before, after = form(kind, actual, desired), form(kind, desired, desired)
    return () if alike(before, after) else changes(kind, resolved(before, after), resolved(after, before), hide)


def differs(kind: Kind, actual: Document, desired: Document) -> bool:
    """Tell whether anything must change, without saying what."""
    return not alike(form(kind, actual, desired), form(kind, desired, desired))


def form(kind: Kind, document: Document, desired: Document) -> dict[str, Any]:
    """Return the normal form of a document, its labels with it."""
    labels = document.counted(desired.labels)
    body = counted(kind.body, document.body, desired.body)
    body = normal(kind.body, body, legacy=kind.shape == "legacy")
    return {"labels": labels, **body}


def changes(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any], hide: Hide = veil) -> tuple[Change, ...]:
    """List the differences of two normal forms, by path; `hide` says what is shown in the place of a secret."""
    from deepdiff import DeepDiff  # 0.3 s to import: only where something differs

    found: list[Change] = []
    tree: Any = DeepDiff(
        before,
        after,
        view="tree",
        ignore_numeric_type_changes=True,
        ignore_private_variables=False,
        threshold_to_diff_deeper=0,
        verbose_level=2,
    )
    for category, levels in tree.items():
        op: Op = "add" if category.endswith("_added") else "remove" if category.endswith("_removed") else "change"
        for level in levels:
            way: list[str | int] = level.path(output_format="list")
            actual = None if op == "add" else veiled(kind.model, level.t1, way, hide)
            wanted = None if op == "remove" else veiled(kind.model, level.t2, way, hide)
            found.append(Change(written(way), op, actual, wanted, secret_at(kind.model, way)))
    return tuple(sorted(found, key=lambda change: change.path))


def written(path: list[str | int]) -> str:
    """Write a path: names of items and keys that hold dots or blanks stand in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int) or not step.replace("_", "").isalnum():
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text
