"""What people call a task, its state and its place: the short forms that headlines, lists and sentences share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.fact import Kind, News, Transition
from bot.domain.task import Task, TaskState
from bot.rendering.english import Say
from bot.rendering.escape import exact, middle, name
from bot.rendering.style import Style

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
_ORDINALS: Final[Mapping[int, Say]] = MappingProxyType({2: Say.SECOND, 3: Say.THIRD, 4: Say.FOURTH, 5: Say.FIFTH})
_ENDINGS: Final[Mapping[int, Say]] = MappingProxyType({1: Say.NTH_1, 2: Say.NTH_2, 3: Say.NTH_3})
_COUNTS_AT_MOST: Final = 10
_CLUSTER_AT_MOST: Final = 40


def state_words(state: str, style: Style) -> str:
    """Return what people call a state or an ending; one that nobody documents is shown verbatim."""
    known = _STATES.get(state.casefold())
    return name(state, 60) if known is None else style.words.say(known)


def state_title(state: str, style: Style) -> str:
    """Return what people call a state as the beginning of a headline; an unknown one stays as it is."""
    words = state_words(state, style)
    return words.capitalize() if state.casefold() in _STATES else words


_GONE: Final[Mapping[News, Say]] = MappingProxyType(
    {News.REPLACED: Say.REPLACED, News.FORGOTTEN: Say.UNWATCHED, News.ACCOUNT: Say.UNWATCHED}
)


def fate(fact: Transition, style: Style) -> str:
    """Return how a run ended: `ready`, `failed`, `ended as “Evicted”`, `no longer listed`."""
    if fact.kind is Kind.GONE:
        return style.words.say(_GONE.get(fact.news, Say.GONE))
    if fact.kind is Kind.ENDED:
        return style.words.say(Say.ENDED_AS, state=name(fact.task.state, 40))
    return state_words(fact.task.state, style)


def lasting(fact: Transition, style: Style) -> str:
    """Return the clause that says how long the run took: ` in 6 s`, ` after 6 s`; "" when nobody knows."""
    if fact.task.seconds is None or fact.kind is Kind.GONE:
        return ""
    clause = Say.IN if fact.kind is Kind.SUCCEEDED else Say.AFTER
    return style.words.say(clause, took=style.words.duration(fact.task.seconds))


def habit(failures: int, style: Style) -> str:
    """Return `Third failure of this image within a day.`, "" for a first one."""
    if failures < 2:  # noqa: PLR2004 - one is no habit
        return ""
    named = _ORDINALS.get(failures)
    last = 0 if failures % 100 in (11, 12, 13) else failures % 10
    nth = style.words.say(_ENDINGS.get(last, Say.NTH), n=failures) if named is None else style.words.say(named)
    return style.words.say(Say.HABIT, nth=nth)


def counts(numbers: Mapping[str, int], style: Style, first: tuple[str, ...] = (TaskState.FAILED,)) -> str:
    """Return `1 failed, 2 running` by state or kind of ending, what is `first` first; "" for nothing."""
    order = {state.casefold(): place for place, state in reversed([*enumerate((*first, *_STATES))])}
    states = sorted(numbers, key=lambda state: (order.get(state.casefold(), len(order) + 1), state))
    told = [counted(numbers[state], state_words(state, style), style) for state in states if numbers[state] > 0]
    return style.words.clauses(told[:_COUNTS_AT_MOST])


def counted(n: int, what: str, style: Style) -> str:
    """Return `2 running`, `3 sent`."""
    return style.words.say(Say.COUNTED, n=style.words.number(n), what=what)


def group_of(what: str, n: int, style: Style) -> str:
    """Return `Running (2)`, for a heading."""
    return style.words.say(Say.GROUP_OF, group=what, n=style.words.number(n))


def short_image(task: Task) -> str:
    """Return the image as people call it: the last part of its address with its tag."""
    last = task.image.rstrip("/").rpartition("/")[2]
    return middle(name(last, 1_000) or exact(task.id), 60)


def sized_image(task: Task, style: Style) -> str:
    """Return the image as people call it with its size, if that is known: `pytorch:v2 (6.76 GB)`."""
    image = short_image(task)
    return image if task.size is None else style.words.say(Say.SIZED, image=image, size=style.words.size(task.size))


def short_cluster(task: Task) -> str:
    """Return the cluster's ID, else its name, else a question mark."""
    return name(task.cluster_id or task.cluster_name, _CLUSTER_AT_MOST) or "?"


def on_cluster(task: Task, style: Style, most: int = _CLUSTER_AT_MOST) -> str:
    """Return the clause that says where, "" when the list does not say."""
    cluster = name(task.cluster, most)
    return style.words.say(Say.ON, cluster=cluster) if cluster else ""
