"""What a Pulumi project needs beside its program: the project, its tools, how it comes up."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from shlex import quote

PACKAGE = "meshes"

CONFIG = '''"""The settings of the stack; `pulumi config set --secret KEY` sets each secret."""

import pulumi

config = pulumi.Config()
'''

PULUMI = """\
name: {project}
description: Meshes and what is in them, as a control plane held them
runtime: python
"""

PYPROJECT = """\
[tool.ruff]
line-length = 120

[tool.pyright]
typeCheckingMode = "strict"
"""

REQUIREMENTS = "pulumi-mesh\n"

README = """\
# {project}

Meshes and what is in them, as a control plane held them when this program was written by `pulumi-mesh export`.

    python -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt
    pulumi stack init dev
    export PULUMI_MESH_URL=...{secrets}{broken}

On the control plane that it was read from, its objects come into the stack by the file that `--import-file` wrote, and then there
is nothing left to do:

    {importing}
    pulumi preview --expect-no-changes

On another control plane, `pulumi up` makes all of them.
"""

SECRETS = """

Secrets are no part of the program. Each is a setting of the stack, with the value that the control plane has (`data` in base64):

{commands}"""

BROKEN = """

Where traffic cannot flow, a program is refused before anything is written. That was so when this one was written, so the stack
has to silence it until it is repaired:

    {command}"""


def around(project: str, secrets: Sequence[str], codes: Sequence[str] = ()) -> dict[str, str]:
    """Return the files beside the program; `codes` are those of what is broken in it."""
    commands = "\n".join(f"    {command(key)}" for key in secrets)
    readme = README.format(
        project=project,
        importing=importing("resources.json"),
        secrets=SECRETS.format(commands=commands) if secrets else "",
        broken=BROKEN.format(command=silence(codes)) if codes else "",
    )
    return {
        "Pulumi.yaml": PULUMI.format(project=project),
        "README.md": readme,
        "pyproject.toml": PYPROJECT,
        "requirements.txt": REQUIREMENTS,
    }


def importing(file: str) -> str:
    """Return the command that brings objects into a stack; the engine can write no code for resources such as ours."""
    return f"pulumi import --file {quote(file)} --yes --protect=false --generate-code=false"


def silence(codes: Sequence[str]) -> str:
    """Return the command by which a stack silences findings."""
    return f"pulumi config set mesh:ignore {','.join(codes)}"


def named(folder: str) -> str:
    """Return the name of a project in a folder."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", PurePath(folder).stem).strip("-.")
    return name or "mesh"


def command(key: str, value: str | None = None) -> str:
    """Return the command that sets a secret; it asks for the value, unless that is said."""
    return f"pulumi config set --secret {key}" + ("" if value is None else f" -- {word(value)}")


def word(value: str) -> str:
    """Quote text for a shell, on one line."""
    if value.isprintable():
        return quote(value)
    shown = (one if one.isprintable() and one not in "\\'" else escape(ord(one)) for one in value)
    return "$'" + "".join(shown).replace("\\x0a", "\\n") + "'"


def escape(code: int) -> str:
    """Return how a shell writes a character that stands for itself badly."""
    return f"\\x{code:02x}" if code < 128 else f"\\U{code:08x}"
