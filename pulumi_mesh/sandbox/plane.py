"""The control plane: the four verbs on objects, with their checks in the order of the real one."""

import re
from collections.abc import Mapping
from threading import RLock
from typing import Any

from pulumi_mesh.sandbox import labels, legacy, openapi, spec
from pulumi_mesh.sandbox.answers import (
    NO_MESH,
    RETRIEVE,
    Answer,
    Unread,
    as_json,
    bad_request,
    invalid,
    not_found,
    not_imitated,
    read_only,
)
from pulumi_mesh.sandbox.behaviours import behaviour
from pulumi_mesh.sandbox.boot import boot
from pulumi_mesh.sandbox.gojson import parsed, quoted
from pulumi_mesh.sandbox.nodes import Node, tree
from pulumi_mesh.sandbox.phrases import rephrased
from pulumi_mesh.sandbox.schemas import schema
from pulumi_mesh.sandbox.site import MODES, PRODUCTS, Site, Write, chosen, imitated
from pulumi_mesh.sandbox.store import Row, Store, dumped
from pulumi_mesh.sandbox.structs import emptied, mark, misread
from pulumi_mesh.schema import proto
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.meta import envelope as envelope_rules
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Violation

FORMATS = ("k8s", "kubernetes", "universal")


class Plane:
    """One imitated control plane over one store."""

    def __init__(self, data: str | None, kuma: str, mode: str, product: str) -> None:
        """Open the store; a fresh one gets what a fresh control plane holds."""
        release, mode, product = imitated(kuma), chosen("mode", mode, MODES), chosen("product", product, PRODUCTS)
        self.site = Site(Store(data), release, mode, product)
        self.lock = RLock()
        self.trees: dict[str, tuple[Kind, Node]] = {}
        boot(self.site)

    def close(self) -> None:
        """Close the store."""
        self.site.store.close()

    def tree(self, kind: Kind) -> Node:
        """Return what is known of the body of a kind."""
        known = self.trees.get(kind.name)
        if known is None or known[0] is not kind:
            spec = schema(kind.name, "spec", self.site.release) if kind.shape == "spec" else None
            node = Node("object", fields={"spec": spec}) if spec else tree(kind, self.site.release)
            mark(node, behaviour(kind.name).structs)
            known = self.trees[kind.name] = (kind, node)
        return known[1]

    def reach(self, mesh: str | None) -> str:
        """Return the mesh of a request, which must exist; empty for an object outside of meshes."""
        if mesh is not None and not self.site.store.has("Mesh", "", mesh):
            raise not_found(NO_MESH)
        return mesh or ""

    def get(self, kind: Kind, mesh: str | None, name: str) -> Answer:
        """Answer with one object."""
        row = self.site.store.get(kind.name, self.reach(mesh), name)
        if row is None:
            raise not_found(RETRIEVE)
        return Answer(200, self.shown(kind, row).encode())

    def shown(self, kind: Kind, row: Row) -> str:
        """Write an object down as it is read: the server's keys, then the body."""
        parts = [f'"type":{dumped(kind.name)}']
        parts += [f'"mesh":{dumped(row.mesh)}'] if row.mesh else []
        parts += [f'"name":{dumped(row.name)},"creationTime":"{row.created}","modificationTime":"{row.modified}"']
        parts += [f'"labels":{row.labels}'] if row.labels != "{}" else []
        if self.site.modern and kind.short:
            parts.append(f'"kri":{dumped(labels.kri(kind.short, row.mesh, row.name, row.labelled()))}')
            servers = behaviour(kind.name).snis(row)
            parts += [f'"snis":{dumped(servers)}'] if servers else []
        parts += [row.body[1:-1]] if row.body != "{}" else []
        parts += [f'"status":{row.status}'] if row.status is not None else []
        return "{" + ",".join(parts) + "}"

    def put(self, kind: Kind, mesh: str | None, name: str, body: bytes) -> Answer:
        """Create or replace an object."""
        self.writable(kind)
        inside = self.reach(mesh)
        said, content = self.read(kind, body)
        early, late = self.judged(kind, content, self.named(name, inside, said.get("labels") or {}))
        if early:
            raise invalid(early)
        before = self.site.store.get(kind.name, inside, name)
        own: Mapping[str, Any] = said.get("labels") or {}
        stated = {key: value or "" for key, value in own.items()}
        if found := self.head(kind, mesh, name, said, stated):
            raise invalid(found)
        write = Write(kind, inside, name, content, labels.computed(kind, stated, mesh, self.site), before)
        self.accept(write, late)
        with self.site.store.whole():
            self.site.store.put(
                kind.name,
                inside,
                name,
                write.labels,
                write.body,
                status=self.status(kind, before, said.get("status")),
                owned=not behaviour(kind.name).outlives,
            )
            behaviour(kind.name).after(self.site, write)
        warnings = self.warnings(write)
        return as_json({"warnings": warnings} if warnings else {}, 200 if before else 201)

    def status_shape(self, kind: Kind) -> Node:
        """Return what is known of the status of a kind."""
        return schema(kind.name, "status", self.site.release) or Node("any")

    def status(self, kind: Kind, before: Row | None, said: Any) -> str | None:
        """Return the status of an object that is written: 2.10 takes it from the body, 2.14 keeps its own."""
        if not kind.status or self.site.release < Release.parse(kind.status):
            return None
        if self.site.modern and before is not None:
            return before.status
        own = behaviour(kind.name)
        given: Mapping[str, Any] = own.begins if self.site.modern else (said or own.begins)
        shape = self.status_shape(kind)
        return dumped(spec.decoded(shape, openapi.filled(shape, given), ("status",)))

    def read(self, kind: Kind, body: bytes) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Read a body as the real one reads this shape."""
        try:
            document = parsed(body)
            if kind.shape == "spec":
                return spec.document(kind, self.tree(kind), self.status_shape(kind), document, modern=self.site.modern)
            return legacy.envelope(document), self.reader(kind).message(
                self.tree(kind), proto.as_json(kind, document or {})
            )
        except Unread as error:
            raise bad_request(f"invalid {kind.name} object: {quoted(str(error))}") from None

    def reader(self, kind: Kind) -> legacy.Reader:
        """Return a reader of bodies of a kind in the legacy shape."""
        return legacy.Reader("kuma.mesh.v1alpha1", behaviour(kind.name).enums)

    def judged(
        self, kind: Kind, content: dict[str, Any], names: Mapping[str, Any]
    ) -> tuple[list[Violation], list[Violation]]:
        """Return what the rules say: what the validator refuses, and what a manager refuses later.

        Where a rule speaks for the schema, the rest is not looked at.
        """
        bad = dict(misread(self.reader(kind), self.tree(kind), content))
        body = {**names, **(emptied(content, bad) if bad else content)}
        found = [rephrased(body, one) for rule in kind.rules for one in rule(body, self.site.release)]
        found = [one for one in found if not one.path.startswith(tuple(bad))] if bad else found
        found += [one for path, words in bad.items() for one in behaviour(kind.name).misread(content, path, words)]
        of_schema = [one for one in found if one.message.startswith("in body ")]
        early = [one for one in found if not re.fullmatch(behaviour(kind.name).late, one.path)]
        return of_schema or early, [one for one in found if one not in early]

    def head(
        self, kind: Kind, mesh: str | None, name: str, said: Mapping[str, Any], own: Mapping[str, str]
    ) -> list[Violation]:
        """Return what is wrong with type, name, mesh and labels of a body."""
        found: list[Violation] = []
        stated: dict[str, str] = {key: said.get(key) or "" for key in ("type", "name", "mesh")}
        if kind.shape == "spec" and "mesh" not in said:
            stated["mesh"] = "default"
        for key, wanted in (("name", name), ("type", kind.name), ("mesh", mesh)):
            if wanted is not None and stated[key] != wanted:
                found.append(Violation(key, f"{key} from the URL has to be the same as in body"))
        found += labels.refused(own, mesh, self.site)
        return found + list(envelope_rules(stated["name"], stated["mesh"], {}, mesh_scoped=mesh is not None))

    def accept(self, write: Write, late: list[Violation]) -> None:
        """Let the manager of the type judge and settle a write."""
        own, verb = behaviour(write.kind.name), "update" if write.before else "create"
        was = write.before.labelled() if self.site.modern and write.before else {}
        if found := list(labels.changed(was, write.labels)):
            raise invalid(found, "Could not update a resource")
        own.settle(self.site, write)
        if found := late or list(own.check(self.site, write)):
            raise invalid(found, self.site.failed(verb))

    def warnings(self, write: Write) -> list[str]:
        """Return what is accepted with a warning."""
        body = self.named(write.name, write.mesh, write.labels) | write.body
        said = [one.message for rule in write.kind.warnings for one in rule(body, self.site.release)]
        return list(dict.fromkeys([*said, *behaviour(write.kind.name).warn(write)]))

    def named(self, name: str, mesh: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """Return what rules about names look at; of the labels that is the name that is shown, in 2.14."""
        shown = {labels.SHOWN: own[labels.SHOWN]} if self.site.modern and labels.SHOWN in own else {}
        return {"name": name, "mesh": mesh, "labels": shown}

    def writable(self, kind: Kind) -> None:
        """Refuse to write on the control plane of all zones what belongs to one."""
        if self.site.mode not in kind.written_on and self.site.mode == "global":
            raise read_only(self.site.mode)

    def delete(self, kind: Kind, mesh: str | None, name: str) -> Answer:
        """Delete an object."""
        self.writable(kind)
        inside, own, title = self.reach(mesh), behaviour(kind.name), "Could not delete a resource"
        if not self.site.store.has(kind.name, inside, name):
            raise not_found(title)
        if found := list(own.holds(self.site, inside, name)):
            raise invalid(found, title)
        with self.site.store.whole():
            self.site.store.delete(kind.name, inside, name)
            own.gone(self.site, name)
        return as_json({})

    def formatted(self, said: str | None) -> None:
        """Refuse a format of answers that is unknown."""
        if said in FORMATS[:2]:
            raise not_imitated("an object in the form of Kubernetes")
        if said and said not in FORMATS:
            choices = ", ".join(quoted(one) for one in FORMATS)
            title = RETRIEVE if self.site.modern else "invalid format"
            raise invalid([Violation("", f'"format" must be one of [{choices}]')], title)
