"""Many endings in one message (P13): failures first with their reasons, one image on many clusters in one line."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.domain.cause import Cause, cause_of
from bot.domain.fact import Kind, Stuck, Transition
from bot.domain.task import Task
from bot.messages.advice import cause_words, remedy
from bot.messages.ending import LATE, SYMBOLS, console, summons
from bot.messages.task_fields import headed, image_of, labelled, labelled_as, reasons_in_a_row
from bot.messages.task_words import fate, group_of, on_clusters, short_cluster, short_image
from bot.rendering.document import Bullets, Document, Line, Lines, Moment, Part, Word
from bot.rendering.escape import exact
from bot.rendering.languages import N_, forms
from bot.rendering.style import Style

_REASON_AT_MOST: Final = 300
_SAME_TIME: Final = 60  # seconds within which two ends read as one
_NAMED_AT_MOST: Final = 5
_VARYING: Final = re.compile(  # but not short numbers alone: 401 and 404 are two causes
    r"\d+(?:\.\d+)+"  # addresses, versions, decimals
    r"|\b(?=[a-f]*\d)[0-9a-f]{8,}"  # digests and IDs
    r"|\d{4,}"
    r"|\d+\s?(?=(?:[kmgt]i?b|bytes|b|ms|s|sec|seconds|m|min|minutes|h|%)\b)"
)

_About = TypeVar("_About", Transition, Stuck)


# ---- a burst sorted into a story: what failed and why, what is unknown, ready, old news (P13, D4) --------------------


@dataclass(frozen=True, slots=True)
class Alike:
    """Failures in the same words, but for names and numbers where they are not `equal`; the first one's are shown."""

    task: Task
    equal: bool
    images: tuple[tuple[Transition, ...], ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Failures with one cause, told in one wording or several; of an unknown cause, always in one."""

    cause: Cause
    wordings: tuple[Alike, ...]

    @property
    def failed(self) -> tuple[Transition, ...]:
        """All of them."""
        return tuple(fact for alike in self.wordings for image in alike.images for fact in image)


@dataclass(frozen=True, slots=True)
class Story:
    """All members of a digest in the order they are told. Each tuple of transitions is about one image."""

    troubles: tuple[Trouble, ...]
    unknown: tuple[tuple[Transition, ...], ...]
    ready: tuple[tuple[Transition, ...], ...]
    late: tuple[tuple[Transition, ...], ...]
    beside: dict[str, tuple[Transition, ...]]  # by image: ready ones whose image failed elsewhere


def story(facts: Sequence[Transition]) -> Story:
    """Sort them; within a group by count, then as they came."""
    fresh = [fact for fact in facts if not fact.late]
    failed = [fact for fact in fresh if fact.kind is Kind.FAILED]
    ready = [fact for fact in fresh if fact.kind is Kind.SUCCEEDED]
    broken = {fact.task.image for fact in failed}
    return Story(
        troubles=_troubles(failed),
        unknown=by_image(fact for fact in fresh if fact.kind in (Kind.GONE, Kind.ENDED)),
        ready=by_image(fact for fact in ready if fact.task.image not in broken),
        late=by_image(fact for fact in facts if fact.late),
        beside={group[0].task.image: group for group in by_image(f for f in ready if f.task.image in broken)},
    )


def gist(task: Task) -> str:
    """Return a reason without what differs from task to task: its own names, numbers, spaces and case."""
    text = " ".join(task.reasons)[:2_000].casefold()
    for own in (task.image_url, task.image_name, task.cluster_name, task.cluster_id, task.id):
        if len(own) > 2:  # noqa: PLR2004 - shorter ones are parts of ordinary words
            text = text.replace(own.casefold(), "#")
    return " ".join(_VARYING.sub("#", text).split())


def by_image(facts: Iterable[_About]) -> tuple[tuple[_About, ...], ...]:
    """Return the facts about each image together, the largest group first."""
    return _largest_first(_grouped(facts, lambda fact: fact.task.image))


def _troubles(failed: Iterable[Transition]) -> tuple[Trouble, ...]:
    groups = _grouped(failed, lambda fact: (cause := cause_of(fact.task.reasons), _wording(cause, fact.task)))
    return tuple(Trouble(cause_of(group[0].task.reasons), _alike(group)) for group in _largest_first(groups))


def _wording(cause: Cause, task: Task) -> str:
    """Return the same for all tasks of a known cause; of an unknown one nobody knows but the words."""
    return gist(task) if cause is Cause.UNKNOWN else ""


def _alike(failed: Iterable[Transition]) -> tuple[Alike, ...]:
    return tuple(
        Alike(group[0].task, len({fact.task.reasons for fact in group}) == 1, by_image(group))
        for group in _largest_first(_grouped(failed, lambda fact: gist(fact.task)))
    )


def _grouped(facts: Iterable[_About], key: Callable[[_About], Hashable]) -> Iterable[list[_About]]:
    groups: dict[Hashable, list[_About]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    return groups.values()


def _largest_first(groups: Iterable[list[_About]]) -> tuple[tuple[_About, ...], ...]:
    return tuple(tuple(group) for group in sorted(groups, key=len, reverse=True))


# ---- the message ----------------------------------------------------------------------------------------------------


def digest(facts: Sequence[Transition], style: Style) -> Document:
    """Return the message about many endings; every ID is in it."""
    told = story(facts)
    headline = _headline(facts, style)
    groups = (
        (SYMBOLS[Kind.GONE], N_("How they ended is unknown"), told.unknown),
        (SYMBOLS[Kind.SUCCEEDED], N_("Ready"), told.ready),
        (LATE, N_("Ended before I began to watch"), told.late),
    )
    parts = [Lines(tuple(summons(facts, style))), *_failed(told, style)]
    for symbol, title, images in groups:
        number = sum(map(len, images))
        if 0 < number < len(facts):  # alone, the headline has said it
            group = f"{symbol} {style.words.say(title)}"
            parts.append(headed(group_of(group, number, style), style))
        parts.append(Bullets(tuple(_image_line(image, style) for image in images)))
    text = style.words.paragraph(style.words.sentence(headline), *_spoken(told, style), *summons(facts, style))
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
        (forms("{n} failed", "{n} failed"), forms("{n} prewarm task failed", "{n} prewarm tasks failed"), failed),
        (
            forms("{n} unknown", "{n} unknown"),
            forms("{n} task ended, how is unknown", "{n} tasks ended, how is unknown"),
            len(fresh) - failed - ready,
        ),
        (forms("{n} ready", "{n} ready"), forms("{n} prewarm task ready", "{n} prewarm tasks ready"), ready),
        (
            forms("{n} from before I watched", "{n} from before I watched"),
            forms("{n} task ended before I began to watch", "{n} tasks ended before I began to watch"),
            len(facts) - len(fresh),
        ),
    )
    present = [each for each in numbers if each[2]]
    one_image = len({fact.task.image for fact in facts}) == 1
    if len(present) == 1 and not (one_image and fresh):
        _, alone, number = present[0]
        return style.words.count(*alone, number)
    told = style.words.clauses(style.words.count(*what, number) for what, _, number in present)
    subject = (
        on_clusters([fact.task for fact in facts], style)
        if one_image
        else style.words.count("{n} prewarm task ended", "{n} prewarm tasks ended", len(facts))
    )
    return style.words.labelled(told, subject)


def _spoken(told: Story, style: Style) -> Iterator[str]:
    """Yield the sentences of `text`: failures with their reasons, of the others the images."""
    failed = [fact for trouble in told.troubles for fact in trouble.failed]
    if failed:
        yield _sentence(
            N_("Failed: {tasks}."), [_failure(fact, style) for fact in failed[:_NAMED_AT_MOST]], len(failed), style
        )
    ready = [*told.beside.values(), *told.ready]
    for what, images in (
        (N_("Unknown: {tasks}."), told.unknown),
        (N_("Ready: {tasks}."), ready),
        (N_("From before I watched: {tasks}."), told.late),
    ):
        if images:
            named = [
                style.words.say("{image} ({n})", image=short_image(image[0].task), n=len(image))
                for image in images[:_NAMED_AT_MOST]
            ]
            yield _sentence(what, named, len(images), style)


def _sentence(what: str, named: list[str], number: int, style: Style) -> str:
    if more := number - len(named):
        named = [*named, style.words.more(more)]
    return style.words.say(what, tasks=style.words.series(named))


def _failure(fact: Transition, style: Style) -> str:
    return style.words.say(
        "{image} on {cluster} ({reason})",
        image=short_image(fact.task),
        cluster=_cluster(fact),
        reason=reasons_in_a_row(fact.task, style, 120),
    )


def _failed(told: Story, style: Style) -> Iterator[Part]:
    """Tell failures by their cause: what it is, the vendor's words and, once, what to do; then the images."""
    beside, alone = dict(told.beside), len(told.troubles) == 1
    for trouble in told.troubles:
        yield Lines(tuple(_heading(trouble, alone, style)))
        for alike in trouble.wordings:
            if len(trouble.wordings) > 1:
                yield Lines((_words(alike, style),))
            yield Bullets(tuple(_mixed(image, beside.pop(image[0].task.image, ()), style) for image in alike.images))


def _heading(trouble: Trouble, alone: bool, style: Style) -> Iterator[Line]:
    """Yield the lines over the images of one cause. How many there are of a cause `alone` says the headline."""
    several = len(trouble.wordings) > 1
    number = style.words.count("{n} failed", "{n} failed", len(trouble.failed))
    label, words = (
        style.words.say("Why") if alone else f"{SYMBOLS[Kind.FAILED]} {number}",
        _words(trouble.wordings[0], style),
    )
    if several or not (alone or trouble.cause is Cause.UNKNOWN):
        yield labelled_as(label, style, Word(cause_words(trouble.cause, style)))
        yield from () if several else (words,)
    else:
        yield labelled_as(label, style, *words)
    for told in dict.fromkeys(remedy(fact.task, style) for fact in trouble.failed):
        if told:
            yield labelled(N_("What to do"), style, Word(told))


def _words(alike: Alike, style: Style) -> Line:
    words = Word(reasons_in_a_row(alike.task, style, _REASON_AT_MOST), foreign=True)
    return (words,) if alike.equal else (words, Word(style.words.say(" (and alike)")))


def _mixed(failed: Sequence[Transition], ready: Sequence[Transition], style: Style) -> Line:
    """Tell one image: where it failed, and in the same line where it is ready."""
    bad, good = set(map(_cluster, failed)), set(map(_cluster, ready))
    words, image = style.words, image_of(failed[0].task, style)
    line = words.fill("{image} failed on {places}", image=image, places=_places(failed, style))
    if ready and len(good | bad) < len(failed) + len(ready):  # several tasks on one cluster: it cannot be counted so
        line = (*line, *words.fill("; ready on {places}", places=_places(ready, style)))
    elif ready:
        numbers = {"ready": words.number(len(good)), "all": words.number(len(good | bad))}
        line = (*line, *words.fill("; ready on {ready} of {all}: {places}", **numbers, places=_places(ready, style)))
    return (*line, *_when([*failed, *ready], style))


def _image_line(facts: Sequence[Transition], style: Style) -> Line:
    image = image_of(facts[0].task, style)
    return style.words.fill("{image} on {places}", image=image, places=_dated_places(facts, style))


def _dated_places(facts: Sequence[Transition], style: Style) -> Line:
    """Return where; late listings each with their own date, for they may be months apart."""
    if not facts[0].late:
        return (*_places(facts, style), *_when(facts, style))
    told = [style.words.fill("{place} {at}", place=_place(fact, style), at=Moment(_end(fact))) for fact in facts]
    return style.words.in_a_row(told)


def _places(facts: Sequence[Transition], style: Style) -> Line:
    return style.words.in_a_row([(_place(fact, style),) for fact in facts])


def _place(fact: Transition, style: Style) -> Word:
    told = [exact(fact.task.id)]
    if fact.late or fact.kind in (Kind.GONE, Kind.ENDED):
        told.append(fate(fact, style))
        told += [style.words.say("still watched")] if fact.watched else []
    elif fact.task.seconds is not None:
        told.append(style.words.duration(fact.task.seconds))
    place = style.words.say("{cluster} ({told})", cluster=_cluster(fact), told=style.words.clauses(told))
    return Word(place, foreign=True)


def _when(facts: Sequence[Transition], style: Style) -> Line:
    first, last = min(map(_end, facts)), max(map(_end, facts))
    if last - first < _SAME_TIME:
        return (Word(" · "), Moment(last))
    return (Word(" · "), *style.words.fill("{first} to {last}", first=Moment(first), last=Moment(last)))


def _end(fact: Transition) -> float:
    return fact.at if fact.kind is Kind.GONE or fact.task.completed is None else fact.task.completed


def _cluster(fact: Transition) -> str:
    return short_cluster(fact.task)
