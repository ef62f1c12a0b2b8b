"""The table of routes as people read it: the same report that JSON has, in columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi_mesh.cli.findings import printable

WIDEST = 60
"""How wide a column may grow before what stands in it runs over."""
Report = Mapping[str, Any]


def text(report: Report) -> str:
    """Say a report."""
    return "".join(printable(line) + "\n" for line in [*gateways(report), *odd(report)])


def gateways(report: Report) -> Iterator[str]:
    """Say what each gateway has."""
    for index, gateway in enumerate(report["gateways"]):
        if index:
            yield ""
        yield f"MeshGateway/{gateway['mesh']}/{gateway['gateway']}" + (
            "" if gateway["served"] else "  selects no Dataplane: nothing listens"
        )
        yield from (f"  stuck: {why}" for why in gateway["stuck"])
        for port in gateway["ports"]:
            yield from ported(port)


def ported(port: Report) -> Iterator[str]:
    """Say what is on a port."""
    for listener in port["listeners"]:
        tls = ", ".join([f"  TLS {listener['tls']}", *listener["secrets"]]) if listener["tls"] else ""
        yield f"  {port['port']} {port['protocol']} {listener['hostname']}{tls}" + (
            "  crosses meshes" if listener["crossMesh"] else ""
        )
    yield from (f"    refused: {why}" for why in port["refused"])
    for host in port["hosts"]:
        yield f"    host {host['host']}"
        rows = [row(rule) for rule in host["rules"]]
        yield from (f"      {line}" for line in columns(rows or [["404: no rules"]]))
    for chain in port["chains"]:
        name = "connections" if port["protocol"] == "TCP" else f"server name {chain['host']}"
        routes = ", ".join(place(one) for one in chain["routes"]) or "no route: closed"
        yield f"    {name}: {routes}" + (f" -> {shares(chain['backends'])}" if chain["backends"] else "")


def row(rule: Report) -> list[str]:
    """Return the columns of a rule: match, where it goes, whose it is, what happens on the way, flags."""
    goes = (
        shares(rule["backends"])
        if rule["backends"]
        else f"redirect {rule['redirect']}"
        if rule["redirect"]
        else "nowhere"
    )
    return [rule["match"], f"-> {goes}", place(rule["route"]), "; ".join([*rule["filters"], *flags(rule)])]


def flags(rule: Report) -> Iterator[str]:
    """Say what is odd about a rule."""
    if rule["shadowed"]:
        yield f"SHADOWED by {place(rule['by'])}" if rule["by"] else "SHADOWED: its own conditions exclude each other"
    yield from (f"TIED with {place(one)}" for one in rule["tied"])
    yield from (f"replaces {place(one)}" for one in rule["replaced"])


def odd(report: Report) -> Iterator[str]:
    """Say what no request reaches, what ties, and what does nothing."""
    if report["shadowed"] or report["tied"] or report["idle"]:
        yield ""
    for one in report["shadowed"]:
        yield f"shadowed: {place(one['route'])}" + (
            f": {place(one['by'])} {one['why']}" if one["by"] else f": {one['why']}"
        )
    for one in report["tied"]:
        order = "the order of ties decides" if one["defined"] else "undefined: proxies have them in no certain order"
        yield f"tied: {place(one['route'])} with {place(one['with'])} on host {one['host']}: {order}"
    for one in report["idle"]:
        yield f"idle: {one['route']} on port {one['port']}: {one['why']}"


def place(at: Report) -> str:
    """Say where a rule stands."""
    return f"{at['type']}/{at['mesh']}/{at['name']} {str(at['path']).removeprefix('spec.')}"


def shares(backends: Sequence[Report]) -> str:
    """Say backends and their shares."""
    if len(backends) == 1:
        return named(backends[0])
    return ", ".join(f"{100 * one['share']:.0f} % {named(one)}" for one in backends)


def named(backend: Report) -> str:
    """Say a backend."""
    return backend["name"] + (f":{backend['port']}" if backend["port"] else "")


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows with their cells below each other; a cell that is too wide pushes the rest of its row."""
    count = max(len(one) for one in rows)
    widths = [
        max((len(one[at]) for one in rows if at < len(one) and len(one[at]) <= WIDEST), default=0)
        for at in range(count)
    ]
    for one in rows:
        yield "  ".join(f"{cell:{widths[at]}}" for at, cell in enumerate(one)).rstrip()
