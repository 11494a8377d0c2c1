"""SIGKILL at any instant leaves whole steps, a free lock and never half a store (rule S)."""

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain.errors import StoreHeld
from bot.domain.memory import Memory, Meta
from tests.integration.store_writer import whole

ROOT = Path(__file__).parents[2]
ROUNDS = 8


@contextmanager
def writer(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.integration.store_writer", str(folder), *words]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    with process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout
    return process.stdout.read().split("\n")


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def load(folder: Path) -> Memory:
    store = Store(DiskEngine(folder))
    store.acquire()
    try:
        return store.load()
    finally:
        store.close()


def test_a_kill_amid_commits_leaves_whole_steps_and_all_that_were_confirmed(tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(ROUNDS):
        with writer(tmp_path) as process:
            assert next_line(process).startswith("open ")
            Timer(chance.uniform(0.01, 0.15), process.kill).start()
            confirmed = [int(line) for line in lines(process) if line]
        memory = load(tmp_path)
        assert memory == whole(memory.meta.seq, memory.meta)
        assert memory.meta.seq >= max(confirmed, default=0)
    assert memory.meta.seq > ROUNDS, "the rounds committed nothing"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "store"]


def test_a_kill_amid_the_making_of_a_store_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    chance = random.Random(11)
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        with writer(folder) as process:
            until = chance.uniform(0, 0.02)
            assert_appears(folder / "lock", process)
            Timer(until, process.kill).start()
            process.wait()
        assert load(folder).meta.greeting == "hello"
        assert sorted(path.name for path in folder.iterdir()) == ["lock", "store"]


def assert_appears(path: Path, process: subprocess.Popen[str]) -> None:
    while not path.exists():
        assert process.poll() is None


def test_a_second_process_is_refused_by_name_of_the_folder_until_the_first_is_killed(tmp_path: Path) -> None:
    with writer(tmp_path, "hold") as process:
        name = next_line(process).removeprefix("open ")
        second = Store(DiskEngine(tmp_path))
        with pytest.raises(StoreHeld, match=str(tmp_path)):
            second.acquire()
        process.kill()
        process.wait()
        second.acquire()
        assert second.load().meta == Meta(store=name)
        second.close()
