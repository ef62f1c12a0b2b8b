"""Answers about proxies, recorded of Kuma 2.14.3 with Envoy 1.38, and a control plane that gives them."""

import json
import re
from pathlib import Path

from tests.e2e.gate import Gate, Reply, Request

HERE = Path(__file__).parent
ASKED = re.compile(r"/_resources/dataplanes$|/meshgateways/[^/]+/dataplanes$")


def proxies(gate: Gate, sample: str) -> None:
    """Answer as a control plane with one proxy, of which a sample is true."""
    said = json.loads((HERE / f"{sample}.json").read_text())
    one = {"mesh": "default", "name": "edge-1", "dataplane": {"mesh": "default", "name": "edge-1"}}

    def answer(request: Request) -> Reply | None:
        if ASKED.search(request.path):
            return Reply(200, {"total": 1, "items": [one]})
        for end, key in (("/_config", "_config"), ("/xds", "xds"), ("/dataplane-insights/edge-1", "insight")):
            if request.path.endswith(end):
                return Reply(*said[key])
        return None

    gate.before = answer
