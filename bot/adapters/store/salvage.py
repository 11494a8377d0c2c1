"""Reads what can still be read of a damaged database, and names the rest where it can.

SQLite stops at the first page that makes no sense, so the rows are read from both ends of their tree. The index holds
every key a second time, with the number of its row: what lies between is asked for by number, and a key without a
row says what is missing. Where the index is damaged, too, the gap is halved again and again around what cannot be read.
"""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.adapters.store.cache import OURS, connect
from bot.adapters.store.engine import NAMELESS, Damaged, Scrap
from bot.adapters.store.faults import is_damage

REFUSALS_AT_MOST: Final = 10_000  # of SQLite, about a second; then what is left of a gap counts as lost


def salvage_rows(folder: Path) -> Generator[Scrap, None, None]:
    """Yield each row that can be read; for each that cannot, its key and None, or NAMELESS where there may be more.

    Raise what store_fault.FAULTS names, unless it is damage.
    """
    try:
        with closing(connect(folder)) as connection:
            connection.text_factory = bytes  # a text may be none
            connection.execute("PRAGMA writable_schema = ON")  # lets SQLite read a file that was cut short
            yield from _Wreck(connection).scraps()
    except (sqlite3.Error, Damaged) as error:
        if not is_damage(error):
            raise
        yield NAMELESS


class _Wreck:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._seen: set[int] = set()  # numbers of rows that were read
        self._refusals = 0

    def scraps(self) -> Iterator[Scrap]:
        keys, whole = self._keys()
        nameless = not whole
        for text, ours, value in self._rows(keys, whole=whole):
            key = _key(text)
            nameless |= key is None
            if key is not None:
                yield (*key, value if ours else None)
        for number in keys.keys() - self._seen:
            key = _key(keys[number])
            nameless |= key is None
            if key is not None:
                yield (*key, None)
        if nameless:
            yield NAMELESS

    def _keys(self) -> tuple[dict[int, object], bool]:
        """Return the keys that the index holds, by the number of their row, and whether it could be read whole."""
        keys = dict[int, object]()
        for order in ("ASC", "DESC"):
            select = f"SELECT rowid, key FROM Cache INDEXED BY Cache_key_raw ORDER BY key {order}"  # noqa: S608 - constants
            try:
                keys.update(iter(self._connection.execute(select)))
            except sqlite3.Error:
                continue
            return keys, True
        return keys, False

    def _rows(self, keys: dict[int, object], *, whole: bool) -> Iterator[tuple[object, int, bytes]]:
        """Yield key, whether it is a row of ours, and value: from both ends, then what the index knows of the rest."""
        yield from self._read("1 ORDER BY rowid")
        first = max(self._seen, default=0) + 1
        yield from self._read("1 ORDER BY rowid DESC")
        for number in keys.keys() - self._seen:
            yield from self._read(f"rowid = {number}")
        if not whole:
            later = [number for number in (*self._seen, *keys) if number > first]
            yield from self._halves(first, min(max(later, default=0), first + 2**40))

    def _halves(self, first: int, last: int) -> Iterator[tuple[object, int, bytes]]:
        before = self._refusals
        yield from self._read(f"rowid BETWEEN {first} AND {last} ORDER BY rowid")
        if before < self._refusals < REFUSALS_AT_MOST and first < last:
            middle = (first + last) // 2
            yield from self._halves(first, middle)
            yield from self._halves(middle + 1, last)

    def _read(self, which: str) -> Iterator[tuple[object, int, bytes]]:
        """Yield rows that were not yet read, until SQLite refuses to go on."""
        select = f"SELECT rowid, key, {OURS}, value FROM Cache NOT INDEXED WHERE {which}"  # noqa: S608 - numbers of ours
        try:
            for number, text, ours, value in self._connection.execute(select):
                if number not in self._seen:
                    self._seen.add(number)
                    yield text, ours, value
        except sqlite3.Error:
            self._refusals += 1


def _key(text: object) -> tuple[str, str] | None:
    """Return the kind and the key within it, None for what the bot never wrote."""
    try:
        kind, slash, key = text.decode().partition("/") if isinstance(text, bytes) else ("", "", "")
    except UnicodeDecodeError:
        return None
    return (kind, key) if slash else None
