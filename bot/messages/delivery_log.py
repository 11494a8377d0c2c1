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
from bot.rendering.document import Bullets, Buttons, Document, Line, Lines, Moment, Part, Word, anchor, bare, place
from bot.rendering.english import Count, Say
from bot.rendering.style import Style

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
    parts: list[Part] = [Lines(((Word(style.words.count(Count.EARLIER, left)),),))] if left else []
    for each in told:
        parts += _told(each, style, apart=bool(parts))
    lines = [*_nobody(answer, style)] if not answer.told else []
    lines += _to_come(answer, style)
    spoken = [bare(line, style.zone) for line in (*(_seen(each, style) for each in answer.told[-1:]), *lines)]
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
    words, told = style.words, answer.told
    about = short_image(answer.task) + on_cluster(answer.task, style)
    if not told:
        return words.say(Say.NOTHING_YET if answer.task.state in ACTIVE else Say.NOBODY_TOLD, image=about)
    numbers = Counter(words.say(_STATES[each.delivered]) for each in told)
    if len(told) == 1:
        return words.say(Say.ONE_NOTIFICATION, state=next(iter(numbers)), image=about)
    states = [counted(n, state, style) for state, n in numbers.items()]
    return words.count(Count.NOTIFICATIONS, len(told), states=words.clauses(states), image=about)


# ---- one notification -----------------------------------------------------------------------------------------------


def _told(told: Told, style: Style, *, apart: bool) -> Iterator[Part]:
    yield Lines((*([()] if apart else []), _first(told, style), _seen(told, style), *_state(told, style)))
    if told.attempts:
        yield Bullets((*_attempts(told, style),))


def _first(told: Told, style: Style) -> Line:
    """Return `Failed, for #prewarm: sent 28 August 06:09 · the message`."""
    state = style.words.say(_STATES[told.delivered])
    what = Word(_what(told.fact, style), bold=True)
    spans = {"what": what, "to": place(told.to), "state": Word(state, bold=True)}
    line = style.words.fill(Say.TOLD_FOR, **spans)
    if told.at is not None:
        line = style.words.fill(Say.TOLD_FOR_AT, **spans, at=Moment(told.at))
    return (*line, Word(" · "), anchor(told.link, style.words.say(Say.THE_MESSAGE))) if told.link else line


def _what(fact: Fact, style: Style) -> str:
    match fact:
        case Transition(kind):
            return style.words.say(_KINDS[kind]).capitalize()
        case Stuck(task):
            return style.words.say(Say.WAS_STUCK, state=state_words(task.state, style))
    return style.words.say(Say.A_NOTICE)


def _seen(told: Told, style: Style) -> Line:
    words, at_once = style.words, abs(told.queued_at - told.fact.at) < _AT_ONCE
    seen = words.fill(Say.SEEN_QUEUED if at_once else Say.SEEN, at=Moment(told.fact.at))
    if isinstance(told.fact, Transition):
        seen = words.fill(Say.LABELLED, label=seen, text=words.say(_NEWS[told.fact.news]))
    queued = () if at_once else words.fill(Say.QUEUED, at=Moment(told.queued_at))
    return words.paragraph(words.fill(Say.SENTENCE, text=seen), queued)


def _state(told: Told, style: Style) -> Iterator[Line]:
    """Yield what its state means and, while it waits, for what."""
    words = style.words
    if told.delivered in _EXPLAINED:
        yield (Word(words.say(_EXPLAINED[told.delivered])),)
    if told.delivered not in _BEGUN:
        return
    if told.held == _MUTED:
        yield words.fill(Say.HELD_MUTED, command=Word("/prewarm unmute", code=True))
    elif told.held:
        why = words.fill(Say.HELD, why=said(told.held, style))
        yield words.paragraph(why, mending(told.held, told.to, style))
    elif told.delivered is Delivered.QUEUED:
        yield (Word(words.say(Say.HELD_TURN)),)


def _attempts(told: Told, style: Style) -> Iterator[Line]:
    """Yield each request and what Slack said, the first with its time, the others with how much later they were."""
    shown = told.attempts[-_ATTEMPTS_AT_MOST:]
    if left := len(told.attempts) - len(shown):
        yield (Word(style.words.count(Count.EARLIER, left)),)
    before: Attempt | None = None
    for attempt in shown:
        yield style.words.fill(
            Say.LABELLED, label=_attempted(attempt, before, style), text=said(attempt.outcome, style)
        )
        before = attempt


def _attempted(attempt: Attempt, before: Attempt | None, style: Style) -> Line:
    if before is None:
        return style.words.fill(Say.ATTEMPTED, at=Moment(attempt.at))
    gap = style.words.duration(attempt.at - before.at)
    return (Word(style.words.say(Say.LATER, gap=gap)),)


# ---- nobody, not yet ------------------------------------------------------------------------------------------------


def _nobody(answer: Why, style: Style) -> Iterator[Line]:
    """Yield why nobody was told of a task that has ended: what can be known of it."""
    if answer.task.state in ACTIVE:
        return
    if not answer.heard:
        yield (Word(style.words.say(Say.NO_SUBSCRIPTION)),)
        return
    days = f"{answer.keep_days:g}"
    ended = answer.task.completed
    if ended is not None and answer.as_of.now - ended > answer.keep_days * 86_400:
        yield (Word(style.words.say(Say.FORGOTTEN, days=days)),)
    else:
        yield (Word(style.words.say(Say.KNOWN_BEFORE)),)


def _to_come(answer: Why, style: Style) -> Iterator[Line]:
    words = style.words
    if answer.task.state in ACTIVE and answer.heard:
        yield (Word(words.count(Count.WILL_HEAR, answer.heard)),)
    elif answer.task.state in ACTIVE:
        yield (Word(words.say(Say.NOBODY_WILL_HEAR)),)
    if not answer.heard:
        watch, subscribe = Word("/prewarm watch ID", code=True), Word("/prewarm subscribe", code=True)
        yield words.fill(Say.HOW_TO_HEAR, watch=watch, subscribe=subscribe)
