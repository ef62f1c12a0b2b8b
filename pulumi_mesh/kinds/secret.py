"""Secret: bytes that a mesh keeps to itself, such as the certificate of a gateway."""

from base64 import b64encode
from dataclasses import InitVar
from typing import Any

import pulumi

from pulumi_mesh.provider.foretold import foretell
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import SECRET
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Base64
from pulumi_mesh.schema.spec import One, field


def base64(value: pulumi.Input[str]) -> pulumi.Output[str]:
    """Encode text as `Secret.data` takes it; the result is a secret of Pulumi, too."""
    encoded = pulumi.Output.secret(value).apply(encode)
    return foretell(encoded, encode(value)) if isinstance(value, str) else encoded


def encode(text: str) -> str:
    """Encode text in base64."""
    return b64encode(text.encode()).decode()


class Secret(MeshScoped, kind=Kind(path="secrets", shape="legacy", grave=SECRET)):
    """Bytes that the control plane keeps for a mesh: a certificate with its key, a CA, a password.

    It can be given in the place of a `DataSource`: `Tls(certificates=[cert])`.

    Source: https://kuma.io/docs/latest/production/secure-deployment/secrets/
    """

    issued: InitVar[pulumi.Input[str] | None] = field(default=None)
    """When the certificate in it was issued (`2027-01-31T12:00:00Z`): no secret, so that a plan shows which one is older."""

    data: One[Base64 | None] = field(
        default=None, secret=True, doc="The bytes in base64; `pulumi_mesh.base64` encodes text. Empty, if absent."
    )

    def completed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Take what is no field of the object."""
        self.is_of = said.pop("issued", None)
        return said

    def hidden(self) -> dict[str, Any]:
        """Return when the certificate was issued."""
        return {"__issued": self.is_of} if self.is_of is not None else {}
