"""A request, as a proxy reads it: host, path and query in the form in which routes are compared with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.hosts import bare
from pulumi_mesh.schema.tags import is_ip

STANDARD = {"http": 80, "https": 443}
SCHEMES = ("http", "https", "tcp", "tls")
# fmt: off
METHODS = frozenset({
    "DELETE", "GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE",
    "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK",
    "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE",
    "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PATCH", "PURGE", "MKCALENDAR", "LINK",
    "UNLINK", "SOURCE",
})
# fmt: on
"""The methods that a proxy takes; every other word is 400."""
ESCAPED_SLASH = re.compile(r"%(2[fF]|5[cC])")
UNRESERVED = re.compile(r"%([0-9A-Fa-f]{2})")
TO_ESCAPE = re.compile(r"[^!$%&'()*+,\-./0-9:;=@A-Z\[\]\\^_a-z|~]")


class NoRequest(MeshError):
    """Something that is no request: a URL without a host, for one."""


@dataclass(frozen=True)
class Request:
    """One request: where it goes, and what it says."""

    scheme: str
    """`http`, `https`, `tcp` (a connection) or `tls` (one with TLS)."""
    authority: str
    """The Host header, with the port where it is not the scheme's own."""
    port: int
    method: str
    target: str
    """Path and query, as sent."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """The headers, by their names in lower case; several values are joined by a comma."""
    server_name: str = ""
    """The name that TLS asks for."""
    ported: bool = True
    """Whether the URL names the port."""

    @classmethod
    def of(cls, url: str, method: str = "GET", headers: "Headers | None" = None) -> "Request":
        """Read a request; the header `host` stands for another Host than that of the URL."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError as error:
            raise NoRequest(f"{url}: is no URL: {error}") from None
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise NoRequest(
                f"{url}: is no URL of a request; write http://HOST/PATH, https://, tcp://HOST:PORT or tls://"
            )
        standard = STANDARD.get(parts.scheme)
        if port is None and standard is None:
            raise NoRequest(f"{url}: names no port; {parts.scheme}:// has none of its own")
        said = joined(headers or {})
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        own = name if port in (None, standard) else f"{name}:{port}"
        target = (parts.path or "/") + (f"?{parts.query}" if "?" in url.partition("#")[0] else "")
        authority = said.pop("host", own)
        return cls(
            parts.scheme,
            authority,
            port or standard or 0,
            method,
            target,
            {**said, "host": authority},
            "" if is_ip(parts.hostname) else parts.hostname.rstrip("."),
            port is not None,
        )

    @cached_property
    def host(self) -> str:
        """The host, in lower case and without its port."""
        return bare(self.authority)

    @cached_property
    def query(self) -> str | None:
        """The query, as sent; None where there is none."""
        _, mark, query = self.target.partition("?")
        return query if mark else None

    @cached_property
    def path(self) -> str:
        """The path, normalised as proxies do it."""
        return normalised(self.target.partition("?")[0])

    @property
    def unescaped(self) -> str:
        """The target that a proxy redirects to because a slash is escaped in the path; nothing otherwise."""
        path = self.target.partition("?")[0]
        if not ESCAPED_SLASH.search(path):
            return ""
        return normalised(ESCAPED_SLASH.sub(lambda found: chr(int(found[1], 16)), path)) + self.suffix

    @property
    def suffix(self) -> str:
        """The query with its question mark; nothing where there is none."""
        return "" if self.query is None else f"?{self.query}"

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters of the query, not decoded; the first of a name counts."""
        found: dict[str, str] = {}
        for pair in (self.query or "").split("&"):
            name, _, value = pair.partition("=")
            found.setdefault(name, value)
        return found if self.query else {}

    def parameter(self, name: str) -> str | None:
        """Return a parameter of the query."""
        return self.parameters.get(name)

    def header(self, name: str) -> str | None:
        """Return a header, those included that the proxy adds before it looks at routes."""
        if name == "x-forwarded-proto":
            return "https" if self.scheme in ("https", "tls") else "http"
        return self.headers.get(name)

    @property
    def refused(self) -> str:
        """Why a proxy answers 400 before it looks at routes; nothing where it does not."""
        if self.method not in METHODS:
            return f"400: {self.method} is no method that proxies know; methods are in upper case"
        wrong = next((name for name in self.headers if "_" in name), None)
        if wrong:
            return f"400: the name of the header {wrong} has an underscore"
        return "" if self.authority else "400: there is no Host"


Headers = Mapping[str, str | list[str]]
"""Headers; one that comes several times has a list."""


def joined(headers: Headers) -> dict[str, str]:
    """Return headers by their names in lower case; the values of one are trimmed, and joined by a comma."""
    found: dict[str, list[str]] = {}
    for name, value in headers.items():
        values = value if isinstance(value, list) else [value]
        found.setdefault(str(name).strip().lower(), []).extend(str(one).strip(" \t") for one in values)
    return {name: ",".join(values) for name, values in found.items()}


def normalised(path: str) -> str:
    """Normalise a path: dot segments, backslashes, doubled slashes, and escapes of characters that need none."""

    def plain(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if re.fullmatch(r"[A-Za-z0-9\-._~]", character) else found[0]

    path = UNRESERVED.sub(plain, path).replace("\\", "/")
    path = TO_ESCAPE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), path)
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1:] and segments[-1] in (".", ".."):
        kept.append("")
    return re.sub("/{2,}", "/", "/" + "/".join(kept))
