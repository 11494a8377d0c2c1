"""What the bot knows about a question, as data.

Slack messages and the command line render the same records, so that they cannot disagree.
"""

from enum import StrEnum

import msgspec

from bot.domain.filter import Filter
from bot.domain.task import Task


class AsOf(msgspec.Struct, frozen=True):
    """How fresh an answer is: `now` on the API's clock (Unix seconds), `age` in seconds since the last good poll."""

    now: float
    age: float | None = None
    trouble: str = ""  # why the last poll was not good, "" when it was


class Overview(msgspec.Struct, frozen=True):
    """What is going on: counts by state (listed tasks), active tasks oldest first, last failures newest first."""

    as_of: AsOf
    counts: dict[str, int]
    active: tuple[Task, ...]
    failures: tuple[Task, ...]


class Listing(msgspec.Struct, frozen=True):
    """The listed tasks that match, active first, then newest end first; `known` counts all listed ones."""

    as_of: AsOf
    filter: Filter
    tasks: tuple[Task, ...]
    known: int


class Detail(msgspec.Struct, frozen=True):
    """One task, whole. `gone` is when it was last found missing (Unix seconds), or None while it is listed."""

    as_of: AsOf
    task: Task
    gone: float | None = None


class Candidates(msgspec.Struct, frozen=True):
    """A shortened ID that several tasks begin with; `tasks` holds at most ten of `count`."""

    as_of: AsOf
    prefix: str
    tasks: tuple[Task, ...]
    count: int


class Unknown(msgspec.Struct, frozen=True):
    """No task has this ID or begins with it."""

    as_of: AsOf
    prefix: str
    known: int


class Delivered(StrEnum):
    """What became of a notification."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    ADOPTED = "adopted"  # found in the channel's history after a doubt
    POSSIBLE_REPEAT = "possible_repeat"
    DROPPED = "dropped"


Answer = Overview | Listing | Detail | Candidates | Unknown
