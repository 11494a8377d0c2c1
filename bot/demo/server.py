"""What the demo's three servers share: an aiohttp application on a loopback port, on an event loop in its own thread.

The bot under test or in the demo meets a server only over HTTP. The port is held from start to stop: while a server is
down connections are refused, and nobody else can take the port meanwhile.
"""

import asyncio
import socket
import threading
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from aiohttp import web

HOST: Final = "127.0.0.1"
PATIENCE: Final = 10.0  # seconds for starting, stopping and each change in between


class LoopbackServer:
    """A server on 127.0.0.1 at `port`, 0: at any free one. `with` starts and stops it; it may be started again.

    `cancels`: a request whose client has gone is dropped, not finished.
    """

    halt: asyncio.Event  # set when it stops; on its loop

    def __init__(self, name: str, port: int, *, cancels: bool = True) -> None:
        self.port = port  # where it listens, once started
        self._name, self._cancels = name, cancels
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its base URL, once started."""
        return f"http://{HOST}:{self.port}"

    def application(self) -> web.Application:
        """Return what it serves; called on its loop, for each start."""
        raise NotImplementedError

    def is_up(self) -> bool:
        """Whether its port is open. When that changes, call `follow`."""
        return True

    def closing(self) -> None:
        """Hear, on the loop, that all connections are about to be cut."""

    def hold(self, port: int) -> socket.socket:
        """Return a socket that holds a port without listening. Raises OSError if the port is taken."""
        if port:
            # Sharing a port is how the listener joins this socket; a stranger's listener must be an error all the same.
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((HOST, port))
        return _bound(port)

    def start(self) -> Self:
        """Serve; returns when requests are answered. A running server is left as it is. Raises OSError as `hold`."""
        if self._thread is not None:
            return self
        self._held = self.hold(self.port)
        self.port = self._held.getsockname()[1]
        started: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), name=self._name, daemon=True)
        self._thread.start()
        started.result(PATIENCE)
        return self

    def stop(self) -> None:
        """Cut all connections and end the thread within seconds; before `start` and twice is fine."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self.halt.set)
        thread.join(PATIENCE)
        self._held.close()

    def follow(self) -> None:
        """Open or close the port as `is_up` says, and return when it is done; from any other thread."""
        if self._thread is not None:
            asyncio.run_coroutine_threadsafe(self._follow(), self._loop).result(PATIENCE)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- on the server's loop

    async def _serve(self, started: "Future[None]") -> None:
        self._loop, self.halt, self._switching = asyncio.get_running_loop(), asyncio.Event(), asyncio.Lock()
        self._site: web.SockSite | None = None
        try:
            app = self.application()
            self._runner = web.AppRunner(app, access_log=None, handler_cancellation=self._cancels, shutdown_timeout=1.0)
            await self._runner.setup()
            await self._follow()
        except BaseException as error:
            started.set_exception(error)
            raise
        started.set_result(None)
        await self.halt.wait()
        self.closing()
        await self._close()
        await self._runner.cleanup()
        await asyncio.sleep(0)  # for transports to close behind the runner's back

    async def _follow(self) -> None:
        async with self._switching:
            if not self.is_up():
                await self._close()
            elif self._site is None:
                self._site = web.SockSite(self._runner, _bound(self.port))
                await self._site.start()

    async def _close(self) -> None:
        site, self._site = self._site, None
        if site is not None:
            await site.stop()
        server = self._runner.server
        for connection in server.connections if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()  # one with unsent bytes would stay open


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    return bound
