"""Who is told what of a poll (D4, D10): the facts of one step, as they stand in the outbox."""

import pytest

from bot.domain import queue
from bot.domain.fact import News, Transition
from bot.domain.lane import choose
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Channel
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


def test_r2_a_watch_is_answered_when_its_task_is_forgotten_whatever_the_sweep() -> None:
    gone = Snapshot(Task("t", "Running"), gone_at=100.0)
    watch = Subscription("U1", task="t", number=1)
    memory = Memory(Meta("S"), {"t": gone}, subscriptions={"1": watch})
    step, _ = tell(memory, Changes(tasks={"t": None}), [], [], (), now=900.0, complete=False)
    after = memory.after(step)
    assert not after.subscriptions
    assert [(each.to, each.fact.news) for each in after.deliveries.values() if isinstance(each.fact, Transition)] == [
        ("U1", News.FORGOTTEN)
    ]


def test_r2_a_watch_of_a_task_that_is_not_remembered_goes_on_until_a_sweep_says_that_it_is_gone() -> None:
    memory = Memory(Meta("S"), subscriptions={"1": Subscription("U1", task="t", number=1)})
    assert not tell(memory, Changes(), [], [], (), now=900.0)[0]


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
