"""Which stores may be read: today's, older ones by migration, never those of a later version (rule S)."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.engine import Key
from bot.adapters.store.migrations import MIGRATIONS, Rows, to_archive
from bot.adapters.store.store import Store
from bot.domain.errors import StoreNewer
from bot.domain.fact import Kind, News, NoticeKind, Stuck, Transition, task_of
from bot.domain.memory import SCHEMA, TABLES, Changes, Memory
from bot.domain.outbox import Delivery, GivenUp, Phase, Result

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


def archive(folder: Path) -> dict[str, Delivery]:
    """All that is archived, by number."""
    values = sql(folder, "SELECT value FROM Cache WHERE key LIKE 'told/%'")
    told = [msgspec.json.decode(str(value, "utf-8"), type=Delivery) for (value,) in values]  # type: ignore[call-overload]
    return {str(each.seq): each for each in told}


@pytest.mark.parametrize("schema", range(FIRST, SCHEMA + 1))
def test_a_kept_store_is_read_exactly(tmp_path: Path, schema: int) -> None:
    memory = load(copied(schema, tmp_path))
    expected = json.loads((DATA / f"store-v{schema}" / "memory.json").read_text())
    later: dict[str, object] = {table: {} for table in TABLES if table not in expected}
    put_away = json.loads(msgspec.json.encode(archive(tmp_path)))
    assert json.loads(msgspec.json.encode(memory)) | {"archive": put_away} == expected | later
    assert load(tmp_path) == memory
    assert schema_of(tmp_path) == str(SCHEMA).encode()


@pytest.mark.parametrize("schema", range(FIRST, SCHEMA + 1))
def test_what_an_older_store_had_settled_is_found_by_its_task_and_forgotten_in_time(
    tmp_path: Path, schema: int
) -> None:
    load(copied(schema, tmp_path))
    settled = {each.seq: task_of(each.fact) for each in archive(tmp_path).values()}
    store = Store(DiskEngine(tmp_path))
    store.acquire()
    found = {each.seq: task for task in {*settled.values()} for each in store.archived(task)}
    store.commit(Changes(forget_before=10**10))
    store.close()
    assert found == settled
    assert sql(tmp_path, "SELECT key FROM Cache WHERE key LIKE 'told/%' OR key LIKE 'settled/%'") == []


def settled_row(seq: int, kind: str, ts: str, task: str = "t") -> dict[str, object]:
    fact = {"type": kind, "task": {"id": task, "state": "Running"}, "at": 1.0}
    settled = {"result": "sent", "at": 90_000.0, "conversation": "C1", "ts": ts}
    return {"seq": seq, "to": "C1", "fact": fact, "queued_at": 1.0, "settled": settled}


def test_a_migration_to_the_archive_keeps_live_what_may_still_change_and_names_keys() -> None:
    """A message of three, the second of which an audit may move; a stuck one; one that never had an address."""
    rows = [settled_row(seq, "Transition", "1.2", "a/b") for seq in (4, 5, 6)]
    rows += [settled_row(7, "Stuck", "1.3"), settled_row(8, "Stuck", "")]
    old: dict[Key, bytes] = {("deliveries", str(row["seq"])): msgspec.json.encode(row) for row in rows}
    old["meta", ""] = b'{"store":"S","seq":8}'
    old["posts", "S:5"] = b'{"members":[5]}'
    old["deliveries", "9"] = b'{"seq":9,"settled":{'
    new = to_archive(old)
    live = {key for kind, key in new if kind == "deliveries"}
    keys = {key: json.loads(new["deliveries", key])["settled"]["key"] for key in ("5", "7")}
    assert (live, keys) == ({"5", "7", "9"}, {"5": "S:4", "7": "S:7"})
    assert {key for kind, key in new if kind == "settled"} == {f"1970-01-02/{seq}" for seq in (4, 6, 8)}
    assert {key for kind, key in new if kind == "told"} == {"a%2Fb/4", "a%2Fb/6", "t/8"}
    assert to_archive(new) == new


def test_a_migration_gives_a_count_of_what_was_dropped_no_reason_that_is_not_known() -> None:
    old = {("channels", "C1"): b'{"to":"C1","parked":"x","dropped":3}', ("channels", "C2"): b'{"to":"C2"}'}
    rows = to_archive({**old, ("channels", "C3"): b"junk"})
    assert json.loads(rows["channels", "C1"]) == {"to": "C1", "parked": "x", "given_up": {"dropped": 3}}
    assert (rows["channels", "C2"], rows["channels", "C3"]) == (old["channels", "C2"], b"junk")


def test_the_newest_kept_store_holds_every_word_that_a_store_may_hold(tmp_path: Path) -> None:
    memory = load(copied(SCHEMA, tmp_path))
    facts = [delivery.fact for delivery in memory.deliveries.values() if not isinstance(delivery.fact, Stuck)]
    assert len(facts) < len(memory.deliveries)
    assert all(getattr(memory, table) for table in TABLES)
    transitions = [fact for fact in facts if isinstance(fact, Transition)]
    assert {fact.kind for fact in facts} == {*Kind, *NoticeKind}
    assert {fact.news for fact in transitions} == {*News}
    settled = [each.settled for each in (*memory.deliveries.values(), *archive(tmp_path).values()) if each.settled]
    assert {each.result for each in settled} == {*Result}
    assert {*memory.channels["C1"].given_up} == {*GivenUp}
    assert all(each.key for each in settled if each.ts)
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
