"""The embedded Slack as a running server: its thread, its port, and being down.

Tests run it in a thread beside the test, the demo beside the bot; both need it to start with a known address and
to stop within a bounded time, leaving nothing behind.
"""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.demo.slack.delivery import SlackDelivery
from bot.demo.slack.http import SlackHttp
from bot.demo.slack.socket import SlackSocket
from bot.demo.slack.workspace import SlackWorkspace

HOST = "127.0.0.1"
BODY_BYTES = 16 * 1024 * 1024
PATIENCE = 10.0  # seconds for starting, stopping and each change in between


class SlackServer:
    """An embedded Slack on 127.0.0.1; `with SlackServer() as slack:` starts and stops it.

    `workspace` holds people, messages, faults and limiter; `socket` the Socket Mode connections and what breaks them;
    `delivery` the times for acknowledgements and retries.
    """

    def __init__(self, port: int = 0, workspace: SlackWorkspace | None = None) -> None:
        self.workspace = workspace or SlackWorkspace()
        self.delivery = SlackDelivery(self.workspace)
        self.socket = SlackSocket(self.workspace, self.delivery)
        self._port = port
        self._anchor: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None

    @property
    def api_url(self) -> str:
        """What the bot takes as SLACK_API_URL."""
        return f"{self.workspace.base_url}/api/"

    def start(self) -> Self:
        """Listen; returns when requests are answered. Raises OSError if the port is taken."""
        self._anchor = reserved_port(self._port)
        self.workspace.base_url = f"http://{HOST}:{self._anchor.getsockname()[1]}"
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main(started)), name="embedded-slack", daemon=True
        )
        self._thread.start()
        started.result(PATIENCE)
        return self

    def stop(self) -> None:
        """Cut all connections and end the thread, within ten seconds; a second call does nothing."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._anchor is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        thread.join(PATIENCE)
        self._anchor.close()

    def go_down(self) -> None:
        """All of Slack is gone: connections are cut, new ones refused; the port stays ours."""
        self._await(self._close())

    def come_up(self) -> None:
        """Slack is back at the same address."""
        self._await(self._listen())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- on the server's loop

    async def _main(self, started: "Future[None]") -> None:
        self._loop = asyncio.get_running_loop()
        try:
            await self._open()
        except BaseException as error:
            started.set_exception(error)
            raise
        started.set_result(None)
        await self._stopping.wait()
        self.socket.unbind()
        await self._close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _open(self) -> None:
        self.socket.bind(asyncio.get_running_loop(), self._stopping)
        answers = SlackHttp(self.workspace, self.socket.open_ticket, self._stopping)
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_route("*", "/api/{method}", answers.api)
        app.router.add_post("/response/{id}", answers.response_url)
        app.router.add_get("/link/", self.socket.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self._listen()

    async def _listen(self) -> None:
        if self._runner is None or self._anchor is None or self._site is not None:
            return
        self._site = web.SockSite(self._runner, bound_socket(self._anchor.getsockname()[1]))
        await self._site.start()

    async def _close(self) -> None:
        if self._site is not None:
            await self._site.stop()
            self._site = None
        server = self._runner.server if self._runner is not None else None
        for connection in server.connections if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()

    def _await(self, work: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            work.close()
            raise RuntimeError("The embedded Slack is not running: call start() first.")
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)


def reserved_port(port: int) -> socket.socket:
    """A socket that holds a port without listening, so that nobody else gets it while Slack is down."""
    if port:
        # Sharing a port is how the listener joins this socket; a stranger's listener must be an error all the same.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    return bound_socket(port)


def bound_socket(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    return bound
