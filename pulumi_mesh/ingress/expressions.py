"""Regular expressions as proxies read them: RE2, and always the whole text."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any


class BadExpression(ValueError):
    """A regular expression that RE2 does not take."""


@lru_cache(maxsize=4096)
def whole(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a text as a whole matches; BadExpression where the pattern is none."""
    import re2  # pyright: ignore[reportMissingTypeStubs] - of C++; imported where a route has an expression

    engine: Any = re2
    options = engine.Options()
    options.log_errors = False
    try:
        compiled = engine.compile(pattern, options)
    except engine.error as error:
        said = error.args[0] if error.args else ""
        raise BadExpression(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from None
    return lambda text: compiled.fullmatch(text) is not None


def wrong(pattern: str) -> str:
    """Say what is wrong with a pattern; nothing where RE2 takes it."""
    try:
        whole(pattern)
    except BadExpression as error:
        return str(error) or "no regular expression"
    return ""
