"""What people type, understood: one grammar for `/prewarm`, a mention and a direct message.

`parse` is forgiving and never raises: Slack's link and mention mark-up, full-width signs, smart quotes, case, English
or Chinese words. What it cannot understand comes back as a record too, so that the answer can say how to put it.
Buttons of older messages carry such a command as well: what it reads today it has to read forever.
"""

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
    NotYet,
    Request,
    Show,
    Status,
    Subscribe,
    Subscriptions,
    Summary,
    Unmute,
    Unsubscribe,
    Unwatch,
    Usage,
    Watch,
    Why,
    Wrong,
)
from bot.commands.table import ALL_WORDS, BY_WORD, CLUSTER_WORDS, LANGUAGES, STATES, nearest
from bot.commands.text import Token, tokens
from bot.domain.filter import Hears
from bot.domain.task import FINAL, TaskState

_Reader = Callable[[Sequence[Token]], Request]

_OURSELVES: Final = ("/prewarm", "@prewarm")  # pasted from help into a direct message, or no mention after all
_QUESTION: Final = ("?", "\uff1f")
_CHINESE: Final = "|".join(sorted((word for word in BY_WORD if not word.isascii()), key=len, reverse=True))
_GLUED_ON: Final = (
    r"[a-z0-9#].*",  # an ID, a number
    *(word for word in (*STATES, *ALL_WORDS, *LANGUAGES) if not word.isascii()),
    rf"(?:{'|'.join(CLUSTER_WORDS)})[:=].*",
    r"[半一二两三四五六七八九十]+个?(?:半|小时|分钟|天|周).*",  # how long
    r"(?:直到|到|至).*[0-9点].*",  # until when
)
_GLUED: Final = re.compile(rf"({_CHINESE})({'|'.join(_GLUED_ON)})", re.IGNORECASE | re.DOTALL)
_NUMBER: Final = re.compile(r"#?([1-9][0-9]{0,5})")
_UNTIL: Final = re.compile(r"(?:until|till|til|直到|到|至)\s*(.+)", re.DOTALL)
_FOR: Final = re.compile(r"^for\s+")
_QUIET_AT_LEAST: Final = 60.0  # seconds
_QUIET_AT_MOST: Final = 7 * 86_400.0


def parse(text: str) -> Request:
    """Return what is asked; never raises."""
    words = _parted(tokens(text))
    if not words:
        return Help() if text.rstrip().endswith(_QUESTION) else Summary()
    try:
        return _request(words)
    except Instead as instead:
        return instead.answer


def _request(words: Sequence[Token]) -> Request:
    word = words[0].keyword.removeprefix("/")
    command = BY_WORD.get(word)
    if command is None:
        meant = None if word in STATES else nearest(word, (*BY_WORD, *STATES))
        return _tasks(words) if meant is None else DidYouMean(words[0].text, meant)
    return _READERS[command.name](words[1:]) if command.built else NotYet(command.name)


def _parted(words: list[Token]) -> list[Token]:
    """Return the words without our own name, and `静音2小时` as the two that it is."""
    if words and words[0].keyword in _OURSELVES:
        words = words[1:]
    if not words or words[0].quoted or words[0].keyword in BY_WORD:
        return words
    glued = _GLUED.fullmatch(words[0].text)
    return [Token(glued[1]), Token(glued[2]), *words[1:]] if glued else words


# ---- ask ------------------------------------------------------------------------------------------------------------


def _tasks(tokens: Sequence[Token]) -> Request:
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


_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        "list": _tasks,
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
