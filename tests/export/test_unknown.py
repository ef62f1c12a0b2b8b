"""A type that this version does not know goes out as a MeshResource, and comes back as it was.

The sandboxes run in processes of their own and know every type; this process forgets some, as if it were older.
"""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.export.program import program
from pulumi_mesh.schema.kind import KINDS
from tests.export.running import declared, held, up, written

BACKEND = {"kind": "MeshService", "name": "web", "port": 80, "weight": 1}
TO = [{"targetRef": {"kind": "MeshService", "name": "db"}, "rules": [{"default": {"backendRefs": [BACKEND]}}]}]
ROUTE = {"type": "MeshTCPRoute", "mesh": "shop", "name": "new", "labels": {"a": "b"}, "spec": {"to": TO}}
GENERATOR = {
    "type": "HostnameGenerator",
    "name": "other",
    "spec": {"selector": {"meshService": {"matchLabels": {"a": "b"}}}, "template": "{{ .DisplayName }}.mesh"},
}


@contextmanager
def sandbox() -> Iterator[str]:
    command = [sys.executable, "-c", "from pulumi_mesh.cli import main; main()", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as served:
        lines = (re.search(r"URL\s+(\S+)", line) for line in served.stderr or ())
        try:
            yield next(found[1] for found in lines if found)
        finally:
            served.send_signal(signal.SIGINT)


def test_it_is_said_as_the_control_plane_has_it_and_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("MeshTCPRoute", "HostnameGenerator"):
        monkeypatch.delitem(KINDS, name)
    with sandbox() as url, sandbox() as fresh:
        control_plane = ControlPlane(Connection("default", url))
        control_plane.put("/meshes/shop", {"type": "Mesh", "name": "shop"})
        control_plane.put("/meshes/shop/meshtcproutes/new", ROUTE)
        control_plane.put("/hostnamegenerators/other", GENERATOR)
        control_plane.close()
        made = program(held(url).objects)
        text = made.files["meshes/shop.py"]
        assert 'mesh.MeshResource(\n    "new",\n    type="MeshTCPRoute",\n    mesh=shop,\n    spec={\n' in text
        assert 'type="HostnameGenerator"' in made.files["meshes/outside.py"]
        up(fresh, declared(written(made.files, tmp_path), made.secrets))
        assert program(held(fresh).objects).files == made.files
