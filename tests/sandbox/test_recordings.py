"""The recordings decide: every request that a real control plane answered is asked again, and answered alike."""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pulumi_mesh.sandbox import app
from pulumi_mesh.sandbox.catalogue import collections
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release

RECORDINGS = Path(__file__).parent.parent / "recordings"
GAPS: dict[str, str] = json.loads(Path(__file__).with_name("gaps.json").read_text("utf-8"))
HOME = "http://localhost:5681"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

OTHER_STARTS = {
    "read-only-server": "started with a read-only API, which the sandbox has not",
    "empty-start": "started without default mesh and generators, which the sandbox always has",
}
"""Sequences of a control plane that was started with other settings."""

NO_OBJECTS = (
    (r"/(config|global-insights?|status/zones|gui/?)", "says something of a whole installation"),
    (r"/_kri/.*", "looks up by KRI"),
    (r"/mesh-insights(/default|/g)?", "counts what a mesh holds"),
    (r".*(/_overview|\+insights.*|/zoneegressoverviews.*)", "shows proxies that are connected"),
    (r"/meshes/[^/]+/[^/]+/[^/]+/.+", "inspects an object"),
)
"""What is not about objects: path and what it does. What the router itself refuses is asked all the same."""


@dataclass(frozen=True)
class Recording:
    """One sequence of requests to a freshly started control plane."""

    version: str
    name: str
    steps: tuple[dict[str, Any], ...]

    def served(self) -> Starlette:
        """Return the control plane that was recorded: its release, and whether it was the global one."""
        version, _, mode = self.version.partition("-")
        return app(kuma=version, mode=mode or "zone")


@cache
def recordings() -> list[Recording]:
    found: list[Recording] = []
    for file in sorted(RECORDINGS.glob("*.jsonl")):
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for name, steps in groupby(lines, key=lambda line: line["sequence"]):
            found.append(Recording(file.stem, name, tuple(steps)))
    return found


def out_of_scope(recording: Recording, step: dict[str, Any]) -> str:
    """Say why a step is not asked of the sandbox, or nothing; it reads KINDS, so that the scope grows with them."""
    path = unquote(urlsplit(step["path"]).path) if not step["path"].startswith("//") else step["path"]
    if step.get("client") == "remote" or "X-Forwarded-For" in step.get("request_headers", {}):
        return "comes from another machine"
    if step.get("polled"):
        return "shows what a control plane does by itself, later"
    if step.get("response_omitted"):
        return "was recorded without its answer"
    if "format=k8s" in step["path"] or "format=kubernetes" in step["path"]:
        return "shows the form of Kubernetes"
    for pattern, reason in NO_OBJECTS:
        if re.fullmatch(pattern, path) and not step.get("response_text", "").startswith(f"{step['status']}: "):
            return reason
    words = path.strip("/").split("/")
    collection = words[2] if words[0] == "meshes" and len(words) > 2 else words[0]
    known = collections(Release.parse(recording.version)).get(collection)
    if known is not None and known.name not in KINDS and not known.read_only:
        return f"is about {known.name}, which is not registered"
    return ""


def asked(client: TestClient, step: dict[str, Any]) -> httpx.Response:
    """Send a request as it was recorded."""
    content = step["raw_body"].encode() if "raw_body" in step else None
    if content is None and "body" in step:
        content = json.dumps(step["body"]).encode()
    headers = step.get("request_headers", {"Content-Type": "application/json"} if content is not None else {})
    request = client.build_request(step["method"], HOME + step["path"], content=content, headers=headers)
    if step.get("request_headers") == {}:
        request.headers.pop("content-type", None)
    return client.send(request, follow_redirects=False)


def differences(step: dict[str, Any], answer: httpx.Response) -> Iterator[str]:
    """Say what differs between an answer and the recorded one."""
    if step.get("closed"):
        if answer.status_code != 501 or "closes the connection" not in answer.text:
            yield f"answered {answer.status_code} where the handler of the real one panics"
        return
    if answer.status_code != step["status"]:
        yield f"status {answer.status_code}, not {step['status']}"
    for name, value in step.get("headers", {}).items():
        said, wanted = answer.headers.get(name, ""), value
        if name == "content-type":
            said, wanted = said.partition(";")[0], wanted.partition(";")[0]
        if said != wanted:
            yield f"{name} {said!r}, not {wanted!r}"
    if "jwt" in step:
        yield from unlike(opened(answer.text), step["jwt"], ".jwt")
    elif "response_text" in step and answer.text != step["response_text"]:
        yield f"text {answer.text!r}, not {step['response_text']!r}"
    if "response" in step:
        try:
            said = answer.json()
        except ValueError:
            yield f"text {answer.text!r} instead of JSON"
            return
        yield from unlike(settled(step, said), served(step, step["response"]), "")


