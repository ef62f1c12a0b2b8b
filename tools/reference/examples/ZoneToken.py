"""A token for the proxies between zones."""

import pulumi_mesh as mesh

mesh.ZoneToken("east", zone="east", scope=["ingress", "egress"], valid_for="720h", renew_before="168h")
