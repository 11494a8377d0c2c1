"""What is going on, in one look: as the answer to a bare `/prewarm` and as a person's App Home.

A Home tab stays on the screen, so it dates itself by a moment that Slack shows in the reader's own time.
"""

from collections.abc import Iterator
from typing import Final

from bot.domain.answer import AsOf, Home, Overview
from bot.domain.task import TaskState
from bot.messages.frame import framed, listed, tasks_said, troubles
from bot.messages.language_answer import others
from bot.messages.rows import failure, row
from bot.messages.status import health
from bot.messages.subscriptions import item
from bot.messages.task_fields import headed
from bot.messages.task_words import counts
from bot.rendering.document import Button, Buttons, Document, Line, Lines, Moment, Part, Word
from bot.rendering.languages import N_
from bot.rendering.style import Style

REFRESH: Final = "ask.home"  # the action of the button that has it published anew


def overview(answer: Overview, shown: int, style: Style) -> Document:
    """Return the answer to a bare `/prewarm`."""
    said = [*tasks_said((*answer.active, *answer.failures), style)]
    return framed(headline(answer, style), said, at_work(answer, shown, style), answer.as_of, style)


def headline(answer: Overview, style: Style) -> str:
    """Return the counts as a sentence, what is at work first."""
    told = counts(answer.counts, style, first=(TaskState.RUNNING, TaskState.PENDING))
    if not told:
        return style.words.say("No prewarm tasks are listed")
    return told if answer.active else style.words.say("Nothing is running: {counts}", counts=told)


def at_work(answer: Overview, shown: int, style: Style) -> tuple[Part, ...]:
    """Return the tasks at work with their ages, and the last failures with their reasons."""
    active = [row(task, answer.as_of, style) for task in answer.active[:shown]]
    failures = [failure(task, answer.as_of, style) for task in answer.failures[:shown]]
    return (
        *listed(N_("At work"), active, len(answer.active), style),
        *listed(N_("Last failures"), failures, len(answer.failures), style),
    )


def home_view(home: Home, shown: int, style: Style) -> Document:
    """Return what the tab shows, at most `shown` of each kind."""
    as_of = home.overview.as_of
    title = headline(home.overview, style)
    parts = (
        Lines((*_freshness(as_of, style),)),
        Buttons((Button(REFRESH, style.words.say("Refresh"), "home"), *others(style.language))),
        *at_work(home.overview, shown, style),
        *_watches(home, shown, style),
        headed(style.words.say("My own health"), style),
        Lines((_health(home, style), _hint(style))),
    )
    return Document(title, title, parts)


def _freshness(as_of: AsOf, style: Style) -> Iterator[Line]:
    words = style.words
    yield from ((Word(told, foreign=True),) for told in troubles(as_of, style))
    if as_of.age is None:
        yield (Word(words.say("I have not read the list since I started.")),)
    else:
        yield words.fill("As of {at}.", at=Moment(as_of.now - as_of.age))


def _watches(home: Home, shown: int, style: Style) -> Iterator[Part]:
    yield headed(style.words.say("You watch (told in direct messages)"), style)
    if not home.watches:
        yield Lines(
            (
                style.words.fill(
                    "Nothing yet. {watch} tells you when a task ends.", watch=Word("/prewarm watch ID", code=True)
                ),
            )
        )
    yield from (item(each, style) for each in home.watches[:shown])
    if (left := len(home.watches) - shown) > 0:
        yield Lines(((Word(style.words.more(left)),),))


def _health(home: Home, style: Style) -> Line:
    told = health(home.status, style)
    if told == style.words.say("All is well"):
        return (Word(style.words.sentence(told)),)
    more = style.words.fill("{command} says more.", command=Word("/prewarm status", code=True))
    return style.words.paragraph(style.words.sentence(told), more)


def _hint(style: Style) -> Line:
    typed = {"command": "/prewarm", "failed": "/prewarm failed", "help": "/prewarm help"}
    return style.words.fill(
        "Ask anywhere: {command} for all of this, {failed} for what failed, {help} for the rest.",
        **{place: Word(each, code=True) for place, each in typed.items()},
    )
