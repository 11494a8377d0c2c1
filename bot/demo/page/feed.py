"""Everything that changes in the workspace, numbered, so that a page which lost its connection can go on where it was.

Messages come from the workspace's own subscription, on whichever thread made the change. It has none for AppHomes and
channels; a look at them ten times a second, on the page's loop, finds what became of those.
"""

import asyncio
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.demo.page import view as page_view
from bot.demo.slack.records import Change, Channel, Json
from bot.demo.slack.workspace import SlackWorkspace

KEPT: Final = 1000  # entries; a page that missed more begins anew
LOOK_EVERY: Final = 0.1  # seconds


@dataclass(frozen=True)
class Entry:
    """One change; `shown` returns what a person is told of it, None where it is not for them."""

    number: int
    name: str
    shown: Callable[[str], Json | None]


class Feed:
    """The changes since the start. `id` begins every position, so that no other run's position is taken for ours."""

    def __init__(self, workspace: SlackWorkspace) -> None:
        self.id = secrets.token_hex(4)
        self._workspace = workspace
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bell = asyncio.Event()

    @property
    def position(self) -> str:
        """Where the feed stands now."""
        return f"{self.id}-{self._count}"

    def since(self, position: str) -> list[Entry] | None:
        """What came after a position; None if that is unknown or too long ago."""
        run, _, number = position.rpartition("-")
        with self._lock:
            oldest = self._count - len(self._entries)
            if run != self.id or not number.isdecimal() or not oldest <= int(number) <= self._count:
                return None
            return [entry for entry in self._entries if entry.number > int(number)]

    async def follow(self) -> None:
        """Collect changes until cancelled; on the page's loop."""
        self._loop = asyncio.get_running_loop()
        unsubscribe = self._workspace.subscribe(self._message)
        try:
            await self._look()
        finally:
            unsubscribe()

    async def rung(self, seconds: float) -> None:
        """Wait until something changed, at most so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), seconds)

    async def _look(self) -> None:
        version, homes, channels = -1, dict(self._workspace.homes), dict(self._workspace.channels)
        while True:
            if version != self._workspace.version:
                version = self._workspace.version
                homes, channels = self._homes(homes), self._channels(channels)
                self._ring()
            await asyncio.sleep(LOOK_EVERY)

    def _homes(self, before: Mapping[str, Json]) -> dict[str, Json]:
        now = dict(self._workspace.homes)
        for person, view in now.items():
            if before.get(person) is not view:
                self._add("home", partial(self._home, person))
        return now

    def _home(self, person: str, me: str) -> Json | None:
        return page_view.home_of(self._workspace, me) if me == person else None

    def _channels(self, before: Mapping[str, Channel]) -> dict[str, Channel]:
        now = dict(self._workspace.channels)
        if now != before:
            self._add("channels", lambda me: {"channels": page_view.channels_of(self._workspace, me)})
        return now

    def _message(self, change: Change) -> None:
        told = {"kind": change.kind, "message": page_view.shown(self._workspace, change.message)}
        seen = change.message
        self._add("message", lambda me: told if page_view.sees(self._workspace, me, seen) else None)
        if self._loop is not None:
            with suppress(RuntimeError):  # the page has just stopped; the workspace goes on
                self._loop.call_soon_threadsafe(self._ring)

    def _add(self, name: str, shown: Callable[[str], Json | None]) -> None:
        with self._lock:
            self._count += 1
            self._entries.append(Entry(self._count, name, shown))

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()
