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
from bot.messages.frame import asks, framed, named
from bot.messages.slack_words import mending, said
from bot.messages.task_words import counted, on_cluster, short_image, state_words
from bot.rendering.document import Bullets, Buttons, Document, Line, Lines, Moment, Part, Word, anchor, bare, place
from bot.rendering.languages import N_
from bot.rendering.style import Style

_ATTEMPTS_AT_MOST: Final = 5
_AT_ONCE: Final = 2.0  # seconds between seeing and queuing that are not worth a word
_MUTED: Final = "muted"
_BEGUN: Final = (Delivered.QUEUED, Delivered.SENDING)

_STATES: Final[Mapping[Delivered, str]] = MappingProxyType(
    {
        Delivered.QUEUED: N_("waiting"),
        Delivered.SENDING: N_("on its way"),
        Delivered.SENT: N_("sent"),
        Delivered.ADOPTED: N_("sent"),
        Delivered.POSSIBLE_REPEAT: N_("sent, perhaps twice"),
        Delivered.DROPPED: N_("given up"),
    }
)
_EXPLAINED: Final[Mapping[Delivered, str]] = MappingProxyType(
    {
        Delivered.SENDING: N_(
            "Slack has not said whether it arrived. I look into the history there before I send it again."
        ),
        Delivered.ADOPTED: N_(
            "It was in doubt whether it had arrived; I found it in the history and did not send it again."
        ),
        Delivered.POSSIBLE_REPEAT: N_(
            "It was in doubt whether it had arrived and the history could not be read, so I sent it once more."
        ),
        Delivered.DROPPED: N_(
            "It had waited for too long (PREWARM_KEEP_DAYS), too many were waiting, Slack refused it in every form, "
            "or nobody relied on the place any more."
        ),
    }
)
_NEWS: Final[Mapping[News, str]] = MappingProxyType(
    {
        News.ENDED: N_("it was seen at work and has ended"),
        News.NEW: N_("it was new to me and had already ended"),
        News.LATE: N_("it had ended before I began to watch"),
        News.LATER: N_("it ended again, later than every ending known"),
        News.OTHER: N_("it ended differently from the last ending"),
        News.AGAIN: N_("it was seen at work again and has ended again"),
        News.VANISHED: N_("it was no longer listed; how it ended is unknown"),
        News.REPLACED: N_("it was replaced by a new run; how it ended is unknown"),
        News.FORGOTTEN: N_("it was no longer listed and I had forgotten it; how it ended is unknown"),
        News.ACCOUNT: N_("it belongs to an account that I no longer read; how it ended is unknown"),
    }
)
_KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SUCCEEDED: N_("ready"),
        Kind.FAILED: N_("failed"),
        Kind.ENDED: N_("ended otherwise"),
        Kind.GONE: N_("no longer listed"),
    }
)


