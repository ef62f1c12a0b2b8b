"""The page of all resources, and the page of the parts that several kinds use."""

import pulumi_mesh as mesh
from pulumi_mesh.resource import Base, MeshScoped
from pulumi_mesh.schema import parts
from pulumi_mesh.schema.parts import TargetRef
from pulumi_mesh.schema.spec import Model
from pulumi_mesh.schema.target_ref import FORBIDDEN, LABELLED, NAMED

from .families import families
from .hints import code
from .pages import COMMON, FOOT, page
from .tables import paragraphs, section, table

BEGINNING = """\
# Reference

Every resource of `pulumi_mesh`: what it takes, what Kuma makes of it, what it may refer to, and an example. An argument that
is refused is refused at `pulumi preview`, or by `pulumi-mesh check` in a document, by the control plane's own rules."""
ADOPT = """\
| `adopt` | `"never"`, `"identical"`, `"overwrite"` | `"never"` | What happens if the object is there already: see the \
[guide](../guide.md#what-exists-already). |
| `opts` | `pulumi.ResourceOptions` | | Pulumi's own. |"""
READING = """\
## How to read a page

- **Input.** Every argument, at any depth, takes a value or an `Output` of one, and a part takes its class or a dict with the same names.
- **Output.** Every argument is an attribute of the resource, too: an `Output` of what it was given.
- **Default.** What holds where the program says nothing: set by the constructor, or filled in by the control plane, which is never drift.
- **Duration.** Text such as `500ms`, `10s`, `1h30m`: numbers with the units `ns`, `us`, `ms`, `s`, `m`, `h`.
- **Secret.** Encrypted in the state, and shown nowhere.
- **In any order.** What stands in another order on the control plane is no drift.
- **Since, up to.** Without either, every release from 2.10 to 2.14 knows it. What the target does not know is an error."""


def pages() -> dict[str, str]:
    """Return the text of every page, by the name of its file."""
    classes = resources()
    return {
        "README.md": everything(classes),
        "Parts.md": shared(),
        **{f"{n}.md": page(n, c) for n, c in classes.items()},
    }


def resources() -> dict[str, type[Base]]:
    """Return the resources that a program may declare."""
    public = {name: getattr(mesh, name) for name in sorted(mesh.__all__)}
    return {name: one for name, one in public.items() if isinstance(one, type) and issubclass(one, Base)}


def everything(classes: dict[str, type[Base]]) -> str:
    """Return the page of all resources."""
    blocks = [BEGINNING]
    for title, names in families(list(classes)).items():
        rows = (f"| [{name}]({name}.md) | {summary(classes[name])} |" for name in names)
        blocks += [f"## {title}", "\n".join(["| | |", "|---|---|", *rows])]
    common = [MeshScoped.declared[name] for name in COMMON]
    blocks += ["## What every resource takes", f"{table(common)}\n{ADOPT}", READING, "---", FOOT.rpartition(" [")[0]]
    return "\n\n".join(blocks) + "\n"


def summary(cls: type[Base]) -> str:
    """Say in one sentence what a resource is."""
    return paragraphs(cls.__doc__ or "")[0].partition(". ")[0].rstrip(".")


def shared() -> str:
    """Return the page of the parts that several kinds use."""
    models = [one for name in parts.__all__ if isinstance(one := getattr(parts, name), type) and issubclass(one, Model)]
    blocks = ["# Parts that several kinds use"]
    for model in sorted(models, key=lambda one: one.__name__):
        blocks.append(section(model).replace("### ", "## ", 1))
        if model is TargetRef:
            blocks.append(needs())
    return "\n\n".join([*blocks, "---", FOOT]) + "\n"


def needs() -> str:
    """Return the table of what a reference of each kind must say, and what it may."""
    rows: list[str] = []
    for kind, refused in FORBIDDEN.items():
        name = "name" if kind in NAMED else "name or labels" if kind in LABELLED else ""
        out = {*refused, *(["name"] if kind == "Mesh" else [])}
        left = [
            one
            for one in TargetRef.declared.values()
            if one.wire not in out and one.name not in ("kind", *name.split(" or "))
        ]
        needed = " or ".join(code(one) for one in name.split(" or ")) if name else ""
        rows.append(f"| {kind} | {needed} | {', '.join(code(one.name) for one in left)} |")
    return "\n".join(["| Kind | Needs | May have |", "|---|---|---|", *rows])
