"""Who is told what of a poll (D4, D10, R2): the facts of one step, as they stand in the outbox."""

import pytest
from msgspec.structs import replace

from bot.domain import queue
from bot.domain.fact import Kind, News, Stuck, Transition
from bot.domain.lane import choose
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Channel, Delivery
from bot.domain.subscription import Subscription
from bot.domain.task import Task
from bot.domain.telling import tell
from tests.fakes import transition

STANDING = (Subscription("C1"), Subscription("C2"))


def told(*facts: Transition) -> Memory:
    memory = Memory(Meta("S"))
    changes, heard = tell(memory, Changes(), [], facts, STANDING, now=900.0)
    assert heard == (2,) * len(facts)
    return memory.after(changes)


# ---- R2: one watch of one task, beside a subscription of somebody else for everything

ADA = Subscription("U0ADA", task="t", number=1)
LIN = Subscription("U0LIN", number=2)
KNOWS = replace(ADA, vanished=True)
RUNNING, FAILED = Snapshot(Task("t", "Running")), Snapshot(Task("t", "Failed"))
VANISHED = replace(RUNNING, gone_at=100.0)


def fact(kind: Kind, news: News) -> Transition:
    return Transition(kind, news, RUNNING.task, 900.0)


def step(row: Snapshot | None) -> Changes:
    return Changes(tasks={"t": row})


WATCHES = [
    pytest.param(RUNNING, Changes(), [], {}, [], ADA, id="while its task is at work it goes on"),
    pytest.param(
        RUNNING,
        step(FAILED),
        [fact(Kind.FAILED, News.ENDED)],
        {},
        ["U0ADA failed: ENDED", "U0LIN failed: ENDED"],
        None,
        id="it ends with the ending",
    ),
    pytest.param(
        RUNNING,
        Changes(),
        [Stuck(RUNNING.task, 900.0, 100.0)],
        {},
        ["U0ADA stuck", "U0LIN stuck"],
        ADA,
        id="not before",
    ),
    pytest.param(
        FAILED, Changes(), [], {}, ["U0ADA failed: ENDED"], None, id="what ended before it was made is told and ends it"
    ),
    pytest.param(
        RUNNING,
        step(VANISHED),
        [fact(Kind.GONE, News.VANISHED)],
        {},
        ["U0ADA gone: VANISHED, the watch goes on", "U0LIN gone: VANISHED"],
        KNOWS,
        id="after the vanishing it goes on, and the word of that says so",
    ),
    pytest.param(
        RUNNING,
        step(RUNNING),
        [fact(Kind.GONE, News.REPLACED)],
        {},
        ["U0ADA gone: REPLACED, the watch goes on", "U0LIN gone: REPLACED"],
        ADA,
        id="with the new run that replaced the old one, too",
    ),
    pytest.param(
        VANISHED,
        Changes(),
        [],
        {},
        ["U0ADA gone: VANISHED, the watch goes on"],
        KNOWS,
        id="what vanished before it was made is told",
    ),
    pytest.param(
        RUNNING, step(None), [], {}, ["U0ADA gone: FORGOTTEN"], None, id="what is forgotten is told and ends it"
    ),
    pytest.param(
        None, Changes(), [], {}, [], ADA, id="what is not remembered may be in the part of the list that was not read"
    ),
    pytest.param(
        None, Changes(), [], {"complete": True}, ["U0ADA gone: FORGOTTEN"], None, id="but not where all was read"
    ),
    pytest.param(
        RUNNING,
        step(None),
        [],
        {"anew": True},
        ["U0ADA gone: ACCOUNT"],
        None,
        id="what belongs to the account before is told and ends it",
    ),
    pytest.param(
        RUNNING,
        step(FAILED),
        [],
        {"anew": True},
        ["U0ADA gone: ACCOUNT"],
        None,
        id="a task of the same ID in the other account is another one",
    ),
    pytest.param(None, Changes(), [], {"anew": True}, ["U0ADA gone: ACCOUNT"], None, id="also what was not remembered"),
    pytest.param(
        FAILED, step(None), [], {"anew": True}, ["U0ADA failed: ENDED"], None, id="but what had ended, had ended"
    ),
]


@pytest.mark.parametrize(("known", "step", "facts", "sweep", "told", "left"), WATCHES)
def test_r2_what_becomes_of_a_watch_of_one_task(
    *,
    known: Snapshot | None,
    step: Changes,
    facts: list[Transition | Stuck],
    sweep: dict[str, bool],
    told: list[str],
    left: Subscription | None,
) -> None:
    memory = Memory(Meta("S"), {"t": known} if known else {}, subscriptions={"1": ADA, "2": LIN})
    after = memory.after(tell(memory, step, [], facts, (), now=900.0, **sweep)[0])
    assert [said(each) for each in after.deliveries.values()] == told
    assert after.subscriptions == {"2": LIN} | ({"1": left} if left else {})


def said(delivery: Delivery) -> str:
    match delivery.fact:
        case Transition(kind, news, watched=watched):
            return f"{delivery.to} {kind.value}: {news.name}{', the watch goes on' * watched}"
        case other:
            return f"{delivery.to} {type(other).__name__.lower()}"


def test_r2_of_a_vanishing_a_watch_hears_once() -> None:
    memory = Memory(Meta("S"), {"t": VANISHED}, subscriptions={"1": KNOWS})
    assert not tell(memory, Changes(), [], [], (), now=900.0, complete=True)[0]


def test_r2_what_a_watch_missed_is_told_with_its_own_time_and_row() -> None:
    memory = Memory(Meta("S"), {"t": VANISHED}, subscriptions={"1": ADA})
    ((_, delivery),) = tell(memory, Changes(), [], [], (), now=900.0)[0].deliveries.items()
    assert delivery is not None
    assert delivery.fact == Transition(Kind.GONE, News.VANISHED, RUNNING.task, 100.0, watched=True)


@pytest.mark.parametrize(
    ("state", "gone_at", "step"),
    [
        pytest.param("Failed", None, Changes(), id="they have ended"),
        pytest.param("Running", None, Changes(tasks={"a": None, "b": None}), id="they are forgotten"),
        pytest.param("Running", 100.0, Changes(), id="they have vanished"),
    ],
)
def test_r2_what_the_owner_of_watches_missed_is_told_singly(state: str, gone_at: float | None, step: Changes) -> None:
    tasks = {name: Snapshot(Task(name, state), gone_at=gone_at) for name in "ab"}
    watches = {name: Subscription("U1", task=name, number=n) for n, name in enumerate("ab", 1)}
    memory = Memory(Meta("S"), tasks, subscriptions=watches)
    after = memory.after(tell(memory, step, [], [], (), now=900.0)[0])
    assert [first_post(after, "U1"), len(after.deliveries)] == [["a"], 2]


def first_post(memory: Memory, to: str) -> list[str]:
    chosen = choose(queue.lane_of(memory, to).queue, Channel(to))
    return [each.fact.task.id for each in chosen if isinstance(each.fact, Transition)]


def test_d4_late_listings_of_one_poll_share_a_post() -> None:
    memory = told(transition("a", late=True), transition("b", late=True))
    assert [first_post(memory, to) for to in ("C1", "C2")] == [["a", "b"], ["a", "b"]]


def test_p13_fresh_endings_of_one_poll_are_a_post_each() -> None:
    assert first_post(told(transition("a"), transition("b")), "C1") == ["a"]


def test_d4_a_fresh_ending_is_not_in_the_post_of_the_late_listings() -> None:
    memory = told(transition("a", late=True), transition("fresh"), transition("b", late=True))
    assert first_post(memory, "C1") == ["a", "b"]
