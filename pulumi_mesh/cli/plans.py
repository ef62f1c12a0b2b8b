"""Where verbs take plans from: a preview from a file or standard input."""

import sys
from pathlib import Path

from pulumi_mesh.cli.report import fail
from pulumi_mesh.sources.preview import NoPreview, Preview, preview

STDIN = "-"


def plan(file: str) -> Preview:
    """Read a preview, or end."""
    name = "standard input" if file == STDIN else file
    try:
        data = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        return preview(data, name)
    except OSError as error:
        fail(f"{name}: cannot be read: {error.strerror or error}")
    except NoPreview as error:
        fail(str(error))
