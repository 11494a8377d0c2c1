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
from bot.messages.digest import by_image
from bot.messages.ending import SYMBOLS, console
from bot.messages.task_fields import brief, headed, image_of, labelled, labelled_as, why
from bot.messages.task_words import (
    fate,
    group_of,
    lasting,
    on_cluster,
    on_clusters,
    short_cluster,
    short_image,
    sized_image,
    state_title,
    state_words,
)
from bot.rendering.document import TITLE_AT_MOST, Bullets, Document, Line, Lines, Moment, Part, Word
from bot.rendering.escape import cut, exact
from bot.rendering.languages import N_
from bot.rendering.style import Style

STUCK: Final = "⏳"
_NAMED_AT_MOST: Final = 5
_MEANING: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        TaskState.PENDING: (
            N_("It may wait for a free node, or behind other tasks of this account."),
            N_("Check the cluster and the quota in the console. If it never starts, ask the vendor with its ID."),
        ),
        TaskState.RUNNING: (
            N_("The registry may be slow or limit the rate: several nodes pull the image at once."),
            N_("Check that the registry answers, and how fast. One nearer to the cluster sends the image sooner."),
        ),
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
    advice = Lines(((Word(means),), labelled(N_("What to do"), style, Word(do))))
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
    clause = (
        style.words.count(", {n} has ended since", ", {n} have ended since", len(over))
        if others
        else style.words.say(", all have ended since")
    )
    title = style.words.count("{n} prewarm task was stuck", "{n} prewarm tasks were stuck", len(facts)) + clause
    lines = [_ending_line(*each, style) for each in over]
    heading = headed(style.words.say("Ended since"), style)
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
    rest = [style.words.more(more)] if more > 0 else []
    return style.words.sentence(style.words.series([*told[:_NAMED_AT_MOST], *rest]))


def _text(title: str, *told: str, style: Style) -> str:
    return style.words.sentences(style.words.sentence(title), *told)


def _text_task(fact: Stuck, style: Style) -> str:
    return style.words.say("Task {id}.", id=exact(fact.task.id))


def _headline(fact: Stuck, style: Style) -> str:
    """Return `Pending for 42 min: qwen:0.9 on cn-1`."""
    state, age = state_title(fact.task.state, style), _age(fact, style)
    told = style.words.say("{state} for {age}: {image}", state=state, age=age, image=sized_image(fact.task, style))
    return told + on_cluster(fact.task, style)


def _ended(fact: Stuck, end: Transition, style: Style) -> Document:
    how = fate(end, style) + lasting(end, style)
    told = style.words.say("Ended since: {how} · {image}", how=how, image=sized_image(fact.task, style))
    told += on_cluster(fact.task, style)
    title = cut(f"{SYMBOLS[end.kind]} {told}", TITLE_AT_MOST)
    state, age = state_words(fact.task.state, style), _age(fact, style)
    was = style.words.say("When this was written, it had been {state} for {age}.", state=state, age=age)
    text = _text(told, was, _text_task(fact, style), style=style)
    parts = (Lines(((Word(was),),)), brief(fact.task, style, _since(fact, style), said=title), console(style))
    return Document(text, title, parts)


def _ending_line(fact: Stuck, end: Transition, style: Style) -> str:
    return style.words.say(
        "{image} on {cluster} ({id}): {how}",
        image=short_image(fact.task),
        cluster=short_cluster(fact.task),
        id=exact(fact.task.id),
        how=fate(end, style) + lasting(end, style),
    )


def _title(facts: Sequence[Stuck], style: Style) -> str:
    """Return how many hang and of what, if all hang on one image: `5 … are stuck: qwen:0.9 on 5 clusters`."""
    told = style.words.count("{n} prewarm task is stuck", "{n} prewarm tasks are stuck", len(facts))
    if len({fact.task.image for fact in facts}) > 1:
        return told
    return style.words.labelled(told, on_clusters([fact.task for fact in facts], style))


def _by_state(facts: Sequence[Stuck], style: Style) -> Iterator[Part]:
    for state in dict.fromkeys(fact.task.state for fact in facts):
        alike = [fact for fact in facts if fact.task.state == state]
        label = group_of(state_title(state, style), len(alike), style)
        yield Lines((labelled_as(label, style, Word(style.words.sentences(*_meaning(state, style)))),))
        yield Bullets(tuple(_image_line(group, style) for group in by_image(alike)))


def _image_line(facts: Sequence[Stuck], style: Style) -> Line:
    places = style.words.in_a_row([(Word(_place(fact, style), foreign=True),) for fact in facts])
    return style.words.fill("{image} on {places}", image=image_of(facts[0].task, style), places=places)


def _place(fact: Stuck, style: Style) -> str:
    told = style.words.clauses([exact(fact.task.id), _age(fact, style)])
    return style.words.say("{cluster} ({told})", cluster=short_cluster(fact.task), told=told)


def _meaning(state: str, style: Style) -> tuple[str, str]:
    """Return what a state may mean that lasts, and what to do."""
    means, do = _MEANING[state]
    return style.words.say(means), style.words.say(do)


def _age(fact: Stuck, style: Style) -> str:
    return style.words.duration(fact.at - fact.since)


def _since(fact: Stuck, style: Style) -> Line:
    return labelled_as(
        style.words.say("{state} since", state=state_title(fact.task.state, style)), style, Moment(fact.since)
    )
