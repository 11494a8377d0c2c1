"""When something may be said in a conversation (P8): posts and answers keep one pace."""

import threading
from collections.abc import Callable

from bot.domain.outbox import Refused, SendOutcome
from bot.domain.verdict import RETRY_AFTER_AT_MOST


class Pace:
    """One message per second per conversation, from the end of the last request and from the start (P8).

    A person's lane and the answers in their direct message are two threads on one conversation, so a slot is taken.
    """

    def __init__(self, tick: Callable[[], float], seconds: float = 1.0) -> None:
        self._tick, self._seconds = tick, seconds
        self._start = self._everywhere = tick()
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, conversation: str) -> float:
        """Take the slot and return 0, or return the seconds until there is one."""
        with self._lock:
            now = self._tick()
            last = max(self._last.get(conversation, self._start), self._everywhere)
            wait = max(0.0, last + self._seconds - now)
            if not wait:
                self._last[conversation] = now
            return wait

    def spent(self, conversation: str, outcome: SendOutcome) -> None:
        """Note that a request for it has just ended, and what Slack asked for: a 429 pauses answers, too."""
        asked = (outcome.retry_after or 0.0) if isinstance(outcome, Refused) else 0.0
        until = self._tick() + max(0.0, min(asked, RETRY_AFTER_AT_MOST) - self._seconds)
        with self._lock:
            self._last[conversation] = until
            if isinstance(outcome, Refused) and outcome.everywhere:
                self._everywhere = max(self._everywhere, until)
