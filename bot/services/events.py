"""What happened, for whoever wants to know: logs and metrics hang on these records, so that no service imports them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.fact import Transition

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll ended. `result`: complete, partial (some rows or pages missing), or failed (nothing could be read)."""

    result: str
    seconds: float
    trouble: str = ""
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Noticed:
    """A transition was committed, to be told to so many recipients."""

    transition: Transition
    recipients: int


@dataclass(frozen=True, slots=True)
class DeliverySettled:
    """Deliveries ended: sent, adopted, possible_repeat or dropped."""

    result: str
    deliveries: int
    to: str
    key: str
    conversation: str
    ts: str


@dataclass(frozen=True, slots=True)
class Delayed:
    """A request for a post did not bring it to its end."""

    to: str
    key: str
    note: str
    retry: int  # deliveries that will be tried again


@dataclass(frozen=True, slots=True)
class Parked:
    """A channel, a person or all of Slack ("*") cannot be posted to."""

    to: str
    code: str


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Nothing could be told to a recipient for so long, though nothing refuses it for good (P14)."""

    to: str
    code: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A closed recipient that nobody relies on, or who left, was forgotten (P18)."""

    to: str
    code: str
    deliveries: int
    watches: int


@dataclass(frozen=True, slots=True)
class Opened:
    """It can be posted to again."""

    to: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something could not be done; the sentence says on what, what happens now and what to do."""

    what: str
    sentence: str
    error: BaseException | None = None
    to: str = ""  # for whom, where it may go well for others


@dataclass(frozen=True, slots=True)
class Worked:
    """Something that can fail was done, and nothing else tells of that."""

    what: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A person was answered."""

    command: str
    seconds: float


Event = Polled | Noticed | DeliverySettled | Delayed | Parked | HeldUp | Forgotten | Opened | Failed | Worked | Answered
Observer = Callable[[Event], None]


class Observers:
    """All who want to know. One that fails harms neither the others nor what it looks at. Safe for many threads."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def add(self, observer: Observer) -> None:
        """Have one more told of what happens from now on."""
        self._observers += (observer,)

    def __call__(self, event: Event) -> None:
        for observer in self._observers:
            try:
                observer(event)
            except Exception:  # noqa: BLE001 - whatever it is, what happened has happened
                _log.exception("An observer of what happens met a fault.")
