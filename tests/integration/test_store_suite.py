"""One suite for every place that keeps the memory, the fake included (rules S): what services may rely on."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain.errors import StoreHeld, StoreUnusable
from bot.domain.fact import Kind, News, Notice, NoticeKind, Transition
from bot.domain.memory import Changes, Ending, Memory, Meta, Snapshot
from bot.domain.outbox import Attempt, Channel, Delivery, Phase, Post, Result, Settled
from bot.domain.task import Product, Task
from tests.fakes_store import MemoryStore, Shelf


class AnyStore(Protocol):
    def acquire(self) -> None: ...
    def load(self) -> Memory: ...
    def commit(self, changes: Changes) -> None: ...
    def archived(self, task: str) -> tuple[Delivery, ...]: ...
    def close(self) -> None: ...


class Place(Protocol):
    """Where stores of one kind meet: each `store()` is another process on the same place."""

    def store(self) -> AnyStore: ...
    def trouble(self) -> AbstractContextManager[None]: ...


@dataclass
class OnDisk:
    folder: Path

    def store(self) -> AnyStore:
        return Store(DiskEngine(self.folder, patience=0.02))

    @contextmanager
    def trouble(self) -> Iterator[None]:
        with closing(sqlite3.connect(self.folder / "store" / "cache.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


@dataclass
class InMemory:
    shelf: Shelf = field(default_factory=Shelf)
    stores: list[MemoryStore] = field(default_factory=list)

    def store(self) -> AnyStore:
        self.stores.append(MemoryStore(self.shelf))
        return self.stores[-1]

    @contextmanager
    def trouble(self) -> Iterator[None]:
        for store in self.stores:
            store.broken = True
        yield
        for store in self.stores:
            store.broken = False


@pytest.fixture(params=["disk", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return OnDisk(tmp_path / "data") if request.param == "disk" else InMemory()


@contextmanager
def opened(place: Place) -> Iterator[tuple[AnyStore, Memory]]:
    store = place.store()
    store.acquire()
    try:
        yield store, store.load()
    finally:
        store.close()


DAY = 86_400.0
TASK = Task(
    id="7b3c…é中\u202e",
    state="Succeeded",
    image_name="img",
    image_url="registry.example.com/img:v1",
    cluster_id="c1",
    cluster_name="上海",
    products=(Product("p1", "RTX 4090"),),
    image_size="123456",
    create_time="1750000000",
    complete_time="1750000060",
    note='"quoted" \x00 <!channel>',
    reason=("", "no space"),
    repository_auth="auth-1",
)
SNAPSHOT = Snapshot(
    TASK,
    created=1750000000,
    endings=(Ending("Failed"), Ending("Succeeded", 1750000060)),
    active=2,
    missed=True,
    gone_at=7.5,
)
TOLD = Transition(Kind.SUCCEEDED, News.ENDED, TASK, at=1750000061.25, before="Running")
SAID = Notice(NoticeKind.SIGHTED, at=3.0, since=1.0, why="HTTP 502", about="C1", counts={"Failed": 2})
SETTLED = Settled(Result.SENT, at=9.0, conversation="C1", ts="1750000062.000100")
ATTEMPTS = (Attempt(2.0, "timeout"), Attempt(4.0, "ok"))
DELIVERY = Delivery(2, "C1", TOLD, queued_at=1.5, batch=7, attempts=ATTEMPTS, settled=SETTLED)
POST = Post(
    "S:2",
    "U1",
    "D1",
    members=(2, 10),
    after=1.0,
    settle_by=3.0,
    phase=Phase.DOUBT,
    rung=2,
    attempts=ATTEMPTS,
    doubted=True,
    odd=1,
    looks=3,
    look_at=4.5,
    may_repeat=True,
    ts="1.2",
)
CHANNEL = Channel("C1", 1.0, 2.0, 3, "is_archived", 4.0, 5.0, 6, {"old": 7, "many": 1})
EVERYTHING = Changes(
    meta=Meta("S", 12, "https://api.example.com", "fp", 1.0, "account", ("C1",), "store.damaged-1"),
    tasks={TASK.id: SNAPSHOT, "a/b": Snapshot(Task(id="a/b", state="Weird"))},
    deliveries={10: Delivery(10, "U1", SAID, queued_at=2.0), 2: DELIVERY},
    posts={POST.key: POST},
    channels={"C1": CHANNEL, "*": Channel("*")},
    handled={"Ev1": 1.25},
)


def test_an_empty_place_begins_with_a_name_and_a_hello(place: Place) -> None:
    with opened(place) as (_, memory):
        assert memory == Memory(meta=Meta(store=memory.meta.store, greeting="hello"))
        assert len(memory.meta.store) == 8


def test_a_store_keeps_its_name(place: Place) -> None:
    with opened(place) as (_, first):
        pass
    with opened(place) as (_, second):
        assert second.meta.store == first.meta.store


def test_what_was_committed_is_what_is_loaded(place: Place) -> None:
    with opened(place) as (store, memory):
        store.commit(EVERYTHING)
    with opened(place) as (_, again):
        assert again == memory.after(EVERYTHING)
        assert list(again.deliveries) == sorted(again.deliveries)


def test_none_deletes_a_row_of_any_table_and_leaves_the_others(place: Place) -> None:
    gone = Changes(
        tasks={"a/b": None}, deliveries={2: None}, posts={"S:2": None}, channels={"*": None}, handled={"Ev1": None}
    )
    with opened(place) as (store, memory):
        store.commit(EVERYTHING)
        store.commit(gone)
    with opened(place) as (_, again):
        assert again == memory.after(EVERYTHING).after(gone)
        assert (list(again.tasks), list(again.deliveries), list(again.channels)) == ([TASK.id], [10], ["C1"])


def test_the_later_of_two_commits_counts(place: Place) -> None:
    with opened(place) as (store, memory):
        store.commit(Changes(handled={"Ev1": 1.0}))
        store.commit(Changes(handled={"Ev1": 2.0}))
    with opened(place) as (_, again):
        assert again == memory.after(Changes(handled={"Ev1": 2.0}))


def told(seq: int, task: str, day: float = 0.0) -> Delivery:
    """One that was settled on a day of this suite."""
    fact = Transition(Kind.FAILED, News.ENDED, Task(task, "Failed"), 1.0)
    return Delivery(seq, "C1", fact, 1.0, settled=Settled(Result.SENT, day * DAY + 5.0, "C1", "1.2", f"S:{seq}"))


def archived(*deliveries: Delivery) -> Changes:
    rows = {each.seq: each for each in deliveries}
    return Changes(deliveries=dict.fromkeys(rows), archive=rows)


IDS = ("a", "a/b", "a/", "a0", "A", "%61", "b", "", "é中", "_", "a%")  # one is found and not its neighbours


def test_what_is_archived_is_found_by_its_task_alone_and_never_loaded(place: Place) -> None:
    rows = [told(seq, task) for seq, task in enumerate(IDS, start=1)]
    with opened(place) as (store, memory):
        store.commit(Changes(deliveries={1: Delivery(1, "C1", rows[0].fact, 1.0)}))
        store.commit(archived(*rows))
        assert [store.archived(task) for task in IDS] == [(row,) for row in rows]
    with opened(place) as (store, again):
        assert again == memory
        assert [store.archived(task) for task in IDS] == [(row,) for row in rows]
        assert store.archived("never") == ()


def test_deliveries_about_one_task_come_in_the_order_of_their_numbers(place: Place) -> None:
    rows = [told(seq, "a", day) for seq, day in ((9, 3.0), (10, 1.0), (100, 2.0), (2, 4.0))]
    with opened(place) as (store, _):
        for row in rows:
            store.commit(archived(row))
        assert [each.seq for each in store.archived("a")] == [2, 9, 10, 100]


def test_the_archive_is_forgotten_by_days_and_with_the_step_that_says_so(place: Place) -> None:
    with opened(place) as (store, _):
        store.commit(archived(told(1, "a", 9), told(2, "a", 10), told(3, "b", 9), told(4, "a", 100)))
        with place.trouble(), pytest.raises(StoreUnusable):
            store.commit(Changes(forget_before=10 * DAY))
        assert [each.seq for each in store.archived("a")] == [1, 2, 4]
        store.commit(Changes(forget_before=10 * DAY))
        assert ([each.seq for each in store.archived("a")], store.archived("b")) == ([2, 4], ())
        store.commit(Changes(forget_before=10 * DAY))
    with opened(place) as (store, _):
        assert [each.seq for each in store.archived("a")] == [2, 4]


def test_the_archive_may_be_read_from_other_threads_while_steps_are_written(place: Place) -> None:
    with opened(place) as (store, _), ThreadPoolExecutor(4) as threads:
        read = threads.map(lambda _: [each.seq for each in store.archived("a")], range(40))
        for seq in range(1, 21):
            store.commit(archived(told(seq, "a")))
        assert all(seqs == [*range(1, len(seqs) + 1)] for seqs in read)
        assert len(store.archived("a")) == 20


def test_a_commit_that_fails_leaves_nothing_of_itself_and_the_next_one_passes(place: Place) -> None:
    with opened(place) as (store, memory):
        with place.trouble(), pytest.raises(StoreUnusable):
            store.commit(EVERYTHING)
        store.commit(Changes(handled={"Ev2": 2.0}))
    with opened(place) as (_, again):
        assert again == memory.after(Changes(handled={"Ev2": 2.0}))


def test_a_second_holder_is_refused_until_the_first_lets_go(place: Place) -> None:
    second = place.store()
    with opened(place), pytest.raises(StoreHeld):
        second.acquire()
    second.acquire()
    second.close()


def test_a_refused_holder_that_closes_does_not_unlock_the_first(place: Place) -> None:
    second, third = place.store(), place.store()
    with opened(place):
        with pytest.raises(StoreHeld):
            second.acquire()
        second.close()
        with pytest.raises(StoreHeld):
            third.acquire()


def test_close_may_come_first_and_twice(place: Place) -> None:
    store = place.store()
    store.close()
    store.acquire()
    store.load()
    store.close()
    store.close()
