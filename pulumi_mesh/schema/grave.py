"""How grave a difference is: what opens traffic or cuts it is high, what is only told is low, the rest is between."""

from typing import Literal, NamedTuple

Severity = Literal["high", "medium", "low"]
ORDER: tuple[Severity, ...] = ("high", "medium", "low")


class Grave(NamedTuple):
    """How grave something is, and why in a few words."""

    severity: Severity
    why: str = ""


OTHER = Grave("medium")
"""Policies that shape traffic, of which nothing is said."""
LABEL, TOLD = Grave("low", "a label"), Grave("low", "what is reported")
PERMISSION, ROUTE, MTLS = Grave("high", "a permission"), Grave("high", "a route"), Grave("high", "mTLS")
DESTINATION, PROXY = Grave("high", "where traffic goes"), Grave("high", "what a proxy opens")
ANYTHING, RIGHTS = Grave("high", "the configuration of Envoy itself"), Grave("high", "rights on the control plane")
SECRET, WAY_OUT = Grave("high", "a secret"), Grave("high", "a way out of the mesh")
GATEWAY, LISTENER = Grave("high", "a gateway"), Grave("high", "a listener")
MESH, ZONE = Grave("high", "a mesh"), Grave("high", "a zone")
