"""The one place where the memory changes (rule S): commit first, swap after."""

import threading

import pytest

from bot.domain.errors import StoreUnusable
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import Channel
from bot.services.ledger import Ledger
from tests.fakes import Killed, MortalStore

PARKED = Changes(channels={"C1": Channel("C1", parked="is_archived")})


def ledger(store: MortalStore) -> Ledger:
    return Ledger(store, store.load())


def test_a_step_is_in_the_store_and_in_memory_and_its_result_comes_back() -> None:
    store = MortalStore()
    house = ledger(store)
    assert house.change(lambda _: (PARKED, "result")) == "result"
    assert house.memory == store.load()
    assert house.memory.channels == PARKED.channels


def test_a_commit_that_fails_leaves_the_memory_as_it_was() -> None:
    store = MortalStore()
    house = ledger(store)
    store.broken = True
    before = house.memory
    with pytest.raises(StoreUnusable):
        house.change(lambda _: (PARKED, None))
    assert house.memory is before
    assert "it is broken" in house.trouble
    store.broken = False
    house.change(lambda _: (PARKED, None))
    assert (house.trouble, dict(house.memory.channels)) == ("", PARKED.channels)


def test_the_memory_is_swapped_after_the_commit_never_before() -> None:
    class Peeking(MortalStore):
        def commit(self, changes: Changes) -> None:
            super().commit(changes)
            assert not house.memory.channels

    store = Peeking()
    house = ledger(store)
    house.change(lambda _: (PARKED, None))
    assert house.memory.channels


def test_a_process_that_dies_in_the_commit_never_showed_what_may_not_be_there() -> None:
    store = MortalStore()
    house = ledger(store)
    store.die = "before"
    with pytest.raises(Killed):
        house.change(lambda _: (PARKED, None))
    assert not house.memory.channels


def test_no_change_is_no_commit_and_wakes_nobody() -> None:
    store, calls = MortalStore(), list[str]()
    house = ledger(store)
    house.on_change(lambda: calls.append("called"))
    house.change(lambda _: (Changes(), None))
    assert (store.shelf.commits, calls) == (0, [])


def test_who_waits_for_changes_is_called_after_the_swap_without_the_lock() -> None:
    house, seen = ledger(MortalStore()), list[int]()

    def call() -> None:
        seen.append(len(house.memory.channels))
        house.change(lambda _: (Changes(), None))  # would never return under the lock

    house.on_change(call)
    house.change(lambda _: (PARKED, None))
    assert seen == [1]


def test_steps_of_many_threads_lose_nothing() -> None:
    house = ledger(MortalStore())

    def count() -> None:
        for _ in range(50):
            house.change(one_more)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(house.memory.handled) == 400


def test_a_step_is_computed_from_what_the_step_before_it_left() -> None:
    house, begun, other = ledger(MortalStore()), threading.Event(), threading.Event()

    def slow(memory: Memory) -> tuple[Changes, None]:
        begun.set()
        other.wait(0.2)  # the other step would begin now, if it could
        return one_more(memory)

    def quick(memory: Memory) -> tuple[Changes, None]:
        other.set()
        return one_more(memory)

    first = threading.Thread(target=house.change, args=(slow,))
    first.start()
    assert begun.wait(10)
    house.change(quick)
    first.join(10)
    assert len(house.memory.handled) == 2


def one_more(memory: Memory) -> tuple[Changes, None]:
    return Changes(handled={str(len(memory.handled)): 1.0}), None
