"""How often and how long to try again: decisions without I/O, about one request."""

import random
import time
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import Literal

Trouble = Literal[
    "busy",  # 409 of a race, 429, 502, 503, 504
    "broken",  # 500
    "timeout",
    "refused",  # no connection: nobody listens, or the name is not known
    "dropped",  # the connection closed without an answer
    "untrusted",  # the certificate
    "tls",  # another fault of TLS, as a rule a server that speaks none
    "proxy",
    "garbled",  # bytes that are no HTTP
]
RETRIES: dict[Trouble, int] = {"busy": 100, "broken": 1, "timeout": 1, "refused": 3, "dropped": 3}
FIRST_PAUSE: dict[Trouble, float] = {"busy": 0.2, "broken": 0.5, "timeout": 0.2, "refused": 0.15, "dropped": 0.15}
BUDGET = 10.0


class Patience:
    """What one request has left: each trouble has its number of retries, and all together about ten seconds."""

    def __init__(self, *, forgiving: bool = True) -> None:
        """Start the clock; without forgiveness there is one attempt only."""
        self.attempts = 1
        self._forgiving = forgiving
        self._met: Counter[Trouble] = Counter()
        self._start = time.monotonic()
        self._paused = 0.0

    def pause(self, trouble: Trouble | None, retry_after: str = "") -> float | None:
        """Return the seconds to wait before the next attempt, or None for no further one."""
        if trouble is None or not self._forgiving or self._met[trouble] >= RETRIES.get(trouble, 0):
            return None
        left = BUDGET - max(self._paused, time.monotonic() - self._start)
        if left <= 0 and self._met:
            return None
        pause = FIRST_PAUSE[trouble] * 2 ** self._met[trouble] * random.uniform(0.75, 1.25)
        pause = min(max(pause, seconds(retry_after)), max(left, 0.0))
        self._met[trouble] += 1
        self._paused += pause
        self.attempts += 1
        return pause


def trouble(status: int) -> Trouble | None:
    """Name what a status says about trying again."""
    if status in (409, 429, 502, 503, 504):
        return "busy"
    return "broken" if status == 500 else None


def seconds(retry_after: str) -> float:
    """Read a `Retry-After`: a number of seconds or a date."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
