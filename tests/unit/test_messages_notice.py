"""What the bot says about itself, whole: since when, why, and what happens next or what to do."""

from typing import Any

import pytest

from bot.domain.errors import Trouble
from bot.domain.fact import Kind, Notice, NoticeKind
from bot.domain.filter import Filter, Hears
from bot.domain.outbox import GivenUp
from tests.unit.messages_reading import KEY, ended, read, told

AT, SINCE = 1756361380.0, 1756360000.0


def said(kind: NoticeKind, **fields: Any) -> list[str]:
    return read(told(Notice(kind, AT, **fields))).splitlines()


def test_hello_says_that_it_watches_and_what_is_listed() -> None:
    assert said(NoticeKind.HELLO, counts={"Running": 2, "Succeeded": 31, "Odd": 1, "Failed": 4, "Pending": 0}) == [
        "👋 I watch the prewarm tasks from now on",
        "Watching since 2025-08-28 06:09 UTC. Listed now: 4 failed, 2 running, 31 ready, 1 Odd.",
        "Each task that ends from now on is told here once. What had ended before is not told again.",
        "/prewarm shows what is going on, /prewarm help what you can ask.",
    ]


def test_another_account_says_that_it_starts_afresh() -> None:
    assert said(NoticeKind.ACCOUNT) == [
        "👋 Another account: I watch its prewarm tasks from now on",
        "Watching since 2025-08-28 06:09 UTC. Listed now: no tasks.",
        (
            "The API address or key now belongs to another account, so I started afresh. "
            "What had ended there before is not told; each task that ends from now on is told here once."
        ),
        "/prewarm shows what is going on, /prewarm help what you can ask.",
    ]


def test_a_lost_memory_says_what_may_be_missing_and_where_the_rest_is() -> None:
    assert said(NoticeKind.LOST, about="store.damaged-1") == [
        "⚠️ My memory was lost: I watch the prewarm tasks anew",
        "Watching since 2025-08-28 06:09 UTC. Listed now: no tasks.",
        "What ended while I could not remember may not have been told: please look at the list once.",
        "Each task that ends from now on is told here once. What had ended before is not told again.",
        "The damaged store was moved to store.damaged-1.",
        "/prewarm shows what is going on, /prewarm help what you can ask.",
    ]


WAITED = "A message that waited and is gone will not come: please look at the list once (/prewarm list)."
TWICE = "A message that was on its way may come a second time, and then says so."
NEW_TO_ME = "Tasks that I no longer know count as new: if one of them has ended by now, that is not told."
ASKED = "/prewarm subscriptions shows what is still subscribed and watched: please make anew what is missing."
KEPT = "What could be read was kept, and I go on with it."
DAMAGED = [
    ({}, "and nothing of it is gone", []),
    ({"tasks": 1}, "and part of it is gone", [f"Gone: 1 remembered task. {KEPT}", NEW_TO_ME]),
    (
        {"deliveries": 2, "posts": 1},
        "and part of it is gone",
        [f"Gone: 2 messages that waited, 1 message on its way. {KEPT}", WAITED, TWICE],
    ),
    ({"subscriptions": 3}, "and part of it is gone", [f"Gone: 3 subscriptions or watches. {KEPT}", ASKED]),
    ({"archive": 4, "mutes": 1}, "and part of it is gone", [f"Gone: 1 quiet, the records of 4 notifications. {KEPT}"]),
    ({"meta": 1, "handled": 2}, "and part of it is gone", [f"Gone: 3 notes of mine. {KEPT}", NEW_TO_ME]),
    ({"unknown": 1}, "and part of it may be gone", [KEPT, WAITED, TWICE, NEW_TO_ME, ASKED]),
    (
        {"languages": 2, "unknown": 1},
        "and part of it is gone",
        [
            f"Gone: 2 choices of language. There may be more that I cannot count. {KEPT}",
            WAITED,
            TWICE,
            NEW_TO_ME,
            ASKED,
        ],
    ),
]


@pytest.mark.parametrize(("gone", "title", "lines"), DAMAGED)
def test_a_damaged_memory_says_how_much_of_what_is_gone_and_what_follows(
    gone: dict[str, int], title: str, lines: list[str]
) -> None:
    assert said(NoticeKind.DAMAGED, about="store.damaged-1", counts=gone) == [
        f"⚠️ My memory was damaged, {title}",
        *lines,
        "The damaged store was moved to store.damaged-1.",
    ]


def test_a_lost_memory_without_a_file_names_none() -> None:
    assert not any("moved" in line for line in said(NoticeKind.LOST))


