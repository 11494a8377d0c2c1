"""Tasks that hang: how long already, what it may mean and what to do, so that nobody has to guess.

The message stays in the channel when the task has ended; then it is worded anew (P10), so that nobody who reads back
runs after a task that is long ready.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.domain.fact import Kind, Stuck, Transition
from bot.domain.task import TaskState
from bot.messages.advice import remedy
from bot.messages.ending import SYMBOLS, console
from bot.messages.groups import by_image
from bot.messages.task_fields import brief, headed, image_of, labelled, labelled_as, why
from bot.messages.task_words import (
    fate,
    group_of,
    lasting,
    on_cluster,
    short_cluster,
    short_image,
    sized_image,
    state_title,
    state_words,
)
from bot.rendering.document import Bullets, Document, Line, Lines, Moment, Part, Word, fill, in_a_row
from bot.rendering.english import Count, Say
from bot.rendering.escape import cut, exact
from bot.rendering.joining import clauses, sentence, sentences, series
from bot.rendering.slack_blocks import TITLE_AT_MOST
from bot.rendering.style import Style
from bot.rendering.units import duration
from bot.rendering.words import count, say

STUCK: Final = "⏳"
_NAMED_AT_MOST: Final = 5
_MEANING: Final[Mapping[str, tuple[Say, Say]]] = MappingProxyType(
    {
        TaskState.PENDING: (Say.STUCK_PENDING, Say.STUCK_PENDING_NEXT),
        TaskState.RUNNING: (Say.STUCK_RUNNING, Say.STUCK_RUNNING_NEXT),
    }
)
_WORST_FIRST: Final = (Kind.FAILED, Kind.GONE, Kind.ENDED, Kind.SUCCEEDED)


def stuck(fact: Stuck, style: Style) -> Document:
    """Return the message about one task that hangs."""
    task, told = fact.task, _headline(fact, style)
    title = cut(f"{STUCK} {told}", TITLE_AT_MOST)
    means, do = _meaning(task.state, style)
    do = remedy(task, style) or do
    text = _text(told, means, do, _text_task(fact, style), style=style)
    advice = Lines(((Word(means),), labelled(Say.WHAT_TO_DO, style, Word(do))))
    parts = (*why(task, style, failed=False), advice, brief(task, style, _since(fact, style), said=title))
    return Document(text, title, (*parts, console(style)))


def all_stuck(facts: Sequence[Stuck], style: Style) -> Document:
    """Return the message about several tasks that hang, those of one state together; every ID is in it."""
    title = _title(facts, style)
    text = _text(title, _listed([_headline(fact, style) for fact in facts], style), style=style)
    return Document(text, f"{STUCK} {title}", (*_by_state(facts, style), console(style)))


def ended_since(facts: Sequence[Stuck], ended: Mapping[str, Transition], style: Style) -> Document:
    """Return the message anew: first how those of them ended that have (`ended` by task ID), then the others."""
    over = [(fact, ended[fact.task.id]) for fact in facts if fact.task.id in ended]
    if len(facts) == len(over) == 1:
        return _ended(*over[0], style)
    others = [fact for fact in facts if fact.task.id not in ended]
    clause = count(style.language, Count.ENDED_SINCE, len(over)) if others else say(style.language, Say.STUCK_ALL_ENDED)
    title = count(style.language, Count.WERE_STUCK, len(facts)) + clause
    lines = [_ending_line(*each, style) for each in over]
    heading = Lines((headed(say(style.language, Say.STUCK_ENDED_GROUP), style),))
    bullets = Bullets(
        tuple((Word(f"{SYMBOLS[end.kind]} {line}", foreign=True),) for (_, end), line in zip(over, lines, strict=True))
    )
    text = _text(title, _listed(lines, style), style=style)
    symbol = STUCK if others else _worst(over)
    return Document(text, f"{symbol} {title}", (heading, bullets, *_by_state(others, style), console(style)))


def _worst(over: Sequence[tuple[Stuck, Transition]]) -> str:
    kinds = {end.kind for _, end in over}
    return next(SYMBOLS[kind] for kind in _WORST_FIRST if kind in kinds)


def _listed(told: Sequence[str], style: Style) -> str:
    """Return the first few as a sentence."""
    more = len(told) - _NAMED_AT_MOST
    rest = [count(style.language, Count.MORE, more)] if more > 0 else []
    return sentence(style.language, series(style.language, [*told[:_NAMED_AT_MOST], *rest]))


def _text(title: str, *told: str, style: Style) -> str:
    return sentences(style.language, sentence(style.language, title), *told)


def _text_task(fact: Stuck, style: Style) -> str:
    return say(style.language, Say.TEXT_TASK, id=exact(fact.task.id))


def _headline(fact: Stuck, style: Style) -> str:
    """Return `Pending for 42 min: qwen:0.9 on cn-1`."""
    state, age = state_title(fact.task.state, style), _age(fact, style)
    told = say(style.language, Say.IS_STUCK, state=state, age=age, image=sized_image(fact.task, style))
    return told + on_cluster(fact.task, style)


def _ended(fact: Stuck, end: Transition, style: Style) -> Document:
    how = fate(end, style) + lasting(end, style)
    told = say(style.language, Say.STUCK_ENDED, how=how, image=sized_image(fact.task, style))
    told += on_cluster(fact.task, style)
    title = cut(f"{SYMBOLS[end.kind]} {told}", TITLE_AT_MOST)
    state, age = state_words(fact.task.state, style), _age(fact, style)
    was = say(style.language, Say.STUCK_WAS, state=state, age=age)
    text = _text(told, was, _text_task(fact, style), style=style)
    parts = (Lines(((Word(was),),)), brief(fact.task, style, _since(fact, style), said=title), console(style))
    return Document(text, title, parts)


def _ending_line(fact: Stuck, end: Transition, style: Style) -> str:
    return say(
        style.language,
        Say.STUCK_ENDED_LINE,
        image=short_image(fact.task),
        cluster=short_cluster(fact.task),
        id=exact(fact.task.id),
        how=fate(end, style) + lasting(end, style),
    )


def _title(facts: Sequence[Stuck], style: Style) -> str:
    """Return how many hang and of what, if all hang on one image: `5 … are stuck: qwen:0.9 on 5 clusters`."""
    told = count(style.language, Count.STUCK, len(facts))
    if len({fact.task.image for fact in facts}) > 1:
        return told
    clusters = len({short_cluster(fact.task) for fact in facts})
    subject = count(style.language, Count.ON_CLUSTERS, clusters, image=short_image(facts[0].task))
    return say(style.language, Say.LABELLED, label=told, text=subject)


def _by_state(facts: Sequence[Stuck], style: Style) -> Iterator[Part]:
    for state in dict.fromkeys(fact.task.state for fact in facts):
        alike = [fact for fact in facts if fact.task.state == state]
        label = group_of(state_title(state, style), len(alike), style)
        yield Lines((labelled_as(label, style, Word(sentences(style.language, *_meaning(state, style)))),))
        yield Bullets(tuple(_image_line(group, style) for group in by_image(alike)))


def _image_line(facts: Sequence[Stuck], style: Style) -> Line:
    places = in_a_row(style.language, [(Word(_place(fact, style), foreign=True),) for fact in facts])
    return fill(style.language, Say.STILL_ON, image=image_of(facts[0].task, style), places=places)


def _place(fact: Stuck, style: Style) -> str:
    told = clauses(style.language, [exact(fact.task.id), _age(fact, style)])
    return say(style.language, Say.PLACE, cluster=short_cluster(fact.task), told=told)


def _meaning(state: str, style: Style) -> tuple[str, str]:
    """Return what a state may mean that lasts, and what to do."""
    means, do = _MEANING[state]
    return say(style.language, means), say(style.language, do)


def _age(fact: Stuck, style: Style) -> str:
    return duration(fact.at - fact.since, style.language)


def _since(fact: Stuck, style: Style) -> Line:
    return labelled_as(
        say(style.language, Say.STUCK_SINCE, state=state_title(fact.task.state, style)), style, Moment(fact.since)
    )
