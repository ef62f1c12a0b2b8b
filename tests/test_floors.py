"""The house has floors: imports go down, and each library has one door."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def contracts(at):
    """Run the import contracts on a copy of the house."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", str(at / "pyproject.toml")]
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(at)})


def test_every_import_goes_down():
    ran = contracts(ROOT)
    assert ran.returncode == 0, ran.stdout


def test_an_import_that_goes_up_is_found(tmp_path):
    """A small house with the same contracts, and a schema that knows the provider."""
    house = tmp_path / "pulumi_mesh"
    for floor in ("schema", "provider"):
        (house / floor).mkdir(parents=True)
        (house / floor / "__init__.py").write_text('"""A floor."""\n')
    (house / "__init__.py").write_text('"""A house."""\n')
    (house / "schema" / "spec.py").write_text("import pulumi_mesh.provider\n")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    ran = contracts(tmp_path)
    assert ran.returncode != 0
    assert "pulumi_mesh.schema.spec -> pulumi_mesh.provider" in ran.stdout
