"""Host names: which one covers which, as the control plane sees it, and which one of several a proxy picks.

The control plane compares first labels and domains apart, so that `foo.example.com` covers `foo.b.example.com`, too.
That is its fault, kept here: what it builds is what is explained.
"""

from collections.abc import Iterable
from functools import lru_cache

ANY = "*"


@lru_cache(maxsize=65536)
def split(host: str) -> tuple[str, list[str]]:
    """Split a host into its first label and the labels of its domain."""
    first, *domain = (host or ANY).split(".")
    return first, domain


def covers(wide: str, narrow: str) -> bool:
    """Tell whether the control plane takes one host to be within another."""
    (first, domain), (other, below) = split(wide), split(narrow)
    if len(domain) > len(below) or below[len(below) - len(domain) :] != domain:
        return False
    return first in (ANY, other)


def meet(one: str, other: str) -> bool:
    """Tell whether one of two hosts covers the other."""
    return covers(one, other) or covers(other, one)


def exactness(host: str) -> tuple[bool, int, str]:
    """Sort hosts by how exact they are: names, then wildcards by the length of their domain, `*` last."""
    first, domain = split(host)
    wild = first == ANY
    return wild, -len(domain) if wild else 0, host or ANY


def picked(host: str, domains: Iterable[str]) -> str | None:
    """Return the one of some domains that a proxy picks for a host: that host, the longest wildcard, `*`, or none."""
    best: str | None = None
    for domain in domains:
        if domain == host and ANY not in domain:
            return domain
        fits = domain == ANY or (domain.startswith("*.") and host.endswith(domain[1:]) and len(host) > len(domain) - 1)
        if fits and (best is None or len(domain) > len(best)):
            best = domain
    return best


def bare(authority: str) -> str:
    """Return the host of a Host header, in lower case and without its port."""
    host, colon, port = authority.rpartition(":")
    named = host if colon and port.isdigit() and (host.endswith("]") or ":" not in host) else authority
    return named.lower()
