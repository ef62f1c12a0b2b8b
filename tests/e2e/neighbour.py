"""Another process that writes to a gateway: its own listeners come, change and go until it is told to stop.

`python neighbour.py MESH GATEWAY OWNER`: says `ready` once its first listeners are there, ends when its standard input
does, and then says what it has left on the gateway: the tags of its listeners by port.
"""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pulumi_mesh import kinds  # noqa: F401 - the registry of the kinds
from pulumi_mesh.provider import listeners

HANDS = 4
"""How many threads write at the same time."""
MESH, GATEWAY, OWNER = sys.argv[1:4] if len(sys.argv) == 4 else ("", "", "")
STOP = threading.Event()


def said(port: int, turn: int) -> dict[str, Any]:
    """Return the properties of a listener, as the provider gets them."""
    place = {"control_plane": "default", "mesh": MESH, "gateway": GATEWAY}
    return {**place, "port": port, "protocol": "TCP", "tags": {"turn": str(turn)}, "__owner": OWNER}


def hand(number: int) -> dict[int, str]:
    """Keep one listener and change it, make another one and take it away, over and over; return what is left."""
    stays, goes = 9000 + number, 9100 + number
    kept, turn = said(stays, 1), 1
    while not STOP.is_set():
        turn += 1
        made = listeners.create(said(goes, turn)).outs
        kept, was = said(stays, turn), kept
        listeners.update("", was, kept)
        listeners.delete("", made or {})
    return {stays: str(turn)}


def main() -> None:
    """Write until standard input ends."""
    for number in range(HANDS):
        listeners.create(said(9000 + number, 1))
    print("ready", flush=True)
    with ThreadPoolExecutor(HANDS) as hands:
        at_work = [hands.submit(hand, number) for number in range(HANDS)]
        sys.stdin.read()
        STOP.set()
        left = [each.result() for each in at_work]
    print(json.dumps({port: turn for each in left for port, turn in each.items()}), flush=True)


if __name__ == "__main__":
    main()
