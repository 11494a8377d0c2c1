"""What people's acts change for a channel: in one commit, announced there, and each act once (D10)."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.domain.answer import AsOf, Muted, NotHere, Subscribed, Unmuted
from bot.domain.errors import StoreUnusable
from bot.domain.fact import Kind, News, Notice, NoticeKind, Transition
from bot.domain.filter import EVERYTHING, Filter, Hears
from bot.domain.queue import enqueue
from bot.domain.subscription import Subscription
from bot.services.actions import Actions, DoneBefore
from bot.services.question import Asker
from tests.fakes import START
from tests.unit.answers_harness import ADA, DIRECT, ELSEWHERE, HERE, LIN, House, remembering, task

QWEN = Filter(words=("qwen",))


def word(typed: str) -> Filter:
    return Filter(words=(typed,))


# ---- each act once --------------------------------------------------------------------------------------------------


Act = Callable[[Actions, str], object]
NAMED: list[tuple[str, Act]] = [
    ("subscribe", lambda actions, key: actions.subscribe(ADA, Hears.FAILED, QWEN, key=key)),
    ("unsubscribe", lambda actions, key: actions.unsubscribe(ADA, 7, key=key)),
    ("watch", lambda actions, key: actions.watch(AsOf(START), ADA, Hears.ALL, QWEN, key=key)),
    ("unwatch", lambda actions, key: actions.unwatch(ADA, 7, Hears.ALL, EVERYTHING, key=key)),
    ("mute", lambda actions, key: actions.mute(ADA, START + 60, key=key)),
    ("unmute", lambda actions, key: actions.unmute(ADA, key=key)),
    ("language", lambda actions, key: actions.speak(ADA, "zh", key=key)),
]


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for name, act in NAMED])
def test_an_act_and_its_id_are_one_commit_and_it_is_done_once_across_restarts(act: Act) -> None:
    house = House()
    act(house.actions, "Ev1")
    assert (house.shelf.commits, list(house.shelf.memory.handled)) == (1, ["Ev1"])
    again = House(house.shelf.memory)
    for actions in (house.actions, again.actions):
        with pytest.raises(DoneBefore):
            act(actions, "Ev1")
    assert again.shelf.memory == house.shelf.memory
    act(again.actions, "Ev2")


def test_an_act_that_cannot_be_written_down_leaves_no_id_behind() -> None:
    house = House()
    house.store.broken = True
    with pytest.raises(StoreUnusable):
        house.actions.subscribe(ADA, Hears.ALL, QWEN, key="Ev1")
    house.store.broken = False
    assert isinstance(house.actions.subscribe(ADA, Hears.ALL, QWEN, key="Ev1"), Subscribed)


def test_an_act_without_a_name_is_not_remembered() -> None:
    house = House()
    house.actions.subscribe(ADA, Hears.ALL, QWEN)
    house.actions.unsubscribe(ADA, None)
    assert dict(house.memory.handled) == {}


def test_of_many_threads_with_the_same_act_one_does_it() -> None:
    house, done = House(), list[object]()

    def act() -> None:
        with suppress(DoneBefore):
            done.append(house.actions.subscribe(ADA, Hears.ALL, QWEN, key="Ev1"))

    threads = [threading.Thread(target=act) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(10)
    assert (len(done), house.shelf.commits) == (1, 1)


# ---- subscriptions of a channel -------------------------------------------------------------------------------------


def test_a_subscription_is_made_numbered_and_announced_in_one_commit() -> None:
    house = House(remembering(task("t-1", image="qwen"), task("t-2", image="other")))
    answer = house.actions.subscribe(ADA, Hears.FAILED, QWEN)
    made = Subscription(HERE, Hears.FAILED, QWEN, number=1, by="U0ADA", at=START)
    assert answer == Subscribed(made, already=False, matching=1)
    assert house.memory.subscriptions == {"1": made}
    assert house.announced() == [Notice(NoticeKind.SUBSCRIBED, START, hears=Hears.FAILED, filter=QWEN, by="U0ADA")]
    assert house.shelf.commits == 1


@pytest.mark.parametrize(
    ("asked", "already"),
    [
        pytest.param((LIN, Hears.FAILED, QWEN), True, id="the same by somebody else"),
        pytest.param((LIN, Hears.ALL, EVERYTHING), True, id="what PREWARM_CHANNEL says already"),
        pytest.param((LIN, Hears.FAILED, Filter(words=("qwen", "x"))), False, id="other words"),
        pytest.param((LIN, Hears.ALL, QWEN), False, id="other endings"),
    ],
)
def test_nothing_is_subscribed_to_twice(asked: tuple[Asker, Hears, Filter], already: bool) -> None:
    house = House()
    house.actions.subscribe(ADA, Hears.FAILED, QWEN)
    commits = house.shelf.commits
    answer = house.actions.subscribe(*asked)
    assert isinstance(answer, Subscribed)
    assert (answer.already, house.shelf.commits - commits) == (already, 0 if already else 1)


def test_nothing_is_promised_in_a_channel_that_the_bot_is_not_in() -> None:
    house = House()
    house.doors.shut.add(HERE)
    assert house.actions.subscribe(ADA, Hears.ALL, QWEN) == NotHere(HERE)
    assert house.actions.mute(ADA, START + 60.0) == NotHere(HERE)
    assert house.shelf.commits == 0


def test_a_subscription_in_a_direct_message_is_a_watch_and_asks_for_no_room() -> None:
    house = House()
    house.doors.shut.add("D0ADA")
    house.actions.subscribe(DIRECT, Hears.ALL, QWEN)
    assert [each.to for each in house.made] == ["U0ADA"]
    assert house.memory.deliveries == {}  # the answer says it


def test_what_cannot_be_written_down_is_not_promised() -> None:
    house = House()
    house.store.broken = True
    with pytest.raises(StoreUnusable):
        house.actions.subscribe(ADA, Hears.ALL, QWEN)
    assert (house.made, dict(house.memory.deliveries)) == ([], {})


def two_subscriptions() -> House:
    house = House()
    house.actions.subscribe(ADA, Hears.FAILED, QWEN)
    house.actions.subscribe(ADA, Hears.ALL, word("llama"))
    house.actions.watch(house.answers.as_of(), LIN, Hears.ALL, QWEN)
    return house


@pytest.mark.parametrize(
    ("number", "ended"),
    [
        pytest.param(2, [2], id="by its number"),
        pytest.param(None, None, id="of two it is not clear which"),
        pytest.param(9, None, id="a number that is not there"),
        pytest.param(3, None, id="a watch is nothing of the channel's"),
    ],
)
def test_which_subscription_is_ended(number: int | None, ended: list[int] | None) -> None:
    house = two_subscriptions()
    answer = house.actions.unsubscribe(LIN, number)
    assert (answer and [each.number for each in answer.ended]) == ended
    assert {each.number for each in house.made} == {1, 2, 3} - set(ended or [])


def test_the_end_of_a_subscription_is_announced_with_who_ended_it() -> None:
    house = two_subscriptions()
    house.actions.unsubscribe(LIN, 1)
    assert house.announced()[-1] == Notice(NoticeKind.UNSUBSCRIBED, START, hears=Hears.FAILED, filter=QWEN, by="U0LIN")


def test_the_only_subscription_needs_no_number() -> None:
    house = House()
    house.actions.subscribe(ADA, Hears.FAILED, QWEN)
    answer = house.actions.unsubscribe(ADA, None)
    assert answer is not None
    assert house.made == []
    assert house.actions.unsubscribe(ADA, None) is None


def test_numbers_are_never_given_twice() -> None:
    house = House()
    for _ in range(2):
        house.actions.subscribe(ADA, Hears.FAILED, QWEN)
        house.actions.unsubscribe(ADA, None)
    house.actions.subscribe(ADA, Hears.FAILED, QWEN)
    assert [each.number for each in house.made] == [3]


def test_d10_what_is_queued_is_told_also_after_an_unsubscribe() -> None:
    house = two_subscriptions()
    ending = Transition(Kind.FAILED, News.ENDED, task("t-1", "Failed"), START)
    house.write(enqueue(house.memory, [(HERE, ending, False)], START))
    house.actions.unsubscribe(ADA, 1)
    assert ending in [each.fact for each in house.memory.deliveries.values()]


# ---- quiet ----------------------------------------------------------------------------------------------------------


def test_a_quiet_is_announced_in_a_channel_and_only_answered_to_a_person() -> None:
    house = House()
    answer = house.actions.mute(ADA, START + 3600.0)
    assert isinstance(answer, Muted)
    assert (answer.mute.until, answer.mute.by) == (START + 3600, "U0ADA")
    assert [(each.kind, each.until, each.by) for each in house.announced()] == [
        (NoticeKind.MUTED, START + 3600, "U0ADA")
    ]
    house.actions.mute(DIRECT, START + 60.0)
    assert (set(house.memory.mutes), house.announced("U0ADA")) == ({HERE, "U0ADA"}, [])


def test_a_second_quiet_moves_the_end_and_says_the_new_one() -> None:
    house = House()
    house.actions.mute(ADA, START + 3600.0)
    answer = house.actions.mute(LIN, START + 60.0)
    assert isinstance(answer, Muted)
    assert (answer.mute.until, answer.mute.by) == (START + 60, "U0LIN")


def test_the_end_of_a_quiet_counts_what_follows() -> None:
    house = House()
    house.actions.mute(ADA, START + 3600.0)
    missed = [(HERE, Transition(Kind.FAILED, News.ENDED, task(f"t-{n}"), START), False) for n in range(3)]
    house.write(enqueue(house.memory, missed, START))
    assert house.actions.unmute(LIN) == Unmuted(was=True, missed=3)
    assert house.memory.mutes == {}
    assert house.announced()[-1].counts == {"missed": 3}
    assert house.actions.unmute(LIN) == Unmuted(was=False)


def test_a_quiet_elsewhere_is_another_one() -> None:
    house = House()
    house.actions.mute(ADA, START + 3600.0)
    commits = house.shelf.commits
    assert house.actions.unmute(DIRECT) == Unmuted(was=False)
    assert (ELSEWHERE in house.memory.mutes, house.shelf.commits) == (False, commits)
