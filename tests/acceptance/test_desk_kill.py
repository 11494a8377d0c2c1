"""A question outlives the process that received it: Slack sends it again, since it was not acknowledged (R5)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from bot.demo.slack.faults import Fault
from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, ADAS, CHANNEL

RETRIES = (0.0, 4.0, 20.0)  # at once, +1 min, +5 min, at a fifteenth


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture
def desk(opened: Desk) -> Desk:
    opened.slack.delivery.retry_delays, opened.slack.delivery.ack_seconds = RETRIES, 1.0
    return opened


@contextmanager
def slow_disk(desk: Desk) -> Iterator[None]:
    """Let no commit through: another program holds the database."""
    database = desk.folder / "data" / "store" / "cache.db"
    with closing(sqlite3.connect(database, timeout=10, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def kill_once_it_came_twice(desk: Desk, before: int) -> None:
    """Kill the bot when Slack has sent an event for the second time, a second after it had read the first."""
    desk.workspace.wait_for(lambda: desk.slack.delivery.sent >= before + 2, 10, "the event once more")
    desk.bots[-1].kill()
    desk.slack.delivery.ack_seconds = 3.0


def test_an_act_whose_process_is_killed_before_its_commit_is_done_once_and_answered(desk: Desk) -> None:
    before, acks = desk.slack.delivery.sent, desk.slack.delivery.acks
    with slow_disk(desk):
        asked = desk.workspace.mention(ADA, CHANNEL, "subscribe outlives")
        kill_once_it_came_twice(desk, before)
    assert desk.slack.delivery.acks == acks
    desk.start_again()
    assert "hears of" in desk.read(desk.workspace.wait_reply(asked, timeout=20))
    desk.wait_said("“outlives” from now on")
    desk.tell_sentinel()
    assert sum("“outlives” from now on" in text for text in desk.said()) == 1
    assert desk.slack.delivery.acks == acks + 1
    assert len(desk.workspace.messages(CHANNEL, thread_ts=asked.ts)) == 1, "one answer"


def test_a_question_whose_process_is_killed_before_its_answer_is_answered(desk: Desk) -> None:
    before, acks, said = desk.slack.delivery.sent, desk.slack.delivery.acks, len(desk.said(ADAS))
    desk.workspace.faults.always("chat.postMessage", Fault.stall(accepts=False))
    desk.workspace.direct_message(ADA, "help watch")
    kill_once_it_came_twice(desk, before)
    desk.workspace.faults.clear()
    desk.start_again()
    desk.wait_said("/prewarm watch", ADAS)
    desk.tell_sentinel()
    assert len(desk.said(ADAS)) == said + 1
    desk.workspace.wait_for(lambda: desk.slack.delivery.acks > acks, 30, "the acknowledgement")


def test_a_command_whose_commit_takes_too_long_shows_an_error_and_is_answered_when_it_is_done(desk: Desk) -> None:
    with slow_disk(desk):
        typed = desk.workspace.slash(ADA, CHANNEL, "/prewarm", "subscribe patience")
        with pytest.raises(TimeoutError, match="operation_timeout"):
            typed.wait_acked()
    assert "hears of" in desk.read(typed.wait_response())
