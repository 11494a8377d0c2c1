"""Socket Mode of the embedded Slack, held by the real `websockets` client."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.demo.slack.server import SlackServer

CHANNEL = "C0PREWARM"
Json = dict[str, Any]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def impatient(slack: SlackServer) -> SlackServer:
    """A Slack that waits for an acknowledgement for a moment only."""
    slack.delivery.ack_seconds = 0.2
    slack.delivery.retry_delays = (0.0, 0.05, 0.05)
    return slack


def address(slack: SlackServer) -> str:
    app = WebClient(base_url=slack.api_url, retry_handlers=[], timeout=5)
    url: str = app.apps_connections_open(app_token="xapp-demo-not-a-real-token")["url"]
    return url


def opened(slack: SlackServer, url: str = "") -> ClientConnection:
    """A connection that has heard its hello."""
    socket = connect(url or address(slack), close_timeout=0.2, open_timeout=2, legacy=True)
    assert received(socket)["type"] == "hello"
    slack.socket.wait_connected(len(slack.socket.connections) or 1)
    return socket


def received(socket: ClientConnection) -> Json:
    frame: Json = json.loads(socket.recv(timeout=3))
    return frame


def acknowledge(socket: ClientConnection, frame: Json, payload: Json | None = None) -> None:
    socket.send(json.dumps({"envelope_id": frame["envelope_id"]} | ({"payload": payload} if payload else {})))


# -- opening


def test_hello_counts_the_connections_of_the_app(slack: SlackServer) -> None:
    with opened(slack), connect(address(slack)) as second:
        hello = received(second)
        assert (hello["num_connections"], hello["connection_info"]["app_id"]) == (2, "A0PREWARM")
        assert hello["debug_info"]["approximate_connection_time"] > 3600


def test_an_address_works_once(slack: SlackServer) -> None:
    url = address(slack)
    with opened(slack, url), pytest.raises(InvalidStatus, match="403"):
        connect(url)


def test_an_eleventh_connection_is_too_many(slack: SlackServer) -> None:
    sockets = [opened(slack) for _ in range(10)]
    with connect(address(slack)) as eleventh:
        assert received(eleventh)["reason"] == "too_many_websockets"
        with pytest.raises(ConnectionClosedOK):
            eleventh.recv(timeout=3)
    for socket in sockets:
        socket.close()


def test_new_connections_can_be_refused_for_a_while(slack: SlackServer) -> None:
    slack.socket.refusing = True
    with pytest.raises(InvalidStatus, match="503"):
        connect(address(slack))
    slack.socket.refusing = False
    opened(slack).close()


def test_a_black_hole_accepts_and_never_answers(slack: SlackServer) -> None:
    slack.socket.blackholes = 1
    with pytest.raises(TimeoutError):
        connect(address(slack), open_timeout=0.3)
    opened(slack).close()


# -- delivering


def test_each_envelope_goes_to_one_of_the_connections(slack: SlackServer) -> None:
    with opened(slack) as first, opened(slack) as second:
        slack.workspace.slash("U0ADA", CHANNEL, "/prewarm", "one")
        slack.workspace.slash("U0ADA", CHANNEL, "/prewarm", "two")
        assert {received(first)["payload"]["text"], received(second)["payload"]["text"]} == {"one", "two"}
        assert [connection.delivered for connection in slack.socket.connections] == [1, 1]


def test_a_command_is_answered_by_its_acknowledgement(slack: SlackServer) -> None:
    with opened(slack) as socket:
        interaction = slack.workspace.slash("U0ADA", CHANNEL, "/prewarm", "list")
        acknowledge(socket, received(socket), {"text": "two tasks"})
        assert 0 < interaction.wait_acked() < 3
        answer = interaction.wait_response()
        assert (answer.text, answer.only_for) == ("two tasks", "U0ADA")


def test_a_command_that_nobody_acknowledges_shows_an_error_and_is_not_sent_again(impatient: SlackServer) -> None:
    with opened(impatient) as socket:
        interaction = impatient.workspace.slash("U0ADA", CHANNEL, "/prewarm", "list")
        frame = received(socket)
        with pytest.raises(TimeoutError, match="operation_timeout"):
            interaction.wait_acked()
        acknowledge(socket, frame, {"text": "too late"})
        impatient.workspace.wait_for(lambda: impatient.delivery.late_acks == 1)
        assert [m.text for m in impatient.workspace.ephemerals("U0ADA")] == [
            'The command failed with the error "operation_timeout".'
        ]


def test_a_command_without_any_connection_fails_at_once(slack: SlackServer) -> None:
    with pytest.raises(TimeoutError, match="dispatch_failed"):
        slack.workspace.slash("U0ADA", CHANNEL, "/prewarm").wait_acked()


def test_an_event_that_nobody_acknowledges_comes_three_times_more(impatient: SlackServer) -> None:
    with opened(impatient) as socket:
        impatient.workspace.mention("U0ADA", CHANNEL, "list")
        frames = [received(socket) for _ in range(4)]
    assert [(f["retry_attempt"], f["retry_reason"]) for f in frames] == [(0, ""), *((n, "timeout") for n in (1, 2, 3))]
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    assert len({frame["envelope_id"] for frame in frames}) == 4


def test_an_acknowledged_event_does_not_come_again(slack: SlackServer) -> None:
    slack.delivery.ack_seconds = 0.6
    with opened(slack) as socket:
        slack.workspace.mention("U0ADA", CHANNEL, "list")
        acknowledge(socket, received(socket))
        slack.workspace.wait_for(lambda: slack.delivery.acks == 1)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.8)


def test_an_event_that_found_no_connection_comes_when_there_is_one(slack: SlackServer) -> None:
    slack.delivery.retry_delays = (0.0, 2.0)
    slack.workspace.mention("U0ADA", CHANNEL, "list")
    with opened(slack) as socket:
        frame = received(socket)
        acknowledge(socket, frame)
        assert (frame["retry_attempt"], frame["retry_reason"]) == (2, "connection_failed")


def test_an_event_lost_with_a_cut_connection_comes_again_on_the_next(slack: SlackServer) -> None:
    slack.delivery.ack_seconds, slack.delivery.retry_delays = 0.2, (1.0, 1.0)
    with opened(slack) as first:
        slack.workspace.mention("U0ADA", CHANNEL, "list")
        lost = received(first)
        slack.socket.cut()
        slack.socket.wait_connected(0)
        with opened(slack) as second:
            again = received(second)
            assert again["payload"]["event_id"] == lost["payload"]["event_id"]


def test_an_envelope_can_come_twice(slack: SlackServer) -> None:
    slack.delivery.repeats = 1
    with opened(slack) as socket:
        slack.workspace.slash("U0ADA", CHANNEL, "/prewarm")
        assert received(socket) == received(socket)


# -- ending


def test_a_cut_has_no_close_frame(slack: SlackServer) -> None:
    with opened(slack) as socket:
        slack.socket.cut()
        with pytest.raises(ConnectionClosedError):
            socket.recv(timeout=3)
        assert socket.close_code == 1006


def test_a_close_has_one(slack: SlackServer) -> None:
    with opened(slack) as socket:
        slack.socket.close()
        with pytest.raises(ConnectionClosedOK):
            socket.recv(timeout=3)
        assert socket.close_code == 1000
    slack.socket.wait_connected(0)


def test_a_refresh_is_announced_and_the_old_connection_works_until_it_ends(slack: SlackServer) -> None:
    with opened(slack) as old:
        slack.socket.refresh(grace=0.5)
        farewell = received(old)
        assert (farewell["type"], farewell["reason"]) == ("disconnect", "refresh_requested")
        interaction = slack.workspace.slash("U0ADA", CHANNEL, "/prewarm")
        acknowledge(old, received(old))
        interaction.wait_acked()
        with pytest.raises(ConnectionClosedOK):
            old.recv(timeout=3)


def test_a_disabled_link_dismisses_and_gives_no_new_address(slack: SlackServer) -> None:
    with opened(slack) as socket:
        slack.socket.disable_link()
        assert received(socket)["reason"] == "link_disabled"
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=3)
        with pytest.raises(SlackApiError, match="link_disabled"):
            address(slack)


def test_pings_are_answered_until_the_connection_freezes(slack: SlackServer) -> None:
    with opened(slack) as socket:
        assert socket.ping().wait(2)
        slack.socket.freeze()
        slack.workspace.slash("U0ADA", CHANNEL, "/prewarm")
        assert not socket.ping().wait(0.3)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0)


def test_a_slack_that_goes_down_takes_its_connections_with_it(slack: SlackServer) -> None:
    with opened(slack) as socket:
        slack.go_down()
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=3)
    slack.come_up()
    opened(slack).close()


def test_a_stop_ends_open_frozen_and_unanswered_connections() -> None:
    slack = SlackServer().start()
    live, dead = opened(slack), opened(slack)
    slack.socket.freeze()
    slack.workspace.mention("U0ADA", CHANNEL, "list")
    slack.stop()
    for socket in (live, dead):
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=3)
        socket.close()
    assert "embedded-slack" not in [thread.name for thread in threading.enumerate()]
