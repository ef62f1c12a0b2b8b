"""Releases of Kuma: which ones are supported, and what a program may use on which."""

import re
from typing import NamedTuple

from pulumi_mesh.errors import Unconfigured


class Release(NamedTuple):
    """A minor release of Kuma (`2.14`): patch releases change no fields."""

    major: int
    minor: int

    def __str__(self) -> str:
        """Say it as Kuma does."""
        return f"{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> "Release":
        """Read `2.14`, `2.14.3` or `2.14.3-preview.v1`."""
        found = re.match(r"v?(\d+)\.(\d+)(?:[.\-+].*)?$", text.strip())
        if not found:
            raise Unconfigured(f"{text!r} is no release of Kuma; write {OLDEST} to {NEWEST}")
        return cls(int(found[1]), int(found[2]))


OLDEST = Release(2, 10)
NEWEST = Release(2, 14)
SUPPORTED = tuple(Release(2, minor) for minor in range(OLDEST.minor, NEWEST.minor + 1))


def supported(text: str, subject: str = "the control plane") -> Release:
    """Read a release, and refuse one that is not supported, with what to do."""
    release = Release.parse(text)
    if release.major >= 3:
        raise Unconfigured(
            f"{subject}: Kuma {text} has no builtin gateways, no Mesh.mtls and no tag-based Dataplanes any more;"
            f" this version of pulumi_mesh serves {OLDEST} to {NEWEST}"
        )
    if not OLDEST <= release <= NEWEST:
        raise Unconfigured(
            f"{subject}: Kuma {text} is not supported; this version of pulumi_mesh serves {OLDEST} to {NEWEST}"
        )
    return release
