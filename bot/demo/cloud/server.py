"""The embedded prewarm API as a server on the loopback interface: it starts, it is down and up again, it stops.

It runs an event loop in a thread of its own, so that the bot under test or in the demo meets it only over HTTP. While
it is "down" its port stays reserved: connections are refused, and nobody else can take the port meanwhile.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.demo.cloud.api import CloudApi
from bot.demo.cloud.board import FaultBoard
from bot.demo.cloud.faults import Fault
from bot.demo.cloud.state import CloudState

DEMO_API_KEY = "demo-api-key"
_PATIENCE = 5.0  # seconds for start, stop and each switch of "down"


class CloudServer:
    """The embedded prewarm API. `cloud` holds its tasks, `faults` its switches; both may be used from any thread.

    `port` 0 takes a free one. `seed` fixes the IDs of new tasks and the random faults; None makes other IDs each time.
    A wrong key is refused as `wrong_key` would be: UNAUTHORIZED (401), FORBIDDEN or INVALID_API_KEY (403).
    """

    def __init__(
        self,
        port: int = 0,
        *,
        api_key: str = DEMO_API_KEY,
        wrong_key: Fault = Fault.UNAUTHORIZED,
        seed: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.api_key = api_key
        self.cloud = CloudState(keys=[api_key], seed=seed, clock=clock)
        self.faults = FaultBoard(seed or 0)
        self.faults.listen(self._follow_switch)
        self._wrong_key = wrong_key
        self._port = port
        self._run: _Run | None = None

    @property
    def url(self) -> str:
        """The base URL; known once the server has been started."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Open the port and answer; OSError if the port is taken. A running server is left as it is."""
        if self._run is not None:
            return
        door = _Door(self._port)
        self._port = door.port
        api = CloudApi(self.cloud, self.faults, wrong_key=self._wrong_key)
        run = _Run(api, door, self._is_down)
        run.start()
        self._run = run

    def stop(self) -> None:
        """Stop within seconds, whatever is still being answered; may be called before `start` and twice."""
        run, self._run = self._run, None
        if run is not None:
            run.stop()

    def _is_down(self) -> bool:
        return self.faults.is_on(Fault.API_DOWN)

    def _follow_switch(self) -> None:
        if self._run is not None:
            self._run.follow_switch()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Door:
    """The server's port: bound all the time, listening only while the API is up."""

    def __init__(self, port: int) -> None:
        self._bound = _bind(port)
        self.port: int = self._bound.getsockname()[1]
        self._site: web.SockSite | None = None

    async def set_open(self, runner: web.AppRunner, *, wanted: bool) -> None:
        if wanted and self._site is None:
            self._site = web.SockSite(runner, self._bound)
            await self._site.start()
        elif not wanted and self._site is not None:
            await self._site.stop()
            self._site = None
            await asyncio.sleep(0)
            self._bound = _bind(self.port)

    def close(self) -> None:
        self._bound.close()


class _Run:
    """One run of the server from start to stop: its thread, its loop and its aiohttp runner."""

    def __init__(self, api: CloudApi, door: _Door, is_down: Callable[[], bool]) -> None:
        self._door = door
        self._is_down = is_down
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._halt = asyncio.Event()
        self._switching = asyncio.Lock()
        self._runner = web.AppRunner(
            api.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="demo-cloud", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.result(_PATIENCE)

    def stop(self) -> None:
        self._ready.result(_PATIENCE).call_soon_threadsafe(self._halt.set)
        self._thread.join(_PATIENCE)

    def follow_switch(self) -> None:
        """Open or close the port as the switch says, and return when it is done."""
        loop = self._ready.result(_PATIENCE)
        asyncio.run_coroutine_threadsafe(self._set_door(), loop).result(_PATIENCE)

    async def _serve(self) -> None:
        try:
            await self._runner.setup()
            await self._set_door()
            self._ready.set_result(asyncio.get_running_loop())
            await self._halt.wait()
        finally:
            server = self._runner.server
            transports = [each.transport for each in server.connections if each.transport] if server else []
            await self._runner.cleanup()
            for transport in transports:
                transport.abort()  # one with unsent bytes would stay open behind the loop's back
            await asyncio.sleep(0)
            self._door.close()

    async def _set_door(self) -> None:
        async with self._switching:
            down = self._is_down()
            await self._door.set_open(self._runner, wanted=not down)
            if down and self._runner.server is not None:
                for connection in self._runner.server.connections:
                    connection.force_close()


def _bind(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound
