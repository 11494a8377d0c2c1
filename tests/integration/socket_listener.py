"""The bot's half of Socket Mode for tests: a client that remembers what it heard and lets a test await its state."""

import threading
from collections.abc import Callable
from queue import Queue

from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.adapters.clock import ServerClock
from bot.adapters.http import Transport
from bot.adapters.slack.socket_connection import Timing
from bot.adapters.slack.socket_mode import SocketClient
from bot.adapters.slack.socket_state import SocketState
from bot.adapters.slack.wire import Web

QUICK = Timing(ping_interval=5, ping_timeout=5, open_timeout=2, longest_pause=0.2, refused_pause=0.2, linger=1)


def web(api_url: str, within: float = 5.0) -> Web:
    """What asks for connections, as the bot has it; `within` seconds for each request."""
    return Web("", api_url, Transport(within), ServerClock())


class _Client(SocketClient):
    """Says when it begins to ask for a connection."""

    on_attempt: Callable[[], None]

    def issue_new_wss_url(self) -> str:
        self.on_attempt()
        return super().issue_new_wss_url()


class Listener:
    """A client, what it heard, how its state went and how often it asked for a connection."""

    def __init__(self, api_url: str, timing: Timing = QUICK, within: float = 5.0) -> None:
        self.heard: Queue[str] = Queue()
        self.before_ack: Callable[[], object] = lambda: None
        self.attempts = 0
        self._moved = threading.Condition()
        self.client = _Client(web(api_url, within), "xapp-dummy", timing=timing, on_change=self._on_change)
        self.client.on_attempt = self._on_attempt
        self.client.socket_mode_request_listeners.append(self._answer)

    def until(self, wanted: Callable[[SocketState], bool], timeout: float = 5) -> SocketState:
        with self._moved:
            assert self._moved.wait_for(lambda: wanted(self.client.state), timeout), self.client.state
            return self.client.state

    def all_heard(self, count: int) -> set[str]:
        return {self.heard.get(timeout=5) for _ in range(count)}

    def _on_attempt(self) -> None:
        with self._moved:
            self.attempts += 1
            self._moved.notify_all()

    def _on_change(self, _: SocketState) -> None:
        with self._moved:
            self._moved.notify_all()

    def _answer(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.put(request.envelope_id)
        self.before_ack()
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
