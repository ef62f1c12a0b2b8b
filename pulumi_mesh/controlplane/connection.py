"""Where a control plane is and who we are to it: from the environment first, then from the stack's config."""

import contextlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from pulumi_mesh.errors import Unconfigured

VARIABLES = {
    "url": "URL",
    "token": "TOKEN",
    "ca": "CA",
    "clientCert": "CLIENT_CERT",
    "clientKey": "CLIENT_KEY",
    "insecure": "INSECURE",
    "timeout": "TIMEOUT",
}
SPELLINGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}

HOST = r"[\w-]{1,63}(\.[\w-]{1,63})*"  # which no token fits


@dataclass(frozen=True)
class Connection:
    """One control plane: its address, and what we show there.

    `token_from` names the place the token came from, or says why there is none.
    """

    name: str
    url: str
    token: str | None = field(default=None, repr=False)
    ca: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    insecure: bool = False
    timeout: float = 30.0
    token_from: str = ""

    def __post_init__(self) -> None:
        """Refuse an address and a token that cannot be sent as they are."""
        object.__setattr__(self, "url", sound_url(self.name, "the URL", self.url))
        if self.token is not None:
            sound_token(self.name, self.token_from or "the token", self.token)


def connection(name: str, environ: Mapping[str, str], config: Callable[[str], str | None]) -> Connection:
    """Find the control plane of this name; `config` reads one key of the stack's config, such as `mesh:url`."""
    ours = {key: text for key in VARIABLES if (text := environ.get(variable(name, key), "")).strip()}
    theirs = _configured(name, config)
    url = _url(name, ours, theirs)
    spare = ""
    if "url" in ours and "url" in theirs and url != _url(name, {}, theirs, strict=False):
        spare = f"{_key(name, 'token')} is for another URL" if "token" in theirs else ""
        theirs = {}
    token, token_from = _token(name, environ, theirs)
    both = theirs | ours
    if "clientKey" in both and "clientCert" not in both:
        raise _unclear(name, f"{_origin(name, 'clientKey', ours)} needs {variable(name, 'clientCert')} beside it")
    return Connection(
        name=name,
        url=url,
        token=token,
        ca=both.get("ca"),
        client_cert=both.get("clientCert"),
        client_key=both.get("clientKey"),
        insecure=_switch(name, _origin(name, "insecure", ours), both.get("insecure", "false")),
        timeout=_seconds(name, _origin(name, "timeout", ours), both.get("timeout", "30")),
        token_from=token_from or spare,
    )


def variable(name: str, key: str) -> str:
    """Name the environment variable of a field."""
    infix = "" if name == "default" else re.sub(r"[-.]", "_", name).upper() + "_"
    return f"PULUMI_MESH_{infix}{VARIABLES[key]}"


def sound_url(name: str, origin: str, url: str) -> str:
    """Return the URL without its trailing slash, or say what to write instead, without what is secret in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit("http:"), None
    if re.search(r"\s", url):
        wrong = "has a blank in it"
    elif "@" in url:
        wrong = f"holds a user or a password, and a control plane takes tokens ({variable(name, 'token')})"
    elif "?" in url or "#" in url:
        wrong = "has a query or a fragment"
    elif "://" not in url:
        wrong = "has no scheme"
    elif parts.scheme not in ("http", "https"):
        wrong = "has a scheme other than http and https"
    elif not host:
        wrong = "has no host, or a port that is no number"
    else:
        return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
    raise _unclear(name, f"{origin} {wrong}: write {_instead(url)}")


def sound_token(name: str, origin: str, token: str) -> str:
    """Return the token if it fits into a header."""
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise _unclear(
            name, f"{origin} is no token: it is empty, or holds blanks, line ends or characters beyond ASCII"
        )
    return token


def token_of_file(name: str, origin: str, path: str) -> str:
    """Read a token from a file; neither path nor content is ever repeated, as either may be the token itself."""
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8")
    except OSError as error:
        raise _unclear(
            name, f"{origin} names a file that cannot be read: {error.strerror or 'no reason given'}"
        ) from None
    except ValueError:
        raise _unclear(name, f"{origin} names a file that is no text") from None
    return sound_token(name, f"the file of {origin}", text.strip())


def token_of_command(name: str, origin: str, command: str, limit: float = 30.0) -> str:
    """Run a command in the shell and take what it prints; the command is never repeated, nor its output."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, shell=True, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, start_new_session=True
    ) as process:
        try:
            printed, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise _unclear(name, f"the command of {origin} did not end within {limit:g} s") from None
    if process.returncode:
        said = "was not found" if process.returncode == 127 else f"ended with exit code {process.returncode}"
        raise _unclear(name, f"the command of {origin} {said}; run it by hand to see why")
    return sound_token(name, f"what the command of {origin} prints", printed.decode("utf-8", "replace").strip())


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a shell and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _url(name: str, ours: Mapping[str, str], theirs: Mapping[str, str], *, strict: bool = True) -> str:
    """Choose the URL of the environment before that of the config."""
    url = ours.get("url") or theirs.get("url")
    if url:
        try:
            return sound_url(name, _origin(name, "url", ours), url)
        except Unconfigured:
            if strict:
                raise
            return ""
    key = "mesh:url" if name == "default" else f"--path '{_key(name, 'url')}'"
    example = "http://localhost:5681"
    raise _unclear(
        name,
        f"nobody said where it is: set {variable(name, 'url')}={example}, or run pulumi config set {key} {example}",
    )


