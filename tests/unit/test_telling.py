"""Who is told what of a poll (D4, D10): the facts of one step, as they stand in the outbox."""

from bot.domain import queue
from bot.domain.fact import Transition
from bot.domain.lane import choose
from bot.domain.memory import Changes, Memory, Meta
from bot.domain.outbox import Channel
from bot.domain.subscription import Subscription
from bot.domain.telling import tell
from tests.fakes import transition

STANDING = (Subscription("C1"), Subscription("C2"))


def told(*facts: Transition) -> Memory:
    memory = Memory(Meta("S"))
    changes, heard = tell(memory, Changes(), [], facts, STANDING, now=900.0)
    assert heard == (2,) * len(facts)
    return memory.after(changes)


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
