"""The embedded Slack's faults: what a caller sees, and what became of the message all the same."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.slack.faults import EVERY, NO_FAULT, Fault, SlackFaults
from bot.demo.slack.server import SlackServer

CHANNEL = "C0PREWARM"
POST = "chat.postMessage"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        server.workspace.limiter.enabled = False
        yield server


def client(slack: SlackServer, timeout: int = 5) -> WebClient:
    return WebClient("xoxb-demo-not-a-real-token", base_url=slack.api_url, retry_handlers=[], timeout=timeout)


def post(slack: SlackServer, **more: Any) -> Any:
    return client(slack).chat_postMessage(channel=CHANNEL, text="x", **more)


def stored(slack: SlackServer) -> int:
    return len(slack.workspace.messages(CHANNEL))


def seen(act: Callable[[], object]) -> str:
    """What the caller sees: a status with an error code, or the kind of exception."""
    try:
        act()
    except SlackApiError as refused:
        said = str(refused.response["error"])
        return f"{refused.response.status_code} {'not json' if 'non-JSON' in said else said}"
    except (OSError, http.client.HTTPException) as broken:
        return type(broken).__name__
    return "ok"


FAULTS = [
    pytest.param(Fault.http(500), "500 not json", 0, id="a 500 before the message was accepted"),
    pytest.param(Fault.http(503, accepts=True), "503 not json", 1, id="a 503 after it was accepted"),
    pytest.param(Fault.ratelimited(7), "429 ratelimited", 0, id="a 429"),
    pytest.param(Fault.code("internal_error"), "200 internal_error", 0, id="an error code, nothing stored"),
    pytest.param(Fault.code("fatal_error", accepts=True), "200 fatal_error", 1, id="an error code though stored"),
    pytest.param(Fault.drop_before(), "RemoteDisconnected", 0, id="a connection cut before"),
    pytest.param(Fault.drop_after(), "RemoteDisconnected", 1, id="a connection cut after"),
    pytest.param(Fault.not_json(), "200 not json", 1, id="a page instead of JSON"),
    pytest.param(Fault.truncated(), "200 not json", 1, id="half an answer"),
    pytest.param(Fault.slow(0.05), "ok", 1, id="a slow answer"),
    pytest.param(Fault.late(0.05), "ok", 1, id="a late effect"),
]


@pytest.mark.parametrize(("fault", "caller_sees", "messages"), FAULTS)
def test_a_post_meets(slack: SlackServer, fault: Fault, caller_sees: str, messages: int) -> None:
    slack.workspace.faults.next(POST, fault)
    assert (seen(lambda: post(slack)), stored(slack)) == (caller_sees, messages)
    assert seen(lambda: post(slack)) == "ok"


def test_a_429_says_for_how_long_and_is_counted(slack: SlackServer) -> None:
    slack.workspace.faults.next(POST, Fault.ratelimited(7))
    with pytest.raises(SlackApiError) as refused:
        post(slack)
    assert refused.value.response.headers["Retry-After"] == "7"
    assert slack.workspace.count_429 == 1


def test_a_stalled_post_is_stored_and_never_answered(slack: SlackServer) -> None:
    slack.workspace.faults.next(POST, Fault.stall())
    with pytest.raises(TimeoutError):
        client(slack, timeout=1).chat_postMessage(channel=CHANNEL, text="x")
    assert stored(slack) == 1
    [call] = slack.workspace.calls_of(POST)
    assert (call.outcome, call.status, call.fault) == ("ok", 0, "never answered")


def test_a_late_post_is_stored_though_the_caller_gave_up(slack: SlackServer) -> None:
    slack.workspace.faults.next(POST, Fault.late(1.3))
    with pytest.raises(TimeoutError):
        client(slack, timeout=1).chat_postMessage(channel=CHANNEL, text="x")
    assert stored(slack) == 0
    slack.workspace.wait_for(lambda: stored(slack) == 1, what="the late message")


def test_metadata_can_get_lost(slack: SlackServer) -> None:
    slack.workspace.faults.next(POST, Fault.without_metadata())
    metadata = {"event_type": "x", "event_payload": {"key": "1"}}
    assert "metadata" not in post(slack, metadata=metadata)["message"]
    assert post(slack, metadata=metadata)["message"]["metadata"] == metadata


def test_a_standing_fault_lasts_until_it_is_ended(slack: SlackServer) -> None:
    faults = slack.workspace.faults
    faults.always("conversations.history", Fault.code("missing_scope"))
    faults.always(EVERY, Fault.http(503))
    looks = [seen(lambda: client(slack).conversations_history(channel=CHANNEL)) for _ in range(2)]
    assert looks == ["200 missing_scope"] * 2
    assert seen(lambda: post(slack)) == "503 not json"
    faults.stop_always(EVERY)
    assert seen(lambda: post(slack)) == "ok"
    faults.clear()
    assert seen(lambda: client(slack).conversations_history(channel=CHANNEL)) == "ok"


def test_a_script_comes_before_a_standing_fault() -> None:
    faults = SlackFaults()
    faults.always(POST, Fault.http(500))
    faults.next(POST, NO_FAULT, Fault.stall())
    assert [faults.take(POST) for _ in range(3)] == [NO_FAULT, Fault.stall(), Fault.http(500)]


def test_random_faults_repeat_with_their_seed() -> None:
    def drawn(seed: int) -> list[Fault]:
        faults = SlackFaults(seed)
        faults.sometimes(POST, Fault.drop_after(), 0.3)
        return [faults.take(POST) for _ in range(200)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 30 < drawn(1).count(Fault.drop_after()) < 90


def test_slack_that_is_down_refuses_connections_and_comes_back_at_the_same_address(slack: SlackServer) -> None:
    address = slack.api_url
    slack.go_down()
    with pytest.raises(OSError, match="refused"):
        post(slack)
    slack.come_up()
    assert slack.api_url == address
    assert seen(lambda: post(slack)) == "ok"


def test_stopping_ends_what_is_stalled_and_may_be_done_twice() -> None:
    slack = SlackServer().start()
    slack.workspace.faults.next(POST, Fault.stall())
    outcome: list[str] = []
    caller = threading.Thread(target=lambda: outcome.append(seen(lambda: post(slack))))
    caller.start()
    slack.workspace.wait_for(lambda: stored(slack) == 1, what="the stalled message")
    began = time.monotonic()
    slack.stop()
    slack.stop()
    caller.join(5)
    assert time.monotonic() - began < 5
    assert outcome == ["RemoteDisconnected"]
    assert "embedded-slack" not in [thread.name for thread in threading.enumerate()]


def test_a_server_that_never_started_can_be_stopped() -> None:
    SlackServer().stop()


def test_a_port_that_is_taken_is_an_error(slack: SlackServer) -> None:
    with pytest.raises(OSError, match="in use"):
        SlackServer(port=int(slack.workspace.base_url.rsplit(":", 1)[1])).start()
