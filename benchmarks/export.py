"""`pulumi-mesh export` of N objects, taken over by the real engine, and made anew on a fresh control plane.

    python benchmarks/export.py [N]      (default: 2000)

N objects of every kind (`tests/export/crowd.py`) in five meshes of a sandbox, a third of them another stack's, secrets among
them, and some with a field that this version does not know. What is not another stack's is exported, imported with the file
of imports, and asks for nothing; everything is exported, made on a fresh sandbox, and exported the same.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import pulumi_mesh  # noqa: F401 - registers the kinds
from benchmarks.engine import environment, run
from pulumi_mesh.sandbox import running
from tests.e2e.gate import Gate, Reply, Request
from tests.export.crowd import crowd
from tests.export.running import held

MESHES = ("default", "shop", "partners", "billing", "search")
COMMAND = str(Path(sys.executable).parent / "pulumi-mesh")
SILENT = ("pulumi", "config", "set", "mesh:ignore")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say how long something took."""
    start = time.perf_counter()
    yield
    print(f"{name:<44}{time.perf_counter() - start:>8.1f} s", flush=True)


def strangers(gate: Gate) -> None:
    """Let some objects have a field that this version does not know, as those of a newer control plane would."""

    def before(request: Request) -> Reply | None:
        if request.verb != "LIST" or not request.path.endswith("/meshtimeouts"):
            return None
        with urllib.request.urlopen(f"{gate.upstream.geturl()}{request.path}?{request.query}") as answer:
            page = json.load(answer)
        for item in page["items"][::7]:
            item["spec"]["fromTheFuture"] = {"a": 1}
        return Reply(200, page)

    gate.before = before


def export(url: str, folder: Path, *args: str) -> str:
    """Export a control plane into a folder; return what the command says beside."""
    done = subprocess.run([COMMAND, "export", "--url", url, "--out", str(folder), *args], capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return done.stderr


def project(folder: Path, url: str, secrets: Mapping[str, str | None]) -> dict[str, str]:
    """Make a stack of an exported program; return its environment."""
    (folder / "state").mkdir()
    environ = environment(folder, url)
    run(["stack", "init", "dev"], folder, environ)
    pairs = [part for key, value in secrets.items() for part in ("--secret", f"{key}={value}")]
    lines = [line.split() for line in (folder / "README.md").read_text().splitlines()]
    (ignored,) = [words[-1] for words in lines if tuple(words[:4]) == SILENT]
    run(["config", "set-all", *pairs, "--plaintext", f"mesh:ignore={ignored}"], folder, environ)
    return environ


def adopt(url: str, folder: Path, secrets: Mapping[str, str | None]) -> None:
    """Bring what nobody owns into a stack, which then has nothing to do."""
    imports = str(folder / "resources.json")
    with step("export what nobody owns, with imports"):
        told = export(url, folder / "nobodys", "--owner", "none", "--import-file", imports)
    print("  " + next(line for line in told.splitlines() if " written to " in line))
    print(f"  {told.count('is a field that this version does not know')} fields that this version does not know")
    environ = project(folder / "nobodys", url, secrets)
    flags = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"]
    with step("pulumi import --file"):
        run(["import", "--file", imports, *flags], folder / "nobodys", environ)
    with step("pulumi preview --expect-no-changes"):
        run(["preview", "--expect-no-changes"], folder / "nobodys", environ)
    with step("pulumi preview --refresh, the same"):
        run(["preview", "--refresh", "--expect-no-changes"], folder / "nobodys", environ)


def anew(url: str, folder: Path, secrets: Mapping[str, str | None]) -> bool:
    """Make everything on a fresh control plane; tell whether it is exported the same."""
    with step("export everything"):
        export(url, folder / "first")
    before = texts(folder / "first")
    with running(product="Kong Mesh") as fresh:
        environ = project(folder / "first", fresh, secrets)
        with step("pulumi up on a fresh control plane"):
            run(["up", "--yes", "--skip-preview"], folder / "first", environ)
        export(fresh, folder / "second")
    return before == texts(folder / "second")


def texts(folder: Path) -> dict[str, str]:
    """Return the modules of a program."""
    return {str(file.relative_to(folder)): file.read_text() for file in sorted(folder.rglob("*.py"))}


def main() -> int:
    """Take a control plane over, and make it anew."""
    from pulumi_mesh.export.program import program

    count = int(sys.argv[1]) if sys.argv[1:] else 2_000
    os.environ["PULUMI_SKIP_CHECKPOINTS"] = "true"
    with running(product="Kong Mesh") as url, tempfile.TemporaryDirectory() as folder:
        taken = crowd(url, MESHES, max(1, round(count / 210)))
        objects = held(url).objects
        lines = sum(text.count("\n") for text in program(objects).files.values())
        print(
            f"{taken:,} objects of {len({one.kind.name for one in objects})} kinds in {len(MESHES)} meshes, {lines:,} lines"
        )
        secrets = dict(program(objects).secrets)
        secrets |= program([one for one in objects if not one.owner]).secrets
        gate = Gate(url)
        strangers(gate)
        adopt(gate.url, Path(folder), secrets)
        same = anew(gate.url, Path(folder), secrets)
        gate.close()
    print("exported again, it is the same" if same else "exported again, it DIFFERS")
    print(f"largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
