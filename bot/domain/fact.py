"""What a delivery tells: a transition of a task, that a task is stuck, or a notice about the bot itself.

Facts only; words are made later.
"""

from enum import StrEnum
from typing import Final

import msgspec

from bot.domain.errors import Trouble
from bot.domain.filter import Filter, Hears
from bot.domain.task import Task


class Kind(StrEnum):
    """How a task's run came to its end."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ENDED = "ended"  # an unknown state with a completeTime: told verbatim (D5)
    GONE = "gone"  # no longer listed, or replaced by a new run; how it ended is unknown (D6)


class News(StrEnum):
    """Why a transition is news (rules D4 to D6). The values are stored, so they stay; the words are for people."""

    ENDED = "ended"
    NEW = "new"
    LATE = "late"
    LATER = "later"
    OTHER = "other"
    AGAIN = "again"
    VANISHED = "vanished"
    REPLACED = "replaced"
    FORGOTTEN = "forgotten"  # for whoever watched it alone, like the next: that watch is over (R2)
    ACCOUNT = "account"

    @property
    def words(self) -> str:
        """The reason as a clause."""
        return _REASONS[self]


_REASONS: Final = {
    News.ENDED: "it was seen at work and has ended",
    News.NEW: "it is new to us and had already ended",
    News.LATE: "it ended before the bot began to watch",
    News.LATER: "it ended again, later than every ending known",
    News.OTHER: "it ended differently from the last ending",
    News.AGAIN: "it was seen at work again and has ended again",
    News.VANISHED: "it is no longer listed; how it ended is unknown",
    News.REPLACED: "it was replaced by a new run; how it ended is unknown",
    News.FORGOTTEN: "it is no longer listed and was forgotten; how it ended is unknown",
    News.ACCOUNT: "the account changed, and it belongs to the one before; how it ended is unknown",
}


class Transition(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """A run of a task came to its end. `task` is the row that showed it (for GONE: the last row seen)."""

    kind: Kind
    news: News
    task: Task
    at: float  # when it was noticed, Unix seconds on the API's clock
    before: str = ""  # the state remembered before, "" when the task was new to us
    failures: int = 0  # FAILED: how many tasks of this image failed within a day up to this one, itself included
    hung: float = 0.0  # seconds in the state in which it was told as stuck, 0 when it was not
    watched: bool = False  # GONE: the recipient's watch of this task alone goes on (R2)

    @property
    def late(self) -> bool:
        """A late listing (D4): folded into one post per poll, without mentions."""
        return self.news is News.LATE


class Stuck(msgspec.Struct, frozen=True, tag=True):
    """A task has been Pending or Running for longer than PREWARM_STUCK_AFTER; told once per state of a run."""

    task: Task
    at: float  # when it was noticed, Unix seconds on the API's clock
    since: float  # in this state since then; for a task that was new to us: since its createTime


class NoticeKind(StrEnum):
    """What the bot has to say about itself."""

    HELLO = "hello"  # watches from now on, with counts (D3)
    ACCOUNT = "account"  # another account: watches anew (D1)
    LOST = "lost"  # the memory was lost: watches anew; `about` names the file kept aside
    DAMAGED = "damaged"  # the memory was damaged and goes on without what `counts` says, by table; `about` likewise
    BLIND = "blind"  # no good poll since `since`, because of `why`
    SIGHTED = "sighted"  # the list can be read again; it could not from `since` to `at`
    AWAY = "away"  # the bot itself was not running from `since` to `at` (D11)
    PARKED = "parked"  # channel `about` cannot be posted to, because of `why` (P14); `counts["waiting"]` messages wait
    UNTOLD = "untold"  # nothing could be told to `about` from `since` to `at`, because of `why`; as for PARKED (P14)
    DROPPED = "dropped"  # messages for this channel were given up: `counts` by GivenUp (P16)
    GIVEN_UP = "given_up"  # nobody relies on `about`, or it left: `counts` of "dropped" messages, ended "watches" (P18)
    SUBSCRIBED = "subscribed"  # `by` has made this channel hear of what `hears`, `filter` and `task` say
    UNSUBSCRIBED = "unsubscribed"  # `by` has ended that
    MUTED = "muted"  # `by` has asked for quiet here until `until`
    UNMUTED = "unmuted"  # the quiet since `since` is over (`by` ended it, "" when its time was up); `counts["missed"]`


class Notice(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """A fact about the bot. Times are Unix seconds; `counts` is by task state unless its kind says otherwise."""

    kind: NoticeKind
    at: float
    since: float | None = None
    why: str = ""
    about: str = ""
    counts: dict[str, int] = {}
    by: str = ""  # the user ID of the person who asked for it
    until: float = 0.0
    hears: Hears = Hears.ALL  # this and the next two as in a subscription; in older rows `about` spells them as typed
    filter: Filter = Filter()
    task: str = ""
    trouble: Trouble | None = None  # BLIND: the `why`, where it is an error of the list; older rows have a sentence


Fact = Transition | Stuck | Notice


def task_of(fact: Fact) -> str:
    """Return the ID of the task that a fact is about, "" for a notice."""
    return "" if isinstance(fact, Notice) else fact.task.id
