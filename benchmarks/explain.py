"""Explaining one request over a table of N routes: how long loading takes, and each explanation after it.

    python benchmarks/explain.py [N]      (default: 1000)

Three meshes: all routes for every host; each route for a host of its own; each with regular expressions and headers. Aim:
less than 50 ms for 95 of 100 explanations, the first of a host included; the time of the processor counts, which others on
the machine do not touch.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from pulumi_mesh.testing import RouteTable

MILLISECONDS = 50
GATEWAY = {
    "type": "MeshGateway",
    "mesh": "shop",
    "name": "edge",
    "selectors": [{"match": {"kuma.io/service": "edge"}}],
    "conf": {"listeners": [{"port": 8080, "protocol": "HTTP"}]},
}


def route(number: int, match: dict[str, Any], hosts: list[str]) -> dict[str, Any]:
    """Make one route with one rule."""
    rule = {"matches": [match], "default": {"backendRefs": [{"kind": "MeshService", "name": f"b{number}"}]}}
    to = {"targetRef": {"kind": "Mesh"}, "rules": [rule], **({"hostnames": hosts} if hosts else {})}
    spec = {"targetRef": {"kind": "MeshGateway", "name": "edge"}, "to": [to]}
    return {"type": "MeshHTTPRoute", "mesh": "shop", "name": f"route-{number:05}", "spec": spec}


def prefix(number: int) -> dict[str, Any]:
    """Make a route for a prefix, of every host."""
    return route(number, {"path": {"type": "PathPrefix", "value": f"/team{number % 50}/app{number}"}}, [])


def hosted(number: int) -> dict[str, Any]:
    """Make a route for a host of its own."""
    return route(number, {"path": {"type": "PathPrefix", "value": "/"}}, [f"app{number}.example.com"])


def mixed(number: int) -> dict[str, Any]:
    """Make a route for an expression and a header, of every host."""
    path = {"type": "RegularExpression", "value": f"/app{number}/v[0-9]+/.*"}
    return route(number, {"path": path, "headers": [{"name": "x-tenant", "value": f"t{number}"}]}, [])


Asked = tuple[str, dict[str, str]]
MESHES: dict[str, tuple[Callable[[int], dict[str, Any]], Callable[[int], Asked]]] = {
    "every host": (prefix, lambda n: (f"http://shop.example:8080/team{n % 50}/app{n}/x", {})),
    "own hosts": (hosted, lambda n: (f"http://app{n}.example.com:8080/x", {})),
    "expressions": (mixed, lambda n: (f"http://shop.example:8080/app{n}/v1/x", {"x-tenant": f"t{n}"})),
}


def timed(table: RouteTable, asked: Iterator[tuple[int, Asked]]) -> list[float]:
    """Explain requests, check where they go, and return how long each took, in milliseconds."""
    took: list[float] = []
    for number, (url, headers) in asked:
        start = time.thread_time()
        found = table.explain(url, headers=headers)
        took.append((time.thread_time() - start) * 1000)
        assert found.backend == f"b{number}", found.reasons
    return took


def main() -> int:
    """Measure, and say whether the aim is met."""
    count = int(sys.argv[1]) if sys.argv[1:] else 1000
    slowest = 0.0
    for name, (made, ask) in MESHES.items():
        documents = [GATEWAY, *(made(number) for number in range(count))]
        start = time.thread_time()
        table = RouteTable(documents)
        loading = (time.thread_time() - start) * 1000
        took = sorted(timed(table, ((number, ask(number)) for number in range(0, count, max(1, count // 200)))))
        most = took[len(took) * 95 // 100]
        slowest = max(slowest, most)
        print(
            f"{name:12} loading {loading:5.0f} ms, explaining: median {statistics.median(took):5.2f} ms,"
            f" 95 of 100 within {most:5.2f} ms, worst {took[-1]:5.1f} ms"
        )
    print(f"95 of 100 within {slowest:.1f} ms; aim: less than {MILLISECONDS} ms for {count:,} routes")
    return 0 if slowest < MILLISECONDS else 2


if __name__ == "__main__":
    sys.exit(main())
