"""Who hears of what: the only router. A setting, a subscription of a channel and a person's watch are one record."""

from collections.abc import Container, Iterable

import msgspec

from bot.domain.fact import Kind, Stuck, Transition
from bot.domain.filter import Filter, Hears


def is_person(to: str) -> bool:
    """Say whether a recipient is a person, told in a direct message (user IDs), and not a channel."""
    return to.startswith(("U", "W"))


class Subscription(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recipient (channel ID, or user ID for a direct message) and what it hears of."""

    to: str
    hears: Hears = Hears.ALL
    filter: Filter = Filter()  # its states are always empty: `hears` says which endings
    task: str = ""  # a whole ID: this task alone, and once
    number: int = 0  # what people call it; 0 for the standing ones of PREWARM_CHANNEL
    by: str = ""  # the user ID of who made it
    at: float = 0.0  # when, Unix seconds
    vanished: bool = False  # the owner was told that the watched task is no longer listed

    def matches(self, fact: Transition | Stuck) -> bool:
        """Whether the recipient hears of it."""
        if self.task:
            return fact.task.id == self.task
        succeeded = isinstance(fact, Transition) and fact.kind is Kind.SUCCEEDED
        heard = self.hears is Hears.ALL or succeeded is (self.hears is Hears.SUCCEEDED)
        return heard and self.filter.matches(fact.task)

    def is_same_as(self, other: "Subscription") -> bool:
        """Whether both ask for the same, whoever made them."""
        return (self.to, self.hears, self.filter, self.task) == (other.to, other.hears, other.filter, other.task)

    def ends_with(self, fact: Transition | Stuck) -> bool:
        """Whether it was made for this one ending. One that is unknown may become known yet (R2)."""
        known = isinstance(fact, Transition) and fact.kind is not Kind.GONE
        return bool(self.task) and known and self.matches(fact)


class Mute(msgspec.Struct, frozen=True, omit_defaults=True):
    """Quiet for a recipient: what is queued after `number` waits until `until` (Unix seconds on Slack's clock).

    `number` is kept free in the outbox's count for the summary, so that it comes before what was missed.
    """

    to: str
    until: float
    since: float
    number: int
    by: str = ""


def fallback_recipients(
    to: str, standing: Iterable[str], made: Iterable[Subscription], untold: Container[str], operators: Iterable[str]
) -> tuple[str, ...]:
    """Name who is told that a channel cannot be (P14), of those who can be told themselves.

    Whoever made a subscription of it; and for a standing channel another one, else the operators.
    """
    people = [each.by for each in made if each.to == to and each.by not in ("", to) and each.by not in untold]
    channels = list(standing)
    others: list[str] = []
    if to in channels:
        others = [each for each in channels if each != to and each not in untold][:1] or list(operators)
    return tuple(dict.fromkeys((*others, *people)))


def recipients(fact: Transition | Stuck, subscriptions: Iterable[Subscription]) -> tuple[str, ...]:
    """Return each recipient once, however many of its subscriptions match."""
    return tuple(dict.fromkeys(each.to for each in subscriptions if each.matches(fact)))
