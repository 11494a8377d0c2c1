"""Quiet in a channel: what ends meanwhile is held, across a restart too; then a summary comes first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADAS, CHANNEL, LIN, OPS

BERLIN = ZoneInfo("Europe/Berlin")
SUMMARY = "🔔 The quiet is over"
SETTINGS = {"PREWARM_CHANNEL": f"{CHANNEL},{OPS}", "PREWARM_TIMEZONE": "Europe/Berlin"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk"), **SETTINGS) as desk:
        yield desk


def test_a_quiet_holds_all_across_a_restart_and_sums_it_up_first(desk: Desk) -> None:
    assert "It is quiet here now" in desk.asked("mute 2h")
    announced = desk.read(desk.wait_said("🔕 I am quiet here for 2 h"))
    assert ("as @ada asked" in announced, "/prewarm unmute" in announced) == (True, True)
    first = [desk.end(None, "i/o timeout"), desk.end()]
    desk.wait_told(*first, channel=OPS)
    desk.start_again(**SETTINGS)
    last = desk.end()
    desk.wait_told(last, channel=OPS)
    assert desk.told() == {}, "nothing is told in a quiet"
    assert "It waits for the end of the quiet there" in desk.asked(f"why {last}")
    assert "#prewarm until" in desk.asked("status")
    assert "It is quiet here until" in desk.asked("subscriptions", LIN)
    assert "3 messages were kept and follow" in desk.asked("unmute", LIN)
    summary = desk.read(desk.wait_said(SUMMARY))
    assert (": 3 messages were missed" in summary, "@lin ended it" in summary) == (True, True)
    desk.wait_told(*first, last)
    said = desk.said()
    at = next(index for index, text in enumerate(said) if SUMMARY in text)
    assert len(said) == at + 2, "what was missed is one digest, right after the summary"
    assert all(task in said[at + 1] for task in [*first, last])
    assert "It was not quiet here" in desk.asked("unmute")
    desk.ask("mute 2h")
    assert "The quiet is over: nothing was missed" in desk.asked("unmute")


@pytest.mark.slow
def test_a_quiet_ends_by_itself_and_until_is_by_the_clock_of_the_settings(desk: Desk) -> None:
    soon = datetime.now(BERLIN) + timedelta(hours=1)
    until = desk.ask(f"mute until {soon:%H:%M}", channel=OPS)
    assert f"{soon:%Y-%m-%d %H:%M} UTC+" in until.text, "the next time that a clock in Berlin shows it"
    desk.wait_said("🔕 I am quiet here", OPS)
    assert "Quiet lasts from 1 minute to 7 days" in desk.asked("mute 5s")
    desk.ask("mute 1h", LIN, OPS)
    desk.wait_said("as @lin asked", OPS)
    task = desk.end()
    desk.wait_told(task)
    assert desk.told(OPS)[task] == 0
    desk.workspace.faults.clock_skew = 3700.0  # Slack's clock is what counts; it shows with the next answer
    desk.workspace.mention(LIN, OPS, "help")
    summary = desk.read(desk.wait_said(SUMMARY, OPS))
    assert (": 1 message was missed" in summary, "ended it" in summary) == (True, False)
    desk.wait_told(task, channel=OPS)


@pytest.mark.slow
def test_a_person_may_have_quiet_too_and_nobody_is_told_of_it(desk: Desk) -> None:
    task = desk.begin()
    desk.ask(f"watch {task}")
    assert "It is quiet here now" in desk.asked("mute 2h", channel=ADAS)
    desk.end(task)
    desk.wait_told(task)
    assert desk.said(ADAS) == []
    assert "1 message was kept and follows" in desk.asked("unmute", channel=ADAS)
    desk.wait_told(task, channel=ADAS)
    assert [SUMMARY in text for text in desk.said(ADAS)] == [True, False]
