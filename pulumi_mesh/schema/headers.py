"""Headers that a policy sets or adds, and the answer to a request that is one too many."""

from .parts import HeaderName, Str, Uint32
from .spec import Model, One, Part, Parts, field


class HeaderValue(Model):
    """A header and its value."""

    name: One[HeaderName] = field(doc="The name of the header, in lower case.")
    value: One[Str] = field(doc="The value; several of one header are separated by commas.")


class HeaderChanges(Model):
    """What happens to headers."""

    set: Parts[HeaderValue] = field(default=None, most=16, doc="Headers whose values are replaced, up to 16.")
    add: Parts[HeaderValue] = field(default=None, most=16, doc="Headers that get one more value, up to 16.")


class RateLimitAnswer(Model):
    """What a request gets that is too many."""

    status: One[Uint32 | None] = field(default=None, doc="The status, 400 or higher; 429, if absent.")
    headers: Part[HeaderChanges | None] = field(default=None, doc="Headers of the answer.")
