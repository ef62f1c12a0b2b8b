"""Selectors of the older policies: which proxies send and which services receive, by tags."""

from collections.abc import Iterator, Sequence

from .forms import Str
from .kind import Rule
from .release import Release
from .rules import Body, Violation, entry, parts, table, values
from .spec import Model, Table, field
from .tags import SERVICE, selector_tags, tags


class Selector(Model):
    """Which proxies are meant: those that have all these tags."""

    match: Table[Str] = field(default=None, doc="Tags, `kuma.io/service` among them; the value `*` is any.")


def selected(path: str, *, required: Sequence[str] = (SERVICE,)) -> Rule:
    """At least one selector, each with the required tags."""

    def rule(policy: Body, _: Release) -> Iterator[Violation]:
        yield from some(policy, path)
        for at, selector in parts(policy, path):
            yield from selector_tags(f"{at}.match", table(selector, "match"), required=required)

    return rule


def services(path: str) -> Rule:
    """At least one selector, each with the tag of a service and no other."""

    def rule(policy: Body, _: Release) -> Iterator[Violation]:
        yield from some(policy, path)
        for at, selector in parts(policy, path):
            match = table(selector, "match")
            if set(match) != {SERVICE}:
                yield Violation(f"{at}.match", f'must consist of exactly one tag "{SERVICE}"')
            for key in sorted(set(match) - {SERVICE}):
                yield Violation(entry(f"{at}.match", key), f'tag "{key}" is not allowed')
            yield from tags(f"{at}.match", match, required=(SERVICE,), selector=True, some=False)

    return rule


def some(policy: Body, path: str) -> Iterator[Violation]:
    """A list of selectors has at least one."""
    if not values(policy, path):
        yield Violation(path, "must have at least one element")


SENDERS = (selected("sources"), services("destinations"))
"""The rules of most: any tags beside the service select who sends, the service alone who receives."""

__all__ = ["SENDERS", "Selector", "selected", "services"]
