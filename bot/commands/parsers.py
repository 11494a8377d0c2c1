"""One reader per command that is built: the words after it become a record, or the sentence that says how to put it."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.commands.durations import clock, duration
from bot.commands.filters import Conditions, Instead, conditions
from bot.commands.request import (
    DidYouMean,
    Help,
    Language,
    ListTasks,
    Mute,
    Request,
    Show,
    Status,
    Subscribe,
    Subscriptions,
    Unmute,
    Unsubscribe,
    Unwatch,
    Usage,
    Watch,
    Why,
    Wrong,
)
from bot.commands.slips import nearest
from bot.commands.table import ALL_WORDS, BY_WORD, LANGUAGES, STATES
from bot.commands.text import Token
from bot.domain.subscription import Hears
from bot.domain.task import FINAL, TaskState

Reader = Callable[[Sequence[Token]], Request]

_NUMBER: Final = re.compile(r"#?([1-9][0-9]{0,5})")
_UNTIL: Final = re.compile(r"(?:until|till|til|直到|到|至)\s*(.+)", re.DOTALL)
_FOR: Final = re.compile(r"^for\s+")
_QUIET_AT_LEAST: Final = 60.0  # seconds
_QUIET_AT_MOST: Final = 7 * 86_400.0


# ---- ask ------------------------------------------------------------------------------------------------------------


def tasks(tokens: Sequence[Token]) -> Request:
    """Read what `list` is followed by; a search that needs no command is the same."""
    found = conditions(tokens, paged=True)
    return ListTasks(found.filter(), found.page)


def _show(tokens: Sequence[Token]) -> Request:
    return Show(_one(tokens, Usage.SHOW_NEEDS_ID, Usage.SHOW_ONE_ID))


def _why(tokens: Sequence[Token]) -> Request:
    return Why(_one(tokens, Usage.WHY_NEEDS_ID, Usage.WHY_ONE_ID))


def _one(tokens: Sequence[Token], none: Usage, several: Usage) -> str:
    if len(tokens) != 1:
        raise Instead(Wrong(several if tokens else none))
    return tokens[0].text


# ---- follow ---------------------------------------------------------------------------------------------------------


def _watch(tokens: Sequence[Token]) -> Request:
    found = _endings("watch", tokens)
    if not (found.filter() or found.everything):
        return Wrong(Usage.WATCH_WHAT)
    return Watch(_hears(found), found.filter(states=False))


def _unwatch(tokens: Sequence[Token]) -> Request:
    if number := _number(tokens):
        return Unwatch(number)
    found = _endings("unwatch", tokens)
    return Unwatch(None, _hears(found), found.filter(states=False))


def _subscribe(tokens: Sequence[Token]) -> Request:
    found = _endings("subscribe", tokens)
    if any(word.startswith("#") for word in found.loose):
        return Wrong(Usage.SUBSCRIBE_HERE)
    return Subscribe(_hears(found), found.filter(states=False))


def _endings(command: str, tokens: Sequence[Token]) -> Conditions:
    """Return the conditions of a promise: a slip in a state would wait for a word that never comes."""
    found = conditions(tokens)
    if found.states - FINAL:
        raise Instead(Wrong(Usage.ONLY_ENDINGS))
    for word in found.loose:
        if meant := nearest(word.casefold(), STATES):
            raise Instead(DidYouMean(word, f"{command} {meant}"))
    return found


def _hears(found: Conditions) -> Hears:
    if len(found.states) != 1:
        return Hears.ALL
    return Hears.FAILED if TaskState.FAILED in found.states else Hears.SUCCEEDED


def _unsubscribe(tokens: Sequence[Token]) -> Request:
    number = _number(tokens)
    if number is None and any(token.keyword not in ALL_WORDS for token in tokens):
        return Wrong(Usage.UNSUBSCRIBE_NUMBER)
    return Unsubscribe(number)


def _number(tokens: Sequence[Token]) -> int | None:
    typed = _NUMBER.fullmatch(tokens[0].keyword) if len(tokens) == 1 else None
    return int(typed[1]) if typed else None


# ---- this channel, and the bot --------------------------------------------------------------------------------------


def _mute(tokens: Sequence[Token]) -> Request:
    said = " ".join(token.text for token in tokens).casefold()
    until = _UNTIL.fullmatch(said)
    if at := clock(until[1] if until else said):
        return Mute(until=at)
    seconds = None if until else duration(_FOR.sub("", said))
    if seconds is None:
        return Wrong(Usage.MUTE_HOW_LONG)
    return Mute(seconds) if _QUIET_AT_LEAST <= seconds <= _QUIET_AT_MOST else Wrong(Usage.MUTE_LIMITS)


def _status(tokens: Sequence[Token]) -> Request:
    return Wrong(Usage.STATUS_ALONE) if tokens else Status()


def _language(tokens: Sequence[Token]) -> Request:
    if not tokens:
        return Language()
    code = LANGUAGES.get(tokens[0].keyword)
    return Language(code) if code and len(tokens) == 1 else Wrong(Usage.LANGUAGE_WHICH)


def _help(tokens: Sequence[Token]) -> Request:
    if not tokens:
        return Help()
    topic = tokens[0].text.removeprefix("/")
    command = BY_WORD.get(topic.casefold()) or BY_WORD.get(nearest(topic.casefold(), BY_WORD) or "")
    return Help(command.name if command else topic)


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "list": tasks,
        "show": _show,
        "why": _why,
        "watch": _watch,
        "unwatch": _unwatch,
        "subscribe": _subscribe,
        "unsubscribe": _unsubscribe,
        "subscriptions": lambda _: Subscriptions(),
        "mute": _mute,
        "unmute": lambda _: Unmute(),
        "status": _status,
        "language": _language,
        "help": _help,
    }
)
