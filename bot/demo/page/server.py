"""The demo's page as a server on the loopback interface: the chat, the panel on the cloud, and the files of both.

It runs in a thread of its own beside the bot and the embedded servers, and must not hold them up: everything it waits
for is on its own loop, and it stops within a second, whoever still listens to its streams.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from bot.demo.page import commands as page_commands
from bot.demo.page.chat import ChatApi
from bot.demo.page.feed import Feed
from bot.demo.page.guard import add_headers, guard
from bot.demo.page.speech import Typed
from bot.demo.slack.workspace import SlackWorkspace

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
NAMED: Final = {"": "index.html", "gallery": "gallery.html"}  # pages with an address of their own
BODY_BYTES: Final = 64 * 1024
PATIENCE: Final = 5.0  # seconds for starting and stopping


class PageServer:
    """Serves the page on 127.0.0.1 at `port`, or at the next free one; `url` says where, from the start on.

    `routes` are the panel's. `gallery` returns what /gallery.json says. `typed` hears of the commands people type.
    """

    def __init__(
        self,
        workspace: SlackWorkspace,
        port: int = 0,
        *,
        routes: Iterable[web.RouteDef] = (),
        gallery: Callable[[], object] | None = None,
        typed: Typed = lambda *_: None,
        offers: Sequence[page_commands.Offer] = page_commands.SLACKS_OWN,
    ) -> None:
        self.port = port  # where it listens, once started
        self._gallery = gallery
        self._feed = Feed(workspace)
        panel = list(routes)
        self._routes = [*panel, *ChatApi(workspace, self._feed, typed, offers, panel=bool(panel)).routes()]
        self._bound: socket.socket | None = None
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._halt = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="demo-page", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Listen; returns when requests are answered."""
        self._bound = listening(self.port)
        self.port = self._bound.getsockname()[1]
        self._thread.start()
        self._ready.result(PATIENCE)
        return self

    def stop(self) -> None:
        """Cut every stream and end the thread; may be called before `start`, and twice."""
        if self._thread.is_alive():
            with suppress(RuntimeError):  # it has ended meanwhile
                self._ready.result(PATIENCE).call_soon_threadsafe(self._halt.set)
            self._thread.join(PATIENCE)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- on the page's loop

    async def _serve(self) -> None:
        runner = web.AppRunner(self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        following = asyncio.create_task(self._feed.follow())
        try:
            await runner.setup()
            await web.SockSite(runner, self._bound).start() if self._bound else None
            self._ready.set_result(asyncio.get_running_loop())
            await self._halt.wait()
        finally:
            following.cancel()
            await runner.cleanup()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[guard], client_max_size=BODY_BYTES)
        app.on_response_prepare.append(add_headers)
        app.add_routes([*self._routes, web.get("/gallery.json", self._messages), web.get("/{name:[^/]*}", self._file)])
        return app

    async def _messages(self, _: web.Request) -> web.Response:
        return web.json_response(self._gallery() if self._gallery else {"groups": []})

    async def _file(self, request: web.Request) -> web.Response:
        """A file of the page; only names that are in its folder, so that no path leads out of it."""
        name = NAMED.get(request.match_info["name"], request.match_info["name"])
        found = next((each for each in FOLDER.iterdir() if each.name == name and each.suffix in TYPES), None)
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found.read_bytes(), headers={"Content-Type": TYPES[found.suffix]})


def listening(wanted: int) -> socket.socket:
    """A socket that listens on the wanted port of 127.0.0.1, or on the next one that nobody uses.

    Raises OSError if none of the next hundred is free.
    """
    for port in range(wanted, min(wanted + 99, 65_535) + 1):
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", port))
            bound.listen(128)
        except OSError:
            bound.close()
            continue
        bound.setblocking(False)
        return bound
    raise OSError(f"No port from {wanted} on is free for the page. Choose another with --port.")
