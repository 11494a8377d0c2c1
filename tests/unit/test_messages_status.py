"""The bot's own health, whole, and Slack's codes in words: well or not is said in the first line."""

import pytest
from msgspec.structs import replace

from bot.commands import request
from bot.domain.answer import AsOf, Blocked, Status
from bot.domain.subscription import Mute
from bot.messages.render import render_answer
from bot.messages.slack_words import mending, said
from bot.rendering.document import bare
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, asked, read

AT = 1756361400.0
NOW = AsOf(AT, 12.3)
DAY = 86_400.0
WELL = Status(
    NOW,
    version="1.2.0",
    started=AT - DAY,
    watching_since=AT - 2 * DAY,
    blind_since=None,
    connected=True,
    socket_trouble="",
    stopped="",
    queued=0,
    oldest=None,
    doubts=0,
    blocked=(),
    muted=(),
    tasks=20,
    subscriptions=1,
)
ILL = replace(
    WELL,
    as_of=AsOf(AT, 400, "HTTP 502."),
    blind_since=AT - 400,
    connected=False,
    socket_trouble="The socket is closed.",
    stopped="token_revoked",
    queued=13,
    oldest=AT - 600,
    doubts=1,
    blocked=(Blocked("C0TEAM", "not_in_channel", AT - 600, 12), Blocked("U0LIN", "user_disabled", AT - 6_000, 1)),
    muted=(Mute("C0PREWARM", AT + 7_200, AT, 3, "U0ADA"), Mute("U0LIN", AT + 7_200, AT, 3)),
)


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def test_all_is_well() -> None:
    message = render_answer(WELL, STYLE)
    assert lines(message) == [
        "All is well",
        "Task list: 20 tasks, watched since 2025-08-26 06:10 UTC",
        "Messages: Nothing waits.",
        "Commands: connected.",
        "prewarm-bot 1.2.0, running since 2025-08-27 06:10 UTC. 1 subscription made by people.",
        "[Refresh]",
        "As of 12 s ago.",
    ]
    assert message.text == "All is well. Nothing waits. As of 12 s ago."
    assert asked(message.blocks[2]["elements"][0]) == request.Status()


def test_nothing_is_well() -> None:
    message = render_answer(ILL, STYLE)
    title = (
        "Not all is well: I cannot read the task list, Slack refuses me, commands do not reach me, "
        "I cannot post to 2 recipients"
    )
    assert lines(message) == [
        title,
        "The list could not be read just now: HTTP 502. This is what I remember.",
        "Task list: 20 tasks, watched since 2025-08-26 06:10 UTC, not readable since 2025-08-28 06:03 UTC",
        (
            "Messages: 13 messages wait. The oldest is from 2025-08-28 06:00 UTC. "
            "Of 1 it is in doubt whether it arrived; I look before I repeat it."
        ),
        "Posting: Slack refuses my token (token_revoked). To mend it, start me with a valid SLACK_BOT_TOKEN.",
        "Commands: not connected. The socket is closed.",
        "I cannot post to:",
        (
            "• #C0TEAM: I am not in that channel (not_in_channel) for 10 min. 12 messages wait. "
            "To mend it, type /invite @prewarm in #C0TEAM."
        ),
        (
            "• @U0LIN: that person cannot receive direct messages from me (user_disabled) for 1 h 40 min. "
            "1 message waits. To mend it, @U0LIN must be able to receive direct messages from the app."
        ),
        "Quiet:",
        "• #C0PREWARM until 2025-08-28 08:10 UTC, asked for by @U0ADA",
        "• @U0LIN until 2025-08-28 08:10 UTC",
        "prewarm-bot 1.2.0, running since 2025-08-27 06:10 UTC. 1 subscription made by people.",
        "[Refresh]",
        "As of 6 min 40 s ago.",
    ]
    assert message.text == (
        f"{title}. 13 messages wait. The list could not be read just now: HTTP 502. This is what I remember. "
        "As of 6 min 40 s ago."
    )


def test_r7_who_is_not_named_is_counted() -> None:
    other, quiet = replace(ILL.blocked[1], to=""), replace(ILL.muted[1], to="")
    some = replace(WELL, blocked=(ILL.blocked[0], other, other), muted=(quiet,))
    told = lines(render_answer(some, STYLE))
    assert told[0] == "Not all is well: I cannot post to 3 recipients"
    heading, named, others = told[4:7]
    assert (heading, named[:9]) == ("I cannot post to:", "• #C0TEAM")
    assert others == "• 2 recipients are not named here; operators see them in a direct message"
    assert told[7:9] == ["Quiet:", "• 1 recipient is not named here; operators see it in a direct message"]


