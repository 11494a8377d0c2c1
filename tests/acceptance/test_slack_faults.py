"""Whatever Slack does to the request that carries an ending: once the fault is over, it stands in the channel once.

P4 to P9 from outside: each fault strikes `chat.postMessage` while history itself is a second late. What is no single
request's fault (a revoked token, short pages of history, another clock …) lasts while a post is in doubt.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import fields

import pytest

from bot.demo.slack.faults import Fault, Reply, SlackFaults
from tests.acceptance.rehearsal import side_by_side
from tests.acceptance.stage import CHANNEL, Stage

POST, HISTORY = "chat.postMessage", "conversations.history"
HISTORY_LATE = 1.0  # seconds, less than SETTLE
SETTLE = "3"
FAULTS = {
    "a 429 with Retry-After": Fault.ratelimited(1),
    "a 500 that took nothing": Fault.http(500),
    "a 502 that took it": Fault.http(502, accepts=True),
    "service_unavailable": Fault.code("service_unavailable"),
    "internal_error that took it": Fault.code("internal_error", accepts=True),
    "fatal_error that took nothing": Fault.code("fatal_error"),
    "a limit of the whole workspace": Fault.code("message_limit_exceeded"),
    "a code that nobody knows": Fault.code("brand_new_error"),
    "blocks refused": Fault.code("invalid_blocks"),
    "a connection dropped before": Fault.drop_before(),
    "a connection dropped after it was taken": Fault.drop_after(),
    "an answer past the timeout": Fault.slow(9.0),
    "taken only after the timeout": Fault.late(9.0),
    "no answer though taken": Fault.stall(),
    "no answer and nothing taken": Fault.stall(accepts=False),
    "headers without end though taken": Fault.trickled(),
    "headers without end and nothing taken": Fault.trickled(accepts=False),
    "no JSON though taken": Fault.not_json(),
    "no JSON and nothing taken": Fault.not_json(accepts=False),
    "half of the answer": Fault.truncated(),
    "half of the answer and nothing taken": Fault.truncated(accepts=False),
    "posted without its metadata": Fault.without_metadata(),
}
LASTING: dict[str, str | float] = {  # the states of SlackFaults, each with a value that hurts
    "history_delay": 2.0,
    "history_page": 1,
    "token_error": "token_revoked",
    "app_token_error": "invalid_auth",
    "clock_skew": 86_400.0,
    "refuses_data_table": True,
}


def play(stage: Stage, name: str) -> None:
    """Let one ending meet the fault, end the fault, and count what people see."""
    workspace, before = stage.workspace, stage.told()
    workspace.faults.history_delay = HISTORY_LATE
    asked = len(workspace.calls_of(POST))
    workspace.faults.always(POST, FAULTS[name])
    task = stage.end()
    workspace.wait_for(lambda: len(workspace.calls_of(POST)) > asked, 30, "the post that meets the fault")
    workspace.faults.stop_always(POST)
    stage.wait_told(task, within=40)
    sentinel = stage.tell_sentinel(within=40)
    assert stage.told() == before + Counter([task, sentinel])
    assert workspace.calls_of("chat.delete") == [], "it was said twice, and one of them deleted later"


def play_lasting(stage: Stage, state: str) -> None:
    """Let a post be in doubt while the state lasts, end the state, and count what people see."""
    workspace, before = stage.workspace, stage.told()
    looked = len(workspace.calls_of(HISTORY))
    setattr(workspace.faults, state, LASTING[state])
    stage.slack.socket.cut()  # a connection that stands needs no token
    workspace.faults.next(POST, Fault.drop_after())
    tasks = [stage.end() for _ in range(7)]
    if state != "token_error":
        workspace.wait_for(lambda: len(workspace.calls_of(HISTORY)) > looked, 20, "the look for a post in doubt")
    stage.wait_polled(3)
    if state != "clock_skew":  # Slack's own clock does not step back
        setattr(workspace.faults, state, getattr(SlackFaults(), state))
    stage.wait_told(*tasks, within=60)
    sentinel = stage.tell_sentinel(within=60)
    assert stage.told() == before + Counter([*tasks, sentinel])
    assert workspace.calls_of("chat.delete") == [], "it was said twice, and one of them deleted later"
    stage.slack.socket.wait_connected(timeout=60)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[None]]]:
    with side_by_side(
        list(FAULTS), 10, tmp_path_factory.mktemp("slack"), play, PREWARM_SETTLE_SECONDS=SETTLE
    ) as played:
        yield played


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[None]]]:
    with side_by_side(
        list(LASTING), len(LASTING), tmp_path_factory.mktemp("slack"), play_lasting, PREWARM_SETTLE_SECONDS=SETTLE
    ) as played:
        yield played


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", FAULTS)
def test_an_ending_that_meets_a_fault_is_told_once(outcomes: dict[str, Future[None]], name: str) -> None:
    outcomes[name].result(170)


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("state", LASTING)
def test_endings_that_meet_a_lasting_state_are_told_once(lasting: dict[str, Future[None]], state: str) -> None:
    lasting[state].result(170)


def test_each_fault_of_slack_has_its_turn() -> None:
    """A new reply, a new field of Fault or a new state of SlackFaults needs a row above."""
    untouched = [f.name for f in fields(Fault) if all(getattr(each, f.name) == f.default for each in FAULTS.values())]
    assert untouched == []
    assert {fault.reply for fault in FAULTS.values()} == set(Reply)
    assert LASTING.keys() == {name for name in vars(SlackFaults()) if not name.startswith("_")}


def test_a_fault_of_one_channel_does_not_hold_another(stage: Stage) -> None:  # P3
    stage.run_until_hello(PREWARM_CHANNEL=f"{CHANNEL},G0OPS")
    stage.wait_said("I watch", "G0OPS")
    stage.workspace.faults.next(POST, Fault.stall())
    task = stage.end()
    quick = stage.workspace.wait_for(
        lambda: [each for each in (CHANNEL, "G0OPS") if stage.told(each)[task]], 5, "the other channel"
    )
    assert quick
    stage.wait_told(task)
    stage.wait_told(task, channel="G0OPS")
    assert (stage.told(), stage.told("G0OPS")) == ({task: 1}, {task: 1})
