"""One poll is one step (D10), keeps what a broken sweep brought (D7), and asks no more than it should.

The state machine of delivery plays these too, among everything else; here each stands alone: a break names it.
"""

import pytest

from bot.domain.errors import KeyRefused, Limited, ListError, Unreachable
from bot.domain.fact import Transition
from bot.domain.memory import Changes
from bot.domain.subscription import Subscription
from bot.domain.sweep import Page
from bot.domain.task import Task
from bot.services.watcher import REFUSED_WAIT
from tests.fakes import START, Clock
from tests.fakes_store import Shelf
from tests.model_slack import World
from tests.unit.delivery_process import Process, TaskList

URL = "http://127.0.0.1"


class Broken(TaskList):
    """A list of two pages: the first is `rows`, the second raises `error` where there is one."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.error: ListError | None = None
        self.asked: list[int] = []

    def page(self, number: int, size: int) -> Page:  # noqa: ARG002 - a page holds all but what the error hides
        self.asked.append(number)
        if self.error is not None and (number > 1 or isinstance(self.error, KeyRefused)):
            raise self.error
        return Page(tuple(self.rows.values()), len(self.rows) + (self.error is not None))


class House:
    """A bot that has its baseline, and one task at work."""

    def __init__(self) -> None:
        self.clock, self.shelf = Clock(), Shelf()
        self.world, self.tasks = World(self.clock), Broken(self.clock)
        self.process = Process(self.shelf, self.world, self.tasks)
        self.tasks.rows["t-1"] = Task("t-1", "Running", create_time=str(int(START)))
        self.process.watcher.poll()
        self.tasks.rows["t-1"] = Task("t-1", "Failed", create_time=str(int(START)), complete_time=str(int(START + 5)))

    def restart(self) -> None:
        self.process = Process(self.shelf, self.world, self.tasks)

    def queued(self) -> list[tuple[str, str]]:
        """Who is to be told of which task, as it stands in the store."""
        told = [(each.to, each.fact) for each in self.shelf.deliveries.values()]
        return [(to, fact.task.id) for to, fact in told if isinstance(fact, Transition)]


@pytest.fixture
def house() -> House:
    return House()


def test_d10_states_and_news_of_a_poll_are_one_commit(house: House) -> None:
    before = house.shelf.commits
    house.process.watcher.poll()
    assert house.shelf.commits == before + 1
    assert house.queued() == [("C1", "t-1"), ("C2", "t-1"), ("U1", "t-1")]


@pytest.mark.parametrize("die", ["before", "after"])
def test_d10_a_process_that_dies_in_the_commit_tells_it_once(house: House, die: str) -> None:
    house.process.store.die = die
    assert not house.process.run(house.process.watcher.poll)
    house.restart()
    house.process.watcher.poll()
    assert house.queued() == [("C1", "t-1"), ("C2", "t-1"), ("U1", "t-1")]


def test_d10_a_poll_that_cannot_be_written_down_is_told_by_the_next(house: House) -> None:
    house.process.store.broken = True
    house.process.watcher.poll()
    assert "it is broken" in str(house.process.watcher.watch.trouble)
    house.process.store.broken = False
    house.process.watcher.poll()
    assert house.queued() == [("C1", "t-1"), ("C2", "t-1"), ("U1", "t-1")]


def test_d10_whoever_has_subscribed_is_told_and_an_unsubscribe_later_takes_nothing_back(house: House) -> None:
    ledger, made = house.process.ledger, Subscription("C9", number=1, by="U1")
    ledger.change(lambda _: (Changes(subscriptions={"1": made}), None))
    house.process.watcher.poll()
    ledger.change(lambda _: (Changes(subscriptions={"1": None}), None))
    assert [to for to, _ in house.queued()] == ["C1", "C2", "U1", "C9"]
    assert "C9" in house.process.lanes


def test_d7_what_came_before_a_page_that_cannot_be_read_is_told(house: House) -> None:
    house.tasks.error = Unreachable(url=URL, detail="a test")
    house.process.watcher.poll()
    assert house.queued() == [("C1", "t-1"), ("C2", "t-1"), ("U1", "t-1")]


def test_d11_an_unchanged_poll_writes_nothing(house: House) -> None:
    house.process.watcher.poll()
    before = house.shelf.commits
    for _ in range(5):
        house.clock.at += 5
        house.process.watcher.poll()
    assert house.shelf.commits == before


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        pytest.param(KeyRefused(url=URL, detail="a test"), REFUSED_WAIT, id="a refused key is left alone for a minute"),
        pytest.param(Limited(detail="a test", retry_after=30.0), 30.0, id="Retry-After is obeyed"),
    ],
)
def test_a_list_that_refuses_is_not_hammered(house: House, error: ListError, wait: float) -> None:
    house.tasks.error = error
    house.process.watcher.poll()
    house.tasks.asked.clear()
    house.clock.at += wait - 0.1
    house.process.watcher.poll()
    assert house.tasks.asked == []
    house.clock.at += 0.2
    house.process.watcher.poll()
    assert house.tasks.asked != []
