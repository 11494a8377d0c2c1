"""A task in one line: for lists in Slack, as a row of a table, a bullet, or the text beside a button."""

from collections.abc import Sequence
from typing import Final

from bot.domain.answer import AsOf
from bot.domain.task import ACTIVE, Task, TaskState
from bot.messages.task_fields import reasons_in_a_row
from bot.messages.task_words import on_cluster, short_image, state_words
from bot.rendering.document import Cell, Figure, Line, Moment, Table, Word, code, foreign, identity
from bot.rendering.escape import exact, middle, name
from bot.rendering.languages import N_
from bot.rendering.style import Style

_IMAGE_AT_MOST: Final = 90
_CLUSTER_AT_MOST: Final = 60
_REASON_AT_MOST: Final = 200
_CELL_AT_MOST: Final = 80  # of a reason in a table or a list


def row(task: Task, as_of: AsOf, style: Style) -> Line:
    """Return state, image, place, age or end, and the ID."""
    return (*_which(task, style), *_when(task, as_of, style), Word(" · "), identity(task.id))


def failure(task: Task, as_of: AsOf, style: Style) -> Line:
    """Return the row of a failed task with its reason."""
    reason = reasons_in_a_row(task, style, _REASON_AT_MOST)
    return (*row(task, as_of, style), Word(" · "), Word(reason, foreign=True))


def spoken(task: Task, style: Style) -> str:
    """Return a task in the words of a sentence."""
    told = style.words.say("{state}: {image}", state=state_words(task.state, style), image=short_image(task))
    return style.words.say("{task} ({id})", task=told + on_cluster(task, style), id=exact(task.id))


def brief(task: Task, as_of: AsOf, style: Style, *, image: bool = True) -> Line:
    """Return a task where no mark-up can be; `image` False: below a heading that names it."""
    told = (
        state_words(task.state, style),
        _image(task) if image else "",
        name(task.cluster, _CLUSTER_AT_MOST),
        _time(task, as_of, style) + _took(task, style),
        _size(task, style),
        exact(task.id),
        _reason(task, style),
    )
    return (Word(" · ".join(filter(None, told)), foreign=True),)


def table(tasks: Sequence[Task], as_of: AsOf, style: Style) -> Table:
    """Return the tasks as a table that Slack sorts and pages; the image names the row.

    Times and sizes sort by their numbers. Reasons have a column only where something failed.
    """
    columns = [N_("State"), N_("Image"), N_("Cluster"), N_("Time"), N_("Took"), N_("Size"), N_("ID")]
    failed = any(task.state == TaskState.FAILED for task in tasks)
    head = [style.words.say(column) for column in (*columns, *([N_("Why")] if failed else []))]
    rows = [_cells(task, as_of, style)[: len(head)] for task in tasks]
    return Table(
        style.words.say("Prewarm tasks: those at work first, then by their end, newest first"),
        tuple(head),
        tuple(rows),
        row_header=1,
    )


def _cells(task: Task, as_of: AsOf, style: Style) -> tuple[Cell, ...]:
    took = task.seconds if task.state not in ACTIVE else None
    return (
        state_words(task.state, style),
        _image(task),
        name(task.cluster, _CLUSTER_AT_MOST),
        Figure(int(as_of.now) - (_turn(task) or 0), _time(task, as_of, style)),
        Figure(took or 0, "" if took is None else style.words.duration(took)),
        Figure(task.size or 0, _size(task, style)),
        exact(task.id),
        _reason(task, style),
    )


def _turn(task: Task) -> int | None:
    """Return when it ended, else when it was created."""
    return task.created if task.state in ACTIVE else task.completed or task.created


def _time(task: Task, as_of: AsOf, style: Style) -> str:
    turn = _turn(task)
    if turn is None:
        return ""
    ended = task.completed is not None and task.state not in ACTIVE
    what = N_("ended {age}") if ended else N_("created {age}")
    return style.words.say(what, age=style.words.ago(as_of.now - turn))


def _which(task: Task, style: Style) -> Line:
    state = foreign(state_words(task.state, style), 60, bold=True)
    where = Word(on_cluster(task, style, _CLUSTER_AT_MOST), foreign=True)
    return (state, Word(" "), code(_image(task), _IMAGE_AT_MOST), where)


def _when(task: Task, as_of: AsOf, style: Style) -> Line:
    if task.state in ACTIVE or task.completed is None:
        told = _time(task, as_of, style)
        return (Word(f" · {told}"),) if told else ()
    ended = style.words.fill("ended {at}", at=Moment(task.completed))
    return (Word(" · "), *ended, Word(_took(task, style)))


def _took(task: Task, style: Style) -> str:
    if task.seconds is None or task.state in ACTIVE:
        return ""
    return style.words.say(" after {took}", took=style.words.duration(task.seconds))


def _size(task: Task, style: Style) -> str:
    return "" if task.size is None else style.words.size(task.size)


def _reason(task: Task, style: Style) -> str:
    return reasons_in_a_row(task, style, _CELL_AT_MOST) if task.state == TaskState.FAILED else ""


def _image(task: Task) -> str:
    return middle(name(task.image, 1_000), _IMAGE_AT_MOST)
