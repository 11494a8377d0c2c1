"""One Socket Mode connection, from `apps.connections.open` to its end, on a thread that reads it.

`socket.py` decides when a new one is due; here is what one of them does and why it ended. Several are read at once
while one replaces the other, so each answers for itself. Proxies, NO_PROXY and SSL_CERT_FILE are what urllib and
`websockets` make of them.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread, Timer
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect

from bot.adapters.slack.socket_state import LINK_DISABLED, Failure, explain

_STEADY = 10.0  # seconds: a connection that lasted so long is replaced without a pause


@dataclass(frozen=True)
class Timing:
    """Seconds. A silent connection is given up after `ping_interval` + `ping_timeout` + 1 at most."""

    ping_interval: float = 10.0
    ping_timeout: float = 10.0
    open_timeout: float = 10.0  # for the handshake, and again for the first message
    longest_pause: float = 30.0  # between attempts that fail in a row
    refused_pause: float = 60.0  # after a refused token, or while Socket Mode is switched off
    linger: float = 10.0  # an announced connection is still read this long beside its successor


class Line:
    """A connection that opens and reads itself once `start` is called.

    `hear(line, message, raw)` gets each message, `ended(line)` comes last, both on the reader's thread.
    """

    def __init__(
        self,
        url: Callable[[], str],
        timing: Timing,
        hear: Callable[["Line", dict[str, Any], str], None],
        ended: Callable[["Line"], None],
        explain: Callable[[Exception | str], Failure] = explain,
    ) -> None:
        self.leaving = False  # Slack announced that it will close it
        self.failure: Failure | None = None
        self.live_at: float | None = None  # monotonic time of the first message: a handshake alone proves little
        self.ended_at: float | None = None
        self._url, self._timing, self._hear, self._ended = url, timing, hear, ended
        self._explain = explain
        self._socket: ClientConnection | None = None
        self._dismissed = False
        self._reader = Thread(target=self._run, name="slack-socket-line", daemon=True)
        self._closer = Timer(0, self._close)

    def start(self) -> None:
        self._reader.start()

    def decided(self) -> bool:
        return self.live_at is not None or self.ended_at is not None

    def done(self) -> bool:
        return self.leaving or self.ended_at is not None

    def lasted(self) -> bool:
        return self.live_at is not None and (self.ended_at or time.monotonic()) - self.live_at >= _STEADY

    def counted_since(self, moment: float) -> bool:
        """Whether Slack may have counted it after `moment`: a dead one is noticed late at the other end."""
        return self._socket is not None and (self.ended_at is None or self.ended_at >= moment)

    def send(self, message: str) -> bool:
        """Whether the message left; false if the connection is not open."""
        if self._socket is None or self._socket.state is not State.OPEN:
            return False
        try:
            self._socket.send(message)
        except ConnectionClosed:
            return False
        return True

    def dismiss(self, after: float = 0.0) -> None:
        """Close it in `after` seconds. The handshake takes up to a second, so it has a thread; all of it is read."""
        self._closer.cancel()
        self._closer = Timer(after, self._close)
        self._closer.name = "slack-socket-closer"
        self._closer.daemon = True
        self._closer.start()

    def join(self, deadline: float) -> None:
        """Wait for its threads until `deadline`, a monotonic time. One that hangs in a request ends by its timeout."""
        for thread in (self._reader, self._closer):
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))

    def _close(self) -> None:
        self._dismissed = True
        if self._socket is not None:
            self._socket.close()

    def _run(self) -> None:
        try:
            url = self._url()
            if not self._dismissed:
                self._converse(url)
            self.failure = self.failure or self._explain("Slack closed it")
        except Exception as error:  # noqa: BLE001 - whatever ended it, it is reported and the next one opened
            self.failure = self.failure or self._explain(error)
        self.ended_at = time.monotonic()
        self._closer.cancel()
        self._ended(self)

    def _converse(self, url: str) -> None:
        with connect(
            url,
            compression=None,  # no Slack SDK offers it
            max_size=2**24,
            open_timeout=self._timing.open_timeout,
            ping_interval=self._timing.ping_interval,
            ping_timeout=self._timing.ping_timeout,
            close_timeout=1.0,
        ) as self._socket:
            if not self._dismissed:  # a dismissal may have come before there was a socket to close
                self._read(self._socket)

    def _read(self, socket: ClientConnection) -> None:
        for raw in socket:
            message = _parse(raw)
            if message.get("type") == "disconnect":
                self.leaving = True
            if message.get("reason") == "link_disabled":
                self.failure = LINK_DISABLED
            self.live_at = self.live_at or time.monotonic()
            self._hear(self, message, str(raw))
            if self.failure:
                return


def _parse(raw: str | bytes) -> dict[str, Any]:
    try:
        message = json.loads(raw)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
