"""Which tasks hang: Pending or Running for longer than PREWARM_STUCK_AFTER, told once per state of a run.

Pure like detection, and after it: from the memory that a sweep leaves to the snapshots that remember what was told.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from bot.domain.fact import Stuck
from bot.domain.memory import Memory, Snapshot
from bot.domain.task import ACTIVE, Task


def since(snapshot: Snapshot) -> float | None:
    """Return since when the task has been in its state: seen to change, else its createTime, else None."""
    return snapshot.since or snapshot.created


def find_stuck(memory: Memory, listed: Iterable[Task], now: float, after: float) -> Iterator[tuple[Snapshot, Stuck]]:
    """Yield what hangs and was not told yet, with the snapshot that remembers it; `after` in seconds, 0: never."""
    if not after or memory.meta.baseline_at is None:
        return
    for task in listed:
        if task.state not in ACTIVE or (snapshot := memory.tasks.get(task.id)) is None:
            continue
        began = since(snapshot)
        if began is None or now - began < after or snapshot.task != task or task.state in snapshot.stuck:
            continue
        yield replace(snapshot, stuck=(*snapshot.stuck, task.state)), Stuck(task, now, began)
