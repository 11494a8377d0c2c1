"""What became of the notifications about a task: seen when, queued when, each attempt and what Slack said, and where.

Nobody should have to guess whether a message was lost, is waiting, or was never meant to come.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.commands import request
from bot.domain.answer import Delivered, Told, Why
from bot.domain.fact import Fact, Kind, News, Stuck, Transition
from bot.domain.outbox import Attempt
from bot.domain.task import ACTIVE
from bot.messages.buttons import asks, named
from bot.messages.frame import framed
from bot.messages.slack_words import mending, said
from bot.messages.task_words import counted, on_cluster, short_image, state_words
from bot.rendering.document import (
    Bullets,
    Buttons,
    Document,
    Line,
    Lines,
    Moment,
    Part,
    Word,
    anchor,
    bare,
    fill,
    place,
    sentences,
)
from bot.rendering.english import Count, Say
from bot.rendering.joining import clauses
from bot.rendering.style import Style
from bot.rendering.units import duration
from bot.rendering.words import count, say

_ATTEMPTS_AT_MOST: Final = 5
_AT_ONCE: Final = 2.0  # seconds between seeing and queuing that are not worth a word
_MUTED: Final = "muted"
_BEGUN: Final = (Delivered.QUEUED, Delivered.SENDING)

_STATES: Final[Mapping[Delivered, Say]] = MappingProxyType(
    {
        Delivered.QUEUED: Say.TOLD_WAITING,
        Delivered.SENDING: Say.TOLD_SENDING,
        Delivered.SENT: Say.TOLD_SENT,
        Delivered.ADOPTED: Say.TOLD_SENT,
        Delivered.POSSIBLE_REPEAT: Say.TOLD_TWICE,
        Delivered.DROPPED: Say.TOLD_DROPPED,
    }
)
_EXPLAINED: Final[Mapping[Delivered, Say]] = MappingProxyType(
    {
        Delivered.SENDING: Say.IN_DOUBT,
        Delivered.ADOPTED: Say.WAS_FOUND,
        Delivered.POSSIBLE_REPEAT: Say.WAS_REPEATED,
        Delivered.DROPPED: Say.WAS_DROPPED,
    }
)
_NEWS: Final[Mapping[News, Say]] = MappingProxyType(
    {
        News.ENDED: Say.NEWS_ENDED,
        News.NEW: Say.NEWS_NEW,
        News.LATE: Say.NEWS_LATE,
        News.LATER: Say.NEWS_LATER,
        News.OTHER: Say.NEWS_OTHER,
        News.AGAIN: Say.NEWS_AGAIN,
        News.VANISHED: Say.NEWS_VANISHED,
        News.REPLACED: Say.NEWS_REPLACED,
        News.FORGOTTEN: Say.NEWS_FORGOTTEN,
        News.ACCOUNT: Say.NEWS_ACCOUNT,
    }
)
_KINDS: Final[Mapping[Kind, Say]] = MappingProxyType(
    {Kind.SUCCEEDED: Say.SUCCEEDED, Kind.FAILED: Say.FAILED, Kind.ENDED: Say.OTHERWISE, Kind.GONE: Say.GONE}
)


def proof(answer: Why, shown: int, style: Style) -> Document:
    """Return the answer to `why ID`, the newest notifications where not all fit."""
    told, task = answer.told[-shown:] if shown else (), answer.task
    left = len(answer.told) - len(told)
    parts: list[Part] = [Lines(((Word(count(style.language, Count.EARLIER, left)),),))] if left else []
    for each in told:
        parts += _told(each, style, apart=bool(parts))
    lines = [*_nobody(answer, style)] if not answer.told else []
    lines += _to_come(answer, style)
    spoken = [bare(line, style) for line in (*(_seen(each, style) for each in answer.told[-1:]), *lines)]
    buttons = Buttons(
        (
            asks("ask.refresh", Say.REFRESH, request.Why(task.id), style, named(task)),
            asks("ask.show", Say.SHOW, request.Show(task.id), style, named(task)),
        )
    )
    return framed(
        _headline(answer, style),
        spoken,
        (*parts, Lines((*lines,)), buttons),
        answer.as_of,
        style,
    )


def _headline(answer: Why, style: Style) -> str:
    language, told = style.language, answer.told
    about = short_image(answer.task) + on_cluster(answer.task, style)
    if not told:
        return say(language, Say.NOTHING_YET if answer.task.state in ACTIVE else Say.NOBODY_TOLD, image=about)
    numbers = Counter(say(language, _STATES[each.delivered]) for each in told)
    if len(told) == 1:
        return say(language, Say.ONE_NOTIFICATION, state=next(iter(numbers)), image=about)
    states = [counted(n, words, style) for words, n in numbers.items()]
    return count(language, Count.NOTIFICATIONS, len(told), states=clauses(language, states), image=about)


# ---- one notification -----------------------------------------------------------------------------------------------


def _told(told: Told, style: Style, *, apart: bool) -> Iterator[Part]:
    yield Lines((*([()] if apart else []), _first(told, style), _seen(told, style), *_state(told, style)))
    if told.attempts:
        yield Bullets((*_attempts(told, style),))


def _first(told: Told, style: Style) -> Line:
    """Return `Failed, for #prewarm: sent 28 August 06:09 · the message`."""
    state = say(style.language, _STATES[told.delivered])
    what = Word(_what(told.fact, style), bold=True)
    spans = {"what": what, "to": place(told.to), "state": Word(state, bold=True)}
    line = fill(style.language, Say.TOLD_FOR, **spans)
    if told.at is not None:
        line = fill(style.language, Say.TOLD_FOR_AT, **spans, at=Moment(told.at))
    return (*line, Word(" · "), anchor(told.link, say(style.language, Say.THE_MESSAGE))) if told.link else line


def _what(fact: Fact, style: Style) -> str:
    match fact:
        case Transition(kind):
            return say(style.language, _KINDS[kind]).capitalize()
        case Stuck(task):
            return say(style.language, Say.WAS_STUCK, state=state_words(task.state, style))
    return say(style.language, Say.A_NOTICE)


def _seen(told: Told, style: Style) -> Line:
    language, at_once = style.language, abs(told.queued_at - told.fact.at) < _AT_ONCE
    seen = fill(language, Say.SEEN_QUEUED if at_once else Say.SEEN, at=Moment(told.fact.at))
    if isinstance(told.fact, Transition):
        seen = fill(language, Say.LABELLED, label=seen, text=say(language, _NEWS[told.fact.news]))
    queued = () if at_once else fill(language, Say.QUEUED, at=Moment(told.queued_at))
    return sentences(language, fill(language, Say.SENTENCE, text=seen), queued)


def _state(told: Told, style: Style) -> Iterator[Line]:
    """Yield what its state means and, while it waits, for what."""
    language = style.language
    if told.delivered in _EXPLAINED:
        yield (Word(say(language, _EXPLAINED[told.delivered])),)
    if told.delivered not in _BEGUN:
        return
    if told.held == _MUTED:
        yield fill(language, Say.HELD_MUTED, command=Word("/prewarm unmute", code=True))
    elif told.held:
        why = fill(language, Say.HELD, why=said(told.held, style))
        yield sentences(language, why, mending(told.held, told.to, style))
    elif told.delivered is Delivered.QUEUED:
        yield (Word(say(language, Say.HELD_TURN)),)


def _attempts(told: Told, style: Style) -> Iterator[Line]:
    """Yield each request and what Slack said, the first with its time, the others with how much later they were."""
    shown = told.attempts[-_ATTEMPTS_AT_MOST:]
    if left := len(told.attempts) - len(shown):
        yield (Word(count(style.language, Count.EARLIER, left)),)
    before: Attempt | None = None
    for attempt in shown:
        yield fill(
            style.language, Say.LABELLED, label=_attempted(attempt, before, style), text=said(attempt.outcome, style)
        )
        before = attempt


def _attempted(attempt: Attempt, before: Attempt | None, style: Style) -> Line:
    if before is None:
        return fill(style.language, Say.ATTEMPTED, at=Moment(attempt.at))
    gap = duration(attempt.at - before.at, style.language)
    return (Word(say(style.language, Say.LATER, gap=gap)),)


# ---- nobody, not yet ------------------------------------------------------------------------------------------------


def _nobody(answer: Why, style: Style) -> Iterator[Line]:
    """Yield why nobody was told of a task that has ended: what can be known of it."""
    if answer.task.state in ACTIVE:
        return
    if not answer.heard:
        yield (Word(say(style.language, Say.NO_SUBSCRIPTION)),)
        return
    days = f"{answer.keep_days:g}"
    ended = answer.task.completed
    if ended is not None and answer.as_of.now - ended > answer.keep_days * 86_400:
        yield (Word(say(style.language, Say.FORGOTTEN, days=days)),)
    else:
        yield (Word(say(style.language, Say.KNOWN_BEFORE)),)


def _to_come(answer: Why, style: Style) -> Iterator[Line]:
    language = style.language
    if answer.task.state in ACTIVE and answer.heard:
        yield (Word(count(language, Count.WILL_HEAR, answer.heard)),)
    elif answer.task.state in ACTIVE:
        yield (Word(say(language, Say.NOBODY_WILL_HEAR)),)
    if not answer.heard:
        watch, subscribe = Word("/prewarm watch ID", code=True), Word("/prewarm subscribe", code=True)
        yield fill(language, Say.HOW_TO_HEAR, watch=watch, subscribe=subscribe)
