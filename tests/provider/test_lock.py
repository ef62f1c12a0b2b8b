"""One writer at a time: threads, processes, whatever they take for the place of temporary files."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pulumi_mesh.errors import MeshError
from pulumi_mesh.provider import lock

HOLD = "import sys; from pulumi_mesh.provider.lock import alone\nwith alone(sys.argv[1]): print('held', flush=True); sys.stdin.read()"


def test_processes_meet_at_one_lock_whatever_their_folders_of_temporary_files(tmp_path):
    name = f"a gateway of {tmp_path}"
    env = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", HOLD, name]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with lock.file_of(name).open("a") as file:
            with pytest.raises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            other.stdin.close()
            fcntl.flock(file, fcntl.LOCK_EX)
    assert other.returncode == 0


def test_threads_take_turns():
    count, most = 0, 0

    def enter():
        nonlocal count, most
        for _ in range(20):
            with lock.alone("turns"):
                count += 1
                most = max(most, count)
                time.sleep(0.0005)
                count -= 1

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_folder_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "SHARED", tmp_path)
    (tmp_path / "theirs").mkdir()
    (tmp_path / f"pulumi-mesh-{os.getuid()}").symlink_to("theirs")
    with pytest.raises(MeshError, match="belongs to somebody else"):
        lock.file_of("x")
    assert list((tmp_path / "theirs").iterdir()) == []


def test_without_the_shared_folder_the_one_of_the_environment_serves(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "SHARED", tmp_path / "nowhere")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert lock.file_of("x").parent.parent == tmp_path
