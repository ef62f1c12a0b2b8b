"""Each example and the program of the README run on the real engine, settle, and leave nothing behind."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(folder.name for folder in (ROOT / "examples").iterdir() if (folder / "Pulumi.yaml").exists())


def readme():
    """The program that the README shows."""
    found = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_converges_and_goes(stack, plane, name):
    lives_and_goes(stack, plane, (ROOT / "examples" / name / "__main__.py").read_text())


def test_the_program_of_the_readme_converges_and_goes(stack, plane):
    lives_and_goes(stack, plane, readme())


def lives_and_goes(stack, plane, program):
    before = plane.names("/meshes")
    (stack.at / "__main__.py").write_text(program)
    ran = stack.up()
    assert set(ran.ops.values()) == {"create"}
    stack.settled()
    stack.destroy()
    assert sorted(before) == sorted(plane.names("/meshes"))


def test_the_readme_names_only_targets_that_make_has():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`|^    make ([a-z-]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert {first or second for first, second in named} <= targets
