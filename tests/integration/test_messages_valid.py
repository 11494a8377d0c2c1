"""Every message the bot can say, held against the embedded workspace's validator, which shares nothing with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as replaced

from bot.commands.request import Usage
from bot.commands.table import COMMANDS
from bot.demo.slack.blocks import message_problems, text_length, view_problems
from bot.domain.answer import (
    Answer,
    AsOf,
    Blocked,
    Candidates,
    Delivered,
    Detail,
    Forbidden,
    Home,
    Listing,
    Muted,
    NotHere,
    Overview,
    Status,
    Subscribed,
    Subscriptions,
    Told,
    Unknown,
    Unmuted,
    Unsubscribed,
    WatchEnded,
    Why,
)
from bot.domain.cause import RULES
from bot.domain.fact import Fact, Kind, News, Notice, NoticeKind, Stuck
from bot.domain.filter import Filter, Hears
from bot.domain.outbox import Attempt
from bot.domain.subscription import Mute, Subscription
from bot.domain.verdict import LAST_RUNG
from bot.messages.help import did_you_mean, fault, help_on, not_yet, wrong_usage
from bot.messages.render import fit, render_answer, render_document, render_edit, render_home
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, ended, task, told
from tests.unit.test_messages_limits import weight

HOSTILE = "<!channel> *b* `c` & \x00\x1b[31m\u202e\ud800 " + "x" * 10_000
AT = 1756361380.0
CALLING = replace(STYLE, mention="S0ONCALL")
NOW, STALE = AsOf(AT, 12.3), AsOf(AT, None, HOSTILE)
WORST: dict[str, Any] = {"image_url": HOSTILE, "cluster_name": HOSTILE, "note": HOSTILE, "reason": (HOSTILE,) * 500}


def facts() -> Iterator[tuple[Fact, ...]]:
    for kind in Kind:
        for news in News:
            yield (ended(kind, news),)
        yield (ended(kind, **WORST),)
    for notice in NoticeKind:
        yield (
            Notice(
                notice,
                AT,
                since=AT - 99,
                why="not_in_channel",
                about="C0123",
                counts={"Failed": 1, "waiting": 2, "missed": 7},
                by="U0ADA",
                until=AT + 7_200,
            ),
        )
        yield (Notice(notice, -1e18, why=HOSTILE, about=HOSTILE, counts={HOSTILE: 3}, by=HOSTILE, until=1e18),)
    yield (Notice(NoticeKind.SUBSCRIBED, AT, filter=Filter(cluster=HOSTILE, words=(HOSTILE,) * 9), by=HOSTILE),)
    for rule in RULES:
        yield (replaced(ended(Kind.FAILED, reason=(rule.example,)), failures=7, hung=2_520.0, before="Running"),)
    kinds = [*Kind] * 100
    burst = [
        ended(kind, id=f"id{n}", image_url=f"r.io/{n % 7}:1", cluster_id=f"cn-{n}") for n, kind in enumerate(kinds)
    ]
    yield tuple(burst[: fit(burst, STYLE)])
    late = [ended(Kind.FAILED, News.LATE, id="i" * 200, **WORST)] * 300
    yield tuple(late[: fit(late, STYLE)])
    hanging = stuck()
    yield from ((fact,) for fact in hanging[:2])
    yield tuple(hanging[: fit(hanging, STYLE)])


def stuck() -> list[Stuck]:
    rows = [task(id=f"id{n}", state=("Pending", "Running")[n % 2], **WORST) for n in range(300)]
    return [Stuck(task(state="Running", reason=()), AT, AT - 2_520), *(Stuck(row, AT, -1e18) for row in rows)]


def edits() -> Iterator[Payload]:
    """Yield what is said of stuck tasks once one of them, half of them, all of them have ended."""
    hanging = stuck()
    told_at_once = hanging[: fit(hanging, STYLE)]
    for number in (1, len(told_at_once) // 2, len(told_at_once)):
        ends = {fact.task.id: ended(Kind.ENDED, state=HOSTILE, id=fact.task.id) for fact in told_at_once[:number]}
        yield render_edit("k7m2:42", told_at_once[:1], ends, STYLE)
        yield render_edit("k7m2:42", told_at_once, ends, STYLE)


def answers() -> Iterator[Answer]:
    for tasks in ((), (task(),), (task(**WORST), task(state="Running")) * 200):
        for as_of in (NOW, STALE):
            yield Overview(as_of, {"Failed": 1, HOSTILE: 2}, tasks, tasks)
            yield Listing(as_of, Filter(), tasks, len(tasks))
            yield Listing(as_of, Filter(frozenset({HOSTILE}), HOSTILE, (HOSTILE,) * 50), tasks, 400)
            yield Listing(as_of, Filter(frozenset({"Failed"}), "cn-1", (HOSTILE,)), tasks, 400, page=3)
            yield Candidates(as_of, HOSTILE, tasks[:10], 400, "watch")
    for watched in (None, False, True):
        yield Detail(NOW, task(state="Running"), watched=watched, since=AT)
    yield WatchEnded(Detail(NOW, task(**WORST), gone=AT, failures=3))
    yield Unknown(STALE, HOSTILE, 3)
    yield from (STATUS_WELL, STATUS_ILL)
    yield from proofs()
    yield from promises()


MUTE = Mute("C0PREWARM", AT + 60, AT, 3, "U0ADA")
STATUS_WELL = Status(NOW, "1.0", AT, AT, None, True, "", "", 0, None, 0, (), (), 20, 3)
STATUS_ILL = Status(
    STALE,
    HOSTILE,
    AT,
    None,
    AT,
    False,
    HOSTILE,
    "token_revoked",
    9,
    AT,
    2,
    (Blocked("C0PREWARM", "not_in_channel", AT, 3), Blocked(HOSTILE, HOSTILE, AT, 3)) * 60,
    (MUTE,) * 60,
    20,
    3,
)


def proofs() -> Iterator[Answer]:
    attempts = (Attempt(AT, "timeout"), Attempt(AT, HOSTILE), Attempt(AT, "ok"))
    for to, link, held in (
        ("C0PREWARM", "https://a.example/p1", "muted"),
        ("U0ADA", "", ""),
        (HOSTILE, HOSTILE, HOSTILE),
    ):
        told = tuple(Told(to, ended(Kind.FAILED), AT, each, attempts, AT, link, held) for each in Delivered)
        yield Why(NOW, task(**WORST), told * 20, 2, 30)
    for heard in (0, 2):
        yield Why(STALE, task(), (), heard, 30)
        yield Why(NOW, task(state="Running"), (), heard, 30)


def promises() -> Iterator[Answer]:
    long = Filter(cluster=HOSTILE, words=(HOSTILE,) * 20)
    subscription = Subscription("C0PREWARM", Hears.FAILED, long, number=3, by="U0ADA", at=AT)
    watch = Subscription("U0ADA", task=HOSTILE[:200], number=4, by="U0ADA", at=AT)
    for each in (subscription, watch):
        yield Subscribed(each, already=False, matching=3)
        yield Unsubscribed((each,))
        yield Unsubscribed((each,) * 90)
    here = tuple(Subscription("C0PREWARM", number=n, by=HOSTILE, at=AT) for n in range(90))
    yield Subscriptions("C0PREWARM", here, (watch,), MUTE)
    yield Subscriptions("U0ADA", (), (watch,), asked="unwatch", missing=HOSTILE)
    yield from (Muted(MUTE), Unmuted(was=True, missed=3), Unmuted(was=False), NotHere("C0PREWARM"), NotHere(HOSTILE))
    yield from (Forbidden("user", ("U0ADA", HOSTILE) * 20), Forbidden("channel"))


def homes() -> Iterator[Home]:
    for tasks in ((), (task(**WORST), task(state="Running")) * 200):
        watches = tuple(Subscription("U0ADA", task=f"t{n}", number=n) for n in range(1, 90))
        yield Home(Overview(NOW, {"Running": 2, HOSTILE: 3}, tasks, tasks[:3]), (), STATUS_WELL)
        yield Home(Overview(STALE, {"Running": 2}, tasks, tasks), watches, STATUS_ILL)


def messages() -> Iterator[Payload]:
    for told_at_once in facts():
        for rung in range(LAST_RUNG + 1):
            yield told(*told_at_once, rung=rung, may_repeat=True, style=CALLING)
    yield from edits()
    for answer in answers():
        yield render_answer(answer, STYLE)
        yield render_answer(answer, STYLE, plain=True)
    for command in COMMANDS:
        yield render_document(help_on(command.name, STYLE), STYLE)
        yield render_document(not_yet(command.name, STYLE), STYLE)
        yield render_document(did_you_mean(HOSTILE, command.name, STYLE), STYLE)
    yield from (
        render_document(help_on("", STYLE), STYLE),
        render_document(help_on(HOSTILE, STYLE), STYLE),
        render_document(fault(STYLE), STYLE),
    )
    yield render_document(wrong_usage(Usage.SHOW_ONE_ID, STYLE), STYLE)


def test_the_workspace_takes_every_message() -> None:
    for message in messages():
        assert message_problems([*message.blocks]) == []
        assert text_length(message.blocks) <= 9_000
        assert weight(message) <= 15_000


def test_the_plain_forms_need_no_data_table() -> None:
    for answer in answers():
        assert message_problems([*render_answer(answer, STYLE, plain=True).blocks], data_table=False) == []


def test_the_workspace_takes_every_home() -> None:
    for home in homes():
        blocks = [*render_home(home, STYLE)]
        assert view_problems({"type": "home", "blocks": blocks}) == []
        assert text_length(blocks) <= 9_000


def test_the_validator_would_notice() -> None:
    """Make sure that the tests above can fail."""
    message = told(ended(Kind.FAILED))
    broken = replace(message, blocks=({**message.blocks[0], "text": {"type": "plain_text", "text": ""}},))
    assert message_problems([*broken.blocks])


@pytest.mark.parametrize("plain", [False, True])
def test_a_list_of_many_tasks_stays_one_message(plain: bool) -> None:
    tasks = tuple(task(id=f"{n:016d}") for n in range(5_000))
    message = render_answer(Listing(NOW, Filter(), tasks, 5_000), STYLE, plain=plain)
    assert message_problems([*message.blocks]) == []
