"""What keeps a large program quick: its end is waited for once instead of once for each of its resources.

When a program has ended, Pulumi's SDK watches all its Outputs until the first of them is there, then all the others until
the next is: a time that grows with the square of the resources, and is most of what a program of some thousands takes. It
does so because nothing is registered yet when it first looks. Here it is given something to await that ends with the last
Output, or with the first that fails: from then on it does what it always did, and says what it always said.
"""

import asyncio
import atexit
import gc
from functools import cache
from typing import Any

import pulumi

Tasks = set["asyncio.Future[Any]"]


@cache
def spare_collector() -> None:
    """Let the process search for cycles less often, of what is loaded by now never, and of all there is not when it ends."""
    gc.freeze()
    gc.set_threshold(YOUNG)
    atexit.register(gc.freeze)


YOUNG = 50_000
"""How many new objects are worth a search: some megabytes; Python's own 700 cost a tenth of the time of a program."""


def wait_once() -> None:
    """Let the SDK await everything that a program has promised; to be called when its registrations are under way."""
    settings: Any = pulumi.runtime.settings.SETTINGS
    rpcs: list[asyncio.Future[Any]] | None = getattr(getattr(settings, "rpc_manager", None), "rpcs", None)
    outputs: Tasks | None = getattr(settings, "outputs", None)
    if rpcs is None or not outputs:
        return
    everything = asyncio.ensure_future(settled(rpcs, set(outputs)))
    rpcs.append(asyncio.ensure_future(asyncio.sleep(0)))
    everything.get_loop().call_soon(rpcs.append, everything)  # behind the registrations: the last one is awaited first


async def settled(rpcs: list["asyncio.Future[Any]"], outputs: Tasks) -> None:
    """Wait for all Outputs; at the first that fails, leave the rest to the SDK."""
    done, _ = await asyncio.wait(outputs, return_when=asyncio.FIRST_EXCEPTION)
    if any(one.cancelled() or one.exception() for one in done):
        rpcs.clear()


__all__ = ["spare_collector", "wait_once"]
