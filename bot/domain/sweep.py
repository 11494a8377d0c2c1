"""One reading of the whole list, page by page (rule D2).

The order of rows and the largest page are not documented, and rows move between pages while we read. So a sweep is a
union by ID, and it says of itself how far it can be trusted: *good*, *complete*, or partial.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import Trouble
from bot.domain.task import ACTIVE, FINAL, Task

PAGES_AT_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: its usable rows, and what had to be skipped (D7)."""

    rows: tuple[Task, ...]
    total: int | None  # None when absent or not a number
    skipped: tuple[str, ...] = ()  # IDs of rows without a usable state
    nameless: int = 0  # rows without a usable ID

    @property
    def count(self) -> int:
        """All rows that the server put on the page."""
        return len(self.rows) + len(self.skipped) + self.nameless


@dataclass(frozen=True, slots=True)
class Sweep:
    """The union of the pages read. `trouble` says why it is not good."""

    tasks: Mapping[str, Task]
    total: int | None = None
    steady: bool = True  # `total` was equal on the first and the last page
    skipped: frozenset[str] = frozenset()
    nameless: int = 0
    trouble: Trouble | str = ""

    @property
    def good(self) -> bool:
        """Every page was read and parsed."""
        return not self.trouble

    @property
    def error(self) -> int | None:
        """By how many rows `total` is wrong; None when it says nothing steady."""
        if self.total is None or not self.steady:
            return None
        return self.total - len(self.tasks) - len(self.skipped)

    @property
    def complete(self) -> bool:
        """Good, and nothing can be missing: the only kind that says what is *not* listed."""
        return self.good and self.error == 0 and not self.skipped and not self.nameless

    @property
    def listed(self) -> frozenset[str]:
        """IDs that the server showed, usable or not."""
        return self.skipped | self.tasks.keys()


class Collector:
    """Takes pages and says what to ask for next."""

    def __init__(self, size: int) -> None:
        self.size = size  # rows to ask for on the next page
        self.page = 1  # the next page
        self._tasks: dict[str, Task] = {}
        self._skipped: set[str] = set()
        self._nameless = 0
        self._totals: tuple[int | None, int | None] = (None, None)  # first, last

    def add(self, page: Page) -> bool:
        """Take one page; return whether another one has to be read."""
        before = len(self._tasks) + len(self._skipped)
        self._take(page)
        asked, new = self.size, len(self._tasks) + len(self._skipped) - before
        self._totals = (page.total if self.page == 1 else self._totals[0], page.total)
        if self.page == 1:
            self.size = min(self.size, page.count)  # the server may clamp the size we asked for
        self.page += 1
        return new > 0 and self.page <= PAGES_AT_MOST and not self._reached(page, asked)

    def sweep(self, trouble: Trouble | str = "") -> Sweep:
        """Return what was read; with `trouble`, the reason why it ended early."""
        first, last = self._totals
        return Sweep(
            self._tasks, last, first == last, frozenset(self._skipped - self._tasks.keys()), self._nameless, trouble
        )

    def _reached(self, page: Page, asked: int) -> bool:
        # A total *below* what was already read is evidently wrong, so it ends nothing.
        seen = len(self._tasks) + len(self._skipped) + self._nameless
        return page.total == seen and page.count < asked

    def _take(self, page: Page) -> None:
        fresh = {task.id: task for task in page.rows}
        if len(fresh) == len(page.rows) and self._tasks.keys().isdisjoint(fresh):
            self._tasks.update(fresh)
        else:
            for task in page.rows:
                self._tasks[task.id] = max(self._tasks.get(task.id, task), task, key=_rank)
        self._skipped.update(page.skipped)
        self._nameless += page.nameless


def _rank(task: Task) -> tuple[int, int, int, str]:
    """Order two rows with one ID: later createTime, then final before active, then later completeTime.

    The text of the row comes last, so that the order in which level rows arrive does not matter.
    """
    certainty = (task.state in FINAL) - (task.state in ACTIVE)
    return (task.created or 0, certainty, task.completed or 0, repr(task))
