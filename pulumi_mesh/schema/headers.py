"""Headers that a policy sets or adds."""

from .parts import HeaderName, Str
from .spec import Model, One, Parts, field


class HeaderValue(Model):
    """A header and its value."""

    name: One[HeaderName] = field(doc="The name of the header, in lower case.")
    value: One[Str] = field(doc="The value; several of one header are separated by commas.")


class HeaderChanges(Model):
    """What happens to headers."""

    set: Parts[HeaderValue] = field(default=None, most=16, doc="Headers whose values are replaced, up to 16.")
    add: Parts[HeaderValue] = field(default=None, most=16, doc="Headers that get one more value, up to 16.")
