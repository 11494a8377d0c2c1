"""One ending, told singly: outcome first, then why, image and where, how big and how long, and the ID."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.fact import Kind, News, Transition
from bot.domain.task import Product, Task, TaskState
from bot.messages.document import Bullets, Document, Line, Lines, Link, Moment, Part, Span, Word, code, fill, foreign
from bot.messages.escape import middle, name
from bot.messages.plain import ago, duration, size
from bot.messages.style import Style
from bot.messages.words import Count, Say, count, say

_TITLES: Final[Mapping[Kind, Say]] = MappingProxyType(
    {
        Kind.SUCCEEDED: Say.IS_READY,
        Kind.FAILED: Say.HAS_FAILED,
        Kind.ENDED: Say.HAS_ENDED,
        Kind.GONE: Say.IS_GONE,
    }
)
SYMBOLS: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.SUCCEEDED: "✅", Kind.FAILED: "❌", Kind.ENDED: "❔", Kind.GONE: "❔"}
)
_HISTORY: Final[Mapping[News, Say]] = MappingProxyType(
    {News.LATER: Say.AGAIN_LATER, News.OTHER: Say.AGAIN_OTHER, News.AGAIN: Say.AGAIN_WORKED}
)
_STATES: Final[Mapping[str, Say]] = MappingProxyType(
    {
        "running": Say.RUNNING,
        "pending": Say.PENDING,
        "failed": Say.FAILED,
        "gone": Say.GONE,
        "ended": Say.OTHERWISE,
        "succeeded": Say.SUCCEEDED,
    }
)
_COUNTS_AT_MOST: Final = 10
_REASONS_AT_MOST: Final = 12
_REASON_AT_MOST: Final = 1_200
_ALL_REASONS_AT_MOST: Final = 3_000
_PRODUCTS_AT_MOST: Final = 8


def ending(fact: Transition, style: Style) -> Document:
    """Return the message about one ending."""
    told = _headline(fact, style)
    symbol = "🕰" if fact.late else SYMBOLS[fact.kind]
    parts = (*_outcome(fact, style), Lines(tuple(facts_of(fact.task, style, noticed=fact.at))), console(style))
    text = " ".join([told + ".", *_reason_text(fact, style)]) + say(
        style.language, Say.TEXT_TASK, id=name(fact.task.id, 200)
    )
    return Document(text, f"{symbol} {told}", parts)


def state_words(state: str, style: Style) -> str:
    """Return what people call a state or an ending; one that nobody documents is shown verbatim."""
    known = _STATES.get(state.casefold())
    return name(state, 60) if known is None else say(style.language, known)


def counts(numbers: Mapping[str, int], style: Style, first: tuple[str, ...] = (TaskState.FAILED,)) -> str:
    """Return `1 failed, 2 running` by state or kind of ending, what is `first` first; "" for nothing."""
    order = {state.casefold(): place for place, state in enumerate((*first, *_STATES))}
    states = sorted(numbers, key=lambda state: (order.get(state.casefold(), len(order)), state))
    told = [f"{numbers[state]:,} {state_words(state, style)}" for state in states if numbers[state] > 0]
    return ", ".join(told[:_COUNTS_AT_MOST])


def short_image(task: Task, most: int = 60) -> str:
    """Return the image as people call it: the last part of its address with its tag."""
    return middle(name(task.image.rstrip("/").rpartition("/")[2], 1_000) or name(task.id, 200), most)


def console(style: Style) -> Part:
    """Return the button that leads to the vendor's console."""
    return Link("open_console", say(style.language, Say.OPEN_CONSOLE), style.console_url)


def why(task: Task, style: Style, *, failed: bool) -> tuple[Part, ...]:
    """Return the vendor's own words about it, all of them unless they are too many or too long."""
    label = Word(say(style.language, Say.WHY if failed else Say.VENDOR) + ":", bold=True)
    reasons = tuple(_reasons(task, style))
    if not reasons:
        return (Lines(((label, Word(" " + say(style.language, Say.WHY_NOT))),)),) if failed else ()
    if len(reasons) == 1:
        return (Lines(((label, Word(" "), *reasons[0]),)),)
    return (Lines(((label,),)), Bullets(reasons))


def facts_of(task: Task, style: Style, *, noticed: float | None = None, now: float | None = None) -> Iterator[Line]:
    """Yield what is known of a task, a labelled line each.

    `noticed`: the end was noticed then, said when the vendor gives none. `now`: also tell when it was created and
    whether it has a registry credential (never which: it may be a secret).
    """
    yield _labelled(Say.IMAGE, style, *_image(task))
    if task.cluster.strip():
        yield _labelled(Say.CLUSTER, style, foreign(task.cluster, 300))
    yield _labelled(Say.PRODUCTS, style, *_products(task, style))
    if now is not None:
        yield from _origin(task, style, now)
    yield from _figures(task, style, noticed)
    if task.note.strip():
        yield _labelled(Say.NOTE, style, foreign(task.note, 600))
    yield _labelled(Say.TASK, style, code(task.id))