@pytest.mark.parametrize(
    "why",
    [
        pytest.param(
            {"trouble": Trouble("Unreachable", {"url": "https://a.example", "detail": "HTTP 502"})}, id="data"
        ),
        pytest.param({"why": "The prewarm API at https://a.example cannot be reached (HTTP 502)."}, id="an older row"),
    ],
)
def test_blind_says_since_when_why_and_what_next(why: dict[str, Any]) -> None:
    message = told(Notice(NoticeKind.BLIND, AT, since=SINCE, **why))
    assert read(message).splitlines() == [
        "⚠️ I cannot see the prewarm tasks for 23 min",
        "The last good look at the list was 2025-08-28 05:46 UTC.",
        "Why: The prewarm API at https://a.example cannot be reached (HTTP 502).",
        "I keep trying. What ends meanwhile is told here as soon as I see the list again.",
    ]
    assert message.text == (
        "I cannot see the prewarm tasks for 23 min. The last good look at the list was 2025-08-28 05:46 UTC. "
        "Why: The prewarm API at https://a.example cannot be reached (HTTP 502). "
        "I keep trying. What ends meanwhile is told here as soon as I see the list again."
    )


@pytest.mark.parametrize("since", [None, 0.0])
def test_blind_from_the_start_has_no_since(since: float | None) -> None:
    assert said(NoticeKind.BLIND, since=since) == [
        "⚠️ I cannot see the prewarm tasks",
        "I keep trying. What ends meanwhile is told here as soon as I see the list again.",
    ]


@pytest.mark.parametrize("counts", [{}, {"succeeded": 3}])  # counts: as earlier versions queued it
def test_sighted_says_how_long_it_was_and_claims_nothing_about_what_ended(counts: dict[str, int]) -> None:
    assert said(NoticeKind.SIGHTED, since=SINCE, counts=counts) == [
        "✅ I see the prewarm tasks again (after 23 min)",
        "I could not see the list from 2025-08-28 05:46 UTC to 2025-08-28 06:09 UTC.",
        "What ended meanwhile is told with its own times.",
    ]


def test_away_says_since_when() -> None:
    assert said(NoticeKind.AWAY, since=SINCE) == [
        "✅ I am back (after 23 min)",
        "I was not running from 2025-08-28 05:46 UTC to 2025-08-28 06:09 UTC.",
        "What ended meanwhile is told with its own times.",
    ]


def test_away_for_nobody_knows_how_long() -> None:
    assert said(NoticeKind.AWAY) == ["✅ I am back", "What ended meanwhile is told with its own times."]


def test_a_parked_channel_says_where_why_since_when_and_the_remedy() -> None:
    assert said(NoticeKind.PARKED, since=SINCE, why="not_in_channel", about="C0123", counts={"waiting": 3}) == [
        "⚠️ I cannot post in channel C0123",
        "In #C0123 Slack refuses my messages: not_in_channel.",
        "So it has been since 2025-08-28 05:46 UTC.",
        "To mend it, type /invite @prewarm in #C0123.",
        "3 messages wait. I try again by myself, at most 15 minutes apart, and then tell all of it there in order.",
    ]


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        ("channel_not_found", "To mend it, type /invite @prewarm in #C0123."),
        ("is_archived", "To mend it, unarchive #C0123, or, if PREWARM_CHANNEL names it, take it out there."),
        ("restricted_action", "To mend it, let the app post in #C0123 (channel settings or workspace policy)."),
    ],
)
def test_each_refusal_has_its_remedy(why: str, remedy: str) -> None:
    assert remedy in said(NoticeKind.PARKED, why=why, about="C0123")


def test_a_person_who_cannot_be_written_to_is_no_channel() -> None:
    assert said(NoticeKind.PARKED, why="user_disabled", about="U7", counts={"waiting": 1}) == [
        "⚠️ I cannot send direct messages to U7",
        "Slack refuses my messages to @U7: user_disabled.",
        "To mend it, @U7 must be able to receive direct messages from the app.",
        "1 message waits. I try again by myself, at most 15 minutes apart, and then tell all of it there in order.",
    ]


GIVEN_UP = [
    ({"old": 4}, "4 had waited longer than I may keep them (PREWARM_KEEP_DAYS)."),
    ({"many": 1}, "1 was the oldest when more than 10,000 waited."),
    (
        {"refused": 2, "left": 1},
        ("2 were refused by Slack in every form. 1 was left when nobody relied on messages here any more."),
    ),
    ({"dropped": 4}, "4 were given up by an older version of me, which did not note why."),
]


@pytest.mark.parametrize(("counts", "why"), GIVEN_UP)
def test_what_was_given_up_is_counted_with_its_true_reasons_and_the_way_to_the_tasks(
    counts: dict[str, int], why: str
) -> None:
    title, *rest = said(NoticeKind.DROPPED, counts=counts)
    assert title.startswith(f"⚠️ {sum(counts.values())} message")
    assert rest == [why, "The tasks are not lost: /prewarm list shows what is listed."]


