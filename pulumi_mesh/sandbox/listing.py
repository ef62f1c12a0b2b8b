"""Listings: pages, parts of names, filters by label, and what is refused of them."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from pulumi_mesh.sandbox.answers import Answer, Problem, invalid, not_imitated, panic, refusal
from pulumi_mesh.sandbox.behaviours import behaviour
from pulumi_mesh.sandbox.gojson import quoted
from pulumi_mesh.sandbox.plane import Plane
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.rules import Violation

USUAL, LARGEST = 100, 1000
RETRIEVE_MANY = "Could not retrieve resources"
WHOLE = re.compile(r"[+-]?\d+")
LABEL = "filter[labels."


@dataclass(frozen=True, slots=True)
class Query:
    """A query string; of a key that is repeated, the first value counts, for a filter the last."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, raw: str) -> "Query":
        """Read a query string."""
        return cls(tuple(parse_qsl(raw, keep_blank_values=True)))

    def get(self, key: str) -> str:
        """Return the value of a key, or nothing."""
        return next((value for name, value in self.pairs if name == key), "")

    def labels(self, at: str) -> dict[str, str]:
        """Return the labels that are asked for."""
        found: dict[str, str] = {}
        for key, value in self.pairs:
            if not key.startswith("filter["):
                continue
            if "]" not in key:
                raise panic()
            if re.fullmatch(r"filter\[[^\]]*\]\[.*", key):
                raise invalid([Violation(f"{at}.{key}", "advanced filters are not supported")], RETRIEVE_MANY)
            if not key.startswith(LABEL) or not key.endswith("]"):
                raise invalid([Violation(f"{at}.{key}", "filters are only supported on labels")], RETRIEVE_MANY)
            found[key[len(LABEL) : -1]] = value
        return found

    def onwards(self, offset: int) -> str:
        """Return the query string of the next page."""
        kept = [(key, value) for key, value in self.pairs if key != "offset"]
        return urlencode(sorted([*kept, ("offset", str(offset))], key=lambda pair: pair[0]))


def page_size(text: str, *, modern: bool) -> int:
    """Read the size of a page."""
    if not text:
        return USUAL
    message = ""
    if not WHOLE.fullmatch(text):
        message = "invalid format"
    elif int(text) > LARGEST:
        message = f"invalid page size of {int(text)}. Maximum page size is {LARGEST}"
    elif modern and int(text) <= 0:
        message = "must be greater than 0"
    if message:
        raise refusal(400, RETRIEVE_MANY, "Invalid page size", [Violation("size", message)])
    return int(text)


def page_offset(text: str, *, modern: bool) -> int:
    """Read where a page begins."""
    if not text:
        return 0
    if WHOLE.fullmatch(text) and int(text) >= 0:
        return int(text)
    if modern:
        why = (
            "must be non-negative" if WHOLE.fullmatch(text) else f"strconv.Atoi: parsing {quoted(text)}: invalid syntax"
        )
        raise refusal(400, RETRIEVE_MANY, f"invalid: invalid offset: {why}")
    if WHOLE.fullmatch(text):
        raise panic()
    raise bad_offset()


def bad_offset() -> Problem:
    """Refuse an offset as Kuma 2.10 does."""
    return refusal(400, RETRIEVE_MANY, "Invalid offset", [Violation("offset", "Invalid format")])


def listing(plane: Plane, kind: Kind, mesh: str | None, path: str, raw: str, host: str) -> Answer:
    """Answer with one page of a collection, of one mesh or of all."""
    site, query = plane.site, Query.of(raw)
    if mesh is not None:
        plane.reach(mesh)
    if unknown := sorted(behaviour(kind.name).queries & {key for key, _ in query.pairs}):
        raise not_imitated(f"{kind.name} by {unknown[0]}")
    size = page_size(query.get("size"), modern=site.modern)
    offset = page_offset(query.get("offset"), modern=site.modern)
    pattern = f"/meshes/{{mesh}}/{kind.path}" if mesh is not None else f"/{kind.path}"
    wanted = query.labels(pattern)
    if any(not value for value in wanted.values()):
        wanted = {"": "", **wanted}  # an empty value matches nothing
    rows = site.store.rows(kind.name, mesh, query.get("name"), wanted, by_age=size == 0)
    end = offset + size if size else len(rows)
    page = rows[offset:end] if size >= 0 else []
    onwards = "null"
    if end < len(rows) and size:
        onwards = quoted(f"http://{host}{path}?{query.onwards(end)}")
    items = ",".join(plane.shown(kind, row) for row in page)
    return Answer(200, f'{{"total":{len(rows)},"items":[{items}],"next":{onwards}}}'.encode())


def empty(raw: str, *, modern: bool) -> Answer:
    """Answer with an empty page, refusing what a listing refuses."""
    query = Query.of(raw)
    page_size(query.get("size"), modern=modern)
    page_offset(query.get("offset"), modern=modern)
    return Answer(200, b'{"total":0,"items":[],"next":null}')
