"""What the sandbox answers, and how it refuses: the bodies of errors as Kuma writes them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_mesh.schema.rules import Violation

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
PROCESS = "Could not process a resource"
RETRIEVE = "Could not retrieve a resource"
NO_MESH = "Failed to retrieve Mesh"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer over HTTP."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Problem(Exception):
    """A request that is refused, with the answer that says so."""

    def __init__(self, answer: Answer) -> None:
        """Keep the answer."""
        self.answer = answer
        super().__init__(answer.status)


class Unread(Exception):
    """A body that the real control plane's parser refuses, in the parser's words."""


def as_json(value: Any, status: int = 200) -> Answer:
    """Answer with JSON."""
    return Answer(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def text(status: int, message: str, **headers: str) -> Answer:
    """Answer with plain text, as the router of the control plane does."""
    return Answer(status, f"{status}: {message}".encode(), TEXT, headers)


def refusal(status: int, title: str, detail: str, violations: Iterable[Violation] = ()) -> Problem:
    """Refuse in Kuma's form: every part of it is there twice, under its new and its old name."""
    body: dict[str, Any] = {"type": "/std-errors", "status": status, "title": title, "detail": detail}
    found = list(violations)
    if found:
        body["invalid_parameters"] = [{"field": path, "reason": message} for path, message in found]
    body["details"] = detail
    if found:
        body["causes"] = [{"field": path, "message": message} for path, message in found]
    return Problem(as_json(body, status))


def invalid(violations: Iterable[Violation], title: str = PROCESS) -> Problem:
    """Refuse a resource for what is wrong with its fields."""
    return refusal(400, title, "Resource is not valid", violations)


def bad_request(detail: str) -> Problem:
    """Refuse a body that cannot be read."""
    return refusal(400, "Bad Request", detail)


def not_found(title: str) -> Problem:
    """Say that something is not there."""
    return refusal(404, title, "Not found")


def not_imitated(what: str) -> Problem:
    """Say that the sandbox does not know what the real control plane would answer."""
    return refusal(501, "Not imitated by the sandbox", f"{what}: only a real control plane answers this")


def panic() -> Problem:
    """Say that a handler of the real control plane panics here."""
    detail = "the handler of the real control plane panics here, which closes the connection without an answer"
    return refusal(501, "Not imitated by the sandbox", detail)


NO_METHOD = {
    "zone": "On zone control plane you can only modify zone resources with 'kumactl apply' or via the HTTP API. You can"
    " still use 'kumactl' or the HTTP API to modify the rest of the resource on the global control plane.\n",
    "global": "On global control plane you can not modify dataplane resources with 'kumactl apply' or via the HTTP API."
    " You can still use 'kumactl' or the HTTP API to modify them on the zone control plane.\n",
}


def read_only(mode: str) -> Problem:
    """Refuse to write a type that this control plane does not write."""
    return refusal(405, "Method not allowed", NO_METHOD[mode])
