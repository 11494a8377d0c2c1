"""The Socket Mode client against a real server on loopback that cuts, closes, refreshes, falls silent and refuses."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from queue import Queue

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.sync.server import ServerConnection

from bot.adapters.socket import SocketClient
from bot.adapters.socket_line import Timing
from bot.adapters.socket_state import SocketState
from tests.integration.socket_server import SlackSide, announce, cut, reset, silenced

PROMISE = 1.0  # seconds in which a lost connection is back
QUICK = Timing(ping_interval=5, ping_timeout=5, open_timeout=2, longest_pause=0.2, refused_pause=0.2, linger=1)


class Listener:
    """A client, what it heard and how its state went."""

    def __init__(self, api_url: str, timing: Timing = QUICK) -> None:
        self.heard: Queue[str] = Queue()
        self.before_ack: Callable[[], object] = lambda: None
        self._moved = threading.Condition()
        web_client = WebClient(base_url=api_url, timeout=5, retry_handlers=[])
        self.client = SocketClient(web_client, "xapp-dummy", timing=timing, on_change=self._on_change)
        self.client.socket_mode_request_listeners.append(self._answer)

    def until(self, wanted: Callable[[SocketState], bool], timeout: float = 5) -> SocketState:
        with self._moved:
            assert self._moved.wait_for(lambda: wanted(self.client.state), timeout), self.client.state
            return self.client.state

    def all_heard(self, count: int) -> set[str]:
        return {self.heard.get(timeout=5) for _ in range(count)}

    def _on_change(self, _: SocketState) -> None:
        with self._moved:
            self._moved.notify_all()

    def _answer(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.put(request.envelope_id)
        self.before_ack()
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def slack() -> Iterator[SlackSide]:
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


def test_an_envelope_is_handed_on_and_acknowledged(
    slack: SlackSide, listener: Listener, first: ServerConnection
) -> None:
    slack.deliver(first, "E1")
    assert slack.acked(1) == {"E1": first}
    assert listener.all_heard(1) == {"E1"}
    assert slack.calls.get(timeout=5)[1] == "Bearer xapp-dummy"


def refresh(connection: ServerConnection) -> None:
    announce(connection, "refresh_requested")
    connection.close()


LOSSES = [
    pytest.param(cut, id="cut without a close frame"),
    pytest.param(reset, id="reset by a router"),
    pytest.param(lambda connection: connection.close(), id="closed with a close frame"),
    pytest.param(lambda connection: connection.close(1011), id="closed with an error code"),
    pytest.param(lambda connection: announce(connection, "refresh_requested"), id="announced refresh"),
    pytest.param(lambda connection: announce(connection, "warning"), id="announced warning"),
    pytest.param(lambda connection: announce(connection, "too_many_websockets"), id="one connection too many"),
    pytest.param(refresh, id="announced refresh that is closed at once"),
]


@pytest.mark.parametrize("lose", LOSSES)
def test_a_lost_connection_is_back_within_a_second_and_loses_no_envelope(
    slack: SlackSide, listener: Listener, first: ServerConnection, lose: Callable[[ServerConnection], None]
) -> None:
    for number in range(5):
        slack.deliver(first, f"before {number}")
    lose(first)
    second = slack.opened.get(timeout=PROMISE)
    for number in range(5):
        slack.deliver(second, f"after {number}")
    expected = {f"{moment} {number}" for moment in ("before", "after") for number in range(5)}
    heard: set[str] = set()
    while heard != expected:
        heard.add(listener.heard.get(timeout=5))  # one that was on its way may come twice
    assert listener.until(lambda state: state.connected and not state.last_error).failures == 0


def test_at_a_refresh_both_connections_are_read_and_answered(
    slack: SlackSide, listener: Listener, first: ServerConnection
) -> None:
    slack.gate.clear()
    announce(first, "refresh_requested")
    slack.deliver(first, "no successor yet")
    assert slack.acked(1) == {"no successor yet": first}
    slack.gate.set()
    second = slack.opened.get(timeout=5)
    for number in range(10):
        slack.deliver(second, f"new {number}")
        assert slack.acked(1) == {f"new {number}": second}
    slack.deliver(first, "old")
    assert slack.acked(1) == {"old": first}
    assert listener.client.is_connected()


def test_an_announced_connection_is_closed_politely_once_its_successor_is_read(
    slack: SlackSide, listener: Listener, first: ServerConnection
) -> None:
    announce(first, "warning")
    second = slack.opened.get(timeout=5)
    assert first.wait_closed(timeout=5)
    assert (first.close_code, second.close_code) == (1000, None)
    slack.deliver(second, "E1")
    assert slack.acked(1) == {"E1": second}
    assert listener.client.state.connected


def test_a_refresh_announced_twice_opens_one_connection(slack: SlackSide, first: ServerConnection) -> None:
    announce(first, "warning")
    announce(first, "refresh_requested")
    second = slack.opened.get(timeout=5)
    slack.deliver(second, "E1")
    slack.acked(1)
    assert first.wait_closed(timeout=5)
    assert slack.calls.qsize() == 2


def test_an_answer_goes_out_on_another_connection_when_its_own_has_ended(
    slack: SlackSide, listener: Listener, first: ServerConnection
) -> None:
    answer = threading.Event()
    listener.before_ack = lambda: answer.wait(5)
    slack.deliver(first, "E1", again=False)
    listener.all_heard(1)
    cut(first)
    second = slack.opened.get(timeout=5)
    listener.until(lambda state: state.connected and not state.last_error)
    answer.set()
    assert slack.acked(1) == {"E1": second}


def test_an_answer_that_cannot_be_sent_is_logged(
    slack: SlackSide, listener: Listener, first: ServerConnection, caplog: pytest.LogCaptureFixture
) -> None:
    slack.gate.clear()
    cut(first)
    listener.until(lambda state: not state.connected)
    with caplog.at_level(logging.WARNING, "bot.adapters.socket"):
        listener.client.send_socket_mode_response(SocketModeResponse("E1"))
    assert "Envelope E1 could not be acknowledged" in caplog.text


def test_slow_listeners_keep_nobody_from_an_answer(
    slack: SlackSide, listener: Listener, first: ServerConnection
) -> None:
    answer = threading.Event()
    listener.before_ack = lambda: answer.wait(5)
    for number in range(19):
        slack.deliver(first, f"slow {number}")
    listener.all_heard(19)
    listener.before_ack = lambda: None
    slack.deliver(first, "quick")
    assert slack.acked(1) == {"quick": first}
    answer.set()
    slack.acked(19)


def test_a_silent_connection_is_given_up(slack: SlackSide) -> None:
    listener = Listener(slack.api_url, Timing(ping_interval=0.2, ping_timeout=0.2))
    with closing(listener.client):
        listener.client.connect()
        with silenced(slack.opened.get(timeout=5)):
            second = slack.opened.get(timeout=5)
        slack.deliver(second, "E1")
        assert slack.acked(1) == {"E1": second}


def test_a_connection_without_hello_is_given_up(slack: SlackSide) -> None:
    slack.mute = True
    listener = Listener(slack.api_url, Timing(open_timeout=0.1, longest_pause=0.1))
    listener.client.web_client.timeout = 1
    with closing(listener.client):
        listener.client.connect()
        assert "no hello within" in listener.until(lambda state: state.failures > 0).last_error
        slack.mute = False
        listener.until(lambda state: state.connected)


@pytest.mark.parametrize(
    "junk", ["", "not JSON", "[1]", '"text"', "{}", '{"type": 7}', '{"type":"hello"}', b"\xff\x00"]
)
def test_a_message_that_makes_no_sense_is_passed_over(
    slack: SlackSide, first: ServerConnection, junk: str | bytes
) -> None:
    first.send(junk)
    slack.deliver(first, "E1")
    assert slack.acked(1) == {"E1": first}


@pytest.mark.usefixtures("first")
def test_a_server_that_is_away_is_awaited(slack: SlackSide, listener: Listener) -> None:
    slack.stop()
    state = listener.until(lambda state: state.failures >= 3)
    assert (state.connected, state.refused) == (False, False)
    assert "Connection refused" in state.last_error
    slack.start()
    state = listener.until(lambda state: state.connected)
    assert (state.failures, state.last_error) == (0, "")
    slack.deliver(slack.opened.get(timeout=5), "E1")
    assert listener.all_heard(1) == {"E1"}


def test_a_start_without_network_neither_raises_nor_ends(slack: SlackSide, listener: Listener) -> None:
    slack.stop()
    listener.client.connect()
    state = listener.client.first_outcome(timeout=5)
    assert (state.connected, state.refused, state.failures) == (False, False, 1)
    slack.start()
    listener.until(lambda state: state.connected)


def test_a_repeated_failure_is_logged_once(
    slack: SlackSide, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refusal = "internal_error"
    listener.client.connect()
    listener.until(lambda state: state.failures >= 4)
    mine = [record for record in caplog.records if record.name == "bot.adapters.socket"]
    assert [record.levelname for record in mine] == ["WARNING"]
    assert "apps.connections.open: internal_error" in mine[0].getMessage()


def test_a_server_that_keeps_hanging_up_is_asked_less_and_less_often(slack: SlackSide) -> None:
    listener = Listener(slack.api_url, Timing())
    with closing(listener.client):
        listener.client.connect()
        for _ in range(7):
            cut(slack.opened.get(timeout=5))
    times = [slack.calls.get(timeout=5)[0] for _ in range(7)][1:]  # the first loss is answered at once
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap >= 0.025 * 2**number for number, gap in enumerate(gaps, start=1))


@pytest.mark.parametrize("code", ["invalid_auth", "not_allowed_token_type", "token_revoked", "missing_scope"])
def test_a_refused_token_is_known_at_the_start(slack: SlackSide, listener: Listener, code: str) -> None:
    slack.refusal = code
    listener.client.connect()
    state = listener.client.first_outcome(timeout=5)
    assert (state.connected, state.refused) == (False, True)
    assert f"Slack refuses the app token ({code})" in state.last_error
    assert "xapp-dummy" not in state.last_error


def test_a_token_revoked_later_is_loud_and_not_hammered(
    slack: SlackSide, listener: Listener, first: ServerConnection, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refusal = "token_revoked"
    cut(first)
    state = listener.until(lambda state: state.failures >= 3)
    assert (state.connected, state.refused) == (False, True)
    assert [record.levelname for record in caplog.records if "token_revoked" in record.message] == ["ERROR"]
    times = [slack.calls.get(timeout=5)[0] for _ in range(4)]
    assert all(later - earlier >= 0.1 for earlier, later in pairwise(times[1:]))
    slack.refusal = ""
    assert not listener.until(lambda state: state.connected).refused


def test_socket_mode_switched_off_is_loud_and_not_hammered(
    slack: SlackSide, listener: Listener, first: ServerConnection
) -> None:
    announced = time.monotonic()
    announce(first, "link_disabled")
    state = listener.until(lambda state: state.refused)
    assert not state.connected
    assert "Switch it on" in state.last_error
    listener.until(lambda state: state.connected and not state.refused)
    slack.calls.get(timeout=5)
    assert slack.calls.get(timeout=5)[0] - announced >= 0.1


def test_retry_after_is_obeyed(slack: SlackSide, listener: Listener) -> None:
    slack.refusal, slack.headers = "ratelimited", {"Retry-After": "1"}
    listener.client.connect()
    listener.until(lambda state: state.failures == 2)
    times = [slack.calls.get(timeout=5)[0] for _ in range(2)]
    assert times[1] - times[0] >= 1
    assert not listener.client.state.refused


def test_more_connections_than_our_own_are_warned_of(slack: SlackSide, listener: Listener) -> None:
    slack.connections = 2
    listener.client.connect()
    state = listener.until(lambda state: state.connections == 2)
    assert "Another process uses the same app token" in state.warning


@pytest.mark.parametrize("lose", [lambda connection: announce(connection, "refresh_requested"), cut])
def test_a_connection_of_our_own_that_slack_still_counts_is_no_stranger(
    slack: SlackSide, listener: Listener, first: ServerConnection, lose: Callable[[ServerConnection], None]
) -> None:
    slack.connections = 2
    lose(first)
    assert listener.until(lambda state: state.connections == 2).warning == ""


def refuse_for_an_hour(slack: SlackSide) -> None:
    slack.refusal, slack.headers = "ratelimited", {"Retry-After": "3600"}


STOPS = [
    pytest.param(lambda _: None, True, id="connected"),
    pytest.param(SlackSide.stop, True, id="between attempts at a dead host"),
    pytest.param(refuse_for_an_hour, True, id="in a pause that Slack asked for"),
    pytest.param(lambda _: None, False, id="never started"),
]


@pytest.mark.parametrize(("prepare", "started"), STOPS)
def test_close_ends_every_thread_and_may_come_twice(
    slack: SlackSide, prepare: Callable[[SlackSide], None], started: bool
) -> None:
    before = set(threading.enumerate())
    prepare(slack)
    listener = Listener(slack.api_url, Timing())
    if started:
        listener.client.connect()
        listener.client.first_outcome(timeout=5)
    asked = time.monotonic()
    listener.client.close()
    listener.client.close()
    listener.client.connect()
    assert time.monotonic() - asked < 2
    assert not {thread for thread in set(threading.enumerate()) - before if thread.name.startswith("slack")}


def test_close_leaves_no_timer_of_an_older_connection(slack: SlackSide) -> None:
    listener = Listener(slack.api_url, Timing(linger=60))
    with closing(listener.client):
        listener.client.connect()
        refresh(slack.opened.get(timeout=5))
        second = slack.opened.get(timeout=5)
        slack.deliver(second, "E1")
        assert slack.acked(1) == {"E1": second}
        asked = time.monotonic()
    assert time.monotonic() - asked < 1
    assert "slack-socket-closer" not in {thread.name for thread in threading.enumerate()}


def test_close_waits_for_no_request_in_flight(slack: SlackSide, listener: Listener) -> None:
    slack.gate.clear()
    listener.client.connect()
    slack.calls.get(timeout=5)
    asked = time.monotonic()
    listener.client.close()
    assert time.monotonic() - asked < 2
    slack.gate.set()
    for thread in threading.enumerate():
        if thread.name == "slack-socket-line":
            thread.join(5)
    assert slack.opened.empty()


def test_close_lets_an_answer_out_first(slack: SlackSide, listener: Listener, first: ServerConnection) -> None:
    stopping = threading.Event()
    listener.before_ack = lambda: stopping.wait(5)
    slack.deliver(first, "E1")
    listener.all_heard(1)
    threading.Timer(0.1, stopping.set).start()
    listener.client.close()
    assert slack.acked(1) == {"E1": first}
