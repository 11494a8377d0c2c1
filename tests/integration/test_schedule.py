"""The schedule, by a real APScheduler: set right when wall time misled it, and it says when it has died."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.schedule import Schedule
from tests.fakes import Clock

SOON = 10.0  # seconds after which a test gives up waiting
LONG = 3600.0


class Job:
    """Something that is done, and can be waited for."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self) -> None:
        self.begun.release()
        self.go_on.wait(SOON)

    def begins(self, within: float = SOON) -> bool:
        return self.begun.acquire(timeout=within)


class House:
    """A schedule of three jobs on a clock that the test moves."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.schedule = Schedule(self.clock.tick)
        self.poll, self.homes, self.rooms = Job(), Job(), Job()
        self.schedule.every(15.0, "poll", self.poll)
        self.schedule.every(60.0, "homes", self.homes)
        self.schedule.every(900.0, "rooms", self.rooms)

    def set_back(self) -> None:
        """Have every job wait for an hour, as after a clock that was set back."""
        for job in self.schedule._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    house.schedule.start()
    assert all(job.begins() for job in (house.poll, house.homes, house.rooms))
    yield house
    house.schedule.stop()
    house.schedule.stop()


@pytest.mark.parametrize(("name", "due"), [("poll", 45.0), ("homes", 120.0), ("rooms", 960.0)])
def test_a_job_that_is_overdue_is_begun_at_once(house: House, name: str, due: float) -> None:
    house.set_back()
    job: Job = getattr(house, name)
    house.clock.at += due
    house.schedule.mend()
    assert not job.begins(0.05)
    house.clock.at += 1
    house.schedule.mend()
    assert job.begins()


def test_a_job_that_runs_is_not_begun_a_second_time(house: House) -> None:
    house.set_back()
    house.poll.go_on.clear()
    house.clock.at += 46
    house.schedule.mend()
    assert house.poll.begins()
    house.clock.at += 46
    house.schedule.mend()
    assert not house.poll.begins(0.2)
    house.poll.go_on.set()


def test_a_schedule_that_begins_nothing_is_in_trouble_until_it_does(house: House) -> None:
    house.set_back()
    house.clock.at += 120
    assert house.schedule.trouble == ""
    house.clock.at += 1
    assert house.schedule.trouble == "No job has begun for 121 s: its thread is dead or stuck."
    house.schedule.mend()
    assert house.poll.begins()
    assert house.schedule.trouble == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_is_noticed_though_the_scheduler_says_that_it_runs(house: House) -> None:
    def die() -> float:
        raise MemoryError

    scheduler = house.schedule._scheduler
    scheduler._process_jobs = die
    scheduler.wakeup()
    scheduler._thread.join(SOON)
    house.clock.at += 46
    house.schedule.mend()
    assert scheduler.running
    house.clock.at += 121
    assert house.schedule.trouble


def test_what_has_not_started_is_in_no_trouble() -> None:
    house = House()
    house.clock.at += LONG
    house.schedule.mend()
    assert house.schedule.trouble == ""
    house.schedule.stop()
