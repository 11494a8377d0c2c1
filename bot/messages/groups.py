"""A burst sorted into a story: what failed and why, what is unknown, what is ready, and what is old news (P13, D4)."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.domain.cause import Cause, cause_of
from bot.domain.fact import Kind, Stuck, Transition
from bot.domain.task import Task

_VARYING: Final = re.compile(  # but not short numbers alone: 401 and 404 are two causes
    r"\d+(?:\.\d+)+"  # addresses, versions, decimals
    r"|\b(?=[a-f]*\d)[0-9a-f]{8,}"  # digests and IDs
    r"|\d{4,}"
    r"|\d+\s?(?=(?:[kmgt]i?b|bytes|b|ms|s|sec|seconds|m|min|minutes|h|%)\b)"
)

_About = TypeVar("_About", Transition, Stuck)


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
