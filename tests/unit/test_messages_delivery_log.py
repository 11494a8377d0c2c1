"""What became of notifications, whole: nobody has to guess whether one was lost, waits, or was never meant to come."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.commands import request
from bot.domain.answer import AsOf, Delivered, Told, Why
from bot.domain.fact import Kind, News, Notice, NoticeKind, Stuck, Transition
from bot.domain.outbox import Attempt
from bot.messages.render import render_answer
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, asked, ended, read, task

AT = 1756361400.0
NOW = AsOf(AT, 12.3)
SEEN = replace(ended(Kind.FAILED, id="f1", reason=("full",)), at=AT - 300)
FAILED = SEEN.task
RUNNING = task(state="Running", id="run1", complete_time="", reason=())
LINK = "https://acme.example/archives/C0PREWARM/p1"
SENT = Told("C0PREWARM", SEEN, AT - 300, Delivered.SENT, (Attempt(AT - 299, "ok"),), AT - 299, LINK)


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def told(delivered: Delivered, *attempts: Attempt, to: str = "C0PREWARM", **more: Any) -> Told:
    return Told(to, SEEN, AT - 300, delivered, attempts, **more)


def test_a_notification_that_was_sent_is_proved_by_a_link() -> None:
    message = render_answer(Why(NOW, FAILED, (SENT,), 1, 30), STYLE)
    assert lines(message) == [
        "Notification sent: pytorch:v2 on v2测试(cn-dev-1)",
        "Failed, for #C0PREWARM: sent 2025-08-28 06:05 UTC · see the message",
        "Seen and queued 2025-08-28 06:05 UTC: it was seen at work and has ended.",
        "• tried 2025-08-28 06:05 UTC: Slack took it",
        "[Refresh] [Show]",
        "As of 12 s ago.",
    ]
    assert message.text == (
        "Notification sent: pytorch:v2 on v2测试(cn-dev-1). "
        "Seen and queued 2025-08-28 06:05 UTC: it was seen at work and has ended. As of 12 s ago."
    )
    link = [each for each in message.blocks[1]["elements"][0]["elements"] if each["type"] == "link"]
    assert link == [{"type": "link", "url": LINK, "text": "see the message"}]
    assert [(each["action_id"], asked(each)) for each in message.blocks[2]["elements"]] == [
        ("ask.refresh", request.Why("f1")),
        ("ask.show", request.Show("f1")),
    ]


def test_several_are_told_apart_and_each_attempt_is_shown() -> None:
    waiting = Told(
        "U0ADA",
        SEEN,
        AT - 250,
        Delivered.QUEUED,
        (Attempt(AT - 200, "ratelimited"), Attempt(AT - 150, "cannot_dm_bot")),
        held="cannot_dm_bot",
    )
    message = render_answer(Why(NOW, FAILED, (SENT, waiting), 1, 30), STYLE)
    assert lines(message)[0] == "2 notifications (1 sent, 1 waiting): pytorch:v2 on v2测试(cn-dev-1)"
    assert lines(message)[4:10] == [
        "",
        "Failed, for @U0ADA: waiting",
        "Seen 2025-08-28 06:05 UTC: it was seen at work and has ended. Queued 2025-08-28 06:05 UTC.",
        (
            "It waits: that person cannot receive direct messages from me (cannot_dm_bot). "
            "To mend it, @U0ADA must be able to receive direct messages from the app."
        ),
        "• tried 2025-08-28 06:06 UTC: Slack asked me to wait (ratelimited)",
        "• 50 s later: that person cannot receive direct messages from me (cannot_dm_bot)",
    ]


STATES = [
    pytest.param(told(Delivered.QUEUED), "waiting", "It waits for its turn.", id="waiting for its turn"),
    pytest.param(
        told(Delivered.QUEUED, held="muted"),
        "waiting",
        "It waits for the end of the quiet there; /prewarm unmute ends it now.",
        id="waiting in a quiet",
    ),
    pytest.param(
        told(Delivered.QUEUED, held="not_in_channel"),
        "waiting",
        "It waits: I am not in that channel (not_in_channel). To mend it, type /invite @prewarm in #C0PREWARM.",
        id="waiting for an invitation",
    ),
    pytest.param(
        told(Delivered.QUEUED, held="token_revoked"),
        "waiting",
        "It waits: Slack refuses my token (token_revoked). To mend it, start me with a valid SLACK_BOT_TOKEN.",
        id="waiting for a token",
    ),
    pytest.param(
        told(Delivered.QUEUED, held="ratelimited"),
        "waiting",
        "It waits: Slack asked me to wait (ratelimited).",
        id="waiting because Slack asked",
    ),
    pytest.param(
        told(Delivered.SENDING),
        "on its way",
        "Slack has not said whether it arrived. I look into the history there before I send it again.",
        id="in doubt",
    ),
    pytest.param(
        told(Delivered.ADOPTED, at=AT),
        "sent 2025-08-28 06:10 UTC",
        "It was in doubt whether it had arrived; I found it in the history and did not send it again.",
        id="found after a doubt",
    ),
    pytest.param(
        told(Delivered.POSSIBLE_REPEAT, at=AT),
        "sent, perhaps twice 2025-08-28 06:10 UTC",
        "It was in doubt whether it had arrived and the history could not be read, so I sent it once more.",
        id="sent once more",
    ),
    pytest.param(
        told(Delivered.DROPPED, at=AT),
        "given up 2025-08-28 06:10 UTC",
        "It had waited for too long (PREWARM_KEEP_DAYS), too many were waiting, Slack refused it in every form, "
        "or nobody relied on the place any more.",
        id="given up",
    ),
]


@pytest.mark.parametrize(("each", "state", "meaning"), STATES)
@pytest.mark.parametrize("plain", [False, True])
def test_each_state_says_what_it_means(each: Told, state: str, meaning: str, plain: bool) -> None:
    seen = read(render_answer(Why(NOW, FAILED, (each,), 1, 30), STYLE, plain=plain)).replace(
        "<#C0PREWARM>", "#C0PREWARM"
    )
    assert seen.splitlines()[1] == f"Failed, for #C0PREWARM: {state}"
    assert seen.splitlines()[3] == meaning


FACTS = [
    pytest.param(Stuck(RUNNING, AT - 300, AT - 3_000), "Stuck (running)", "", id="a stuck task"),
    pytest.param(Notice(NoticeKind.BLIND, AT - 300), "Notice", "", id="a notice"),
    pytest.param(ended(Kind.SUCCEEDED), "Ready", ": it was seen at work and has ended", id="a success"),
    pytest.param(
        ended(Kind.ENDED, News.NEW), "Ended otherwise", ": it was new to me and had already ended", id="another end"
    ),
    pytest.param(
        ended(Kind.GONE, News.VANISHED),
        "No longer listed",
        ": it was no longer listed; how it ended is unknown",
        id="gone",
    ),
    pytest.param(
        ended(Kind.FAILED, News.LATE), "Failed", ": it had ended before I began to watch", id="a late listing"
    ),
    pytest.param(
        ended(Kind.FAILED, News.LATER), "Failed", ": it ended again, later than every ending known", id="a later end"
    ),
    pytest.param(
        ended(Kind.FAILED, News.OTHER), "Failed", ": it ended differently from the last ending", id="a different end"
    ),
    pytest.param(
        ended(Kind.FAILED, News.AGAIN), "Failed", ": it was seen at work again and has ended again", id="ended again"
    ),
    pytest.param(
        ended(Kind.GONE, News.REPLACED),
        "No longer listed",
        ": it was replaced by a new run; how it ended is unknown",
        id="replaced",
    ),
]


@pytest.mark.parametrize(("fact", "what", "news"), FACTS)
def test_each_fact_says_why_it_was_news(fact: Transition | Stuck | Notice, what: str, news: str) -> None:
    each = Told("C1", fact, fact.at, Delivered.QUEUED)
    seen = lines(render_answer(Why(NOW, FAILED, (each,), 1, 30), STYLE))
    assert seen[1] == f"{what}, for #C1: waiting"
    assert seen[2].startswith("Seen and queued 2025-08-28 06:0")
    assert seen[2].endswith(f" UTC{news}.")


def test_of_many_attempts_the_last_are_shown() -> None:
    attempts = tuple(Attempt(AT - 300 + n, "ratelimited") for n in range(8))
    seen = lines(render_answer(Why(NOW, FAILED, (told(Delivered.QUEUED, *attempts),), 1, 30), STYLE))
    assert seen[4:7] == [
        "• and 3 earlier",
        "• tried 2025-08-28 06:05 UTC: Slack asked me to wait (ratelimited)",
        "• 1 s later: Slack asked me to wait (ratelimited)",
    ]


def test_of_very_many_notifications_the_last_are_shown() -> None:
    many = tuple(replace(SENT, to=f"C{n:03}") for n in range(150))
    message = render_answer(Why(NOW, FAILED, many, 1, 30), STYLE)
    shown = read(message).count("see the message")
    assert 20 <= shown <= 100
    assert lines(message)[:2] == [
        "150 notifications (150 sent): pytorch:v2 on v2测试(cn-dev-1)",
        f"and {150 - shown} earlier",
    ]
    assert "#C149" in read(message)


NOBODY = [
    pytest.param(
        Why(NOW, FAILED, (), 0, 30),
        "Nobody was told: pytorch:v2 on v2测试(cn-dev-1)",
        [
            "No subscription and no watch matches this task, so there was nobody to tell.",
            "/prewarm watch ID tells you, /prewarm subscribe tells a channel.",
        ],
        id="nobody asked to hear",
    ),
    pytest.param(
        Why(NOW, FAILED, (), 2, 30),
        "Nobody was told: pytorch:v2 on v2测试(cn-dev-1)",
        ["It had ended before I began to watch, or before anybody asked to hear of it."],
        id="known from the start",
    ),
    pytest.param(
        Why(AsOf(AT + 31 * 86_400, 1), FAILED, (), 2, 30),
        "Nobody was told: pytorch:v2 on v2测试(cn-dev-1)",
        ["It ended more than 30 days ago. Who was told is remembered only so long (PREWARM_KEEP_DAYS)."],
        id="long ago",
    ),
    pytest.param(
        Why(NOW, RUNNING, (), 2, 30),
        "Nothing to tell yet: pytorch:v2 on v2测试(cn-dev-1)",
        ["It has not ended yet. When it does, 2 recipients hear of it."],
        id="still at work",
    ),
    pytest.param(
        Why(NOW, RUNNING, (), 0, 30),
        "Nothing to tell yet: pytorch:v2 on v2测试(cn-dev-1)",
        [
            "It has not ended yet. No subscription and no watch matches it, so nobody will hear when it does.",
            "/prewarm watch ID tells you, /prewarm subscribe tells a channel.",
        ],
        id="still at work and nobody will hear",
    ),
]


@pytest.mark.parametrize(("answer", "title", "reasons"), NOBODY)
def test_when_nobody_was_told_it_says_why(answer: Why, title: str, reasons: list[str]) -> None:
    message = render_answer(answer, STYLE)
    assert lines(message)[0] == title
    assert lines(message)[1:-2] == reasons
    assert message.text.startswith(f"{title}. {' '.join(reasons)} As of ")


def test_a_stuck_task_that_was_told_says_what_is_to_come() -> None:
    stuck = Told("C1", Stuck(RUNNING, AT, AT - 3_000), AT, Delivered.SENT, at=AT)
    assert "It has not ended yet. When it does, 1 recipient hears of it." in lines(
        render_answer(Why(NOW, RUNNING, (stuck,), 1, 30), STYLE)
    )
