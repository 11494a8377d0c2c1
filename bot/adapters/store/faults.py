"""What SQLite or the system refused, in words for people.

SQLite tells by a number, the system by another, diskcache hides both behind `Timeout`. Here they become one of five
causes with a remedy, or the finding that the database is damaged.
"""

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import Final

import diskcache

from bot.domain.errors import StoreUnusable

FAULTS: Final = (sqlite3.Error, OSError, diskcache.Timeout, UnicodeDecodeError)  # the last: of a damaged text
ROOM_AT_LEAST: Final = 2**16  # bytes; a new shared-memory file of SQLite takes half of it

_Cause = tuple[str, str]  # why, and the remedy
_FULL: Final = ("no space is left", "Free some space on its disk, or raise the quota.")
_SHUT: Final = (
    "it may not be read or written",
    "Give the bot's user the right to write there, or set PREWARM_DATA_DIR to another folder.",
)
_BUSY: Final = ("another program keeps its database locked", "End the program that has its cache.db open.")
_SICK: Final = ("its disk reports errors", "Look after that disk, its mount and its free space.")
_DAMAGED: Final = (
    "its database is damaged",
    "Restart the bot: it moves the damaged store aside and goes on with what can be read.",
)

_BY_SQLITE: Final = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_PERM: _SHUT,
    sqlite3.SQLITE_READONLY: _SHUT,
    sqlite3.SQLITE_CANTOPEN: _SHUT,
    sqlite3.SQLITE_AUTH: _SHUT,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FORMAT: _DAMAGED,
    sqlite3.SQLITE_ERROR: _DAMAGED,  # our statements are fixed: it is a table or trigger that is not as it was made
    sqlite3.SQLITE_CONSTRAINT: _DAMAGED,  # an index found no row, and then there was one
    sqlite3.SQLITE_MISMATCH: _DAMAGED,
}
_BY_SYSTEM: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _SHUT,
    errno.EPERM: _SHUT,
    errno.EROFS: _SHUT,
    errno.EEXIST: _SHUT,  # a file stands where a folder should
    errno.ENOTDIR: _SHUT,
}


def unusable(error: Exception, folder: Path) -> StoreUnusable:
    """Return the error that people read for what was refused in this folder."""
    why, remedy = _cause(error)
    if (why, remedy) == _SICK and _is_full(folder):
        why, remedy = _FULL  # SQLite cannot grow its shared memory, and calls that an I/O error
    return StoreUnusable(folder=folder, why=why, detail=str(error) or type(error).__name__, remedy=remedy)


def is_damage(error: Exception) -> bool:
    """Whether the database itself is at fault, and not its surroundings (which may be mended)."""
    return _cause(error) is _DAMAGED


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < ROOM_AT_LEAST
    except OSError:
        return False


def _cause(error: Exception) -> _Cause:
    if isinstance(error, OSError):
        return _BY_SYSTEM.get(error.errno or 0, _SICK)
    if isinstance(error, diskcache.Timeout):
        return _BUSY
    if not hasattr(error, "sqlite_errorcode"):  # the sqlite3 module itself could not decode a text
        return _DAMAGED
    return _BY_SQLITE.get(error.sqlite_errorcode & 0xFF, _SICK)
