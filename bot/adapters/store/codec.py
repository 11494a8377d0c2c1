"""The store's records as bytes: one JSON text per row, so that a person with sqlite3 can read what the bot remembers.

Start-up decodes every row (100,000 of them in a large account): each table has a decoder made beforehand, and the
garbage collector rests meanwhile.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, get_args, get_type_hints

import msgspec

from bot.adapters.store import archive as store_archive
from bot.adapters.store.engine import Damaged, Key, Row
from bot.domain.memory import TABLES, Changes, Memory, Meta
from bot.domain.outbox import Delivery

META: Final[Key] = ("meta", "")


def encode(changes: Changes) -> tuple[list[Row], list[Key]]:
    """Return the rows to write and the keys to delete."""
    puts = [] if changes.meta is None else [meta_row(changes.meta)]
    deletes = []
    for kind in TABLES:
        for key, record in getattr(changes, kind).items():
            if record is None:
                deletes.append((kind, str(key)))
            else:
                puts.append((kind, str(key), _encode(record)))
    for delivery in changes.archive.values():
        puts += store_archive.rows_of(delivery)
    return puts, deletes


def meta_row(meta: Meta) -> Row:
    """Return the one row about the memory as a whole."""
    return (*META, _encode(meta))


def decode(rows: Iterable[Row]) -> Memory:
    """Return the memory that the rows hold. Raise Damaged at the first row that is none of ours."""
    tables: dict[str, dict[str, Any]] = {kind: {} for kind in (META[0], *TABLES)}
    kind = key = ""
    try:
        with _collector_at_rest():
            for kind, key, value in rows:
                tables[kind][key] = decode_row(kind, value)
    except (KeyError, ValueError, RecursionError) as error:
        raise Damaged(f"its row {kind}/{key} cannot be read: {error}") from error
    meta = tables.pop(META[0]).get(META[1])
    if meta is None:
        raise Damaged("it has no row about itself")
    return Memory(meta=meta, deliveries=in_order(tables.pop("deliveries").values()), **tables)


def decode_row(kind: str, value: bytes) -> Any:
    """Return the record of a row. Raise KeyError for a kind that is none of ours, ValueError for what is no record."""
    return _DECODERS[kind](value)


def in_order(deliveries: Iterable[Delivery]) -> dict[int, Delivery]:
    """Return deliveries by number, in the order of their numbers."""
    return {each.seq: each for each in sorted(deliveries, key=lambda each: each.seq)}


_encode: Final = msgspec.json.Encoder().encode
_HINTS: Final = get_type_hints(Memory)  # Memory says what its tables hold; a new one needs no line here
_DECODERS: Final[dict[str, Callable[[bytes], Any]]] = {META[0]: msgspec.json.Decoder(Meta).decode} | {
    kind: msgspec.json.Decoder(get_args(_HINTS[kind])[1]).decode for kind in TABLES
}
_DECODERS[store_archive.TOLD] = msgspec.json.Decoder(Delivery).decode


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Spare the collector from walking all records again and again while they are made: it doubles the time."""
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()
