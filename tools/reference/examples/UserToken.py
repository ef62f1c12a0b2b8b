"""A token for a pipeline."""

import pulumi_mesh as mesh

mesh.UserToken("pipeline", user="pipeline", groups=["mesh-system:admin"], valid_for="24h")
