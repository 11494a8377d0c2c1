"""Answers from the memory: after a short wait for a poll, with their age, and whoever asked in mind."""

from dataclasses import replace as but

import pytest

from bot.domain.answer import AsOf, Candidates, Detail, Unknown, Why
from bot.domain.fact import Kind, News, Transition
from bot.domain.filter import Filter, Hears
from bot.domain.memory import Changes, Snapshot
from bot.domain.queue import enqueue
from bot.domain.subscription import Subscription
from bot.domain.task import Task
from bot.services.answers import PATIENCE, find
from bot.services.question import Asker
from bot.services.watcher import Watch
from tests.fakes import START
from tests.unit.answers_harness import ADA, ALOUD, DIRECT, HERE, LIN, House, remembering, task

GONE = Snapshot(task("gone42"), gone_at=START - 5)
TASKS = (
    task("nzd5a1", image="qwen"),
    task("nzd5b2", "Pending"),
    task("abc777", "Failed", START - 50, image="qwen"),
    task("abc888", "Failed", START - 10, image="qwen"),
    task("ok1", "Succeeded", START - 20),
)


def house() -> House:
    return House(remembering(*TASKS, GONE))


def ids(tasks: tuple[Task, ...]) -> list[str]:
    return [each.id for each in tasks]


# ---- how fresh ------------------------------------------------------------------------------------------------------


def test_whoever_asks_for_it_waits_a_moment_for_a_poll() -> None:
    home = house()
    home.answers.refresh()
    assert home.poller.waits == [PATIENCE]


def test_what_people_made_is_known_without_a_poll() -> None:
    home = house()
    home.answers.subscriptions(ADA)
    assert home.poller.waits == []


@pytest.mark.parametrize(
    ("watch", "as_of"),
    [
        pytest.param(Watch(START, good_at=START - 12), AsOf(START, 12.0), id="as of twelve seconds ago"),
        pytest.param(Watch(START), AsOf(START, None), id="the list was never read"),
        pytest.param(Watch(START, START - 400, trouble="down"), AsOf(START, 400.0, "down"), id="blind, and why"),
        pytest.param(Watch(START, good_at=START + 1), AsOf(START, 0.0), id="a poll that ended just now"),
    ],
)
def test_an_answer_says_how_old_it_is(watch: Watch, as_of: AsOf) -> None:
    home = house()
    home.poller.watch = watch
    assert home.answers.overview().as_of == as_of


# ---- the list -------------------------------------------------------------------------------------------------------


def test_the_overview_counts_what_is_listed_and_shows_the_last_failures() -> None:
    answer = house().answers.overview()
    assert answer.counts == {"Running": 1, "Pending": 1, "Failed": 2, "Succeeded": 1}
    assert (ids(answer.active), ids(answer.failures)) == (["nzd5a1", "nzd5b2"], ["abc888", "abc777"])


def test_the_overview_shows_three_failures_and_the_oldest_task_at_work_first() -> None:
    young, old = task("a-young"), Task("z-old", "Running", create_time=str(int(START - 900)))
    failed = [task(f"f-{number}", "Failed", START - number) for number in range(5)]
    answer = House(remembering(young, old, *failed)).answers.overview()
    assert (ids(answer.active), ids(answer.failures)) == (["z-old", "a-young"], ["f-0", "f-1", "f-2"])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(
            Filter(), ["nzd5a1", "nzd5b2", "abc888", "ok1", "abc777"], id="at work first, then the newest end"
        ),
        pytest.param(Filter(frozenset({"Failed"})), ["abc888", "abc777"], id="of one state"),
        pytest.param(Filter(words=("QWEN", "nzd")), ["nzd5a1"], id="every word"),
        pytest.param(Filter(words=("gone",)), [], id="not what is no longer listed"),
    ],
)
def test_the_list_shows_what_matches_of_all_that_is_listed(wanted: Filter, found: list[str]) -> None:
    answer = house().answers.listing(wanted, page=2)
    assert (ids(answer.tasks), answer.known, answer.page, answer.filter) == (found, 5, 2, wanted)


# ---- one task -------------------------------------------------------------------------------------------------------

