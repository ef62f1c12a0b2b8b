"""One writer at a time for one object, across the threads and the processes of this machine."""

import hashlib
import os
import tempfile
import threading
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pulumi_mesh.errors import MeshError

try:
    import fcntl
except ImportError:  # Windows: threads of this process only
    fcntl = None

SHARED = Path("/tmp")
THREADS: "defaultdict[str, threading.Lock]" = defaultdict(threading.Lock)


@contextmanager
def alone(name: str) -> Generator[None]:
    """Keep everybody else of this machine away from what the name stands for."""
    with THREADS[name]:
        if fcntl is None:
            yield
            return
        with file_of(name).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a crash
            yield


def file_of(name: str) -> Path:
    """Return the file whose lock stands for a name; each user has a folder of their own.

    The folder is the same for all processes, whatever their TMPDIR: those of one machine must meet at one file.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = (SHARED if os.access(SHARED, os.W_OK) else Path(tempfile.gettempdir())) / f"pulumi-mesh-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if fcntl is not None and (folder.is_symlink() or folder.stat().st_uid != user):
        raise MeshError(f"{folder}: belongs to somebody else, so nothing can be locked there; remove it")
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock"
