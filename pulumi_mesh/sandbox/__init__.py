"""An embedded control plane: Kuma's resource API over SQLite, for the first ten minutes, for CI and for tests.

It routes no traffic. What it answers was recorded from real control planes; what nobody recorded, it answers with 501.
It serves the kinds that are registered, which importing `pulumi_mesh` does.
"""

from pulumi_mesh.sandbox.app import app
from pulumi_mesh.sandbox.server import running, serve

__all__ = ["app", "running", "serve"]
