"""Set up what `make` needs: the virtual environment `.venv`, and one folder with the four programs of the Pulumi engine.

It runs before anything is installed, so it stands on the standard library alone. What is there already is not made again;
what is half made is made again. Standard output has the folder of the engine and nothing else, all the rest is on standard error.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS, VENV = ROOT / "tools", ROOT / ".venv"
PYTHONS = ((3, 10), (3, 11), (3, 12), (3, 13))
OLDEST_CLI = (3, 254)  # the first that imports objects together with their state
PROGRAMS = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python")
PLUGIN = "pulumi_mesh/pulumi-plugin.json"
SDK = "github.com/pulumi/pulumi/sdk/v3"
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
LDFLAGS = "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version}"
GOFLAGS = "-mod=readonly -modcacherw -buildvcs=false -trimpath"
STARTED = time.monotonic()
HEARTBEAT, WIPE = (1, "\r\033[K") if sys.stderr.isatty() else (30, "")  # seconds; what takes a line back


# --- what is said -----------------------------------------------------------------------------------------------------


def clock() -> str:
    """Say how long this has been running."""
    minutes, seconds = divmod(int(time.monotonic() - STARTED), 60)
    return f"{minutes}:{seconds:02}"


def say(text: str) -> None:
    """Tell that a step begins."""
    print(f"[{clock()}] {text}", file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    """Give up, and say why."""
    sys.exit(f"setup: {text}")


def beat(log: Path) -> None:
    """Show that a step is alive, and the last that it said: in place on a terminal, else as a line."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 400))
        last = file.read().decode(errors="replace").strip().splitlines()[-1:] or [""]
    line = f"[{clock()}]   {last[0]}"[: shutil.get_terminal_size().columns - 1]
    print(f"{WIPE}{line}", end="" if WIPE else "\n", file=sys.stderr, flush=True)


def run(step: str, *command: str | Path, env: dict[str, str] | None = None) -> None:
    """Take one step; what it prints is shown only when it fails."""
    say(step)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as file:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
            try:
                while process.poll() is None:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(HEARTBEAT)
                        break
                    beat(log)
            except BaseException:
                process.terminate()
                process.wait()
                raise
            finally:
                print(WIPE, end="", file=sys.stderr, flush=True)
        if process.returncode:
            lines = log.read_text(errors="replace").splitlines()[-40:]
            fail("\n  ".join([f"{step}: exit code {process.returncode}; it said", *lines]))


