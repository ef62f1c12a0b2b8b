"""Makes `pulumi_mesh/sandbox/schemas-RELEASE.json`: what a release of Kuma says of its spec-shape types.

    python tools/schemas.py CHECKOUT RELEASE

CHECKOUT is a source tree of Kuma. Taken from it are facts alone: from the OpenAPI schemas the types, limits and
defaults of the fields, from the Go structs how a value is decoded and which empty ones are written. Nodes that occur
more than once are kept once; a number stands in their place.
"""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

OUT = Path(__file__).resolve().parent.parent / "pulumi_mesh" / "sandbox"
LIMITS = {
    "minimum": "ge",
    "maximum": "le",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "pattern": "pattern",
}
BLOCK = re.compile(r"^type \(\n(.*?)^\)", re.MULTILINE | re.DOTALL)
STRUCT = re.compile(r"^type (\w+) +struct ?\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
ALIAS = re.compile(r"^type (\w+) +(?:= )?([\w.\[\]*]+)$", re.MULTILINE)
MEMBER = re.compile(r"^\t(?:(\w+)\s+)?([\w.\[\]*]+)\s+`json:\"([^\"]*)\"", re.MULTILINE)
IMPORT = re.compile(r"^(?:\t|import )(?:(\w+) )?\"([^\"]+)\"$", re.MULTILINE)
WORDS = {"k8s.Duration": "duration", "intstr.IntOrString": "int32", "[]byte": "byte", "int": "int64", "uint": "uint64"}
ZEROS: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "int-or-string": 0}


@dataclass(frozen=True)
class Package:
    """A Go package: its structs, other names for types, imports."""

    folder: Path
    structs: dict[str, str] = field(default_factory=dict[str, str])
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    imports: dict[str, str] = field(default_factory=dict[str, str])


class Go:
    """The Go sources of a checkout."""

    def __init__(self, checkout: Path) -> None:
        """Know where they lie."""
        self.checkout, self.packages = checkout, dict[Path, Package]()

    def package(self, folder: Path) -> Package:
        """Read a package."""
        if folder not in self.packages:
            made = self.packages[folder] = Package(folder)
            for file in sorted(folder.glob("*.go")):
                text = BLOCK.sub(ungrouped, file.read_text("utf-8"))
                made.structs.update(STRUCT.findall(text))
                made.aliases.update(ALIAS.findall(text))
                made.imports.update({name or path.rsplit("/", 1)[-1]: path for name, path in IMPORT.findall(text)})
        return self.packages[folder]

    def resolved(self, package: Package, name: str) -> tuple[Package, str]:
        """Follow names to a struct, or to a type of Go itself."""
        while name not in WORDS:
            if "." in name:
                alias, _, short = name.partition(".")
                path = package.imports.get(alias, "")
                inside = re.sub(r"^github\.com/kumahq/kuma(/v2)?/", "", path)
                if inside == path:
                    return package, name
                package, name = self.package(self.checkout / inside), short
            elif name in package.aliases:
                name = package.aliases[name]
            else:
                break
        return package, name

    def members(self, package: Package, struct: str) -> dict[str, tuple[Package, str, bool]]:
        """Return the fields of a struct by their key: type, and whether an empty one is left out."""
        found: dict[str, tuple[Package, str, bool]] = {}
        for _, kind, tag in MEMBER.findall(package.structs.get(struct, "")):
            key, _, options = tag.partition(",")
            if key == "-":
                continue
            if not key:
                found |= self.members(*self.resolved(package, kind))
            else:
                found[key] = (package, kind, "omitempty" in options)
        return found


def ungrouped(block: re.Match[str]) -> str:
    """Declare the types of a group one by one."""
    return re.sub(r"^(?=\w)", "type ", re.sub(r"^\t", "", block[1], flags=re.MULTILINE), flags=re.MULTILINE)


