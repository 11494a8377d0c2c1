"""What people can ask, as records: the grammar and `button_value` make them, services answer them.

Buttons carry them as JSON, and messages are kept for years: a tag or field that was once written keeps its meaning.
"""

from enum import StrEnum, unique

import msgspec

from bot.domain.filter import EVERYTHING, Filter, Hears
from bot.rendering.languages import N_


class _Record(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="ask"):
    """What all have in common."""


class Summary(_Record, frozen=True, tag="summary"):
    """What is going on."""


class ListTasks(_Record, frozen=True, tag="list"):
    """The tasks that match; `page:N` (from 1, as typed) is what the paging buttons say."""

    filter: Filter
    page: int = 0


class Show(_Record, frozen=True, tag="show"):
    """The task whose ID begins so."""

    prefix: str


class Why(_Record, frozen=True, tag="why"):
    """What became of the notifications about the task whose ID begins so."""

    prefix: str


class Status(_Record, frozen=True, tag="status"):
    """How the bot itself is."""


class Subscribe(_Record, frozen=True, tag="subscribe"):
    """Have this channel hear of what matches; the filter's states are empty."""

    hears: Hears
    filter: Filter


class Unsubscribe(_Record, frozen=True, tag="unsubscribe"):
    """End a subscription of this channel: by its number, else the only one there is."""

    number: int | None = None


class Subscriptions(_Record, frozen=True, tag="subscriptions"):
    """What this channel hears of, and what I watch."""


class Watch(_Record, frozen=True, tag="watch"):
    """Tell me in a direct message. A filter of one word alone may be the beginning of an ID."""

    hears: Hears
    filter: Filter


class Unwatch(_Record, frozen=True, tag="unwatch"):
    """End a watch of mine: by its number, by what it was made with, else the only one there is."""

    number: int | None = None
    hears: Hears = Hears.ALL
    filter: Filter = EVERYTHING


class Mute(_Record, frozen=True, tag="mute"):
    """Quiet here, for so many seconds or until the next time that the clock says (hour, minute)."""

    seconds: float | None = None
    until: tuple[int, int] | None = None


class Unmute(_Record, frozen=True, tag="unmute"):
    """End the quiet."""


class Language(_Record, frozen=True, tag="language"):
    """Write to this channel, or to me, in "en" or "zh"; "default": as if nobody had chosen. "": say which it is."""

    code: str = ""


class Help(_Record, frozen=True, tag="help"):
    """Everything, or one command by its English name; a topic that is not a command stays as typed."""

    topic: str = ""


class NotYet(_Record, frozen=True, tag="not_yet"):
    """A command that is not built yet."""

    command: str


class DidYouMean(_Record, frozen=True, tag="did_you_mean"):
    """A near miss of a command or state; `suggestion` is the right word."""

    word: str
    suggestion: str


@unique
class Usage(StrEnum):
    """How a command is put: titles, so at most 150 characters."""

    SHOW_NEEDS_ID = N_("Which task? Say show and one ID, which may be cut short: show nzd5ny")
    SHOW_ONE_ID = N_("One task at a time: show and one ID. To search for several words, say list and the words.")
    WHY_NEEDS_ID = N_("Which task? Say why and one ID, which may be cut short: why nzd5ny")
    WHY_ONE_ID = N_("One task at a time: why and one ID, for example why nzd5ny")
    ONE_CLUSTER = N_("One cluster at a time: cluster: and one ID, for example list cluster:cn-dev-1")
    CLUSTER_NEEDS_ID = N_("Which cluster? Write cluster: and its ID, for example list cluster:cn-dev-1")
    WATCH_WHAT = N_(
        "Watch what? Say an ID, failed or succeeded, a cluster or words: watch nzd5ny, or watch failed qwen"
    )
    ONLY_ENDINGS = N_(
        "Only endings are told: failed, succeeded or both, as in watch failed qwen. To see the others: list running"
    )
    SUBSCRIBE_HERE = N_(
        "Say it in the channel that is to hear of it, without the channel's name: subscribe failed qwen"
    )
    UNSUBSCRIBE_NUMBER = N_(
        "Which subscription? Say its number, for example unsubscribe 2. To see the numbers: subscriptions"
    )
    MUTE_HOW_LONG = N_("Quiet for how long? Say mute 2h, mute 90min, or mute until 18:00")
    MUTE_LIMITS = N_("Quiet lasts from 1 minute to 7 days: mute 2h, mute 3d, or mute until 18:00")
    LANGUAGE_WHICH = N_("Which language? Say language en, language zh, or language default")
    OTHER_BUTTON = N_("This button is from another version of me. Please ask for it anew; to see how: help")
    STATUS_ALONE = N_(
        "status is about me, the bot, and takes nothing more. For a task: show nzd5ny. For a state: list failed"
    )


class Wrong(_Record, frozen=True, tag="wrong"):
    """A command in a form that cannot be; `usage` says how."""

    usage: Usage


Look = Summary | ListTasks | Show | Why | Status | Subscriptions | Help  # what only shows something
Act = Subscribe | Unsubscribe | Watch | Unwatch | Mute | Unmute | Language  # what changes something, if it can be done
Request = Look | Act | NotYet | DidYouMean | Wrong
