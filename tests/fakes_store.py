"""The store in memory, for tests of what stands on it. The suite of the real one, test_store_suite.py, binds it too."""

from dataclasses import dataclass, field, replace

from bot.domain.errors import StoreHeld, StoreUnusable
from bot.domain.fact import task_of
from bot.domain.memory import Changes, Memory, Meta
from bot.domain.outbox import Delivery


@dataclass
class Shelf:
    """What outlives a process: two stores on one shelf are two processes on one folder."""

    memory: Memory = field(default_factory=lambda: Memory(meta=Meta(store="TESTTEST")))
    archive: dict[int, Delivery] = field(default_factory=dict)
    held: bool = False
    commits: int = 0

    @property
    def deliveries(self) -> dict[int, Delivery]:
        """All that was ever told or is to be told, archived or not, by number."""
        return dict(sorted({**self.archive, **self.memory.deliveries}.items()))


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
        kept = {**self.shelf.archive, **changes.archive}.items()
        self.shelf.archive = {seq: each for seq, each in kept if _settled_at(each) >= changes.forget_before}
        self.shelf.commits += 1

    def archived(self, task: str) -> tuple[Delivery, ...]:
        told = sorted(self.shelf.archive.values(), key=lambda each: each.seq)
        return tuple(each for each in told if task_of(each.fact) == task)

    def close(self) -> None:
        if self._holds:
            self.shelf.held = self._holds = False


def _settled_at(delivery: Delivery) -> float:
    return delivery.settled.at if delivery.settled else 0.0
