"""The control plane behind the tests, and how to change things there behind Pulumi's back."""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

OWNER = "pulumi-mesh.io/owner"
SERVER = ("creationTime", "modificationTime", "kri", "snis")


@dataclass
class Plane:
    """A control plane, as somebody with curl sees it."""

    url: str
    token: str = ""
    collections: list[str] = field(default_factory=list[str])

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send one request; return status and body."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text.decode(errors="replace")

    def get(self, path: str) -> Any:
        """Return an object, None if it is not there."""
        status, body = self.ask("GET", path)
        assert status in (200, 404), (path, status, body)
        return body if status == 200 else None

    def put(self, path: str, body: dict[str, Any]) -> None:
        status, answer = self.ask("PUT", path, body)
        assert status in (200, 201), (path, status, answer)

    def delete(self, path: str) -> None:
        status, answer = self.ask("DELETE", path)
        assert status in (200, 404), (path, status, answer)

    def edit(self, path: str, change: Any) -> None:
        """Change a live object by hand: `change` gets it and edits it in place."""
        body = self.get(path)
        assert body is not None, path
        for key in SERVER:
            body.pop(key, None)
        change(body)
        self.put(path, body)

    def names(self, path: str) -> list[str]:
        """Name what is in a collection."""
        return sorted(item["name"] for item in (self.get(f"{path}?size=1000") or {}).get("items") or [])

    def owner(self, path: str) -> str:
        return ((self.get(path) or {}).get("labels") or {}).get(OWNER, "")

    def version(self) -> tuple[int, ...]:
        """Return the release of Kuma that it is, or speaks like."""
        index = self.get("/")
        said = str(index.get("basedOnKuma") or index["version"])
        return tuple(int(part) for part in said.split(".")[:2])

    def empty(self, mesh: str) -> None:
        """Take a mesh away with all that is in it."""
        if not self.collections:
            resources = (self.get("/_resources") or {}).get("resources") or []
            self.collections = [r["path"] for r in resources if r["scope"] == "Mesh" and not r["readOnly"]]
        for _ in range(20):
            for collection in self.collections:
                status, found = self.ask("GET", f"/meshes/{mesh}/{collection}?size=1000")
                for item in (found.get("items") or []) if status == 200 else []:
                    self.ask("DELETE", f"/meshes/{mesh}/{collection}/{item['name']}")
            status, _ = self.ask("DELETE", f"/meshes/{mesh}")
            if status in (200, 404):
                return
            time.sleep(0.1)