def ask(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """Ask a program for one short answer; no answer is an empty one."""
    try:
        answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()


def numbers(version: str) -> tuple[int, ...]:
    """Read a version such as `v3.259.0` or `go1.26.8` for comparison; anything else is older than all."""
    found = re.match(r"(?:v|go)?(\d+(?:\.\d+)*)", version)
    return tuple(map(int, found[1].split("."))) if found else ()


# --- what is there ----------------------------------------------------------------------------------------------------


def cache() -> Path:
    """Name the folder outside of git that checkouts share."""
    own, shared = os.environ.get("PULUMI_MESH_CACHE"), os.environ.get("XDG_CACHE_HOME")
    return Path(own) if own else (Path(shared) if shared else Path.home() / ".cache") / "pulumi-mesh"


def pinned(name: str, module: str) -> str:
    """Read the version of a module, or of Go itself, from a go.mod."""
    file = TOOLS / name / "go.mod"
    found = re.search(rf"^\s*(?:require )?{re.escape(module)} (\S+)", file.read_text(), re.MULTILINE)
    return found[1] if found else fail(f"{file.relative_to(ROOT)} does not name {module}")


def fingerprint(*facts: Path | str) -> str:
    """Tell one state of files and facts from another."""
    parts = (fact.read_bytes() if isinstance(fact, Path) else fact.encode() for fact in facts)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def recipe() -> str:
    """Name the engine that this checkout would build on this machine."""
    modules = (TOOLS / name / file for name in ("cli", "host") for file in ("go.mod", "go.sum"))
    return fingerprint(*modules, LDFLAGS, GOFLAGS, platform.system(), platform.machine())


def complete(folder: Path) -> bool:
    """Tell whether a folder holds the four programs."""
    return all(os.access(folder / name, os.X_OK) for name in PROGRAMS)


def wanted() -> dict[str, str]:
    """Say what a finished set-up was made from; what it says later must be the same."""
    project = fingerprint(TOOLS / "requirements.txt", ROOT / "pyproject.toml", str(ROOT))
    return {"project": project, "engine": recipe(), "on PATH": shutil.which("pulumi") or ""}


def finished() -> Path | None:
    """Give the folder of the engine when everything is there and nothing has changed since."""
    try:
        made = json.loads((VENV / ".setup").read_text())
    except (OSError, ValueError):
        return None
    folder, now = Path(made.pop("folder")), wanted()
    if now["on PATH"] == str(folder / "pulumi"):  # it was put there, as make does
        made["on PATH"] = now["on PATH"]
    there = all(os.access(VENV / "bin" / name, os.X_OK) for name in ("python", "pulumi-mesh"))
    there = there and any(VENV.glob(f"lib/python*/site-packages/{PLUGIN}"))
    return folder if made == now and there and complete(folder) else None


# --- the virtual environment ------------------------------------------------------------------------------------------


def python() -> Path:
    """Choose the Python of the project: `python3` if it will do, else one with its version in the name."""
    question = "import sys; print('.'.join(map(str, sys.version_info[:3])), sys._base_executable)"
    for name in (sys.executable, "python3", "python3.11", "python3.12", "python3.13", "python3.10"):
        version, _, place = ask(name, "-c", question).partition(" ")
        if numbers(version)[:2] in PYTHONS:
            return Path(place)
    fail("no Python 3.10 to 3.13 on PATH; install one of them")


def environment() -> None:
    """Make `.venv`, with every package of the lock and this one, editable."""
    inside = VENV / "bin" / "python"
    if numbers(ask(inside, "-c", "import pip, sys; print(sys.version)").partition(" ")[0])[:2] not in PYTHONS:
        base = python()
        run(f"virtual environment .venv ({ask(base, '--version')})", base, "-m", "venv", "--clear", VENV)
    lock, stamp = TOOLS / "requirements.txt", VENV / ".packages"
    pip = (inside, "-m", "pip", "--disable-pip-version-check", "--no-input", "install")
    if not stamp.exists() or stamp.read_text() != fingerprint(lock):
        count = len(re.findall(r"^[\w.-]+==", lock.read_text(), re.MULTILINE))
        run(f"{count} packages of tools/requirements.txt", *pip, "--require-hashes", "-r", lock)
        stamp.write_text(fingerprint(lock))
    run("pulumi_mesh itself", *pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    without_plugin(Path(ask(inside, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")))
    ask(inside, "-m", "compileall", "-q", ROOT / "pulumi_mesh")  # as pip does: a program starts 0.1 s sooner


def without_plugin(packages: Path) -> None:
    """Say where the language host looks that no program belongs to this package: else each run tries to download one."""
    place = packages / PLUGIN  # beside nothing else, so Python goes on to the checkout
    place.parent.mkdir(exist_ok=True)
    shutil.copyfile(ROOT / PLUGIN, place)


# --- the engine -------------------------------------------------------------------------------------------------------


def on_path() -> Path | None:
    """Find an engine on PATH that is new enough and complete."""
    found = {name: shutil.which(name) for name in PROGRAMS}
    if not (cli := found["pulumi"]):
        return None
    version = ask(cli, "version", env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"})
    places = [Path(place) for place in found.values() if place]
    if numbers(version)[:2] < OLDEST_CLI or len(places) < len(PROGRAMS):
        why = "is too old" if len(places) == len(PROGRAMS) else "has no Python language host"
        say(f"the Pulumi CLI on PATH ({version or 'of unknown version'}) {why}: it is left alone")
        return None
    say(f"the Pulumi CLI on PATH, {version}")
    if complete(Path(cli).parent):
        return Path(cli).parent
    side_by_side = VENV / "engine"
    shutil.rmtree(side_by_side, ignore_errors=True)
    side_by_side.mkdir()
    for place in places:
        (side_by_side / place.name).symlink_to(place)
    return side_by_side


def go() -> tuple[str | Path, dict[str, str]]:
    """Give a Go that is new enough, and its environment: from PATH, else from the package index into the cache."""
    env = {name: os.environ[name] for name in os.environ if name not in ("GOOS", "GOARCH", "GOROOT", "GOEXPERIMENT")}
    env |= {"GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0", "GOFLAGS": GOFLAGS, "GO111MODULE": "on"}
    own = cache() / "go"
    if numbers(ask("go", "env", "GOVERSION", env=env)) >= numbers(pinned("cli", "go")):
        if "HOME" not in env:
            env = {"GOPATH": str(own / "path"), "GOCACHE": str(own / "build"), **env}
        return "go", env
    lock = TOOLS / "go.txt"
    place = own / fingerprint(lock)
    if not place.exists():
        part = place.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        pip = (VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "install")
        run("Go, for this once", *pip, "--require-hashes", "--no-compile", "--target", part, "-r", lock)
        part.rename(place)
    env.pop("GOMODCACHE", None)
    return place / "go" / "bin" / "go", env | {"GOPATH": str(own / "path"), "GOCACHE": str(own / "build")}


def built() -> Path:
    """Give the engine in the cache, built from its Go modules where it is missing."""
    folder = cache() / "toolchain" / recipe() / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_name("lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up builds the engine: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete(folder):
            build(folder)
    return folder


def build(folder: Path) -> None:
    """Build what is missing in a folder; each program appears there whole or not at all."""
    command, env = go()
    part = folder.with_name("part")
    version = pinned("cli", SDK)
    what = (
        (f"Pulumi CLI {version} from its Go modules (some minutes, this once)", "cli", "pkg/v3/cmd/pulumi"),
        (f"its Python language host {pinned('host', SDK)}", "host", "sdk/v3/python/cmd/pulumi-language-python"),
    )
    for step, module, package in what:
        program = folder / package.rpartition("/")[2]
        if not program.exists():
            flags = ("-ldflags", LDFLAGS.format(version=version), "-o", part)
            run(
                step,
                command,
                "build",
                "-C",
                TOOLS / module,
                "-v",
                *flags,
                f"github.com/pulumi/pulumi/{package}",
                env=env,
            )
            part.replace(program)
    sources = ask(command, "list", "-C", TOOLS / "cli", "-m", "-f", "{{.Dir}}", SDK, env=env)
    for script in SCRIPTS:
        shutil.copyfile(Path(sources, script), part)
        part.chmod(0o755)
        part.replace(folder / Path(script).name)
    shutil.rmtree(cache() / "go", ignore_errors=True)


# --- the command ------------------------------------------------------------------------------------------------------


def setup() -> Path:
    """Set up what is missing, and give the folder of the engine."""
    if folder := finished():
        return folder
    environment()
    folder = on_path() or built()
    (VENV / ".setup").write_text(json.dumps({**wanted(), "folder": str(folder)}))
    say("ready")
    return folder


def stopped(*_: object) -> NoReturn:
    """Stop in order when told to."""
    fail("stopped; run it again, it goes on from here")


def main() -> None:
    """Print the folder of the engine, after setting up what is missing."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    print(setup())


if __name__ == "__main__":
    main()
