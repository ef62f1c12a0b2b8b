"""The embedded control plane, with a count of what it was asked.

    python benchmarks/counted.py PORT

`GET /_counts` answers the counts since the last such question: a GET of a collection with a page size is a LIST.
"""

import sys
from collections import Counter

import uvicorn
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from pulumi_mesh.sandbox import app

COUNTS: Counter[str] = Counter()
SERVED = app()


async def counted(scope: Scope, receive: Receive, send: Send) -> None:
    """Count a request, then answer it."""
    if scope["type"] == "http" and scope["path"] == "/_counts":
        await JSONResponse(dict(COUNTS))(scope, receive, send)
        COUNTS.clear()
        return
    if scope["type"] == "http":
        method = "LIST" if b"size=" in scope["query_string"] else scope["method"]
        COUNTS[f"{method} /" if scope["path"] == "/" else method] += 1
    await SERVED(scope, receive, send)


if __name__ == "__main__":
    uvicorn.run(counted, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
