"""What people can ask, as records: the grammar makes them, `spelling` writes them out again, services answer them."""

from dataclasses import dataclass
from enum import StrEnum, unique

from bot.domain.filter import EVERYTHING, Filter
from bot.domain.subscription import Hears
from bot.rendering.languages import N_


@dataclass(frozen=True, slots=True)
class Summary:
    """What is going on."""


@dataclass(frozen=True, slots=True)
class ListTasks:
    """The tasks that match; `page:N` (from 1, as typed) is what the paging buttons say."""

    filter: Filter
    page: int = 0


@dataclass(frozen=True, slots=True)
class Show:
    """The task whose ID begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Why:
    """What became of the notifications about the task whose ID begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot itself is."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Have this channel hear of what matches; the filter's states are empty."""

    hears: Hears
    filter: Filter


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """End a subscription of this channel: by its number, else the only one there is."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What this channel hears of, and what I watch."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Tell me in a direct message. A filter of one word alone may be the beginning of an ID."""

    hears: Hears
    filter: Filter


@dataclass(frozen=True, slots=True)
class Unwatch:
    """End a watch of mine: by its number, by what it was made with, else the only one there is."""

    number: int | None = None
    hears: Hears = Hears.ALL
    filter: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class Mute:
    """Quiet here, for so many seconds or until the next time that the clock says (hour, minute)."""

    seconds: float | None = None
    until: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Unmute:
    """End the quiet."""


@dataclass(frozen=True, slots=True)
class Language:
    """Write to this channel, or to me, in "en" or "zh"; "default": as if nobody had chosen. "": say which it is."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """Everything, or one command by its English name; a topic that is not a command stays as typed."""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class NotYet:
    """A command that is not built yet."""

    command: str


@dataclass(frozen=True, slots=True)
class DidYouMean:
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
    STATUS_ALONE = N_(
        "status is about me, the bot, and takes nothing more. For a task: show nzd5ny. For a state: list failed"
    )


@dataclass(frozen=True, slots=True)
class Wrong:
    """A command in a form that cannot be; `usage` says how."""

    usage: Usage


Act = Subscribe | Unsubscribe | Watch | Unwatch | Mute | Unmute | Language  # what changes something, if it can be done

Request = (
    Summary
    | ListTasks
    | Show
    | Why
    | Status
    | Subscribe
    | Unsubscribe
    | Subscriptions
    | Watch
    | Unwatch
    | Mute
    | Unmute
    | Language
    | Help
    | NotYet
    | DidYouMean
    | Wrong
)
