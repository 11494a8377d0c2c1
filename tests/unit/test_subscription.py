"""Who hears of what: the router behind PREWARM_CHANNEL, subscriptions and watches, and whom a parked channel calls."""

import pytest

from bot.domain.fact import Kind, News, Stuck, Transition
from bot.domain.filter import Filter, Hears
from bot.domain.subscription import Subscription, fallback_recipients, is_person, recipients
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


@pytest.mark.parametrize(
    ("hears", "is_heard"),
    [(Hears.ALL, True), (Hears.FAILED, True), (Hears.SUCCEEDED, False)],
    ids=str,
)
def test_a_stuck_task_counts_as_failed(hears: Hears, is_heard: bool) -> None:
    fact = Stuck(Task("t1", "Running", image_name="pytorch"), 2.0, 1.0)
    assert Subscription("C1", hears).matches(fact) is is_heard
    assert not Subscription("C1", hears, Filter(words=("other",))).matches(fact)


WATCH = Subscription("U1", task="t1")
STUCK = Stuck(Task("t1", "Running"), 2.0, 1.0)


@pytest.mark.parametrize(
    ("watch", "fact", "heard", "ended"),
    [
        pytest.param(WATCH, transition(Kind.SUCCEEDED), True, True, id="a task's ending is heard and ends its watch"),
        pytest.param(WATCH, transition(Kind.GONE), True, False, id="that it vanished is heard and ends nothing"),
        pytest.param(WATCH, STUCK, True, False, id="that it hangs is heard and ends nothing"),
        pytest.param(Subscription("U1", task="t"), transition(Kind.FAILED), False, False, id="its ID is a whole one"),
        pytest.param(Subscription("U1"), transition(Kind.FAILED), True, False, id="a watch of more goes on"),
    ],
)
def test_a_watch_of_one_task_is_for_its_ending(
    watch: Subscription, fact: Transition | Stuck, heard: bool, ended: bool
) -> None:
    assert (watch.matches(fact), watch.ends_with(fact)) == (heard, ended)


def test_two_that_ask_for_the_same_are_the_same_whoever_made_them_and_when() -> None:
    one = Subscription("C1", Hears.FAILED, Filter(words=("torch",)), number=1, by="U1", at=1.0)
    assert one.is_same_as(Subscription("C1", Hears.FAILED, Filter(words=("torch",)), number=2, by="U2", at=2.0))
    for other in (Subscription("C2", one.hears, one.filter), Subscription("C1", Hears.ALL, one.filter), WATCH):
        assert not one.is_same_as(other)


def test_what_a_subscription_does_not_say() -> None:
    """Rows of older stores rely on it."""
    standing = Subscription("C1")
    assert (standing.hears, standing.filter, standing.task) == (Hears.ALL, Filter(), "")
    assert (standing.number, standing.by, standing.at, standing.vanished) == (0, "", 0.0, False)


BY_LIN = Subscription("C3", by="U0LIN", number=1)


@pytest.mark.parametrize(
    ("to", "made", "parked", "told"),
    [
        pytest.param("C1", [], {"C1"}, ("C2",), id="a standing channel is told of in another one"),
        pytest.param("C1", [], set(), ("C2",), id="not in itself, though it is not parked yet"),
        pytest.param("C2", [], {"C2"}, ("C1",), id="the other one may stand before it"),
        pytest.param("C5", [], set(), ("C1",), id="one of several, so that it is said once"),
        pytest.param("C5", [], {"C1"}, ("C2",), id="not in another parked one"),
        pytest.param("C1", [], {"C1", "C2"}, ("U0OP",), id="the operators hear when no other channel can be told"),
        pytest.param("C3", [BY_LIN], {"C3"}, ("U0LIN",), id="who made a subscription of it is told"),
        pytest.param("C3", [BY_LIN, BY_LIN], {"C3"}, ("U0LIN",), id="once, however many they made"),
        pytest.param("C3", [BY_LIN], {"C3", "U0LIN"}, (), id="but not who cannot be written to"),
        pytest.param("C1", [Subscription("C1", by="U0ADA")], {"C1"}, ("C2", "U0ADA"), id="both, for a channel of both"),
        pytest.param("C4", [BY_LIN], {"C4"}, (), id="a channel that nobody relies on is nobody's"),
        pytest.param(
            "U0LIN", [Subscription("U0LIN", by="U0LIN")], {"U0LIN"}, (), id="a person is not told of themself"
        ),
        pytest.param("C3", [Subscription("C3")], {"C3"}, (), id="nobody knows who made it"),
    ],
)
def test_p14_who_is_told_that_a_channel_is_parked(
    to: str, made: list[Subscription], parked: set[str], told: tuple[str, ...]
) -> None:
    standing = ["C1", "C2", "C5"] if to == "C5" else ["C1", "C2"]
    assert fallback_recipients(to, standing, made, parked, ["U0OP"]) == told


def test_people_are_told_by_their_user_id() -> None:
    assert [is_person(to) for to in ("U0ADA", "W0LIN", "C1", "G1", "")] == [True, True, False, False, False]
