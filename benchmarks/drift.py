"""`pulumi-mesh drift` of N objects: how long it takes, how much memory, and what the control plane is asked.

    python benchmarks/drift.py [N]      (default: 5000)

N objects of every kind (`tests/drift/many.py`) in five meshes of a sandbox, half of them routes, and a state that declares
them; every fiftieth was changed by hand, every hundredth is nobody's. Aims: 10 s and 400 MB on two cores, a listing per
kind and page.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.sandbox import running
from tests.drift.many import export, fill
from tests.e2e.gate import Gate

SECONDS, MEGABYTES = 10, 400


def main() -> int:
    """Run the command once, and say what it took."""
    count = int(sys.argv[1]) if sys.argv[1:] else 5_000
    with tempfile.TemporaryDirectory() as folder:
        store, state = Path(folder) / "store.db", Path(folder) / "state.json"
        export(state, fill(store, count))
        with running(data=str(store), product="Kong Mesh") as url:
            gate = Gate(url)
            command = [Path(sys.executable).parent / "pulumi-mesh", "drift", "--state", state, "--format", "json"]
            environ = {**os.environ, "PULUMI_MESH_URL": gate.url}
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
            seconds = time.perf_counter() - start
            asked, listings = Counter(one.verb for one in gate.requests), gate.listings()
            gate.close()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, busy = used.ru_maxrss / 1000, used.ru_utime + used.ru_stime
    summary = json.loads(done.stdout)["summary"]
    print(
        f"{summary['objects']:,} objects compared: {summary['changed']:,} changed, {summary['unmanaged']:,} unmanaged"
    )
    print(f"{seconds:.1f} s (aim: {SECONDS} s), {busy:.1f} s of a core; {peak:.0f} MB (aim: {MEGABYTES} MB)")
    print(f"{asked['LIST']} listings of {len(listings)} collections, {asked.total() - asked['LIST']} other requests")
    print(done.stderr.strip())
    return int(done.returncode != 2 or seconds > SECONDS or peak > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
