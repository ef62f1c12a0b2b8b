"""Conditions of a rule, as proxies compare them: headers, parameters of the query, the method."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pulumi_mesh.ingress.expressions import BadExpression, whole
from pulumi_mesh.ingress.routing.request import Request

Kind = Literal["Exact", "Prefix", "RegularExpression", "Present", "Absent"]
SAID: Mapping[Kind, str] = {
    "Exact": "= {value}",
    "Prefix": "begins with {value}",
    "RegularExpression": "matches {value}",
    "Present": "present",
    "Absent": "absent",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a header or on a parameter of the query."""

    on: Literal["header", "query"]
    name: str
    kind: Kind
    value: str = ""

    def __str__(self) -> str:
        """Say it: `header x-canary = 1`."""
        return f"{self.on} {self.name} {SAID[self.kind].format(value=self.value)}"

    def holds(self, request: Request) -> bool:
        """Tell whether a request meets it; a condition whose expression is none is met by nothing."""
        found = request.header(self.name) if self.on == "header" else request.parameter(self.name)
        return self.takes(found)

    def takes(self, found: str | None) -> bool:
        """Tell whether a value meets it, None where there is no value."""
        if self.kind in ("Present", "Absent"):
            return (found is not None) == (self.kind == "Present")
        if found is None:
            return False
        compare: dict[str, Callable[[str], bool]] = {
            "Exact": self.value.__eq__,
            "Prefix": lambda it: it.startswith(self.value),
        }
        return compare[self.kind](found) if self.kind in compare else fits(self.value, found)

    def follows_from(self, other: "Condition") -> bool:
        """Tell whether whatever meets another condition meets this one, as far as that is plain to see."""
        if (self.on, self.name) != (other.on, other.name):
            return False
        if self == other:
            return True
        if other.kind == "Exact":
            return self.takes(other.value)
        if other.kind == "Prefix":
            return self.kind == "Present" or (self.kind == "Prefix" and other.value.startswith(self.value))
        return self.kind == "Present" and other.kind == "RegularExpression"

    def denies(self, other: "Condition") -> bool:
        """Tell whether nothing meets both, as far as that is plain to see."""
        if (self.on, self.name) != (other.on, other.name):
            return False
        if "Absent" in (self.kind, other.kind):
            return self.kind != other.kind
        if self.kind == "Exact":
            return not other.takes(self.value)
        return other.kind == "Exact" and not self.takes(other.value)


def fits(pattern: str, text: str) -> bool:
    """Tell whether a text as a whole matches; nothing matches what is no expression."""
    try:
        return whole(pattern)(text)
    except BadExpression:
        return False


PathKind = Literal["Exact", "PathPrefix", "RegularExpression"]


@dataclass(frozen=True, slots=True)
class Match:
    """Conditions that a request must meet all of, as a proxy has them."""

    path: PathKind
    value: str
    method: str
    conditions: tuple[Condition, ...]
    headers: int
    """How many conditions on headers count for the order: all but prefixes."""
    parameters: int
    """How many conditions on parameters count for the order."""
    pathless: bool = False
    """Whether the rule says nothing of the path: the prefix / stands for that."""

    def __str__(self) -> str:
        """Say it: `PathPrefix /api and method GET and header x-canary = 1`."""
        path = [] if self.pathless and (self.method or self.conditions) else [f"{self.path} {self.value}"]
        method = [f"method {self.method}"] if self.method else []
        return " and ".join([*path, *method, *(str(one) for one in self.conditions)])

    def unmet(self, request: Request) -> Iterator[str]:
        """Say which conditions a request does not meet, the path left out."""
        if self.method and self.method != request.method:
            yield f"method {self.method}"
        yield from (str(one) for one in self.conditions if not one.holds(request))

    def meets(self, request: Request) -> bool:
        """Tell whether a request meets the conditions, the path left out."""
        if self.method and self.method != request.method:
            return False
        return all(one.holds(request) for one in self.conditions)

    def narrower(self, other: "Match") -> bool:
        """Tell whether whatever meets these conditions meets those of another, too, the path left out."""
        if other.method and other.method != self.method:
            return False
        return all(any(one.follows_from(mine) for mine in self.conditions) for one in other.conditions)

    def apart(self, other: "Match") -> bool:
        """Tell whether no request meets both, the path left out."""
        if self.method and other.method and self.method != other.method:
            return True
        return any(one.denies(another) for one in self.conditions for another in other.conditions)

    @property
    def impossible(self) -> bool:
        """Whether its own conditions exclude each other."""
        return self.apart(self)

    @property
    def expressions(self) -> Iterator[str]:
        """Every regular expression in it."""
        if self.path == "RegularExpression":
            yield self.value
        yield from (one.value for one in self.conditions if one.kind == "RegularExpression")


