"""How often an image failed lately: said with a failure, so that people see a habit and not only an accident."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from bot.domain.fact import Kind, Transition
from bot.domain.task import Task, TaskState

WITHIN: Final = 86_400.0  # seconds


def with_failures(told: list[Transition], tasks: Iterable[Task]) -> list[Transition]:
    """Say of each failure how many tasks of its image failed within a day up to its end; `tasks` may show one twice."""
    images = {each.task.image for each in told if each.kind is Kind.FAILED}
    if not images:
        return told
    ends = failure_times(tasks, images)
    return [_counted(each, ends) if each.kind is Kind.FAILED else each for each in told]


def failure_times(tasks: Iterable[Task], images: Iterable[str]) -> Mapping[str, list[int]]:
    """Return when tasks of these images failed, sorted; those without a time are left out."""
    wanted = set(images)
    ends: dict[str, dict[str, int]] = defaultdict(dict)
    for task in tasks:
        if task.state == TaskState.FAILED and task.completed is not None and task.image in wanted:
            ends[task.image][task.id] = task.completed
    return {image: sorted(times.values()) for image, times in ends.items()}


def failures_until(ended: int | None, times: list[int]) -> int:
    """Count the failures within a day up to `ended`; 0 when that is unset."""
    if ended is None:
        return 0
    return bisect_right(times, ended) - bisect_left(times, ended - WITHIN)


def _counted(told: Transition, ends: Mapping[str, list[int]]) -> Transition:
    return replace(told, failures=failures_until(told.task.completed, ends.get(told.task.image, [])))
