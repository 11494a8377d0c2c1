"""What people call a task, its state and its place: the short forms that headlines, lists and sentences share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.task import Task, TaskState
from bot.messages.escape import exact, middle, name
from bot.messages.style import Style
from bot.messages.words import Say, say

_STATES: Final[Mapping[str, Say]] = MappingProxyType(
    {
        "running": Say.RUNNING,
        "pending": Say.PENDING,
        "failed": Say.FAILED,
        "gone": Say.GONE,
        "ended": Say.OTHERWISE,
        "succeeded": Say.SUCCEEDED,
    }
)
_COUNTS_AT_MOST: Final = 10
_CLUSTER_AT_MOST: Final = 40


def state_words(state: str, style: Style) -> str:
    """Return what people call a state or an ending; one that nobody documents is shown verbatim."""
    known = _STATES.get(state.casefold())
    return name(state, 60) if known is None else say(style.language, known)


def counts(numbers: Mapping[str, int], style: Style, first: tuple[str, ...] = (TaskState.FAILED,)) -> str:
    """Return `1 failed, 2 running` by state or kind of ending, what is `first` first; "" for nothing."""
    order = {state.casefold(): place for place, state in reversed([*enumerate((*first, *_STATES))])}
    states = sorted(numbers, key=lambda state: (order.get(state.casefold(), len(order) + 1), state))
    told = [f"{numbers[state]:,} {state_words(state, style)}" for state in states if numbers[state] > 0]
    return ", ".join(told[:_COUNTS_AT_MOST])


def short_image(task: Task) -> str:
    """Return the image as people call it: the last part of its address with its tag."""
    last = task.image.rstrip("/").rpartition("/")[2]
    return middle(name(last, 1_000) or exact(task.id), 60)


def on_cluster(task: Task, style: Style, most: int = _CLUSTER_AT_MOST) -> str:
    """Return the clause that says where, "" when the list does not say."""
    cluster = name(task.cluster, most)
    return say(style.language, Say.ON, cluster=cluster) if cluster else ""
