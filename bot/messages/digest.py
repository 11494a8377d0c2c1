"""Many endings in one message (P13): failures first with their reasons, one image on many clusters in one line."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.fact import Kind, News, Transition
from bot.messages.document import Bullets, Document, Line, Lines, Moment, Part, Word, code, joined
from bot.messages.ending import LATE, SYMBOLS, console
from bot.messages.escape import exact, middle, name
from bot.messages.groups import Cause, Story, story
from bot.messages.particulars import reasons_in_a_row
from bot.messages.plain import duration, size
from bot.messages.style import Style
from bot.messages.task_words import short_image, state_words
from bot.messages.words import Count, Say, count, say

_IMAGE_AT_MOST: Final = 90
_REASON_AT_MOST: Final = 300
_CLUSTER_AT_MOST: Final = 40
_SAME_TIME: Final = 60  # seconds within which two ends read as one
_NAMED_AT_MOST: Final = 5


def digest(facts: Sequence[Transition], style: Style) -> Document:
    """Return the message about many endings; every ID is in it."""
    told = story(facts)
    headline = _headline(facts, style)
    groups = (
        (SYMBOLS[Kind.GONE], Say.UNKNOWN_GROUP, told.unknown),
        (SYMBOLS[Kind.SUCCEEDED], Say.READY_GROUP, told.ready),
        (LATE, Say.LATE_GROUP, told.late),
    )
    parts = [*_failed(told, style)]
    for symbol, title, images in groups:
        number = sum(map(len, images))
        if 0 < number < len(facts):  # alone, the headline has said it
            parts.append(Lines(((Word(f"{symbol} {say(style.language, title)} ({number}):", bold=True),),)))
        parts.append(Bullets(tuple(_image_line(image, style) for image in images)))
    text = " ".join([f"{headline}.", *_spoken(told, style)])
    return Document(text, f"{_symbol(facts)} {headline}", (*parts, console(style)))


def _symbol(facts: Sequence[Transition]) -> str:
    if all(fact.late for fact in facts):
        return LATE
    kinds = {fact.kind for fact in facts if not fact.late}
    return next(SYMBOLS[kind] for kind in (Kind.FAILED, Kind.GONE, Kind.ENDED, Kind.SUCCEEDED) if kind in kinds)


def _headline(facts: Sequence[Transition], style: Style) -> str:
    """Say how many ended how, failures first, and of what: `1 failed, 7 ready: pytorch:v2 on 8 clusters`."""
    fresh = [fact.kind for fact in facts if not fact.late]
    failed, ready = fresh.count(Kind.FAILED), fresh.count(Kind.SUCCEEDED)
    numbers = (
        (Count.FAILED, Count.ALL_FAILED, failed),
        (Count.UNKNOWN, Count.ALL_UNKNOWN, len(fresh) - failed - ready),
        (Count.READY, Count.ALL_READY, ready),
        (Count.LATE, Count.ALL_LATE, len(facts) - len(fresh)),
    )
    present = [each for each in numbers if each[2]]
    one_image = len({fact.task.image for fact in facts}) == 1
    if len(present) == 1 and not (one_image and fresh):
        _, alone, number = present[0]
        return count(style.language, alone, number)
    told = ", ".join(count(style.language, what, number) for what, _, number in present)
    return f"{told}: {_subject(facts, style) if one_image else count(style.language, Count.TASKS_ENDED, len(facts))}"


def _subject(facts: Sequence[Transition], style: Style) -> str:
    clusters = count(style.language, Count.CLUSTERS, len({_cluster(fact) for fact in facts}))
    return short_image(facts[0].task) + say(style.language, Say.ON, cluster=clusters)


def _spoken(told: Story, style: Style) -> Iterator[str]:
    """Yield the sentences of `text`: failures with their reasons, of the others the images."""
    failed = [fact for cause in told.causes for image in cause.images for fact in image]
    if failed:
        yield _sentence(
            Say.TEXT_FAILED, [_failure(fact, style) for fact in failed[:_NAMED_AT_MOST]], len(failed), style
        )
    ready = [*told.beside.values(), *told.ready]
    for what, images in ((Say.TEXT_UNKNOWN, told.unknown), (Say.TEXT_READY, ready), (Say.TEXT_LATE, told.late)):
        if images:
            named = [
                say(style.language, Say.TIMES, image=short_image(image[0].task), n=len(image))
                for image in images[:_NAMED_AT_MOST]
            ]
            yield _sentence(what, named, len(images), style)


def _sentence(what: Say, named: list[str], number: int, style: Style) -> str:
    if more := number - len(named):
        named = [*named, count(style.language, Count.MORE, more)]
    return say(style.language, what, tasks="; ".join(named))


def _failure(fact: Transition, style: Style) -> str:
    return say(
        style.language,
        Say.ONE_FAILURE,
        image=short_image(fact.task),
        cluster=_cluster(fact),
        reason=reasons_in_a_row(fact.task, style, 120),
    )


def _failed(told: Story, style: Style) -> Iterator[Part]:
    beside = dict(told.beside)
    for cause in told.causes:
        yield Lines((_cause(cause, style),))
        yield Bullets(tuple(_mixed(image, beside.pop(image[0].task.image, ()), style) for image in cause.images))


def _cause(cause: Cause, style: Style) -> Line:
    number = f"{SYMBOLS[Kind.FAILED]} {count(style.language, Count.FAILED, sum(map(len, cause.images)))}"
    reason = reasons_in_a_row(cause.task, style, _REASON_AT_MOST)
    alike = say(style.language, Say.ALIKE) if cause.alike else ""
    return (Word(number + ":", bold=True), Word(" "), Word(reason, foreign=True), Word(alike))


def _mixed(failed: Sequence[Transition], ready: Sequence[Transition], style: Style) -> Line:
    """Tell one image: where it failed, and in the same line where it is ready."""
    language = style.language
    bad, good = {_cluster(fact) for fact in failed}, {_cluster(fact) for fact in ready}
    counted = say(language, Say.READY_ON_OF, ready=len(good - bad), all=len(good | bad)) + ", " if ready else ""
    rest = (Word("; " + say(language, Say.READY_ON)), *_places(ready, style)) if ready else ()
    where = (Word(counted + say(language, Say.FAILED_ON)), *_places(failed, style), *rest)
    return (*_image(failed), *where, *_when([*failed, *ready], style))


def _image_line(facts: Sequence[Transition], style: Style) -> Line:
    return (*_image(facts), Word(say(style.language, Say.STILL_ON)), *_dated_places(facts, style))


def _image(facts: Sequence[Transition]) -> Line:
    task = facts[0].task
    shown = code(middle(name(task.image, 1_000), _IMAGE_AT_MOST), _IMAGE_AT_MOST)
    return (shown, Word(f" ({size(task.size)}) " if task.size is not None else " "))


def _dated_places(facts: Sequence[Transition], style: Style) -> Line:
    """Return where; late listings each with their own date, for they may be months apart."""
    if not facts[0].late:
        return (*_places(facts, style), *_when(facts, style))
    return joined([(_place(fact, style), Word(" "), Moment(_end(fact))) for fact in facts], ", ")


def _places(facts: Sequence[Transition], style: Style) -> Line:
    return joined([(_place(fact, style),) for fact in facts], ", ")


def _place(fact: Transition, style: Style) -> Word:
    told = [exact(fact.task.id)]
    if fact.late or fact.kind in (Kind.GONE, Kind.ENDED):
        told.append(_fate(fact, style))
    elif fact.task.seconds is not None:
        told.append(duration(fact.task.seconds, style.language))
    return Word(f"{_cluster(fact)} ({', '.join(told)})", foreign=True)


def _fate(fact: Transition, style: Style) -> str:
    if fact.kind is Kind.GONE:
        return say(style.language, Say.REPLACED if fact.news is News.REPLACED else Say.GONE)
    if fact.kind is Kind.ENDED:
        return say(style.language, Say.ENDED_AS, state=name(fact.task.state, 40))
    return state_words(fact.task.state, style)


def _when(facts: Sequence[Transition], style: Style) -> Line:
    first, last = min(map(_end, facts)), max(map(_end, facts))
    span = (Moment(first), Word(say(style.language, Say.TO))) if last - first >= _SAME_TIME else ()
    return (Word(" · "), *span, Moment(last))


def _end(fact: Transition) -> float:
    return fact.at if fact.kind is Kind.GONE or fact.task.completed is None else fact.task.completed


def _cluster(fact: Transition) -> str:
    return name(fact.task.cluster_id or fact.task.cluster_name, _CLUSTER_AT_MOST) or "?"
