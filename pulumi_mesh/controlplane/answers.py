"""What an answer of the control plane means: pure functions from answers to sentences and decisions."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from pulumi_mesh.controlplane.connection import Connection, variable
from pulumi_mesh.controlplane.patience import Trouble

LONGEST_QUOTE = 200
MISSING = re.compile(r"(could not|failed to) (retrieve|delete) ", re.IGNORECASE)
SECRETS = re.compile(r"/(global-)?secrets(/|$)")
SECRET_KEYS = ("data", "inline", "inlineString", "insecureInline")
PROXIES = "the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY)"


@dataclass(frozen=True)
class Call:
    """One request, and what it is about."""

    method: str
    path: str
    about: str = ""
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    query: Mapping[str, int] | None = None

    @property
    def subject(self) -> str:
        """Name what every error begins with."""
        return self.about or f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answer:
    """What came back for a request, after so many attempts."""

    call: Call
    status: int
    content_type: str
    text: str = field(repr=False)
    location: str = ""
    attempts: int = 1

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """Return the JSON object that came, if it was one."""
        try:
            body: Any = json.loads(self.text) if "json" in self.content_type else None
        except ValueError:
            return None
        return cast("dict[str, Any]", body) if isinstance(body, dict) else None

    @property
    def is_success(self) -> bool:
        """Tell an answer 2xx of an API."""
        return 200 <= self.status < 300 and not self.is_page

    @property
    def is_page(self) -> bool:
        """Tell a page for people, which no control plane sends."""
        return "html" in self.content_type or self.text[:200].lstrip()[:5].lower() in ("<!doc", "<html")

    @property
    def reasons(self) -> list[str]:
        """List the violations, `field: reason`, in a stable order."""
        listed: Any = (self.body or {}).get("invalid_parameters")
        listed = cast("list[object]", listed) if isinstance(listed, list) else []
        violations = [cast("dict[str, Any]", each) for each in listed if isinstance(each, dict)]
        pairs = [(_text(each, "field"), _text(each, "reason")) for each in violations]
        return sorted({f"{field}: {reason}" if field else reason for field, reason in pairs})


def missing(answer: Answer) -> bool:
    """Tell an object that is not there from a path that is not served; a gateway's own 404 is neither."""
    if answer.status != 404 or answer.body is None:
        return False
    return answer.body.get("type") == "/std-errors" or bool(MISSING.match(_text(answer.body, "title")))


def without_mesh(answer: Answer) -> bool:
    """Tell whether the mesh of the path is what is not there."""
    return missing(answer) and _text(answer.body, "title").lower().endswith("retrieve mesh")


def refuses_size(answer: Answer) -> bool:
    """Tell whether it is the size of the page that was refused."""
    return answer.status == 400 and any(reason.startswith("size:") for reason in answer.reasons)


def refused(answer: Answer) -> bool:
    """Tell a refusal of the control plane (4xx, with its reason) from an answer that is not the API's."""
    return 400 <= answer.status < 500 and (answer.status == 401 or not answer.is_page)


def explain(answer: Answer, connection: Connection, served_by: str = "the control plane") -> str:
    """Say what an answer means and what to do; the reasons of the control plane follow, one per line."""
    status, call = answer.status, answer.call
    if status == 401:
        return f"{_token_refused(connection)} (401{_said(answer, ': ')}){_reasons(answer)}"
    if 300 <= status < 400:
        where = re.split(r"[?#]", answer.location)[0] or "nowhere"
        return f"{connection.url} redirects to {where} ({status}); {_whereto(connection)}"
    if answer.is_page and status < 500:
        return f"a web page came back ({status}): a login page or a proxy, no Kuma API; {_whereto(connection)}"
    if status == 400 and "HTTP request to an HTTPS server" in answer.text:
        return f"{connection.url} speaks https: write https:// (kuma-cp has its https port at 5682)"
    if status == 403:
        return f"access denied{_said(answer, ': ', 'detail')} (403); {_right(connection)}{_reasons(answer)}"
    if status == 404:
        return _not_found(answer, connection, served_by)
    if status == 405:
        return (
            f"{served_by} takes no {call.method} of {call.path} (405): it is read-only (on Kubernetes, use kubectl), "
            "or this type is written on the other side (global or zone)"
        )
    if status >= 500:
        return _broken(answer)
    return f"{_said(answer) or 'refused without a reason'} ({status}){_reasons(answer)}"


def odd(answer: Answer, wanted: str, connection: Connection) -> str:
    """Say that a success is not of the API's shape; what came is not quoted, as it may hold a secret."""
    came = answer.content_type.partition(";")[0] or "nothing that has a type"
    came = "other JSON" if "json" in came else came
    return f"{answer.call.method} {answer.call.path} gives {wanted}, and {came} came ({answer.status}); {_whereto(connection)}"


