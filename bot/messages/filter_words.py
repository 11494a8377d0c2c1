"""What a filter or a subscription asks for, in words."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.filter import Filter, Hears
from bot.domain.subscription import Subscription
from bot.domain.task import TaskState
from bot.messages.task_words import state_words
from bot.rendering.escape import exact, name
from bot.rendering.languages import N_
from bot.rendering.style import Style

_WORDS_AT_MOST: Final = 8
_HEARS: Final[Mapping[Hears, str]] = MappingProxyType(
    {
        Hears.ALL: N_("every task that ends"),
        Hears.FAILED: N_("every task that fails"),
        Hears.SUCCEEDED: N_("every task that gets ready"),
    }
)


def filter_in_words(wanted: Filter, style: Style) -> str:
    """Return a filter in words, states in the order of a task's life."""
    states = sorted(wanted.states, key=[*TaskState, *wanted.states].index)
    told = [style.words.say(" or ").join(state_words(state, style) for state in states)] if states else []
    return style.words.clauses([*told, *_narrowed(wanted, style)])


def heard(subscription: Subscription, style: Style) -> str:
    """Return what a subscription hears of: `failed tasks, cluster cn-dev-1, “pytorch”`."""
    if subscription.task:
        return style.words.say("task {id}, once", id=exact(subscription.task))
    told = style.words.say(_HEARS[subscription.hears])
    return style.words.clauses([told, *_narrowed(subscription.filter, style)])


def widening(wanted: Filter, style: Style) -> str:
    """Return what could be left out to find more."""
    present = (
        (N_("the state"), wanted.states),
        (N_("the cluster"), wanted.cluster),
        (N_("a word"), wanted.words),
    )
    return style.words.say(" or ").join(style.words.say(what) for what, given in present if given)


def _narrowed(wanted: Filter, style: Style) -> Iterator[str]:
    if wanted.cluster:
        yield style.words.say("cluster {cluster}", cluster=name(wanted.cluster, 60))
    for word in wanted.words[:_WORDS_AT_MOST]:
        yield style.words.say("“{word}”", word=name(word, 40))
