"""The demo's page as a server on the loopback interface: the chat, the panel on the cloud, and the files of both."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.demo.page import commands as page_commands
from bot.demo.page.chat import ChatApi
from bot.demo.page.feed import Feed
from bot.demo.page.guard import add_headers, guard
from bot.demo.page.speech import Typed
from bot.demo.server import LoopbackServer
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
PORTS: Final = 100  # that are tried


class PageServer(LoopbackServer):
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
        super().__init__("demo-page", port)
        self._gallery = gallery
        self._feed = Feed(workspace)
        panel = list(routes)
        self._routes = [*panel, *ChatApi(workspace, self._feed, typed, offers, panel=bool(panel)).routes()]

    def application(self) -> web.Application:
        """Return the chat, the panel, the gallery and the files."""
        app = web.Application(middlewares=[guard], client_max_size=BODY_BYTES)
        app.on_response_prepare.append(add_headers)
        app.cleanup_ctx.append(self._following)
        app.add_routes([*self._routes, web.get("/gallery.json", self._messages), web.get("/{name:[^/]*}", self._file)])
        return app

    def hold(self, port: int) -> socket.socket:
        """Return a socket that holds the wanted port, or the next one that nobody uses. Raises OSError if none is."""
        for each in range(port, min(port + PORTS, 65_536)):
            with suppress(OSError):
                return super().hold(each)
        raise OSError(f"No port from {port} on is free for the page. Choose another with --port.")

    async def _following(self, _: web.Application) -> AsyncIterator[None]:
        following = asyncio.create_task(self._feed.follow())
        yield
        following.cancel()

    async def _messages(self, _: web.Request) -> web.Response:
        return web.json_response(self._gallery() if self._gallery else {"groups": []})

    async def _file(self, request: web.Request) -> web.Response:
        """A file of the page; only names that are in its folder, so that no path leads out of it."""
        name = NAMED.get(request.match_info["name"], request.match_info["name"])
        found = next((each for each in FOLDER.iterdir() if each.name == name and each.suffix in TYPES), None)
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found.read_bytes(), headers={"Content-Type": TYPES[found.suffix]})
