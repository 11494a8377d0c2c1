"""`why` says what became of a notification, `status` how the bot is: nobody has to guess."""

from collections.abc import Iterator

import pytest

from bot.demo.cloud.faults import Fault as CloudFault
from bot.demo.slack.faults import Fault
from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, CHANNEL, LIN, OPS

POST = "chat.postMessage"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    settings = {"PREWARM_CHANNEL": f"{CHANNEL},{OPS}:failed", "PREWARM_BLIND_AFTER": "1"}
    with desk_open(tmp_path_factory.mktemp("desk"), **settings) as desk:
        desk.wait_said("I watch", OPS)  # else a fault would strike this
        yield desk


def test_why_tells_each_attempt_what_slack_said_and_where_it_stands(desk: Desk) -> None:
    desk.workspace.faults.next(POST, Fault.ratelimited(1))
    task = desk.end()
    message = desk.wait_said(task)
    told = desk.wait_asked(f"why {task[:8]}", "Notification sent")
    words = ("Notification sent", "Ready, for #prewarm: sent", "Slack asked me to wait", "Slack took it", "Seen and")
    assert [each for each in words if each not in told] == []
    assert f"/archives/{CHANNEL}/p{message.ts.replace('.', '')}" in told, "a link to the message"
    running = desk.begin()
    assert "When it does, 2 recipients hear of it" in desk.asked(f"why {running}")
    assert "It ended more than 30 days ago" in desk.asked("why nzd5ny")
    assert "No task begins with" in desk.asked("why zzz")


def test_what_a_person_was_told_directly_is_not_shown_to_others(desk: Desk) -> None:
    task = desk.begin()
    desk.ask(f"watch {task}")
    desk.end(task)
    desk.wait_told(task, channel="D0ADA")
    desk.wait_told(task)
    assert ("2 notifications" in desk.asked(f"why {task}", ADA), "for @ada" in desk.asked(f"why {task}", LIN)) == (
        True,
        False,
    )


def test_what_waits_says_why(desk: Desk) -> None:
    desk.workspace.faults.always(POST, Fault.ratelimited(1))
    task = desk.end()
    desk.wait_asked(f"why {task}", "It waits")
    desk.workspace.faults.stop_always(POST)
    desk.wait_told(task)


@pytest.mark.slow
def test_what_slack_refuses_in_every_form_is_said_to_be_given_up(desk: Desk) -> None:  # P12, P16
    desk.workspace.faults.next(POST, *[Fault.code("invalid_blocks")] * 4)
    task = desk.end()
    desk.wait_asked(f"why {task}", "Notification given up")
    desk.wait_said("1 message that was to come here was given up")
    assert desk.told()[task] == 0


def test_status_says_whether_all_is_well_and_what_is_not(desk: Desk) -> None:
    well = desk.wait_asked("status", "Nothing waits")
    assert [w for w in ("All is well", "Commands: connected", "prewarm-bot ") if w not in well] == []
    desk.server.faults.on(CloudFault.SERVER_ERROR)
    desk.wait_said("I cannot see the prewarm tasks")
    blind = desk.asked("status")
    assert ("Not all is well: I cannot read the task list" in blind, "not readable since" in blind) == (True, True)
    listed = desk.asked("list")
    assert ("This is what I remember" in listed, "As of" in listed) == (True, True)
    desk.server.faults.off(CloudFault.SERVER_ERROR)
    desk.wait_said("I see the prewarm tasks again")
    desk.workspace.remove_bot(OPS)
    desk.wait_said("I cannot post in channel")
    parked = desk.asked("status")
    assert ("I cannot post to 1 recipient" in parked, "1 recipient is not named here" in parked) == (True, True)
    assert "I am not in that channel" not in parked, "in another channel it is nobody's but the operators'"
    assert "I am not in that channel" in desk.asked("status", channel=OPS)
