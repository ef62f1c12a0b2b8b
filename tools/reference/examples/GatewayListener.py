"""A listener on a gateway of somebody else."""

import pulumi_mesh as mesh

mesh.GatewayListener("api", gateway="edge", mesh="shop", port=8080, protocol="HTTP", hostname="api.example")
