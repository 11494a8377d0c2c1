"""A task that hangs: how long already, what that may mean and what to do, so that nobody has to guess."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.domain.fact import Stuck
from bot.domain.task import TaskState
from bot.messages.document import Bullets, Document, Line, Lines, Moment, Word, identity
from bot.messages.ending import console
from bot.messages.escape import exact
from bot.messages.particulars import labelled_as, particulars, why
from bot.messages.plain import duration
from bot.messages.style import Style
from bot.messages.task_words import on_cluster, short_image, state_words
from bot.messages.words import Count, Say, count, say

STUCK: Final = "⏳"
_ADVICE: Final[Mapping[str, tuple[Say, Say]]] = MappingProxyType(
    {
        TaskState.PENDING: (Say.STUCK_PENDING, Say.STUCK_PENDING_NEXT),
        TaskState.RUNNING: (Say.STUCK_RUNNING, Say.STUCK_RUNNING_NEXT),
    }
)


def stuck(fact: Stuck, style: Style) -> Document:
    """Return the message about one task that hangs."""
    told = headline(fact, style)
    advice = [say(style.language, each) for each in _ADVICE.get(fact.task.state, ())]
    text = " ".join([f"{told}.", *advice, say(style.language, Say.TEXT_TASK, id=exact(fact.task.id))])
    rest = particulars(fact.task, style, *_figures(fact, style), said=told)
    remarks = Lines(tuple((Word(each),) for each in advice))
    parts = (*why(fact.task, style, failed=False), remarks, rest, console(style))
    return Document(text, f"{STUCK} {told}", parts)


def all_stuck(facts: Sequence[Stuck], style: Style) -> Document:
    """Return the message about one or more tasks that hang; every ID is in it."""
    if len(facts) == 1:
        return stuck(facts[0], style)
    title = count(style.language, Count.STUCK, len(facts))
    text = f"{title}. " + "; ".join(headline(fact, style) for fact in facts[:5]) + "."
    lines = tuple((Word(headline(fact, style), foreign=True), Word(" "), identity(fact.task.id)) for fact in facts)
    return Document(text, f"{STUCK} {title}", (Bullets(lines), console(style)))


def headline(fact: Stuck, style: Style) -> str:
    """Return `Pending for 42 min: qwen:0.9 on cn-1`."""
    state = state_words(fact.task.state, style).capitalize()
    age = duration(fact.at - fact.since, style.language)
    told = say(style.language, Say.IS_STUCK, state=state, age=age, image=short_image(fact.task))
    return told + on_cluster(fact.task, style)


def _figures(fact: Stuck, style: Style) -> Iterator[Line]:
    state = state_words(fact.task.state, style).capitalize()
    yield labelled_as(say(style.language, Say.STUCK_SINCE, state=state), Moment(fact.since))
