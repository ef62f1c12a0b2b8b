"""Rules of conditions on incoming traffic: SPIFFE IDs and server names."""

import re
from collections.abc import Iterator

from .release import Release
from .rules import Body, Violation, dig, join

TRUST_DOMAIN = re.compile(r"[a-z0-9.\-_]*")
SEGMENT = re.compile(r"[a-zA-Z0-9.\-_]*")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def traffic_match(path: str, match: Body, release: Release) -> Iterator[Violation]:
    """One condition: an ID that is one, a server name that can be one."""
    if (value := dig(match, "spiffeID.value")) is not None and (reason := no_spiffe_id(str(value))):
        reason = f": {reason}" if release >= (2, 14) else ""
        yield Violation(join(path, "spiffeID"), f"must be a valid Spiffe ID{reason}")
    if (name := dig(match, "sni.value")) is not None:
        yield from server_name(join(path, "sni.value"), str(name))


def no_spiffe_id(text: str) -> str:
    """Say why a text is no SPIFFE ID, or nothing."""
    if not text:
        return "cannot be empty"
    if not text.startswith("spiffe://"):
        return "scheme is missing or invalid"
    domain, slash, way = text.removeprefix("spiffe://").partition("/")
    if not TRUST_DOMAIN.fullmatch(domain):
        return "trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores"
    if not domain:
        return "trust domain is missing"
    return no_path(way.split("/")) if slash else ""


def no_path(segments: list[str]) -> str:
    """Say why the segments of a path cannot stand in a SPIFFE ID, the first reason from the left."""
    for index, segment in enumerate(segments):
        if not SEGMENT.fullmatch(segment):
            return "path segment characters are limited to letters, numbers, dots, dashes, and underscores"
        if segment in (".", ".."):
            return "path cannot contain dot segments"
        if not segment:
            last = index == len(segments) - 1
            return "path cannot have a trailing slash" if last else "path cannot contain empty segments"
    return ""


def server_name(path: str, name: str) -> Iterator[Violation]:
    """A server name is a DNS name in lower case."""
    if not name:
        yield Violation(path, "must be set")
        return
    if len(name.encode()) > 253:
        yield Violation(path, "must be no more than 253 characters")
    if not SUBDOMAIN.fullmatch(name):
        yield Violation(
            path,
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
            f" end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{SUBDOMAIN.pattern}')",
        )
