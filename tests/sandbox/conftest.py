"""At the end of a run: how much of the recordings the sandbox answers as the real control planes did."""

import sys
from typing import Any


def pytest_terminal_summary(terminalreporter: Any):
    module = sys.modules.get("tests.sandbox.test_recordings") or sys.modules.get("test_recordings")
    share = getattr(module, "SHARE", {})
    for version in sorted({version for version, _ in share}):
        steps, equal, outside = (share[version, key] for key in ("steps", "equal", "outside"))
        terminalreporter.write_line(
            f"sandbox: {equal} of {steps} recorded answers of kuma-cp {version} are equal; {outside} steps out of scope"
        )
