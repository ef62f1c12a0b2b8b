"""The command, run in this process as its entry runs it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from pulumi_mesh.cli import main


@dataclass(frozen=True)
class Ran:
    """How a run ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def report(self) -> dict[str, Any]:
        return json.loads(self.out)


def run(*args: str | Path, stdin: str | bytes = b"") -> Ran:
    """Run the command."""
    result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin, catch_exceptions=False)
    return Ran(result.exit_code, result.stdout, result.stderr)


def findings(*args: str | Path, stdin: str | bytes = b"") -> list[dict[str, Any]]:
    """Run `check`, and return what it found."""
    return run("check", "--format", "json", *args, stdin=stdin).report["findings"]
