"""The default policies of a new mesh, and what else a fresh control plane holds."""

from typing import Any

from pulumi_mesh.reconcile import beginnings

Spec = dict[str, Any]
POLICIES: tuple[tuple[str, str, Spec], ...] = tuple(
    (kind, name, body["spec"]) for (kind, name), body in beginnings.POLICIES.items() if "spec" in body
)
"""Type, beginning of the name and spec of every default policy."""

KEYS = {
    "zone": (
        "admin-user-token",
        "envoy-admin-ca",
        "inter-cp-ca",
        "user-token-signing-key-1",
        "zone-token-signing-key-1",
    ),
    "global": ("admin-user-token", "inter-cp-ca", "user-token-signing-key-1", "zone-token-signing-key-1"),
}
"""The GlobalSecrets that a control plane makes for itself."""

GENERATORS: dict[str, dict[str, Spec]] = {
    mode: {name: body["spec"] for name, body in beginnings.GENERATORS.items() if name.startswith(begins)}
    for mode, begins in (("zone", "local-"), ("global", "synced-"))
}
"""The HostnameGenerators that a control plane begins with."""
