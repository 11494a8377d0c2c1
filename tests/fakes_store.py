"""The store in memory, for tests of what stands on it. The suite of the real one, test_store_suite.py, binds it too."""

from dataclasses import dataclass, field, replace

from bot.domain.errors import StoreHeld, StoreUnusable
from bot.domain.memory import Changes, Memory, Meta


@dataclass
class Shelf:
    """What outlives a process: two stores on one shelf are two processes on one folder."""

    memory: Memory = field(default_factory=lambda: Memory(meta=Meta(store="TESTTEST")))
    held: bool = False
    commits: int = 0


class MemoryStore:
    """`broken` makes every commit fail until it is unset; `Shelf.held = False` is a SIGKILL."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self.shelf = shelf or Shelf()
        self.broken = False
        self._holds = False

    def acquire(self) -> None:
        if self.shelf.held:
            raise StoreHeld(folder="memory")
        self.shelf.held = self._holds = True

    def load(self) -> Memory:
        memory = self.shelf.memory
        return replace(memory, deliveries=dict(sorted(memory.deliveries.items())))

    def commit(self, changes: Changes) -> None:
        if not changes:
            return
        if self.broken:
            raise StoreUnusable(folder="memory", why="it is broken", detail="a test", remedy="Unset `broken`.")
        self.shelf.memory = self.shelf.memory.after(changes)
        self.shelf.commits += 1

    def close(self) -> None:
        if self._holds:
            self.shelf.held = self._holds = False