def http_match(said: Mapping[str, Any]) -> Match:
    """Read a match of a MeshHTTPRoute."""
    path: Mapping[str, Any] = said.get("path") or {}
    kind: PathKind = path.get("type", "PathPrefix")
    headers = [
        Condition("header", each["name"].lower(), each.get("type") or "Exact", each.get("value") or "")
        for each in listed(said, "headers")
    ]
    queries = [
        Condition("query", each["name"], each["type"], each.get("value") or "") for each in listed(said, "queryParams")
    ]
    return made(kind, path.get("value"), said.get("method") or "", headers, kept(queries))


def kept(queries: Sequence[Condition]) -> list[Condition]:
    """Return the conditions on parameters that the control plane keeps of a MeshHTTPRoute's.

    Exact ones stay. Of regular expressions only the last one stays, and with it each exact value listed before it,
    once more and read as an expression.
    """
    exact: list[Condition] = []
    expressions: list[Condition] = []
    for one in queries:
        if one.kind == "Exact":
            exact.append(one)
        else:
            again = [Condition("query", each.name, "RegularExpression", each.value) for each in exact]
            expressions = [*again, one]
    return [*exact, *expressions]


KINDS: Mapping[str, Kind] = {"EXACT": "Exact", "REGEX": "RegularExpression", "ABSENT": "Absent", "PRESENT": "Present"}
PATHS: Mapping[str, PathKind] = {"EXACT": "Exact", "PREFIX": "PathPrefix", "REGEX": "RegularExpression"}


def gateway_match(said: Mapping[str, Any]) -> Match:
    """Read a match of a MeshGatewayRoute."""
    path: Mapping[str, Any] | None = said.get("path")
    kind: PathKind = "PathPrefix" if path is None else PATHS[numbered(PATHS, path.get("match"))]

    def conditions(key: str, on: Literal["header", "query"]) -> list[Condition]:
        return [
            Condition(
                on,
                each["name"].lower() if on == "header" else each["name"],
                KINDS[numbered(KINDS, each.get("match"))],
                each.get("value") or "",
            )
            for each in listed(said, key)
        ]

    method = said.get("method") or ""
    method = METHODS[method] if isinstance(method, int) else "" if method == "NONE" else method
    queries = sorted(conditions("queryParameters", "query"), key=lambda one: one.kind != "Exact")
    return made(kind, (path or {}).get("value"), method, conditions("headers", "header"), queries)


METHODS = ("", "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")


def numbered(names: Mapping[str, Any], said: Any) -> str:
    """Return the name of an enum's value, which a legacy-shape object may give by number or not at all."""
    return list(names)[said or 0] if not isinstance(said, str) or not said else said


def made(path: PathKind, value: Any, method: str, headers: Sequence[Condition], queries: Sequence[Condition]) -> Match:
    """Make a match; an empty value asks for nothing, but counts."""
    asked = [
        one
        for one in (*headers, *queries)
        if one.value or one.kind in ("Present", "Absent") or (one.on, one.kind) == ("header", "Prefix")
    ]
    counting = sum(one.kind != "Prefix" for one in headers)
    pathless = value is None
    return Match(path, "/" if pathless else str(value), method, tuple(asked), counting, len(queries), pathless)


def listed(said: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return a list of conditions that have names; those that are not known yet are left out."""
    return [each for each in said.get(key) or () if isinstance(each.get("name"), str)]
