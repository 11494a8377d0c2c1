"""Who hears of a transition: the router behind PREWARM_CHANNEL, subscriptions and watches."""

import pytest

from bot.domain.fact import Kind, News, Transition
from bot.domain.filter import Filter
from bot.domain.subscription import Hears, Subscription, recipients
from bot.domain.task import Task


def transition(kind: Kind, state: str = "Failed") -> Transition:
    return Transition(kind, News.ENDED, Task("t1", state, image_name="pytorch"), at=1.0)


CASES = [
    pytest.param(Hears.ALL, {Kind.SUCCEEDED, Kind.FAILED, Kind.ENDED, Kind.GONE}, id="all is all"),
    pytest.param(Hears.SUCCEEDED, {Kind.SUCCEEDED}, id="succeeded is only that"),
    pytest.param(
        Hears.FAILED, {Kind.FAILED, Kind.ENDED, Kind.GONE}, id="unknown endings and vanished tasks count as failed"
    ),
]


@pytest.mark.parametrize(("hears", "kinds"), CASES)
def test_what_somebody_hears_of(hears: Hears, kinds: set[Kind]) -> None:
    subscription = Subscription("C1", hears)
    assert {kind for kind in Kind if subscription.matches(transition(kind))} == kinds


def test_a_filter_looks_at_the_task_as_it_ended() -> None:
    subscription = Subscription("C1", filter=Filter(frozenset({"failed"}), words=("torch",)))
    assert subscription.matches(transition(Kind.FAILED))
    assert not subscription.matches(transition(Kind.SUCCEEDED, "Succeeded"))


def test_each_recipient_hears_once_in_the_order_of_the_subscriptions() -> None:
    subscriptions = [
        Subscription("C2"),
        Subscription("C1", Hears.SUCCEEDED),
        Subscription("U1", filter=Filter(words=("torch",))),
        Subscription("C2", Hears.FAILED),
        Subscription("C3", filter=Filter(words=("other",))),
    ]
    assert recipients(transition(Kind.FAILED), subscriptions) == ("C2", "U1")
