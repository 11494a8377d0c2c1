"""A schedule of sweeps for the tests of rules D: what each one told, by names that read well in a table."""

from dataclasses import replace

import msgspec

from bot.domain.fact import Transition
from bot.domain.memory import Changes, Memory, Meta
from bot.domain.sweep import Sweep
from bot.domain.task import Task
from bot.domain.transition import Account, Detection, Presence, detect

START = 1_757_600_000.0  # Unix seconds on the API's clock when a schedule begins
CREATED = 1_757_599_700  # less than the ten minutes of D4 before that
HERE = Account("https://api.example.com", "key-1")
POLL = 30.0  # seconds between two sweeps unless said otherwise


def row(
    task_id: str, state: str, completed: int | None = None, *, created: int | None = CREATED, note: str = ""
) -> Task:
    """Return a row; `completed` counts from CREATED, None is unset."""
    began = "" if created is None else str(created)
    ended = "" if completed is None else str(CREATED + completed)
    return Task(task_id, state, create_time=began, complete_time=ended, note=note)


def whole(*rows: Task) -> Sweep:
    """Return a complete sweep."""
    return Sweep({each.id: each for each in rows}, len(rows))


def partial(*rows: Task) -> Sweep:
    """Return what was read before a page could not be."""
    return Sweep({each.id: each for each in rows}, len(rows) + 5, trouble="HTTP 500")


def miscounted(*rows: Task, by: int = 1) -> Sweep:
    """Return a good sweep whose total is wrong."""
    return Sweep({each.id: each for each in rows}, len(rows) + by)


class Schedule:
    """A memory, fed with sweeps. Without a baseline the first sweep is the first that this memory ever saw."""

    def __init__(self, *baseline: Task, watching: bool = True) -> None:
        self.memory = Memory(Meta("STORE"))
        self.account = HERE
        self.now, self.tick = START, 1000.0
        self.presence = Presence(self.tick)
        if watching:
            told = self.sweep(whole(*baseline), after=0.0)
            assert told == []

    def sweep(self, sweep: Sweep, *, after: float = POLL) -> list[str]:
        """Take a sweep `after` seconds; return what it told as "id kind: REASON"."""
        return [f"{each.task.id} {each.kind.value}: {each.news.name}" for each in self.detect(sweep, after).transitions]

    def sweeps(self, *sweeps: Sweep, after: float = POLL) -> list[str]:
        """Take several and return all that they told."""
        return [told for each in sweeps for told in self.sweep(each, after=after)]

    def detect(self, sweep: Sweep, after: float = POLL) -> Detection:
        """Take a sweep and commit what was found, as the watcher does."""
        self.now, self.tick = self.now + after, self.tick + after
        found = detect(self.memory, self.presence, sweep, self.account, now=self.now, tick=self.tick)
        self.presence = found.presence
        self.memory = self.memory.after(Changes(meta=found.meta, tasks=found.snapshots))
        return found

    def transitions(self, sweep: Sweep) -> tuple[Transition, ...]:
        """Take a sweep and return the facts themselves."""
        return self.detect(sweep).transitions

    def restart(self, *, url: str | None = None, key: str | None = None) -> None:
        """Begin a new process on the same memory, with another address or key where given."""
        self.account = replace(self.account, url=url or self.account.url, fingerprint=key or self.account.fingerprint)
        self.presence = Presence(self.tick)

    def step_clock(self, seconds: float) -> None:
        """Let the API's clock jump; the monotonic one does not."""
        self.now += seconds

    @property
    def known(self) -> set[str]:
        """IDs remembered, gone or not."""
        return set(self.memory.tasks)

    @property
    def listed(self) -> set[str]:
        """IDs remembered as listed."""
        return {each.task.id for each in self.memory.listed()}


def changed(task: Task, **fields: object) -> Task:
    """Return the row with other fields."""
    return msgspec.structs.replace(task, **fields)
