"""Rows on a local disk, in a folder that one bot holds.

    DATA_DIR/lock                    flock: one bot per folder
    DATA_DIR/store/cache.db          the rows; a folder of its own, so that it may be 0700 whatever DATA_DIR is
    DATA_DIR/store/damaged           a mark for the next start: a commit found damage that reading does not show
    DATA_DIR/store.new, store.ready  a store being made; renamed when whole, so that `store` is never half made
    DATA_DIR/store.damaged-<time>    a damaged store, kept as it was

Whatever fails is tried once more on a new connection, and then told as StoreUnusable.
"""

import os
import shutil
from collections.abc import Callable, Collection, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import diskcache

from bot.adapters.store.cache import change, find_rows, open_cache, read_rows
from bot.adapters.store.engine import Damaged, Key, Row, Scrap
from bot.adapters.store.faults import FAULTS, is_damage, unusable
from bot.adapters.store.lock import FolderLock
from bot.adapters.store.salvage import salvage_rows

MARK: Final = "damaged"
PATIENCE: Final = 2.0  # seconds to wait for another program's lock; a commit waits twice, and a stop has 10 s


class DiskEngine:
    """The rows of one data folder (store_engine.Engine)."""

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._store, self._new, self._ready = (folder / name for name in ("store", "store.new", "store.ready"))
        self._mark = self._store / MARK
        self._patience = patience
        self._lock = FolderLock(folder)
        self._cache: diskcache.Cache | None = None
        # diskcache keeps a connection per thread and closes only the caller's: one thread does all its work
        self._thread: ThreadPoolExecutor | None = None

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def acquire(self) -> None:
        """Lock the folder, making it where it is missing. Raise StoreHeld or StoreUnusable."""
        self._lock.acquire()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._run(self._put_in_place)

    def read(self, but: Collection[str] = ()) -> Generator[Row, None, None]:
        """Yield the rows, VERSION first, on a connection that cannot write. Raise Damaged or StoreUnusable."""
        try:
            if self._mark.exists():
                raise Damaged("a commit found it damaged")
            if self._store.exists():
                yield from read_rows(self._store, but)
        except FAULTS as error:
            if is_damage(error):
                raise Damaged(str(error)) from error
            raise unusable(error, self._folder) from error

    def find(self, kind: str, first: str, end: str) -> Generator[Row, None, None]:
        """Yield a range of rows, on a connection of its own that cannot write. Raise StoreUnusable."""
        try:
            yield from find_rows(self._store, kind, first, end)
        except (*FAULTS, Damaged) as error:
            raise unusable(error, self._folder) from error

    def salvage(self) -> Generator[Scrap, None, None]:
        """Yield what can still be read of a damaged store, on a connection that cannot write. Raise StoreUnusable."""
        try:
            yield from salvage_rows(self._store)
        except FAULTS as error:
            raise unusable(error, self._folder) from error

    def begin(self, rows: Iterable[Row], aside: str = "") -> None:
        """Make a whole new store, then put it in the place of the old one, which is renamed to `aside`."""
        self._run(self._begin, rows, aside)

    def write(self, puts: Iterable[Row], deletes: Iterable[Key]) -> None:
        """Apply all in one transaction, synced to the disk. Raise StoreUnusable, with nothing applied."""
        self._run(self._write, list(puts), list(deletes))

    def close(self) -> None:
        """Close the database and unlock the folder; once more does nothing."""
        if self._thread is not None:
            self._thread.submit(self._drop).result()
            self._thread.shutdown()
            self._thread = None
        self._lock.release()

    def _write(self, puts: list[Row], deletes: list[Key]) -> None:
        try:
            self._change(puts, deletes)
        except FAULTS:
            self._change_or_mark(puts, deletes)

    def _change_or_mark(self, puts: list[Row], deletes: list[Key]) -> None:
        """Try again on a new connection, whose error also names the cause that diskcache.Timeout hides."""
        try:
            self._change(puts, deletes)
        except FAULTS as error:
            if is_damage(error):
                self._mark.touch()  # reading may not show it: without a mark every start would end here
            raise

    def _change(self, puts: list[Row], deletes: list[Key]) -> None:
        if self._cache is None:
            self._cache = open_cache(self._store, self._patience)
        try:
            change(self._cache, puts, deletes)
        except BaseException:
            self._drop()  # where COMMIT fails, diskcache leaves the transaction open
            raise

    def _begin(self, rows: Iterable[Row], aside: str) -> None:
        self._drop()
        for left in (self._new, self._ready):
            if left.exists():
                shutil.rmtree(left)
        cache = open_cache(self._new, self._patience)
        try:
            change(cache, rows, ())
        finally:
            cache.close()
        self._new.rename(self._ready)
        if aside:
            self._store.rename(self._folder / aside)
        self._put_in_place()

    def _put_in_place(self) -> None:
        """Finish `begin`, or what a crash left of it."""
        if self._ready.exists() and not self._store.exists():
            self._ready.rename(self._store)
            _sync(self._folder)

    def _drop(self) -> None:
        cache, self._cache = self._cache, None
        if cache is not None:
            cache.close()

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        if self._thread is None:
            raise RuntimeError("acquire() the store before its use")
        try:
            self._thread.submit(work, *arguments).result()
        except FAULTS as error:
            raise unusable(error, self._folder) from error


def _sync(folder: Path) -> None:
    """Make the renames in it survive the loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
