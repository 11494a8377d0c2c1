"""A burst sorted into a story: what failed and why, what is unknown, what is ready, and what is old news (P13, D4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.fact import Kind, Transition
from bot.domain.task import Task

_VARYING: Final = re.compile(  # but not short numbers alone: 401 and 404 are two causes
    r"\d+(?:\.\d+)+"  # addresses, versions, decimals
    r"|\b(?=[a-f]*\d)[0-9a-f]{8,}"  # digests and IDs
    r"|\d{4,}"
    r"|\d+\s?(?=(?:[kmgt]i?b|bytes|b|ms|s|sec|seconds|m|min|minutes|h|%)\b)"
)


@dataclass(frozen=True, slots=True)
class Cause:
    """Failures with one cause. `alike`: their words differ in names and numbers; the first one's are shown."""

    task: Task
    alike: bool
    images: tuple[tuple[Transition, ...], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All members of a digest in the order they are told. Each tuple of transitions is about one image."""

    causes: tuple[Cause, ...]
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
        causes=_causes(failed),
        unknown=_by_image(fact for fact in fresh if fact.kind in (Kind.GONE, Kind.ENDED)),
        ready=_by_image(fact for fact in ready if fact.task.image not in broken),
        late=_by_image(fact for fact in facts if fact.late),
        beside={group[0].task.image: group for group in _by_image(f for f in ready if f.task.image in broken)},
    )


def cause(task: Task) -> str:
    """Return a reason without what differs from task to task: its own names, numbers, spaces and case."""
    text = " ".join(task.reasons)[:2_000].casefold()
    for own in (task.image_url, task.image_name, task.cluster_name, task.cluster_id, task.id):
        if len(own) > 2:  # noqa: PLR2004 - shorter ones are parts of ordinary words
            text = text.replace(own.casefold(), "#")
    return " ".join(_VARYING.sub("#", text).split())


def _causes(failed: Iterable[Transition]) -> tuple[Cause, ...]:
    groups: dict[str, list[Transition]] = {}
    for fact in failed:
        groups.setdefault(cause(fact.task), []).append(fact)
    largest_first = sorted(groups.values(), key=len, reverse=True)
    return tuple(
        Cause(group[0].task, len({fact.task.reasons for fact in group}) > 1, _by_image(group))
        for group in largest_first
    )


def _by_image(facts: Iterable[Transition]) -> tuple[tuple[Transition, ...], ...]:
    groups: dict[str, list[Transition]] = {}
    for fact in facts:
        groups.setdefault(fact.task.image, []).append(fact)
    return tuple(tuple(group) for group in sorted(groups.values(), key=len, reverse=True))
