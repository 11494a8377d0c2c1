"""Many endings in one message (P13): failures first with their reasons, one image on many clusters in one line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.domain.fact import Kind, News, Transition
from bot.messages.document import Bullets, Document, Line, Lines, Moment, Part, Word, code, joined
from bot.messages.ending import SYMBOLS, console, short_image, state_words
from bot.messages.escape import middle, name
from bot.messages.groups import Cause, Story, story
from bot.messages.plain import duration, size
from bot.messages.style import Style
from bot.messages.words import Count, Say, count, say

_IMAGE_AT_MOST: Final = 90
_REASON_AT_MOST: Final = 300
_CLUSTER_AT_MOST: Final = 40
_SAME_TIME: Final = 60  # seconds within which two ends read as one
_TEXT_FAILURES: Final = 5


def digest(facts: Sequence[Transition], style: Style) -> Document:
    """Return the message about many endings; every ID is in it."""
    told = story(facts)
    headline = _headline(facts, style)
    parts = (
        *_failed(told, style),
        *_group(Say.UNKNOWN_GROUP, told.unknown, style),
        *_group(Say.READY_GROUP, told.ready, style),
        *_group(Say.LATE_GROUP, told.late, style),
        console(style),
    )
    return Document(headline + "." + _text_failures(told, style), f"{_symbol(facts)} {headline}", parts)


def _symbol(facts: Sequence[Transition]) -> str:
    if all(fact.late for fact in facts):
        return "🕰"
    kinds = {fact.kind for fact in facts if not fact.late}
    return next(SYMBOLS[kind] for kind in (Kind.FAILED, Kind.GONE, Kind.ENDED, Kind.SUCCEEDED) if kind in kinds)


def _headline(facts: Sequence[Transition], style: Style) -> str:
    language, total = style.language, len(facts)
    late = sum(fact.late for fact in facts)
    if late == total:
        return count(language, Count.TASKS_LATE, total)
    failed, ready = (
        sum(fact.kind is kind and not fact.late for fact in facts) for kind in (Kind.FAILED, Kind.SUCCEEDED)
    )
    if ready == total:
        return count(language, Count.TASKS_READY, total)
    numbers = (
        (Count.FAILED, failed),
        (Count.UNKNOWN, total - failed - ready - late),
        (Count.READY, ready),
        (Count.LATE, late),
    )
    told = ", ".join(count(language, what, n) for what, n in numbers if n)
    return f"{told}: {count(language, Count.TASKS_ENDED, total)}"


def _text_failures(told: Story, style: Style) -> str:
    failed = [fact for cause in told.causes for image in cause.images for fact in image]
    if not failed:
        return ""
    named = [_text_failure(fact, style) for fact in failed[:_TEXT_FAILURES]]
    if more := len(failed) - len(named):
        named.append(count(style.language, Count.MORE, more))
    return say(style.language, Say.TEXT_FAILED, failures="; ".join(named))


def _text_failure(fact: Transition, style: Style) -> str:
    return say(
        style.language,
        Say.ONE_FAILURE,
        image=short_image(fact.task),
        cluster=_cluster(fact),
        reason=_reason(fact, style, 120),
    )


def _failed(told: Story, style: Style) -> Iterator[Part]:
    beside = dict(told.beside)
    for cause in told.causes:
        yield Lines((_cause(cause, style),))
        yield Bullets(tuple(_mixed(image, beside.pop(image[0].task.image, ()), style) for image in cause.images))


def _cause(cause: Cause, style: Style) -> Line:
    number = count(style.language, Count.FAILED, sum(map(len, cause.images)))
    reason = name("; ".join(cause.task.reasons[:20]), _REASON_AT_MOST) or say(style.language, Say.WHY_NOT)
    alike = say(style.language, Say.ALIKE) if cause.alike else ""
    return (Word(number + ":", bold=True), Word(" "), Word(reason, foreign=True), Word(alike))


def _mixed(failed: Sequence[Transition], ready: Sequence[Transition], style: Style) -> Line:
    """Tell one image: where it failed, and in the same line where it is ready."""
    language = style.language
    where = (Word(say(language, Say.FAILED_ON)), *_places(failed, style))
    if not ready:
        return (*_image(failed), *where)
    clusters = {_cluster(fact) for fact in (*failed, *ready)}
    good = len(clusters - {_cluster(fact) for fact in failed})
    counted = say(language, Say.READY_ON_OF, ready=good, all=len(clusters))
    rest = (Word("; " + say(language, Say.READY_ON)), *_places(ready, style))
    return (*_image(failed), Word(counted + ", "), *where, *rest)


def _group(title: Say, images: Sequence[Sequence[Transition]], style: Style) -> Iterator[Part]:
    if images:
        number = sum(map(len, images))
        yield Lines(((Word(f"{say(style.language, title)} ({number}):", bold=True),),))
        yield Bullets(tuple(_plainly(image, style) for image in images))


def _plainly(facts: Sequence[Transition], style: Style) -> Line:
    return (*_image(facts), Word(say(style.language, Say.STILL_ON)), *_places(facts, style))


def _image(facts: Sequence[Transition]) -> Line:
    task = facts[0].task
    shown = code(middle(name(task.image, 1_000), _IMAGE_AT_MOST))
    return (shown, Word(f" ({size(task.size)}) " if task.size is not None else " "))


def _places(facts: Sequence[Transition], style: Style) -> Line:
    lines = [_place(fact, style) for fact in facts]
    return (*joined(lines, ", "), *_when(facts, style))


def _place(fact: Transition, style: Style) -> Line:
    told = [fact.task.id]
    if fact.late or fact.kind in (Kind.GONE, Kind.ENDED):
        told.append(_fate(fact, style))
    elif fact.task.seconds is not None:
        told.append(duration(fact.task.seconds, style.language))
    where = Word(f"{_cluster(fact)} ({', '.join(told)})", foreign=True)
    return (where, Word(" "), Moment(_end(fact))) if fact.late else (where,)


def _fate(fact: Transition, style: Style) -> str:
    if fact.kind is Kind.GONE:
        return say(style.language, Say.REPLACED if fact.news is News.REPLACED else Say.GONE)
    if fact.kind is Kind.ENDED:
        return say(style.language, Say.ENDED_AS, state=name(fact.task.state, 40))
    return state_words(fact.task.state, style)


def _when(facts: Iterable[Transition], style: Style) -> Line:
    ends = [_end(fact) for fact in facts if not fact.late]
    if not ends:
        return ()
    first, last = min(ends), max(ends)
    span = (Moment(first), Word(say(style.language, Say.TO))) if last - first >= _SAME_TIME else ()
    return (Word(" · "), *span, Moment(last))


def _end(fact: Transition) -> float:
    return fact.at if fact.kind is Kind.GONE or fact.task.completed is None else fact.task.completed


def _cluster(fact: Transition) -> str:
    return name(fact.task.cluster_id or fact.task.cluster_name, _CLUSTER_AT_MOST) or "?"


def _reason(fact: Transition, style: Style, most: int) -> str:
    return name("; ".join(fact.task.reasons[:5]), most) or say(style.language, Say.WHY_NOT)
