"""Socket Mode as Slack runs it: up to ten connections per app, recycled, refused, cut.

Facts: docs.slack.dev/apis/events-api/using-socket-mode. Everything that breaks a real connection can be done here on
purpose, from any thread.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from bot.demo.slack.call import ApiError
from bot.demo.slack.connection import Connection
from bot.demo.slack.delivery import SlackDelivery
from bot.demo.slack.records import Json
from bot.demo.slack.workspace import SlackWorkspace

MOST_CONNECTIONS = 10


class SlackSocket:
    """The connections of the app.

    `refusing`: new connections get HTTP 503. `link_disabled`: Socket Mode is switched off. `blackholes`: as many next
    connections are accepted by TCP and never answered. `opened` counts the connections that ever were.
    """

    def __init__(self, workspace: SlackWorkspace, delivery: SlackDelivery) -> None:
        self.refusing = False
        self.link_disabled = False
        self.blackholes = 0
        self.opened = 0
        self._workspace = workspace
        self._delivery = delivery
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._tickets: set[str] = set()

    @property
    def connections(self) -> list[Connection]:
        """What is open now, oldest first."""
        return self._delivery.connections

    def bind(self, loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
        """Begin to deliver, on this loop; until then nothing that happens in the workspace reaches the app."""
        self._loop, self._stopping = loop, stopping
        self._workspace.outlet = lambda envelope: self._call(self._delivery.deliver, envelope)

    def unbind(self) -> None:
        self._workspace.outlet = None
        self._loop = None

    # -- controls

    def cut(self) -> None:
        """Abort every connection without a close frame."""
        self._each(Connection.abort)

    def close(self) -> None:
        """Close every connection with a close frame."""
        self._each(lambda connection: self._delivery.spawn(connection.close()))

    def refresh(self, grace: float = 10.0, reason: str = "refresh_requested") -> None:
        """Announce the end of every present connection, and close each after `grace` seconds; it works until then."""
        self._each(lambda connection: self._delivery.spawn(connection.dismiss(reason, grace)))

    def disable_link(self) -> None:
        """Switch Socket Mode off: present connections are dismissed, new ones are not to be had."""
        self.link_disabled = True
        self.refresh(grace=0.0, reason="link_disabled")

    def freeze(self) -> None:
        """Let present connections stay open and answer nothing any more, pings included."""
        self._each(Connection.freeze)

    def wait_connected(self, number: int = 1, timeout: float = 10.0) -> None:
        """Wait until exactly `number` connections are open; raises TimeoutError."""
        self._workspace.wait_for(
            lambda: len(self.connections) == number, timeout, f"{number} open Socket Mode connections"
        )

    # -- opening

    def open_ticket(self) -> Json:
        """apps.connections.open: an address that can be used once."""
        if self.link_disabled:
            raise ApiError("link_disabled")  # which code real Slack gives here is not documented
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        address = self._workspace.base_url.replace("http:", "ws:", 1)
        return {"url": f"{address}/link/?ticket={ticket}&app_id={self._workspace.identity.app_id}"}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection, from the handshake to its end."""
        if self.blackholes > 0:
            self.blackholes -= 1
            await self._stopping.wait()
            return web.Response()
        if self.refusing:
            return web.Response(status=503)
        if self.link_disabled or request.query.get("ticket") not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False, autoclose=False)
        await socket.prepare(request)
        await self._hold(Connection(socket, request))
        return socket

    async def _hold(self, connection: Connection) -> None:
        if len(self.connections) == MOST_CONNECTIONS:
            await connection.dismiss("too_many_websockets", 0.0)
            return
        await connection.greet(self._workspace.identity, len(self.connections) + 1)
        with self._workspace.changing():
            self.connections.append(connection)
            self.opened += 1
        try:
            await self._listen(connection)
        finally:
            with self._workspace.changing():
                self.connections.remove(connection)

    async def _listen(self, connection: Connection) -> None:
        while frame := await connection.read(self._stopping):
            if frame.type == WSMsgType.TEXT and not connection.frozen:
                self._delivery.acknowledge(frame.data)

    # -- from any thread to the loop

    def _each(self, act: Callable[[Connection], Any]) -> None:
        self._call(lambda: [act(connection) for connection in tuple(self.connections)])

    def _call(self, act: Callable[..., object], *arguments: Any) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(act, *arguments)
