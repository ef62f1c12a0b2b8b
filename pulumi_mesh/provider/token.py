"""One token as a resource says it: what is asked for, what was issued, until when it is good."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from pulumi_mesh.errors import Unreachable
from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.spec import plain, promised
from pulumi_mesh.schema.wire import to_wire
from pulumi_mesh.schema.words import sentence

from .state import PICKLED

SORTS: dict[str, Kind] = {}
"""Every sort of token, by the name of its resource; `path` is where it is issued. No token is an object of the control plane."""
ISSUED = ("token", "token_id", "expires")
KEPT = ("renew_before", "revoke")
"""What a program says to us alone."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: what a program says of it, and what the control plane issued."""

    kind: Kind
    said: Mapping[str, Any] = field(repr=False)
    cluster: str = ""

    @classmethod
    def read(cls, props: Mapping[str, Any]) -> "Token":
        """Read the properties that a verb got."""
        props = plain(props)
        said = {key: value for key, value in props.items() if not key.startswith("__") and value is not None}
        return cls(SORTS[str(props["__kind"])], said, str(props.get("__cluster") or ""))

    def kept(self) -> dict[str, Any]:
        """Return the properties as the engine keeps them."""
        hidden = {"__provider": PICKLED, "__kind": self.kind.name, "__cluster": self.cluster}
        return {**self.said, **{key: value for key, value in hidden.items() if value}}

    @property
    def control_plane(self) -> str:
        """The name of the control plane that issues it."""
        return str(self.said.get("control_plane", "default"))

    @property
    def mesh(self) -> str | None:
        """The mesh whose key signs it, where it is for one."""
        return str(self.said.get("mesh", "default")) if self.kind.scope == "mesh" else None

    @property
    def subject(self) -> str:
        """The sort, the mesh and whom it is for, for messages; never the token."""
        whom = [self.said.get(key) for key in ("mesh", "dataplane", "workload", "zone", "user")]
        return "/".join([self.kind.name, *("?" if promised(one) else str(one) for one in whom if one)])

    @property
    def request(self) -> dict[str, Any]:
        """What is sent to have it issued."""
        asked = {key: value for key, value in self.said.items() if key in self.kind.body and key not in OURS}
        mesh = {"mesh": self.mesh} if self.mesh is not None else {}
        return mesh | to_wire(self.kind.model, asked)

    @property
    def due(self) -> bool:
        """Tell whether it is time for another one: it has expired, or will within `renew_before`."""
        if "expires" not in self.said:
            return False
        margin = nanoseconds(str(self.said.get("renew_before", "0s"))) / 1e9
        return moment(str(self.said["expires"])) <= time.time() + margin

    def complaints(self, release: Release) -> list[str]:
        """Say everything that is wrong with what is asked for."""
        asked = {key: value for key, value in self.said.items() if key not in ISSUED}
        body = to_wire(self.kind.model, {key: value for key, value in asked.items() if key in self.kind.body})
        found = judge(self.kind, asked, release, named=False)
        return [sentence(one, self.kind.model, body, argument=True) for one in found]


OURS = (*ISSUED, *KEPT)


def issued(text: str, subject: str) -> dict[str, str]:
    """Return what a program gets of a token that was issued: itself, its id, and when it expires."""
    try:
        payload = text.split(".")[1]
        claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        expires = datetime.fromtimestamp(int(claims["exp"]), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"token": text, "token_id": str(claims["jti"]), "expires": expires}
    except (ValueError, KeyError, IndexError, TypeError):
        raise Unreachable(f"{subject}: what the control plane issued is no token; is the URL right?") from None


def moment(text: str) -> float:
    """Read a time as `issued` writes it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()