def delivery_log(answer: Why, shown: int, style: Style) -> Document:
    """Return the answer to `why ID`, the newest notifications where not all fit."""
    told, task = answer.told[-shown:] if shown else (), answer.task
    left = len(answer.told) - len(told)
    parts: list[Part] = (
        [Lines(((Word(style.words.count("and {n} earlier", "and {n} earlier", left)),),))] if left else []
    )
    for each in told:
        parts += _told(each, style, apart=bool(parts))
    lines = [*_nobody(answer, style)] if not answer.told else []
    lines += _to_come(answer, style)
    spoken = [bare(line, style.zone) for line in (*(_seen(each, style) for each in answer.told[-1:]), *lines)]
    buttons = Buttons(
        (
            asks("ask.refresh", N_("Refresh"), request.Why(task.id), style, named(task)),
            asks("ask.show", N_("Show"), request.Show(task.id), style, named(task)),
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
        return words.say(
            N_("Nothing to tell yet: {image}") if answer.task.state in ACTIVE else N_("Nobody was told: {image}"),
            image=about,
        )
    numbers = Counter(words.say(_STATES[each.delivered]) for each in told)
    if len(told) == 1:
        return words.say("Notification {state}: {image}", state=next(iter(numbers)), image=about)
    states = [counted(n, state, style) for state, n in numbers.items()]
    return words.count(
        "{n} notification ({states}): {image}",
        "{n} notifications ({states}): {image}",
        len(told),
        states=words.clauses(states),
        image=about,
    )


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
    line = style.words.fill("{what}, for {to}: {state}", **spans)
    if told.at is not None:
        line = style.words.fill("{what}, for {to}: {state} {at}", **spans, at=Moment(told.at))
    return (*line, Word(" · "), anchor(told.link, style.words.say("see the message"))) if told.link else line


def _what(fact: Fact, style: Style) -> str:
    match fact:
        case Transition(kind):
            return style.words.say(_KINDS[kind]).capitalize()
        case Stuck(task):
            return style.words.say("Stuck ({state})", state=state_words(task.state, style))
    return style.words.say("Notice")


def _seen(told: Told, style: Style) -> Line:
    words, at_once = style.words, abs(told.queued_at - told.fact.at) < _AT_ONCE
    seen = words.fill(N_("Seen and queued {at}") if at_once else N_("Seen {at}"), at=Moment(told.fact.at))
    if isinstance(told.fact, Transition):
        seen = words.fill("{label}: {text}", label=seen, text=words.say(_NEWS[told.fact.news]))
    queued = () if at_once else words.fill("Queued {at}.", at=Moment(told.queued_at))
    return words.paragraph(words.fill("{text}.", text=seen), queued)


def _state(told: Told, style: Style) -> Iterator[Line]:
    """Yield what its state means and, while it waits, for what."""
    words = style.words
    if told.delivered in _EXPLAINED:
        yield (Word(words.say(_EXPLAINED[told.delivered])),)
    if told.delivered not in _BEGUN:
        return
    if told.held == _MUTED:
        yield words.fill(
            "It waits for the end of the quiet there; {command} ends it now.",
            command=Word("/prewarm unmute", code=True),
        )
    elif told.held:
        why = words.fill("It waits: {why}.", why=said(told.held, style))
        yield words.paragraph(why, mending(told.held, told.to, style))
    elif told.delivered is Delivered.QUEUED:
        yield (Word(words.say("It waits for its turn.")),)


def _attempts(told: Told, style: Style) -> Iterator[Line]:
    """Yield each request and what Slack said, the first with its time, the others with how much later they were."""
    shown = told.attempts[-_ATTEMPTS_AT_MOST:]
    if left := len(told.attempts) - len(shown):
        yield (Word(style.words.count("and {n} earlier", "and {n} earlier", left)),)
    before: Attempt | None = None
    for attempt in shown:
        yield style.words.fill(
            "{label}: {text}", label=_attempted(attempt, before, style), text=said(attempt.outcome, style)
        )
        before = attempt


def _attempted(attempt: Attempt, before: Attempt | None, style: Style) -> Line:
    if before is None:
        return style.words.fill("tried {at}", at=Moment(attempt.at))
    gap = style.words.duration(attempt.at - before.at)
    return (Word(style.words.say("{gap} later", gap=gap)),)


# ---- nobody, not yet ------------------------------------------------------------------------------------------------


def _nobody(answer: Why, style: Style) -> Iterator[Line]:
    """Yield why nobody was told of a task that has ended: what can be known of it."""
    if answer.task.state in ACTIVE:
        return
    if not answer.heard:
        yield (Word(style.words.say("No subscription and no watch matches this task, so there was nobody to tell.")),)
        return
    days = f"{answer.keep_days:g}"
    ended = answer.task.completed
    if ended is not None and answer.as_of.now - ended > answer.keep_days * 86_400:
        yield (
            Word(
                style.words.say(
                    "It ended more than {days} days ago. Who was told is remembered only so long (PREWARM_KEEP_DAYS).",
                    days=days,
                )
            ),
        )
    else:
        yield (Word(style.words.say("It had ended before I began to watch, or before anybody asked to hear of it.")),)


def _to_come(answer: Why, style: Style) -> Iterator[Line]:
    words = style.words
    if answer.task.state in ACTIVE and answer.heard:
        yield (
            Word(
                words.count(
                    "It has not ended yet. When it does, {n} recipient hears of it.",
                    "It has not ended yet. When it does, {n} recipients hear of it.",
                    answer.heard,
                )
            ),
        )
    elif answer.task.state in ACTIVE:
        yield (
            Word(
                words.say(
                    "It has not ended yet. No subscription and no watch matches it, so nobody will hear when it does."
                )
            ),
        )
    if not answer.heard:
        watch, subscribe = Word("/prewarm watch ID", code=True), Word("/prewarm subscribe", code=True)
        yield words.fill("{watch} tells you, {subscribe} tells a channel.", watch=watch, subscribe=subscribe)
