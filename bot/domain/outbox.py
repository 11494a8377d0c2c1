"""The records of delivery: what is to be told, what is in flight or in doubt, and what a request can come to (rules P).

A *delivery* is one fact for one recipient. A *post* is one Slack message in flight or in doubt, carrying one or more
deliveries. A recipient has one *lane*: at most one post holds it, the others wait. The decisions about them stand in
`lane.py` and `verdict.py`. All times are Unix seconds on Slack's clock (P4).

    Delivery   queued ──form──> in a post ──> settled (or dropped) ──nothing can change it──> archive
    Post       SENDING ──posted──> (AUDIT, when it was sent again) ──> gone
                │    ▲
       in doubt │    │ READY: absent from a look begun after `settle_by`
                ▼    │
                DOUBT ──found──> adopted, (AUDIT) ──> gone
    Channel    open, or waiting (`until`), or parked (`parked`, `since`, `probe_at`)
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from bot.domain.fact import Fact

WORKSPACE: Final = "*"  # the Channel record that stands for all of Slack: message_limit_exceeded, a revoked token


class Result(StrEnum):
    """How a delivery ended."""

    SENT = "sent"
    ADOPTED = "adopted"  # found in the history after a doubt
    POSSIBLE_REPEAT = "possible_repeat"  # sent once more though the history could not be read (P9)
    DROPPED = "dropped"  # given up by a limit or refused in every form (P12, P16)


class GivenUp(StrEnum):
    """Why deliveries were given up (P16), as a channel counts them."""

    OLD = "old"  # waited longer than PREWARM_KEEP_DAYS
    MANY = "many"  # the oldest beyond the limit of one channel
    REFUSED = "refused"  # in every form (P12)
    LEFT = "left"  # nobody relied on the channel any more
    UNKNOWN = "dropped"  # counted by a version that kept no reason


class Attempt(msgspec.Struct, frozen=True):
    """One request for the message and what Slack said to it."""

    at: float
    outcome: str


class Settled(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a delivery ended. `conversation` and `ts` are Slack's address of the message, "" when dropped."""

    result: Result
    at: float
    conversation: str = ""
    ts: str = ""
    key: str = ""  # of the post that carried it (P2), "" when given up unsent or by a version that did not keep it


class Delivery(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact for one recipient (a channel ID, or a person's user ID)."""

    seq: int
    to: str
    fact: Fact
    queued_at: float
    batch: int = 0  # late listings of one poll share a number and are told in one post (D4)
    attempts: tuple[Attempt, ...] = ()
    settled: Settled | None = None
    may_repeat: bool = False  # a damaged store may have lost its post: it is said with the mark of P9


class Phase(StrEnum):
    """Where a post stands."""

    READY = "ready"  # known not to be there: send it (again) as it is
    SENDING = "sending"  # committed; the request is on its way, or a crash left us not knowing
    DOUBT = "doubt"  # the request may have been carried out: look before anything else (P6)
    AUDIT = "audit"  # said, after being sent again: look once more for a twin (P7); holds no lane


class Post(msgspec.Struct, frozen=True, omit_defaults=True):
    """One Slack message in flight or in doubt."""

    key: str  # STORE:SEQ of its first member; travels with the message (P2)
    to: str
    conversation: str
    members: tuple[int, ...]
    after: float  # the history is read from here; set once (P4)
    settle_by: float  # only a look begun after this decides (P6)
    phase: Phase = Phase.SENDING
    rung: int = 0  # rich, sections, plain, fixed words (P12)
    attempts: tuple[Attempt, ...] = ()
    doubted: bool = False  # some request for it was ambiguous: never repeat it without a look (P5)
    odd: int = 0  # definite refusals on this rung that our table does not know (P9)
    looks: int = 0  # looks since the last request
    look_at: float = 0.0  # not before this; AUDIT: when it is due
    may_repeat: bool = False  # marked "may repeat an earlier message": its one repeat is due or out (P9)
    ts: str = ""  # known when AUDIT
    unread: str = ""  # why the last look told nothing, "" when it did
    awake_by: float = 0.0  # like `settle_by`, on a clock of this process that stands still in a sleep (P6)
    refusal: str = ""  # the code of the last odd refusal

    @property
    def holds_lane(self) -> bool:
        """A post holds its lane until it is said (P3)."""
        return self.phase is not Phase.AUDIT


class Channel(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a recipient's lane. The default record means: open, nothing remarkable."""

    to: str
    until: float = 0.0  # waiting until then (429 and its names)
    retry_after: float = 0.0  # the wait that `until` came from, for the clamp at load
    failures: int = 0  # waits or probes in a row, for the back-off
    parked: str = ""  # Slack's code for why nothing can be posted, "" while it can
    since: float = 0.0  # parked since
    probe_at: float = 0.0  # the next probe
    drain_to: int = 0  # after a park: deliveries up to this number are told as a dated digest (P14)
    given_up: dict[str, int] = {}  # deliveries given up and not yet said here, by GivenUp (P16)
    due: float = 0.0  # what is queued was not due before: the lane last said something, or a quiet ended (P17)
    why: str = ""  # Slack's code for the wait until `until`
    code_since: float = 0.0  # refused with this very code since then
    elsewhere: float = 0.0  # when it was said in another place that nothing can be told here (P14)


# ---- outcomes: what a request told us -------------------------------------------------------------------------------


class Action(StrEnum):
    """What Slack's refusal asks of us (P9)."""

    WAIT = "wait"
    PLAIN = "plain"  # this form is refused: the next rung; given up on the last one (P12)
    FAULT = "fault"  # the request itself is at fault: the next rung; parked on the last one (P12)
    PARK = "park"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Posted:
    """`ok: true`."""

    ts: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Known not to be posted (or, for a look: not answered). `everywhere`: the wait is the whole workspace's."""

    action: Action
    code: str
    retry_after: float | None = None  # seconds
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may have been posted. `odd`: a definite `ok: false` that our table does not know."""

    code: str
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Now:
    """Slack's now lies between `lower` and `upper` (P4); `awake`: seconds on a clock that stands still in a sleep."""

    lower: float
    upper: float
    awake: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a conversation's history: the messages that carry the key, and where the next page begins, "": none.

    Pages run from the newest message back.
    """

    ts: tuple[str, ...]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A whole look: the messages that carry the key, oldest first. Empty: it is not there (yet)."""

    ts: tuple[str, ...]
    began: Now  # read before its first request went out


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The history may not be read at all (a missing scope)."""

    code: str


SendOutcome = Posted | Refused | Doubtful
LookOutcome = Seen | Refused | Doubtful | Unreadable
