"""Who hears of what: the only router. A setting, a subscription of a channel and a person's watch are one record."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from bot.domain.fact import Kind, Transition
from bot.domain.filter import Filter


class Hears(StrEnum):
    """Which endings somebody hears of. Unknown endings and vanished tasks count as failed."""

    ALL = "all"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


class Subscription(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recipient (channel ID or user ID) and what it hears of. Standing ones come from PREWARM_CHANNEL."""

    to: str
    hears: Hears = Hears.ALL
    filter: Filter = Filter()

    def matches(self, transition: Transition) -> bool:
        """Whether the recipient hears of it."""
        heard = {
            Hears.ALL: True,
            Hears.SUCCEEDED: transition.kind is Kind.SUCCEEDED,
            Hears.FAILED: transition.kind is not Kind.SUCCEEDED,
        }
        return heard[self.hears] and self.filter.matches(transition.task)


def recipients(transition: Transition, subscriptions: Iterable[Subscription]) -> tuple[str, ...]:
    """Return each recipient once, however many of its subscriptions match."""
    return tuple(dict.fromkeys(each.to for each in subscriptions if each.matches(transition)))
