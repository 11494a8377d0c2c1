"""Questions and the schedule poll through one door: side by side they are one poll, and nobody waits for long."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import Limited
from bot.domain.sweep import Page
from tests.unit.watcher_harness import House

SOON = 10.0  # seconds after which a test gives up waiting


@dataclass
class Gated(House):
    """A house whose list can be held; `asked` holds the numbers of the pages that were asked for."""

    gate: threading.Event = field(default_factory=threading.Event)
    reading: threading.Event = field(default_factory=threading.Event)
    asked: list[int] = field(default_factory=list)
    limited: float = 0.0
    pages: int = 1

    def page(self, number: int, size: int) -> Page:
        self.asked.append(number)
        self.reading.set()
        assert self.gate.wait(SOON)
        if self.limited:
            raise Limited(detail="a test", retry_after=self.limited)
        rows = super().page(number, size).rows
        return Page(rows[number - 1 : number] if self.pages > 1 else rows, len(rows))

    def __post_init__(self) -> None:
        self.gate.set()
        super().__post_init__()
        self.hold()

    def hold(self) -> None:
        """A second later, the next page waits for the gate."""
        self.clock.at += 1.0
        self.asked.clear()
        self.reading.clear()
        self.gate.clear()

    def beside(self, *acts: Callable[[], object]) -> list[threading.Thread]:
        threads = [threading.Thread(target=act) for act in acts]
        for each in threads:
            each.start()
        return threads


def ended(threads: list[threading.Thread]) -> bool:
    for each in threads:
        each.join(SOON)
    return not any(each.is_alive() for each in threads)


@pytest.fixture
def house() -> Iterator[Gated]:
    house = Gated()
    yield house
    house.gate.set()
    house.watcher.stop(SOON)


def test_a_question_has_the_list_read_and_waits_for_it(house: Gated) -> None:
    house.at("t-1", "Running")
    house.gate.set()
    house.watcher.refresh(SOON)
    assert "t-1" in house.ledger.memory.tasks
    assert house.watcher.watch.good_at == house.clock.at


def test_many_questions_at_once_are_one_poll(house: Gated) -> None:
    questions = house.beside(*[lambda: house.watcher.refresh(SOON)] * 8)
    deadline = time.monotonic() + SOON
    while len(house.watcher._done._waiters) < 8 and time.monotonic() < deadline:  # type: ignore[attr-defined]
        threading.Event().wait(0.005)
    house.gate.set()
    assert ended(questions)
    assert house.asked == [1]


def test_what_was_read_just_now_is_not_read_again(house: Gated) -> None:
    house.gate.set()
    house.watcher.poll()
    house.clock.at += 0.1
    house.watcher.refresh(SOON)
    assert house.asked == [1]


def test_a_question_waits_no_longer_than_it_says(house: Gated) -> None:
    house.watcher.refresh(0.05)
    assert house.reading.wait(SOON)
    assert house.watcher.watch.good_at == house.clock.at - 1.0  # as it was


def test_polls_that_overlap_are_one(house: Gated) -> None:
    first = house.beside(house.watcher.poll)
    assert house.reading.wait(SOON)
    house.watcher.poll()
    house.gate.set()
    assert ended(first)
    assert house.asked == [1]


def test_no_question_gets_round_a_retry_after(house: Gated) -> None:
    house.limited = 30.0
    house.gate.set()
    house.watcher.poll()
    house.asked.clear()
    house.clock.at += 29.0
    house.watcher.refresh(SOON)
    assert house.asked == []


def test_d7_a_stop_ends_a_poll_between_two_pages_and_keeps_what_came(house: Gated) -> None:
    house.pages = 2
    house.at("t-1", "Running")
    poll = house.beside(house.watcher.poll)
    assert house.reading.wait(SOON)
    stop = house.beside(lambda: house.watcher.stop(SOON))
    assert house.watcher._stopping.wait(SOON)
    house.gate.set()
    assert ended(poll + stop)
    assert house.asked == [1]
    assert "stopped" in str(house.watcher.watch.trouble)


def test_after_a_stop_nothing_is_read(house: Gated) -> None:
    house.watcher.stop(SOON)
    house.watcher.poll()
    house.watcher.refresh(0.01)
    assert house.asked == []


def test_a_stop_does_not_wait_for_ever(house: Gated) -> None:
    poll = house.beside(house.watcher.poll)
    assert house.reading.wait(SOON)
    house.watcher.stop(0.05)
    assert poll[0].is_alive()
    house.gate.set()
    assert ended(poll)
