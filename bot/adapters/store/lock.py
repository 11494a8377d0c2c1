"""One bot per data folder: a lock that the system drops with the process, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

from bot.adapters.store.faults import unusable
from bot.domain.errors import StoreHeld

GLANCE: Final = 0.5  # seconds; `is_held` of a passing `prewarm-bot check` lets go far sooner
NAME: Final = "lock"


class FolderLock:
    """The lock on one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def acquire(self) -> None:
        """Take it, making the folder (mode 0700) where it is missing. Raise StoreHeld or StoreUnusable."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
            _wait(self._file)
        except BlockingIOError as error:
            self.release()
            raise StoreHeld(folder=self._folder) from error
        except OSError as error:
            self.release()
            raise unusable(error, self._folder) from error

    def release(self) -> None:
        """Let go; once more does nothing."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def is_held(folder: Path) -> bool:
    """Whether a bot runs on this folder. Holds nothing: a bot that starts at this instant waits it out."""
    try:
        file = os.open(folder / NAME, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _wait(file: int) -> None:
    deadline = time.monotonic() + GLANCE
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)
