"""Answers people from the memory (DESIGN "Memory or live?"): ask the watcher for a poll, wait a moment, then read.

An answer always comes, and says how old what it says is.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from bot.domain.answer import Answer, AsOf, Candidates, Detail, Listing, Overview, Unknown
from bot.domain.filter import Filter
from bot.domain.memory import Memory, Snapshot
from bot.domain.task import ACTIVE, Task, TaskState
from bot.services.ledger import Ledger
from bot.services.watcher import Watch

PATIENCE: Final = 1.0  # seconds an answer waits for a fresh poll
FAILURES: Final = 3  # last failures in the overview
CANDIDATES: Final = 10


class Watching(Protocol):
    """What answers need of the watcher."""

    watch: Watch

    def refresh(self, wait: float) -> None: ...


class Answers:
    """Answers questions. None of its methods raises for what people typed."""

    def __init__(
        self, watcher: Watching, ledger: Ledger, *, now: Callable[[], float], tick: Callable[[], float]
    ) -> None:
        self._watcher, self._ledger, self._now, self._tick = watcher, ledger, now, tick

    def overview(self) -> Overview:
        """Say what is going on."""
        as_of, memory = self._fresh()
        tasks = [snapshot.task for snapshot in memory.listed()]
        return Overview(
            as_of,
            counts=dict(Counter(task.state for task in tasks)),
            active=tuple(sorted((task for task in tasks if task.state in ACTIVE), key=lambda task: task.created or 0)),
            failures=tuple(sorted((task for task in tasks if task.state == TaskState.FAILED), key=recency)[:FAILURES]),
        )

    def listing(self, filter: Filter) -> Listing:  # noqa: A002 - the domain's word
        """List the tasks that match."""
        as_of, memory = self._fresh()
        tasks = [snapshot.task for snapshot in memory.listed()]
        return Listing(as_of, filter, ordered(task for task in tasks if filter.matches(task)), len(tasks))

    def show(self, prefix: str) -> Answer:
        """Show one task by its ID, cut short where that is unambiguous; those no longer listed are found, too."""
        as_of, memory = self._fresh()
        found = _find(memory, prefix)
        if len(found) == 1:
            return Detail(as_of, found[0].task, found[0].gone_at)
        if found:
            tasks = ordered(snapshot.task for snapshot in found)
            return Candidates(as_of, prefix, tasks[:CANDIDATES], len(found))
        return Unknown(as_of, prefix, sum(1 for _ in memory.listed()))

    def _fresh(self) -> tuple[AsOf, Memory]:
        self._watcher.refresh(PATIENCE)
        watch = self._watcher.watch
        age = None if watch.good_at is None else max(0.0, self._tick() - watch.good_at)
        return AsOf(self._now(), age, watch.trouble), self._ledger.memory


def ordered(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Order tasks for people: active ones first, then the newest end first."""
    return tuple(sorted(tasks, key=lambda task: (task.state not in ACTIVE, *recency(task))))


def recency(task: Task) -> tuple[int, str]:
    """Sort key: newest end (or start) first."""
    return -(task.completed or task.created or 0), task.id


def _find(memory: Memory, prefix: str) -> list[Snapshot]:
    if prefix in memory.tasks:
        return [memory.tasks[prefix]]
    wanted = prefix.casefold()
    return [snapshot for task_id, snapshot in memory.tasks.items() if wanted and task_id.casefold().startswith(wanted)]
