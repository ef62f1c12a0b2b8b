"""One writer at a time for one object, across the threads and the processes of this machine."""

import hashlib
import os
import tempfile
import threading
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: threads of this process only
    fcntl = None

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
    """Return the file whose lock stands for a name; each user has a folder of their own."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"pulumi-mesh-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock"
