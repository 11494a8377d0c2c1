"""What a poll of 100,000 unchanged tasks costs: fetch, decode, diff, against a bare fetch with `json.loads`.

The cloud runs in a process of its own, and both sides use one httpx client each. Run: `make bench`.
"""

import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from bot.adapters.clock import tick
from bot.adapters.prewarm.api import PATH, PrewarmApi
from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.demo.cloud.server import CloudServer
from bot.domain.memory import Changes
from bot.domain.subscription import Subscription
from bot.domain.transition import Account
from bot.services.ledger import Ledger
from bot.services.watcher import Watcher

TASKS, PAGE, ROUNDS = 100_000, 1000, 5


def serve(pipe: Connection) -> None:
    with CloudServer() as server:
        for number in range(TASKS):
            server.cloud.add(
                "registry.example.com/ml/pytorch:2.6", "cn-dev-1", state="Succeeded", task_id=f"t{number:06}"
            )
        pipe.send((server.url, server.api_key))
        pipe.recv()


class Counting(Store):
    commits = 0

    def commit(self, changes: Changes) -> None:
        self.commits += 1
        super().commit(changes)


def bare(url: str, key: str) -> float:
    began = time.perf_counter()
    with httpx.Client(headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"}) as client:
        for page in range(1, TASKS // PAGE + 1):
            json.loads(client.get(f"{url}{PATH}", params={"page": page, "pageSize": PAGE}).content)
    return time.perf_counter() - began


def main() -> None:
    ours, theirs = multiprocessing.Pipe()
    cloud = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    cloud.start()
    url, key = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        store = Counting(DiskEngine(Path(folder)))
        store.acquire()
        watcher = Watcher(
            PrewarmApi(url, key),
            Ledger(store, store.load()),
            account=Account(url, "bench"),
            subscriptions=(Subscription("C0BENCH"),),
            page_size=PAGE,
            blind_after=300.0,
            stuck_after=0.0,
            observe=lambda _: None,
            tick=tick,
            slack_now=lambda: None,
        )
        watcher.poll()
        commits, polls, fetches = store.commits, [], []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            watcher.poll()
            polls.append(time.perf_counter() - began)
            fetches.append(bare(url, key))
        written = store.commits - commits
        store.close()
    ratio = statistics.median(poll / fetch for poll, fetch in zip(polls, fetches, strict=True))
    sys.stdout.write(
        f"poll of {TASKS} unchanged tasks: {statistics.median(polls):.2f} s, bare fetch + json.loads: "
        f"{statistics.median(fetches):.2f} s, ratio {ratio:.2f} (goal 0.8); commits when nothing changed: {written}\n"
    )
    ours.send(None)
    cloud.join(10)


if __name__ == "__main__":
    main()