HEALTH = [
    pytest.param({}, "All is well", id="nothing is wrong"),
    pytest.param({"queued": 3, "oldest": AT}, "All is well", id="what waits for its turn is no trouble"),
    pytest.param(
        {"queued": 24, "blocked": (Blocked("C1", "ratelimited", AT - 12, 24, lasts=False),)},
        "24 messages are held up for the moment",
        id="what Slack holds up is not called well, nor yet a trouble",
    ),
    pytest.param(
        {"blocked": (Blocked("C1", "ratelimited", AT - 12, 24, lasts=False), Blocked("C2", "timeout", AT - 60, 1))},
        "Not all is well: I cannot post to 1 recipient",
        id="what lasts is a trouble",
    ),
    pytest.param({"muted": ILL.muted}, "All is well", id="nor is a quiet that somebody asked for"),
    pytest.param({"as_of": AsOf(AT)}, "Not all is well: I cannot read the task list", id="the list was never read"),
    pytest.param({"as_of": ILL.as_of}, "Not all is well: I cannot read the task list", id="the last look failed"),
    pytest.param({"blind_since": AT}, "Not all is well: I cannot read the task list", id="the channels were told so"),
    pytest.param(
        {"watching_since": None}, "Not all is well: I have not seen the whole task list yet", id="no baseline"
    ),
    pytest.param({"stopped": "invalid_auth"}, "Not all is well: Slack refuses me", id="a token that is no good"),
    pytest.param({"connected": False}, "Not all is well: commands do not reach me", id="no socket"),
    pytest.param({"blocked": ILL.blocked[:1]}, "Not all is well: I cannot post to 1 recipient", id="a parked channel"),
]


@pytest.mark.parametrize(("changes", "title"), HEALTH)
def test_the_first_line_says_whether_all_is_well(changes: dict[str, object], title: str) -> None:
    assert lines(render_answer(replace(WELL, **changes), STYLE, plain=True))[0] == title


def test_without_a_baseline_it_does_not_say_since_when_it_watches() -> None:
    assert lines(render_answer(replace(WELL, watching_since=None), STYLE))[1] == "Task list: 20 tasks"


def test_a_socket_that_is_down_without_a_reason_says_no_more() -> None:
    assert "Commands: not connected." in lines(render_answer(replace(WELL, connected=False), STYLE))


def test_very_many_that_cannot_be_told_are_cut_and_counted() -> None:
    blocked = tuple(Blocked(f"C{n:03}", "not_in_channel", AT - 600, 12) for n in range(150))
    seen = lines(render_answer(replace(WELL, blocked=blocked), STYLE))
    shown = sum(line.startswith("• #C") for line in seen)
    assert 30 <= shown <= 100
    assert f"• and {150 - shown} more" in seen


def test_it_is_said_who_waits_why_and_for_how_long() -> None:
    blocked = (Blocked("C1", "ratelimited", AT - 12, 24, lasts=False), Blocked("C2", "", AT - 90, 1))
    seen = lines(render_answer(replace(WELL, blocked=blocked), STYLE))
    assert "• #C1: Slack asked me to wait (ratelimited) for 12 s. 24 messages wait." in seen
    assert "• #C2: nothing was told, and my log may say why for 1 min 30 s. 1 message waits." in seen


CODES = [
    pytest.param("ok", "Slack took it", "", id="ok"),
    pytest.param("no answer", "no answer is known: I was stopped while I waited for it", "", id="a crash"),
    pytest.param("message_limit_exceeded", "Slack asked me to wait (message_limit_exceeded)", "", id="a limit"),
    pytest.param(
        "channel_not_found",
        "I am not in that channel (channel_not_found)",
        "To mend it, type /invite @prewarm in C1.",
        id="no member",
    ),
    pytest.param(
        "is_archived",
        "the channel is archived (is_archived)",
        "To mend it, unarchive C1, or, if PREWARM_CHANNEL names it, take it out there.",
        id="archived",
    ),
    pytest.param(
        "restricted_action_read_only_channel",
        "Slack does not let me post there (restricted_action_read_only_channel)",
        "To mend it, let the app post in C1 (channel settings or workspace policy).",
        id="restricted",
    ),
    pytest.param(
        "missing_scope",
        "my token may not do that (missing_scope)",
        "To mend it, add the scope to the app, install it again and start me with the new token.",
        id="a scope",
    ),
    pytest.param(
        "invalid_blocks_format", "Slack refused the form of the message (invalid_blocks_format)", "", id="the form"
    ),
    pytest.param("http_503", "Slack had a fault of its own; it may have arrived (http_503)", "", id="a fault"),
    pytest.param("timeout", "Slack did not answer in time; it may have arrived (timeout)", "", id="too late"),
    pytest.param("name_not_found", "Slack could not be reached (name_not_found)", "", id="no network"),
    pytest.param("brand_new_error", "brand_new_error", "", id="a code that nobody knows is shown alone"),
    pytest.param("<!channel>", "<!channel>", "", id="so is what is no code"),
]


@pytest.mark.parametrize(("code", "words", "remedy"), CODES)
def test_each_code_of_slack_in_words(code: str, words: str, remedy: str) -> None:
    assert bare(said(code, STYLE), STYLE.zone) == words
    assert bare(mending(code, "C1", STYLE), STYLE.zone).replace("#C1", "C1") == remedy


def test_what_is_no_code_is_never_mark_up() -> None:
    assert said("<!channel>", STYLE)[0].foreign  # type: ignore[union-attr]
    assert not said("brand_new_error", STYLE)[0].foreign  # type: ignore[union-attr]
