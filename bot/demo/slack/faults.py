"""Everything that can go wrong with the embedded Slack, on request.

A fault says when a request takes effect and what becomes of its answer; those are two different things, and the
second without the first is where a sender loses or repeats a message. Tests script faults, the demo's page
switches them.
"""

import random
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from enum import Enum


class Reply(Enum):
    """What the caller gets to see."""

    NORMAL = "normal"
    HTTP = "http status"
    ERROR = "error code"
    CUT = "connection cut"
    SILENCE = "never answered"
    TRICKLED = "headers that never end"
    NOT_JSON = "not json"
    TRUNCATED = "truncated json"


@dataclass(frozen=True)
class Fault:
    """One disturbed request: wait `before` s, take effect if `accepts`, wait `after` s, then `reply`."""

    reply: Reply = Reply.NORMAL
    accepts: bool = True
    before: float = 0.0
    after: float = 0.0
    status: int = 200
    error: str = ""
    retry_after: int = 0
    drops_metadata: bool = False

    @property
    def name(self) -> str:
        """How the fault is called in `Call.fault`; empty for an undisturbed request."""
        if self == NO_FAULT:
            return ""
        return self.error or (f"http {self.status}" if self.reply is Reply.HTTP else self.reply.value)

    @classmethod
    def http(cls, status: int, *, accepts: bool = False) -> "Fault":
        return cls(Reply.HTTP, accepts=accepts, status=status)

    @classmethod
    def ratelimited(cls, retry_after: int = 1) -> "Fault":
        return cls(Reply.HTTP, accepts=False, status=429, error="ratelimited", retry_after=retry_after)

    @classmethod
    def code(cls, error: str, *, accepts: bool = False) -> "Fault":
        """`ok: false` with this code; with `accepts` the method took effect all the same, as `internal_error` may."""
        return cls(Reply.ERROR, accepts=accepts, error=error)

    @classmethod
    def drop_before(cls) -> "Fault":
        return cls(Reply.CUT, accepts=False)

    @classmethod
    def drop_after(cls) -> "Fault":
        return cls(Reply.CUT)

    @classmethod
    def slow(cls, seconds: float) -> "Fault":
        """Takes effect at once, answers late."""
        return cls(after=seconds)

    @classmethod
    def late(cls, seconds: float) -> "Fault":
        """Takes effect late, also when the caller has long given up."""
        return cls(before=seconds)

    @classmethod
    def stall(cls, *, accepts: bool = True) -> "Fault":
        return cls(Reply.SILENCE, accepts=accepts)

    @classmethod
    def trickled(cls, *, accepts: bool = True) -> "Fault":
        """Answers at once, a byte of the headers at a time, and never comes to their end."""
        return cls(Reply.TRICKLED, accepts=accepts)

    @classmethod
    def not_json(cls, *, accepts: bool = True) -> "Fault":
        return cls(Reply.NOT_JSON, accepts=accepts)

    @classmethod
    def truncated(cls, *, accepts: bool = True) -> "Fault":
        return cls(Reply.TRUNCATED, accepts=accepts)

    @classmethod
    def without_metadata(cls) -> "Fault":
        return cls(drops_metadata=True)


NO_FAULT = Fault()
EVERY = "*"  # stands for every method


class SlackFaults:
    """Scripted, standing and random faults per method, and the states that are no single request's.

    `history_delay`: seconds until a stored post shows in history. `history_page`: most messages that history and
    replies return at a time, 0 for what was asked. `token_error`, `app_token_error`: the code that every call with
    that token gets, e.g. token_revoked. `clock_skew`: seconds that Slack's clock (`Date` and `ts`) is ahead of the
    host's. `refuses_data_table`: an older workspace. An unreadable history is a standing `Fault.code("missing_scope")`.
    """

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self.clear()

    def clear(self) -> None:
        """End every fault; what was already stored late stays late."""
        with self._lock:
            self._script: defaultdict[str, deque[Fault]] = defaultdict(deque)
            self._standing: dict[str, Fault] = {}
            self._chances: list[tuple[str, Fault, float]] = []
        self.history_delay = 0.0
        self.history_page = 0
        self.token_error = ""
        self.app_token_error = ""
        self.clock_skew = 0.0
        self.refuses_data_table = False

    def next(self, method: str, *faults: Fault) -> None:
        """Disturb the next calls of a method, one fault each; `NO_FAULT` lets one pass."""
        with self._lock:
            self._script[method].extend(faults)

    def always(self, method: str, fault: Fault) -> None:
        """Disturb every call of a method (`EVERY` for all) until `stop_always` or `clear`."""
        with self._lock:
            self._standing[method] = fault

    def stop_always(self, method: str) -> None:
        with self._lock:
            self._standing.pop(method, None)

    def sometimes(self, method: str, fault: Fault, probability: float) -> None:
        """Disturb calls of a method at random, from the seed given to the constructor."""
        with self._lock:
            self._chances.append((method, fault, probability))

    def take(self, method: str) -> Fault:
        """The fault for a call that arrives now: scripted before standing before random."""
        with self._lock:
            for name in (method, EVERY):
                if self._script[name]:
                    return self._script[name].popleft()
            standing = self._standing.get(method) or self._standing.get(EVERY)
            return standing or self._by_chance(method)

    def _by_chance(self, method: str) -> Fault:
        for name, fault, probability in self._chances:
            if name in (method, EVERY) and self._random.random() < probability:
                return fault
        return NO_FAULT
