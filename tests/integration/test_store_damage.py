"""A damaged store is kept aside under a name that is told, and the memory begins anew (issue: the store survives).

Whatever the damage, the bot starts, and what it commits from then on is kept.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters.store import Store
from bot.adapters.store_disk import DiskEngine
from bot.domain.errors import StoreUnusable
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.task import Task
from tests.examples import many

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
    changes = Changes(meta=Meta(memory.meta.store, seq=7), tasks=TASKS)
    store.commit(changes)
    store.close()
    return memory.after(changes)


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


DAMAGES = [
    pytest.param(lambda _: b"", id="emptied"),
    pytest.param(lambda data: data[:1], id="cut after a byte"),
    pytest.param(lambda data: data[:100], id="cut after the header"),
    pytest.param(lambda data: data[:4096], id="cut after the first page"),
    pytest.param(lambda data: data[: len(data) // 2], id="cut in the middle"),
    pytest.param(lambda data: data[:-4096], id="cut before the last page"),
    pytest.param(lambda data: data[:-1], id="cut before the last byte"),
    pytest.param(lambda data: bytes(100) + data[100:], id="the header zeroed"),
    pytest.param(lambda data: data[:18] + b"\x09" + data[19:], id="of a format that SQLite may only read"),
    pytest.param(lambda data: data[:19] + b"\x09" + data[20:], id="of a format that SQLite may not read"),
    pytest.param(lambda data: data[:4096] + bytes(len(data) - 4096), id="all but the first page zeroed"),
    pytest.param(lambda data: data[:8192] + b"\xff" * 4096 + data[12288:], id="a page overwritten"),
    pytest.param(lambda data: data.replace(b'"state"', b'"state\xff'), id="rows that are no JSON"),
    pytest.param(lambda data: data.replace(b"CREATE TABLE Cache", b"CREATE TABLE Crash"), id="another schema"),
    pytest.param(lambda _: b"<html>" * 5000, id="no database at all"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_moved_aside_and_told(tmp_path: Path, sound: Sound, damage: Callable[[bytes], bytes]) -> None:
    damaged = damage(sound.data)
    assert damaged != sound.data
    with capture_logs() as logs:
        store, memory = start(placed(tmp_path, damaged))
    assert memory == Memory(meta=Meta(memory.meta.store, greeting="lost", lost=memory.meta.lost))
    assert memory.meta.store != sound.memory.meta.store
    assert memory.meta.lost.startswith("store.damaged-20")
    assert [(line["action"], line["kept_as"]) for line in logs] == [("store.damaged", memory.meta.lost)]
    assert (tmp_path / memory.meta.lost / "cache.db").read_bytes() == damaged
    assert_keeps_what_comes(tmp_path, store, memory)


def begin_and_remember(folder: Path, sound: Sound) -> None:
    store, memory = start(folder)
    try:
        assert memory.meta.greeting == "lost" or memory.meta.seq == sound.memory.meta.seq
        assert_keeps_what_comes(folder, store, memory)
    finally:
        store.close()


PLACES = st.integers(0, 2**20)  # in the file, modulo its size

PICKLED = b"cos\nsystem\n(S'touch %s'\ntR."
PLANTED = [
    pytest.param("INSERT INTO Cache (key, raw, mode, value) VALUES ('tasks/x', 1, 4, :pickle)", id="a pickled value"),
    pytest.param("INSERT INTO Cache (key, raw, mode, value) VALUES (:pickle, 0, 0, X'7B7D')", id="a pickled key"),
    pytest.param("UPDATE Cache SET mode = 4 WHERE key = 'meta/'", id="a pickle that reads like a row of ours"),
    pytest.param("UPDATE Cache SET raw = 0 WHERE key = 'meta/'", id="a pickled key that reads like one of ours"),
    pytest.param(
        "UPDATE Cache SET mode = 4, filename = 'x.val', value = NULL WHERE key = 'meta/'", id="a pickled file"
    ),
    pytest.param("UPDATE Cache SET mode = 2, filename = '../lock', value = NULL WHERE key = 'meta/'", id="a file"),
    pytest.param("UPDATE Cache SET value = CAST(value AS TEXT)", id="text in place of bytes"),
    pytest.param("UPDATE Cache SET key = CAST(X'FF' AS TEXT) WHERE key = 'tasks/task-001'", id="a key that is no text"),
    pytest.param("UPDATE Cache SET key = 'aliens/1' WHERE key = 'tasks/task-001'", id="a row of no table"),
    pytest.param("UPDATE Cache SET value = X'7B' WHERE key = 'tasks/task-001'", id="a row that is no JSON"),
    pytest.param("UPDATE Cache SET value = X'7B7D' WHERE key = 'tasks/task-001'", id="a row that lacks its fields"),
    pytest.param("UPDATE Cache SET value = X'78' WHERE key = 'schema/'", id="a version that is no number"),
    pytest.param("UPDATE Cache SET value = X'30' WHERE key = 'schema/'", id="a version that there never was"),
    pytest.param("DELETE FROM Cache WHERE key = 'schema/'", id="no version"),
    pytest.param("DELETE FROM Cache WHERE key = 'meta/'", id="no row about itself"),
    pytest.param("DROP TABLE Cache", id="no table"),
]


@pytest.mark.parametrize("planting", PLANTED)
def test_what_the_bot_never_wrote_is_moved_aside_unopened(tmp_path: Path, planting: str) -> None:
    made(tmp_path)
    opened = tmp_path / "opened"
    pickle = PICKLED % bytes(opened)
    (tmp_path / "store" / "x.val").write_bytes(pickle)
    with closing(sqlite3.connect(tmp_path / "store" / "cache.db", isolation_level=None)) as other:
        other.execute(planting, {"pickle": pickle} if ":pickle" in planting else {})
    store, memory = start(tmp_path)
    assert memory.meta.greeting == "lost"
    assert not opened.exists()
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
        assert memory.meta.greeting == "lost"
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
    assert fresh.meta.greeting == "lost"
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
