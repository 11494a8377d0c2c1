"""Time that passes only when told to, for a bot whose threads are real.

One thread runs at a time: the driver, or one of the courier's, which hands its turn back whenever it waits. When all of
them wait, the driver moves the time to the next moment at which somebody wanted to go on. So months pass as fast as the
work of the bot allows, in an order that a seed repeats, and nothing in the bot is stepped by hand.
"""

import threading
from collections.abc import Callable
from typing import Final, TypeVar

from bot.adapters.clock import HostClock
from tests.fakes import Killed

T = TypeVar("T")
BEGAN: Final = 1_798_761_600.0  # 2027-01-01, Unix seconds
ACTORS: Final = ("courier", "edits", "lane ")  # the names of threads that wait by this clock
GLANCE: Final = 0.0002  # real seconds between two looks whether work has ended
PATIENCE: Final = 30.0  # real seconds that a turn may take


class SimulatedClock(HostClock):
    """The clock of the bot and of both servers. `dead`: the process was killed; its threads end where they stand."""

    def __init__(self) -> None:
        self.at = BEGAN
        self.dead = False
        self._changed = threading.Condition()
        self._turn: threading.Thread | None = None  # None: the driver's
        self._ended: set[threading.Thread] = set()  # those that are about to be gone
        self._waiting: dict[threading.Thread, tuple[float, threading.Event | None]] = {}

    # ---- what the bot sees

    def tick(self) -> float:
        return self.at - BEGAN

    def awake(self) -> float:
        return self.at - BEGAN

    def time(self) -> float:
        return self.at

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self._pause(threading.current_thread(), self.at + seconds, event)
        return event.is_set()

    def in_turn(self, run: Callable[..., None]) -> Callable[..., None]:
        """Have a new thread wait for its first turn."""

        def waits_first(*arguments: object) -> None:
            thread = threading.current_thread()
            try:
                self._pause(thread, self.at, None)
                run(*arguments)
            finally:
                with self._changed:
                    self._ended.add(thread)
                    self._turn = None
                    self._changed.notify_all()

        return waits_first

    # ---- what the driver does

    def run_until(self, moment: float) -> None:
        """Let the bot's threads run until all of them wait for something later than `moment`. Raises Killed."""
        while (due := self._next(moment)) is not None:
            at, thread = due
            self.at = max(self.at, at)
            self._give_turn(thread)
            if self.dead:
                raise Killed
        self.at = max(self.at, moment)

    def meanwhile(self, work: Callable[[], T]) -> T:
        """Do something that waits for the bot's threads, and give them their turns at the present moment."""
        results: list[T] = []
        worker = threading.Thread(target=lambda: results.append(work()), name="meanwhile")
        worker.start()
        while worker.is_alive():
            if (due := self._next(self.at)) is not None:
                self._give_turn(due[1])
            worker.join(GLANCE)
        return results[0]

    def bury(self) -> None:
        """End all threads of a process that was killed; the next process begins with none."""
        with self._changed:
            self.dead = True
            self._changed.notify_all()
        for thread in actors():
            thread.join(PATIENCE)
        self.dead, self._turn = False, None
        self._waiting.clear()

    # ---- turns

    def _pause(self, thread: threading.Thread, until: float, event: threading.Event | None) -> None:
        with self._changed:
            self._waiting[thread] = (until, event)
            self._turn = None
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._turn is thread or self.dead)
            self._waiting.pop(thread, None)
        if self.dead:
            raise Killed

    def _give_turn(self, thread: threading.Thread) -> None:
        with self._changed:
            self._turn = thread
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._turn is None, PATIENCE), f"{thread} does not come to rest"

    def _next(self, moment: float) -> tuple[float, threading.Thread] | None:
        """Return who goes on first, and when; None when nobody does up to `moment`."""
        with self._changed:
            assert self._changed.wait_for(self._all_wait, PATIENCE), f"these do not come to rest: {actors()}"
            due = [
                (self.at if event is not None and event.is_set() else until, thread.name, thread)
                for thread, (until, event) in self._waiting.items()
            ]
        at, _, thread = min(due, default=(moment + 1, "", None), key=lambda each: each[:2])
        return None if thread is None or at > moment else (at, thread)

    def _all_wait(self) -> bool:
        self._ended = {thread for thread in self._ended if thread.is_alive()}
        return self._waiting.keys() | self._ended >= set(actors())


def actors() -> list[threading.Thread]:
    """Return the courier's threads that are alive."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(ACTORS)]
