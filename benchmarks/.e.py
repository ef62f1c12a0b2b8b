"""`pulumi up` of N routes: this package against a provider that does nothing, under the same engine, in one run.

    python benchmarks/engine.py [N ...]      (default: 100 500)

Prints wall times, ratios and the requests that the control plane saw. Times of one machine mean little; the ratio does.
Both take turns, three times; the fastest of each counts, for whatever else a machine does makes a run slower, never faster.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {
    "nothing": """
from nothing import Route
rules = [{{"matches": [{{"path": {{"type": "PathPrefix", "value": "/api"}}}}],
           "default": {{"backend_refs": [{{"kind": "MeshService", "name": "api", "port": 8080, "weight": 90}}]}}}}]
for i in range({count}):
    Route(f"route-{{i}}", {{"name": f"route-{{i}}", "mesh": "shop", "target_ref": {{"kind": "MeshGateway", "name": "edge"}},
                         "to": [{{"target_ref": {{"kind": "Mesh"}}, "rules": rules}}], "variant": "{variant}"}})
""",
    "ours": """
import pulumi_mesh as mesh
shop = mesh.Mesh("shop", skip_creating_initial_policies=["*"])
rules = [{{"matches": [{{"path": {{"type": "PathPrefix", "value": "/{variant}"}}}}],
           "default": {{"backend_refs": [{{"kind": "MeshService", "name": "api", "port": 8080, "weight": 90}}]}}}}]
for i in range({count}):
    mesh.MeshHTTPRoute(f"route-{{i}}", mesh=shop, target_ref={{"kind": "MeshGateway", "name": "edge"}},
                       to=[{{"target_ref": {{"kind": "Mesh"}}, "rules": rules}}])
""",
}
STEPS = {
    "preview of new": ["preview"],
    "up (create)": ["up", "--yes", "--skip-preview"],
    "preview, no change": ["preview", "--expect-no-changes"],
    "preview --refresh": ["preview", "--refresh", "--expect-no-changes"],
    "up (change all)": ["up", "--yes", "--skip-preview"],
    "destroy": ["destroy", "--yes", "--skip-preview"],
}
TURNS = 1


@contextmanager
def sandbox() -> Iterator[str]:
    """Run the embedded control plane in a process of its own, counting what it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, str(ROOT / "benchmarks" / "counted.py"), str(port)]) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            while not answers(url):
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()


def answers(url: str) -> bool:
    """Tell whether the control plane is there."""
    try:
        return bool(seen(url) or True)
    except OSError:
        return False


def measure(kind: str, count: int, url: str) -> Iterator[tuple[str, float, Counter[str]]]:
    """Take one stack through its life, and yield step, seconds and requests."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "state").mkdir()
        (home / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        environ = environment(home, url)
        run(["stack", "init", "dev"], home, environ)
        for step, command in STEPS.items():
            variant = "v2" if step in ("up (change all)", "destroy") else "v1"
            text = PROGRAMS[kind].format(count=count, variant=variant)
            (home / "__main__.py").write_text(text)
            seen(url)
            start = time.perf_counter()
            run([*command, "--stack", "dev", "--color", "never"], home, environ)
            yield step, time.perf_counter() - start, seen(url)


def environment(home: Path, url: str) -> dict[str, str]:
    """Return the environment of the engine: a backend of files, checkpoints skipped."""
    engine = subprocess.run(
        ["make", "-s", "print-path"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{engine}:{os.environ['PATH']}",
        "PULUMI_BACKEND_URL": f"file://{home / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "bench",
        "PULUMI_HOME": str(home / "home"),
        "PULUMI_MESH_URL": url,
        "PYTHONPATH": str(ROOT / "benchmarks"),
        "PULUMI_SKIP_CHECKPOINTS": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def run(command: list[str], home: Path, environ: Mapping[str, str]) -> None:
    """Run the CLI; its output is shown only if it fails."""
    done = subprocess.run(
        ["pulumi", *command], cwd=home, env=dict(environ), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(
            f"pulumi {' '.join(command)} exited with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )


def seen(url: str) -> Counter[str]:
    """Return what the control plane was asked since the last call."""
    with urllib.request.urlopen(f"{url}/_counts") as answer:
        return Counter(json.load(answer))


def fastest(count: int) -> Iterator[tuple[str, float, float, Counter[str]]]:
    """Let both take turns, and yield each step with the best time of either and what ours asked."""
    best: dict[tuple[str, str], float] = {}
    asked: dict[str, Counter[str]] = {}
    for _ in range(TURNS):
        for kind in PROGRAMS:
            with sandbox() as url:
                for step, seconds, requests in measure(kind, count, url):
                    best[kind, step] = min(seconds, best.get((kind, step), seconds))
                    asked[step] = requests
    for step, requests in asked.items():
        yield step, best["nothing", step], best["ours", step], requests


def main() -> None:
    """Compare both, step by step."""
    for count in [int(text) for text in sys.argv[1:]] or [100, 500]:
        print(f"{f'{count} routes':<22}{'nothing':>11}{'ours':>11}{'ratio':>8}   requests")
        for step, floor, ours, requests in fastest(count):
            told = ", ".join(f"{number} {name}" for name, number in sorted(requests.items())) or "none"
            print(f"{step:<22}{floor:>9.2f} s{ours:>9.2f} s{ours / floor:>8.2f}   {told}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
