"""`prewarm-bot check` looks at a data folder from outside: it says what `run` would find, and leaves no trace."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.peek import Glance, peek
from bot.adapters.store.store import Store
from bot.domain.errors import StoreNewer, StoreUnusable
from bot.domain.memory import SCHEMA, Changes

ROWS = 3  # the schema, the memory as a whole, and one that was handled


def opened(folder: Path) -> Store:
    store = Store(DiskEngine(folder))
    store.acquire()
    store.load()
    store.commit(Changes(handled={"Ev1": 1.0}))
    return store


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    opened(tmp_path).close()
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sql(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "store" / "cache.db", isolation_level=None)) as connection:
        connection.execute(statement, values)


def test_a_folder_that_is_not_there_can_be_used_and_is_not_made(tmp_path: Path) -> None:
    assert peek(tmp_path / "a" / "data") == Glance()
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_counted_and_nothing_is_written(closed: Path) -> None:
    before = files(closed)
    assert peek(closed) == Glance(schema=SCHEMA, rows=ROWS)
    assert files(closed) == before


def test_a_running_bot_is_seen_and_not_disturbed(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert peek(tmp_path) == Glance(held=True, schema=SCHEMA, rows=ROWS)
    store.commit(Changes(handled={"Ev2": 1.0}))
    assert peek(tmp_path) == Glance(held=True, schema=SCHEMA, rows=ROWS + 1)
    store.close()


def test_a_look_keeps_no_bot_from_starting(closed: Path) -> None:
    peek(closed)
    opened(closed).close()


def test_a_later_version_s_store_is_trouble(closed: Path) -> None:
    sql(closed, "UPDATE Cache SET value = ? WHERE key = 'schema/'", str(SCHEMA + 1).encode())
    assert isinstance(peek(closed).trouble, StoreNewer)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("DELETE FROM Cache WHERE key = 'schema/'", id="no version"),
        pytest.param("UPDATE Cache SET value = 'x' WHERE key = 'schema/'", id="a version that is no number"),
        pytest.param("DROP TABLE Cache", id="no table"),
    ],
)
def test_a_damaged_store_is_damage_and_no_trouble(closed: Path, statement: str) -> None:
    sql(closed, statement)
    glance = peek(closed)
    assert glance.damage
    assert glance.trouble is None


def test_a_file_that_is_no_database_is_damage(closed: Path) -> None:
    (closed / "store" / "cache.db").write_bytes(b"junk" * 2000)
    assert peek(closed).damage == "file is not a database"


def test_a_marked_store_is_damage(closed: Path) -> None:
    (closed / "store" / "damaged").touch()
    assert peek(closed).damage == "a commit found it damaged"


def test_a_missing_database_is_damage(closed: Path) -> None:
    (closed / "store" / "cache.db").unlink()
    assert peek(closed).damage == "cache.db is missing"


def test_a_file_in_place_of_the_folder_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    for folder in (tmp_path / "data", tmp_path / "data" / "deeper"):
        assert isinstance(peek(folder).trouble, StoreUnusable)
