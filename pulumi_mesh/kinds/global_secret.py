"""GlobalSecret: bytes that the control plane keeps outside of meshes, such as a license or a signing key."""

from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import SECRET
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Base64
from pulumi_mesh.schema.spec import One, field


class GlobalSecret(Resource, kind=Kind(path="global-secrets", shape="legacy", scope="global", grave=SECRET)):
    """Bytes that the control plane keeps outside of meshes: a signing key, a token, a license.

    Source: https://kuma.io/docs/latest/production/secure-deployment/secrets/
    """

    data: One[Base64 | None] = field(
        default=None, secret=True, doc="The bytes in base64; `pulumi_mesh.base64` encodes text. Empty, if absent."
    )


__all__ = ["GlobalSecret"]
