"""The real Pulumi engine, one throw-away stack at a time."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from textwrap import dedent
from typing import Any

PROJECT, STACK = "e2e", "dev"
QUIET = ("--non-interactive", "--color", "never")
NEWS = {"same", "read", "refresh"}
OURS = "pulumi-python:dynamic/mesh:"
SECRET = "4dabf18193072939515e22adb298388d"


@dataclass
class Ran:
    """What one command of the engine did."""

    code: int
    text: str
    """Both streams, without colors."""
    log: Path
    out: str = ""

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """What the engine told, one by one."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.strip()]

    def steps(self) -> list[dict[str, Any]]:
        """The steps on our resources, in the order in which they began."""
        found = [event["resourcePreEvent"]["metadata"] for event in self.events if "resourcePreEvent" in event]
        return [step for step in found if step["type"].startswith(OURS)]

    def outcomes(self) -> list[dict[str, Any]]:
        """The steps on our resources, in the order in which they ended."""
        found = [event["resOutputsEvent"]["metadata"] for event in self.events if "resOutputsEvent" in event]
        return [step for step in found if step["type"].startswith(OURS)]

    @property
    def ops(self) -> dict[str, str]:
        """What happened to each resource that did not stay the same, by its Pulumi name."""
        return {name(step): step["op"] for step in self.steps() if step["op"] not in NEWS}

    @property
    def changes(self) -> dict[str, int]:
        """The engine's own summary, without what stays the same, and without the stack itself."""
        last = next(e["summaryEvent"] for e in reversed(self.events) if "summaryEvent" in e)
        return {op: count for op, count in last["resourceChanges"].items() if op not in NEWS and count}

    def paths(self, of: str) -> set[str]:
        """The properties of a resource that change, by their path."""
        return {path for step in self.steps() if name(step) == of for path in step.get("detailedDiff") or {}}

    def drifted(self) -> dict[str, set[str]]:
        """What a refresh found, by Pulumi name: the paths that changed, `gone` where the object is missing."""
        found: dict[str, set[str]] = {}
        for step in self.outcomes():
            if step["op"] in ("refresh", "update", "delete") and (step["op"] != "refresh" or step.get("detailedDiff")):
                gone = step["op"] == "delete" or not step.get("new")
                found[name(step)] = {"gone"} if gone else set(step.get("detailedDiff") or {})
        return found

    def digest(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def name(step: dict[str, Any]) -> str:
    """Return the Pulumi name of what a step is about."""
    return str(step["urn"]).rpartition("::")[2]


@dataclass
class Engine:
    """The programs of the engine, and one home for all stacks of a test session."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def make(cls, folder: Path) -> "Engine":
        """Take the engine from PATH, and make the template of all stacks."""
        own = Path(sys.executable).parent
        path = os.pathsep.join([str(own), os.environ.get("PATH", "")])
        for program in ("pulumi", "pulumi-language-python"):
            if shutil.which(program, path=path) is None:
                raise FileNotFoundError(
                    f"{program} is not on PATH; `make test` puts it there (see `make -s print-path`)"
                )
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "KUMA_"))}
        env = kept | {
            "PATH": path,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_PYTHON_CMD": sys.executable,
            "PULUMI_DEBUG_COMMANDS": "true",  # for --event-log
            "NO_COLOR": "1",
        }
        engine = cls(folder, env)
        engine.template()
        return engine

    def template(self) -> None:
        """Make one stack with the engine's own hands; all others are copies."""
        at = self.folder / "template"
        (at / "backend").mkdir(parents=True)
        (at / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
        self.run(at, "stack", "init", STACK, "--non-interactive")

    def run(self, at: Path, *args: str) -> str:
        """Run one command that must succeed."""
        env = self.env | {"PULUMI_BACKEND_URL": f"file://{at / 'backend'}"}
        ran = subprocess.run(["pulumi", *args], cwd=at, env=env, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def stack(self, at: Path, mesh: str, url: str, *, project: str = PROJECT, stack: str = STACK) -> "Stack":
        """Make a stack in a folder of its own."""
        shutil.copytree(self.folder / "template", at)
        (at / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")
        state = at / "backend" / ".pulumi" / "stacks"
        if (project, stack) != (PROJECT, STACK):
            (at / f"Pulumi.{STACK}.yaml").rename(at / f"Pulumi.{stack}.yaml")
            for folder, _, files in os.walk(at / "backend"):
                for file in (Path(folder) / file for file in files):
                    file.write_text(
                        file.read_text().replace(f"organization/{PROJECT}/{STACK}", f"organization/{project}/{stack}")
                    )
            (state / PROJECT / f"{STACK}.json").rename(state / PROJECT / f"{stack}.json")
            (state / PROJECT).rename(state / project)
        return Stack(self, at, mesh, url, f"{project}.{stack}", stack)


PRELUDE = """\
import json
import os
import pulumi
import pulumi_mesh as mesh

SHOP = "{mesh}"
EDGE = [{{"match": {{"kuma.io/service": "edge"}}}}]
HTTP = {{"port": 8080, "protocol": "HTTP"}}


def gateway(resource="edge", /, **said):
    return mesh.MeshGateway(resource, **{{"mesh": SHOP, "selectors": EDGE, "listeners": [HTTP], **said}})


"""
"""What every program begins with: the mesh of the test, and a plain gateway."""


@dataclass
class Stack:
    """One stack: its program, its state, its engine."""

    engine: Engine
    at: Path
    mesh: str
    url: str
    owner: str
    name: str
    env: dict[str, str] = field(default_factory=dict[str, str])
    """What the environment says on top of the engine's own."""
    count: int = 0

    def program(self, text: str) -> "Stack":
        """Write the program."""
        (self.at / "__main__.py").write_text(PRELUDE.format(mesh=self.mesh) + dedent(text).strip() + "\n")
        return self

    def up(self, text: str | None = None, *args: str, code: int = 0, **env: str) -> Ran:
        """Bring the control plane to what the program says, without a preview."""
        return self.go("up", "--yes", "--skip-preview", *args, text=text, code=code, env=env)

    def preview(self, text: str | None = None, *args: str, code: int = 0, **env: str) -> Ran:
        return self.go("preview", *args, text=text, code=code, env=env)

    def refresh(self, *args: str, code: int = 0, **env: str) -> Ran:
        yes = () if "--preview-only" in args else ("--yes", "--skip-preview")
        return self.go("refresh", *yes, *args, code=code, env=env)

    def destroy(self, *args: str, code: int = 0, **env: str) -> Ran:
        return self.go("destroy", "--yes", "--skip-preview", *args, code=code, env=env)

    def settled(self) -> None:
        """Assert that program, state and control plane say the same."""
        self.preview(None, "--refresh", "--diff", "--expect-no-changes")

    def go(
        self, verb: str, *args: str, text: str | None = None, code: int = 0, env: dict[str, str] | None = None
    ) -> Ran:
        """Run a verb of the engine, and expect how it ends."""
        if text is not None:
            self.program(text)
        ran = self.finish(self.start(verb, *args, env=env))
        assert ran.code == code, f"pulumi {verb} {' '.join(args)} ended with {ran.code}, not {code}:\n{ran.text}"
        return ran

    def start(self, verb: str, *args: str, env: dict[str, str] | None = None) -> "Running":
        """Start a verb of the engine."""
        self.count += 1
        log = self.at / f"events-{self.count}.jsonl"
        command = ["pulumi", verb, "--stack", self.name, *QUIET, "--event-log", str(log), *args]
        return Running(command, self.at, self.environment(env or {}), log)

    def finish(self, running: "Running") -> Ran:
        return running.wait()

    def environment(self, env: dict[str, str]) -> dict[str, str]:
        """Return the environment of a command; an empty value takes a variable away."""
        said = self.engine.env | {
            "PULUMI_BACKEND_URL": f"file://{self.at / 'backend'}",
            "PULUMI_MESH_URL": self.url,
            **self.env,
            **env,
        }
        return {key: value for key, value in said.items() if value}

    def pulumi(self, *args: str, code: int = 0) -> str:
        """Run another command of the engine."""
        ran = subprocess.run(
            ["pulumi", *args], cwd=self.at, env=self.environment({}), capture_output=True, text=True, check=False
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout

    def config(self, key: str, value: str, *args: str) -> None:
        self.pulumi("config", "set", "--stack", self.name, *args, key, value)

    def file(self) -> str:
        """The state as it lies on the disk, with its back-ups and its history."""
        found = (path for path in (self.at / "backend").rglob("*") if path.is_file())
        return "\n".join(path.read_text(errors="replace") for path in found)

    def resources(self) -> dict[str, dict[str, Any]]:
        """Our resources in the state, by their Pulumi name."""
        state = json.loads(next((self.at / "backend" / ".pulumi" / "stacks").glob(f"*/{self.name}.json")).read_text())
        latest = state["checkpoint"].get("latest") or {}
        return {name(r): r for r in latest.get("resources") or [] if r["type"].startswith(OURS)}

    def inputs(self, of: str) -> dict[str, Any]:
        """What the state keeps of a resource, without what is ours."""
        return {key: value for key, value in self.resources()[of]["inputs"].items() if not key.startswith("__")}


class Running:
    """A command of the engine that runs, and all that it has started."""

    def __init__(self, command: list[str], at: Path, env: dict[str, str], log: Path) -> None:
        self.log = log
        self.streams = [tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")]  # noqa: SIM115
        self.process = subprocess.Popen(
            command, cwd=at, env=env, stdin=subprocess.DEVNULL, stdout=self.streams[0], stderr=self.streams[1],
            start_new_session=True,
        )  # fmt: skip

    def wait(self, seconds: float = 240) -> Ran:
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            code = self.process.wait()
        texts = []
        for stream in self.streams:
            stream.seek(0)
            texts.append(stream.read())
            stream.close()
        return Ran(code, "".join(texts), self.log, texts[0])

    def family(self) -> dict[int, str]:
        """Return every process of this run, by its id: the session that it opened is its own."""
        found: dict[int, str] = {}
        for line in processes():
            pid, session, command = line
            if session == self.process.pid:
                found[pid] = command
        return found

    def kill(self, only: Callable[[str], bool] = lambda _: True) -> None:
        """Kill the run, the engine first, as an empty battery would; or only some of its processes."""
        for pid in sorted(found := self.family()):
            if only(found[pid]):
                with_signal(pid, signal.SIGKILL)
        if self.process.poll() is None and only(" ".join(map(str, self.process.args))):  # type: ignore[arg-type]
            self.process.kill()

    def kill_provider(self) -> None:
        """Kill the process of the provider alone."""
        self.kill(lambda command: "pulumi.dynamic" in command or "pulumi-resource-pulumi-python" in command)

    def gone(self, seconds: float = 10) -> bool:
        """Wait until nothing of the run is left."""
        until = time.monotonic() + seconds
        while self.family() and time.monotonic() < until:
            time.sleep(0.02)
        return not self.family()


def with_signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def processes() -> list[tuple[int, int, str]]:
    """List the living processes: id, session, command line."""
    found = list[tuple[int, int, str]]()
    if Path("/proc/self").exists():
        for at in Path("/proc").glob("[0-9]*"):
            try:
                state, _, _, session = (at / "stat").read_text().rpartition(")")[2].split()[:4]
                command = (at / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if state != "Z":
                found.append((int(at.name), int(session), command))
        return found
    shown = subprocess.run(["ps", "-A", "-o", "pid=,sess=,stat=,command="], capture_output=True, text=True, check=True)
    for line in shown.stdout.splitlines():
        pid, session, state, command = line.split(None, 3)
        if not state.startswith("Z"):
            found.append((int(pid), int(session, 0), command))
    return found
