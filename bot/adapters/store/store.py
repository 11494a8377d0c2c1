"""The store port (rules S): one holder, one memory, one transaction per `Changes`.

What is remembered is rows of (kind, key) -> bytes. An engine keeps rows and knows nothing of the bot; the codec knows
the records and nothing of disks. This module joins them and owns what neither can decide: which schema may be read,
and what happens when the store is damaged.
"""

import base64
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Final

import structlog

from bot.adapters.store import archive as store_archive
from bot.adapters.store.codec import decode, encode, meta_row
from bot.adapters.store.engine import VERSION, Damaged, Engine, Key, Row
from bot.adapters.store.migrations import MIGRATIONS, Migration, Rows
from bot.adapters.store.rescue import rescue
from bot.domain.errors import StoreNewer
from bot.domain.memory import SCHEMA, Changes, Memory, Meta
from bot.domain.outbox import Delivery

FORGOTTEN_AT_ONCE: Final = 2_000  # deliveries per commit, so that none takes long; there is a commit an hour (P16)

log = structlog.get_logger(__name__)


class Store:
    """All that is remembered, kept by an engine. One call at a time: services commit under their one lock."""

    def __init__(self, engine: Engine, migrations: Mapping[int, Migration] = MIGRATIONS) -> None:
        self._engine = engine
        self._migrations = migrations

    def acquire(self) -> None:
        """Become the one holder. Raise StoreHeld if there is another, StoreUnusable if the place will not do."""
        self._engine.acquire()

    def load(self) -> Memory:
        """Return what is remembered: a new memory if nothing was; of a damaged one, now moved aside, what can be read.

        Raise StoreNewer if a later version wrote it, StoreUnusable if it cannot be read or written at present; neither
        touches what is there.
        """
        try:
            return self._load()
        except Damaged as damage:
            return self._go_on_after(damage)

    def commit(self, changes: Changes) -> None:
        """Apply a step, whole or not at all. Raise StoreUnusable if it cannot be written; a later one may pass."""
        puts, deletes = encode(changes)
        if changes.forget_before:
            deletes += self._forgotten(changes.forget_before)
        if puts or deletes:
            self._engine.write(puts, deletes)

    def archived(self, task: str) -> tuple[Delivery, ...]:
        """Return the archived deliveries about a task, by number. From any thread. Raise StoreUnusable."""
        with closing(self._engine.find(*store_archive.about(task))) as rows:
            told = [*rows]
        deliveries = store_archive.deliveries(told)
        if damaged := len(told) - len(deliveries):
            log.warning(
                "What became of some notifications cannot be read.", action="store.archive", task=task, rows=damaged
            )
        return deliveries

    def _forgotten(self, before: float) -> list[Key]:
        with closing(self._engine.find(*store_archive.before(before))) as rows:
            return [*store_archive.keys_of(islice(rows, FORGOTTEN_AT_ONCE))]

    def close(self) -> None:
        """Release the store. May come before `acquire`, and twice."""
        self._engine.close()

    def _load(self) -> Memory:
        with closing(self._engine.read(but=store_archive.KINDS)) as rows:
            memory = self._read(rows)
        if memory is None:
            return self._begin(Meta(store=_random_name()))
        self._engine.write((), ())  # what cannot be written is found out now, not at the first news
        return memory

    def _read(self, rows: Iterator[Row]) -> Memory | None:
        first = next(rows, None)
        if first is None:
            return None
        schema = self._schema(first)
        if schema < SCHEMA:
            return self._migrate(schema, {(kind, key): value for kind, key, value in rows})
        return decode(rows)

    def _schema(self, first: Row) -> int:
        kind, key, value = first
        if (kind, key) != VERSION or not value.isdigit():
            raise Damaged("it has no schema version")
        if (schema := int(value)) > SCHEMA:
            raise StoreNewer(folder=self._engine.place, found=schema, known=SCHEMA)
        return schema

    def _migrate(self, schema: int, old: Rows) -> Memory:
        new = old
        for step in range(schema, SCHEMA):
            if step not in self._migrations:
                raise Damaged(f"there never was a schema {step}")
            new = self._migrations[step](new)
        memory = decode((*key, value) for key, value in new.items() if key[0] not in store_archive.KINDS)
        puts = [(*key, value) for key, value in new.items() if old.get(key) != value]
        self._engine.write([_version_row(), *puts], old.keys() - new.keys())
        return memory

    def _begin(self, meta: Meta) -> Memory:
        self._engine.begin([_version_row(), meta_row(meta)])
        return Memory(meta=meta)

    def _go_on_after(self, damage: Damaged) -> Memory:
        """Keep the damaged store aside, and begin another with all of it that can be read."""
        aside = f"store.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        with closing(self._engine.salvage()) as scraps:
            rescued = rescue(scraps, _random_name(), aside, self._engine.place)
        self._engine.begin(chain([_version_row()], rescued.rows(self._engine.salvage())), aside)
        log.error(
            "The store was damaged: it is kept aside, and what could be read of it goes on.",
            action="store.damaged",
            folder=self._engine.place,
            kept_as=aside,
            why=str(damage),
            gone=rescued.memory.meta.gone,
        )
        return rescued.memory


def _version_row() -> Row:
    return (*VERSION, str(SCHEMA).encode())


def _random_name() -> str:
    return base64.b32encode(secrets.token_bytes(5)).decode()  # 8 letters and digits
