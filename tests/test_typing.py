"""A type checker tells right programs from wrong ones."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = ROOT / "tests" / "typing"


def findings(tmp_path, *files):
    """Return file name and line of every error that pyright's strict mode finds."""
    for file in files:
        shutil.copy(file, tmp_path)
    config = {"include": ["."], "exclude": [], "typeCheckingMode": "strict", "extraPaths": [str(ROOT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(ran.stdout)["generalDiagnostics"]
    return {(Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in told if one["severity"] == "error"}


def test_right_programs_are_accepted_and_wrong_ones_refused_line_by_line(tmp_path):
    right, wrong = HERE / "right.py", HERE / "wrong_programs.py"
    marked = {
        (wrong.name, number)
        for number, line in enumerate(wrong.read_text().splitlines(), 1)
        if line.endswith("# wrong")
    }
    assert marked == findings(tmp_path, right, wrong)
