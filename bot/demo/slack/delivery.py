"""From an envelope to its acknowledgement: one connection gets it, three seconds pass, events come again.

Redelivery is documented for events only; a command or click that nobody acknowledges shows the person an error
(docs.slack.dev, apis/events-api/using-socket-mode; delays and reasons as maintainers report them).
"""

import asyncio
import itertools
import json
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.demo.slack.connection import Connection
from bot.demo.slack.events import Envelope, new_id
from bot.demo.slack.records import Json
from bot.demo.slack.response_url import show_ack_payload
from bot.demo.slack.workspace import SlackWorkspace


@dataclass
class Waiting:
    """An envelope that was handed to a connection and is not acknowledged yet."""

    envelope: Envelope
    timer: asyncio.TimerHandle


class SlackDelivery:
    """Hands envelopes to connections and waits for their acknowledgements.

    `ack_seconds` is how long an acknowledgement may take. `retry_delays` are seconds before each new attempt of an
    event, counted from the failed one. `repeats`: as many next envelopes are sent twice. `lost_acks`: as many next
    acknowledgements get lost on the way, so that an event which was acted on comes again, and who pressed a button
    sees an error. `sent` counts the attempts, `acks` and `late_acks` what came back.
    """

    def __init__(self, workspace: SlackWorkspace) -> None:
        self.ack_seconds = 3.0
        self.retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.repeats = 0
        self.lost_acks = 0
        self.sent = 0
        self.acks = 0
        self.late_acks = 0
        self.connections: list[Connection] = []
        self._workspace = workspace
        self._waiting: dict[str, Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = itertools.count()

    def deliver(self, envelope: Envelope) -> None:
        """Send to one connection; without any the attempt has failed. On the server's loop only."""
        if not self.connections:
            self._failed(envelope, "dispatch_failed", "connection_failed")
            return
        envelope_id = new_id("envelope-")
        timer = asyncio.get_running_loop().call_later(self.ack_seconds, self._unacknowledged, envelope_id)
        self._waiting[envelope_id] = Waiting(envelope, timer)
        with self._workspace.changing():
            self.sent += 1
        self._send(envelope.frame(envelope_id))
        if self.repeats > 0:
            self.repeats -= 1
            self._send(envelope.frame(envelope_id))

    def acknowledge(self, data: str) -> None:
        """Take a frame that the app sent."""
        ack: Json = {}
        with suppress(ValueError):
            ack = json.loads(data)
        if self.lost_acks > 0 and ack.get("envelope_id") in self._waiting:
            self.lost_acks -= 1
            return
        waiting = self._waiting.pop(ack.get("envelope_id", ""), None)
        with self._workspace.changing():
            self.acks += waiting is not None
            self.late_acks += waiting is None
            if waiting is not None:
                waiting.timer.cancel()
                self._take_payload(waiting.envelope, ack.get("payload"))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run on the loop without waiting."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _send(self, frame: Json) -> None:
        # Slack chooses; taking turns makes it plain that no connection may count on seeing everything.
        connection = self.connections[next(self._turns) % len(self.connections)]
        connection.delivered += 1
        self.spawn(connection.send(frame))

    def _take_payload(self, envelope: Envelope, payload: Json | None) -> None:
        if envelope.interaction is not None:
            envelope.interaction.acknowledge(payload)
            show_ack_payload(self._workspace, envelope.interaction, payload)

    def _unacknowledged(self, envelope_id: str) -> None:
        self._failed(self._waiting.pop(envelope_id).envelope, "operation_timeout", "timeout")

    def _failed(self, envelope: Envelope, error: str, reason: str) -> None:
        """A person sees the error; an event is sent again, as often as there are delays left."""
        if envelope.interaction is not None:
            self._workspace.interaction_failed(envelope.interaction, error)
        elif envelope.attempt < len(self.retry_delays):
            delay = self.retry_delays[envelope.attempt]
            asyncio.get_running_loop().call_later(delay, self.deliver, envelope.again(reason))
