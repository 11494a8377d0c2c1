"""Rules D10 and S: a step is applied whole, and a memory never changes under its readers."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import SCHEMA, TABLES, Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Channel, Delivery, Phase, Post, Settled
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


TASK = {"id": "a", "state": "Running"}
HELLO = {"type": "Notice", "kind": "hello", "at": 5.0}
ROWS = [
    pytest.param(
        Snapshot,
        {"task": TASK},
        {"created": None, "endings": (), "active": 0, "missed": False, "gone_at": None, "since": 0.0, "stuck": ()},
        id="a task",
    ),
    pytest.param(
        Meta,
        {"store": "S"},
        {"seq": 0, "url": "", "fingerprint": "", "baseline_at": None, "greeting": "hello", "greeted": (), "lost": ""}
        | {"gone": {}, "alive_at": None, "ran_at": None, "blind_since": None, "subscriptions": 0, "repeats": 0}
        | {"repeated_at": 0.0},
        id="the meta",
    ),
    pytest.param(
        Delivery,
        {"seq": 1, "to": "C1", "fact": HELLO, "queued_at": 5.0},
        {"batch": 0, "attempts": (), "settled": None, "may_repeat": False},
        id="a delivery: fresh, untried, not settled",
    ),
    pytest.param(
        Settled, {"result": "dropped", "at": 5.0}, {"conversation": "", "ts": "", "key": ""}, id="given up unsent"
    ),
    pytest.param(
        Post,
        {"key": "S:1", "to": "C1", "conversation": "C1", "members": [1], "after": 300.0, "settle_by": 1018.0},
        {"phase": Phase.SENDING, "rung": 0, "attempts": (), "doubted": False, "odd": 0, "looks": 0, "look_at": 0.0}
        | {"may_repeat": False, "ts": "", "unread": "", "awake_by": 0.0, "refusal": ""},
        id="a post: in flight for the first time",
    ),
    pytest.param(
        Channel,
        {"to": "C1"},
        {"until": 0.0, "retry_after": 0.0, "failures": 0, "parked": "", "since": 0.0, "probe_at": 0.0, "drain_to": 0}
        | {"given_up": {}, "due": 0.0, "why": "", "code_since": 0.0, "elsewhere": 0.0},
        id="a lane: open",
    ),
]


@pytest.mark.parametrize(("kind", "row", "left_out"), ROWS)
def test_what_a_stored_row_leaves_out_reads_as_nothing_remarkable(
    kind: type[msgspec.Struct], row: dict[str, Any], left_out: dict[str, Any]
) -> None:
    """Rows are written without what is as by default, and by earlier versions without what these did not know."""
    read = msgspec.structs.asdict(msgspec.convert(row, kind))
    assert {name: value for name, value in read.items() if name not in row} == left_out


def test_each_schema_has_a_kept_store_that_is_read_in_the_tests() -> None:
    assert sorted(each.name for each in (Path(__file__).parents[1] / "data").glob("store-v*")) == [
        f"store-v{version}" for version in range(1, SCHEMA + 1)
    ]
