"""Shared by the tests of the Socket Mode client: Slack's side on loopback, the bot's side, the connection between them.

A test of something else that calls its own server `slack` shadows the one here.
"""

from collections.abc import Iterator

import pytest
from websockets.sync.server import ServerConnection

from tests.integration.socket_listener import Listener
from tests.integration.socket_server import SlackSide


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the proxies of whoever runs the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def slack(no_proxy: None) -> Iterator[SlackSide]:  # noqa: ARG001 - before the client looks for a proxy
    side = SlackSide()
    yield side
    side.gate.set()
    side.stop()


@pytest.fixture
def listener(slack: SlackSide) -> Iterator[Listener]:
    listener = Listener(slack.api_url)
    yield listener
    listener.client.close()


@pytest.fixture
def first(slack: SlackSide, listener: Listener) -> ServerConnection:
    """The server's end of a connection that is up and read."""
    listener.client.connect()
    listener.until(lambda state: state.connected)
    return slack.opened.get(timeout=5)
