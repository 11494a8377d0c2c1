"""Socket Mode as Slack runs it: several connections, each thing delivered to one of them, events sent again.

Facts: docs.slack.dev/apis/events-api/using-socket-mode; retries and their reasons as reported by maintainers.
Everything that breaks a real connection can be done here on purpose, from any thread.
"""

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.demo.slack_call import ApiError
from bot.demo.slack_events import Envelope, new_id
from bot.demo.slack_records import Json
from bot.demo.slack_response_url import show_ack_payload
from bot.demo.slack_workspace import SlackWorkspace

MOST_CONNECTIONS = 10
LIFETIME = 18_060  # seconds that hello announces
DEAD_FOR = 30.0  # seconds that a frozen connection outlasts the other side's goodbye


@dataclass(eq=False)
class Connection:
    """One open connection; a `frozen` one is open for TCP and dead otherwise."""

    socket: web.WebSocketResponse
    request: web.Request
    opened_at: float = field(default_factory=time.monotonic)
    frozen: bool = False
    delivered: int = 0

    async def send(self, frame: Json) -> None:
        if self.frozen or self.socket.closed:
            return
        try:
            await self.socket.send_str(json.dumps(frame))
        except ConnectionError:
            self.abort()  # the other side is gone; what it did not acknowledge is sent again

    def abort(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass
class Waiting:
    """An envelope that was handed to a connection and is not acknowledged yet."""

    envelope: Envelope
    timer: asyncio.TimerHandle


class SlackSocket:
    """The Socket Mode side of the app.

    `ack_seconds` is how long an acknowledgement may take; `retry_delays` are seconds before each new attempt of an
    event, counted from the failed one. `refusing`: new connections get HTTP 503. `link_disabled`: Socket Mode is switched
    off. `blackholes`: as many next connections are accepted and never answered. `repeats`: as many next envelopes
    come twice.
    """

    def __init__(self, workspace: SlackWorkspace) -> None:
        self.ack_seconds = 3.0
        self.retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.refusing = False
        self.link_disabled = False
        self.blackholes = 0
        self.repeats = 0
        self.connections: list[Connection] = []
        self.acks = 0
        self.late_acks = 0
        self._workspace = workspace
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._tickets: set[str] = set()
        self._waiting: dict[str, Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = itertools.count()

    def bind(self, loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
        """Begin to deliver, on this loop; until then nothing the workspace says goes out."""
        self._loop, self._stopping = loop, stopping
        self._workspace.outlet = lambda envelope: self._call(self._deliver, envelope)

    def unbind(self) -> None:
        self._workspace.outlet = None
        self._loop = None

    # -- controls, from any thread

    def cut(self) -> None:
        """Abort every connection without a close frame."""
        self._call(self._each, Connection.abort)

    def close(self) -> None:
        """Close every connection with a close frame."""
        self._call(self._each, self._close)

    def refresh(self, grace: float = 10.0, reason: str = "refresh_requested") -> None:
        """Announce the end of every present connection, and close each after `grace` seconds."""
        self._call(self._each, lambda connection: self._dismiss(connection, reason, grace))

    def disable_link(self) -> None:
        """Switch Socket Mode off: present connections are dismissed, new ones are not to be had."""
        self.link_disabled = True
        self.refresh(grace=0.0, reason="link_disabled")

    def freeze(self) -> None:
        """Let present connections stay open and answer nothing any more, pings included."""
        self._call(self._each, lambda connection: setattr(connection, "frozen", True))

    def wait_connected(self, number: int = 1, timeout: float = 10.0) -> None:
        """Wait until exactly `number` connections are open."""
        self._workspace.wait_for(
            lambda: len(self.connections) == number, timeout, f"{number} open Socket Mode connections"
        )

    # -- opening

    def open_ticket(self) -> Json:
        """apps.connections.open: an address that can be used once."""
        if self.link_disabled:
            raise ApiError("link_disabled")
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        address = self._workspace.base_url.replace("http:", "ws:", 1)
        return {"url": f"{address}/link/?ticket={ticket}&app_id={self._workspace.identity.app_id}"}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection, from the handshake to its end."""
        if self.blackholes > 0:
            self.blackholes -= 1
            await self._stopping.wait()
        if self.refusing or self.link_disabled or request.query.get("ticket") not in self._tickets:
            return web.Response(status=503 if self.refusing else 403)
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False, autoclose=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        await self._hold(connection)
        return socket

    async def _hold(self, connection: Connection) -> None:
        with self._workspace.changing():
            self.connections.append(connection)
        try:
            await self._greet(connection)
            while await self._read(connection):
                pass
        finally:
            with self._workspace.changing():
                self.connections.remove(connection)

    async def _greet(self, connection: Connection) -> None:
        if len(self.connections) > MOST_CONNECTIONS:
            self._dismiss(connection, "too_many_websockets", 0.0)
            return
        debug = {"host": "applink-demo", "build_number": 1, "approximate_connection_time": LIFETIME}
        app = {"app_id": self._workspace.identity.app_id}
        count = len(self.connections)
        await connection.send({"type": "hello", "num_connections": count, "debug_info": debug, "connection_info": app})

    async def _read(self, connection: Connection) -> bool:
        """Take one frame; false once the connection is over."""
        frame = await connection.socket.receive()
        if frame.type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
            return False
        if connection.frozen:
            return frame.type != WSMsgType.CLOSE or await self._outlast()
        if frame.type == WSMsgType.CLOSE:
            await connection.socket.close()
        if frame.type == WSMsgType.PING:
            await connection.socket.pong(frame.data)
        if frame.type == WSMsgType.TEXT:
            self._acknowledged(frame.data)
        return frame.type != WSMsgType.CLOSE

    async def _outlast(self) -> bool:
        # A dead peer does not answer a close frame either; after a while the network gives the connection up.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), DEAD_FOR)
        return False

    # -- delivering

    def _deliver(self, envelope: Envelope) -> None:
        for connection in self._chosen():
            envelope_id = new_id("envelope-")
            timer = self._running().call_later(self.ack_seconds, self._unacknowledged, envelope_id)
            self._waiting[envelope_id] = Waiting(envelope, timer)
            self._hand_over(connection, envelope.frame(envelope_id))
            return
        self._failed(envelope, "dispatch_failed", "connection_failed")

    def _chosen(self) -> list[Connection]:
        """One open connection, each in its turn; none if none is open."""
        return [self.connections[next(self._turns) % len(self.connections)]] if self.connections else []

    def _hand_over(self, connection: Connection, frame: Json) -> None:
        connection.delivered += 1
        self._spawn(connection.send(frame))
        if self.repeats > 0:
            self.repeats -= 1
            self._spawn(self._chosen()[0].send(frame))

    def _acknowledged(self, data: str) -> None:
        ack = json.loads(data)
        waiting = self._waiting.pop(ack.get("envelope_id", ""), None)
        if waiting is None:
            self.late_acks += 1
            return
        waiting.timer.cancel()
        interaction = waiting.envelope.interaction
        with self._workspace.changing():
            self.acks += 1
            if interaction is not None:
                interaction.acknowledge(ack.get("payload"))
                show_ack_payload(self._workspace, interaction, ack.get("payload"))

    def _unacknowledged(self, envelope_id: str) -> None:
        envelope = self._waiting.pop(envelope_id).envelope
        self._failed(envelope, "operation_timeout", "timeout")

    def _failed(self, envelope: Envelope, error: str, reason: str) -> None:
        """A person sees an error; an event is sent again, as often as there are delays left."""
        if envelope.interaction is not None:
            self._workspace.interaction_failed(envelope.interaction, error)
        elif envelope.attempt < len(self.retry_delays):
            delay = self.retry_delays[envelope.attempt]
            self._running().call_later(delay, self._deliver, envelope.again(reason))

    # -- on the loop

    def _each(self, act: Callable[[Connection], Any]) -> None:
        for connection in tuple(self.connections):
            act(connection)

    def _close(self, connection: Connection) -> None:
        self._spawn(self._say_goodbye(connection))

    async def _say_goodbye(self, connection: Connection) -> None:
        await connection.socket.close(code=WSCloseCode.OK)

    def _dismiss(self, connection: Connection, reason: str, grace: float) -> None:
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-demo"}}
        self._spawn(self._farewell(connection, frame, grace))

    async def _farewell(self, connection: Connection, frame: Json, grace: float) -> None:
        await connection.send(frame)
        await asyncio.sleep(grace)
        await connection.socket.close(code=WSCloseCode.OK)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._running().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _running(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None, "the server is not running"  # noqa: S101 - only reached from the loop itself
        return self._loop

    def _call(self, act: Callable[..., None], *arguments: Any) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(act, *arguments)
