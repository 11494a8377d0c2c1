"""One ending, told singly: outcome, image, size, where and how long in the headline; then why, what to do, the rest."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.fact import Kind, News, Transition
from bot.messages.advice import advice, remedy
from bot.messages.task_fields import brief, labelled, reasons_in_a_row, spoken, why
from bot.messages.task_words import habit, lasting, on_cluster, sized_image, state_title, state_words
from bot.rendering.document import TITLE_AT_MOST, Document, Line, Lines, Link, Moment, Part, Word, foreign, mentioned
from bot.rendering.escape import cut, exact, name
from bot.rendering.languages import N_
from bot.rendering.style import Style

LATE: Final = "🕰"
SYMBOLS: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.SUCCEEDED: "✅", Kind.FAILED: "❌", Kind.ENDED: "❔", Kind.GONE: "❔"}
)
_SAYS_NO_MORE: Final = frozenset({"image pulled successfully"})  # than "Ready" does; the vendor's own example
_TITLES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SUCCEEDED: N_("Ready: {image}"),
        Kind.FAILED: N_("Failed: {image}"),
        Kind.ENDED: N_("Ended as “{state}”: {image}"),
        Kind.GONE: N_("No longer listed; how it ended is unknown: {image}"),
    }
)
_UNKNOWN: Final[Mapping[News, str]] = MappingProxyType(
    {
        News.REPLACED: N_("Replaced by a new run; how it ended is unknown: {image}"),
        News.FORGOTTEN: N_("No longer watched; how it ended is unknown: {image}"),
        News.ACCOUNT: N_("No longer watched; how it ended is unknown: {image}"),
    }
)
_WATCH_OVER: Final[Mapping[News, str]] = MappingProxyType(
    {
        News.FORGOTTEN: N_("It is no longer listed, and I have forgotten it. So your watch of it has ended."),
        News.ACCOUNT: N_(
            "The API address or key now belongs to another account, so I cannot see this task any more, "
            "and your watch of it has ended."
        ),
    }
)
_HISTORY: Final[Mapping[News, str]] = MappingProxyType(
    {
        News.LATER: N_("It had ended before; this is a later ending."),
        News.OTHER: N_("It had ended differently before; this is what the list says now."),
        News.AGAIN: N_("It had ended before, was seen at work again and has ended again."),
    }
)


def ending(fact: Transition, style: Style) -> Document:
    """Return the message about one ending."""
    task, told = fact.task, _headline(fact, style)
    title = cut(f"{LATE if fact.late else SYMBOLS[fact.kind]} {told}", TITLE_AT_MOST)
    text = style.words.paragraph(
        style.words.sentence(told),
        *_spoken(fact, style),
        style.words.say("Task {id}.", id=exact(task.id)),
        *summons([fact], style),
    )
    first = (*summons([fact], style), *_remarks(fact, style))
    last = tuple((Word(each),) for each in _habits(fact, style))
    rest = brief(task, style, _time(fact, style), said=title)
    parts = (Lines(first), *_reasons(fact, style), Lines(last), rest, console(style))
    return Document(text, title, parts)


def summons(facts: Iterable[Transition], style: Style) -> Iterator[Line]:
    """Yield the line that mentions whoever is to hear of failures; never for late listings alone (D4)."""
    if style.mention and any(fact.kind is not Kind.SUCCEEDED and not fact.late for fact in facts):
        yield style.words.fill("{whom}, please look.", whom=mentioned(style.mention))


def console(style: Style) -> Part:
    """Return the button that leads to the vendor's console."""
    return Link("open_console", style.words.say("Open console"), style.console_url)


def _headline(fact: Transition, style: Style) -> str:
    task = fact.task
    state = state_title(task.state, style) if fact.late else name(task.state, 40)
    told = style.words.say(_outcome(fact), image=sized_image(task, style), state=state)
    return told + on_cluster(task, style) + lasting(fact, style)


def _outcome(fact: Transition) -> str:
    if fact.late:
        return N_("{state} before I began to watch: {image}")
    return _UNKNOWN.get(fact.news, _TITLES[fact.kind])


def _remarks(fact: Transition, style: Style) -> Iterator[Line]:
    if fact.kind is Kind.GONE and fact.task.state:
        last = foreign(state_words(fact.task.state, style), 60)
        yield style.words.fill("When last seen it was {state}.", state=last)
    yield from ((Word(each),) for each in _watch(fact, style))
    if fact.kind is Kind.ENDED:
        yield (Word(style.words.say("The vendor does not document this state; it is shown as it came.")),)
    if fact.news in _HISTORY:
        yield (Word(style.words.say(_HISTORY[fact.news])),)


def _watch(fact: Transition, style: Style) -> Iterator[str]:
    """Yield what becomes of the reader's watch of this one task when nobody knows how it ended (R2)."""
    if fact.watched:
        yield style.words.say("I go on watching it for you, and tell you when its end is known.")
    if fact.news in _WATCH_OVER:
        yield style.words.say(_WATCH_OVER[fact.news])


def _reasons(fact: Transition, style: Style) -> Iterator[Part]:
    """Yield the vendor's own words and, for a failure, under them what to do."""
    if fact.kind is Kind.FAILED:
        yield from why(fact.task, style, failed=True)
        yield from advice(fact.task, style)
    elif not _SAYS_NO_MORE.issuperset(fact.task.reasons):
        yield from why(fact.task, style, failed=False)


def _habits(fact: Transition, style: Style) -> Iterator[str]:
    """Yield what is not of this ending alone: how often the image failed lately, how long the task hung."""
    if told := habit(fact.failures, style):
        yield told
    if fact.hung:
        state = state_title(fact.before or fact.task.state, style)
        yield style.words.say("It had hung in {state} for {gap}.", state=state, gap=style.words.duration(fact.hung))


def _spoken(fact: Transition, style: Style) -> Iterator[str]:
    """Yield the sentences of `text` that follow the headline."""
    if fact.kind is Kind.GONE:
        if fact.task.state:
            yield style.words.say("When last seen it was {state}.", state=state_words(fact.task.state, style))
        yield from _watch(fact, style)
    elif fact.kind is Kind.FAILED or (fact.kind is Kind.ENDED and fact.task.reasons):
        yield style.words.sentence(spoken(N_("Why"), reasons_in_a_row(fact.task, style, 1_000), style))
    if fact.kind is Kind.FAILED and (told := remedy(fact.task, style)):
        yield spoken(N_("What to do"), told, style)
    yield from _habits(fact, style)


def _time(fact: Transition, style: Style) -> Line:
    if fact.kind is Kind.GONE or fact.task.completed is None:
        return labelled(N_("Noticed"), style, Moment(fact.at))
    return labelled(N_("Ended"), style, Moment(fact.task.completed))