NAMED = dict.fromkeys(("t-1", "t-10", "T-2", "Ｔ３", "«x»"), 0)  # noqa: RUF001 - an ID of a list we do not know


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("t-1", ["t-1"], id="a whole ID is no beginning of another"),
        pytest.param("T-1", ["t-1"], id="in another case"),
        pytest.param("t-", ["t-1", "t-10", "T-2"], id="the beginning of three"),
        pytest.param("t3", ["Ｔ３"], id="an ID in full width, typed plainly"),  # noqa: RUF001 - the same
        pytest.param("ｔ-10", ["t-10"], id="a plain ID, typed in full width"),  # noqa: RUF001 - the same
        pytest.param('"x', ["«x»"], id="quotes of another kind"),
        pytest.param("1", [], id="the middle of an ID is no beginning"),
        pytest.param("", [], id="nothing"),
        pytest.param("\u200b", [], id="nothing that can be seen"),
    ],
)
def test_which_ids_somebody_means(typed: str, found: list[str]) -> None:
    assert find({each: each for each in NAMED}, typed) == found


def test_a_task_is_shown_by_the_beginning_of_its_id_also_when_it_is_gone() -> None:
    answer = house().answers.show("GONE", ADA)
    assert isinstance(answer, Detail)
    assert (answer.task.id, answer.gone) == ("gone42", START - 5)


@pytest.mark.parametrize("command", ["show", "why"])
def test_an_ambiguous_id_asks_back_and_an_unknown_one_says_how_many_are_known(command: str) -> None:
    answers = house().answers
    asked = answers.show if command == "show" else answers.why
    candidates, unknown = asked("nzd5", ADA), asked("zzz", ADA)
    assert isinstance(candidates, Candidates)
    assert (ids(candidates.tasks), candidates.count, candidates.command) == (["nzd5a1", "nzd5b2"], 2, command)
    assert isinstance(unknown, Unknown)
    assert (unknown.prefix, unknown.known) == ("zzz", 5)


def test_at_most_ten_candidates_are_named_of_all() -> None:
    answer = House(remembering(*(task(f"t-{number:02}") for number in range(25)))).answers.show("t-")
    assert isinstance(answer, Candidates)
    assert (len(answer.tasks), answer.count) == (10, 25)


@pytest.mark.parametrize(
    ("asker", "watched"),
    [
        pytest.param(ADA, True, id="somebody who watches it"),
        pytest.param(DIRECT, True, id="in a direct message too"),
        pytest.param(LIN, False, id="somebody who does not"),
        pytest.param(ALOUD, None, id="where others read it, it is not said"),
        pytest.param(None, None, id="nobody in particular"),
    ],
)
def test_whether_the_asker_watches_a_task(asker: object, watched: bool | None) -> None:
    home = house()
    home.write(Changes(subscriptions={"1": Subscription("U0ADA", task="nzd5a1", number=1, by="U0ADA")}))
    answer = home.answers.show("nzd5a1", asker)  # type: ignore[arg-type]
    assert isinstance(answer, Detail)
    assert answer.watched is watched


def test_a_failure_says_how_often_its_image_failed_that_day_up_to_it() -> None:
    answers = house().answers
    shown = [answers.show(task_id) for task_id in ("abc777", "abc888", "nzd5a1", "ok1")]
    assert [each.failures for each in shown if isinstance(each, Detail)] == [1, 2, 0, 0]


def test_since_when_a_task_is_in_its_state() -> None:
    changed = Snapshot(task("t-1"), int(START - 100), since=START - 30)
    answers = House(remembering(changed, task("t-2"))).answers
    shown = [answers.show(task_id) for task_id in ("t-1", "t-2")]
    assert [each.since for each in shown if isinstance(each, Detail)] == [START - 30, START - 100]


def test_why_tells_the_deliveries_and_who_would_hear() -> None:
    home = house()
    ending = Transition(Kind.FAILED, News.ENDED, TASKS[2], START)
    home.write(enqueue(home.memory, [(HERE, ending, False), ("U0LIN", ending, False)], START))
    home.write(Changes(subscriptions={"1": Subscription("C9", Hears.SUCCEEDED, number=1)}))
    answer = home.answers.why("abc777", ADA)
    assert isinstance(answer, Why)
    assert ([each.to for each in answer.told], answer.heard, answer.keep_days) == ([HERE], 3, 30)


@pytest.mark.parametrize(("asker", "told"), [(LIN, [HERE, "U0LIN"]), (but(LIN, private=False), [HERE])])
def test_r7_what_a_person_was_told_is_said_only_where_they_alone_read_it(asker: Asker, told: list[str]) -> None:
    home = house()
    ending = Transition(Kind.FAILED, News.ENDED, TASKS[2], START)
    home.write(enqueue(home.memory, [(HERE, ending, False), ("U0LIN", ending, False)], START))
    answer = home.answers.why("abc777", asker)
    assert isinstance(answer, Why)
    assert [each.to for each in answer.told] == told
