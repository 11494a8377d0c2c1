"""What became of the notifications about a task, from the outbox's own records."""

from dataclasses import replace as but

import pytest
from msgspec.structs import replace

from bot.domain.answer import Delivered, Told
from bot.domain.fact import Kind, News, Notice, NoticeKind, Stuck, Transition
from bot.domain.filter import Filter, Hears
from bot.domain.memory import Memory, Meta
from bot.domain.outbox import WORKSPACE, Attempt, Channel, Delivery, Phase, Post, Result, Settled
from bot.domain.subscription import Mute, Subscription
from bot.domain.task import Task
from bot.services.answers import count_hearers, delivery_log
from bot.services.ledger import Ledger
from tests.fakes_store import MemoryStore, Shelf

URL = "https://demo.invalid/"
TASK = Task("t-1", "Failed", image_name="qwen")
ENDING = Transition(Kind.FAILED, News.ENDED, TASK, 100.0)
STUCK = Stuck(Task("t-1", "Running"), 90.0, 10.0)
TRIED = Attempt(101.0, "ratelimited")
ASKED = Attempt(105.0, "ok")
SENT = Settled(Result.SENT, 106.0, "C1", "1700.5")
QUEUED = Delivery(2, "C1", ENDING, 100.0)
POST = Post("S:2", "C1", "C1", (2,), 0.0, 120.0, attempts=(ASKED,))


def memory(*deliveries: Delivery, posts: tuple[Post, ...] = (), **rows: dict[str, object]) -> Memory:
    by_key = {each.key: each for each in posts}
    return Memory(Meta("S"), {}, {each.seq: each for each in deliveries}, by_key, **rows)  # type: ignore[arg-type]


def parked(to: str, code: str) -> dict[str, object]:
    return {to: Channel(to, parked=code)}


def told(memory_: Memory, url: str = URL) -> tuple[Told, ...]:
    """What U1 hears of t-1, where all that is settled lies in the archive, but for what an audit may still move."""
    held = {seq for post in memory_.posts.values() for seq in post.members}
    put_away = {seq: each for seq, each in memory_.deliveries.items() if each.settled and seq not in held}
    live = {seq: each for seq, each in memory_.deliveries.items() if seq not in put_away}
    ledger = Ledger(MemoryStore(Shelf(archive=put_away)), but(memory_, deliveries=live))
    return delivery_log(ledger.memory, ledger.deliveries_about("t-1"), "U1", url)


CASES = [
    pytest.param(memory(QUEUED), Delivered.QUEUED, "", (), id="it waits for its turn"),
    pytest.param(
        memory(replace(QUEUED, attempts=(TRIED,))), Delivered.QUEUED, "", (TRIED,), id="it was tried and waits again"
    ),
    pytest.param(
        memory(QUEUED, mutes={"C1": Mute("C1", 500.0, 50.0, 1)}),
        Delivered.QUEUED,
        "muted",
        (),
        id="the channel is quiet",
    ),
    pytest.param(
        memory(QUEUED, mutes={"C1": Mute("C1", 500.0, 100.0, 3)}),
        Delivered.QUEUED,
        "",
        (),
        id="a quiet that began later does not hold it",
    ),
    pytest.param(
        memory(QUEUED, channels=parked("C1", "is_archived")), Delivered.QUEUED, "is_archived", (), id="it is parked"
    ),
    pytest.param(
        memory(QUEUED, channels=parked(WORKSPACE, "token_revoked")), Delivered.QUEUED, "token_revoked", (), id="stopped"
    ),
    pytest.param(
        memory(QUEUED, channels=parked("C2", "is_archived")), Delivered.QUEUED, "", (), id="another channel is parked"
    ),
    pytest.param(
        memory(replace(QUEUED, attempts=(TRIED,)), posts=(POST,), channels=parked("C1", "is_archived")),
        Delivered.SENDING,
        "",
        (TRIED, ASKED),
        id="it is in flight, or in doubt",
    ),
]


@pytest.mark.parametrize(("memory_", "delivered", "held", "attempts"), CASES)
def test_what_was_not_told_yet_says_why(
    memory_: Memory, delivered: Delivered, held: str, attempts: tuple[Attempt, ...]
) -> None:
    expected = Told("C1", ENDING, 100.0, delivered, attempts, held=held)
    assert told(memory_) == (expected,)


@pytest.mark.parametrize("result", list(Result))
def test_what_is_settled_says_how_when_and_where(result: Result) -> None:
    said = replace(QUEUED, attempts=(TRIED, ASKED), settled=replace(SENT, result=result))
    [each] = told(memory(said, channels=parked("C1", "is_archived")))
    assert (each.delivered.value, each.at, each.held) == (result.value, 106.0, "")
    assert (each.attempts, each.link) == ((TRIED, ASKED), "https://demo.invalid/archives/C1/p17005")


def test_p7_an_audit_adds_no_second_account_of_the_attempts() -> None:
    said = replace(QUEUED, attempts=(ASKED,), settled=SENT)
    audit = replace(POST, phase=Phase.AUDIT)
    [each] = told(memory(said, posts=(audit,)))
    assert each.attempts == (ASKED,)


@pytest.mark.parametrize(
    ("settled", "url"),
    [
        pytest.param(SENT, "", id="nobody knows the workspace yet"),
        pytest.param(Settled(Result.DROPPED, 106.0), URL, id="it was never said"),
        pytest.param(replace(SENT, ts=""), URL, id="Slack did not say where"),
    ],
)
def test_no_link_leads_nowhere(settled: Settled, url: str) -> None:
    [each] = told(memory(replace(QUEUED, settled=settled)), url)
    assert each.link == ""


def test_each_fact_about_the_task_is_told_of_oldest_first_and_no_other() -> None:
    others = Transition(Kind.FAILED, News.ENDED, Task("t-10", "Failed"), 100.0)
    notice = Notice(NoticeKind.BLIND, 100.0)
    rows = [Delivery(5, "C1", ENDING, 100.0), Delivery(1, "C1", STUCK, 90.0)]
    rows += [Delivery(2, "C1", others, 100.0), Delivery(3, "C1", notice, 100.0)]
    assert [each.fact for each in told(memory(*rows))] == [STUCK, ENDING]


def test_what_other_people_were_told_directly_is_theirs() -> None:
    rows = [Delivery(seq, to, ENDING, 100.0) for seq, to in enumerate(("C1", "G1", "U1", "U2", "W3"), start=1)]
    assert [each.to for each in told(memory(*rows))] == ["C1", "G1", "U1"]


@pytest.mark.parametrize(
    ("subscriptions", "heard"),
    [
        pytest.param([], 0, id="nobody"),
        pytest.param([Subscription("C1")], 1, id="a channel that hears of all"),
        pytest.param([Subscription("C1", Hears.FAILED), Subscription("C1", Hears.SUCCEEDED)], 1, id="once, by two"),
        pytest.param([Subscription("C1", Hears.FAILED), Subscription("C2", Hears.SUCCEEDED)], 2, id="however it ends"),
        pytest.param([Subscription("C1", filter=Filter(words=("llama",)))], 0, id="who hears of other images"),
        pytest.param([Subscription("U1", task="t-1"), Subscription("U2", task="t-2")], 1, id="who watches it"),
    ],
)
def test_how_many_would_hear_of_an_ending(subscriptions: list[Subscription], heard: int) -> None:
    assert count_hearers(TASK, subscriptions) == heard