def compiled(go: Go, schema: dict[str, Any], package: Package, kind: str) -> dict[str, Any]:
    """Return the node of a schema that a Go type holds."""
    package, kind = go.resolved(package, kind.lstrip("*"))
    made: dict[str, Any] = {"holds": holds(schema)}
    for word, name in (("enum", "choices"), ("required", "required"), ("format", "format"), ("default", "fills")):
        if word in schema:
            made[name] = schema[word]
    if limits := {name: schema[word] for word, name in LIMITS.items() if word in schema}:
        made["bounds"] = limits
    if made["holds"] in ("integer", "int-or-string", "any") or kind in WORDS:
        made["go"] = WORDS.get(kind, kind)
    if made["holds"] == "object":
        made["title"] = kind
        made["fields"] = fields(go, schema, package, kind)
    elif made["holds"] == "map":
        made["item"] = compiled(go, schema["additionalProperties"], package, kind.partition("]")[2])
    elif made["holds"] == "array":
        made["item"] = compiled(go, schema["items"], package, kind.removeprefix("[]"))
    return made


def fields(go: Go, schema: dict[str, Any], package: Package, struct: str) -> dict[str, Any]:
    """Return the nodes of the fields of an object."""
    members = go.members(package, struct)
    made: dict[str, Any] = {}
    for key, inner in schema.get("properties", {}).items():
        if key not in members:
            raise SystemExit(f"{package.folder}: {struct} has no {key}")
        home, kind, omit = members[key]
        node = made[key] = compiled(go, inner, home, kind)
        if kind.startswith("*") or node["holds"] == "any":
            continue
        if omit and node["holds"] not in ("object", "int-or-string"):
            node["vanishes"] = True
        elif node["holds"] == "object":
            node["zero"] = {}
        elif node["holds"] in ZEROS and node.get("go") != "duration":
            node["zero"] = ZEROS[node["holds"]]
        else:
            node["zero"] = "0s" if node.get("go") == "duration" else None
    return made


def holds(schema: dict[str, Any]) -> str:
    """Say what a schema describes."""
    if schema.get("x-kubernetes-int-or-string"):
        return "int-or-string"
    if "additionalProperties" in schema:
        return "map"
    if schema.get("type") == "object" and "properties" not in schema:
        return "map" if "additionalProperties" in schema else "object"
    return str(schema.get("type", "any"))


def documents(checkout: Path) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return the schema of every type, and the folder of its Go package."""
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for folder in sorted(
        {*checkout.glob("pkg/plugins/policies/*/api/*"), *checkout.glob("pkg/core/resources/apis/*/api/*")}
    ):
        plain, rest = folder / "schema.yaml", folder / "rest.yaml"
        if plain.exists():
            schema = yaml.safe_load(plain.read_text("utf-8"))
            found[schema["properties"]["type"]["enum"][0]] = folder, schema
        elif rest.exists():
            for name, schema in yaml.safe_load(rest.read_text("utf-8"))["components"]["schemas"].items():
                if name.endswith("Item"):
                    found[name.removesuffix("Item")] = folder, schema
    return found


class Shared:
    """Nodes, each kept once."""

    def __init__(self) -> None:
        """Begin with none."""
        self.nodes: list[Any] = []
        self.known: dict[str, int] = {}

    def kept(self, node: dict[str, Any]) -> int:
        """Return the number of a node."""
        small = dict(node)
        if "item" in small:
            small["item"] = self.kept(small["item"])
        if "fields" in small:
            small["fields"] = {key: self.kept(inner) for key, inner in small["fields"].items()}
        text = json.dumps(small)
        if text not in self.known:
            self.known[text] = len(self.nodes)
            self.nodes.append(small)
        return self.known[text]


def main(checkout: str, release: str) -> None:
    """Write the file of one release."""
    go, shared = Go(Path(checkout)), Shared()
    kinds: dict[str, dict[str, int]] = {}
    for name, (folder, schema) in documents(Path(checkout)).items():
        package, properties = go.package(folder), cast("dict[str, Any]", schema["properties"])
        parts = {"spec": name, "status": f"{name}Status"}
        kinds[name] = {
            part: shared.kept(compiled(go, properties[part], package, struct))
            for part, struct in parts.items()
            if part in properties
        }
    lines = ",\n".join(json.dumps(node, separators=(",", ":"), ensure_ascii=False) for node in shared.nodes)
    text = f'{{"kinds":{json.dumps(kinds, indent=0)},\n"nodes":[\n{lines}\n]}}\n'
    (OUT / f"schemas-{release}.json").write_text(text, "utf-8")
    print(f"{len(kinds)} types, {len(shared.nodes)} nodes, {len(text)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
