"""What people call a task, its state and its place: the short forms that headlines, lists and sentences share."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.domain.fact import Kind, News, Transition
from bot.domain.task import Task, TaskState
from bot.rendering.escape import exact, middle, name
from bot.rendering.languages import N_
from bot.rendering.style import Style

_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "running": N_("running"),
        "pending": N_("pending"),
        "failed": N_("failed"),
        "gone": N_("no longer listed"),
        "ended": N_("ended otherwise"),
        "succeeded": N_("ready"),
    }
)
_ORDINALS: Final[Mapping[int, str]] = MappingProxyType(
    {2: N_("Second"), 3: N_("Third"), 4: N_("Fourth"), 5: N_("Fifth")}
)
_ENDINGS: Final[Mapping[int, str]] = MappingProxyType({1: N_("{n}st"), 2: N_("{n}nd"), 3: N_("{n}rd")})
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


_GONE: Final[Mapping[News, str]] = MappingProxyType(
    {
        News.REPLACED: N_("replaced by a new run"),
        News.FORGOTTEN: N_("no longer watched"),
        News.ACCOUNT: N_("no longer watched"),
    }
)


def fate(fact: Transition, style: Style) -> str:
    """Return how a run ended: `ready`, `failed`, `ended as “Evicted”`, `no longer listed`."""
    if fact.kind is Kind.GONE:
        return style.words.say(_GONE.get(fact.news, N_("no longer listed")))
    if fact.kind is Kind.ENDED:
        return style.words.say("ended as “{state}”", state=name(fact.task.state, 40))
    return state_words(fact.task.state, style)


def lasting(fact: Transition, style: Style) -> str:
    """Return the clause that says how long the run took: ` in 6 s`, ` after 6 s`; "" when nobody knows."""
    if fact.task.seconds is None or fact.kind is Kind.GONE:
        return ""
    clause = N_(" in {took}") if fact.kind is Kind.SUCCEEDED else N_(" after {took}")
    return style.words.say(clause, took=style.words.duration(fact.task.seconds))


def habit(failures: int, style: Style) -> str:
    """Return `Third failure of this image within a day.`, "" for a first one."""
    if failures < 2:  # noqa: PLR2004 - one is not a habit
        return ""
    named = _ORDINALS.get(failures)
    last = 0 if failures % 100 in (11, 12, 13) else failures % 10
    nth = style.words.say(_ENDINGS.get(last, N_("{n}th")), n=failures) if named is None else style.words.say(named)
    return style.words.say("{nth} failure of this image within a day.", nth=nth)


def counts(numbers: Mapping[str, int], style: Style, first: tuple[str, ...] = (TaskState.FAILED,)) -> str:
    """Return `1 failed, 2 running` by state or kind of ending, what is `first` first; "" for nothing."""
    order = {state.casefold(): place for place, state in reversed([*enumerate((*first, *_STATES))])}
    states = sorted(numbers, key=lambda state: (order.get(state.casefold(), len(order) + 1), state))
    told = [counted(numbers[state], state_words(state, style), style) for state in states if numbers[state] > 0]
    return style.words.clauses(told[:_COUNTS_AT_MOST])


def counted(n: int, what: str, style: Style) -> str:
    """Return `2 running`, `3 sent`."""
    return style.words.say("{n} {what}", n=style.words.number(n), what=what)


def group_of(what: str, n: int, style: Style) -> str:
    """Return `Running (2)`, for a heading."""
    return style.words.say("{group} ({n})", group=what, n=style.words.number(n))


def short_image(task: Task) -> str:
    """Return the image as people call it: the last part of its address with its tag."""
    last = task.image.rstrip("/").rpartition("/")[2]
    return middle(name(last, 1_000) or exact(task.id), 60)


def sized_image(task: Task, style: Style) -> str:
    """Return the image as people call it with its size, if that is known: `pytorch:v2 (6.76 GB)`."""
    image = short_image(task)
    return (
        image
        if task.size is None
        else style.words.say("{image} ({size})", image=image, size=style.words.size(task.size))
    )


def short_cluster(task: Task) -> str:
    """Return the cluster's ID, else its name, else a question mark."""
    return name(task.cluster_id or task.cluster_name, _CLUSTER_AT_MOST) or "?"


def on_clusters(tasks: Sequence[Task], style: Style) -> str:
    """Return `pytorch:v2 on 8 clusters`, for tasks with one image."""
    clusters = len({short_cluster(task) for task in tasks})
    return style.words.count("{image} on {n} cluster", "{image} on {n} clusters", clusters, image=short_image(tasks[0]))


def on_cluster(task: Task, style: Style, most: int = _CLUSTER_AT_MOST) -> str:
    """Return the clause that says where, "" when the list does not say."""
    cluster = name(task.cluster, most)
    return style.words.say(" on {cluster}", cluster=cluster) if cluster else ""
