"""The demo behind `make up`, `make drift-demo`, `make down` and `make test-live`: a control plane to write to, and the engine.

What it starts listens on the loopback interface, outlives `make`, and is remembered in `.mesh/`, together with its logs, its
data and the state of the stack. Standard library only; the engine and `.venv/bin` are expected on PATH.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MESH = ROOT / ".mesh"
RECORD, STATE, PICTURE = MESH / "control-plane.json", MESH / "state", MESH / "ingress.html"
STACK = "dev"
EDGE = "/meshes/shop/meshgateways/edge"
INTRUDER: dict[str, Any] = {"hostname": "intruder.example", "port": 9000, "protocol": "HTTP"}
SERVERS = (
    "API_SERVER_HTTP",
    "API_SERVER_HTTPS",
    "DP_SERVER",
    "DIAGNOSTICS_SERVER",
    "MONITORING_ASSIGNMENT_SERVER",
    "INTER_CP_SERVER",
)
START, STOP = 60, 10  # seconds that a control plane has to answer, and to end


def say(text: str = "") -> None:
    """Tell what happens, in order with what the engine prints."""
    print(text, flush=True)


def fail(text: str, code: int = 1) -> NoReturn:
    """Give up, and say why."""
    print(f"error: {text}", file=sys.stderr)
    sys.exit(code)


# --- control planes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ControlPlane:
    """What the stack is written to; what was not started here has no process and no ports."""

    name: str
    url: str
    pid: int = 0
    ports: tuple[int, ...] = ()


def call(url: str, method: str = "GET", body: Any = None) -> Any:
    """Ask a control plane, and read its JSON."""
    headers = {"Content-Type": "application/json"}
    if token := os.environ.get("PULUMI_MESH_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def answers(url: str, *paths: str) -> bool:
    """Tell whether a control plane is there, and has what it makes for itself when it starts."""
    try:
        return "product" in call(f"{url}/") and all(call(url + path) for path in paths)
    except (OSError, ValueError, TypeError):
        return False


def running(pid: int, name: str) -> bool:
    """Tell whether a process still is the one that was started: ids are used again, and the dead may linger."""
    if Path("/proc/self").exists():
        shown = Path(f"/proc/{pid}/cmdline")
        return name in (shown.read_text(errors="replace") if shown.exists() else "")
    return (
        name
        in subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    )


def free_ports(count: int) -> tuple[int, ...]:
    """Find ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = tuple(int(each.getsockname()[1]) for each in sockets)
    for each in sockets:
        each.close()
    return ports


def start(name: str, folder: Path, ports: tuple[int, ...] = ()) -> ControlPlane:
    """Start a control plane that keeps its files in a folder, and wait until it answers.

    A kuma-cp takes its API to the loopback interface; for the servers that proxies talk to it knows no such setting.
    """
    env = {key: value for key, value in os.environ.items() if not key.startswith("KUMA_")}
    ports = ports or free_ports(len(SERVERS) if name == "kuma-cp" else 1)
    paths: tuple[str, ...] = ()
    if name == "kuma-cp":
        command = ["kuma-cp", "run"]
        paths = ("/meshes/default", "/global-secrets/admin-user-token")
        env |= {f"KUMA_{server}_PORT": str(port) for server, port in zip(SERVERS, ports, strict=True)}
        env |= {f"KUMA_API_SERVER_{server}_INTERFACE": "127.0.0.1" for server in ("HTTP", "HTTPS")}
        env |= {"KUMA_ENVIRONMENT": "universal", "KUMA_MODE": "zone", "KUMA_STORE_TYPE": "memory"}
        env |= {"KUMA_INTER_CP_CATALOG_INSTANCE_ADDRESS": "127.0.0.1", "KUMA_GENERAL_WORK_DIR": str(folder / "kuma")}
    else:
        command = [
            str(ROOT / ".venv/bin/pulumi-mesh"),
            "sandbox",
            "--port",
            str(ports[0]),
            "--data",
            str(folder / "sandbox.db"),
        ]
    if not shutil.which(command[0]):
        fail(f"{command[0]} is not there any more; make down, then make up")
    folder.mkdir(exist_ok=True)
    log = folder / f"{name}.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=env, start_new_session=True
        )
    plane = ControlPlane(name, f"http://127.0.0.1:{ports[0]}", process.pid, ports)
    (folder / RECORD.name).write_text(json.dumps(asdict(plane)))
    until = time.monotonic() + START
    while not answers(plane.url, *paths):
        if process.poll() is not None or time.monotonic() > until:
            stop(plane)
            last = "\n  ".join(log.read_text(errors="replace").splitlines()[-5:])
            fail(f"{name} does not answer at {plane.url}; the end of {log}:\n  {last}")
        time.sleep(0.1)
    return plane


