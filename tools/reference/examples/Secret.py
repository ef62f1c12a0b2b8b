"""A certificate for a gateway, out of a file."""

from pathlib import Path

import pulumi_mesh as mesh

pem = Path("shop.pem").read_text()  # the certificate, then its key
mesh.Secret("shop-cert", mesh="shop", data=mesh.base64(pem))
