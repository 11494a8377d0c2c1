"""A place that cannot be used is told with its remedy and never taken for damage: full, read-only, locked (rule S)."""

import os
import resource
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.peek import peek
from bot.adapters.store.store import Store
from bot.domain.errors import StoreUnusable
from bot.domain.memory import Changes, Memory, Snapshot
from bot.domain.task import Task

NOBODY = 65534
SMALL = Changes(handled={"Ev1": 1.0})
BIG = Changes(tasks={str(i): Snapshot(Task(id=str(i), state="Running", note="n" * 4000)) for i in range(1000)})


def start(folder: Path, patience: float = 0.05) -> tuple[Store, Memory]:
    store = Store(DiskEngine(folder, patience))
    try:
        store.acquire()
        return store, store.load()
    except BaseException:
        store.close()
        raise


def load(folder: Path) -> Memory:
    store, memory = start(folder)
    store.close()
    return memory


@contextmanager
def locked(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(
        sqlite3.connect(folder / "store" / "cache.db", isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let no file grow past `size`, as a quota would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def plain_user() -> Iterator[Path]:
    """Run as somebody whom permissions bind, in a folder of theirs."""
    with tempfile.TemporaryDirectory() as name:
        if root := os.geteuid() == 0:
            os.chown(name, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if root:
                os.seteuid(0)
            for path in Path(name).rglob("*"):
                path.chmod(0o700)


def test_a_full_disk_is_told_and_leaves_nothing_half_done_and_has_room_again_later(small_disk: Path) -> None:
    store, memory = start(small_disk / "data")
    with pytest.raises(StoreUnusable, match=r"no space is left .*Free some space"):
        store.commit(BIG)
    fill(small_disk / "ballast")
    with pytest.raises(StoreUnusable, match="no space is left"):
        store.commit(Changes(tasks=dict(list(BIG.tasks.items())[:20])))
    (small_disk / "ballast").unlink()
    store.commit(SMALL)
    store.close()
    assert load(small_disk / "data") == memory.after(SMALL)


def test_a_full_disk_at_the_first_start_leaves_no_half_store(small_disk: Path) -> None:
    fill(small_disk / "ballast")
    with pytest.raises(StoreUnusable, match="no space is left"):
        start(small_disk / "data")
    (small_disk / "ballast").unlink()
    assert load(small_disk / "data").meta.greeting == "hello"


def test_a_full_disk_moves_no_damaged_store_aside(small_disk: Path) -> None:
    (small_disk / "store").mkdir()
    (small_disk / "store" / "cache.db").write_bytes(b"junk")
    fill(small_disk / "ballast")
    with pytest.raises(StoreUnusable, match="no space is left"):
        start(small_disk)
    assert (small_disk / "store" / "cache.db").read_bytes() == b"junk"
    (small_disk / "ballast").unlink()
    assert load(small_disk).meta.greeting == "lost"


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_a_quota_is_told_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    store, memory = start(tmp_path)
    with file_size_limit(200_000), pytest.raises(StoreUnusable):
        store.commit(BIG)
    store.commit(SMALL)
    store.close()
    assert load(tmp_path) == memory.after(SMALL)


def test_a_commit_that_fails_at_its_very_end_does_not_stay_open(tmp_path: Path) -> None:
    store, memory = start(tmp_path)
    with file_size_limit(4096), pytest.raises(StoreUnusable):
        store.commit(Changes(handled={"Ev0": 0.0}))
    store.commit(SMALL)
    store.close()
    assert load(tmp_path) == memory.after(SMALL)


def test_a_lock_of_another_program_stops_the_start_and_is_no_damage(tmp_path: Path) -> None:
    memory = load(tmp_path)
    with locked(tmp_path), pytest.raises(StoreUnusable, match="another program keeps its database locked"):
        start(tmp_path)
    assert load(tmp_path) == memory


def test_a_lock_that_goes_in_time_is_waited_for(tmp_path: Path) -> None:
    store, memory = start(tmp_path, patience=10)
    with locked(tmp_path) as other:
        release = threading.Timer(0.1, other.execute, ["ROLLBACK"])
        release.start()
        store.commit(SMALL)
        release.join()
    store.close()
    assert load(tmp_path) == memory.after(SMALL)


def test_a_commit_from_any_thread_uses_the_one_connection(tmp_path: Path) -> None:
    store, _ = start(tmp_path)
    steps = [Changes(handled={f"Ev{i}": 1.0}) for i in range(8)]
    store.commit(SMALL)
    before = open_files(tmp_path)
    for changes in steps:
        thread = threading.Thread(target=store.commit, args=[changes])
        thread.start()
        thread.join()
    assert open_files(tmp_path) == before
    store.close()
    assert len(load(tmp_path).handled) == len(steps)


def open_files(folder: Path) -> list[str]:
    links = Path("/proc/self/fd").iterdir() if sys.platform == "linux" else ()
    targets = [str(link.readlink()) for link in links if link.is_symlink()]
    return sorted(target for target in targets if target.startswith(str(folder)))


def test_a_data_folder_that_may_not_be_written_is_told(plain_user: Path) -> None:
    plain_user.chmod(0o500)
    with pytest.raises(StoreUnusable, match=r"it may not be read or written .*Give the bot's user the right"):
        start(plain_user)
    with pytest.raises(StoreUnusable, match="it may not be read or written"):
        start(plain_user / "data")
    assert isinstance(peek(plain_user).trouble, StoreUnusable)
    assert isinstance(peek(plain_user / "data").trouble, StoreUnusable)


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_store_that_may_not_be_written_is_told_and_is_no_damage(plain_user: Path, mode: int) -> None:
    memory = load(plain_user)
    (plain_user / "store" / "cache.db").chmod(mode & 0o444)
    (plain_user / "store").chmod(mode)
    with pytest.raises(StoreUnusable, match="it may not be read or written"):
        start(plain_user)
    assert isinstance(peek(plain_user).trouble, StoreUnusable)
    (plain_user / "store").chmod(0o700)
    (plain_user / "store" / "cache.db").chmod(0o600)
    assert load(plain_user) == memory


def test_a_file_in_place_of_the_data_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    for folder in (tmp_path / "data", tmp_path / "data" / "deeper"):
        with pytest.raises(StoreUnusable, match=str(folder)):
            start(folder)
    assert (tmp_path / "data").read_text() == "mine"
