"""What the sandbox keeps: objects and a few facts of its own, in SQLite."""

import json
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from pulumi_mesh.errors import Unconfigured

TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, mesh TEXT NOT NULL, name TEXT NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL,
    labels TEXT NOT NULL, body TEXT NOT NULL, status TEXT, owned INTEGER NOT NULL,
    UNIQUE (kind, mesh, name)
);
"""
COLUMNS = "mesh, name, created, modified, labels, body, status"


def dumped(value: Any) -> str:
    """Write JSON down as tightly as it goes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def now() -> str:
    """Return the time as the control plane writes it."""
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One stored object; maps as JSON text, for most of them are only passed on."""

    mesh: str
    name: str
    created: str
    modified: str
    labels: str
    body: str
    status: str | None

    def labelled(self) -> dict[str, str]:
        """Return the labels."""
        return json.loads(self.labels)

    def content(self) -> dict[str, Any]:
        """Return the body."""
        return json.loads(self.body)


def opened(path: str | None) -> sqlite3.Connection:
    """Open a file, or memory."""
    try:
        return sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise unusable(path, error) from None


def unusable(path: str | None, error: sqlite3.Error) -> Unconfigured:
    """Say that a file is of no use."""
    return Unconfigured(f"--data {path}: {error}; give a file of this sandbox that no other one uses")


class Store:
    """Objects by kind, mesh and name; the mesh of an object outside of meshes is empty."""

    def __init__(self, path: str | None = None) -> None:
        """Open a file, or begin empty in memory."""
        self.db = opened(path)
        try:
            self.db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = NORMAL")
            self.db.executescript(TABLES)
        except sqlite3.Error as error:
            self.db.close()
            raise unusable(path, error) from None

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def whole(self) -> Generator[None, None, None]:
        """Write all or nothing."""
        self.db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def fact(self, name: str, value: str = "") -> str:
        """Return a fact; the first value that is given for it stays."""
        self.db.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", (name, value))
        return str(self.db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()[0])

    def get(self, kind: str, mesh: str, name: str) -> Row | None:
        """Return one object."""
        found = self.db.execute(
            f"SELECT {COLUMNS} FROM objects WHERE kind = ? AND mesh = ? AND name = ?", (kind, mesh, name)
        ).fetchone()
        return Row(*found) if found else None

    def has(self, kind: str, mesh: str, name: str) -> bool:
        """Tell whether an object is there."""
        query = "SELECT 1 FROM objects WHERE kind = ? AND mesh = ? AND name = ?"
        return self.db.execute(query, (kind, mesh, name)).fetchone() is not None

    def put(
        self,
        kind: str,
        mesh: str,
        name: str,
        labels: Mapping[str, str],
        body: Mapping[str, Any],
        *,
        status: str | None = None,
        owned: bool = True,
    ) -> None:
        """Create or overwrite an object; one that is owned goes with its mesh."""
        time = now()
        self.db.execute(
            "INSERT INTO objects (kind, mesh, name, created, modified, labels, body, status, owned)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, mesh, name) DO UPDATE"
            " SET modified = excluded.modified, labels = excluded.labels, body = excluded.body, status = excluded.status",
            (kind, mesh, name, time, time, dumped(dict(sorted(labels.items()))), dumped(body), status, owned),
        )

    def delete(self, kind: str, mesh: str, name: str) -> bool:
        """Delete an object, and tell whether it was there."""
        query = "DELETE FROM objects WHERE kind = ? AND mesh = ? AND name = ?"
        return self.db.execute(query, (kind, mesh, name)).rowcount > 0

    def empty(self, mesh: str) -> None:
        """Delete what goes with a mesh."""
        self.db.execute("DELETE FROM objects WHERE mesh = ? AND owned", (mesh,))

    def count(self, kind: str, mesh: str | None = None) -> int:
        """Count the objects of a kind."""
        where, values = ("", (kind,)) if mesh is None else (" AND mesh = ?", (kind, mesh))
        return int(self.db.execute(f"SELECT COUNT(*) FROM objects WHERE kind = ?{where}", values).fetchone()[0])

    def rows(
        self,
        kind: str,
        mesh: str | None,
        part: str = "",
        labels: Mapping[str, str] | None = None,
        *,
        by_age: bool = False,
    ) -> list[Row]:
        """Return the objects of a kind by mesh and name, of one mesh or of all, with a part in the name, with all these labels."""
        query, values = f"SELECT {COLUMNS} FROM objects WHERE kind = ?", [kind]
        if mesh is not None:
            query, values = f"{query} AND mesh = ?", [*values, mesh]
        if part:
            query, values = f"{query} AND instr(name, ?) > 0", [*values, part]
        found = self.db.execute(f"{query} ORDER BY {'number' if by_age else 'mesh, name'}", values).fetchall()
        rows = [Row(*one) for one in found]
        return [row for row in rows if labels.items() <= row.labelled().items()] if labels else rows
