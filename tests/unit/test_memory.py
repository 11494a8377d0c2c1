"""Rules D10 and S: a step is applied whole, and a memory never changes under its readers."""

from dataclasses import fields

import pytest

from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import TABLES, Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Channel, Delivery
from bot.domain.task import Task

A, B = Snapshot(Task("a", "Running")), Snapshot(Task("b", "Failed"), gone_at=5.0)
MEMORY = Memory(Meta("STORE"), tasks={"a": A, "b": B}, handled={"e1": 1.0})


def test_a_step_adds_replaces_and_deletes() -> None:
    after = MEMORY.after(Changes(meta=Meta("STORE", seq=3), tasks={"a": B, "b": None, "c": A}))
    assert after == Memory(Meta("STORE", seq=3), tasks={"a": B, "c": A}, handled={"e1": 1.0})


def test_the_memory_before_stays_as_it_was_and_what_did_not_change_is_shared() -> None:
    after = MEMORY.after(Changes(tasks={"a": None}))
    assert MEMORY.tasks == {"a": A, "b": B}
    assert (after.meta, after.handled) == (MEMORY.meta, MEMORY.handled)
    assert after.handled is MEMORY.handled


def test_no_change_is_the_same_memory() -> None:
    assert MEMORY.after(Changes()) is MEMORY


def test_deleting_what_is_not_there_is_no_error() -> None:
    assert MEMORY.after(Changes(tasks={"x": None})) == MEMORY


EMPTINESS = [
    pytest.param(Changes(), False, id="nothing"),
    pytest.param(Changes(meta=Meta("STORE")), True, id="the meta alone"),
    pytest.param(Changes(tasks={"a": None}), True, id="a deletion"),
    pytest.param(Changes(channels={"C1": Channel("C1")}), True, id="a channel"),
]


@pytest.mark.parametrize(("changes", "something"), EMPTINESS)
def test_whether_a_step_changes_anything(changes: Changes, something: bool) -> None:
    assert bool(changes) is something


def test_two_steps_as_one_do_what_both_do() -> None:
    first = Changes(meta=Meta("STORE", seq=1), tasks={"a": None, "c": A}, handled={"e2": 2.0})
    later = Changes(tasks={"a": B, "c": None})
    assert MEMORY.after(first.then(later)) == MEMORY.after(first).after(later)
    assert first.then(later).meta == Meta("STORE", seq=1)
    assert first.then(Changes(meta=Meta("STORE", seq=2))).meta == Meta("STORE", seq=2)


def test_listed_are_those_that_are_not_gone() -> None:
    assert list(MEMORY.listed()) == [A]


def test_every_field_but_meta_is_a_table() -> None:
    assert {each.name for each in fields(Memory)} == {"meta", *TABLES}
    assert {each.name for each in fields(Changes)} == {"meta", *TABLES, "archive", "forget_before"}


def test_the_archive_is_written_and_never_in_the_memory() -> None:
    told = {1: Delivery(1, "C1", Notice(NoticeKind.BLIND, 5.0), 5.0)}
    one, two = Changes(archive=told, forget_before=86_400.0), Changes(archive={2: told[1]})
    assert MEMORY.after(one) == MEMORY
    assert one.then(two) == two.then(one) == Changes(archive={**told, 2: told[1]}, forget_before=86_400.0)
    assert bool(one)
