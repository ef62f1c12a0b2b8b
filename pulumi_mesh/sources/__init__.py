"""Where objects are read from: files, the state of a stack, a control plane; all of them give the same values."""

from pulumi_mesh.sources.files import files
from pulumi_mesh.sources.holdings import Held, HeldListener, Holdings
from pulumi_mesh.sources.live import live
from pulumi_mesh.sources.stack import stack, state

__all__ = ["Held", "HeldListener", "Holdings", "files", "live", "stack", "state"]
