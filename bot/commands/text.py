"""The text that people typed, without Slack's mark-up, as words: the first half of the grammar.

Slack sends links, mentions and `& < >` in a mark-up of its own (docs.slack.dev, messaging/formatting-message-text), and
keyboards add smart quotes, full-width and invisible signs. Afterwards a word is what its typist meant by it.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.filter import normal

_READ_AT_MOST: Final = 4_000  # characters; nobody types more, and a paste must cost nothing
_LEADING_MENTION: Final = re.compile(r"^\s*(?:<@[^<>]*>\s*)+")
_MARK_UP: Final = re.compile(r"<([^<>]*)>")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_DOUBLE: Final = r'"((?:[^"]|"")*)"'  # `""` within quotes is one of them
_TOKEN: Final = re.compile(rf"'[^']+'(?![^\s,;.!?、。])|(?:{_DOUBLE}|\S)+")
_QUOTED: Final = re.compile(rf"'([^']+)'|{_DOUBLE}")
_QUOTES: Final = re.compile(rf'{_DOUBLE}|["`]')
_BEFORE: Final = ",;、。*~`"
_AFTER: Final = _BEFORE + ".!?"
_AROUND: Final = "[]():"


@dataclass(frozen=True, slots=True)
class Token:
    """A word as typed; a quoted one is a word to search for and nothing else."""

    text: str
    quoted: bool = False

    @property
    def keyword(self) -> str:
        """What to look up among commands and states; "" for a quoted one."""
        return "" if self.quoted else self.text.casefold().strip(_AROUND)


def tokens(text: str) -> list[Token]:
    """Return the words of a text as Slack sends it; quotes keep several together."""
    plain = settled(_unmarked(text[:_READ_AT_MOST]))
    return [token for token in (_token(found[0]) for found in _TOKEN.finditer(plain)) if token.text]


def settled(text: str) -> str:
    """Return text in the spelling of `Filter`, its controls as spaces: what a word of a request can hold."""
    return _CONTROL.sub(" ", normal(_SURROGATE.sub("\ufffd", text)))


def _token(raw: str) -> Token:
    raw = raw.lstrip(_BEFORE).rstrip(_AFTER)
    if quoted := _QUOTED.fullmatch(raw):
        return Token((quoted[1] or _undoubled(quoted[2])).strip(), quoted=True)
    return Token(normal(_QUOTES.sub(lambda part: _undoubled(part[1]), raw)).strip())  # what quotes kept apart may join


def _undoubled(inner: str | None) -> str:
    return (inner or "").replace('""', '"')


def _unmarked(text: str) -> str:
    bare = _MARK_UP.sub(lambda found: _label(found[1]), _LEADING_MENTION.sub("", text))
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        bare = bare.replace(entity, sign)
    return bare


def _label(inner: str) -> str:
    """Return what the typist saw: a link's label, a channel's name, else the target itself.

    A mention without a name is nothing: it is how the bot is called, also at the end of a sentence.
    """
    target, bar, label = inner.partition("|")
    sign = target[:1]
    if sign == "@" and not label:
        return " "
    if sign in ("#", "@"):
        return sign + (label or target[1:])
    if sign == "!":
        return label or "@" + target[1:]
    return label if bar and label else target.removeprefix("mailto:")
