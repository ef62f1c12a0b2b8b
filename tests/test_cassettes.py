"""The life of each kind on a real control plane, replayed with the network blocked.

To record anew: `PULUMI_MESH_URL=http://localhost:5681 pytest tests/test_cassettes.py --record-mode=rewrite -k 2.14.3`
against a fresh kuma-cp of that version.
"""

import json
import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.reconcile.diff import diff
from pulumi_mesh.reconcile.plan import Create, Delete, Nothing, Update, plan
from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release

HERE = Path(__file__).parent
VERSIONS = ("2.10.11", "2.14.3")
HOST = "http://localhost:5681"


@cache
def lives(version):
    """The bodies, poor and rich, that the recordings of a version hold of each kind."""
    found = {}
    for line in (HERE / "recordings" / f"{version}.jsonl").read_text().splitlines():
        step = json.loads(line)
        if (
            step["sequence"].startswith("type-")
            and step["method"] == "PUT"
            and step.get("note") in ("create, minimal", "update, rich")
        ):
            found.setdefault(step["body"]["type"], []).append(step["body"])
    return found


CASES = [
    (version, name)
    for version in VERSIONS
    for name, kind in sorted(KINDS.items())
    if kind.since <= Release.parse(version) and len(lives(version).get(name, ())) == 2
]


@pytest.fixture(scope="module")
def vcr_config():
    """One address for all control planes, whole bodies compared."""

    def addressed(request):
        url = os.environ.get("PULUMI_MESH_URL", HOST)
        request.uri = request.uri.replace(url, HOST)
        request.headers = {"content-type": "application/json"} if request.body else {}
        return request

    return {
        "before_record_request": addressed,
        "match_on": ["method", "uri", "body"],
        "decode_compressed_response": True,
        "allow_playback_repeats": False,
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir():
    return str(HERE / "cassettes")


@pytest.fixture
def default_cassette_name(request):
    version, name = request.node.callspec.params["version"], request.node.callspec.params["name"]
    return f"{version}/{name}"


@pytest.mark.vcr
@pytest.mark.parametrize(("version", "name"), CASES)
def test_a_kind_lives_on_a_real_control_plane(version, name):
    kind, warned = KINDS[name], []
    control_plane = ControlPlane(Connection("default", os.environ.get("PULUMI_MESH_URL", HOST)))
    plane = Plane(control_plane, warned.append)
    poor, rich = (replace(Document.found(kind, body), owner="lives.test") for body in lives(version)[name])
    address = poor.address

    assert Release.parse(version) == plane.release()
    assert plane.find(kind, address) is None
    assert plan(kind, None, poor) == Create(poor)
    plane.take(kind, Create(poor))  # raises where what is read back is not what was sent
    assert Nothing() == plan(kind, plane.get(kind, address), poor)

    step = plan(kind, plane.get(kind, address), rich)
    assert isinstance(step, Update) or not diff(kind, poor, rich)
    plane.take(kind, step)
    actual = plane.get(kind, address)
    assert Nothing() == plan(kind, actual, rich)
    assert actual.owner == "lives.test"

    plane.take(kind, Delete(address))
    assert plane.get(kind, address) is None
    assert control_plane.delete(kind.url(address, plane.release())) is False
    control_plane.close()


def test_every_kind_of_the_recordings_has_its_cassette():
    for version, name in CASES:
        assert (HERE / "cassettes" / version / f"{name}.yaml").exists(), f"{name} was never recorded on {version}"
