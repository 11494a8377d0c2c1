"""What the Socket Mode client does when Slack is silent, is away or refuses it, and when it has to stop."""

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise

import pytest
from websockets.sync.server import ServerConnection

from bot.adapters.slack.socket_connection import Timing
from bot.adapters.slack.socket_mode import SocketClient
from tests.integration.slack_loopback import Server, reply
from tests.integration.socket_listener import Listener, web
from tests.integration.socket_server import SlackSide, announce, cut, refresh, silenced


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
        assert "no hello within" in listener.until(lambda state: bool(state.last_error)).last_error
        slack.mute = False
        listener.until(lambda state: state.connected)


@pytest.mark.usefixtures("first")
def test_a_server_that_is_away_is_awaited(slack: SlackSide, listener: Listener) -> None:
    slack.stop()
    state = listener.until(lambda _: listener.attempts > 4)  # the first one, and three that failed
    assert (state.connected, state.refused) == (False, False)
    assert "connection_refused" in state.last_error
    slack.start()
    assert listener.until(lambda state: state.connected).last_error == ""
    slack.deliver(slack.opened.get(timeout=5), "E1")
    assert listener.all_heard(1) == {"E1"}


def test_a_start_without_network_neither_raises_nor_ends(slack: SlackSide, listener: Listener) -> None:
    slack.stop()
    listener.client.connect()
    state = listener.client.first_outcome(timeout=5)
    assert (state.connected, state.refused) == (False, False)
    assert state.last_error
    slack.start()
    listener.until(lambda state: state.connected)


def test_a_repeated_failure_is_logged_once(
    slack: SlackSide, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refusal = "internal_error"
    listener.client.connect()
    listener.until(lambda _: listener.attempts > 4)
    mine = [record for record in caplog.records if record.name == "bot.adapters.slack.socket_mode"]
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
    state = listener.until(lambda _: listener.attempts > 4)
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
    times = [slack.calls.get(timeout=5)[0] for _ in range(2)]
    assert times[1] - times[0] >= 1
    assert not listener.client.state.refused


def test_more_connections_than_our_own_are_warned_of(slack: SlackSide, listener: Listener) -> None:
    slack.connections = 2
    listener.client.connect()
    assert "Another process uses the same app token" in listener.until(lambda state: bool(state.warning)).warning


@pytest.mark.parametrize("lose", [lambda connection: announce(connection, "refresh_requested"), cut])
def test_a_connection_of_our_own_that_slack_still_counts_is_no_stranger(
    slack: SlackSide, listener: Listener, first: ServerConnection, lose: Callable[[ServerConnection], None]
) -> None:
    slack.connections = 2
    lose(first)
    slack.deliver(slack.opened.get(timeout=5), "behind the hello")
    assert listener.all_heard(1) == {"behind the hello"}
    assert listener.client.state.warning == ""


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
    assert slack.handshakes == 0


def test_an_address_that_trickles_is_given_up_and_leaves_no_thread(slack: SlackSide) -> None:
    slack.trickles = True
    listener = Listener(slack.api_url, within=0.3)
    with closing(listener.client):
        listener.client.connect()
        trouble = listener.until(lambda state: bool(state.last_error)).last_error
    assert "apps.connections.open: timeout" in trouble
    for thread in threading.enumerate():
        if thread.name == "slack-socket-line":
            thread.join(2)
            assert not thread.is_alive()


def test_close_lets_an_answer_out_first(slack: SlackSide, listener: Listener, first: ServerConnection) -> None:
    stopping = threading.Event()
    listener.before_ack = lambda: stopping.wait(5)
    slack.deliver(first, "E1")
    listener.all_heard(1)
    threading.Timer(0.1, stopping.set).start()
    listener.client.close()
    assert slack.acked(1) == {"E1": first}


@pytest.mark.parametrize("spell", [str, lambda token: b64encode(token.encode()).decode(), lambda token: token[:12]])
def test_an_app_token_that_is_echoed_is_hidden(spell: Callable[[str], str]) -> None:
    token = "dummy+app/token=0123456789"

    def echo(server: Server, link: socket.socket) -> None:
        server.read(link)
        reply(link, {"ok": False, "error": f"not allowed: {spell(token)}"}, status=403)

    with Server(echo) as server:
        client = SocketClient(web(server.url), token)
        with closing(client):
            client.connect()
            trouble = client.first_outcome(5).last_error
    assert "not allowed: [hidden]" in trouble
