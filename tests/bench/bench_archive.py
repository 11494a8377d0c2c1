"""What 300,000 settled deliveries cost: `python tests/bench/bench_archive.py [DELIVERIES]`.

CPU per ending (queued, formed, posted, settled, each a commit on the disk) and memory at rest, each in a process of its
own, beside the same with an empty archive. Goals: both within 1.2 x. Also: a start, and what `why` reads of one task.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bot.adapters.store.archive import rows_of
from bot.adapters.store.cache import change, open_cache
from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain import queue
from bot.domain.fact import Kind, News, Transition
from bot.domain.outbox import Attempt, Delivery, Result, Settled
from bot.domain.task import Task
from bot.services.ledger import Ledger
from bot.services.pace import Pace
from bot.services.sender import Sender
from tests.fakes import START, Clock, FakeSlack, PlainRenderer, Witness

ENDINGS = 300  # told one by one
DAY = 86_400.0
SPAN = 30 * DAY  # over which the archive was filled


def ending(number: int) -> Transition:
    """Return a failure as they come: with an address, a reason and an ID like the vendor's."""
    task = Task(
        id=f"{random.Random(number).getrandbits(128):032x}",
        state="Failed",
        image_name=f"model-server-{number}",
        image_url=f"registry.example.com/team/model-server-{number}:v1.2.3",
        cluster_id="cluster-1",
        cluster_name="Shanghai 1",
        create_time="1750000000",
        complete_time="1750000100",
        reason=("manifest unknown: no such tag",),
    )
    return Transition(Kind.FAILED, News.ENDED, task, START, before="Running")


def settled(number: int, deliveries: int) -> Delivery:
    """Return a delivery that was told within the last 30 days."""
    at = START - SPAN + number * SPAN / deliveries
    done = Settled(Result.SENT, at, "C0PREWARM", f"{at:.6f}", f"ABCDEFGH:{number}")
    return Delivery(number, "C0PREWARM", ending(number), at, attempts=(Attempt(at, "ok"),), settled=done)


def fill(folder: Path, deliveries: int) -> None:
    """Make a store with so many deliveries in its archive, in as many commits as there are days."""
    store = Store(DiskEngine(folder))
    store.acquire()
    store.load()
    store.close()
    step = max(1, deliveries // 30)
    with closing(open_cache(folder / "store", 2.0)) as cache:
        for first in range(0, deliveries, step):
            numbers = range(first, min(first + step, deliveries))
            change(cache, (row for number in numbers for row in rows_of(settled(number, deliveries))), ())


def resident() -> float:
    """Return the resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1000


def tell(ledger: Ledger, number: int, clock: Clock) -> None:
    """Queue an ending, as a poll does."""
    told = [("C0PREWARM", ending(number), False)]
    ledger.change(lambda memory: (queue.enqueue(memory, told, clock.at), None))


def measure(folder: Path) -> dict[str, float]:
    """Start on this store, tell endings one by one, and say what that cost."""
    began = time.process_time()
    store = Store(DiskEngine(folder))
    store.acquire()
    ledger = Ledger(store, store.load())
    started, clock = time.process_time() - began, Clock()
    carrier = Sender(
        FakeSlack(clock),
        ledger,
        PlainRenderer(),
        pace=Pace(clock.tick),
        settle=10.0,
        standing=(),
        operators=(),
        observe=Witness(),
    )
    at_rest = resident()
    began = time.process_time()
    for number in range(ENDINGS):
        tell(ledger, 10_000_000 + number, clock)
        while (pause := carrier.advance("C0PREWARM")) is not None:
            clock.at += pause
    each = (time.process_time() - began) / ENDINGS
    began = time.process_time()
    assert len(store.archived(ending(10_000_000).task.id)) == 1
    why = time.process_time() - began
    ledger.change(lambda memory: (queue.expire(memory, clock.at, SPAN), None))
    after = resident()
    store.close()
    return {"CPU per ending, ms": each * 1e3, "MB at rest": at_rest, "MB after": after,
            "CPU of a start, ms": started * 1e3, "CPU of a why, ms": why * 1e3}  # fmt: skip


def main() -> None:
    if sys.argv[1:2] == ["measure"]:
        sys.stdout.write(json.dumps(measure(Path(sys.argv[2]))))
        return
    deliveries = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    found = []
    for many in (0, deliveries):
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), many)
            command = [sys.executable, __file__, "measure", folder]
            found.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))  # noqa: S603
    sys.stdout.write(f"{ENDINGS} endings; archive empty, with {deliveries:,}, ratio\n")
    for what, empty in found[0].items():
        sys.stdout.write(f"{what:20} {empty:9.2f} {found[1][what]:9.2f} {found[1][what] / empty:6.2f} x\n")


if __name__ == "__main__":
    main()
