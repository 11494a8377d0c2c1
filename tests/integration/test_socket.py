"""The Socket Mode client reads, answers and replaces its connections, against a real server on loopback."""

import logging
import threading
from collections.abc import Callable

import pytest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.sync.server import ServerConnection

from tests.integration.socket_listener import Listener
from tests.integration.socket_server import SlackSide, announce, cut, refresh, reset

PROMISE = 1.0  # seconds in which a lost connection is back


def test_an_envelope_is_handed_on_and_acknowledged(
    slack: SlackSide, listener: Listener, first: ServerConnection
) -> None:
    slack.deliver(first, "E1")
    assert slack.acked(1) == {"E1": first}
    assert listener.all_heard(1) == {"E1"}
    assert slack.calls.get(timeout=5)[1] == "Bearer xapp-dummy"


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
    listener.until(lambda state: state.connected and not state.last_error)


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
    with caplog.at_level(logging.WARNING, "bot.adapters.slack.socket_mode"):
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


@pytest.mark.parametrize(
    "junk", ["", "not JSON", "[1]", '"text"', "{}", '{"type": 7}', '{"type":"hello"}', b"\xff\x00"]
)
def test_a_message_that_makes_no_sense_is_passed_over(
    slack: SlackSide, first: ServerConnection, junk: str | bytes
) -> None:
    first.send(junk)
    slack.deliver(first, "E1")
    assert slack.acked(1) == {"E1": first}
