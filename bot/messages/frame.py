"""What every answer has around it: the warning when the list could not be read, and how old it all is."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.answer import AsOf
from bot.domain.task import Task
from bot.messages.rows import spoken
from bot.messages.troubles import trouble
from bot.rendering import joining
from bot.rendering.catalogue import number
from bot.rendering.document import Bullets, Document, Line, Lines, Part, Small, Word, fill, sentences
from bot.rendering.english import Say
from bot.rendering.joining import sentence, series
from bot.rendering.style import Style
from bot.rendering.units import ago
from bot.rendering.words import say

_SPOKEN_AT_MOST: Final = 3
_TROUBLE_AT_MOST: Final = 500


def framed(title: str, said: Sequence[str], parts: Sequence[Part], as_of: AsOf, style: Style) -> Document:
    """Return an answer: what was found, the warning if it may be old, the rest, and how old it is.

    `said` are the sentences that stand for the rest in `text`.
    """
    language, warnings = style.language, tuple(troubles(as_of, style))
    text = joining.sentences(language, sentence(language, title), *said, *warnings, age(as_of, style))
    warning = (Lines(tuple((Word(told, foreign=True),) for told in warnings)),) if warnings else ()
    return Document(text, title, (*warning, *parts, Small((Word(age(as_of, style)),))))


def short(title: str, lines: Sequence[Line], style: Style, *parts: Part) -> Document:
    """Return an answer that is no matter of time: a sentence, what follows from it, and what can be pressed."""
    text = sentences(style.language, sentence(style.language, title), *lines)
    return Document(text, title, (Lines(tuple(lines)), *parts))


def tasks_said(tasks: Sequence[Task], style: Style) -> Iterator[str]:
    """Yield the first few as a sentence."""
    if tasks:
        told = [spoken(task, style) for task in tasks[:_SPOKEN_AT_MOST]]
        yield sentence(style.language, series(style.language, told))


def headed(title: Say, style: Style) -> Lines:
    """Return the heading of what follows."""
    heading = say(style.language, Say.HEADING, label=say(style.language, title))
    return Lines(((Word(heading, bold=True),),))


def listed(title: Say, lines: Sequence[Line], shown: int, style: Style) -> Iterator[Part]:
    """Yield a list under its heading; nothing where there is nothing."""
    if lines:
        yield headed(title, style)
        yield Bullets(tuple(lines[:shown]))
        yield from more(len(lines) - shown, style)


def more(left: int, style: Style) -> Iterator[Part]:
    """Yield how many are not shown and how to ask for fewer."""
    if left > 0:
        narrower = Word("/prewarm list failed cluster:ID words", code=True)
        yield Lines((fill(style.language, Say.MORE, n=number(left, style.language), command=narrower),))


def age(as_of: AsOf, style: Style) -> str:
    """Return how old the answer is."""
    if as_of.age is None:
        return say(style.language, Say.NEVER_READ)
    return say(style.language, Say.AS_OF, age=ago(as_of.age, style.language))


def troubles(as_of: AsOf, style: Style) -> Iterator[str]:
    """Yield that the list could not be read and why, if that is so."""
    if as_of.trouble.strip():
        yield say(style.language, Say.TROUBLE, why=trouble(as_of.trouble, _TROUBLE_AT_MOST, style))
