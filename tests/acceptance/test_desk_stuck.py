"""A task that hangs is told once per state; its ending is a message of its own, and the older one is edited."""

from collections.abc import Iterator

import pytest

from bot.demo.slack.faults import Fault
from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADAS, CHANNEL

SETTINGS = {"PREWARM_STUCK_AFTER": "1"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk"), **SETTINGS) as desk:
        yield desk


def about(desk: Desk, task: str, channel: str = CHANNEL) -> list[str]:
    return [text for text in desk.said(channel) if task in text]


@pytest.mark.slow
def test_a_task_that_hangs_is_told_once_per_state_and_edited_when_it_ends(desk: Desk) -> None:
    desk.ask("watch hanging")
    task = desk.begin("registry.example.com/hanging:1", state="Pending")
    pending = desk.wait_said(task)
    assert "⏳ Pending for" in desk.read(pending)
    desk.cloud.run(task)
    desk.workspace.wait_for(lambda: len(about(desk, task)) == 2, 20, "Running for")
    running = desk.wait_said("⏳ Running for")
    desk.start_again(**SETTINGS)
    desk.wait_polled(4)
    desk.end(task)
    desk.workspace.wait_for(lambda: len(about(desk, task)) == 3, 20, "the ending")
    assert ("✅ Ready" in about(desk, task)[2], "It had hung in" in about(desk, task)[2]) == (True, True)
    edited = desk.wait_reads(pending, "Ended since: ready")
    assert ("When this was written, it had been pending" in edited, task in edited) == (True, True)
    desk.wait_reads(running, "Ended since: ready")
    desk.workspace.wait_for(lambda: len(about(desk, task, ADAS)) == 3, 20, "what the watcher was told")
    sentinel = desk.tell_sentinel()
    assert (len(about(desk, task)), desk.told()[sentinel]) == (3, 1)


def test_an_edit_that_slack_refuses_costs_nothing(desk: Desk) -> None:
    task = desk.begin(state="Pending")
    hanging = desk.wait_said(task)
    desk.workspace.faults.next("chat.update", Fault.code("cant_update_message"))
    desk.end(task, "i/o timeout")
    desk.workspace.wait_for(lambda: len(about(desk, task)) == 2, 20, "the ending")
    desk.workspace.wait_for(lambda: desk.workspace.calls_of("chat.update"), 20, "the edit that is refused")
    desk.tell_sentinel()
    assert "It had hung in" in about(desk, task)[1], "the ending is told all the same, and how long it hung"
    assert "⏳ Pending for" in desk.read(desk.now(hanging))
    assert desk.bots[-1].running