def stop(plane: ControlPlane) -> None:
    """Stop what was started here, by request first."""
    until = time.monotonic() + STOP
    while plane.pid and running(plane.pid, plane.name):
        with suppress(ProcessLookupError):
            os.killpg(plane.pid, signal.SIGTERM if time.monotonic() < until else signal.SIGKILL)
        time.sleep(0.1)


def recorded() -> ControlPlane | None:
    """Recall the control plane of the stack."""
    if not RECORD.exists():
        return None
    plane = ControlPlane(**json.loads(RECORD.read_text()))
    return ControlPlane(plane.name, plane.url, plane.pid, tuple(plane.ports))


def revived(plane: ControlPlane) -> ControlPlane:
    """Give the control plane of the stack, started again at the same place if it died."""
    if answers(plane.url):
        return plane
    if not plane.pid:
        fail(f"{plane.url}: no control plane answers there")
    stop(plane)
    say(f"{plane.name} at {plane.url} is not running: starting it again")
    if plane.name == "kuma-cp":
        say("its memory is gone, and so the stack starts over")
        forget()
    return start(plane.name, MESH, plane.ports)


def chosen() -> ControlPlane:
    """Choose what the stack is written to, and say which it is."""
    asked, known = os.environ.get("PULUMI_MESH_URL", "").rstrip("/"), recorded()
    if known and (asked or not known.pid) and asked != known.url:
        fail(f"the stack is on {known.url}; take it down first (make down), or set PULUMI_MESH_URL to that")
    if known:
        plane = revived(known)
        say(f"control plane: {plane.name} at {plane.url}, as before")
    elif asked:
        plane = ControlPlane("PULUMI_MESH_URL", asked)
        if not answers(asked):
            fail(f"{asked}: no control plane answers there; look at PULUMI_MESH_URL")
        MESH.mkdir(exist_ok=True)
        RECORD.write_text(json.dumps(asdict(plane)))
        say(f"control plane: {asked} (PULUMI_MESH_URL)")
    elif shutil.which("kuma-cp"):
        plane = start("kuma-cp", MESH)
        say(f"control plane: the kuma-cp on PATH, at {plane.url}, memory store, log in .mesh/kuma-cp.log")
    else:
        plane = start("sandbox", MESH)
        say(f"control plane: the sandbox at {plane.url}; it keeps and checks what it is told, it routes no traffic")
    return plane


# --- the engine -------------------------------------------------------------------------------------------------------


def pulumi(plane: ControlPlane, *words: str, quiet: bool = False) -> int:
    """Run the engine on the stack of the demo, as a user would type it."""
    env = os.environ | {
        "PULUMI_BACKEND_URL": f"file://{STATE}",
        "PULUMI_HOME": str(MESH / "pulumi"),
        "PULUMI_MESH_URL": plane.url,
        "PULUMI_SKIP_CHECKPOINTS": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    STATE.mkdir(parents=True, exist_ok=True)
    unlock()
    if not quiet:
        say(f"\n$ pulumi {' '.join(words)}")
    command = ("pulumi", *words) if sys.stdout.isatty() else ("pulumi", *words, "--color=never", "--non-interactive")
    output, errors = (subprocess.PIPE, subprocess.STDOUT) if quiet else (None, None)
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=errors, text=True) as process:
        said = waited(process)
    if quiet and process.returncode:
        say(said.rstrip())
    return process.returncode


def waited(process: subprocess.Popen[str]) -> str:
    """Wait for an engine; one that is interrupted gets the time to end its update in order."""

    def interrupted(number: int, _: object) -> None:
        if number == signal.SIGTERM:  # the terminal tells it of Ctrl-C, nobody but us of this
            process.terminate()

    before = {number: signal.signal(number, interrupted) for number in (signal.SIGINT, signal.SIGTERM)}
    said, _ = process.communicate()
    for number, handler in before.items():
        signal.signal(number, handler)
    return said or ""


def unlock() -> None:
    """Take away the lock of an engine that was killed; one that lives keeps its own."""
    for lock in (STATE / ".pulumi" / "locks").rglob("*.json"):
        holder = json.loads(lock.read_text())
        if holder["hostname"] == socket.gethostname() and not running(holder["pid"], "pulumi"):
            lock.unlink()


def forget() -> None:
    """Forget a stack whose objects are gone."""
    shutil.rmtree(STATE, ignore_errors=True)
    (ROOT / f"Pulumi.{STACK}.yaml").unlink(missing_ok=True)


def must(code: int) -> None:
    """End as the engine ended, if it did not end well."""
    if code:
        sys.exit(code)


# --- the verbs --------------------------------------------------------------------------------------------------------


