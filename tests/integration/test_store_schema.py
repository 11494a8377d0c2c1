"""Which stores may be read: today's, older ones by migration, never those of a later version (rule S)."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from bot.adapters.store import MIGRATIONS, Rows, Store
from bot.adapters.store_disk import DiskEngine
from bot.domain.errors import StoreNewer
from bot.domain.fact import Kind, News, NoticeKind, Stuck, Transition
from bot.domain.memory import SCHEMA, TABLES, Memory
from bot.domain.outbox import Phase, Result

DATA = Path(__file__).parents[1] / "data"
FIRST = 1


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a data folder with the kept store of the first version in it."""
    return copied(FIRST, tmp_path)


def copied(schema: int, folder: Path) -> Path:
    (folder / "store").mkdir(mode=0o700)
    shutil.copy(DATA / f"store-v{schema}" / "cache.db", folder / "store" / "cache.db")
    return folder


def load(folder: Path, migrations: dict[int, Callable[[Rows], Rows]] | None = None) -> Memory:
    store = Store(DiskEngine(folder), MIGRATIONS if migrations is None else migrations)
    store.acquire()
    try:
        return store.load()
    finally:
        store.close()


def sql(folder: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "store" / "cache.db", isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def set_schema(folder: Path, schema: int) -> None:
    sql(folder, "UPDATE Cache SET value = ? WHERE key = 'schema/'", str(schema).encode())


def schema_of(folder: Path) -> object:
    return sql(folder, "SELECT value FROM Cache WHERE key = 'schema/'")[0][0]


@pytest.mark.parametrize("schema", range(FIRST, SCHEMA + 1))
def test_a_kept_store_is_read_exactly(tmp_path: Path, schema: int) -> None:
    memory = load(copied(schema, tmp_path))
    expected = json.loads((DATA / f"store-v{schema}" / "memory.json").read_text())
    later: dict[str, object] = {table: {} for table in TABLES if table not in expected}
    assert json.loads(msgspec.json.encode(memory)) == expected | later
    assert load(tmp_path) == memory
    assert schema_of(tmp_path) == str(SCHEMA).encode()


def test_the_newest_kept_store_holds_every_word_that_a_store_may_hold(tmp_path: Path) -> None:
    memory = load(copied(SCHEMA, tmp_path))
    facts = [delivery.fact for delivery in memory.deliveries.values() if not isinstance(delivery.fact, Stuck)]
    assert len(facts) < len(memory.deliveries)
    assert all(getattr(memory, table) for table in TABLES)
    transitions = [fact for fact in facts if isinstance(fact, Transition)]
    assert {fact.kind for fact in facts} == {*Kind, *NoticeKind}
    assert {fact.news for fact in transitions} == {*News}
    assert {delivery.settled.result for delivery in memory.deliveries.values() if delivery.settled} == {*Result}
    assert {post.phase for post in memory.posts.values()} == {*Phase}


def test_a_store_of_a_later_version_is_refused_and_not_touched(kept: Path) -> None:
    set_schema(kept, SCHEMA + 1)
    sql(kept, "UPDATE Cache SET mode = 4 WHERE key = 'meta/'")  # it may keep its rows in ways unknown to us
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    with pytest.raises(StoreNewer, match=rf"has schema {SCHEMA + 1}, this bot knows schema {SCHEMA} at most"):
        load(kept)
    after = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file() and path.suffix == ".db"}
    assert after.items() <= before.items()
    assert sorted(path.name for path in kept.iterdir()) == ["lock", "store"]


def renamed(rows: Rows) -> Rows:
    """Migrate as a later version may: a table renamed, a row dropped, a record given a field."""
    moved = {("handled" if kind == "seen" else kind, key): value for (kind, key), value in rows.items()}
    moved.pop(("tasks", "old"))
    return moved


@pytest.fixture
def older(kept: Path) -> Path:
    """Return a store of a schema before the first."""
    set_schema(kept, FIRST - 1)
    sql(kept, "UPDATE Cache SET key = 'seen/Ev1' WHERE key = 'handled/Ev1'")
    sql(kept, "UPDATE Cache SET key = 'tasks/old', value = X'7B7D' WHERE key = 'tasks/a/b'")
    return kept


def test_an_older_store_is_migrated_once(older: Path) -> None:
    steps = {FIRST - 1: renamed} | {step: lambda rows: rows for step in range(FIRST, SCHEMA)}
    memory = load(older, steps)
    assert (list(memory.handled), "a/b" in memory.tasks) == (["Ev1"], False)
    assert schema_of(older) == str(SCHEMA).encode()
    assert load(older) == memory


def test_a_migration_that_fails_leaves_the_old_store(older: Path) -> None:
    def fails(rows: Rows) -> Rows:
        raise ZeroDivisionError(f"{len(rows)} rows")

    with pytest.raises(ZeroDivisionError):
        load(older, {FIRST - 1: fails})
    assert schema_of(older) == b"0"
    assert sql(older, "SELECT count(*) FROM Cache WHERE key = 'seen/Ev1'") == [(1,)]
