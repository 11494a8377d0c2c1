"""One Socket Mode connection, seen from Slack's end, with the ways it can end."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from bot.demo.slack.records import Identity, Json

LIFETIME = 18_060  # seconds that hello announces
DEAD_FOR = 30.0  # seconds that a frozen connection outlasts the other side's goodbye
ENDED = (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR)


@dataclass(eq=False)
class Connection:
    """An open connection; a `frozen` one is open for TCP and dead otherwise. `delivered` counts envelopes."""

    socket: web.WebSocketResponse
    request: web.Request
    frozen: bool = False
    delivered: int = 0

    async def greet(self, identity: Identity, number: int) -> None:
        """Say hello, with how many connections the app now has."""
        debug = {"host": "applink-demo", "build_number": 1, "approximate_connection_time": LIFETIME}
        app = {"app_id": identity.app_id}
        await self.send({"type": "hello", "num_connections": number, "debug_info": debug, "connection_info": app})

    async def send(self, frame: Json) -> None:
        if self.frozen or self.socket.closed:
            return
        try:
            await self.socket.send_str(json.dumps(frame))
        except ConnectionError:
            self.abort()  # the other side is gone; what it did not acknowledge is sent again

    async def read(self, stopping: asyncio.Event) -> WSMessage | None:
        """The next frame, pings answered; None once the connection is over."""
        frame = await self.socket.receive()
        if frame.type in ENDED:
            await self._end(frame, stopping)
            return None
        if frame.type == WSMsgType.PING and not self.frozen:
            await self.socket.pong(frame.data)
        return frame

    async def _end(self, frame: WSMessage, stopping: asyncio.Event) -> None:
        if frame.type != WSMsgType.CLOSE:
            return
        if self.frozen:
            # A dead peer answers no close frame either; after a while the network gives the connection up.
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), DEAD_FOR)
        await self.close()

    async def close(self) -> None:
        """End it with a close frame."""
        await self.socket.close(code=WSCloseCode.OK)

    async def dismiss(self, reason: str, grace: float) -> None:
        """Announce the end, keep working for `grace` seconds, then close."""
        await self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-demo"}})
        await asyncio.sleep(grace)
        await self.close()

    def abort(self) -> None:
        """End it without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()

    def freeze(self) -> None:
        self.frozen = True
