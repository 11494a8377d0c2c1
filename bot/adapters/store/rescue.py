"""What becomes of a damaged store: a new one with every row that makes sense, and a count of what is gone (rule S).

Nothing that was sent may be taken for what is sent later, nor be told twice in silence: so the new store has another
name for its keys (P2) and goes on above every number that was seen; tasks that it may no longer know are part of a
new baseline (D3); and what may have been on its way when its post was lost says that it may repeat (P9).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from msgspec.structs import replace as but

from bot.adapters.store import archive as store_archive
from bot.adapters.store.codec import META, decode_row, encode, in_order
from bot.adapters.store.engine import VERSION, Key, Row, Scrap
from bot.adapters.store.migrations import MIGRATIONS
from bot.domain.errors import StoreNewer
from bot.domain.fact import NoticeKind
from bot.domain.memory import SCHEMA, TABLES, Changes, Memory, Meta
from bot.domain.outbox import Delivery

UNKNOWN: Final = "unknown"  # lost without a name: how many, cannot be known
ARCHIVE: Final = "archive"
NO_RECORD: Final = (KeyError, ValueError, RecursionError)  # what is raised for a row that is none of ours


@dataclass(frozen=True)
class Rescued:
    """What a new store begins with. `meta.gone` says how many rows of each table could not be read."""

    memory: Memory
    migrated: Mapping[int, Delivery]  # to the archive, of a store that had none

    def rows(self, scraps: Iterable[Scrap]) -> Iterator[Row]:
        """Yield its rows; `scraps` are those of the damaged one once more: the archive may be too large to hold."""
        tables = {name: getattr(self.memory, name) for name in TABLES}
        puts, _ = encode(Changes(meta=self.memory.meta, archive=self.migrated, **tables))
        yield from puts
        for kind, _, value in scraps:
            if kind == store_archive.TOLD and (told := _told(value)) is not None:
                yield from store_archive.rows_of(told)


def rescue(scraps: Iterable[Scrap], name: str, aside: str, place: str) -> Rescued:
    """Return what goes on, under a new `name`, of the damaged store that is kept as `aside`.

    Raise StoreNewer if a later version wrote it.
    """
    found, told, lost = _sorted_out(scraps)
    records: dict[str, dict[str, Any]] = {kind: {} for kind in (META[0], *TABLES, store_archive.TOLD)}
    for (kind, key), value in _migrated(found, place).items():
        try:
            records[kind][key] = decode_row(kind, value)
        except NO_RECORD:
            lost.append((kind, key))
    migrated = in_order(records.pop(store_archive.TOLD).values())
    meta = records.pop(META[0]).get(META[1])
    if meta is None and not any(records.values()):
        return Rescued(Memory(Meta(store=name, greeting=NoticeKind.LOST.value, lost=aside)), migrated)
    gone = _counted(lost) | Counter({META[0]: int(meta is None)})
    live = in_order(each for each in records.pop("deliveries").values() if each.seq not in told)
    memory = _mended(Memory(meta or Meta(store=name), deliveries=live, **records), gone)
    numbers = {*told, *migrated, *_numbers(lost)}
    return Rescued(replace(memory, meta=_goes_on(memory, name, aside, gone, numbers)), migrated)


def _sorted_out(scraps: Iterable[Scrap]) -> tuple[dict[Key, bytes], set[int], list[Key]]:
    """Return the live rows, the numbers of what is archived, and the keys of what is lost."""
    rows, told, lost = dict[Key, bytes](), set[int](), list[Key]()
    for kind, key, value in scraps:
        if value is not None and kind != store_archive.TOLD:
            rows[kind, key] = value
        elif (delivery := _told(value)) is not None:
            told.add(delivery.seq)
        else:
            lost.append((kind, key))
    return rows, told, lost


def _told(value: bytes | None) -> Delivery | None:
    try:
        delivery = None if value is None else decode_row(store_archive.TOLD, value)
    except NO_RECORD:
        return None
    return delivery if isinstance(delivery, Delivery) and delivery.settled is not None else None


def _migrated(rows: Mapping[Key, bytes], place: str) -> Mapping[Key, bytes]:
    """Return the live rows in today's schema; where theirs is not known, from the first on: it harms no new ones."""
    found = rows.get(VERSION, b"")
    schema = int(found) if found.isdigit() else 0
    if schema > SCHEMA:
        raise StoreNewer(folder=place, found=schema, known=SCHEMA)
    for step in range(schema or min(MIGRATIONS), SCHEMA):
        rows = MIGRATIONS[step](rows)
    made_anew = (VERSION[0], store_archive.SETTLED)
    return {key: value for key, value in rows.items() if key[0] not in made_anew}


def _counted(lost: Iterable[Key]) -> Counter[str]:
    """Count what is lost by table; the archive's index and the schema's number are made anew, and so no loss."""
    names = {kind: kind for kind in (META[0], *TABLES)} | {store_archive.TOLD: ARCHIVE}
    made_anew = (VERSION[0], store_archive.SETTLED)
    return Counter(names.get(kind, UNKNOWN) for kind, _ in lost if kind not in made_anew)


def _mended(memory: Memory, gone: Mapping[str, int]) -> Memory:
    """Return it with posts of what is there, and with a mark on what a lost post may have carried."""
    deliveries = dict(memory.deliveries)
    left = {key: tuple(filter(deliveries.get, post.members)) for key, post in memory.posts.items()}
    posts = {key: but(memory.posts[key], members=members) for key, members in left.items() if members}
    if gone.keys() & {"posts", UNKNOWN}:
        held = {seq for post in posts.values() for seq in post.members}
        free = [each for each in deliveries.values() if each.settled is None and each.seq not in held]
        deliveries |= {each.seq: but(each, may_repeat=True) for each in free}
    return replace(memory, posts=posts, deliveries=deliveries)


def _goes_on(memory: Memory, name: str, aside: str, gone: Mapping[str, int], numbers: Iterable[int]) -> Meta:
    """Return the row about the memory as a whole: a new name, and above every number that was seen."""
    seen = [*numbers, *memory.deliveries, *(seq for post in memory.posts.values() for seq in post.members)]
    seen += [mute.number for mute in memory.mutes.values()]
    whole = not gone.keys() & {"tasks", META[0], UNKNOWN}
    return but(
        memory.meta,
        store=name,
        seq=max(memory.meta.seq, *seen, 0),
        subscriptions=max([memory.meta.subscriptions, *(each.number for each in memory.subscriptions.values())]),
        baseline_at=memory.meta.baseline_at if whole else None,
        greeting=NoticeKind.DAMAGED.value,
        greeted=(),
        lost=aside,
        gone=dict(gone),
    )


def _numbers(lost: Iterable[Key]) -> Iterator[int]:
    """Yield the numbers in the keys of what is lost."""
    numbered = ("deliveries", "posts", *store_archive.KINDS)
    for kind, key in lost:
        tail = key.replace(":", "/").rpartition("/")[2]
        if kind in numbered and tail.isdecimal() and len(tail) < _DIGITS:
            yield int(tail)


_DIGITS: Final = 16  # of a number that a damaged key may show; none was ever given that has more
