"""The only place that opens a diskcache, and what it must never do there.

diskcache is a cache: it evicts, unpickles what it finds, and spins for a minute where it is locked. All of that is off.
It remembers neither its `Disk` nor our patience, so nobody else may open the folder.
"""

import sqlite3
from collections.abc import Collection, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import diskcache
import structlog
from diskcache.core import DBNAME, MODE_RAW

from bot.adapters.store.engine import VERSION, Damaged, Key, Row

WAL_FORMAT = (
    2  # the highest there is in bytes 18 and 19: https://sqlite.org/fileformat.html#file_format_version_numbers
)

log = structlog.get_logger(__name__)


class TextToBytes(diskcache.Disk):  # type: ignore[misc]  # diskcache is untyped
    """Text keys and bytes values as they are: never a pickle, in or out (CVE-2025-69872), never a file of its own."""

    def put(self, key: object) -> tuple[str, bool]:
        if type(key) is not str:
            raise TypeError(f"a key is text, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str:
        if type(key) is not str or not raw:
            raise Damaged("a key in it is a pickle or a number; it was not opened")
        return key

    def store(self, value: object, read: bool, key: object = None) -> tuple[int, int, None, bytes]:
        if type(value) is not bytes or read:
            raise TypeError(f"the value of {key} is bytes, not {type(value).__name__}")
        return 0, MODE_RAW, None, value

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:
        if mode != MODE_RAW or filename is not None or type(value) is not bytes or read:
            raise Damaged("a value in it is a pickle, a number or a file; it was not opened")
        return value


class _Cache(diskcache.Cache):  # type: ignore[misc]  # diskcache is untyped
    """A cache whose constructor closes its connection when it fails: diskcache leaves that to the garbage collector."""

    def __init__(self, folder: Path, **settings: object) -> None:
        try:
            super().__init__(str(folder), **settings)
        except BaseException:
            self.close()
            raise


def open_cache(folder: Path, patience: float) -> diskcache.Cache:
    """Open or make the cache in this folder, waiting `patience` seconds where another program has it locked.

    Raise what store_fault.FAULTS names. Settings: https://grantjenks.com/docs/diskcache/tutorial.html#settings
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    _make_private(folder)
    if (folder / DBNAME).exists():
        _prove_writable(folder / DBNAME, patience)
    return _Cache(
        folder,
        timeout=patience,
        disk=TextToBytes,
        eviction_policy="none",
        cull_limit=0,
        statistics=0,
        tag_index=0,
        sqlite_synchronous=2,  # FULL: a commit survives the loss of power
        sqlite_cache_size=2**11,  # pages, 8 MB: an archive of any size fills what it may in time
        sqlite_mmap_size=0,  # an error of the disk is then an exception, not a SIGBUS
        disk_min_file_size=2**26,
    )


def change(cache: diskcache.Cache, puts: Iterable[Row], deletes: Iterable[Key]) -> None:
    """Apply all in one transaction."""
    with cache.transact():
        for kind, key, value in puts:
            cache.set(_text((kind, key)), value)
        for pair in deletes:
            cache.delete(_text(pair))


def read_rows(folder: Path, but: Collection[str] = ()) -> Generator[Row, None, None]:
    """Yield VERSION, then all rows but those of some kinds, by SELECT: a `get` for each of 100,000 keys takes seconds.

    Raise Damaged, or what store_fault.FAULTS names.
    """
    _check_format(folder / DBNAME)
    with closing(connect(folder)) as connection, ThreadPoolExecutor(1, "store-check") as aside:
        yield from _rows(connection, f"key = '{_text(VERSION)}'")  # alone: a later version may keep what we cannot read
        checked = aside.submit(_check, folder, but)  # a fifth of the time of a start, so meanwhile
        yield from _rows(connection, f"key != '{_text(VERSION)}' AND {_within(but)}")
        checked.result()


def find_rows(folder: Path, kind: str, first: str, end: str) -> Iterator[Row]:
    """Yield the rows of ours in a range of keys, in the order of SQLite's index, which is that of their UTF-8."""
    select = f"SELECT key, value FROM Cache WHERE key >= ? AND key < ? AND {OURS} ORDER BY key"  # noqa: S608 - constants
    with closing(connect(folder)) as connection:
        for text, value in connection.execute(select, (_text((kind, first)), _text((kind, end)))):
            yield kind, text.partition("/")[2], value


def connect(folder: Path, *, still: bool = False) -> sqlite3.Connection:
    """Return a connection that can only read. `still`: nobody is writing, so leave no file beside the database."""
    database = folder / DBNAME
    if not database.is_file():
        raise Damaged(f"{DBNAME} is missing")
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable={still:d}", uri=True)


def _rows(connection: sqlite3.Connection, which: str) -> Iterator[Row]:
    select = f"SELECT key, {OURS}, value FROM Cache WHERE {which} ORDER BY rowid"  # noqa: S608 - all are constants
    for text, ours, value in connection.execute(select):
        if not ours:
            raise Damaged(f"the value or key of {text!r:.80} is a pickle, a number or a file; it was not opened")
        kind, _, key = text.partition("/")
        yield kind, key, value


# what TextToBytes lets in, asked of SQLite: a call of Python for each of 100,000 rows would cost a fifth of the start
OURS = f"raw = 1 AND mode = {MODE_RAW} AND filename IS NULL AND typeof(key) = 'text' AND typeof(value) = 'blob'"


def _check_format(database: Path) -> None:
    """Raise Damaged for a header that SQLite would take for a later format's, and obey by writing nothing."""
    if database.is_file():
        with database.open("rb") as file:
            header = file.read(20)
        if max(header[18:], default=0) > WAL_FORMAT:
            raise Damaged("its header names a format that there is not")


def _within(but: Collection[str]) -> str:
    """Return the condition for rows of other kinds, by ranges of the index: so the rows left out are not even read."""
    edges = [edge for kind in sorted(but) for edge in (f"{kind}/", f"{kind}0")]  # "0" comes after "/"
    starts = ["", *(f"key >= '{edge}' AND" for edge in edges[1::2])]
    ends = [*(f"key < '{edge}'" for edge in edges[::2]), "1"]
    ranges = (f"SELECT rowid FROM Cache WHERE {start} {end}" for start, end in zip(starts, ends, strict=True))  # noqa: S608
    return f"rowid IN ({' UNION ALL '.join(ranges)})" if but else "1"


def _check(folder: Path, but: Collection[str]) -> None:
    """Raise Damaged for what reading rows does not show: pages out of order, an index that no longer finds them.

    SQLite's own `integrity_check` looks up every row in every index: with 300,000 settled deliveries it takes seconds.
    """
    lost = f"""SELECT count(*) FROM Cache AS row NOT INDEXED WHERE {_within(but)} AND NOT EXISTS (
        SELECT 1 FROM Cache AS found INDEXED BY Cache_key_raw
        WHERE found.key = row.key AND found.raw = row.raw AND found.rowid = row.rowid)"""  # noqa: S608 - all are constants
    unlike = """SELECT (SELECT count(*) FROM Cache NOT INDEXED)
        - (SELECT count(*) FROM Cache INDEXED BY Cache_key_raw)"""
    with closing(connect(folder)) as connection:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        wrong = [connection.execute(select).fetchone()[0] for select in (unlike, lost)]
    if verdict != "ok" or any(wrong):
        raise Damaged(str(verdict) if verdict != "ok" else "its index does not find its rows")


def _text(key: Key) -> str:
    return "/".join(key)


def _make_private(folder: Path) -> None:
    if folder.stat().st_mode & 0o077:
        try:
            folder.chmod(0o700)
        except PermissionError:
            log.warning("Others may read the store; its mode could not be set to 0700.", folder=str(folder))


def _prove_writable(database: Path, patience: float) -> None:
    """Raise what stands in the way of a write: diskcache would spin for a minute, and then hide it."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=patience)
    with closing(connection):
        connection.isolation_level = None
        connection.execute("BEGIN IMMEDIATE")
