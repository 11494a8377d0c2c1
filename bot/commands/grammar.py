"""What people type, understood: one grammar for `/prewarm`, a mention and a direct message.

`parse` is forgiving and never raises: Slack's link and mention mark-up, full-width signs, smart quotes, case, English
or Chinese words. What it cannot understand comes back as a record too, so that the answer can say how to put it.
A button's value is a command as well, written by `spelling.spell`.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.commands.filters import Instead
from bot.commands.parsers import READERS, tasks
from bot.commands.request import DidYouMean, Help, NotYet, Request, Summary
from bot.commands.slips import nearest
from bot.commands.table import ALL_WORDS, BY_WORD, CLUSTER_WORDS, LANGUAGES, STATES
from bot.commands.text import Token, tokens

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
        return tasks(words) if meant is None else DidYouMean(words[0].text, meant)
    return READERS[command.name](words[1:]) if command.built else NotYet(command.name)


def _parted(words: list[Token]) -> list[Token]:
    """Return the words without our own name, and `静音2小时` as the two that it is."""
    if words and words[0].keyword in _OURSELVES:
        words = words[1:]
    if not words or words[0].quoted or words[0].keyword in BY_WORD:
        return words
    glued = _GLUED.fullmatch(words[0].text)
    return [Token(glued[1]), Token(glued[2]), *words[1:]] if glued else words
