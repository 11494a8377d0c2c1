"""Quiet for a recipient: what is queued meanwhile waits, and a summary comes before it."""

from bot.domain import queue, quiet
from bot.domain.fact import Fact, Kind, News, Notice, NoticeKind, Transition
from bot.domain.lane import Form, Idle, Speak, Step, Wait, next_step
from bot.domain.memory import Changes, Memory, Meta
from bot.domain.outbox import Now
from bot.domain.task import Task

HERE = "C0HERE"
NOW = 1_000.0
UNTIL = 8_200.0


def ending(name: str) -> Transition:
    return Transition(Kind.SUCCEEDED, News.ENDED, Task(name, "Succeeded"), NOW)


def told(memory: Memory, *facts: Fact) -> Memory:
    return memory.after(queue.enqueue(memory, [(HERE, fact, False) for fact in facts], NOW))


def muted(memory: Memory, until: float = UNTIL, by: str = "U0ADA") -> Memory:
    return memory.after(quiet.mute(memory, HERE, until, by, NOW))


def step(memory: Memory, at: float = NOW) -> Step:
    return next_step(queue.lane_of(memory, HERE), Now(at, at + 1, at))


def formed(memory: Memory) -> list[str]:
    found = step(memory)
    assert isinstance(found, Form)
    return [each.fact.kind.value for each in found.members if isinstance(each.fact, Transition | Notice)]


def told_all(memory: Memory) -> list[str]:
    """Form and forget posts until the lane has nothing to tell; return the kinds in the order told."""
    kinds: list[str] = []
    while isinstance(found := step(memory), Form):
        kinds += formed(memory)
        memory = memory.after(Changes(deliveries={each.seq: None for each in found.members}))
    return kinds


EMPTY = Memory(Meta("STORE"))


def test_word_of_the_quiet_is_told_and_what_comes_after_it_waits() -> None:
    memory = told(muted(told(EMPTY, ending("before"))), ending("after"))
    assert told_all(memory) == ["succeeded", "muted"]


def test_a_quiet_lane_waits_for_its_end() -> None:
    memory = muted(EMPTY)
    done = memory.after(Changes(deliveries=dict.fromkeys(memory.deliveries)))
    assert step(done) == Wait(UNTIL)
    assert queue.busy(done) == {HERE}


def test_when_the_time_is_up_the_lane_speaks() -> None:
    memory = muted(EMPTY)
    assert step(memory, UNTIL) == Speak(memory.mutes[HERE])


def test_the_summary_comes_before_what_was_missed_and_that_is_one_digest() -> None:
    memory = told(muted(EMPTY), ending("a"), ending("b"))
    after = memory.after(quiet.speak(memory, HERE, UNTIL))
    assert told_all(after) == ["muted", "unmuted", "succeeded", "succeeded"]
    summaries = [each.fact for each in queue.lane_of(after, HERE).queue if isinstance(each.fact, Notice)]
    assert summaries[1] == Notice(NoticeKind.UNMUTED, UNTIL, since=NOW, counts={"missed": 2})
    assert len(queue.lane_of(after, HERE).queue) == len({each.seq for each in queue.lane_of(after, HERE).queue})


def test_all_that_was_missed_is_told_in_digests_also_what_fits_in_no_first_one() -> None:
    memory = told(muted(EMPTY), ending("a"), ending("b"), ending("c"))
    waiting = [each.seq for each in memory.deliveries.values() if isinstance(each.fact, Transition)]
    after = told(memory.after(quiet.speak(memory, HERE, UNTIL)), ending("later"))
    assert (after.channels[HERE].drain_to, after.channels[HERE].due) == (waiting[-1], UNTIL)


def test_a_few_missed_endings_are_told_in_one_post_not_singly() -> None:
    memory = told(muted(EMPTY), ending("a"), ending("b"))
    after = memory.after(quiet.speak(memory, HERE, UNTIL))
    notices = {each.seq: None for each in after.deliveries.values() if isinstance(each.fact, Notice)}
    assert formed(after.after(Changes(deliveries=notices))) == ["succeeded", "succeeded"]


def test_a_quiet_in_which_nothing_was_missed_says_so() -> None:
    after = muted(EMPTY).after(quiet.speak(muted(EMPTY), HERE, NOW, by="U0LIN"))
    notices = [each.fact for each in after.deliveries.values() if isinstance(each.fact, Notice)]
    assert notices[-1] == Notice(NoticeKind.UNMUTED, NOW, since=NOW, by="U0LIN", counts={"missed": 0})
    assert HERE not in after.mutes


def test_muting_again_moves_the_end_and_says_so_at_once() -> None:
    memory = told(muted(EMPTY), ending("missed"))
    again = muted(memory, UNTIL + 60, by="U0LIN")
    assert (again.mutes[HERE].until, again.mutes[HERE].by) == (UNTIL + 60, "U0LIN")
    assert again.mutes[HERE].number == memory.mutes[HERE].number
    assert told_all(again) == ["muted", "muted"]


def test_ending_a_quiet_that_is_none_changes_nothing() -> None:
    assert not quiet.speak(EMPTY, HERE, NOW)


def test_another_channel_is_not_quiet() -> None:
    memory = muted(EMPTY)
    other = memory.after(queue.enqueue(memory, [("C0OTHER", ending("a"), False)], NOW))
    assert isinstance(next_step(queue.lane_of(other, "C0OTHER"), Now(NOW, NOW, NOW)), Form)
    assert next_step(queue.lane_of(other, "C0NOBODY"), Now(NOW, NOW, NOW)) == Idle()
