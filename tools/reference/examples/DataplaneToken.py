"""A token for one proxy, which is renewed a week before it expires."""

import pulumi_mesh as mesh

mesh.DataplaneToken("edge-1", mesh="shop", dataplane="edge-1", valid_for="720h", renew_before="168h")
