"""Subscriptions, watches and the quiet, whole: what happens from now on, and the button that ends it."""

import pytest

from bot.commands.request import Request, Unmute, Unsubscribe, Unwatch
from bot.domain.answer import Forbidden, Muted, NotHere, Subscribed, Subscriptions, Unmuted, Unsubscribed
from bot.domain.filter import Filter, Hears
from bot.domain.subscription import Mute, Subscription
from bot.messages.render import render_answer
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, asked, read

AT = 1756361400.0
STANDING = Subscription("C0PREWARM")
FAILURES = Subscription(
    "C0PREWARM", Hears.FAILED, Filter(cluster="cn-1", words=("qwen", "two words")), number=3, by="U0ADA", at=AT
)
ONCE = Subscription("U0LIN", task="f1", number=4, by="U0LIN", at=AT)
READY = Subscription("U0LIN", Hears.SUCCEEDED, number=5, by="U0LIN", at=AT)
QUIET = Mute("C0PREWARM", AT + 7_200, AT, 3, "U0ADA")
HERE, MINE = (STANDING, FAILURES), (ONCE, READY)


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def values(message: Payload) -> list[tuple[str, Request]]:
    rows = [block.get("elements", [block.get("accessory")]) for block in message.blocks]
    return [(each["action_id"], asked(each)) for row in rows for each in row if each and each["type"] == "button"]


def test_all_that_is_heard_of_here_and_by_me() -> None:
    message = render_answer(Subscriptions("C0PREWARM", HERE, MINE, QUIET), STYLE)
    assert lines(message) == [
        "2 subscriptions in this channel, 2 watches of yours",
        "This channel hears of:",
        "every task that ends (from the settings)",
        "3: every task that fails, cluster cn-1, “qwen”, “two words” [End]",
        "made 2025-08-28 06:10 UTC by @U0ADA",
        "You watch (told in direct messages):",
        "4: task f1, once [End]",
        "made 2025-08-28 06:10 UTC",
        "5: every task that gets ready [End]",
        "made 2025-08-28 06:10 UTC",
        "It is quiet here until 2025-08-28 08:10 UTC, asked for by @U0ADA",
        "[End the quiet]",
        "To add one: /prewarm subscribe failed cluster:ID words for this channel, /prewarm watch ID for you.",
    ]
    assert message.text == (
        "2 subscriptions in this channel, 2 watches of yours. Every task that ends; "
        "every task that fails, cluster cn-1, “qwen”, “two words”; task f1, once."
    )
    assert values(message) == [
        ("ask.unsubscribe.3", Unsubscribe(3)),
        ("ask.unwatch.4", Unwatch(4)),
        ("ask.unwatch.5", Unwatch(5)),
        ("ask.unmute", Unmute()),
    ]
    assert message.blocks[3]["accessory"]["accessibility_label"] == (
        "End: 3, every task that fails, cluster cn-1, “qwen”, “two words”"
    )


def test_the_plain_form_says_and_asks_the_same() -> None:
    answer = Subscriptions("C0PREWARM", HERE, MINE, QUIET)
    rich, plain = render_answer(answer, STYLE), render_answer(answer, STYLE, plain=True)
    assert read(plain).replace("<@U0ADA>", "@U0ADA") == read(rich).replace("<@U0ADA>", "@U0ADA")
    assert values(plain) == values(rich)


