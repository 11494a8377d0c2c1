"""A task in one line: for lists in Slack, as a row of a table or a bullet."""

from collections.abc import Sequence
from typing import Final

from bot.domain.answer import AsOf
from bot.domain.task import ACTIVE, Task
from bot.messages.document import Line, Moment, Table, Word, code, foreign, identity
from bot.messages.escape import exact, middle, name
from bot.messages.particulars import reasons_in_a_row
from bot.messages.plain import ago, duration, size
from bot.messages.style import Style
from bot.messages.task_words import on_cluster, short_image, state_words
from bot.messages.words import Say, say

_IMAGE_AT_MOST: Final = 90
_CLUSTER_AT_MOST: Final = 60
_REASON_AT_MOST: Final = 200


def row(task: Task, as_of: AsOf, style: Style) -> Line:
    """Return state, image, place, age or end, and the ID."""
    return (*_which(task, style), *_when(task, as_of, style), Word(" · "), identity(task.id))


def failure(task: Task, as_of: AsOf, style: Style) -> Line:
    """Return the row of a failed task with its reason."""
    reason = reasons_in_a_row(task, style, _REASON_AT_MOST)
    return (*row(task, as_of, style), Word(" · "), Word(reason, foreign=True))


def spoken(task: Task, style: Style) -> str:
    """Return a task in the words of a sentence."""
    told = say(style.language, Say.DETAIL, state=state_words(task.state, style), image=short_image(task))
    return f"{told}{on_cluster(task, style)} ({exact(task.id)})"


def table(tasks: Sequence[Task], as_of: AsOf, caption: str, style: Style) -> Table:
    """Return the tasks as a table that Slack sorts and pages; the image names the row."""
    columns = (Say.COL_STATE, Say.IMAGE, Say.CLUSTER, Say.COL_TIME, Say.SIZE, Say.COL_ID)
    head = tuple(say(style.language, column) for column in columns)
    return Table(caption, head, tuple(_cells(task, as_of, style) for task in tasks), row_header=1)


def _cells(task: Task, as_of: AsOf, style: Style) -> tuple[str, ...]:
    return (
        state_words(task.state, style),
        _image(task),
        name(task.cluster, _CLUSTER_AT_MOST),
        _time(task, as_of, style),
        "" if task.size is None else size(task.size),
        exact(task.id),
    )


def _time(task: Task, as_of: AsOf, style: Style) -> str:
    if task.state in ACTIVE or task.completed is None:
        return "" if task.created is None else say(style.language, Say.AGE, age=_ago(task.created, as_of, style))
    ended = say(style.language, Say.ENDED_AGO, age=_ago(task.completed, as_of, style))
    return ended + _took(task, style)


def _which(task: Task, style: Style) -> Line:
    state = foreign(state_words(task.state, style), 60, bold=True)
    where = Word(on_cluster(task, style, _CLUSTER_AT_MOST), foreign=True)
    return (state, Word(" "), code(_image(task), _IMAGE_AT_MOST), where)


def _when(task: Task, as_of: AsOf, style: Style) -> Line:
    if task.state in ACTIVE or task.completed is None:
        told = _time(task, as_of, style)
        return (Word(f" · {told}"),) if told else ()
    return (Word(" · " + say(style.language, Say.ENDED_AT)), Moment(task.completed), Word(_took(task, style)))


def _took(task: Task, style: Style) -> str:
    if task.seconds is None:
        return ""
    return say(style.language, Say.AFTER, took=duration(task.seconds, style.language))


def _ago(then: int, as_of: AsOf, style: Style) -> str:
    return ago(as_of.now - then, style.language)


def _image(task: Task) -> str:
    return middle(name(task.image, 1_000), _IMAGE_AT_MOST)
