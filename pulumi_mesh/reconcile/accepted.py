"""Whether a proxy runs what its control plane makes for it, judged from two answers: what is made, and what Envoy runs.

`_config` says what the control plane makes of what is stored, `xds` what the running Envoy has. They spell keys in two ways, and
hide the bytes of certificates in two ways; beyond that they are equal when all is well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi_mesh.schema.go_regex import complaint_of
from pulumi_mesh.schema.rules import dig, table, values
from pulumi_mesh.schema.spec import is_list, is_map

Body = Mapping[str, Any]
State = Literal["runs", "behind", "stuck", "unknown"]
HIDDEN = ("inlinebytes", "inlinestring", "internaladdressconfig")
"""Bytes of certificates and keys, hidden on both sides, each in its own way; and what Kuma 2.10 says otherwise than it sends."""
UNTOLD = (401, 403, 404, 405, 501)
"""Answers that say nothing about the proxy: no right to ask, nobody there, a global control plane, not implemented."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The listeners and route configurations of a proxy, by name, in one spelling."""

    listeners: dict[str, Any] = field(default_factory=dict[str, Any])
    routes: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Judged:
    """How far a proxy is."""

    state: State
    reasons: tuple[str, ...] = ()
    """What is known of why it is not further."""
    refused: bool = False
    """Whether a part is one that Envoy says it refuses, or is known to refuse."""
    mild: bool = False
    """Whether nothing is missing, and only the contents of listeners differ: where Envoy refuses none, it may be a spelling."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, whatever it is; status 0 where there was none."""

    status: int
    body: Body = field(default_factory=dict[str, Any])


def judged(config: Told, dump: Told) -> Judged:
    """Judge one proxy by what its control plane makes for it and what it runs."""
    if config.status in UNTOLD:
        return Judged("unknown", (f"the control plane does not say what it makes for it ({config.status})",))
    if config.status != 200:
        how = f"answers {config.status}" if config.status else "breaks off"
        return Judged("stuck", (f"the control plane {how} when it is asked what it makes for it",))
    wanted = made(config.body)
    if orphans := sorted(unrouted(wanted)):
        return Judged("stuck", tuple(f"{listener} waits for the routes {name}" for listener, name in orphans))
    if dump.status != 200:
        return Judged("unknown", (f"its Envoy cannot be asked ({dump.status or 'no answer'})",))
    late = tuple(behind(wanted, running(dump.body)))
    if not late:
        return Judged("runs")
    errors = refusals(dump.body, wanted)
    told = [
        f"not run as written: {what} {name}" + (f": {errors[name]}" if name in errors else "") for what, name in late
    ]
    why = tuple(dict.fromkeys(cause for _, name in late for cause in causes(wanted.routes.get(name))))
    there = running(dump.body).listeners
    mild = all(name in there and name in wanted.listeners for _, name in late)
    return Judged("behind", (*told, *why), bool(errors or why), mild)


def made(config: Body) -> Parts:
    """Read what the control plane makes."""
    found = Parts()
    for type_, resources in table(config, "xds").items():
        into = kept(found, type_.rpartition(".")[2])
        if into is not None and is_map(resources):
            into.update({name: plain(one) for name, one in resources.items()})
    return found


def running(dump: Body) -> Parts:
    """Read what Envoy runs; what it drains, it runs no more."""
    found = Parts()
    for part in values(dump, "configs"):
        for one in values(part, "dynamic_route_configs"):
            if name := dig(one, "route_config.name"):
                found.routes[name] = plain(one["route_config"])
        for one in values(part, "dynamic_listeners"):
            if (listener := dig(one, "active_state.listener")) is not None:
                found.listeners[str(one.get("name"))] = plain(listener)
    return found


def refusals(dump: Body, wanted: Parts) -> dict[str, str]:
    """Return why Envoy refuses listeners as they are wanted, in its own words; what it says of an older one is over.

    Where its words are many lines, the first ones repeat the configuration, and that is left out.
    """
    found: dict[str, str] = {}
    for one in (one for part in values(dump, "configs") for one in values(part, "dynamic_listeners")):
        why, refused = str(dig(one, "error_state.details") or ""), plain(dig(one, "error_state.failed_configuration"))
        name = str(dig(refused, "name"))
        if why and refused == wanted.listeners.get(name):
            found[name] = why.rpartition("\n")[2].lstrip(": ")
    return found


