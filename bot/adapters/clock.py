"""What time it is here, and elsewhere: a server's clock, read from the `Date` header of its answers.

The host's wall clock may step; the monotonic clock does not. So a server's time is its last `Date` plus the monotonic
time since (P4, D11).
"""

import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from bot.domain.outbox import Now


def tick() -> float:
    """Return seconds that only grow, and that also count while the host sleeps where the system can tell."""
    return time.clock_gettime(BOOT) if BOOT is not None else time.monotonic()


BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class HostClock:
    """The time of this process and how its threads let it pass. A simulation hands the bot another one."""

    def tick(self) -> float:
        """Return seconds that only grow (`tick`)."""
        return tick()

    def awake(self) -> float:
        """Return seconds that only grow, and stand still while the host sleeps (P6)."""
        return time.monotonic()

    def time(self) -> float:
        """Return the wall clock in Unix seconds: for people, and until a server has told its time."""
        return time.time()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set, at most so many seconds; return whether it is."""
        return event.wait(seconds)


class ServerClock:
    """A server's now, as bounds: `Date` has whole seconds and travelled for a while.

    `tick` counts the time since; `awake` stands still while the host sleeps (P6).
    """

    def __init__(self, tick: Callable[[], float] = tick, awake: Callable[[], float] = time.monotonic) -> None:
        self.tick, self._awake = tick, awake
        self._lock = threading.Lock()
        self._heard: tuple[float, float, float] | None = None

    def heard(self, date: str | None, asked: float, came: float) -> None:
        """Take in a `Date` header and when, by `tick`, the request went out and the answer came."""
        try:
            stamp = parsedate_to_datetime(date or "").timestamp()
        except ValueError:
            return
        with self._lock:
            self._heard = (stamp, asked, came)

    def now(self) -> Now | None:
        """Return Slack's (or the API's) now, or None before the first `Date` in this process."""
        with self._lock:
            heard = self._heard
        if heard is None:
            return None
        stamp, asked, came = heard
        tick = self.tick()
        return Now(lower=stamp + tick - came, upper=stamp + 1 + tick - asked, awake=self._awake())
