"""Edits of messages that called a task stuck, once it has ended (P10)."""

from collections.abc import Mapping, Sequence

import pytest

from bot.domain.fact import Fact, Kind, News, Stuck, Transition
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Delivery, Result, Settled
from bot.domain.task import Task
from bot.rendering.payload import Payload, Wording
from bot.services.amend import Amender
from bot.services.courier import Courier
from bot.services.events import Noticed, Opened
from bot.services.ledger import Ledger
from bot.services.sender import PostRenderer
from tests.fakes import MortalStore
from tests.fakes_store import Shelf

NOW = 1_000.0


def stuck(name: str) -> Stuck:
    return Stuck(Task(name, "Running"), NOW, NOW - 60)


def ended(name: str) -> Transition:
    return Transition(Kind.FAILED, News.ENDED, Task(name, "Failed"), NOW + 60)


def said(seq: int, fact: Fact, ts: str = "5.0", conversation: str = "C1") -> Delivery:
    return Delivery(seq, conversation, fact, NOW, settled=Settled(Result.SENT, NOW, conversation, ts, f"OLD:{seq}"))


class Notes(Courier, PostRenderer):
    """Notes what is edited, and how it would be worded."""

    def __init__(self) -> None:
        self.edits: list[tuple[str, str, str]] = []

    def amend(self, to: str, conversation: str, ts: str, words: Wording) -> None:
        assert to == conversation, "a channel's lane is named as the channel is"
        self.edits.append((conversation, ts, words(False).text))

    def render_edit(self, to: str, key: str, facts: Sequence[Fact], ended: Mapping[str, Transition]) -> Payload:
        names = [fact.task.id for fact in facts if isinstance(fact, Stuck)]
        return Payload(f"{to} {key} {','.join(names)} ended: {','.join(sorted(ended))}", ())


CASES = [
    pytest.param([said(1, stuck("a"))], [("C1", "5.0", "C1 OLD:1 a ended: a")], id="a message that stands is edited"),
    pytest.param(
        [said(1, stuck("a")), said(2, stuck("b"))],
        [("C1", "5.0", "C1 OLD:1 a,b ended: a")],
        id="a message about several keeps the others",
    ),
    pytest.param(
        [said(1, stuck("a")), said(2, stuck("a"), conversation="C2")],
        [("C1", "5.0", "C1 OLD:1 a ended: a"), ("C2", "5.0", "C2 OLD:2 a ended: a")],
        id="every channel that was told",
    ),
    pytest.param([said(1, stuck("b"))], [], id="another task's message is left alone"),
    pytest.param([said(1, stuck("a"), ts="")], [], id="what was given up cannot be edited"),
    pytest.param([Delivery(1, "C1", stuck("a"), NOW)], [], id="what still waits is told as it is"),
    pytest.param([said(1, ended("a"))], [], id="an ending is no message about a stuck task"),
]


@pytest.mark.parametrize(("deliveries", "edits"), CASES)
def test_what_is_edited_when_a_stuck_task_ends(deliveries: list[Delivery], edits: list[tuple[str, str, str]]) -> None:
    notes = Notes()
    Amender(remembering(deliveries, ("Running",)), notes, notes)(Noticed(ended("a"), 1))
    assert notes.edits == edits


def test_an_ending_of_a_task_that_was_never_stuck_and_other_events_edit_nothing() -> None:
    notes = Notes()
    amender = Amender(remembering([said(1, stuck("a"))], ()), notes, notes)
    amender(Noticed(ended("a"), 1))
    amender(Opened("C1"))
    assert notes.edits == []


def remembering(deliveries: list[Delivery], told: tuple[str, ...]) -> Ledger:
    rows = [*deliveries, Delivery(99, "C1", ended("a"), NOW + 60)]
    tasks = {"a": Snapshot(ended("a").task, stuck=told)}
    memory = Memory(Meta("S"), tasks, {each.seq: each for each in rows})
    return Ledger(MortalStore(Shelf()), memory)


def test_another_task_of_the_message_has_ended_by_its_row_though_nobody_here_was_told() -> None:
    """A channel that hears of failures alone gets no delivery for a success."""
    notes = Notes()
    ledger = remembering([said(1, stuck("a")), said(2, stuck("b"))], ("Running",))
    success = Snapshot(Task("b", "Succeeded"), stuck=("Running",))
    ledger.memory = ledger.memory.after(Changes(tasks={"b": success}))
    Amender(ledger, notes, notes)(Noticed(ended("a"), 0))
    assert notes.edits == [("C1", "5.0", "C1 OLD:1 a,b ended: a,b")]
