"""An object of a type that a plugin brought."""

import pulumi_mesh as mesh

mesh.MeshResource("nightly", type="MeshBackup", mesh="shop", spec={"schedule": "0 3 * * *"})
