"""A look at a data folder from outside, for `prewarm-bot check`: it holds no lock and leaves nothing behind."""

import errno
import os
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from diskcache.core import DBNAME

from bot.adapters.store.cache import connect
from bot.adapters.store.disk import MARK
from bot.adapters.store.engine import VERSION, Damaged
from bot.adapters.store.faults import FAULTS, is_damage, unusable
from bot.adapters.store.lock import is_held
from bot.domain.errors import StoreError, StoreNewer
from bot.domain.memory import SCHEMA


@dataclass(frozen=True)
class Glance:
    """What a look showed. A folder without `trouble` can be used, once nobody holds it."""

    held: bool = False  # a bot is running on it
    schema: int | None = None  # None: no store yet
    rows: int = 0
    trouble: StoreError | None = None  # why `run` would refuse it
    damage: str = ""  # why `run` would move the store aside and begin anew


def peek(folder: Path) -> Glance:
    """Look whether the bot could use this folder."""
    try:
        _check_access(folder)
        return _look(folder, held=is_held(folder))
    except StoreError as trouble:
        return Glance(trouble=trouble)
    except Damaged as damage:
        return Glance(damage=str(damage))
    except FAULTS as error:
        return Glance(damage=str(error)) if is_damage(error) else Glance(trouble=unusable(error, folder))


def _look(folder: Path, *, held: bool) -> Glance:
    store = folder / "store"
    if not store.exists():
        return Glance(held=held)
    if (store / MARK).exists():
        raise Damaged("a commit found it damaged")
    _check_access(store / DBNAME)
    still = not (store / f"{DBNAME}-wal").exists()
    with closing(connect(store, still=still)) as connection:
        version = connection.execute("SELECT value FROM Cache WHERE key = ?", ["/".join(VERSION)]).fetchone()
        (rows,) = connection.execute("SELECT count(*) FROM Cache").fetchone()
    if version is None or not version[0].isdigit():
        raise Damaged("it has no schema version")
    if (schema := int(version[0])) > SCHEMA:
        raise StoreNewer(folder=folder, found=schema, known=SCHEMA)
    return Glance(held=held, schema=schema, rows=rows)


def _check_access(path: Path) -> None:
    """Raise OSError unless it could be written or, where it is missing, made."""
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    if there != path and not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    wanted = os.R_OK | os.W_OK | (os.X_OK if there.is_dir() else 0)
    if not os.access(there, wanted, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))
    if there.is_dir():
        _write(there)


def _write(folder: Path) -> None:
    """Write a file that is gone again at once. Root has every right everywhere, and still cannot write in /proc."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"prewarm-bot check")
            file.flush()
    except FileNotFoundError as error:  # what /proc answers
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder)) from error