def kept(parts: Parts, type_: str) -> dict[str, Any] | None:
    """Return where resources of a type are kept; clusters and endpoints come and go by themselves."""
    return {"Listener": parts.listeners, "RouteConfiguration": parts.routes}.get(type_)


def plain(value: Any) -> Any:
    """Return a value in the one spelling, without types and hidden bytes."""
    if is_map(value):
        spelt = {key: key.replace("_", "").lower() for key in value}
        return {to: plain(value[key]) for key, to in spelt.items() if key != "@type" and to not in HIDDEN}
    return [plain(item) for item in value] if is_list(value) else value


def behind(wanted: Parts, there: Parts) -> Iterator[tuple[str, str]]:
    """Yield what Envoy does not run as it should, or still listens on; routes that are left over do no harm."""
    for name in sorted({*wanted.listeners, *there.listeners}):
        if wanted.listeners.get(name) != there.listeners.get(name):
            yield "listener", name
    for name in sorted(wanted.routes):
        if wanted.routes[name] != there.routes.get(name):
            yield "routes", name


def unrouted(wanted: Parts) -> Iterator[tuple[str, str]]:
    """Yield listeners whose routes are not made: then the control plane sends nothing at all to the proxy."""
    for listener, said in wanted.listeners.items():
        for name in under(said, "routeconfigname"):
            if name not in wanted.routes:
                yield listener, str(name)


def causes(routes: Any) -> Iterator[str]:
    """Yield what of a route configuration Envoy is known to refuse."""
    for pattern in dict.fromkeys(dig(one, "regex") for one in under(routes, "saferegex")):
        if why := complaint_of(str(pattern)):
            yield f'the expression "{pattern}" is none: {why}'
    for clusters in under(routes, "clusters"):
        if is_list(clusters) and len(clusters) > 1 and not any(one.get("weight") for one in clusters):
            yield "a rule has several backends, and all of them have the weight 0"
        if is_list(clusters) and not all(one.get("name") or one.get("clusterheader") for one in clusters):
            yield "a rule has a backend that does not exist, or has no such port"
    if any("host" in names for names in under(routes, "requestheaderstoremove")):
        yield "a filter removes the header host, which can only be set"
    for header in under(routes, "requestheaderstoadd"):
        for one in header if is_list(header) else ():
            if (
                str(dig(one, "header.key")).lower() in ("host", ":authority")
                and dig(one, "appendaction") != "OVERWRITE_IF_EXISTS_OR_ADD"
            ):
                yield "a filter adds the header host, which can only be set"
            if lone(str(dig(one, "header.value") or "")):
                yield "the value of a header has a lone %; write %%"


def lone(text: str) -> bool:
    """Tell whether a text has a percent sign that begins nothing."""
    return text.replace("%%", "").count("%") % 2 == 1


def under(value: Any, key: str) -> Iterator[Any]:
    """Yield everything under a key, at any depth."""
    if is_map(value):
        for name, item in value.items():
            if name == key:
                yield item
            yield from under(item, key)
    elif is_list(value):
        for item in value:
            yield from under(item, key)


def rejected(insight: Body) -> int:
    """Return how many configurations a proxy has rejected on its present connection; numbers are text, zero is left out."""
    subscriptions = values(insight, "subscriptions")
    return int(dig(subscriptions[-1], "status.total.responsesRejected") or 0) if subscriptions else 0


def gone(insight: Told) -> bool:
    """Tell whether a proxy is not connected to its control plane; an answer of another kind does not tell."""
    if insight.status != 200:
        return insight.status == 404
    subscriptions = values(insight.body, "subscriptions")
    last = subscriptions[-1] if subscriptions else None
    return not dig(last, "connectTime") or bool(dig(last, "disconnectTime"))
