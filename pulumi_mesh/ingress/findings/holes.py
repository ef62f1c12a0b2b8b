"""Documents of which parts are not known yet: what of them can be judged all the same."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Known
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import join
from pulumi_mesh.schema.spec import is_list, is_map, promised

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands in a preview for a value that is not known yet."""
KNOWN = (str, int, bool, float, type(None), dict, list)
"""What nobody has to wait for; most values are of these."""
BESIDE: Mapping[str, tuple[str, ...]] = {
    "Dataplane": ("networking.address", "networking.advertisedAddress", "networking.admin"),
    "Secret": ("data",),
}
"""Parts that may be unknown and nothing is judged by; the certificate in a Secret is not judged then."""


def settled(known: Known) -> Known:
    """Return what is known with documents that are known as far as they are judged; of others only the address counts."""
    whole: list[Document] = []
    names = set(known.names)
    for document in known.documents:
        if not is_address(document.address):
            continue
        if not any(True for _ in holes([document.body, document.labels])):
            whole.append(document)
            continue
        beside = BESIDE.get(document.address.kind, ())
        if any(not path.startswith(beside) for path in holes(document.body)):
            names.add(document.address)
            continue
        whole.append(replace(document, body=filled(document.body), labels=filled(document.labels)))
    return replace(known, documents=whole, names=frozenset(names))


def is_address(address: Address) -> bool:
    """Tell whether an address is known."""
    return not any(is_hole(part) for part in (address.mesh, address.name))


def is_hole(value: Any) -> bool:
    """Tell whether a value is not known yet."""
    return value == UNKNOWN if type(value) in KNOWN else promised(value)


def holes(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of what is not known yet."""
    if is_hole(value):
        yield path
    elif is_map(value):
        for key, item in value.items():
            yield from holes(item, join(path, str(key)))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from holes(item, f"{path}[{index}]")


def filled(value: Any) -> Any:
    """Return a value without what is not known yet."""
    if is_map(value):
        return {key: filled(item) for key, item in value.items() if not is_hole(item)}
    return [filled(item) for item in value if not is_hole(item)] if is_list(value) else value
