"""A person's watches: of one task by its ID, of all that match; which one is ended, and who hears of that."""

import pytest

from bot.domain.answer import Candidates, Subscribed, Unsubscribed, WatchEnded
from bot.domain.filter import EVERYTHING, Filter, Hears
from bot.domain.memory import Changes, Snapshot
from bot.domain.subscription import Subscription
from tests.fakes import START
from tests.unit.answers_harness import ADA, LIN, House, remembering, task

QWEN = Filter(words=("qwen",))


def word(typed: str) -> Filter:
    return Filter(words=(typed,))


WATCHABLE = remembering(
    task("nzd5a1"),
    task("nzd5b2", "Pending"),
    task("abc777", "Succeeded", START - 10),
    Snapshot(task("gone42"), gone_at=START - 5),
    task("odd111", "Paused"),
    task("odd222", "Paused", START - 10),
    task("qwen-9"),
    task("x"),
)


@pytest.mark.parametrize(
    ("typed", "watched"),
    [
        pytest.param("nzd5a1", "nzd5a1", id="a whole ID"),
        pytest.param("NZD5A", "nzd5a1", id="the beginning of one, in any case"),
        pytest.param("ｎｚｄ５ａ", "nzd5a1", id="typed in full width"),  # noqa: RUF001 - that is the point
        pytest.param("x", "x", id="a whole ID, however short"),
        pytest.param("odd111", "odd111", id="a state that nobody documents is no ending"),
    ],
)
def test_one_task_is_watched_by_its_id(typed: str, watched: str) -> None:
    house = House(WATCHABLE)
    answer = house.actions.watch(house.answers.as_of(), ADA, Hears.ALL, word(typed))
    assert isinstance(answer, Subscribed)
    assert house.made == [Subscription("U0ADA", task=watched, number=1, by="U0ADA", at=START)]
    assert house.memory.deliveries == {}


@pytest.mark.parametrize("typed", ["abc777", "gone42", "odd222"])
def test_a_task_that_has_ended_is_said_at_once_and_not_watched(typed: str) -> None:
    house = House(WATCHABLE)
    answer = house.actions.watch(house.answers.as_of(), ADA, Hears.ALL, word(typed))
    assert isinstance(answer, WatchEnded)
    assert (answer.detail.task.id, house.made) == (typed, [])


def test_an_ambiguous_id_lists_the_candidates() -> None:
    house = House(WATCHABLE)
    answer = house.actions.watch(house.answers.as_of(), ADA, Hears.ALL, word("nzd5"))
    assert isinstance(answer, Candidates)
    assert [each.id for each in answer.tasks] == ["nzd5a1", "nzd5b2"]
    assert (answer.command, house.made) == ("watch", [])


@pytest.mark.parametrize(
    ("hears", "wanted"),
    [
        pytest.param(Hears.ALL, word("nzd"), id="three letters are no ID"),
        pytest.param(Hears.FAILED, word("nzd5a1"), id="certain endings alone"),
        pytest.param(Hears.ALL, Filter(cluster="cn-1", words=("nzd5a1",)), id="on a cluster"),
        pytest.param(Hears.ALL, Filter(words=("nzd5a1", "b")), id="two words"),
        pytest.param(Hears.ALL, EVERYTHING, id="everything"),
    ],
)
def test_what_is_no_id_is_watched_until_it_is_ended(hears: Hears, wanted: Filter) -> None:
    house = House(WATCHABLE)
    house.actions.watch(house.answers.as_of(), ADA, hears, wanted)
    assert [(each.to, each.hears, each.filter, each.task) for each in house.made] == [("U0ADA", hears, wanted, "")]


def test_a_task_is_not_watched_twice_by_one_person_but_by_two() -> None:
    house = House(WATCHABLE)
    for who in (ADA, ADA, LIN):
        house.actions.watch(house.answers.as_of(), who, Hears.ALL, word("nzd5a1"))
    assert [each.to for each in house.made] == ["U0ADA", "U0LIN"]


def watching() -> House:
    house = House(WATCHABLE)
    for wanted in (word("nzd5a1"), word("nzd5b2"), QWEN, EVERYTHING):
        house.actions.watch(house.answers.as_of(), ADA, Hears.ALL, wanted)
    house.actions.watch(house.answers.as_of(), LIN, Hears.ALL, word("nzd5a1"))
    house.actions.subscribe(ADA, Hears.ALL, word("llama"))
    return house  # 1 and 2: tasks, 3: words, 4: everything; 5: Lin's; 6: the channel's


@pytest.mark.parametrize(
    ("number", "hears", "wanted", "ended"),
    [
        pytest.param(3, Hears.ALL, EVERYTHING, [3], id="by its number"),
        pytest.param(5, Hears.ALL, EVERYTHING, None, id="another's watch cannot be ended"),
        pytest.param(6, Hears.ALL, EVERYTHING, None, id="nor a channel's subscription so"),
        pytest.param(None, Hears.ALL, EVERYTHING, None, id="of four it is not clear which"),
        pytest.param(None, Hears.ALL, word("nzd5a1"), [1], id="by the task's ID"),
        pytest.param(None, Hears.ALL, word("NZD5a"), [1], id="by the beginning of it"),
        pytest.param(None, Hears.ALL, word("nzd5"), [1, 2], id="all that begin so"),
        pytest.param(None, Hears.ALL, QWEN, [3], id="by its words"),
        pytest.param(None, Hears.FAILED, QWEN, None, id="other endings are another watch"),
        pytest.param(None, Hears.ALL, word("other"), None, id="by words of none"),
    ],
)
def test_which_watch_is_ended(number: int | None, hears: Hears, wanted: Filter, ended: list[int] | None) -> None:
    house = watching()
    answer = house.actions.unwatch(ADA, number, hears, wanted)
    assert (answer and [each.number for each in answer.ended]) == ended
    assert {each.number for each in house.made} == {1, 2, 3, 4, 5, 6} - set(ended or [])


def test_a_watch_is_ended_by_its_task_also_when_the_task_is_forgotten() -> None:
    house = watching()
    house.write(Changes(tasks={"nzd5a1": None}))
    answer = house.actions.unwatch(ADA, None, Hears.ALL, word("nzd5a1"))
    assert isinstance(answer, Unsubscribed)
    assert [each.number for each in answer.ended] == [1]


def test_only_the_person_hears_that_a_watch_is_ended() -> None:
    house = watching()
    before = dict(house.memory.deliveries)
    house.actions.unwatch(ADA, None, Hears.ALL, word("nzd5"))
    assert house.memory.deliveries == before
