"""The list people asked for: a table that Slack sorts and pages, or pages of lines with buttons where it is refused.

One image on several clusters is one story, told in a line; every task keeps its own row and its ID.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from bot.commands.request import ListTasks
from bot.domain.answer import Listing
from bot.domain.filter import Filter
from bot.domain.task import Task, TaskState
from bot.messages.filter_words import filter_in_words, widening
from bot.messages.frame import asks, framed, more, tasks_said
from bot.messages.rows import brief, table
from bot.messages.task_fields import reasons_in_a_row
from bot.messages.task_words import counts, short_cluster, short_image
from bot.rendering.document import Bullets, Button, Buttons, Document, Line, Lines, Part, Small, Word
from bot.rendering.escape import name
from bot.rendering.languages import N_
from bot.rendering.style import Style

PAGE: Final = 10  # tasks on a page of the plain form: with their groups they fit a message whatever they hold
_ROWS_AT_MOST: Final = 100  # of a data_table beside its header, by the stricter of Slack's two descriptions
_GROUPS_AT_MOST: Final = 5  # told above the table
_REASONS_AT_MOST: Final = 3  # of a group
_PLACES_AT_MOST: Final = 5  # with one reason
_LIST: Final = Word("/prewarm list", code=True)


def listing(answer: Listing, shown: int, style: Style, *, plain: bool) -> Document:
    """Return the tasks that match, at most `shown` in the table."""
    if not answer.tasks:
        return _nothing(answer, style)
    title = style.words.count("{n} task is listed", "{n} tasks are listed", answer.known)
    if answer.filter:
        n, everything = style.words.number(len(answer.tasks)), style.words.number(answer.known)
        title = style.words.say(
            "{n} of {all} tasks match {what}", n=n, all=everything, what=filter_in_words(answer.filter, style)
        )
    parts = _page(answer, style) if plain else _table(answer, min(max(shown, 1), _ROWS_AT_MOST), style)
    return framed(title, [*tasks_said(answer.tasks, style)], [*parts], answer.as_of, style)


def _nothing(answer: Listing, style: Style) -> Document:
    words = style.words
    if not answer.filter or not answer.known:
        return framed(words.say("No prewarm tasks are listed"), (), (), answer.as_of, style)
    lines = (
        (
            Word(
                words.count(
                    "I looked at the {n} listed task: its name, address, note, cluster and ID.",
                    "I looked at all {n} listed tasks: names, addresses, notes, clusters and IDs.",
                    answer.known,
                )
            ),
        ),
        words.fill(
            "To widen the search, leave out {what}; {command} shows all.",
            what=widening(answer.filter, style),
            command=_LIST,
        ),
    )
    title = words.say("No task matches {what}", what=filter_in_words(answer.filter, style))
    return framed(title, (), (Lines(lines),), answer.as_of, style)


# ---- the rich form --------------------------------------------------------------------------------------------------


def _table(answer: Listing, shown: int, style: Style) -> Iterator[Part]:
    tasks = answer.tasks
    spread = [group for group in _groups(tasks).values() if _clusters(group) > 1]
    largest = sorted(spread, key=len, reverse=True)[:_GROUPS_AT_MOST]
    if largest:
        yield Bullets(tuple(_story(group, style) for group in largest))
    yield table(tasks[:shown], answer.as_of, style)
    yield from more(len(tasks) - shown, style)


def _story(group: Sequence[Task], style: Style) -> Line:
    """Return `qwen:7b on 8 clusters: 1 failed, 7 ready; failed on cn-3 (no space left)`, failures by reason."""
    reasons: dict[str, list[str]] = {}
    for task in group:
        if task.state == TaskState.FAILED:
            reasons.setdefault(reasons_in_a_row(task, style, 80), []).append(short_cluster(task))
    heading = Word(_heading(group, style), foreign=True, bold=True)
    if not reasons:
        return (heading,)
    told = [
        style.words.say("{where} ({reason})", where=_some(where, style), reason=reason)
        for reason, where in [*reasons.items()][:_REASONS_AT_MOST]
    ]
    if left := len(reasons) - len(told):
        told.append(style.words.count("and {n} more reason", "and {n} more reasons", left))
    places = Word(style.words.series(told), foreign=True)
    return style.words.fill("{group}; failed on {places}", group=heading, places=places)


def _some(where: Sequence[str], style: Style) -> str:
    where = [*dict.fromkeys(where)]
    more = [style.words.more(left)] if (left := len(where) - _PLACES_AT_MOST) > 0 else []
    return style.words.items([*where[:_PLACES_AT_MOST], *more])


# ---- the plain form -------------------------------------------------------------------------------------------------


def _page(answer: Listing, style: Style) -> Iterator[Part]:
    """Yield one page; one beyond the end is the last."""
    groups = _groups(answer.tasks)
    ordered = [task for group in groups.values() for task in group]
    pages = -(-len(ordered) // PAGE)
    page = min(max(answer.page, 0), pages - 1)
    for image, tasks in groupby(ordered[page * PAGE : (page + 1) * PAGE], key=lambda task: task.image):
        together = _clusters(groups[image]) > 1
        if together:
            yield Lines(((Word(_heading(groups[image], style), foreign=True),),))
        yield Bullets(tuple(brief(task, answer.as_of, style, image=not together) for task in tasks))
    if pages > 1:
        yield Small((Word(style.words.say("Page {page} of {pages}.", page=page + 1, pages=pages)),))
        yield Buttons((*_turn(answer.filter, page, pages, style),))


def _turn(wanted: Filter, page: int, pages: int, style: Style) -> Iterator[Button]:
    for label, other in ((N_("Previous page"), page - 1), (N_("Next page"), page + 1)):
        if 0 <= other < pages:
            about = style.words.say("Page {page} of {pages}.", page=other + 1, pages=pages)
            yield asks(f"ask.page.{other + 1}", label, ListTasks(wanted, other), style, about)


# ---- groups ---------------------------------------------------------------------------------------------------------


def _groups(tasks: Sequence[Task]) -> dict[str, list[Task]]:
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.image, []).append(task)
    return groups


def _clusters(group: Sequence[Task]) -> int:
    return len({(task.cluster_id, task.cluster_name) for task in group})


def _heading(group: Sequence[Task], style: Style) -> str:
    told = counts(Counter(task.state for task in group), style)
    clusters = style.words.count("{n} cluster", "{n} clusters", _clusters(group))
    return name(
        style.words.say("{image} on {clusters}: {counts}", image=short_image(group[0]), clusters=clusters, counts=told),
        250,
    )
