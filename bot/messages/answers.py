"""What people asked, answered: the same records that the command line renders, here as Slack messages.

Each answer says how old it is and whether the last look at the list failed; a long one is cut to what a message can
hold and says how to narrow it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.answer import Answer, AsOf, Candidates, Detail, Listing, Overview, Unknown
from bot.domain.filter import Filter
from bot.domain.task import ACTIVE, FINAL, Task, TaskState
from bot.messages.blocks import fits, payload
from bot.messages.document import Bullets, Document, Line, Lines, Moment, Part, Small, Word, code, fill
from bot.messages.ending import console
from bot.messages.escape import exact, name
from bot.messages.particulars import (
    credential_of,
    duration_of,
    end_of,
    particulars,
    reasons_in_a_row,
    size_of,
    start_of,
    why,
)
from bot.messages.payload import Payload
from bot.messages.plain import ago
from bot.messages.rows import failure, row, spoken, table
from bot.messages.style import Style
from bot.messages.task_words import counts, on_cluster, short_image, state_words
from bot.messages.words import Count, Say, count, say

_ROWS_AT_MOST: Final = 100  # of a data_table beside its header, by the stricter of Slack's two descriptions
_SPOKEN_AT_MOST: Final = 3
_LIST: Final = Word("/prewarm list", code=True)


def render_answer(answer: Answer, style: Style, *, plain: bool = False) -> Payload:
    """Return the message. `plain` is the form without `data_table`, for a Slack that refuses it (`invalid_blocks`)."""
    shown = _ROWS_AT_MOST
    while True:
        message = payload(_document(answer, shown, style), style, rung=1 if plain else 0)
        if fits(message) or shown == 0:
            return message
        shown = shown * 3 // 4


def _document(answer: Answer, shown: int, style: Style) -> Document:
    match answer:
        case Overview():
            return _overview(answer, shown, style)
        case Listing() if answer.tasks:
            return _listing(answer, shown, style)
        case Listing():
            return _nothing(answer, style)
        case Detail():
            return _detail(answer, style)
        case Candidates():
            return _candidates(answer, shown, style)
    return _unknown(answer, style)


def _overview(answer: Overview, shown: int, style: Style) -> Document:
    language = style.language
    title = counts(answer.counts, style, first=(TaskState.RUNNING, TaskState.PENDING)) or say(language, Say.NO_TASKS)
    if answer.counts and not answer.active:
        title = f"{say(language, Say.NOTHING_ACTIVE)}: {title}"
    at_work = [row(task, answer.as_of, style) for task in answer.active]
    failures = [failure(task, answer.as_of, style) for task in answer.failures]
    parts = (*_some(Say.AT_WORK, at_work, shown, style), *_some(Say.LAST_FAILURES, failures, shown, style))
    return _answer(title, [*_spoken((*answer.active, *answer.failures), style)], parts, answer.as_of, style)


def _some(title: Say, lines: Sequence[Line], shown: int, style: Style) -> Iterator[Part]:
    if lines:
        yield Lines(((Word(f"{say(style.language, title)}:", bold=True),),))
        yield Bullets(tuple(lines[:shown]))
        yield from _more(len(lines) - shown, style)


def _listing(answer: Listing, shown: int, style: Style) -> Document:
    tasks, language = answer.tasks, style.language
    title = count(language, Count.LISTED, answer.known)
    if answer.filter:
        what = _searched(answer.filter, style)
        title = say(language, Say.MATCHING, n=f"{len(tasks):,}", all=f"{answer.known:,}", what=what)
    parts = (table(tasks[:shown], answer.as_of, title, style),) if shown else ()
    return _answer(title, [*_spoken(tasks, style)], (*parts, *_more(len(tasks) - shown, style)), answer.as_of, style)


def _nothing(answer: Listing, style: Style) -> Document:
    language = style.language
    if not answer.filter or not answer.known:
        return _answer(say(language, Say.NO_TASKS), (), (), answer.as_of, style)
    lines = (
        (Word(count(language, Count.SEARCHED, answer.known)),),
        fill(language, Say.WIDEN, what=_widening(answer.filter, style), command=_LIST),
    )
    title = say(language, Say.NONE_MATCH, what=_searched(answer.filter, style))
    return _answer(title, (), (Lines(lines),), answer.as_of, style)


def _detail(answer: Detail, style: Style) -> Document:
    task, language, failed = answer.task, style.language, answer.task.state == TaskState.FAILED
    state = state_words(task.state, style)
    state = state.capitalize() if task.state in ACTIVE | FINAL else state
    title = say(language, Say.DETAIL, state=state, image=short_image(task)) + on_cluster(task, style)
    gone = () if answer.gone is None else (Lines((fill(language, Say.NOT_LISTED, at=Moment(answer.gone)),)),)
    figures = (
        *size_of(task, style),
        *start_of(task, style, answer.as_of.now),
        *end_of(task, style),
        *duration_of(task, style),
        *credential_of(task, style),
    )
    reason = f"{say(language, Say.WHY)}: {reasons_in_a_row(task, style, 600)}." if failed else ""
    parts = (*gone, *why(task, style, failed=failed), particulars(task, style, *figures), console(style))
    return _answer(title, [reason, say(language, Say.TEXT_TASK, id=exact(task.id))], parts, answer.as_of, style)


def _candidates(answer: Candidates, shown: int, style: Style) -> Document:
    title = say(style.language, Say.CANDIDATES, n=f"{answer.count:,}", prefix=name(answer.prefix, 60))
    bullets = Bullets(tuple(row(task, answer.as_of, style) for task in answer.tasks[:shown]))
    left = answer.count - min(shown, len(answer.tasks))
    more = ((Word(count(style.language, Count.MORE, left)),),) if left > 0 else ()
    lines = Lines((*more, fill(style.language, Say.CANDIDATES_NEXT, command=Word("/prewarm show ID", code=True))))
    return _answer(title, [*_spoken(answer.tasks, style)], (bullets, lines), answer.as_of, style)


def _unknown(answer: Unknown, style: Style) -> Document:
    title = say(style.language, Say.UNKNOWN_ID, prefix=name(answer.prefix, 60))
    known = Word(count(style.language, Count.KNOWN, answer.known))
    next_step = fill(style.language, Say.UNKNOWN_ID_NEXT, command=code(f"/prewarm list {answer.prefix}", 80))
    return _answer(title, (), (Lines(((known, Word(" "), *next_step),)),), answer.as_of, style)


def _answer(title: str, spoken: Sequence[str], parts: Sequence[Part], as_of: AsOf, style: Style) -> Document:
    """Return an answer: what was found, the warning if it may be old, the rest, and how old it is.

    `spoken` are the sentences that stand for the rest in `text`.
    """
    trouble = tuple(_trouble(as_of, style))
    text = " ".join(filter(None, (f"{title}.", *spoken, *trouble, _age(as_of, style))))
    warning = (Lines(tuple((Word(told, foreign=True),) for told in trouble)),) if trouble else ()
    return Document(text, title, (*warning, *parts, Small((Word(_age(as_of, style)),))))


def _spoken(tasks: Sequence[Task], style: Style) -> Iterator[str]:
    if tasks:
        yield "; ".join(spoken(task, style) for task in tasks[:_SPOKEN_AT_MOST]) + "."


def _trouble(as_of: AsOf, style: Style) -> Iterator[str]:
    if as_of.trouble.strip():
        yield say(style.language, Say.TROUBLE, why=name(as_of.trouble, 500).rstrip("."))


def _age(as_of: AsOf, style: Style) -> str:
    if as_of.age is None:
        return say(style.language, Say.NEVER_READ)
    return say(style.language, Say.AS_OF, age=ago(as_of.age, style.language))


def _more(left: int, style: Style) -> Iterator[Part]:
    if left > 0:
        narrower = Word("/prewarm list failed cluster:ID words", code=True)
        yield Lines((fill(style.language, Say.MORE, n=f"{left:,}", command=narrower),))


def _searched(wanted: Filter, style: Style) -> str:
    """Return a filter in words, states in the order of a task's life."""
    states = sorted(wanted.states, key=[*TaskState, *wanted.states].index)
    told = [say(style.language, Say.OR).join(state_words(state, style) for state in states)] if states else []
    if wanted.cluster:
        told.append(say(style.language, Say.IN_CLUSTER, cluster=name(wanted.cluster, 60)))
    told += [say(style.language, Say.WITH_WORD, word=name(word, 40)) for word in wanted.words[:8]]
    return ", ".join(told)


def _widening(wanted: Filter, style: Style) -> str:
    present = (
        (Say.WIDEN_STATE, wanted.states),
        (Say.WIDEN_CLUSTER, wanted.cluster),
        (Say.WIDEN_WORDS, wanted.words),
    )
    return say(style.language, Say.OR).join(say(style.language, what) for what, given in present if given)
