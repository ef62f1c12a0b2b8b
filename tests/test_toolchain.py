"""What the toolchain promises: pinned by hash, from no particular place, one version everywhere, set up once."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tools import setup

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [ROOT / "tools" / "requirements.txt", ROOT / "tools" / "go.txt"]


def pins(lock: Path) -> dict[str, str]:
    """Read what a lock says of each package: version, marker, hashes."""
    text = "\n".join(line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#"))
    entries = re.split(r"\n(?=\S)", text.strip())
    return {f"{entry.partition('==')[0]} {number}": entry for number, entry in enumerate(entries)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_a_version_and_a_hash(lock: Path):
    assert pins(lock)
    for name, entry in pins(lock).items():
        assert re.match(r"[a-z0-9._-]+==\S+", entry), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), name


@pytest.mark.parametrize(
    "lock", [*LOCKS, ROOT / "tools" / "constraints.txt", ROOT / "pyproject.toml"], ids=lambda lock: lock.name
)
def test_no_lock_says_where_to_download(lock: Path):
    assert not re.search(
        r"\w+://|^\s*--?(i|f|index-url|extra-index-url|find-links|trusted-host)\b", lock.read_text(), re.MULTILINE
    )


def test_every_dependency_of_the_project_is_locked():
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    names = {re.match(r"[\w-]+", each)[0].lower() for each in wanted}
    assert names <= {name.split()[0] for name in pins(LOCKS[0])}


def test_the_sdk_has_the_version_of_the_engine():
    engine = setup.pinned("cli", setup.SDK)
    assert engine == setup.pinned("cli", setup.SDK.replace("sdk", "pkg"))
    for file in ("requirements.txt", "constraints.txt"):
        assert f"pulumi=={engine.removeprefix('v')}" in (ROOT / "tools" / file).read_text().split()


@pytest.mark.parametrize("module", ["cli", "host"])
def test_modules_are_pinned_by_hash(module: str):
    folder = ROOT / "tools" / module
    assert f"{setup.SDK} {setup.pinned(module, setup.SDK)} h1:" in (folder / "go.sum").read_text()
    assert setup.numbers(setup.pinned(module, "go")) >= (1, 25, 11)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("v3.259.0", (3, 259, 0)), ("go1.26.8", (1, 26, 8)), ("go1.27rc1", (1, 27)), ("devel go1.28", ()), ("", ())],
)
def test_versions_are_compared_by_number(version: str, expected: tuple[int, ...]):
    assert setup.numbers(version) == expected


@pytest.fixture(scope="module")
def printed() -> tuple[Path, float]:
    """Ask make for the folder of the engine, and take the time: the best of three, for the machine may be busy."""
    if not shutil.which("make") or not setup.finished():
        pytest.skip("needs make setup")
    made, times = "", list[float]()
    for _ in range(3):
        start = time.monotonic()
        made = subprocess.run(["make", "-s", "print-path"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        times.append(time.monotonic() - start)
    return Path(made.rstrip("\n")), min(times)


def test_print_path_prints_one_folder_with_the_four_programs(printed: tuple[Path, float]):
    folder, _ = printed
    assert folder.is_absolute()
    assert [name for name in setup.PROGRAMS if not os.access(folder / name, os.X_OK)] == []


def test_an_engine_that_make_put_on_path_is_no_other_engine(
    printed: tuple[Path, float], monkeypatch: pytest.MonkeyPatch
):
    folder, _ = printed
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert setup.finished() == folder


def test_the_second_set_up_starts_at_once(printed: tuple[Path, float]):
    _, seconds = printed
    assert seconds < 1


def test_no_engine_looks_for_a_program_that_belongs_to_the_package():
    """It takes every package whose name begins with `pulumi-` for one that needs a download, unless that says no."""
    place = distribution("pulumi-mesh").locate_file(setup.PLUGIN)
    assert json.loads(Path(str(place)).read_text()) == {"resource": False}


def fake_engine(folder: Path, version: str, programs: tuple[str, ...] = setup.PROGRAMS) -> Path:
    """Make programs that answer with a version."""
    folder.mkdir()
    for name in programs:
        (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(setup, "VENV", tmp_path / "venv")
    (tmp_path / "venv").mkdir()
    return tmp_path / "venv"


def test_an_engine_on_path_that_is_new_enough_is_used(tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch):
    folder = fake_engine(tmp_path / "bin", "v3.254.0")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert setup.on_path() == folder


def test_an_engine_on_path_in_several_folders_is_put_side_by_side(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
):
    one = fake_engine(tmp_path / "one", "v3.300.0", setup.PROGRAMS[:1])
    two = fake_engine(tmp_path / "two", "v3.300.0", setup.PROGRAMS[1:])
    monkeypatch.setenv("PATH", f"{one}:{two}:/usr/bin:/bin")
    folder = setup.on_path()
    assert folder
    assert folder.is_relative_to(venv)
    assert setup.complete(folder)


@pytest.mark.parametrize(
    ("version", "programs"), [("v3.253.9", setup.PROGRAMS), ("v2.9", setup.PROGRAMS), ("v3.259.0", setup.PROGRAMS[:1])]
)
def test_an_engine_on_path_that_is_old_or_lacks_its_host_is_left_alone(
    version: str, programs: tuple[str, ...], tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", f"{fake_engine(tmp_path / 'bin', version, programs)}:/usr/bin:/bin")
    assert setup.on_path() is None


def test_a_step_that_fails_shows_what_it_said(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit, match=r"setup: a step: exit code 3; it said\n  no space left"):
        setup.run("a step", sys.executable, "-c", "import sys; print('no space left'); sys.exit(3)")
    assert "a step" in capsys.readouterr().err
