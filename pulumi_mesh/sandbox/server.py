"""The sandbox on a port of this machine: in the foreground for the command, in a thread for tests."""

import ipaddress
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Thread, current_thread, main_thread
from time import monotonic, sleep

import uvicorn
from starlette.applications import Starlette

from pulumi_mesh.errors import Unconfigured
from pulumi_mesh.sandbox.app import app
from pulumi_mesh.sandbox.site import Site

PATIENCE = 10.0


def listen(host: str, port: int) -> socket.socket:
    """Bind a port of this machine; 0 picks a free one, other machines are refused."""
    named = "127.0.0.1" if host == "localhost" else host
    try:
        address = ipaddress.ip_address(named)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise Unconfigured(f"--host {host}: the sandbox knows no rights and serves this machine alone; use 127.0.0.1")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    # asyncio sends at once only where TCP is named
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((str(address), port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise Unconfigured(f"--port {port}: {error}; choose another one, or 0 for any that is free") from None
    return bound


def url_of(bound: socket.socket) -> str:
    """Return the URL of a bound port."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """A server for which a signal to stop is no failure: uvicorn's own raises the signal again once it has stopped."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on SIGINT and SIGTERM, in the main thread, and leave it at that."""
        if current_thread() is not main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def server_of(served: Starlette) -> Server:
    """Make a quiet server."""
    return Server(
        uvicorn.Config(
            served,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=75,
        )
    )


def serve(
    data: str | None = None,
    kuma: str = "2.14",
    host: str = "127.0.0.1",
    port: int = 5681,
    mode: str = "zone",
    product: str = "Kuma",
    tell: Callable[[str, Site], None] = lambda _url, _site: None,
) -> None:
    """Serve until a signal says stop; `tell` is called with the URL and what is imitated once the port is bound."""
    bound = listen(host, port)
    served = app(data, kuma, mode, product)
    try:
        tell(url_of(bound), served.state.plane.site)
        server_of(served).run(sockets=[bound])
    finally:
        served.state.plane.close()
        bound.close()


@contextmanager
def running(
    kuma: str = "2.14", data: str | None = None, mode: str = "zone", product: str = "Kuma"
) -> Generator[str, None, None]:
    """Serve in a thread on a free port; the URL is what the block gets."""
    bound = listen("127.0.0.1", 0)
    served = app(data, kuma, mode, product)
    server = server_of(served)
    thread = Thread(target=server.run, kwargs={"sockets": [bound]}, name="sandbox", daemon=True)
    thread.start()
    try:
        end = monotonic() + PATIENCE
        while not server.started and thread.is_alive() and monotonic() < end:
            sleep(0.002)
        yield url_of(bound)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        served.state.plane.close()
        bound.close()
