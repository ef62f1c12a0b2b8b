"""What is promised of the examples of every kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_mesh.reconcile.plan import Nothing, plan
from pulumi_mesh.schema import parts
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.limits import present
from pulumi_mesh.schema.spec import Declared, Model
from tests.kinds.documents import EXAMPLES, read, through_props

FOLDERS = sorted({path.parent for path in EXAMPLES})
examples = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")


@examples
def test_an_example_is_accepted_by_every_release_that_it_is_for(path: Path):
    document, releases = read(path)
    found = {str(release): judge_wire(KINDS[document["type"]], document, release) for release in releases}
    assert found == {str(release): [] for release in releases}


@examples
def test_an_example_survives_the_way_to_properties_and_back(path: Path):
    document, _ = read(path)
    assert through_props(KINDS[document["type"]], document).sent() == document


@examples
def test_an_example_that_stands_asks_for_nothing(path: Path):
    document, _ = read(path)
    kind = KINDS[document["type"]]
    assert isinstance(plan(kind, Document.found(kind, document), through_props(kind, document)), Nothing)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_examples_of_a_kind_show_all_of_its_fields(folder: Path):
    documents = [read(path)[0] for path in sorted(folder.glob("*.yaml"))]
    kind = KINDS[documents[0]["type"]]
    shown = {id(field) for document in documents for field, _, _ in present(kind.body, document)}
    assert sorted(path for path, field in declared(kind.body) if id(field) not in shown) == []


def declared(fields: Declared, at: str = "") -> Iterator[tuple[str, object]]:
    """Yield the fields of a kind and of the models that are its own."""
    for name, field in fields.items():
        yield f"{at}{name}", field
        for model in own(field.model):
            yield from declared(model.declared, f"{at}{name}.")


def own(model: type[Model] | None) -> list[type[Model]]:
    if model is None or model.__module__ == parts.__name__:
        return []
    return list(model.variants.values()) or [model]
