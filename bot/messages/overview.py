"""What is going on, in one look: counts, tasks at work, last failures with their reasons."""

from bot.domain.answer import Overview
from bot.domain.task import TaskState
from bot.messages.frame import framed, listed, tasks_said
from bot.messages.rows import failure, row
from bot.messages.task_words import counts
from bot.rendering.document import Document, Part
from bot.rendering.languages import N_
from bot.rendering.style import Style


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
