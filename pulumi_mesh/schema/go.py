"""What the control plane's language takes for a URL, for HOST:PORT, for a regular expression, for an address."""

import ipaddress
import re

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*", re.ASCII)
HOST = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=<>\"\x80-\U0010ffff]|%25|%[89A-Fa-f][0-9A-Fa-f])*")
ESCAPED = re.compile(r"%(?![0-9A-Fa-f]{2})")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def uri_port(text: str) -> str | None:
    """Return the port of a URL (an absolute one, or a path), empty where it has none; None where it is no URL."""
    if not text or CONTROL.search(text) or text.startswith(":"):
        return None
    text = text.split("?", 1)[0]
    scheme, colon, rest = text.partition(":")
    if not (colon and SCHEME.fullmatch(scheme)):
        scheme, rest = "", text
    if not rest.startswith("/"):
        return "" if scheme or text == "*" else None
    authority, path = "", rest
    if scheme and rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        path = slash + path
    return None if ESCAPED.search(path) else authority_port(authority)


def authority_port(authority: str) -> str | None:
    """Return the port behind a host, empty where there is none; None where the host is none."""
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        inside, bracket, after = host[1:].rpartition("]")
        if not bracket or (after and not re.fullmatch(r":[0-9]*", after)):
            return None
        return after[1:] if re.fullmatch(r"[0-9A-Fa-f:.]*(%25.*)?", inside) else None
    name, colon, port = host.rpartition(":")
    if not colon:
        name, port = port, ""
    if (port and not re.fullmatch(r"[0-9]+", port)) or not HOST.fullmatch(name.replace(":", "")):
        return None
    return port


def host_port(text: str) -> tuple[str, str] | None:
    """Split HOST:PORT, `[::1]:80` among them; None where it is none."""
    if text.startswith("["):
        host, bracket, port = text[1:].partition("]")
        return (host, port[1:]) if bracket and port.startswith(":") and not set(port[1:]) & set(":[]") else None
    host, colon, port = text.rpartition(":")
    return (host, port) if colon and not set(host) & set(":[]") and not set(port) & set("[]") else None


GO_ONLY = re.compile(r"\\[pP](?:\{\^?\w+\}|[A-Z])|\\[zC]|\[:\^?\w+:\]|\(\?[imsU]*(?:-[imsU]+)?\)|\\Q.*?(?:\\E|$)")
PYTHON_ONLY = re.compile(r"\(\?(?:[=!>(#]|<[=!]|P[=>]|[aLux])|\\[1-9ZuUN]|[*+?}]\+")


def is_regex(text: str) -> bool:
    """Tell whether text is a regular expression in Go's syntax, which has no look-around and no references back."""
    if PYTHON_ONLY.search(text.replace("\\\\", "")):
        return False
    try:
        re.compile(GO_ONLY.sub("a", text).replace("(?<", "(?P<").replace("(?U", "(?i"))
    except (re.error, OverflowError):
        return False
    return all(int(limit) <= 1000 for limit in re.findall(r"\{(?:\d*,)?(\d+),?\}", text))


def is_ip(text: str) -> bool:
    """Tell whether text is an IP address, without a zone."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


WORD = r"[a-zA-Z0-9]"
LETTERS = r"a-zA-Z\u00a1-\uffff"
OCTET = r"(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])"
WEB = re.compile(
    r"((ftp|tcp|udp|wss?|https?)://)?(\S+@)?"
    r"((?:[1-9]\d?|1\d\d|2[01]\d|22[0-3]|24\d|25[0-5])(?:\." + OCTET + r"){2}\.(?:[0-9]\d?|1\d\d|2[0-4]\d|25[0-5])"
    r"|(?P<six>\[[0-9a-fA-F:.]+(?:%[0-9a-zA-Z]+)?\])"
    rf"|(?:{WORD}(?:[a-zA-Z0-9_-]+)?{WORD}(?:[-.]{WORD}+)*|www\.|{WORD}(?:[-_.]?{WORD})*{WORD}\.{WORD}+)?"
    rf"[{LETTERS}0-9]+(?:--?[{LETTERS}0-9]+)*(?:\.[{LETTERS}]+)?)\.?(:\d{{1,5}})?([/?#]\S*)?",
    re.ASCII,
)


def is_url(text: str) -> bool:
    """Tell whether the control plane takes text for a URL: an address, with or without scheme, port and path."""
    if not len(text.encode()) > 3 or len(text) >= 2083 or text.startswith(".") or CONTROL.search(text):
        return False
    found = WEB.fullmatch(text)
    if found is None or (found["six"] and not is_ip(found["six"][1:-1])):
        return False
    if ":" not in text:  # all of it is a path, as the parser sees it
        path = text.split("#", 1)[0].split("?", 1)[0]
        return not ESCAPED.search(path) and (not path or "." in path)
    rest = text.partition("://")[2] if "://" in text else text
    authority, _, path = rest.partition("/")
    return not ESCAPED.search(path.split("?", 1)[0]) and authority_port(re.split(r"[?#]", authority)[0]) is not None


UNIX_PATH = re.compile(r"/[^\x00]*")
WINDOWS_PATH = re.compile(r"[a-zA-Z]:\\(?:[^\\/:*?\"<>|\r\n]+\\)*[^\\/:*?\"<>|\r\n]*")


def is_file_path(text: str) -> bool:
    """Tell whether text is an absolute path, of Unix or of Windows."""
    return bool(UNIX_PATH.fullmatch(text) or (WINDOWS_PATH.fullmatch(text) and len(text.encode()) <= 32770))


def is_cidr(text: str) -> bool:
    """Tell whether text is an address with the length of its prefix."""
    address, slash, length = text.partition("/")
    if not slash or not is_ip(address) or not re.fullmatch(r"[0-9]+", length):
        return False
    return int(length) <= (128 if ":" in address else 32)


DNS = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}(\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?")


def is_dns(text: str) -> bool:
    """Tell whether text is a DNS name as most policies take it, underscores included."""
    return len(text.replace(".", "")) <= 255 and not is_ip(text) and bool(DNS.fullmatch(text))