TITLES = [
    pytest.param(Subscriptions("C1", (), ()), "This channel has no subscriptions", id="nothing at all"),
    pytest.param(Subscriptions("C1", HERE[:1], ()), "1 subscription in this channel", id="one of the channel"),
    pytest.param(
        Subscriptions("C1", (), MINE[:1]), "This channel has no subscriptions, 1 watch of yours", id="one of mine"
    ),
    pytest.param(Subscriptions("U0LIN", (), MINE), "2 watches of yours", id="in a direct message only mine"),
    pytest.param(Subscriptions("U0LIN", MINE, ()), "You watch nothing", id="in a direct message, none"),
    pytest.param(
        Subscriptions("C1", HERE, MINE, asked="unsubscribe"),
        "Which subscription shall end?",
        id="unsubscribe does not say which",
    ),
    pytest.param(
        Subscriptions("C1", HERE, MINE, asked="unwatch"), "Which watch shall end?", id="unwatch does not say which"
    ),
    pytest.param(
        Subscriptions("C1", (), MINE, asked="unsubscribe"),
        "This channel has no subscriptions",
        id="unsubscribe where there is none",
    ),
    pytest.param(Subscriptions("C1", HERE, (), asked="unwatch"), "You watch nothing", id="unwatch where there is none"),
    pytest.param(
        Subscriptions("C1", HERE, MINE, asked="unsubscribe", missing="9"),
        "This channel has no subscription 9",
        id="a number that is not there",
    ),
    pytest.param(
        Subscriptions("C1", HERE, MINE, asked="unwatch", missing="qwen"),
        "You have no watch qwen",
        id="a watch that is not there",
    ),
]


@pytest.mark.parametrize(("answer", "title"), TITLES)
def test_the_title_counts_or_asks(answer: Subscriptions, title: str) -> None:
    message = render_answer(answer, STYLE)
    assert lines(message)[0] == title
    assert message.text.startswith(title if title.endswith("?") else f"{title}.")


def test_who_ends_one_kind_is_shown_that_kind() -> None:
    here = read(render_answer(Subscriptions("C1", HERE, MINE, asked="unsubscribe"), STYLE))
    mine = read(render_answer(Subscriptions("C1", HERE, MINE, asked="unwatch"), STYLE))
    assert "You watch" not in here
    assert "This channel" not in mine
    assert mine.endswith("To add one: /prewarm watch ID.")


def test_what_is_not_known_of_a_subscription_is_not_said() -> None:
    unknown = (Subscription("C1", number=7), Subscription("C1", Hears.FAILED, number=8, at=AT))
    seen = lines(render_answer(Subscriptions("C1", unknown, (), Mute("C1", AT, AT, 1)), STYLE))
    assert seen[2:6] == [
        "7: every task that ends [End]",
        "8: every task that fails [End]",
        "made 2025-08-28 06:10 UTC",
        "It is quiet here until 2025-08-28 06:10 UTC",
    ]


def test_very_many_are_cut_and_counted() -> None:
    many = tuple(Subscription("C1", number=n, by="U1", at=AT) for n in range(1, 80))
    for here, mine in ((many, ()), ((), many), (many[:40], many[40:])):
        message = render_answer(Subscriptions("C1", here, mine), STYLE)
        shown = read(message).count("[End]")
        assert 10 <= shown <= 24
        assert f"and {79 - shown} more" in lines(message)
        assert len(message.blocks) <= 50