def _labelled(label: Say, style: Style, *spans: Span) -> Line:
    return (Word(say(style.language, label) + ":", bold=True), Word(" "), *spans)


def _headline(fact: Transition, style: Style) -> str:
    task, language = fact.task, style.language
    what = Say.WAS_LATE if fact.late else _TITLES[fact.kind]
    told = say(language, what, image=short_image(task), state=name(task.state, 40))
    if task.cluster.strip():
        told += say(language, Say.ON, cluster=name(task.cluster, 40))
    if task.seconds is not None and fact.kind is not Kind.GONE and not fact.late:
        clause = Say.IN if fact.kind is Kind.SUCCEEDED else Say.AFTER
        told += say(language, clause, took=duration(task.seconds, language))
    return told


def _outcome(fact: Transition, style: Style) -> tuple[Part, ...]:
    remarks = tuple(_remarks(fact, style))
    before = (Lines(remarks),) if remarks else ()
    return (*before, *why(fact.task, style, failed=fact.kind is Kind.FAILED))


def _remarks(fact: Transition, style: Style) -> Iterator[Line]:
    if fact.late:
        yield fill(style.language, Say.LATE_STATE, state=foreign(state_words(fact.task.state, style), 60))
    elif fact.kind is Kind.GONE:
        what = Say.REPLACED_END if fact.news is News.REPLACED else Say.UNKNOWN_END
        yield fill(style.language, what, state=foreign(state_words(fact.task.state, style), 60))
    if fact.kind is Kind.ENDED:
        yield (Word(say(style.language, Say.ODD_STATE)),)
    if fact.news in _HISTORY:
        yield (Word(say(style.language, _HISTORY[fact.news])),)


def _reason_text(fact: Transition, style: Style) -> Iterator[str]:
    if fact.kind is Kind.GONE:
        what = Say.REPLACED_END if fact.news is News.REPLACED else Say.UNKNOWN_END
        yield say(style.language, what, state=state_words(fact.task.state, style))
    elif fact.kind is not Kind.SUCCEEDED:
        reasons = name("; ".join(fact.task.reasons[:_REASONS_AT_MOST]), 1_000) or say(style.language, Say.WHY_NOT)
        yield f"{say(style.language, Say.WHY)}: {reasons}."


def _reasons(task: Task, style: Style) -> Iterator[Line]:
    left, told = _ALL_REASONS_AT_MOST, 0
    for text in task.reasons:
        if told == _REASONS_AT_MOST or left <= 0:
            more = len(task.reasons) - told
            yield (Word(count(style.language, Count.MORE_REASONS, more)),)
            return
        most = min(left, _REASON_AT_MOST)
        whole = name(text, 20_000)
        left, told = left - len(whole), told + 1
        yield _trimmed(whole, most, style)


def _trimmed(text: str, most: int, style: Style) -> Line:
    shown = foreign(text, most)
    if len(text) <= most:
        return (shown,)
    return (shown, Word(count(style.language, Count.MORE_SIGNS, len(text) - most + 1)))


def _image(task: Task) -> Iterator[Word]:
    yield code(task.image, 500)
    if task.image_name.strip() and task.image_name not in task.image:
        yield foreign(f" ({name(task.image_name, 200)})", 210)


def _products(task: Task, style: Style) -> Iterator[Word]:
    if not task.products:
        yield Word(say(style.language, Say.WHOLE_CLUSTER))
        return
    shown = task.products[:_PRODUCTS_AT_MOST]
    yield Word(", ".join(map(_product, shown)), foreign=True)
    if more := len(task.products) - len(shown):
        yield Word(" " + count(style.language, Count.MORE, more))


def _product(product: Product) -> str:
    title, identity = name(product.name, 100), name(product.id, 100)
    return f"{title} ({identity})" if title and identity and title != identity else title or identity


def _origin(task: Task, style: Style, now: float) -> Iterator[Line]:
    if task.repository_auth.strip():
        yield _labelled(Say.CREDENTIAL, style, Word(say(style.language, Say.CREDENTIAL_SET)))
    if task.created is not None:
        age = ago(now - task.created, style.language)
        yield _labelled(Say.CREATED, style, Moment(task.created), Word(f" ({age})"))


def _figures(task: Task, style: Style, noticed: float | None) -> Iterator[Line]:
    if task.size is not None:
        yield _labelled(Say.SIZE, style, Word(size(task.size)))
    if task.seconds is not None:
        yield _labelled(Say.TOOK, style, Word(duration(task.seconds, style.language)))
    if task.completed is not None:
        yield _labelled(Say.ENDED, style, Moment(task.completed))
    elif noticed is not None:
        yield _labelled(Say.NOTICED, style, Moment(noticed))