def opened(token: str) -> dict[str, Any]:
    """Read a token, and say how long it holds."""
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    lasts = claims["exp"] - claims["iat"]
    for key in ("exp", "iat", "nbf"):
        assert isinstance(claims[key], int)
        claims[key] = str(claims[key])
    return {"header": header, "claims": claims, "exp_minus_iat": lasts}


def settled(step: dict[str, Any], said: Any) -> Any:
    """Take away what the sandbox says of itself."""
    if step["path"] == "/":
        assert said.pop("sandbox") is True
    return said


def served(step: dict[str, Any], recorded: Any) -> Any:
    """Take away types that the sandbox does not serve from lists of types."""
    if step["path"] == "/_resources" and "resources" in recorded:
        return {"resources": [one for one in recorded["resources"] if one["name"] in KINDS or one["readOnly"]]}
    if step["path"] == "/policies" and "policies" in recorded:
        return {"policies": [one for one in recorded["policies"] if one["name"] in KINDS]}
    return recorded


def unlike(said: Any, wanted: Any, at: str) -> Iterator[str]:
    """Compare up to placeholders; violations are a set, for their order is random."""
    if isinstance(wanted, str) and wanted.startswith("<") and wanted.endswith(">"):
        if not isinstance(said, str) or (wanted == "<time>" and not TIME.fullmatch(said)):
            yield f"{at} {said!r}, not {wanted}"
    elif isinstance(wanted, dict) and isinstance(said, dict):
        for key in sorted({*wanted, *said}):
            if key not in said or key not in wanted:
                yield f"{at}.{key} {'is missing' if key not in said else f'is there: {said[key]!r}'}"
            else:
                yield from unlike(said[key], wanted[key], f"{at}.{key}")
    elif isinstance(wanted, list) and isinstance(said, list):
        if at in (".invalid_parameters", ".causes"):
            said, wanted = ordered(said), ordered(wanted)
        if len(said) != len(wanted):
            yield f"{at} {said!r}, not {wanted!r}"
            return
        for index, (one, other) in enumerate(zip(said, wanted, strict=True)):
            yield from unlike(one, other, f"{at}[{index}]")
    elif said != wanted or isinstance(said, bool) != isinstance(wanted, bool):
        yield f"{at} {said!r}, not {wanted!r}"


def ordered(violations: list[Any]) -> list[Any]:
    """Sort violations; of those of an int-or-string only the first says the same each time."""
    either = [one for one in violations if "(anyOf)" in json.dumps(one)]
    return either or sorted(violations, key=lambda one: json.dumps(one, sort_keys=True))


SHARE: Counter[tuple[str, str]] = Counter()


@pytest.mark.parametrize("recording", recordings(), ids=lambda one: f"{one.version}-{one.name}")
def test_a_sequence_is_answered_as_it_was_recorded(recording: Recording):
    if recording.name in OTHER_STARTS:
        SHARE[recording.version, "other start"] += len(recording.steps)
        pytest.skip(OTHER_STARTS[recording.name])
    served = recording.served()
    wrong: list[str] = []
    waited = 0.0
    served.state.plane.site.clock = lambda: waited
    with TestClient(served, base_url=HOME) as client:
        for step in recording.steps:
            name = f"{recording.version} {recording.name}/{step['step']}"
            outside = out_of_scope(recording, step)
            waited += step.get("pause_s", 0)
            answer = asked(client, step)
            found = list(differences(step, answer))
            if outside:
                SHARE[recording.version, "outside"] += 1
                if found and answer.status_code != 501 and "another machine" not in outside and "later" not in outside:
                    wrong.append(f"{name} ({outside}) is out of scope, but not answered with 501: {found}")
                assert name not in GAPS, f"{name} is listed as a gap, but out of scope: it {outside}"
                continue
            SHARE[recording.version, "steps"] += 1
            SHARE[recording.version, "equal"] += not found
            if name in GAPS and not found:
                wrong.append(f"{name} is listed as a gap, but answered as recorded; take it off the list")
            elif found and name not in GAPS:
                wrong.append(f"{name} {step['method']} {step['path']} [{step.get('note', '')}]: {'; '.join(found)}")
    served.state.plane.close()
    assert not wrong, "\n".join(wrong)


def test_every_gap_names_a_step():
    names = {f"{one.version} {one.name}/{step['step']}" for one in recordings() for step in one.steps}
    assert not set(GAPS) - names
