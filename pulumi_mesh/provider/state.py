"""How a resource is kept in Pulumi's state: hidden keys beside its properties."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import ENVELOPE, Kind, kind_in
from pulumi_mesh.schema.spec import plain

PICKLED = base64.b64encode(b"\x80\x04cpulumi_mesh.provider\nPROVIDER\n.").decode()
"""A pickle of protocol 4 that names `pulumi_mesh.provider.PROVIDER` and calls nothing: part of the state, the same bytes for ever."""

LONGEST = 63

UNCLAIMED = "*"
"""The owner of what a file of imports brought into a state: the stack that imported it; the object gets its label with its next change."""


@dataclass(frozen=True)
class State:
    """The properties of one resource, as the engine carries them."""

    kind: Kind
    said: Mapping[str, Any] = field(repr=False)
    """What the program says: body, name, mesh, labels, control plane."""
    owner: str = ""
    adopt: str = "never"
    cluster: str = ""
    """The `clusterId` of the control plane that it was written to, in outputs only."""
    release: str = ""
    """The version of that control plane, in outputs only."""
    wait: str = ""
    """`accepted`, where a write ends only when the proxies run it."""
    issued: str = ""
    """When the certificate in a Secret was issued, where the program says it."""

    @classmethod
    def read(cls, props: Mapping[str, Any]) -> "State":
        """Read the properties that a verb got: whole numbers are floats there."""
        props = plain(props)
        kind = kind_in(props)
        said = {
            key: value
            for key, value in props.items()
            if not key.startswith("__") and (key in ENVELOPE or key in kind.body)
        }
        hidden = {key[2:]: value for key, value in props.items() if key.startswith("__")}
        return cls(kind, said, *(str(hidden.get(key) or blank) for key, blank in BLANK.items()))

    def kept(self) -> dict[str, Any]:
        """Return the properties as the engine keeps them."""
        hidden = {"__provider": PICKLED, "__kind": self.kind.generic or self.kind.name}
        hidden |= {"__type": self.kind.name} if self.kind.generic else {}
        hidden |= {f"__{key}": getattr(self, key) for key, blank in BLANK.items() if getattr(self, key) != blank}
        return {**self.said, **hidden}

    @property
    def control_plane(self) -> str:
        """The name of the control plane that holds the object."""
        return str(self.said.get("control_plane", "default"))

    @cached_property
    def document(self) -> Document:
        """The document that the properties ask for."""
        return Document.desired(self.kind, self.said, self.owner)

    @property
    def subject(self) -> str:
        """The address, for messages."""
        return str(self.document.address)


BLANK = {"owner": "", "adopt": "never", "cluster": "", "release": "", "wait": "", "issued": ""}


def owner_name(project: str, stack: str, said: str | None = None) -> str:
    """Return the value of the label that marks what a stack owns; nothing where `mesh:owner` is `off`."""
    if said in ("off", "false"):
        return ""
    name = said or f"{project}.{stack}"
    tidy = re.sub(r"[^A-Za-z0-9._-]", "-", name).strip("-_.")
    if tidy == name and len(name) <= LONGEST:
        return name
    return f"{tidy[: LONGEST - 9].rstrip('-_.')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