def up() -> None:
    """Bring the program at the root up."""
    plane = chosen()
    must(pulumi(plane, "stack", "select", "--create", STACK, quiet=True))
    must(pulumi(plane, "up", "--yes"))
    show(plane)
    say(
        f"""
What to try next:
  make up                                        again: nothing changes
  make drift-demo                                somebody edits the gateway; Pulumi finds it and repairs it
  curl {plane.url}{EDGE}
  .venv/bin/pulumi-mesh explain https://shop.example:8443/api/v2/users --url {plane.url}
  .venv/bin/pulumi-mesh --help                   what else the command can do
  make down                                      take everything down again"""
    )


def show(plane: ControlPlane) -> None:
    """Show where requests go, as a table and as a picture."""
    command = str(ROOT / ".venv/bin/pulumi-mesh")
    say(f"\n$ pulumi-mesh routes --url {plane.url}")
    must(subprocess.run([command, "routes", "--url", plane.url], check=False).returncode)
    must(
        subprocess.run(
            [command, "graph", "--url", plane.url, "--format=html", f"--out={PICTURE}"], check=False
        ).returncode
    )
    say(f"\nthe picture of it: {PICTURE.relative_to(ROOT)}, a page to open in a browser")


def drift() -> None:
    """Edit a listener behind Pulumi's back, see it found, repair it."""
    if not recorded():
        fail("nothing is up; make up first")
    plane = chosen()
    edge = plane.url + EDGE
    before: dict[str, Any] = call(edge)
    first, *others = [each for each in before["conf"]["listeners"] if each["port"] != INTRUDER["port"]]
    body = {key: before[key] for key in before if key not in ("creationTime", "modificationTime")}
    edited = [{**first, "hostname": INTRUDER["hostname"]}, *others, INTRUDER]
    call(edge, "PUT", {**body, "conf": {**before["conf"], "listeners": edited}})
    say(f"\nBehind Pulumi's back, by one PUT on {edge}:")
    say(f"  conf.listeners[0].hostname: {first.get('hostname', '*')} -> {INTRUDER['hostname']}")
    say(f"  conf.listeners[{len(edited) - 1}]: {INTRUDER['port']} {INTRUDER['protocol']} {INTRUDER['hostname']}, new")
    say("\nA preview with refresh finds it:")
    must(pulumi(plane, "preview", "--refresh", "--diff"))
    say("\nOne `up` repairs it:")
    must(pulumi(plane, "up", "--refresh", "--yes", "--skip-preview"))
    say("\nNothing is left of it:")
    must(pulumi(plane, "preview", "--refresh", "--expect-no-changes"))
    if INTRUDER["hostname"] in json.dumps(call(edge)):
        fail(f"{edge}: still has {INTRUDER['hostname']}")
    say("\nThe gateway is what it was before.")


def down() -> None:
    """Destroy the stack, and stop what was started."""
    if plane := recorded():
        if plane.pid and not answers(plane.url):
            forget()  # what it held goes with it
        elif (STATE / ".pulumi" / "stacks").exists():
            must(pulumi(plane, "destroy", "--remove", "--yes", "--skip-preview", "--stack", STACK))
        stop(plane)
    say("everything is down" if MESH.exists() else "nothing is up")
    shutil.rmtree(MESH, ignore_errors=True)


def test_live() -> None:
    """Run the end-to-end tests against a real control plane."""
    url = os.environ.get("PULUMI_MESH_URL", "").rstrip("/")
    if not url and not shutil.which("kuma-cp"):
        fail("no control plane to test against: set PULUMI_MESH_URL, or put kuma-cp on PATH", code=2)
    with tempfile.TemporaryDirectory() as folder:
        plane = ControlPlane("PULUMI_MESH_URL", url) if url else start("kuma-cp", Path(folder))
        try:
            say(f"control plane: {plane.name} at {plane.url}, version {call(plane.url + '/')['version']}")
            host = re.escape(urlsplit(plane.url).hostname or "")
            allowed = rf"--allowed-hosts=127\.0\.0\.1$,::1$,localhost$,/,{host}$"
            env = os.environ | {"PULUMI_MESH_URL": plane.url}
            code = subprocess.run(["pytest", "-m", "live", allowed], cwd=ROOT, env=env, check=False).returncode
        finally:
            stop(plane)
    sys.exit(code)


VERBS = {"up": up, "drift": drift, "down": down, "test-live": test_live}

if __name__ == "__main__":
    for variable in ("no_proxy", "NO_PROXY"):
        os.environ[variable] = ",".join(filter(None, (os.environ.get(variable), "127.0.0.1", "localhost")))
    try:
        VERBS[sys.argv[1]]()
    except urllib.error.URLError as error:
        fail(f"the control plane refused, or did not answer: {error}")
