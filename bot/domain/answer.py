"""What the bot knows about a question, as data.

Slack messages and the command line render the same records, so that they cannot disagree.
"""

from enum import StrEnum

import msgspec

from bot.domain.errors import Trouble
from bot.domain.fact import Fact
from bot.domain.filter import Filter
from bot.domain.outbox import Attempt
from bot.domain.subscription import Mute, Subscription
from bot.domain.task import Task


class AsOf(msgspec.Struct, frozen=True):
    """How fresh an answer is: `now` on the API's clock (Unix seconds), `age` in seconds since the last good poll."""

    now: float
    age: float | None = None
    trouble: Trouble | str = ""  # why the last poll was not good, "" when it was


class Overview(msgspec.Struct, frozen=True):
    """What is going on: counts by state (listed tasks), active tasks oldest first, last failures newest first."""

    as_of: AsOf
    counts: dict[str, int]
    active: tuple[Task, ...]
    failures: tuple[Task, ...]


class Listing(msgspec.Struct, frozen=True):
    """The listed tasks that match, active first, then newest end first; `known` counts all listed ones.

    `page` (from 0) is where the plain form with paging buttons stands; it may lie beyond a list that has shrunk.
    """

    as_of: AsOf
    filter: Filter
    tasks: tuple[Task, ...]
    known: int
    page: int = 0


class Detail(msgspec.Struct, frozen=True):
    """One task, whole. `gone` is when it was last found missing (Unix seconds), or None while it is listed."""

    as_of: AsOf
    task: Task
    gone: float | None = None
    watched: bool | None = None  # by the one who asked; None where all read the answer
    since: float | None = None  # in its state since then, where that is known better than its createTime
    failures: int = 0  # of its image within the last day, itself included


class Candidates(msgspec.Struct, frozen=True):
    """A shortened ID that several tasks begin with; `tasks` holds at most ten of `count`.

    `command` is what was asked of it ("show", "watch", "why"), so that a button can ask it of one of them.
    """

    as_of: AsOf
    prefix: str
    tasks: tuple[Task, ...]
    count: int
    command: str = "show"


class Unknown(msgspec.Struct, frozen=True):
    """No task has this ID or begins with it."""

    as_of: AsOf
    prefix: str
    known: int


# ---- what became of notifications (`why`) ---------------------------------------------------------------------------


class Delivered(StrEnum):
    """What became of a notification."""

    QUEUED = "queued"
    SENDING = "sending"  # in flight or in doubt
    SENT = "sent"
    ADOPTED = "adopted"  # found in the channel's history after a doubt
    POSSIBLE_REPEAT = "possible_repeat"
    DROPPED = "dropped"


class Told(msgspec.Struct, frozen=True):
    """What became of one fact for one recipient. `held`: why it waits ("muted", a Slack code, "" for its turn)."""

    to: str
    fact: Fact
    queued_at: float
    delivered: Delivered
    attempts: tuple[Attempt, ...] = ()
    at: float | None = None  # settled then, on Slack's clock
    link: str = ""  # to the message, "" while there is none
    held: str = ""


class Why(msgspec.Struct, frozen=True):
    """What became of the notifications about a task. `told` is oldest first; empty: nobody was to be told.

    `heard` counts the recipients that would hear of its ending now.
    """

    as_of: AsOf
    task: Task
    told: tuple[Told, ...]
    heard: int
    keep_days: float  # settled ones are remembered that long (PREWARM_KEEP_DAYS)


# ---- the bot's own health (`status`) --------------------------------------------------------------------------------


class Blocked(msgspec.Struct, frozen=True):
    """A recipient that cannot be told: Slack's code ("" when nothing is known), since when, how many messages wait."""

    to: str  # "" where it is not named to the asker (R7)
    code: str
    since: float
    waiting: int
    lasts: bool = True  # a problem by now (P17), and no moment's wait


class Status(msgspec.Struct, frozen=True):
    """How the bot is. Times are Unix seconds."""

    as_of: AsOf
    version: str
    started: float
    watching_since: float | None  # the baseline
    blind_since: float | None  # told so
    connected: bool  # Socket Mode
    socket_trouble: str
    stopped: str  # Slack's code for why all of Slack is stopped ("token_revoked"), "" when it is not
    queued: int  # deliveries not settled
    oldest: float | None  # when the oldest of them was queued
    doubts: int  # posts that may or may not have arrived
    blocked: tuple[Blocked, ...]
    muted: tuple[Mute, ...]  # `to` as in Blocked
    tasks: int  # listed
    subscriptions: int  # made by people


# ---- subscriptions and mutes ----------------------------------------------------------------------------------------


class Subscribed(msgspec.Struct, frozen=True):
    """A subscription or watch was made, or was there `already`. `matching` counts the active tasks it matches now."""

    subscription: Subscription
    already: bool
    matching: int = 0


class WatchEnded(msgspec.Struct, frozen=True):
    """The task that somebody wants to watch has ended already; no watch was made."""

    detail: Detail


class Unsubscribed(msgspec.Struct, frozen=True):
    """These subscriptions or watches were ended."""

    ended: tuple[Subscription, ...]


class Subscriptions(msgspec.Struct, frozen=True):
    """What a channel hears of (`here`, standing ones first), what the one who asked watches (`mine`), and the quiet.

    Also the answer to an `unsubscribe` or `unwatch` that does not say which (`asked` is "unsubscribe" or "unwatch"), or
    names one that is not there (`missing`, as typed).
    """

    to: str  # the channel, or the person in a direct message
    here: tuple[Subscription, ...]
    mine: tuple[Subscription, ...]
    mute: Mute | None = None
    asked: str = ""
    missing: str = ""


class Muted(msgspec.Struct, frozen=True):
    """It is quiet here now."""

    mute: Mute


class Unmuted(msgspec.Struct, frozen=True):
    """The quiet is over; `missed` messages follow. `was`: there was one at all."""

    was: bool
    missed: int = 0


class Spoken(msgspec.Struct, frozen=True):
    """The language ("en", "zh") in which a channel or person is written to; `chosen`: somebody asked for it."""

    to: str
    language: str
    chosen: bool


class NotHere(msgspec.Struct, frozen=True):
    """The bot cannot post in this channel, so it promises nothing here: it has to be invited first."""

    to: str


class Forbidden(msgspec.Struct, frozen=True):
    """Access is restricted (PREWARM_ALLOWED_USERS, PREWARM_ALLOWED_CHANNELS); `ask`: user IDs of the operators."""

    because: str  # "user" or "channel"
    ask: tuple[str, ...] = ()


class Home(msgspec.Struct, frozen=True):
    """A person's App Home: what is going on, what they watch, and how the bot is."""

    overview: Overview
    watches: tuple[Subscription, ...]
    status: Status


Answer = (
    Overview
    | Listing
    | Detail
    | Candidates
    | Unknown
    | Why
    | Status
    | Subscribed
    | WatchEnded
    | Unsubscribed
    | Subscriptions
    | Muted
    | Unmuted
    | Spoken
    | NotHere
    | Forbidden
)
