"""Lanes that nobody relies on any more (P18): which may go, one row a sentence, and what goes with them."""

from dataclasses import replace as but
from typing import Any

import pytest
from msgspec.structs import replace

from bot.domain import queue
from bot.domain.fact import Fact, Notice, NoticeKind, Stuck
from bot.domain.memory import Memory, Meta
from bot.domain.outbox import WORKSPACE, Attempt, Channel, Delivery, Now, Phase, Post, Result, Settled
from bot.domain.reliance import GONE, forsaken, let_go
from bot.domain.subscription import Mute, Subscription
from bot.domain.task import Task
from bot.domain.verdict import parked
from bot.slack_errors import TABLE, Meaning
from tests.fakes import transition

NOW, DAY = 100 * 86_400.0, 86_400.0
KEEP = 30 * DAY
CLOSED = Channel("C1", parked="is_archived", since=NOW - DAY, code_since=NOW - DAY, failures=9, probe_at=NOW + 60)
LEAVER = Channel("U1", parked="user_disabled", since=NOW - 31 * DAY, code_since=NOW - 31 * DAY, probe_at=NOW + 60)
DOUBT = Post("S:1", "C1", "C1", (1,), 0.0, 1.0, phase=Phase.DOUBT, doubted=True, attempts=(Attempt(5.0, "timeout"),))
WATCH = Subscription("U1", number=7, by="U1")
WORD = Notice(NoticeKind.PARKED, NOW - DAY, about="C9")
ENDING = transition("t-1")


def holding(channel: Channel, *made: Subscription, waits: tuple[Fact, ...] = (ENDING, ENDING), **rows: Any) -> Memory:
    waiting = {seq: Delivery(seq, channel.to, fact, NOW - DAY) for seq, fact in enumerate(waits, 1)}
    return Memory(
        Meta("S", seq=len(waits)),
        deliveries=waiting,
        channels={channel.to: channel},
        subscriptions={str(each.number): each for each in made},
        **rows,
    )


@pytest.mark.parametrize(
    ("memory", "goes"),
    [
        pytest.param(holding(CLOSED), True, id="a closed channel that nobody relies on"),
        pytest.param(holding(replace(CLOSED, to="C0")), False, id="PREWARM_CHANNEL names it"),
        pytest.param(holding(CLOSED, Subscription("C1", number=3, by="U1")), False, id="it has a subscription"),
        pytest.param(holding(CLOSED, Subscription("C2", number=3, by="U1")), True, id="another one has"),
        pytest.param(holding(Channel("C1")), False, id="D10: one that works is still told what was queued"),
        pytest.param(
            holding(Channel("C1", until=NOW + 60, why="ratelimited", failures=9)),
            False,
            id="D10: one that waits, too",
        ),
        pytest.param(holding(Channel(WORKSPACE, parked="token_revoked", probe_at=NOW + 60)), False, id="all of Slack"),
        pytest.param(holding(CLOSED, mutes={"C1": Mute("C1", NOW + 9, 0.0, 0)}), False, id="a quiet holds it"),
        pytest.param(holding(CLOSED, posts={"S:1": DOUBT}), True, id="it holds a doubt"),
        pytest.param(
            holding(CLOSED, posts={"S:1": replace(DOUBT, phase=Phase.SENDING)}), False, id="a request for it is out"
        ),
        pytest.param(holding(replace(CLOSED, probe_at=0.0)), False, id="a start has not tried it yet"),
        pytest.param(holding(replace(CLOSED, probe_at=0.0), waits=()), True, id="nothing waits that could be tried"),
        pytest.param(holding(replace(CLOSED, probe_at=NOW)), False, id="its try is due just now"),
        pytest.param(
            holding(replace(CLOSED, probe_at=0.0), waits=(ENDING,), posts={"S:1": DOUBT}),
            False,
            id="a start has not looked for its doubt yet",
        ),
        pytest.param(holding(LEAVER, WATCH), True, id="who left, after PREWARM_KEEP_DAYS"),
        pytest.param(holding(replace(LEAVER, code_since=NOW - KEEP), WATCH), False, id="and not at their very end"),
        pytest.param(
            holding(replace(LEAVER, probe_at=0.0), WATCH, waits=()), False, id="who watches, and may be back since"
        ),
        pytest.param(
            holding(replace(LEAVER, code_since=NOW), WATCH, waits=(WORD,)), False, id="who watches, though little waits"
        ),
        pytest.param(
            holding(replace(LEAVER, code_since=NOW), waits=(WORD, ENDING)), False, id="who waits for an ending, too"
        ),
        pytest.param(holding(replace(LEAVER, code_since=NOW - 29 * DAY), WATCH), False, id="and not before"),
        pytest.param(holding(replace(LEAVER, probe_at=0.0), WATCH), False, id="who may be back since we were down"),
        pytest.param(holding(replace(LEAVER, parked="missing_scope"), WATCH), False, id="whom a scope keeps from us"),
        pytest.param(
            holding(replace(LEAVER, parked="messages_tab_disabled"), WATCH), False, id="whom the app's setting does"
        ),
        pytest.param(
            holding(Channel("U1", until=NOW + 60, why="ratelimited", failures=99), WATCH),
            False,
            id="who has to wait",
        ),
        pytest.param(holding(replace(LEAVER, code_since=NOW)), False, id="who waits for an ending they watched"),
        pytest.param(
            holding(replace(LEAVER, code_since=NOW), waits=(WORD,)), True, id="who left, and nothing is theirs"
        ),
        pytest.param(
            holding(replace(LEAVER, code_since=NOW, parked="missing_scope"), waits=(WORD,)),
            False,
            id="an operator whom a scope keeps from us",
        ),
    ],
)
def test_p18_who_may_go(memory: Memory, goes: bool) -> None:
    assert bool(forsaken(memory, {"C0"}, NOW, KEEP)) is goes