def test_every_reason_for_giving_up_has_its_words() -> None:
    told = {said(NoticeKind.DROPPED, counts={why: 7})[1] for why in GivenUp}
    assert len(told) == len(GivenUp)
    assert all(words.startswith(("7 were ", "7 had ")) for words in told)


SUBSCRIBED = [
    pytest.param({}, "every task that ends", id="everything"),
    pytest.param({"hears": Hears.FAILED}, "every task that fails", id="failures"),
    pytest.param(
        {"hears": Hears.FAILED, "filter": Filter(cluster="sg-1", words=("qwen",))},
        "every task that fails, cluster sg-1, “qwen”",
        id="what matches",
    ),
    pytest.param({"task": "nzd5ny"}, "task nzd5ny, once", id="one task"),
    pytest.param({"about": "failed"}, "every task that fails", id="failures, as older versions put it"),
    pytest.param(
        {"about": "failed cluster:sg-1 qwen"},
        "every task that fails, cluster sg-1, “qwen”",
        id="what matches, likewise",
    ),
]


@pytest.mark.parametrize(("subscription", "what"), SUBSCRIBED)
def test_a_subscription_is_announced_with_who_made_it_and_how_to_end_it(
    subscription: dict[str, Any], what: str
) -> None:
    message = told(Notice(NoticeKind.SUBSCRIBED, AT, by="U0ADA", **subscription))
    assert read(message).splitlines() == [
        f"🔔 This channel hears of {what} from now on",
        "@U0ADA asked for it.",
        "/prewarm subscriptions shows what this channel hears of, and ends it.",
    ]
    assert message.text == (
        f"This channel hears of {what} from now on. <@U0ADA> asked for it. "
        "/prewarm subscriptions shows what this channel hears of, and ends it."
    )


def test_the_end_of_a_subscription_is_announced_too() -> None:
    assert said(NoticeKind.UNSUBSCRIBED, hears=Hears.FAILED, filter=Filter(words=("qwen",)), by="U0LIN") == [
        "🔕 This channel no longer hears of every task that fails, “qwen”",
        "@U0LIN asked for it.",
        "What had been noticed before is still told.",
    ]


def test_words_that_are_no_subscription_are_shown_as_they_are() -> None:
    assert said(NoticeKind.UNSUBSCRIBED, about="cluster:a cluster:b")[0] == (
        "🔕 This channel no longer hears of cluster:a cluster:b"
    )


def test_a_quiet_says_for_how_long_until_when_and_how_to_end_it() -> None:
    assert said(NoticeKind.MUTED, until=AT + 7_199.4, by="U0ADA") == [
        "🔕 I am quiet here for 2 h",
        "Until 2025-08-28 08:09 UTC, as @U0ADA asked.",
        "Nothing is lost: what ends meanwhile is told here afterwards. To end the quiet now: /prewarm unmute",
    ]


def test_the_end_of_a_quiet_introduces_what_was_missed() -> None:
    assert said(NoticeKind.UNMUTED, since=SINCE, counts={"missed": 7}) == [
        "🔔 The quiet is over: 7 messages were missed",
        "Its time was up.",
        "I was quiet here from 2025-08-28 05:46 UTC to 2025-08-28 06:09 UTC.",
        "What was missed follows, with its own times.",
    ]


def test_a_quiet_that_somebody_ended_says_who_and_that_nothing_was_missed() -> None:
    assert said(NoticeKind.UNMUTED, since=SINCE, by="U0LIN", counts={"missed": 0}) == [
        "🔔 The quiet is over: nothing was missed",
        "@U0LIN ended it.",
        "I was quiet here from 2025-08-28 05:46 UTC to 2025-08-28 06:09 UTC.",
    ]


def test_on_rung_1_a_channel_is_a_link_where_no_foreign_text_is() -> None:
    blocks = told(Notice(NoticeKind.PARKED, AT, why="is_archived", about="C0123"), rung=1).blocks
    assert "In C0123 Slack refuses my messages: is_archived." in [block["text"]["text"] for block in blocks]
    assert any("unarchive <#C0123>, or" in block["text"]["text"] for block in blocks)


def test_fixed_words_for_a_notice() -> None:
    notice = Notice(NoticeKind.AWAY, AT)
    words = "The prewarm bot has a notice (away) that Slack would not show; its log has it."
    assert read(told(notice, rung=3)) == words
    assert read(told(notice, ended(Kind.FAILED), rung=3)).splitlines() == [
        "Prewarm tasks ended",
        "failed: fexahnwdp4l1ajva",
        words,
    ]
    assert told(notice, rung=3).blocks[0]["block_id"] == KEY
