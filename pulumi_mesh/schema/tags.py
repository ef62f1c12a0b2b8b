"""Rules for tags, selectors, ports, host names and addresses, which many kinds share, in the control plane's words."""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .rules import Violation, entry

PORT = "port must be in the range [1, 65535]"
SERVICE = "kuma.io/service"
KEY = re.compile(r"[a-zA-Z0-9.\-_:/]*")
TAG_VALUE = re.compile(r"[a-zA-Z0-9.\-_:]*")
SELECTOR_VALUE = re.compile(r"[a-zA-Z0-9.\-_:/]*|\*")
DNS_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}(\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?")
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def port(path: str, value: Any) -> Iterator[Violation]:
    """A port is 1 to 65535."""
    if not 1 <= int(value or 0) <= 65535:
        yield Violation(path, PORT)


def selector_tags(path: str, match: Mapping[str, Any], *, required: Sequence[str] = (SERVICE,)) -> Iterator[Violation]:
    """The tags of a selector: at least one, the required ones among them, `*` allowed as a value."""
    yield from tags(path, match, required=required, selector=True)


def tags(
    path: str, said: Mapping[str, Any], *, required: Sequence[str] = (), selector: bool = False, some: bool = True
) -> Iterator[Violation]:
    """Keys and values of tags, and which must be there."""
    if some and not said:
        yield Violation(path, "must have at least one tag")
    for key, value in sorted(said.items()):
        yield from tag(path, key, str(value), selector=selector)
    for name in required:
        if name not in said:
            yield Violation(path, f'mandatory tag "{name}" is missing')


def tag(path: str, key: str, value: str, *, selector: bool) -> Iterator[Violation]:
    """One tag of those at a path."""
    if not key:
        yield Violation(path, "tag name must be non-empty")
    path = entry(path, key)
    if not KEY.fullmatch(key):
        yield Violation(path, "tag name must consist of alphanumeric characters, dots, dashes, slashes and underscores")
    if not value:
        yield Violation(path, "tag value must be non-empty")
    if selector and not SELECTOR_VALUE.fullmatch(value):
        yield Violation(
            path, 'tag value must consist of alphanumeric characters, dots, dashes, slashes and underscores or be "*"'
        )
    if not selector and not TAG_VALUE.fullmatch(value):
        yield Violation(path, "tag value must consist of alphanumeric characters, dots, dashes and underscores")


def tag_keys(path: str, said: Mapping[str, Any], reserved: Sequence[str]) -> Iterator[Violation]:
    """Tags whose names are free, but for those that the control plane keeps to itself."""
    for key, value in sorted(said.items()):
        if key in reserved:
            yield Violation(entry(path, key), f'tag name must not be "{key}"')
        yield from tag(path, key, str(value), selector=True)


def hostname(path: str, host: str) -> Iterator[Violation]:
    """The host of a listener: empty, `*`, `*.domain`, or a name."""
    if host in ("", "*"):
        return
    if len(host) > 253:
        yield Violation(path, "must be at most 253 characters")
    name = host.removeprefix("*.")
    if not all(LABEL.fullmatch(part) and len(part) <= 63 for part in name.split(".")):
        yield Violation(path, "invalid wildcard domain" if host.startswith("*") else "invalid hostname")


def is_ip(address: str) -> bool:
    """Tell whether an address is an IP address."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def is_dns_name(address: str) -> bool:
    """Tell whether an address is what the control plane takes for a DNS name: hyphens and underscores may stand at an end."""
    return len(address.replace(".", "")) <= 255 and not is_ip(address) and DNS_NAME.fullmatch(address) is not None
