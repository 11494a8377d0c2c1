"""Making a store: private, set for keeping and not for caching, and never half made (rule S)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.store.cache import open_cache
from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.engine import Damaged
from bot.adapters.store.store import Store
from bot.domain.memory import Changes, Memory

PICKLED = b"cos\nsystem\n(S'touch opened'\ntR."


def start(folder: Path) -> tuple[Store, Memory]:
    store = Store(DiskEngine(folder))
    store.acquire()
    return store, store.load()


def load(folder: Path) -> Memory:
    store, memory = start(folder)
    store.close()
    return memory


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_data_folder_that_is_made_is_private(tmp_path: Path) -> None:
    load(tmp_path / "a" / "data")
    assert (mode(tmp_path / "a" / "data"), mode(tmp_path / "a" / "data" / "store")) == (0o700, 0o700)


def test_a_store_that_others_may_read_is_made_private_and_the_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "store").chmod(0o755)
    tmp_path.chmod(0o755)
    load(tmp_path)
    assert (mode(tmp_path), mode(tmp_path / "store")) == (0o755, 0o700)


def test_nothing_is_evicted_counted_or_left_unsynced(tmp_path: Path) -> None:
    load(tmp_path)
    with closing(open_cache(tmp_path / "store", patience=0.1)) as cache:
        settings = {key: getattr(cache, key) for key in ("eviction_policy", "cull_limit", "statistics", "tag_index")}
        assert settings == {"eviction_policy": "none", "cull_limit": 0, "statistics": 0, "tag_index": 0}
        assert cache._sql("PRAGMA synchronous").fetchone() == (2,)
        assert cache._sql("PRAGMA mmap_size").fetchone() == (0,)


def test_a_commit_of_nothing_writes_nothing(tmp_path: Path) -> None:
    store, _ = start(tmp_path)
    with closing(sqlite3.connect(tmp_path / "store" / "cache.db")) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        store.commit(Changes())
        assert other.execute("PRAGMA data_version").fetchone() == before
        store.commit(Changes(handled={"Ev1": 1.0}))
        assert other.execute("PRAGMA data_version").fetchone() != before
    store.close()


def test_a_store_half_made_when_the_bot_was_killed_is_made_anew(tmp_path: Path) -> None:
    with closing(open_cache(tmp_path / "store.new", patience=0.1)):
        pass
    assert load(tmp_path).meta.greeting == "hello"
    assert not (tmp_path / "store.new").exists()


def test_a_store_whole_but_not_yet_in_its_place_is_put_there(tmp_path: Path) -> None:
    made = load(tmp_path)
    (tmp_path / "store").rename(tmp_path / "store.ready")
    assert load(tmp_path) == made


def test_a_store_made_beside_a_damaged_one_that_was_not_yet_moved_is_made_anew(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "store").rename(tmp_path / "store.ready")
    (tmp_path / "store").mkdir()
    meta = load(tmp_path).meta
    assert meta.greeting == "lost"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "store", meta.lost]


def test_only_text_and_bytes_go_in(tmp_path: Path) -> None:
    with closing(open_cache(tmp_path / "store", patience=0.1)) as cache:
        with pytest.raises(TypeError, match="a key is text, not tuple"):
            cache.set(("a", "b"), b"")
        with pytest.raises(TypeError, match="the value of a is bytes, not dict"):
            cache.set("a", {})
        with pytest.raises(TypeError, match="the value of a is bytes"):
            cache.set("a", b"", read=True)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(("k", 1, 4, None, PICKLED), id="a pickled value"),
        pytest.param(("k", 1, 2, "../lock", None), id="a file as a value"),
        pytest.param(("k", 1, 0, None, "text"), id="a text as a value"),
    ],
)
def test_diskcache_itself_does_not_open_what_was_planted(tmp_path: Path, row: tuple[object, ...]) -> None:
    with closing(open_cache(tmp_path / "store", patience=0.1)) as cache:
        cache._sql("INSERT INTO Cache (key, raw, mode, filename, value) VALUES (?, ?, ?, ?, ?)", row)
        with pytest.raises(Damaged, match="not opened"):
            cache.get("k")


def test_diskcache_itself_does_not_open_a_planted_key(tmp_path: Path) -> None:
    with closing(open_cache(tmp_path / "store", patience=0.1)) as cache:
        cache._sql("INSERT INTO Cache (key, raw, mode, value) VALUES (?, 0, 0, '')", [PICKLED])
        with pytest.raises(Damaged, match="not opened"):
            list(cache)
