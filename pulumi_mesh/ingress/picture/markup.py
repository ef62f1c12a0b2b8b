"""Text that comes from documents, within markup: nothing in it is taken for markup, and nothing breaks the file."""

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""What XML does not take, and what turns the direction of writing around."""
MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def clean(text: str) -> str:
    """Return text without what no file can hold, and what would turn it around."""
    return FORBIDDEN.sub("\ufffd", text)


def escaped(text: str) -> str:
    """Return text for the content of an element, or for an attribute in quotes."""
    return clean(text).translate(str.maketrans(MARKUP))


def attributes(**said: str) -> str:
    """Write attributes; an underscore is a hyphen, one at the end is left out."""
    written = (f' {name.rstrip("_").replace("_", "-")}="{escaped(value)}"' for name, value in said.items())
    return "".join(written)
