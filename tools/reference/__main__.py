"""Writes the pages, and takes away those of resources that are gone."""

from pathlib import Path

from .index import pages

OUT = Path(__file__).resolve().parents[2] / "sdk-docs" / "reference"


def write(folder: Path) -> None:
    """Bring a folder to the pages as they are now."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for stale in folder.glob("*.md"):
        if stale.name not in made:
            stale.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(OUT)
