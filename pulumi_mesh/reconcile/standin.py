"""What stands for a secret where the secret itself must not: in a file that brings an object into a state.

It is a fingerprint of the value that takes a while to make, so that nobody tries words. Where it meets the value that it
was made of, the two are the same.
"""

import base64
import binascii
import hashlib
from typing import Any

from pulumi_mesh.schema.spec import is_list, is_map

MARK = "pulumi-mesh-stand-in:"
BYTES = base64.b64encode(MARK.encode()).decode()
"""How one begins that stands for bytes: itself in base64, as the value is."""
COST = 2**12


def stand_in(value: str, place: str, *, as_bytes: bool) -> str:
    """Return what stands for a secret at a place; `as_bytes` tells whether the secret is bytes in base64."""
    salt = hashlib.sha256(place.encode()).hexdigest()[:16]
    made = f"{MARK}{salt}:{fingerprint(content(value, as_bytes=as_bytes), salt)}"
    return base64.b64encode(made.encode()).decode() if as_bytes else made


def resolved(one: Any, other: Any) -> Any:
    """Return a value with its stand-ins replaced by what stands in their places in another, if they stand for that."""
    if is_map(one) and is_map(other):
        return {key: resolved(item, other.get(key)) for key, item in one.items()}
    if is_list(one) and is_list(other) and len(one) == len(other):
        return [resolved(item, mate) for item, mate in zip(one, other, strict=True)]
    return other if isinstance(one, str) and isinstance(other, str) and stands_for(one, other) else one


def alike(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, where a stand-in is what it stands for."""
    return one == other or resolved(one, other) == resolved(other, one)


def stands_for(one: str, value: str) -> bool:
    """Tell whether a text stands for a value."""
    as_bytes = one.startswith(BYTES)
    if not as_bytes and not one.startswith(MARK):
        return False
    try:
        _, salt, made = content(one, as_bytes=as_bytes).decode().split(":")
        return fingerprint(content(value, as_bytes=as_bytes), salt) == made
    except ValueError:
        return False


def content(value: str, *, as_bytes: bool) -> bytes:
    """Return what is secret of a value; ValueError where it is no base64."""
    try:
        return base64.b64decode(value) if as_bytes else value.encode()
    except binascii.Error as error:
        raise ValueError from error


def fingerprint(secret: bytes, salt: str) -> str:
    """Return the fingerprint of a secret."""
    return hashlib.scrypt(secret, salt=salt.encode(), n=COST, r=8, p=1, dklen=24).hex()
