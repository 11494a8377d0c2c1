"""The one place where the memory changes (rule S).

Reading the memory, computing what changes and committing it happen under one lock; the memory in the process is swapped
after the commit, never before. Readers take `memory` without a lock, since it is a frozen value.
"""

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.domain.errors import StoreError
from bot.domain.fact import task_of
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import Delivery

T = TypeVar("T")


class Store(Protocol):
    """Applies a step in one transaction, or raises StoreError and leaves everything as it was."""

    def commit(self, changes: Changes) -> None: ...

    def archived(self, task: str) -> tuple[Delivery, ...]: ...


class Ledger:
    """Holds the memory of the process and writes every step of it down."""

    def __init__(self, store: Store, memory: Memory) -> None:
        self.memory = memory
        self.trouble = ""  # why the last commit failed, "" when it did not
        self._store = store
        self._lock = threading.Lock()
        self._watchers: list[Callable[[], None]] = []

    def on_change(self, call: Callable[[], None]) -> None:
        """Have `call` called after each commit, on the thread that committed."""
        self._watchers.append(call)

    def change(self, compute: Callable[[Memory], tuple[Changes, T]]) -> T:
        """Commit what `compute` makes of the memory and return its result."""
        with self._lock:
            changes, result = compute(self.memory)
            if changes:
                self._commit(changes)
                self.memory = self.memory.after(changes)
        if changes:
            for call in self._watchers:
                call()
        return result

    def deliveries_about(self, task: str) -> tuple[Delivery, ...]:
        """Return every delivery about a task, live or archived, in the order of their numbers. Raise StoreUnusable."""
        live = self.memory.deliveries  # taken before the archive is read: what moves there meanwhile is in both
        about = {seq: each for seq, each in live.items() if task_of(each.fact) == task}
        about |= {each.seq: each for each in self._store.archived(task)}
        return tuple(about[seq] for seq in sorted(about))

    def _commit(self, changes: Changes) -> None:
        try:
            self._store.commit(changes)
        except StoreError as error:
            self.trouble = str(error)
            raise
        self.trouble = ""
