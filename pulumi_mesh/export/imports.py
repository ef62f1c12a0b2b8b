"""The file by which `pulumi import --file` brings objects into a stack, as if the program had made them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pulumi_mesh.provider.state import UNCLAIMED, State
from pulumi_mesh.reconcile.standin import stand_in
from pulumi_mesh.schema.forms import BASE64
from pulumi_mesh.schema.normal import forms
from pulumi_mesh.schema.spec import Field, Model, is_list, is_map
from pulumi_mesh.sources.stack import MARK, OURS, SECRET

from .names import Key
from .spoken import Spoken


def import_file(
    objects: Sequence[Spoken],
    names: Mapping[Key, str],
    cluster: str = "",
    release: str = "",
    *,
    include_secrets: bool = False,
) -> str:
    """Return the file; without secrets, what stands for each is known again when the program says the secret itself."""
    entries = [
        entry(one, names[one.control_plane, one.address], cluster, release, include_secrets=include_secrets)
        for one in objects
    ]
    return json.dumps({"resources": entries}, indent=2, ensure_ascii=False) + "\n"


def entry(one: Spoken, name: str, cluster: str, release: str, *, include_secrets: bool) -> dict[str, Any]:
    """Return one resource as the engine would keep it, had the program just made it."""
    place = str(one.address)
    state = State(one.kind, one.props, one.owner or UNCLAIMED, one.adopt, cluster, release)
    shown = sealed(one.kind.model, state.said, place, include_secrets=include_secrets)
    return {
        "type": f"{OURS}{one.kind.generic or one.kind.name}",
        "name": name,
        "id": place,
        "inputs": {**replace(state, cluster="", release="").kept(), **shown},
        "outputs": {**state.kept(), **shown},
    }


def sealed(model: type[Model], said: Mapping[str, Any], place: str, *, include_secrets: bool) -> dict[str, Any]:
    """Return properties with secrets marked as the engine marks them."""
    declared = model.variant(said).declared

    def sealed_value(field: Field, value: Any, here: str) -> Any:
        if field.facts.secret and isinstance(value, str):
            as_bytes = BASE64 in forms(field.type)
            shown = value if include_secrets else stand_in(value, here, as_bytes=as_bytes)
            return {MARK: SECRET, "plaintext": json.dumps(shown)}
        if field.model is None:
            return value
        if is_list(value):
            return [sealed_value(field, item, f"{here}[{index}]") for index, item in enumerate(value)]
        if field.holds == "table" and is_map(value):
            return {key: sealed_value(field, item, f"{here}[{key}]") for key, item in value.items()}
        return sealed(field.model, value, here, include_secrets=include_secrets) if is_map(value) else value

    return {
        name: sealed_value(declared[name], value, f"{place}: {name}") if name in declared else value
        for name, value in said.items()
    }
