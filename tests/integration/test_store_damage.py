"""A damaged store is kept aside under a name that is told; what can be read of it goes on, what is gone is counted.

Whatever the damage, the bot starts, believes nothing that it did not write, and keeps what it commits from then on.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import replace as but
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from structlog.testing import capture_logs

from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain.errors import StoreUnusable
from bot.domain.fact import Kind, News, Transition
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Delivery, Post, Result, Settled
from bot.domain.subscription import Subscription
from bot.domain.task import Task
from tests.examples import many

ENDING = Transition(Kind.FAILED, News.ENDED, Task("task-000", "Failed"), 5.0)
QUEUED = {seq: Delivery(seq, "C1", ENDING, 5.0) for seq in range(1, 8)}
SENDING = Post("S:1", "C1", "C1", (1, 2), 0.0, 9.0)
SUBSCRIBED = {str(n): Subscription(f"C{n}", number=n) for n in range(1, 4)}
DONE = {
    seq: Delivery(seq, "C1", ENDING, 5.0, settled=Settled(Result.SENT, 6.0, "C1", f"{seq}.0", f"S:{seq}"))
    for seq in range(8, 60)
}
TASKS = {f"task-{i:03}": Snapshot(Task(id=f"task-{i:03}", state="Running", note="n" * 300)) for i in range(120)}
MORE = Changes(tasks={f"task-{i:03}": Snapshot(Task(id=f"task-{i:03}", state="Failed")) for i in range(0, 200, 3)})


def start(folder: Path) -> tuple[Store, Memory]:
    store = Store(DiskEngine(folder, patience=0.05))
    store.acquire()
    try:
        return store, store.load()
    except BaseException:
        store.close()
        raise


def made(folder: Path) -> Memory:
    store, memory = start(folder)
    changes = Changes(
        meta=Meta(memory.meta.store, seq=60, baseline_at=1.0, greeted=("C1",)),
        tasks=TASKS,
        deliveries=QUEUED,
        posts={"S:1": SENDING},
        subscriptions=SUBSCRIBED,
        archive=DONE,
    )
    store.commit(changes)
    store.close()
    return memory.after(changes)


def assert_honest(memory: Memory, before: Memory, told: Collection[Delivery]) -> None:
    """Nothing is there that was not, no number or name is used again, and all that is missing is counted."""
    meta = memory.meta
    assert (meta.store != before.meta.store, meta.lost[:17]) == (True, "store.damaged-202")
    if meta.greeting == "lost":
        assert memory == Memory(meta=meta)
        return
    assert (meta.greeting, meta.greeted) == ("damaged", ())
    unmarked = {seq: replace(each, may_repeat=False) for seq, each in memory.deliveries.items()}
    assert all(before.deliveries[seq] == each for seq, each in unmarked.items())
    assert all(before.tasks[task] == each for task, each in memory.tasks.items())
    assert all(before.subscriptions[number] == each for number, each in memory.subscriptions.items())
    assert all(each == DONE[each.seq] for each in told)
    known = "unknown" not in meta.gone
    missing = {"tasks": len(TASKS) - len(memory.tasks), "deliveries": len(QUEUED) - len(memory.deliveries)}
    missing |= {"subscriptions": len(SUBSCRIBED) - len(memory.subscriptions), "archive": len(DONE) - len(told)}
    if known:
        assert {table: meta.gone.get(table, 0) for table in missing} == missing
        assert meta.seq >= before.meta.seq - 1
    assert meta.baseline_at == (1.0 if known and not meta.gone.keys() & {"tasks", "meta"} else None)
    assert meta.seq >= max([*memory.deliveries, *(each.seq for each in told), 0])
    held = {seq for post in memory.posts.values() for seq in post.members}
    assert held <= memory.deliveries.keys()
    if "posts" in meta.gone or not known:
        assert all(each.may_repeat for seq, each in memory.deliveries.items() if seq not in held)


def assert_keeps_what_comes(folder: Path, store: Store, memory: Memory) -> None:
    store.commit(MORE)
    store.close()
    store, again = start(folder)
    store.close()
    assert again == memory.after(MORE)


def placed(folder: Path, database: bytes) -> Path:
    (folder / "store").mkdir(parents=True)
    (folder / "store" / "cache.db").write_bytes(database)
    return folder


class Sound:
    """A sound database, and what is in it; no record, since Hypothesis would print it whole."""

    def __init__(self, data: bytes, memory: Memory) -> None:
        self.data = data
        self.memory = memory
        with tempfile.TemporaryDirectory() as folder:
            self.statements = statements(placed(Path(folder), data))


def statements(folder: Path) -> list[tuple[str]]:
    """Return the CREATE statements that the database is made of."""
    uri = f"{(folder / 'store' / 'cache.db').as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        return connection.execute("SELECT sql FROM sqlite_master").fetchall()


def has_other_statements(folder: Path, made: list[tuple[str]]) -> bool:
    """Whether they read well but otherwise than they were made: without a checksum SQLite takes them at their word."""
    try:
        return statements(folder) != made
    except (sqlite3.Error, UnicodeDecodeError):
        return False


@pytest.fixture(scope="module")
def sound() -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        memory = made(Path(folder))
        return Sound((Path(folder) / "store" / "cache.db").read_bytes(), memory)


def overwritten(data: bytes, row: bytes) -> bytes:
    """Lose the page on which a row lies."""
    page = data.index(b'"' + row) // 4096 * 4096
    return data[:page] + b"\xff" * 4096 + data[page + 4096 :]


DAMAGES = [
    pytest.param(lambda _: b"", 0, id="emptied"),
    pytest.param(lambda data: data[:1], 0, id="cut after a byte"),
    pytest.param(lambda data: data[:100], 0, id="cut after the header"),
    pytest.param(lambda data: data[:4096], 0, id="cut after the first page"),
    pytest.param(lambda data: data[: len(data) // 2], 40, id="cut in the middle"),
    pytest.param(lambda data: data[:-4096], 100, id="cut before the last page"),
    pytest.param(lambda data: bytes(100) + data[100:], 0, id="the header zeroed"),
    pytest.param(lambda data: data[:18] + b"\x09" + data[19:], 120, id="of a format that SQLite may only read"),
    pytest.param(lambda data: data[:19] + b"\x09" + data[20:], 0, id="of a format that SQLite may not read"),
    pytest.param(lambda data: data[:4096] + bytes(len(data) - 4096), 0, id="all but the first page zeroed"),
    pytest.param(lambda data: overwritten(data, b"task-060"), 100, id="a page overwritten"),
    pytest.param(lambda data: data.replace(b'"state"', b'"state\xff'), 0, id="rows that are no JSON"),
    pytest.param(lambda data: data.replace(b"CREATE TABLE Cache", b"CREATE TABLE Crash"), 0, id="another schema"),
    pytest.param(lambda _: b"<html>" * 5000, 0, id="no database at all"),
]


@pytest.mark.parametrize(("damage", "kept"), DAMAGES)
def test_damage_is_moved_aside_and_told_and_what_can_be_read_goes_on(
    tmp_path: Path, sound: Sound, damage: Callable[[bytes], bytes], kept: int
) -> None:
    damaged = damage(sound.data)
    assert damaged != sound.data
    with capture_logs() as logs:
        store, memory = start(placed(tmp_path, damaged))
    assert_honest(memory, sound.memory, store.archived("task-000"))
    assert len(memory.tasks) >= kept
    assert [(line["action"], line["kept_as"], line["gone"]) for line in logs] == [
        ("store.damaged", memory.meta.lost, memory.meta.gone)
    ]
    assert (tmp_path / memory.meta.lost / "cache.db").read_bytes() == damaged
    assert_keeps_what_comes(tmp_path, store, memory)


def begin_and_remember(folder: Path, sound: Sound) -> None:
    store, memory = start(folder)
    try:
        if memory.meta.greeting == "hello":
            assert memory.meta.seq == sound.memory.meta.seq
        else:
            assert_honest(memory, sound.memory, store.archived("task-000"))
        assert_keeps_what_comes(folder, store, memory)
    finally:
        store.close()


PLACES = st.integers(0, 2**20)  # in the file, modulo its size

PICKLED = b"cos\nsystem\n(S'touch %s'\ntR."
PLANTED = [
    (
        "a pickled value",
        {"tasks": 1},
        "INSERT INTO Cache (key, raw, mode, value) VALUES ('tasks/x', 1, 4, :pickle)",
    ),
    (
        "a pickled key",
        {"unknown": 1},
        "INSERT INTO Cache (key, raw, mode, value) VALUES (:pickle, 0, 0, X'7B7D')",
    ),
    (
        "a pickle that reads like a row of ours",
        {"meta": 1},
        "UPDATE Cache SET mode = 4 WHERE key = 'meta/'",
    ),
    (
        "a pickled key that reads like one of ours",
        {"meta": 1},
        "UPDATE Cache SET raw = 0 WHERE key = 'meta/'",
    ),
    (
        "a pickled file",
        {"meta": 1},
        "UPDATE Cache SET mode = 4, filename = 'x.val', value = NULL WHERE key = 'meta/'",
    ),
    (
        "a file",
        {"meta": 1},
        "UPDATE Cache SET mode = 2, filename = '../lock', value = NULL WHERE key = 'meta/'",
    ),
    (
        "text in place of bytes",
        {"posts": 1},
        "UPDATE Cache SET value = CAST(value AS TEXT) WHERE key = 'posts/S:1'",
    ),
    (
        "a key that is no text",
        {"unknown": 1},
        "UPDATE Cache SET key = CAST(X'FF' AS TEXT) WHERE key = 'tasks/task-001'",
    ),
    (
        "a row of no table",
        {"unknown": 1},
        "UPDATE Cache SET key = 'aliens/1' WHERE key = 'tasks/task-001'",
    ),
    (
        "a row that is no JSON",
        {"tasks": 1},
        "UPDATE Cache SET value = X'7B' WHERE key = 'tasks/task-001'",
    ),
    (
        "rows that lack their fields",
        {"deliveries": 7},
        "UPDATE Cache SET value = X'7B7D' WHERE key LIKE 'deliveries/_'",
    ),
    (
        "a version that is no number",
        {},
        "UPDATE Cache SET value = X'78' WHERE key = 'schema/'",
    ),
    (
        "a version that there never was",
        {},
        "UPDATE Cache SET value = X'30' WHERE key = 'schema/'",
    ),
    (
        "no version",
        {},
        "DELETE FROM Cache WHERE key = 'schema/'",
    ),
    (
        "no row about itself",
        {"meta": 1},
        "DELETE FROM Cache WHERE key = 'meta/'",
    ),
]


@pytest.mark.parametrize(("gone", "planting"), [pytest.param(*rest, id=name) for name, *rest in PLANTED])
def test_what_the_bot_never_wrote_is_left_behind_unopened_and_all_else_goes_on(
    tmp_path: Path, gone: dict[str, int], planting: str
) -> None:
    before = made(tmp_path)
    opened = tmp_path / "opened"
    pickle = PICKLED % bytes(opened)
    (tmp_path / "store" / "x.val").write_bytes(pickle)
    with closing(sqlite3.connect(tmp_path / "store" / "cache.db", isolation_level=None)) as other:
        other.execute(planting, {"pickle": pickle} if ":pickle" in planting else {})
    store, memory = start(tmp_path)
    assert not opened.exists()
    assert memory.meta.gone == gone
    missing = {table: gone.get(table, 0) for table in ("deliveries", "posts")}
    missing["posts"] |= "deliveries" in gone  # its members are gone
    assert {table: len(getattr(before, table)) - len(getattr(memory, table)) for table in missing} == missing
    assert len(before.tasks) - len(memory.tasks) == ("task-001" in planting)
    assert memory.subscriptions == before.subscriptions
    assert store.archived("task-000") == tuple(DONE.values())
    assert memory.meta.seq >= 59
    assert_keeps_what_comes(tmp_path, store, memory)


def test_an_archived_row_that_is_damaged_is_left_out_and_noted(tmp_path: Path) -> None:
    """A start does not read the archive, so it is found when somebody asks."""
    before = made(tmp_path)
    with closing(sqlite3.connect(tmp_path / "store" / "cache.db", isolation_level=None)) as other:
        other.execute("UPDATE Cache SET value = X'7B' WHERE key = 'told/task-000/9'")
    with capture_logs() as logs:
        store, memory = start(tmp_path)
        told = store.archived("task-000")
    assert memory == before
    assert told == tuple(each for each in DONE.values() if each.seq != 9)
    assert [(line["action"], line["task"], line["rows"]) for line in logs] == [("store.archive", "task-000", 1)]
    store.close()


def test_a_store_without_its_table_begins_anew(tmp_path: Path) -> None:
    made(tmp_path)
    with closing(sqlite3.connect(tmp_path / "store" / "cache.db", isolation_level=None)) as other:
        other.execute("DROP TABLE Cache")
    store, memory = start(tmp_path)
    assert memory == Memory(meta=Meta(memory.meta.store, greeting="lost", lost=memory.meta.lost))
    assert_keeps_what_comes(tmp_path, store, memory)


@given(place=PLACES, junk=st.binary(min_size=1, max_size=600))
@many(60)
def test_any_stretch_overwritten_still_lets_the_bot_start_and_remember(sound: Sound, place: int, junk: bytes) -> None:
    at = place % len(sound.data)
    with tempfile.TemporaryDirectory() as folder:
        path = placed(Path(folder), sound.data[:at] + junk + sound.data[at + len(junk) :])
        assume(not has_other_statements(path, sound.statements))
        try:
            begin_and_remember(path, sound)
        except StoreUnusable:  # damage that only a write shows
            begin_and_remember(path, sound)


@given(place=PLACES)
@many(30)
def test_a_database_cut_anywhere_is_moved_aside(sound: Sound, place: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, memory = start(placed(Path(folder), sound.data[: place % len(sound.data)]))
        assert_honest(memory, sound.memory, store.archived("task-000"))
        assert_keeps_what_comes(Path(folder), store, memory)


def test_damage_that_only_a_write_shows_is_moved_aside_at_the_next_start(tmp_path: Path) -> None:
    memory = made(tmp_path)
    with closing(sqlite3.connect(tmp_path / "store" / "cache.db", isolation_level=None)) as other:
        other.execute("CREATE TRIGGER planted AFTER INSERT ON Cache BEGIN INSERT INTO nowhere VALUES (1); END")
    store, again = start(tmp_path)
    assert again == memory
    with pytest.raises(StoreUnusable, match=r"its database is damaged .*Restart the bot"):
        store.commit(MORE)
    store.close()
    store, fresh = start(tmp_path)
    assert (fresh.meta.greeting, fresh.meta.gone, fresh.meta.baseline_at) == ("damaged", {}, 1.0)
    assert fresh == but(memory, meta=fresh.meta)
    assert_keeps_what_comes(tmp_path, store, fresh)


def test_two_damages_are_kept_under_two_names(tmp_path: Path) -> None:
    names = set()
    for _ in range(2):
        placed(tmp_path / "x", b"junk").joinpath("store").rename(tmp_path / "store")
        (tmp_path / "x").rmdir()
        store, memory = start(tmp_path)
        store.close()
        names.add(memory.meta.lost)
        (tmp_path / "store").rename(tmp_path / f"kept-{len(names)}")
    assert names == {path.name for path in tmp_path.glob("store.damaged-*")}
    assert len(names) == 2
