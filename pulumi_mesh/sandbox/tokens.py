"""Tokens: what a request must say, and the JWT that answers it, signed with the latest key that a Secret holds."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from pulumi_mesh.sandbox.answers import Answer, Unread, invalid, not_imitated, refusal
from pulumi_mesh.sandbox.gojson import parsed
from pulumi_mesh.sandbox.gotime import go_duration_of
from pulumi_mesh.sandbox.site import Site
from pulumi_mesh.schema.forms import UNITS
from pulumi_mesh.schema.rules import Violation, table
from pulumi_mesh.schema.spec import is_list, is_map

Said = Mapping[str, Any]
TEN_YEARS = 10 * 365 * 24 * UNITS["h"]
SKEW = 5
"""Seconds that Kuma 2.14 dates a token back, for clocks that are late."""
PROXIES = ("dataplane", "ingress", "egress")
INVALID, UNREAD = "Invalid request", Answer(400, b"", "")


@dataclass(frozen=True, slots=True)
class Token:
    """One sort of tokens."""

    keys: str
    """How the names of its signing keys begin; those of a mesh name it, too."""
    texts: tuple[str, ...]
    """What a request says in text."""
    lists: tuple[str, ...]
    """What it says in lists of text."""
    maps: tuple[str, ...]
    """What it says in maps of such lists."""
    wrong: Callable[[Said], Iterator[Violation]]
    claims: Callable[[Said, bool], dict[str, Any]]


def of_proxy(said: Said) -> Iterator[Violation]:
    """A token of a proxy is for a mesh."""
    if not said["mesh"]:
        yield Violation("mesh", "cannot be empty")
    yield from valid_for(said)
    if said["type"] and said["type"] not in PROXIES:
        yield Violation("type", f"{said['type']} is not a valid proxy type")


def of_zone(said: Said) -> Iterator[Violation]:
    """A token of a zone says what for."""
    if said["scope"] is None:
        yield Violation("scope", "cannot be empty")
    yield from valid_for(said)


def of_user(said: Said) -> Iterator[Violation]:
    """A token of a user has a name and an end."""
    if not said["name"]:
        yield Violation("name", "cannot be empty")
    if not said["validfor"]:
        yield Violation("validFor", "cannot be empty")
        return
    found = list(valid_for(said))
    yield from found
    if found or not go_duration_of(said["validfor"]):
        yield Violation("validFor", "cannot be empty or nil")


def valid_for(said: Said) -> Iterator[Violation]:
    """How long a token holds is a duration."""
    try:
        go_duration_of(said["validfor"] or "0")
    except Unread as error:
        yield Violation("validFor", f"is invalid: {error}")


def proxy_claims(said: Said, modern: bool) -> dict[str, Any]:
    """Return what a token of a proxy says."""
    tags = {key: sorted(set(values)) for key, values in table(said, "tags").items() if values}
    claims: dict[str, Any] = {"Name": said["name"], "Mesh": said["mesh"], "Tags": tags, "Type": said["type"]}
    return claims | ({"Workload": said["workload"]} if modern else {})


TOKENS = {
    "dataplane": Token(
        "dataplane-token-signing-key-",
        ("name", "mesh", "type", "workload", "validfor"),
        (),
        ("tags",),
        of_proxy,
        proxy_claims,
    ),
    "zone": Token(
        "zone-token-signing-key",
        ("zone", "validfor"),
        ("scope",),
        (),
        of_zone,
        lambda said, _: {"Zone": said["zone"], "Scope": said["scope"]},
    ),
    "user": Token(
        "user-token-signing-key",
        ("name", "validfor"),
        ("groups",),
        (),
        of_user,
        lambda said, _: {"Name": said["name"], "Groups": said["groups"]},
    ),
}


def issue(site: Site, sort: str, body: bytes) -> Answer:
    """Answer a request for a token."""
    token = TOKENS[sort]
    try:
        said = read(token, parsed(body))
    except Unread:
        return UNREAD
    if found := list(token.wrong(said)):
        raise invalid(found, INVALID)
    key, number = latest(site, token.keys, said.get("mesh", ""))
    lasts = go_duration_of(said["validfor"]) if said["validfor"] else TEN_YEARS
    begins = time() - (SKEW if site.modern else 0)
    ends = begins + lasts / UNITS["s"] + (SKEW if site.modern else 0)
    dates = {"exp": int(ends), "nbf": int(begins), "iat": int(begins), "jti": str(uuid.uuid4())}
    header = {"alg": "RS256", "kid": str(number), "typ": "JWT"}
    return Answer(200, signed(key, header, token.claims(said, site.modern) | dates), "text/plain")


def read(token: Token, body: Any) -> dict[str, Any]:
    """Read a request; Go does not mind the case of keys."""
    said = {key.lower(): value for key, value in entries(body).items()}
    read: dict[str, Any] = {key: text(said.get(key)) for key in token.texts}
    read |= {key: texts(said.get(key)) for key in token.lists}
    return read | {key: {name: texts(one) for name, one in entries(said.get(key)).items()} for key in token.maps}


def entries(value: Any) -> Said:
    """Read an object; null is an empty one."""
    if value is not None and not is_map(value):
        raise Unread("no object")
    return value or {}


def text(value: Any) -> str:
    """Read text; null is an empty one."""
    if not isinstance(value, (str, type(None))):
        raise Unread("no text")
    return value or ""


def texts(value: Any) -> list[str] | None:
    """Read a list of text, or nothing."""
    if value is None:
        return None
    if not is_list(value):
        raise Unread("no list")
    return [text(one) for one in value]


def latest(site: Site, prefix: str, mesh: str) -> tuple[rsa.RSAPrivateKey, int]:
    """Return the key with the highest number at the end of its name, and the number."""
    prefix, kind = (f"{prefix}{mesh}", "Secret") if mesh else (prefix, "GlobalSecret")
    rows = [row for row in site.store.rows(kind, mesh) if row.name.startswith(prefix)]
    if not rows:
        where = f'Secret of name "{prefix}-1" in mesh "{mesh}"' if mesh else f'GlobalSecret of name "{prefix}-1"'
        detail = f"there is no signing key with KID 1. {where} is not found. If signing key was rotated, regenerate the token"
        raise refusal(404, "Signing Key not found", detail)
    number, row = max(((serial(row.name, prefix), row) for row in rows), key=lambda one: one[0])
    try:
        key = serialization.load_pem_private_key(base64.b64decode(row.content().get("data", "")), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise not_imitated(f"a token with {row.name}, which is no RSA key in PEM")
    return key, number


def serial(name: str, prefix: str) -> int:
    """Return the number at the end of the name of a key; a name without one counts as 0."""
    number = name.replace(f"{prefix}-", "")
    return int(number) if number.isascii() and number.isdigit() else 0


def signed(key: rsa.RSAPrivateKey, header: Said, claims: Said) -> bytes:
    """Return a JWT."""
    what = b".".join(segment(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    return what + b"." + segment(key.sign(what, padding.PKCS1v15(), hashes.SHA256()))


def segment(data: bytes) -> bytes:
    """Write bytes as a JWT does."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")
