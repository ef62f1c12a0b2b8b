"""Objects as Universal documents, the least that means the same, in YAML or JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.go_scalar import plain
from pulumi_mesh.schema.wire import veiled

from .order import modules
from .spoken import Spoken

HEAD = "# (secret) stands for a value that was left out; --include-secrets says it.\n"


def documents(objects: Sequence[Spoken], *, include_secrets: bool = False) -> list[dict[str, Any]]:
    """Return the documents of objects, each behind those that it names, secrets veiled unless they are asked for."""
    inside = [one for module in modules(objects, len(objects)) for one in module.objects]
    return [document(one, include_secrets=include_secrets) for one in inside]


def document(one: Spoken, *, include_secrets: bool) -> dict[str, Any]:
    """Return the document of an object: type, mesh, name and labels, then what it says."""
    whole = Document.desired(one.kind, one.props)
    body: Mapping[str, Any] = whole.body if include_secrets else veiled(one.kind.model, whole.body)
    return Document(one.address, body, one.labels).sent()


def as_yaml(objects: Sequence[Spoken], *, include_secrets: bool = False) -> str:
    """Write documents as YAML, set apart by lines of `---`."""
    found = documents(objects, include_secrets=include_secrets)
    text = "---\n".join(yaml.dump(one, Dumper=Block, sort_keys=False, allow_unicode=True, width=120) for one in found)
    return (HEAD if not include_secrets and "(secret)" in text else "") + text


def as_json(objects: Sequence[Spoken], *, include_secrets: bool = False) -> str:
    """Write documents as one list of JSON."""
    return json.dumps(documents(objects, include_secrets=include_secrets), indent=2, ensure_ascii=False) + "\n"


class Block(yaml.SafeDumper):
    """Writes text of several lines as such, lists below their keys, and nothing by reference."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of lists, too."""
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value again instead of a reference to it."""
        return True


def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Write text: in a block where it has several lines, in quotes where Go's YAML would read it as something else."""
    style = "|" if "\n" in value.strip("\n") else "'" if not value or plain(value) != value else None
    scalar: Callable[..., yaml.ScalarNode] = getattr(dumper, "represent_scalar")  # noqa: B009 - of no known type
    return scalar("tag:yaml.org,2002:str", value, style=style)


Block.add_representer(str, text)
