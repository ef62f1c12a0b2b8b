"""The JSON Schema of a kind takes what the control plane takes, and knows every key."""

from typing import Any

import pytest
from jsonschema import Draft7Validator

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.json_schema import of_kind, of_kinds
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release
from tests.corpus import NAMES, accepted, known

SPELT_OTHERWISE = {"CircuitBreaker", "MeshGateway"}
"""Kinds of which a recorded document has a number as text, which a schema for editors does not take."""

OPEN = ".extension.config"
"""Where anything may stand."""


def wrong(kind: str, document: dict[str, Any], release: str = "2.14") -> list[str]:
    """Return the places where a document is not as its schema says."""
    validator = Draft7Validator(of_kind(KINDS[kind], Release.parse(release)))
    return sorted(f"{one.json_path}: {one.message}" for one in validator.iter_errors(document))


def sent(name: str) -> list[dict[str, Any]]:
    return [Document.desired(KINDS[name], props).sent() for props in accepted(name)]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_schema(name: str):
    Draft7Validator.check_schema(of_kind(KINDS[name]))


@pytest.mark.parametrize("name", known())
def test_what_is_accepted_is_as_the_schema_says(name: str):
    found = [said for document in sent(name) for said in wrong(name, document)]
    as_text = ("' is not of type 'integer'", "' is not of type 'number'") if name in SPELT_OTHERWISE else ()
    assert [one for one in found if not one.endswith(as_text)] == []


def misspelt(value: Any, trail: str = "$") -> list[tuple[str, Any]]:
    """Return a document once for each of its objects, with a key in that which nobody knows."""
    if isinstance(value, list):
        inner = [(index, f"{trail}[{index}]", item) for index, item in enumerate(value)]
        return [(at, [*value[:n], new, *value[n + 1 :]]) for n, way, item in inner for at, new in misspelt(item, way)]
    if not isinstance(value, dict):
        return []
    more = [(at, {**value, k: new}) for k, item in value.items() for at, new in misspelt(item, f"{trail}.{k}")]
    return [(trail, {**value, "hostnmae": {"no": 1}}), *more]


@pytest.mark.parametrize("name", known())
def test_a_key_that_nobody_knows_is_found_wherever_it_stands(name: str):
    for document in sent(name)[:3]:
        for at, changed in misspelt(document):
            assert wrong(name, changed) or at.endswith(OPEN), at


def test_what_must_be_there_and_what_can_be_chosen_is_said():
    document = {"type": "MeshGateway", "mesh": "shop", "name": "edge", "conf": {"listeners": [{"protocol": "HTTPPS"}]}}
    assert {one.partition(":")[0] for one in wrong("MeshGateway", document)} == {
        "$",
        "$.conf.listeners[0]",
        "$.conf.listeners[0].protocol",
    }


def test_a_part_that_depends_on_its_type_is_judged_as_that_type():
    backend = {"name": "ca", "type": "provided", "conf": {"caCert": {}}}
    mesh = {"type": "Mesh", "name": "shop", "mtls": {"enabledBackend": "ca", "backends": [backend]}}
    assert any("caCert" in one for one in wrong("Mesh", mesh))
    assert wrong("Mesh", {**mesh, "mtls": {"backends": [{**backend, "type": "builtin"}]}}) == []


def test_an_older_release_does_not_know_what_came_later():
    rule = {"default": {"deny": [{"sni": {"type": "Exact", "value": "x"}}]}}
    document = {"type": "MeshTrafficPermission", "mesh": "m", "name": "p", "spec": {"rules": [rule]}}
    assert wrong("MeshTrafficPermission", document) == []
    assert any("sni" in one for one in wrong("MeshTrafficPermission", document, "2.12"))


def test_documents_of_all_kinds_are_told_apart_by_their_type():
    whole = of_kinds(KINDS)
    Draft7Validator.check_schema(whole)
    validator = Draft7Validator(whole)
    for name in known():
        document = sent(name)[0]
        assert [one.message for one in validator.iter_errors(document)] == []
        assert not validator.is_valid({**document, "hostnmae": 1})
    assert not validator.is_valid({"type": "MeshGatway", "name": "x"})
    assert "MeshOpenTelemetryBackend" not in of_kinds(KINDS, Release.parse("2.10"))["definitions"]
