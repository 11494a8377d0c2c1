"""The languages that people have set in Slack: asked for one at a time, remembered for an hour.

Whoever words a message takes what is known and never waits; the question goes out beside it, so that the next message
is in the person's language.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.language import Language

GOOD_FOR: Final = 3_600.0  # seconds; also for people of whom Slack tells nothing
PEOPLE_AT_MOST: Final = 5_000


class Slack(Protocol):
    """Asking for a person's language ("zh-CN", "" when it is not told); it does not raise."""

    def locale(self, user: str) -> str: ...


@dataclass(frozen=True, slots=True)
class _Known:
    language: Language | None
    at: float  # tick


class Locales:
    """Knows people's languages. Safe for many threads."""

    def __init__(self, slack: Slack, *, tick: Callable[[], float]) -> None:
        self._slack, self._tick = slack, tick
        self._known: dict[str, _Known] = {}  # the oldest first
        self._asking: set[str] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="locale")

    def known(self, user: str) -> Language | None:
        """Return what is known, without waiting; see to it that it will be."""
        self.expect([user])
        return self._language(user)

    def ask(self, user: str) -> Language | None:
        """Return a person's language; waits for one request to Slack where it is not known."""
        if self._is_due(user):
            self._learn(user)
        return self._language(user)

    def expect(self, users: Iterable[str]) -> None:
        """Learn the languages of people who will be written to; returns at once."""
        with self._lock:
            due = [user for user in users if user and user not in self._asking and self._is_due(user)]
            self._asking.update(due)
        for user in due:
            self._pool.submit(self._learn, user)

    def stop(self) -> None:
        """Ask no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _language(self, user: str) -> Language | None:
        known = self._known.get(user)
        return known.language if known else None

    def _is_due(self, user: str) -> bool:
        known = self._known.get(user)
        return known is None or self._tick() - known.at > GOOD_FOR

    def _learn(self, user: str) -> None:
        locale = self._slack.locale(user)
        with self._lock:
            self._asking.discard(user)
            before = self._known.pop(user, None)
            language = _language_of(locale) if locale or before is None else before.language
            self._known[user] = _Known(language, self._tick())
            while len(self._known) > PEOPLE_AT_MOST:
                del self._known[next(iter(self._known))]


def _language_of(locale: str) -> Language | None:
    """Return the language of "zh-CN"; None for one in which there are no words."""
    code = locale.partition("-")[0].casefold()
    return next((language for language in Language if language.value == code), None)
