"""`pulumi-mesh check` of N documents: how long one call takes, and how much memory.

    python benchmarks/check.py [N]      (default: 10000)

The documents are what real control planes were sent (`tests/recordings/`), good and bad, of every kind, each under a name of
its own, in YAML and JSON, in files of one document and of a hundred. Aims: 20 s and 500 MB on two cores.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES = 20, 500


def sent() -> Iterator[dict[str, Any]]:
    """Yield the documents that control planes were sent."""
    for path in sorted((ROOT / "tests" / "recordings").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            step = json.loads(line)
            if step["method"] == "PUT" and isinstance(step.get("body"), dict) and "type" in step["body"]:
                yield step["body"]


def documents(count: int) -> Iterator[dict[str, Any]]:
    """Yield so many documents."""
    for number, body in enumerate(islice(cycle(list(sent())), count)):
        yield {**body, "name": f"{body['name']}-{number}"} if isinstance(body.get("name"), str) else body


def write(folder: Path, count: int) -> Counter[str]:
    """Write documents into files, one alone in every other file, a hundred in the next; return their kinds."""
    rest, kinds = documents(count), Counter[str]()
    for number, (size, suffix) in enumerate(cycle([(1, "yaml"), (100, "yaml"), (1, "json"), (100, "json")])):
        several = list(islice(rest, size))
        if not several:
            return kinds
        kinds.update(str(document["type"]) for document in several)
        path = folder / f"{number % 10}" / f"{number}.{suffix}"
        path.parent.mkdir(exist_ok=True)
        texts = (yaml.safe_dump(one) if suffix == "yaml" else json.dumps(one, indent=2) for one in several)
        path.write_text("\n---\n".join(texts))
    return kinds


def main() -> int:
    """Run the command once, and say what it took."""
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    with tempfile.TemporaryDirectory() as folder:
        kinds = write(Path(folder), count)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.*")) / 1e6
        command = [Path(sys.executable).parent / "pulumi-mesh", "check", "--format", "json", folder]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    found = Counter(finding["severity"] for finding in json.loads(done.stdout)["findings"])
    print(
        f"{count:,} documents of {len(kinds)} kinds, {size:.1f} MB; {found['error']:,} errors, {found['warning']:,} warnings"
    )
    print(
        f"{seconds:.1f} s, {count / seconds:,.0f} documents a second (aim: {SECONDS} s); {peak:.0f} MB (aim: {MEGABYTES} MB)"
    )
    print(done.stderr.strip())
    return int(done.returncode not in (0, 2) or seconds > SECONDS or peak > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