MADE = [
    pytest.param(
        Subscribed(FAILURES, already=False, matching=2),
        [
            "This channel hears of every task that fails, cluster cn-1, “qwen”, “two words” from now on",
            "2 tasks at work match now.",
            "/prewarm unsubscribe 3 ends it. [End]",
        ],
        id="a subscription",
    ),
    pytest.param(
        Subscribed(FAILURES, already=True),
        [
            "This channel hears of every task that fails, cluster cn-1, “qwen”, “two words” already",
            "No task at work matches now.",
            "/prewarm unsubscribe 3 ends it. [End]",
        ],
        id="a subscription that was there",
    ),
    pytest.param(
        Subscribed(STANDING, already=True, matching=1),
        ["This channel hears of every task that ends already", "1 task at work matches now."],
        id="a standing one cannot be ended here",
    ),
    pytest.param(
        Subscribed(READY, already=False, matching=1),
        [
            "From now on I tell you in direct messages of every task that gets ready",
            "1 task at work matches now.",
            "/prewarm unwatch 5 ends it. [End]",
        ],
        id="a watch",
    ),
    pytest.param(
        Subscribed(READY, already=True, matching=1),
        [
            "I tell you of every task that gets ready already",
            "1 task at work matches now.",
            "/prewarm unwatch 5 ends it. [End]",
        ],
        id="a watch that was there",
    ),
    pytest.param(
        Subscribed(ONCE, already=False),
        ["I tell you in a direct message when task f1 ends", "/prewarm unwatch 4 ends it. [End]"],
        id="a watch of one task",
    ),
    pytest.param(
        Subscribed(ONCE, already=True),
        ["I watch task f1 for you already", "/prewarm unwatch 4 ends it. [End]"],
        id="a watch of one task that was there",
    ),
    pytest.param(
        Unsubscribed((FAILURES,)),
        [
            "This channel no longer hears of every task that fails, cluster cn-1, “qwen”, “two words”",
            "What had been noticed before is still told.",
        ],
        id="a subscription ended",
    ),
    pytest.param(
        Unsubscribed((ONCE,)),
        ["I no longer tell you of task f1, once", "What had been noticed before is still told."],
        id="a watch ended",
    ),
    pytest.param(
        Unsubscribed((ONCE, READY)),
        [
            "2 watches have ended",
            "• task f1, once",
            "• every task that gets ready",
            "What had been noticed before is still told.",
        ],
        id="several watches ended",
    ),
    pytest.param(
        Unsubscribed((FAILURES, FAILURES)),
        [
            "2 subscriptions have ended",
            "• every task that fails, cluster cn-1, “qwen”, “two words”",
            "• every task that fails, cluster cn-1, “qwen”, “two words”",
            "What had been noticed before is still told.",
        ],
        id="several subscriptions ended",
    ),
    pytest.param(
        Muted(QUIET),
        [
            "It is quiet here now",
            "Until 2025-08-28 08:10 UTC I tell nothing here. Nothing is lost: it is told afterwards, a summary first.",
            "[End the quiet]",
        ],
        id="a quiet",
    ),
    pytest.param(
        Unmuted(was=True, missed=3), ["The quiet is over", "3 messages were kept and follow."], id="the end of a quiet"
    ),
    pytest.param(Unmuted(was=True), ["The quiet is over: nothing was missed"], id="nothing was missed"),
    pytest.param(
        Unmuted(was=False),
        ["It was not quiet here", "/prewarm mute 2h makes it so for two hours."],
        id="there was no quiet",
    ),
    pytest.param(
        NotHere("C0TEAM"),
        ["I cannot post in this channel yet", "Type /invite @prewarm in #C0TEAM, then ask me again."],
        id="no member",
    ),
    pytest.param(
        Forbidden("user", ("U0ADA", "U0LIN")),
        [
            "I may not answer you",
            "Who may ask me is limited (PREWARM_ALLOWED_USERS).",
            "To change that, ask @U0ADA or @U0LIN.",
        ],
        id="not this person",
    ),
    pytest.param(
        Forbidden("channel"),
        [
            "I may not answer in this channel",
            "Where I may be asked is limited (PREWARM_ALLOWED_CHANNELS).",
            "To change that, ask whoever runs this bot.",
        ],
        id="not in this channel",
    ),
]


@pytest.mark.parametrize(("answer", "expected"), MADE)
@pytest.mark.parametrize("plain", [False, True])
def test_what_happens_from_now_on(answer: Subscribed, expected: list[str], plain: bool) -> None:
    message = render_answer(answer, STYLE, plain=plain)
    seen = read(message).replace("<@", "@").replace("<#", "#").replace(">", "")
    assert seen.splitlines() == expected
    assert message.text.startswith(f"{expected[0]}.")


def test_the_text_names_people_and_channels() -> None:
    assert render_answer(NotHere("C0TEAM"), STYLE).text == (
        "I cannot post in this channel yet. Type /invite @prewarm in <#C0TEAM>, then ask me again."
    )


def test_a_long_filter_is_cut_in_the_title_only() -> None:
    long = Subscription("C1", Hears.ALL, Filter(words=tuple(f"word{n}" * 8 for n in range(8))), number=3)
    message = render_answer(Subscribed(long, already=False, matching=1), STYLE)
    assert len(lines(message)[0]) <= 150
    assert lines(message)[0].endswith("… from now on")
