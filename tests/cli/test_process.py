"""What is promised of `pulumi-mesh` as a process: how it ends, and that a report is alone on standard output."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "pulumi-mesh"
MESH = "type: Mesh\nname: ö\nmtls: {enabledBackend: ca}\n"


def ran(*args, stdin=b"", **environ):
    environ = {**os.environ, **environ}
    return subprocess.run([COMMAND, *args], input=stdin, capture_output=True, timeout=60, check=False, env=environ)


@pytest.mark.parametrize(
    ("args", "stdin", "code"),
    [
        (["check", "-"], "type: Mesh\nname: shop\n", 0),
        (["check", "-"], MESH, 2),
        (["check", "nowhere.yaml"], "", 1),
        (["check", "--colour", "-"], "", 1),
        (["check"], "", 1),
        (["--help"], "", 0),
    ],
)
def test_the_end_tells_what_was_found(args, stdin, code):
    assert ran(*args, stdin=stdin.encode()).returncode == code


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_report_is_alone_on_standard_output(locale):
    done = ran("check", "--format", "json", "-", stdin=MESH.encode(), LC_ALL=locale)
    assert [found["path"] for found in json.loads(done.stdout)["findings"]] == ["name", "mtls.enabledBackend"]
    assert done.stderr.decode() == "1 document checked for Kuma 2.14: 2 errors\n"


def test_whoever_reads_the_report_may_stop_early():
    many = "---\n".join(MESH.replace("ö", f"Ö{number}") for number in range(3000))
    reading = subprocess.Popen(
        [COMMAND, "check", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert reading.stdin
    assert reading.stdout
    assert reading.stderr
    reading.stdin.write(many.encode())
    reading.stdin.close()
    reading.stdout.readline()
    reading.stdout.close()
    assert b"Traceback" not in reading.stderr.read()
    assert reading.wait(timeout=60) != 0
    reading.stderr.close()
