"""A bot's store in a process of its own, for tests that kill it: `python -m tests.integration.store_writer FOLDER`.

It prints `open NAME`, then commits step after step and prints the number of each that was committed.
"""

import sys
from pathlib import Path

from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Delivery
from bot.domain.task import Task

TASKS = 40


def step(number: int, meta: Meta) -> Changes:
    """Return a step that touches many rows, adds one and deletes one, so that half of it would be seen."""
    return Changes(
        meta=Meta(store=meta.store, seq=number),
        tasks={f"t{i}": Snapshot(Task(id=f"t{i}", state="Running", note=f"{number} " * 50)) for i in range(TASKS)},
        deliveries={number: Delivery(number, "C1", Notice(NoticeKind.BLIND, at=float(number)), queued_at=0.0)},
        handled={f"Ev{number}": 0.0} | ({f"Ev{number - 1}": None} if number > 1 else {}),
    )


def whole(number: int, meta: Meta) -> Memory:
    """Return the memory after exactly the steps 1 to `number`."""
    memory = Memory(meta=Meta(store=meta.store))
    for done in range(1, number + 1):
        memory = memory.after(step(done, meta))
    return memory


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Commit until killed, or until the input ends when `hold` is asked for."""
    store = Store(DiskEngine(Path(sys.argv[1])))
    store.acquire()
    memory = store.load()
    say(f"open {memory.meta.store}")
    if "hold" in sys.argv:
        sys.stdin.read()
        return
    for number in range(memory.meta.seq + 1, sys.maxsize):
        store.commit(step(number, memory.meta))
        say(str(number))


if __name__ == "__main__":
    main()
