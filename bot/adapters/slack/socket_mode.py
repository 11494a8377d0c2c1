"""Slack's Socket Mode, without the gaps that slack_sdk's own clients leave at a cut, a close or a refresh.

Those spin, wait for seconds or read nothing while they change connections. Here a keeper thread sees to it that one
fresh connection is open, and the old one is read until it has gone.
"""

import json
import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Condition, Thread
from typing import Any

from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.adapters.redaction import redaction
from bot.adapters.slack.socket_connection import Line, Timing
from bot.adapters.slack.socket_state import Failure, SocketState, explain, surplus
from bot.adapters.slack.wire import Web

_FORGOTTEN = 60.0  # seconds in which Slack may still count a connection that has gone


class SocketClient(BaseSocketModeClient):
    """Hand the envelopes of Slack's Socket Mode to `socket_mode_request_listeners`.

    `web_client` is for `apps.connections.open` alone; its requests end in time whatever the server does.
    `on_change` hears every new state on a thread of ours; it must not block.
    """

    def __init__(
        self,
        web_client: Web,
        app_token: str,
        *,
        timing: Timing | None = None,
        on_change: Callable[[SocketState], None] = lambda _: None,
        workers: int = 20,
    ) -> None:
        self.logger = logging.getLogger(__name__)
        self.web_client: Web = web_client
        self.app_token = app_token
        self.message_listeners = []
        self.socket_mode_request_listeners = []
        self.message_workers = ThreadPoolExecutor(workers, "slack-envelope")
        self.closed = False
        self.state = SocketState()
        self._explain = partial(explain, redact=redaction([app_token]))
        self._timing = timing or Timing()
        self._on_change = on_change
        self._changed = Condition()
        self._keeper = Thread(target=self._keep, name="slack-socket", daemon=True)
        self._lines: list[Line] = []  # the newest is the last
        self._origins: dict[str, Line] = {}  # envelope ID -> the connection that brought it, until it is acknowledged

    def connect(self) -> None:
        """Start, and return at once. Nothing is raised for the network or the token: see `state`."""
        with self._changed:
            if not self.closed and self._keeper.ident is None:
                self._keeper.start()

    def first_outcome(self, timeout: float) -> SocketState:
        """Wait at most `timeout` seconds for the first attempt to succeed or fail."""
        self._until(lambda: self.state.connected or bool(self.state.last_error), timeout)
        return self.state

    @property
    def alive(self) -> bool:
        """Whether the thread that keeps the connection runs, or was not started yet."""
        return self._keeper.ident is None or self._keeper.is_alive()

    def is_connected(self) -> bool:
        return self.state.connected

    def close(self) -> None:
        """End everything within 2 s; before `connect` and twice is fine. What was read is answered first."""
        deadline = time.monotonic() + 1.8
        with self._changed:
            self.closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._origins, 0.5)
        self.disconnect()
        self.message_workers.shutdown(wait=False, cancel_futures=True)
        for line in self._lines:
            line.join(deadline)
        if self._keeper.ident is not None:
            self._keeper.join(max(0.0, deadline - time.monotonic()))

    def disconnect(self) -> None:
        """Close what is open; unless `closed`, a new connection follows."""
        with self._changed:
            for line in self._lines:
                line.dismiss()

    def issue_new_wss_url(self) -> str:
        """Ask once: the base class sleeps through `Retry-After`, deaf to `close`."""
        answer = self.web_client.apps_connections_open(app_token=self.app_token)
        return str(answer.validate()["url"])  # type: ignore[no-untyped-call]  # it raises SlackApiError

    def send_message(self, message: str) -> None:
        if not any(line.send(message) for line in reversed(self._lines)):
            raise SlackClientNotConnectedError("No Socket Mode connection is open.")

    def send_socket_mode_response(self, response: dict[str, Any] | SocketModeResponse) -> None:
        """Answer on the connection that brought the envelope, else on another; log what cannot be sent."""
        answer = response if isinstance(response, dict) else response.to_dict()
        envelope = str(answer.get("envelope_id"))
        origin = self._origins.get(envelope)
        try:
            if origin is None or not origin.send(json.dumps(answer)):
                self.send_message(json.dumps(answer))
        except SlackClientNotConnectedError:
            self.logger.warning(
                "Envelope %s could not be acknowledged: no Socket Mode connection is open. Slack sends an event "
                "again; who typed a command or pressed a button sees an error and has to repeat it.",
                envelope,
            )
        finally:
            with self._changed:
                self._origins.pop(envelope, None)
                self._changed.notify_all()

    def _until(self, done: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait for `done`, for `timeout` seconds or for `close`."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or done(), timeout)
            return done()

    def _keep(self) -> None:
        streak = 0  # connections in a row that did not last
        while (line := self._start_line()) is not None:
            self._attend(line)
            streak = 0 if line.lasted() else streak + 1
            self._until(lambda: False, self._pause(line.failure, streak))

    def _start_line(self) -> Line | None:
        line = Line(self.issue_new_wss_url, self._timing, self._hear, self._ended, self._explain)
        recent = time.monotonic() - _FORGOTTEN
        with self._changed:
            if self.closed:
                return None
            self._lines = [old for old in self._lines if (old.ended_at or recent) >= recent] + [line]
            line.start()
        return line

    def _attend(self, line: Line) -> None:
        """Wait until `line` needs a successor. As soon as it is read, its elders may go."""
        patience = self.web_client.timeout + 2 * self._timing.open_timeout
        if not self._until(line.decided, patience):
            line.dismiss()
            return self._report(self._explain(f"no hello within {patience:.0f} s"))
        with self._changed:
            if line.live_at is not None and not self.closed:
                for elder in self._lines[:-1]:
                    elder.dismiss(after=self._timing.linger)
        self._until(line.done)
        return None

    def _pause(self, failure: Failure | None, streak: int) -> float:
        """None at first, then 0.1 s doubling, with jitter; never less than Slack asked for."""
        growing = min(self._timing.longest_pause, 0.05 * 2.0 ** min(streak - 1, 20)) if streak > 1 else 0.0
        pause = self._timing.refused_pause if failure and failure.refused else growing
        return max(pause * random.uniform(0.5, 1.0), failure.retry_after if failure else 0.0)

    def _hear(self, line: Line, message: dict[str, Any], raw: str) -> None:
        if "envelope_id" in message:
            self._hand_on(line, message, raw)
        elif message.get("type") == "hello":
            self._greet(message.get("num_connections"))
        if line is self._lines[-1] and line.failure is None:
            self._publish(last_error="", refused=False)

    def _greet(self, counted: object) -> None:
        own = sum(line.counted_since(time.monotonic() - _FORGOTTEN) for line in self._lines)
        self._publish(warning=surplus(counted if isinstance(counted, int) else 0, own))
        self.logger.info("Connected to Slack's Socket Mode.")
        if self.state.warning:
            self.logger.warning(self.state.warning)

    def _ended(self, line: Line) -> None:
        with self._changed:
            self._origins = {envelope: origin for envelope, origin in self._origins.items() if origin is not line}
        expected = line is not self._lines[-1] or (line.leaving and not (line.failure and line.failure.refused))
        if line.failure is None or expected or self.closed:
            self._publish()
        else:
            self._report(line.failure)

    def _report(self, failure: Failure) -> None:
        """Tell of a failure, and log it once however often it repeats."""
        if failure.text != self.state.last_error:
            self.logger.log(logging.ERROR if failure.refused else logging.WARNING, failure.text)
        self._publish(last_error=failure.text, refused=failure.refused)

    def _publish(self, **news: Any) -> None:
        with self._changed:
            connected = any(line.live_at is not None and line.ended_at is None for line in self._lines)
            state = replace(self.state, connected=connected, **news)
            changed, self.state = state != self.state, state
            if changed:
                self._on_change(state)
            self._changed.notify_all()

    def _hand_on(self, line: Line, message: dict[str, Any], raw: str) -> None:
        """Give it to a worker. The reader goes on at once, or a slow listener would hide a `disconnect`."""
        with self._changed:
            if not self.closed:  # else Slack sends an event again
                self._origins[str(message["envelope_id"])] = line
                self.message_workers.submit(self.run_message_listeners, message, raw)
