"""One ending, told singly: outcome first, then why, image and where, how big and how long, and the ID."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.fact import Kind, News, Transition
from bot.messages.document import Document, Line, Lines, Link, Moment, Part, Word, fill, foreign
from bot.messages.escape import exact, name
from bot.messages.particulars import duration_of, end_of, labelled, particulars, reasons_in_a_row, size_of, why
from bot.messages.plain import duration
from bot.messages.style import Style
from bot.messages.task_words import on_cluster, short_image, state_words
from bot.messages.words import Say, say

LATE: Final = "🕰"
SYMBOLS: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.SUCCEEDED: "✅", Kind.FAILED: "❌", Kind.ENDED: "❔", Kind.GONE: "❔"}
)
_TITLES: Final[Mapping[Kind, Say]] = MappingProxyType(
    {
        Kind.SUCCEEDED: Say.IS_READY,
        Kind.FAILED: Say.HAS_FAILED,
        Kind.ENDED: Say.HAS_ENDED,
        Kind.GONE: Say.IS_GONE,
    }
)
_HISTORY: Final[Mapping[News, Say]] = MappingProxyType(
    {News.LATER: Say.AGAIN_LATER, News.OTHER: Say.AGAIN_OTHER, News.AGAIN: Say.AGAIN_WORKED}
)


def ending(fact: Transition, style: Style) -> Document:
    """Return the message about one ending."""
    told = _headline(fact, style)
    task_id = say(style.language, Say.TEXT_TASK, id=exact(fact.task.id))
    text = " ".join([f"{told}.", *_spoken(fact, style), task_id])
    title = f"{LATE if fact.late else SYMBOLS[fact.kind]} {told}"
    rest = particulars(fact.task, style, *_figures(fact, style), said=told)
    reasons = why(fact.task, style, failed=fact.kind is Kind.FAILED)
    body = (rest, *reasons) if fact.kind is Kind.SUCCEEDED else (*reasons, rest)
    return Document(text, title, (*_remarks(fact, style), *body, console(style)))


def console(style: Style) -> Part:
    """Return the button that leads to the vendor's console."""
    return Link("open_console", say(style.language, Say.OPEN_CONSOLE), style.console_url)


def _headline(fact: Transition, style: Style) -> str:
    task, language = fact.task, style.language
    told = say(language, _outcome(fact), image=short_image(task), state=name(task.state, 40)) + on_cluster(task, style)
    if fact.late:
        return told + say(language, Say.AS, state=state_words(task.state, style))
    if task.seconds is None or fact.kind is Kind.GONE:
        return told
    clause = Say.IN if fact.kind is Kind.SUCCEEDED else Say.AFTER
    return told + say(language, clause, took=duration(task.seconds, language))


def _outcome(fact: Transition) -> Say:
    if fact.late:
        return Say.WAS_LATE
    return Say.IS_REPLACED if fact.news is News.REPLACED else _TITLES[fact.kind]


def _remarks(fact: Transition, style: Style) -> Iterator[Part]:
    if fact.kind is Kind.GONE:
        last = foreign(state_words(fact.task.state, style), 60)
        yield Lines((fill(style.language, Say.LAST_SEEN, state=last),))
    if fact.kind is Kind.ENDED:
        yield Lines(((Word(say(style.language, Say.ODD_STATE)),),))
    if fact.news in _HISTORY:
        yield Lines(((Word(say(style.language, _HISTORY[fact.news])),),))


def _spoken(fact: Transition, style: Style) -> Iterator[str]:
    """Yield the sentences of `text` that follow the headline."""
    if fact.kind is Kind.GONE:
        yield say(style.language, Say.LAST_SEEN, state=state_words(fact.task.state, style))
    elif fact.kind is Kind.FAILED or (fact.kind is Kind.ENDED and fact.task.reasons):
        yield f"{say(style.language, Say.WHY)}: {reasons_in_a_row(fact.task, style, 1_000)}."


def _figures(fact: Transition, style: Style) -> Iterator[Line]:
    """Yield size and time. How long it took is in the headline, but for a late listing."""
    yield from size_of(fact.task, style)
    if fact.late:
        yield from duration_of(fact.task, style)
    if fact.kind is Kind.GONE or fact.task.completed is None:
        yield labelled(Say.NOTICED, style, Moment(fact.at))
    else:
        yield from end_of(fact.task, style)
