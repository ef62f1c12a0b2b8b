"""What can go wrong, and how it is said.

Every message is one sentence, or one sentence with indented lines below it: which resource, what was refused,
why, and what to do. No message holds the value of a secret field.

    MeshError
    ├── Invalid          a resource that the control plane would refuse
    ├── UnknownKind      a state or a document names a kind that this version does not have
    ├── AlreadyExists    create met an object that nobody handed to this stack
    ├── WrongControlPlane  the control plane is not the one that this stack was created on
    ├── NotEmpty         a mesh that is to be deleted holds objects of others
    ├── Unverified       what was read back is not what was sent
    ├── NotAccepted      what was written does not reach a proxy, or the proxy refuses it
    ├── Unconfigured     nobody said where the control plane is, or not clearly
    ├── Refused          the control plane answered 4xx and said why
    └── Unreachable      no answer, an answer that is not the API's, or 5xx
"""

from collections.abc import Iterable


class MeshError(Exception):
    """Something that a user can read and act on: `str(error)` is the whole story."""


class Invalid(MeshError):
    """A resource that the control plane would refuse."""

    def __init__(self, subject: str, reasons: Iterable[str], where: str = "") -> None:
        """Keep the resource (`MeshGateway/shop/edge`), the reasons (`path: why`) and the line of the program."""
        self.subject, self.reasons, self.where = subject, tuple(reasons), where
        super().__init__(listed(subject, self.reasons) + (f"\n  {where}" if where else ""))


class UnknownKind(MeshError):
    """A kind that this version does not have."""


class AlreadyExists(MeshError):
    """An object that nobody handed to this stack."""


class WrongControlPlane(MeshError):
    """A control plane that is not the one this stack was created on."""


class NotEmpty(MeshError):
    """A mesh that is to be deleted, and holds objects of others."""


class Unverified(MeshError):
    """A write whose result is not what was sent."""


class NotAccepted(MeshError):
    """A write that a proxy does not run."""


class Unconfigured(MeshError):
    """A control plane that nobody described, or not clearly."""


class Refused(MeshError):
    """An answer 4xx of the control plane."""

    def __init__(self, message: str, *, status: int) -> None:
        """Keep the HTTP status beside the message."""
        self.status = status
        super().__init__(message)


class Unreachable(MeshError):
    """No answer, an answer that is not the API's, or 5xx."""


def listed(subject: str, reasons: Iterable[str]) -> str:
    """Say one reason on the same line, several on lines of their own."""
    reasons = list(reasons)
    if len(reasons) == 1:
        return f"{subject}: {reasons[0]}"
    return "\n  ".join([f"{subject}: {len(reasons)} reasons", *reasons])
