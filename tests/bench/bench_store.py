"""What the store costs with 100,000 remembered tasks: `python tests/bench/bench_store.py [TASKS]`.

Goals: a start within 4 x a plain SELECT into a dict in the same run; a poll's memory and commit at least 25 x faster
than a get and a set per task.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from bot.adapters.store.cache import open_cache
from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain.memory import Changes, Ending, Memory, Snapshot
from bot.domain.task import Product, Task

ROUNDS = 5  # the best of these counts


def snapshot(number: int) -> Snapshot:
    """Return a task as a large account has them: ended, with a note and one product."""
    task = Task(
        id=f"{number:032x}",
        state="Succeeded",
        image_name=f"model-server-{number}",
        image_url=f"registry.example.com/team/model-server-{number}:v1.2.3",
        cluster_id="cluster-1",
        cluster_name="Shanghai 1",
        products=(Product("product-1", "RTX 4090 24GB"),),
        image_size="12345678901",
        create_time="1750000000",
        complete_time="1750000100",
        note="nightly",
    )
    return Snapshot(task, created=1750000000, endings=(Ending("Succeeded", 1750000100),))


def seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Return the best time of some rounds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - began)
        del result
    return min(times)


def plain_select(database: Path) -> dict[str, bytes]:
    """Read the same rows as they lie, the floor of any start."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT key, value FROM Cache"))


def start(folder: Path) -> Memory:
    """Acquire, load, release: what a start needs of the store."""
    store = Store(DiskEngine(folder))
    store.acquire()
    memory = store.load()
    store.close()
    return memory


def naive_poll(folder: Path, rows: dict[str, bytes]) -> None:
    """Get every task from the cache and set it again, as a first draft would."""
    with closing(open_cache(folder, 2.0)) as cache:
        for key, value in rows.items():
            cache.get(key)
            cache.set(key, value)


def measure(folder: Path, tasks: int) -> list[tuple[str, float]]:
    """Return (what, seconds)."""
    everything = {s.task.id: s for s in map(snapshot, range(tasks))}
    store = Store(DiskEngine(folder))
    store.acquire()
    memory = store.load()
    baseline = seconds(lambda: store.commit(Changes(meta=memory.meta, tasks=everything)), rounds=1)
    few = [Changes(tasks=dict(list(everything.items())[:n])) for n in (1, 1000)]
    commits = [seconds(partial(store.commit, changes)) for changes in (Changes(), *few)]
    store.close()
    rows = plain_select(folder / "store" / "cache.db")
    return [
        ("plain SELECT into a dict", seconds(lambda: plain_select(folder / "store" / "cache.db"))),
        ("start: acquire, load, close", seconds(lambda: start(folder))),
        ("commit of nothing", commits[0]),
        ("commit of 1 task", commits[1]),
        ("commit of 1,000 tasks", commits[2]),
        ("commit of all: the baseline", baseline),
        ("naive poll: get and set per task", naive(folder, rows)),
    ]


def naive(folder: Path, rows: dict[str, bytes]) -> float:
    """Time a tenth of the naive poll and scale it: every set of it is synced to the disk."""
    tenth = dict(list(rows.items())[: len(rows) // 10])
    return 10 * seconds(lambda: naive_poll(folder / "store", tenth), rounds=1)


def main() -> None:
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        table = measure(Path(folder), tasks)
    floor = table[0][1]
    sys.stdout.write(f"{tasks:,} tasks, best of {ROUNDS}\n")
    for what, took in table:
        sys.stdout.write(f"{what:34} {took * 1000:10.2f} ms {took / floor:9.2f} x SELECT\n")


if __name__ == "__main__":
    main()
