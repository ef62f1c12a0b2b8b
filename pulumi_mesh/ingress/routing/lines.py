"""The rules of a virtual host as people read them: a line for each match, with what hides it or ties with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_mesh.ingress.routing.actions import Share
from pulumi_mesh.ingress.routing.ports import Port, Ports
from pulumi_mesh.ingress.routing.reasons import filtered
from pulumi_mesh.ingress.routing.route_rules import At
from pulumi_mesh.ingress.routing.table import Entry, Table
from pulumi_mesh.ingress.topology.edge import Listener
from pulumi_mesh.schema.rules import dig


@dataclass(frozen=True, slots=True)
class Line:
    """One match of a rule in the table of a virtual host."""

    match: str
    at: At
    hostname: str
    """The hostname that the rule is for, `*` where it is for every host of the listener."""
    filters: tuple[str, ...]
    backends: tuple[Share, ...]
    redirect: str
    """The status of a redirect and where it leads, `...` for what it takes from the request."""
    shadowed: bool
    by: At | None
    """The rule that hides it; None where its own conditions exclude each other, or where nothing does."""
    ties: tuple[At, ...]
    """The rules after it that differ from it in nothing that the order looks at."""
    certain: bool
    """Whether ties are decided by an order that can be told."""
    replaced: tuple[At, ...]
    """Rules with the same matches that it replaced."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A rule that no request reaches."""

    at: At
    host: str
    by: At | None
    why: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Two rules of which only the order of ties says which comes first."""

    first: At
    other: At
    host: str
    certain: bool


def lines(table: Table) -> list[Line]:
    """Return the lines of a table, in the order of the entries that say most: of a prefix its own, not its bare path."""
    hidden = {id(table.entries[index]): above for index, above in table.hidden.items()}
    ties = {id(table.entries[index]): [table.entries[one] for one in others] for index, others in table.tied.items()}
    groups: dict[tuple[At, str, str, int], list[Entry]] = {}
    for entry in table.entries:
        groups.setdefault((entry.rule.at, entry.rule.service, entry.hostname, id(entry.match)), []).append(entry)
    found = [(max(group, key=lambda one: not one.bare), group) for group in groups.values()]
    place = {id(entry): index for index, entry in enumerate(table.entries)}
    found.sort(key=lambda each: place[id(each[0])])
    return [line(table, main, group, hidden, ties) for main, group in found]


def line(
    table: Table,
    main: Entry,
    group: Iterable[Entry],
    hidden: dict[int, Entry | None],
    ties: dict[int, list[Entry]],
) -> Line:
    """Return one line."""
    action = main.action
    above = hidden.get(id(main))
    return Line(
        str(main.match),
        main.rule.at,
        main.hostname,
        tuple(filtered(main, action)),
        tuple(action.shares) if action.forwards else (),
        "" if action.forwards or action.redirects is None else leads(action.redirects, table.host.listener),
        all(id(one) in hidden for one in group),
        above.rule.at if above else None,
        tuple(dict.fromkeys(one.rule.at for one in ties.get(id(main), ()))),
        table.certain,
        main.rule.replaced,
    )


def leads(said: Mapping[str, Any], listener: Listener) -> str:
    """Say where a redirect leads, as far as that is the same for all requests."""
    scheme = said.get("scheme") or ("https" if listener.protocol == "HTTPS" else "http")
    host, port = said.get("hostname") or "...", said.get("port") or listener.port
    path = dig(said, "path.replaceFullPath") or "/..."
    return f"{said.get('statusCode', 302)} {scheme}://{host}:{port}{path}"


def tables(ports: Ports) -> Iterator[tuple[Port, Table]]:
    """Yield the tables of a gateway's ports."""
    for port in ports.by_number.values():
        if port.speaks == "http":
            yield from ((port, port.table(host)) for host in port.hosts)


def shadowed(ports: Ports) -> list[Hidden]:
    """Return the rules of a gateway that no request reaches on any virtual host, and those that others replaced."""
    reached: set[At] = set()
    found: dict[At, Hidden] = {}
    for _, table in tables(ports):
        domain = table.host.domain
        for one in lines(table):
            for at in one.replaced:
                found.setdefault(at, Hidden(at, domain, one.at, "has the same matches and replaces it"))
            if not one.shadowed:
                reached.add(one.at)
            else:
                why = (
                    "comes first, and takes all that it would take"
                    if one.by
                    else "its own conditions exclude each other"
                )
                found.setdefault(one.at, Hidden(one.at, domain, one.by, why))
    return [one for at, one in found.items() if at not in reached]


def tied(ports: Ports) -> list[Tie]:
    """Return the rules of a gateway that tie, each pair once, on the first virtual host where they do."""
    found: dict[tuple[At, At], Tie] = {}
    for _, table in tables(ports):
        for one in lines(table):
            for other in one.ties if not one.shadowed else ():
                found.setdefault((one.at, other), Tie(one.at, other, table.host.domain, one.certain))
    return list(found.values())
