"""App Home: what is going on, what I watch and how the bot is, published when opened, pressed, and when it changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Bot
from bot.demo.slack.faults import Fault
from bot.settings import Settings
from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, ADAS, LIN

PUBLISH = "views.publish"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def wait_home(desk: Desk, user: str, *words: str) -> Any:
    """Wait until the Home shows all these words."""
    workspace = desk.workspace
    return workspace.wait_for(
        lambda: all(word in str(workspace.homes.get(user)) for word in words) and workspace.homes[user],
        20,
        f"a Home with {words}",
    )


def press(desk: Desk, user: str, label: str, row: int = 0) -> None:
    """Press a button of a Home by what stands on it."""
    elements = [
        each
        for block in desk.workspace.homes[user]["blocks"]
        for each in [*block.get("elements", ()), block.get("accessory") or {}]
        if each.get("type") == "button" and each["text"]["text"] == label
    ]
    desk.workspace.click_home(user, elements[row]["action_id"], value=elements[row]["value"]).wait_acked()


def test_home_shows_what_is_going_on_when_opened_and_acts_by_buttons_also_after_a_restart(desk: Desk) -> None:
    failed = desk.end(None, "no space left on device")
    running = desk.begin("registry.example.com/llm/qwen:7b")
    desk.ask(f"watch {running}")
    desk.workspace.open_home(ADA, "messages")
    desk.workspace.open_home(ADA)
    wait_home(desk, ADA, running, failed, "no space left on device", "once", "All is well")
    later = desk.begin("registry.example.com/later:1")
    press(desk, ADA, "Refresh")
    wait_home(desk, ADA, later)
    desk.workspace.open_home(LIN)
    wait_home(desk, LIN, "Nothing yet")
    desk.start_again()
    press(desk, ADA, "End")
    wait_home(desk, ADA, "Nothing yet")
    assert "You watch nothing" in desk.asked("subscriptions", channel=ADAS)
    assert [call.outcome for call in desk.workspace.calls_of(PUBLISH)] == ["ok"] * 4


def test_a_home_that_shows_something_else_by_now_is_published_again(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        bot = Bot(Settings.explicit(**{name.lower(): value for name, value in desk.settings().items()}))
        try:
            bot.start()
            desk.slack.socket.wait_connected()
            desk.wait_said("I watch")
            desk.workspace.open_home(ADA)
            wait_home(desk, ADA, "Nothing is running")
            task = desk.begin()
            bot.homes.keep_fresh()  # what is called once a minute
            wait_home(desk, ADA, task)
            assert len(desk.workspace.calls_of(PUBLISH)) == 2
        finally:
            bot.stop()


def test_p17_while_slack_holds_messages_up_neither_home_nor_status_calls_it_well(desk: Desk) -> None:
    desk.workspace.faults.next("chat.postMessage", Fault.ratelimited(8))
    tasks = [desk.end() for _ in range(3)]
    told = desk.wait_asked("status", "3 messages are held up for the moment")
    assert "Slack asked me to wait (ratelimited)" in told
    desk.workspace.open_home(ADA)
    wait_home(desk, ADA, "3 messages are held up for the moment", "/prewarm status")
    desk.wait_told(*tasks)
    desk.wait_asked("status", "All is well")