def unanswered(trouble: Trouble, words: str, connection: Connection, attempts: int) -> str:
    """Say why there is no answer at all; `words` are those of the operating system or of TLS."""
    url, name = connection.url, connection.name
    tries = f"{attempts} attempts" if attempts > 1 else "1 attempt"
    what = f"{words}, {tries}" if words else tries
    if trouble == "refused":
        return f"no control plane answers at {url} ({what}); start it, or correct the URL"
    if trouble == "timeout":
        longer = variable(name, "timeout")
        return f"no answer from {url} within {connection.timeout:g} s ({tries}); {longer} gives it more seconds"
    if trouble == "untrusted" and "mismatch" in words:
        return f"the certificate of {url} is for another host ({words}); write a host that it names"
    if trouble == "untrusted":
        return (
            f"the certificate of {url} is not trusted ({words}); name the PEM file of its authority in "
            f"{variable(name, 'ca')} (for kuma-cp's own, kuma-cp.crt of its work directory)"
        )
    if trouble == "tls" and "certificate required" in words:
        return f"{url} wants a client certificate; name its PEM file in {variable(name, 'clientCert')}"
    if trouble == "tls":
        return f"TLS with {url} is not possible ({words}); write http:// if the server speaks no https"
    if trouble == "proxy":
        return f"{PROXIES} does not connect to {url}"
    if trouble == "garbled":
        return f"what {url} answers cannot be decoded"
    return f"{url} closed the connection without a whole answer ({what}); the cause is in the control plane's log"


def hidden(connection: Connection, body: object = None) -> list[str]:
    """List what must not appear in a message: the token, and what a request holds in the fields of secrets."""
    lines = {line for each in [connection.token or "", *_secrets(body)] for line in each.splitlines() if len(line) > 3}
    escaped = {json.dumps(each)[1:-1] for each in lines}
    twice = {json.dumps(each)[1:-1] for each in escaped}
    return sorted(lines | escaped | twice, key=len, reverse=True)


def masked(text: str, values: Iterable[str]) -> str:
    """Blot out values that an answer repeats."""
    for value in values:
        text = text.replace(value, "***")
    return text


def _token_refused(connection: Connection) -> str:
    """Say whose token it was, or that there was none."""
    origin = connection.token_from
    if connection.token is None:
        why = f" ({origin})" if origin else ""
        return f"the control plane wants a token and none was sent{why}: set {variable(connection.name, 'token')}"
    return f"the token{f' of {origin}' if origin else ''} is wrong, expired or of another control plane"


def _right(connection: Connection) -> str:
    """Say what to do about a right that is missing."""
    if connection.token is not None:
        origin = f" of {connection.token_from}" if connection.token_from else ""
        return f"the user of the token{origin} needs this right"
    own = variable(connection.name, "token")
    return f"set {own} to the token of a user who has this right (no token was sent: enough for all but secrets, often)"


def _whereto(connection: Connection) -> str:
    """Say how to recognise the right URL."""
    return f"the URL ({connection.url}) should end where GET / answers JSON with product and version"


def _not_found(answer: Answer, connection: Connection, served_by: str) -> str:
    """Tell apart what a 404 can mean."""
    path = answer.call.path
    if without_mesh(answer) and (mesh := re.match(r"/meshes/([^/?]+)/", path)):
        return f"the mesh {mesh[1]} does not exist on {connection.url}; create it first"
    if answer.text.startswith("404: Page Not Found"):
        return (
            f"{served_by} does not serve {path} (404): the type is one of another version or product, "
            f"or the base path of the URL ({connection.url}) is wrong"
        )
    said = f"{_said(answer) or 'not found'} (404)"
    if answer.body is not None and answer.body.get("type") == "/std-errors":
        return said + _reasons(answer)
    return f"{said}, which is not an answer of a Kuma API; {_whereto(connection)}"


def _broken(answer: Answer) -> str:
    """Say what a 5xx means."""
    tries = f" after {answer.attempts} attempts" if answer.attempts > 1 else ""
    if answer.status == 500:
        said = _said(answer, "", "title") or "internal server error"
        return f"{said} (500{tries}); the cause is in the control plane's log"
    if answer.status == 501:
        return f"not implemented there (501{_said(answer, ': ')})"
    return f"the control plane, or a proxy before it, is not ready ({answer.status}{tries}{_said(answer, ': ')})"


def _said(answer: Answer, before: str = "", *keys: str) -> str:
    """Return the words of the answer itself: title and detail, or the beginning of a text."""
    if answer.body is not None:
        parts = [_lower(_text(answer.body, key)) for key in keys or ("title", "detail")]
        said = ": ".join(part for part in parts if part) or _text(answer.body, "message")
    else:
        said = "" if SECRETS.search(answer.call.path) or answer.is_page else answer.text
    said = " ".join(said.split()).rstrip(".")
    if answer.body is None and len(said) > LONGEST_QUOTE:
        said = said[:LONGEST_QUOTE] + "..."
    return before + said if said else ""


def _reasons(answer: Answer) -> str:
    """Put each violation on a line of its own."""
    return "".join(f"\n  {reason}" for reason in answer.reasons)


def _text(values: Mapping[str, Any] | None, key: str) -> str:
    """Return the text under a key, if it is one."""
    value: Any = (values or {}).get(key)
    return value if isinstance(value, str) else ""


def _lower(words: str) -> str:
    """Write Kuma's titles in lower case, but no name; `Failed to` and `Could not` mean the same to it."""
    title = re.match(r"(Failed to |Could not )|[A-Z][a-z]+( [A-Z][a-z]+)*\b", words.strip())
    if title is None:
        return words.strip()
    return ("could not " if title[1] else title[0].lower()) + words.strip()[title.end() :]


def _secrets(body: object, inside: bool = False) -> list[str]:
    """Collect the texts under the keys that hold secrets, at any depth."""
    if isinstance(body, str):
        return [body] if inside else []
    if isinstance(body, Mapping):
        pairs = cast("Mapping[object, object]", body).items()
        return [found for key, each in pairs for found in _secrets(each, inside or key in SECRET_KEYS)]
    if isinstance(body, (list, tuple)):
        return [found for each in cast("list[object]", body) for found in _secrets(each, inside)]
    return []