def went(memory: Memory, *operators: str) -> Memory:
    return memory.after(let_go(memory, forsaken(memory, {"C0"}, NOW, KEEP), operators, NOW))


def said(memory: Memory) -> list[tuple[str, str, dict[str, int]]]:
    facts = [(each.to, each.fact) for each in memory.deliveries.values() if each.settled is None]
    return [(to, fact.about, fact.counts) for to, fact in facts if isinstance(fact, Notice)]


def test_p18_a_lane_goes_with_all_that_is_queued_and_in_doubt_and_operators_hear_how_much() -> None:
    audit = replace(DOUBT, key="S:0", members=(), phase=Phase.AUDIT)
    memory = went(holding(CLOSED, posts={"S:1": DOUBT, "S:0": audit}), "U8", "U9")
    assert (memory.channels, list(memory.posts)) == ({"C1": Channel("C1", given_up={"left": 2})}, ["S:0"])
    counts = {"dropped": 2, "watches": 0}
    assert said(memory) == [("U8", "C1", counts), ("U9", "C1", counts)]
    assert queue.busy(memory) == {"C1", "U8", "U9"}  # C1 for its audit
    assert said(went(memory, "U8")) == said(memory)


def test_p18_what_is_given_up_is_kept_for_whoever_asks_why() -> None:
    memory = holding(CLOSED, posts={"S:1": DOUBT})
    archive = let_go(memory, forsaken(memory, (), NOW, KEEP), (), NOW).archive
    assert [each.settled for each in archive.values()] == [Settled(Result.DROPPED, NOW)] * 2
    assert archive[1].attempts == DOUBT.attempts


def test_p18_a_leavers_watches_end_and_the_subscriptions_they_made_for_channels_go_on() -> None:
    channel = Subscription("C1", number=8, by="U1")
    memory = went(holding(LEAVER, WATCH, channel), "U9")
    assert list(memory.subscriptions.values()) == [channel]
    assert said(memory) == [("U9", "U1", {"dropped": 2, "watches": 1})]


def test_p18_operators_hear_of_watches_that_ended_though_nothing_waited() -> None:
    assert said(went(holding(LEAVER, WATCH, waits=()), "U9")) == [("U9", "U1", {"dropped": 0, "watches": 1})]


def test_p18_word_of_a_stuck_task_is_a_loss_like_any_other() -> None:
    hangs = Stuck(Task("t", "Running"), NOW, 100.0)
    assert said(went(holding(CLOSED, waits=(hangs,)), "U9")) == [("U9", "C1", {"dropped": 1, "watches": 0})]


def test_p18_what_was_dropped_before_and_not_said_is_said_to_operators() -> None:
    """A dead channel's own word of drops was renewed each month for ever."""
    word = Notice(NoticeKind.DROPPED, NOW, counts={"old": 40})
    memory = went(holding(replace(CLOSED, given_up={"many": 2}), waits=(word, ENDING)), "U9")
    assert said(memory) == [("U9", "C1", {"dropped": 43, "watches": 0})]
    later = memory.after(queue.expire(memory, NOW + 31 * DAY, KEEP))
    assert "C1" not in queue.busy(later)
    assert later.channels["C1"] == Channel("C1", given_up={"old": 40, "many": 2, "left": 1})


def test_p18_nothing_given_up_is_nothing_to_say() -> None:
    memory = went(holding(CLOSED, waits=()), "U9")
    assert (memory.channels, said(memory)) == ({}, [])


def test_p18_two_operators_who_both_left_do_not_tell_each_other_for_ever() -> None:
    word = Notice(NoticeKind.GIVEN_UP, NOW, about="C1", counts={"dropped": 2})
    assert said(went(holding(LEAVER, waits=(word,)), "U1", "U2")) == []


def test_p18_who_cannot_be_told_is_not_told() -> None:
    memory = holding(LEAVER, WATCH)
    closed = but(memory, channels={**memory.channels, "U2": replace(LEAVER, to="U2", code_since=NOW - DAY)})
    assert [to for to, _, _ in said(went(closed, "U1", "U2", "U3"))] == ["U3"]


def test_p18_what_counts_as_the_persons_own_refusal_is_what_the_table_says_of_people_who_are_gone() -> None:
    assert {code for code, row in TABLE.items() if row.meaning is Meaning.PERSON_GONE} == GONE


def test_p18_a_refusal_counts_from_when_slack_gave_this_reason() -> None:
    """What a scope kept from us for a month is not the person's own refusal."""
    channel = Channel("U1")
    for at, code in ((100.0, "missing_scope"), (200.0, "user_disabled"), (300.0, "user_disabled")):
        channel = parked(channel, code, Now(at, at, at), 0.0)
    assert (channel.since, channel.code_since) == (100.0, 200.0)


def test_p18_one_that_was_parked_by_an_earlier_version_counts_from_its_next_refusal() -> None:
    old = Channel("U1", parked="user_disabled", since=100.0)
    assert parked(old, "user_disabled", Now(500.0, 500.0, 500.0), 0.0).code_since == 500.0
