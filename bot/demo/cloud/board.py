"""The switchboard of the embedded prewarm API: which fault strikes which request.

Tests need a fault at an exact request, a page needs switches, and long runs need a random mixture that a seed repeats.
All three meet here, so that the server asks one question per request.
"""

import random
import threading
from collections import Counter, deque
from collections.abc import Callable

from bot.demo.cloud.faults import FAULTS, Call, Fault, Strike


class FaultBoard:
    """The switches; all methods may be called from any thread.

    Three ways to switch a fault on: `next` for the coming requests of a call (in order), `on` until `off`, and `chance`
    for a seeded random share of requests. A value left out is the one in FAULTS.
    """

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.RLock()
        self._random = random.Random(seed)
        self._script: dict[Call, deque[tuple[Fault, float] | None]] = {call: deque() for call in Call}
        self._standing: dict[Fault, float] = {}
        self._chances: dict[Fault, tuple[float, float]] = {}
        self._struck: Counter[Fault] = Counter()
        self._listeners: list[Callable[[], None]] = []

    def next(self, fault: Fault | None, times: int = 1, *, value: float | None = None, call: Call = Call.LIST) -> None:
        """Queue a fault for the next `times` requests of a call; None queues requests that the script leaves alone."""
        entry = None if fault is None else (fault, _value(fault, value))
        with self._lock:
            self._script[call].extend([entry] * times)

    def on(self, fault: Fault, value: float | None = None) -> None:
        with self._lock:
            self._standing[fault] = _value(fault, value)
        self._tell()

    def off(self, fault: Fault) -> None:
        """Switch off a standing fault and its chance; what is scripted stays."""
        with self._lock:
            self._standing.pop(fault, None)
            self._chances.pop(fault, None)
        self._tell()

    def chance(self, fault: Fault, probability: float, value: float | None = None) -> None:
        with self._lock:
            self._chances[fault] = (probability, _value(fault, value))

    def clear(self) -> None:
        """Switch everything off, the script included."""
        with self._lock:
            self._standing.clear()
            self._chances.clear()
            for script in self._script.values():
                script.clear()
        self._tell()

    def is_on(self, fault: Fault) -> bool:
        with self._lock:
            return fault in self._standing

    @property
    def standing(self) -> dict[Fault, float]:
        with self._lock:
            return dict(self._standing)

    @property
    def scripted(self) -> int:
        """How many scripted requests are still to come."""
        with self._lock:
            return sum(len(script) for script in self._script.values())

    @property
    def struck(self) -> Counter[Fault]:
        """How often each fault has been drawn."""
        with self._lock:
            return Counter(self._struck)

    def draw(self, call: Call) -> Strike:
        """Decide what happens to one request; takes one entry off the script of its call."""
        with self._lock:
            strike = dict(self._standing)
            for fault, (probability, value) in self._chances.items():
                if self._random.random() < probability:
                    strike[fault] = value
            entry = self._script[call].popleft() if self._script[call] else None
            if entry is not None:
                strike[entry[0]] = entry[1]
            self._struck.update(strike.keys())
            return {fault: strike[fault] for fault in Fault if fault in strike}

    def listen(self, listener: Callable[[], None]) -> None:
        """Call back after each change of a standing fault, on the thread that made it."""
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


def _value(fault: Fault, value: float | None) -> float:
    return FAULTS[fault].value if value is None else value
