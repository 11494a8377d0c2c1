"""A person's App Home, whole: what is going on, what they watch, how the bot is, and how to ask."""

from typing import Any

from msgspec.structs import replace

from bot.commands.request import Unwatch
from bot.domain.answer import AsOf, Blocked, Home, Overview, Status
from bot.domain.fact import Kind
from bot.domain.filter import Hears
from bot.domain.subscription import Subscription
from bot.messages.render import render_home
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, asked, ended, read, task

AT = 1756361400.0
NOW = AsOf(AT, 12.3)
RUNNING = task(state="Running", id="run1", complete_time="", image_size="0", reason=())
FAILED = ended(Kind.FAILED, id="f1", reason=("no space left on device",)).task
IMAGE = "test-image.ppinfra.com/test-public/pytorch:v2"
OVERVIEW = Overview(NOW, {"Running": 1, "Failed": 1}, (RUNNING,), (FAILED,))
WELL = Status(NOW, "1.2.0", AT, AT, None, True, "", "", 0, None, 0, (), (), 20, 3)
WATCHES = (
    Subscription("U0LIN", task="f1", number=4, by="U0LIN", at=AT),
    Subscription("U0LIN", Hears.FAILED, number=5, by="U0LIN", at=AT),
)


def lines(blocks: tuple[dict[str, Any], ...]) -> list[str]:
    return read(Payload("", blocks)).splitlines()


def test_a_home_with_everything_in_it() -> None:
    blocks = render_home(Home(OVERVIEW, WATCHES, WELL), STYLE)
    assert lines(blocks) == [
        "1 running, 1 failed",
        "As of 2025-08-28 06:09 UTC.",
        "[Refresh] [中文]",
        "At work:",
        f"• running {IMAGE} on v2测试(cn-dev-1) · created 35 s ago · run1",
        "Last failures:",
        f"• failed {IMAGE} on v2测试(cn-dev-1) · ended 2025-08-28 06:09 UTC after 6 s · f1 · no space left on device",
        "You watch (told in direct messages):",
        "4: task f1, once [End]",
        "5: every task that fails [End]",
        "My own health:",
        "All is well.",
        "Ask anywhere: /prewarm for all of this, /prewarm failed for what failed, /prewarm help for the rest.",
    ]
    assert blocks[1]["elements"][0]["elements"][1] == {
        "type": "date",
        "timestamp": 1756361387,
        "format": "{date_short_pretty} {time}",
        "fallback": "2025-08-28 06:09 UTC",
    }
    refresh = blocks[2]["elements"][0]
    assert (refresh["action_id"], refresh["value"]) == ("ask.home", "home")
    ends = [block["accessory"] for block in blocks if "accessory" in block]
    assert [(each["action_id"], asked(each)) for each in ends] == [
        ("ask.unwatch.4", Unwatch(4)),
        ("ask.unwatch.5", Unwatch(5)),
    ]


def test_a_home_of_somebody_who_watches_nothing_while_nothing_is_well() -> None:
    trouble = AsOf(AT, None, "HTTP 502.")
    ill = replace(WELL, as_of=trouble, blocked=(Blocked("C1", "is_archived", AT, 2),))
    blocks = render_home(Home(Overview(trouble, {}, (), ()), (), ill), STYLE)
    assert lines(blocks) == [
        "No prewarm tasks are listed",
        "The list could not be read just now: HTTP 502. This is what I remember.",
        "I have not read the list since I started.",
        "[Refresh] [中文]",
        "You watch (told in direct messages):",
        "Nothing yet. /prewarm watch ID tells you when a task ends.",
        "My own health:",
        "Not all is well: I cannot read the task list, I cannot post to 1 recipient. /prewarm status says more.",
        "Ask anywhere: /prewarm for all of this, /prewarm failed for what failed, /prewarm help for the rest.",
    ]


def test_a_home_of_very_much_shows_some_of_each_and_counts_the_rest() -> None:
    many = tuple(Subscription("U0LIN", number=n, by="U0LIN", at=AT) for n in range(1, 61))
    busy = Overview(NOW, {"Running": 500}, (RUNNING,) * 500, (FAILED,) * 3)
    blocks = render_home(Home(busy, many, WELL), STYLE)
    seen = lines(blocks)
    assert "and 480 more: narrow it with /prewarm list failed cluster:ID words" in seen
    assert "and 40 more" in seen
    assert len(blocks) <= 50


def test_a_home_that_is_too_much_shows_less() -> None:
    wordy = task(state="Running", id="i" * 200, image_url="x" * 500, cluster_name="c" * 500)
    failed = replace(wordy, state="Failed", reason=("r" * 500,))
    blocks = render_home(Home(Overview(NOW, {"Running": 40}, (wordy,) * 40, (failed,) * 3), WATCHES, WELL), STYLE)
    shown = sum(line.startswith("• running") for line in lines(blocks))
    assert 5 <= shown < 20
    assert f"and {40 - shown} more: narrow it with /prewarm list failed cluster:ID words" in lines(blocks)
