"""One task, whole, and what can be asked next; where an ID says too little or nothing, the tasks that it may mean."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.commands.request import Look, Show, Unwatch, Watch, Why
from bot.domain.answer import Candidates, Detail, Unknown, WatchEnded
from bot.domain.task import ACTIVE, FINAL, Task, TaskState
from bot.messages.advice import advice
from bot.messages.frame import asks, framed, named, tasks_said, unwatches, watches
from bot.messages.rows import brief
from bot.messages.task_fields import (
    all_fields,
    credential_of,
    end_of,
    reasons_in_a_row,
    size_of,
    spoken,
    start_of,
    why,
)
from bot.messages.task_words import habit, on_cluster, short_image, state_words
from bot.rendering.document import Button, Buttons, Document, Item, Line, Lines, Link, Moment, Part, Word, bare, code
from bot.rendering.escape import exact, name
from bot.rendering.languages import N_
from bot.rendering.style import Style


def detail(answer: Detail, style: Style, *before: Line) -> Document:
    """Return the answer to `show ID`; `before` stands first."""
    task, words, failed = answer.task, style.words, answer.task.state == TaskState.FAILED
    figures = (
        *size_of(task, style),
        *start_of(task, style, answer.as_of.now),
        *end_of(task, style),
        *credential_of(task, style),
    )
    parts = (
        *(Lines((line,)) for line in (*before, *_remarks(answer, style))),
        *why(task, style, failed=failed),
        *(advice(task, style) if failed else ()),
        all_fields(task, style, *figures),
        Buttons((*_buttons(answer, style), Link("open_console", words.say("Open console"), style.console_url))),
    )
    reason = words.sentence(spoken(N_("Why"), reasons_in_a_row(task, style, 600), style)) if failed else ""
    said = [*(bare(line, style.zone) for line in before), reason, words.say("Task {id}.", id=exact(task.id))]
    return framed(headline(answer, style), said, parts, answer.as_of, style)


def watch_ended(answer: WatchEnded, style: Style) -> Document:
    """Return how the task ended that somebody wanted to watch."""
    return detail(
        answer.detail, style, (Word(style.words.say("It has ended already, so there is nothing left to watch.")),)
    )


def headline(answer: Detail, style: Style) -> str:
    """Return `Running for 12 min: pytorch:v2 on cn-dev-1`, `Failed: pytorch:v2 on cn-dev-1 after 6 s`."""
    task, words = answer.task, style.words
    state = state_words(task.state, style)
    state = state.capitalize() if task.state in ACTIVE | FINAL else state
    began = task.created if answer.since is None else answer.since
    told = words.say("{state}: {image}", state=state, image=short_image(task))
    if task.state in ACTIVE and began is not None and answer.gone is None:
        age = words.duration(answer.as_of.now - began)
        told = words.say("{state} for {age}: {image}", state=state, age=age, image=short_image(task))
    told += on_cluster(task, style)
    if task.state in ACTIVE or task.seconds is None:
        return told
    clause = N_(" in {took}") if task.state == TaskState.SUCCEEDED else N_(" after {took}")
    return told + words.say(clause, took=words.duration(task.seconds))


def _remarks(answer: Detail, style: Style) -> Iterator[Line]:
    if answer.gone is not None:
        yield style.words.fill("It is no longer listed: missed at {at}.", at=Moment(answer.gone))
    if answer.task.state == TaskState.FAILED and (often := habit(answer.failures, style)):
        yield (Word(often),)


def _buttons(answer: Detail, style: Style) -> Iterator[Button]:
    task, ended = answer.task, answer.gone is not None or answer.task.has_ended
    yield asks("ask.refresh", N_("Refresh"), Show(task.id), style, named(task))
    if answer.watched:
        yield asks("ask.unwatch", N_("Unwatch"), unwatches(task.id), style, named(task))
    elif not ended:
        yield asks("ask.watch", N_("Watch"), watches(task.id), style, named(task))
    yield asks("ask.why", N_("Was it told?"), Why(task.id), style, named(task))


def candidates(answer: Candidates, shown: int, style: Style) -> Document:
    """Return the tasks that a shortened ID may mean; a button asks of one what was asked."""
    words, tasks = style.words, answer.tasks[:shown]
    title = words.say("{n} tasks begin with {prefix}", n=words.number(answer.count), prefix=name(answer.prefix, 60))
    items = [_item(number, task, answer, style) for number, task in enumerate(tasks, start=1)]
    left = answer.count - len(tasks)
    rest: tuple[Line, ...] = ((Word(words.more(left)),),) if left > 0 else ()
    typed = Word(f"/prewarm {_command(answer)} ID", code=True)
    parts: tuple[Part, ...] = (*items, Lines((*rest, words.fill("Type more of the ID: {command}", command=typed))))
    return framed(title, [*tasks_said(answer.tasks, style)], parts, answer.as_of, style)


def unknown(answer: Unknown, style: Style) -> Document:
    """Return that no task begins so, and where else to look."""
    title = style.words.say("No task begins with {prefix}", prefix=name(answer.prefix, 60))
    known = style.words.count("I know {n} task.", "I know {n} tasks.", answer.known)
    next_step = style.words.fill(
        "{command} searches names, notes and clusters too.", command=code(f"/prewarm list {answer.prefix}", 80)
    )
    return framed(title, (), (Lines((style.words.paragraph(known, next_step),)),), answer.as_of, style)


def _item(number: int, task: Task, answer: Candidates, style: Style) -> Item:
    label, asked = _BUTTONS[_command(answer)]
    button = asks(f"ask.show.{number}", label, asked(task.id), style, named(task))
    return Item(brief(task, answer.as_of, style), button)


def _command(answer: Candidates) -> str:
    return answer.command if answer.command in _BUTTONS else "show"


_BUTTONS: Final[Mapping[str, tuple[str, Callable[[str], Look | Watch | Unwatch]]]] = MappingProxyType(
    {
        "show": (N_("Show"), Show),
        "watch": (N_("Watch"), watches),
        "unwatch": (N_("Unwatch"), unwatches),
        "why": (N_("Was it told?"), Why),
    }
)
