"""What is shown of a secret: a keyed fingerprint, by which two secrets can be told apart, and nothing else be learnt."""

import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

SHOWN = 8


class Fingerprint(str):
    """What stands in the place of a secret."""

    __slots__ = ()


def fingerprints(key: str = "") -> Callable[[Any], Fingerprint]:
    """Return what makes fingerprints with a key; without one they differ from run to run, so that nobody can try words."""
    secret = key.encode() if key else secrets.token_bytes(32)

    def shown(value: Any) -> Fingerprint:
        if isinstance(value, Fingerprint):
            return value
        text = json.dumps(value, sort_keys=True, default=str)
        return Fingerprint(f"(secret {hmac.new(secret, text.encode(), 'sha256').hexdigest()[:SHOWN]})")

    return shown