def _token(name: str, environ: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[str | None, str]:
    """Choose a token, and name where it comes from."""
    origin = variable(name, "token")
    if text := environ.get(origin, "").strip():
        return sound_token(name, origin, text), origin
    if path := environ.get(f"{origin}_FILE", "").strip():
        return token_of_file(name, f"{origin}_FILE", path), f"{origin}_FILE"
    if command := environ.get(f"{origin}_COMMAND", "").strip():
        return token_of_command(name, f"{origin}_COMMAND", command), f"{origin}_COMMAND"
    if text := theirs.get("token", "").strip():
        return sound_token(name, _key(name, "token"), text), _key(name, "token")
    return None, ""


def _configured(name: str, config: Callable[[str], str | None]) -> dict[str, str]:
    """Read the fields that the stack's config gives."""
    if name == "default":
        return {key: text for key in VARIABLES if (text := config(f"mesh:{key}") or "").strip()}
    try:
        planes: Any = json.loads(config("mesh:controlPlanes") or "{}")
    except ValueError:
        raise _unclear(name, "mesh:controlPlanes is no JSON") from None
    plane: Any = cast("dict[str, Any]", planes).get(name, {}) if isinstance(planes, dict) else None
    if not isinstance(plane, dict):
        raise _unclear(name, 'mesh:controlPlanes should look like {"eu": {"url": "https://...", "token": "..."}}')
    return _fields(name, cast("dict[str, Any]", plane))


def _fields(name: str, plane: Mapping[str, Any]) -> dict[str, str]:
    """Take the known fields of one entry of `mesh:controlPlanes` as text, and refuse the others."""
    for key, value in plane.items():
        if key not in VARIABLES:
            near = get_close_matches(key, VARIABLES, n=1)
            hint = f"did you mean {near[0]}" if near else f"known are {', '.join(VARIABLES)}"
            raise _unclear(name, f"{_key(name, key)} is not known; {hint}")
        if isinstance(value, (dict, list)):
            raise _unclear(name, f"{_key(name, key)} should be one value")
    texts = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in plane.items() if value is not None
    }
    return {key: text for key, text in texts.items() if text.strip()}


def _switch(name: str, origin: str, text: str) -> bool:
    """Read true or false."""
    if (spelling := text.strip().lower()) in SPELLINGS:
        return SPELLINGS[spelling]
    raise _unclear(name, f"{origin} should be true or false")


def _seconds(name: str, origin: str, text: str) -> float:
    """Read a number of seconds."""
    if re.fullmatch(r"\s*\d+(\.\d+)?\s*", text) and float(text) > 0:
        return float(text)
    raise _unclear(name, f"{origin} should be a number of seconds above 0")


def _instead(url: str) -> str:
    """Make of a wrong URL the one that was probably meant; a token, or what else is no URL, is not repeated."""
    rest = re.sub(r"\s", "", re.split(r"[?#]", url)[0])
    scheme = re.match(r"(https?):/*", rest, re.IGNORECASE)
    rest = re.sub(r"^(https?:/*|[a-z][a-z0-9+.-]*://)", "", rest, flags=re.IGNORECASE).rpartition("@")[2].strip("/")
    if not re.fullmatch(rf"({HOST}|\[[\da-fA-F:]+\])(:\d+)?(/.*)?", rest):
        return "http://localhost:5681, say"
    near = rest.startswith(("localhost", "127.", "[::1]")) or re.search(r":5681\b", rest)
    return f"{scheme[1].lower() if scheme else 'http' if near else 'https'}://{rest}"


def _key(name: str, key: str) -> str:
    """Name the config key of a field, as `pulumi config` writes it."""
    if name == "default":
        return f"mesh:{key}"
    return (
        f"mesh:controlPlanes.{name}.{key}" if re.fullmatch(r"[\w-]+", name) else f'mesh:controlPlanes["{name}"].{key}'
    )


def _origin(name: str, key: str, ours: Mapping[str, str]) -> str:
    """Name the place a field was taken from."""
    return variable(name, key) if key in ours else _key(name, key)


def _unclear(name: str, reason: str) -> Unconfigured:
    """Make the error that says what is not clear about a control plane."""
    return Unconfigured(f"control plane {name}: {reason}")
