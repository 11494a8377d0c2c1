"""Rules D3, D4 and D9: the baseline, what is new and already over, and what is forgotten."""

from pathlib import Path

import pytest

from bot.adapters.prewarm.page import parse
from bot.domain.sweep import Collector, Sweep
from bot.domain.task import Task
from tests.unit.detection_schedule import CREATED, START, Schedule, changed, miscounted, partial, row, whole

DAY = 86_400
RUNNING, SUCCEEDED, FAILED = row("t", "Running"), row("t", "Succeeded", 9), row("t", "Failed", 9)
OTHER = row("u", "Succeeded", 9)


# ---- D3: the baseline

UNTIL_BASELINE = [
    pytest.param([whole(FAILED)], True, id="the first complete sweep is the baseline"),
    pytest.param([whole()], True, id="an empty list is one, too"),
    pytest.param([partial(FAILED)] * 9, False, id="what could not be read to its end never is"),
    pytest.param([miscounted(FAILED)] * 4, False, id="four good sweeps are not enough"),
    pytest.param([miscounted(FAILED)] * 5, True, id="the fifth good one in a row stands in for a complete one"),
    pytest.param(
        [*[miscounted(FAILED)] * 4, partial(FAILED), *[miscounted(FAILED)] * 4],
        False,
        id="a bad one between breaks the row",
    ),
    pytest.param(
        [miscounted(FAILED, by=by) for by in (1, 2, 3, 4, 5)],
        True,
        id="good ones count, however wrong their totals are",
    ),
]


@pytest.mark.parametrize(("sweeps", "stands"), UNTIL_BASELINE)
def test_d3_when_the_baseline_stands(sweeps: list[Sweep], stands: bool) -> None:
    schedule = Schedule(watching=False)
    assert schedule.sweeps(*sweeps) == []
    assert schedule.memory.meta.baseline_at == (schedule.now if stands else None)
    assert schedule.known == {each for sweep in sweeps for each in sweep.tasks}


def test_d3_a_restart_before_the_baseline_counts_the_good_sweeps_anew() -> None:
    schedule = Schedule(watching=False)
    schedule.sweeps(*[miscounted(FAILED)] * 4)
    schedule.restart()
    schedule.sweeps(*[miscounted(FAILED)] * 4)
    assert schedule.memory.meta.baseline_at is None
    schedule.sweep(miscounted(FAILED))
    assert schedule.memory.meta.baseline_at is not None


def test_d3_the_baseline_is_set_once() -> None:
    schedule = Schedule(FAILED)
    schedule.sweeps(whole(FAILED), *[miscounted(FAILED)] * 6)
    assert schedule.memory.meta.baseline_at == START


AROUND_BASELINE = [
    pytest.param([whole(FAILED), whole(FAILED)], [], id="an ending in the baseline is no news, then or later"),
    pytest.param([partial(FAILED), whole(FAILED)], [], id="nor one that was seen before it"),
    pytest.param(
        [whole(RUNNING), whole(FAILED)], ["t failed: ENDED"], id="seen active in the baseline, then final: news"
    ),
    pytest.param([partial(RUNNING), whole(FAILED)], ["t failed: ENDED"], id="seen active before it, final in it: news"),
    pytest.param(
        [partial(RUNNING), partial(FAILED)], ["t failed: ENDED"], id="seen active and final before it: news at once"
    ),
    pytest.param(
        [partial(RUNNING), partial(row("t", "Failed", 99, created=CREATED + 60))],
        ["t failed: GONE", "t failed: NEW"],
        id="seen active before it, a new run final before it: news",
    ),
    pytest.param(
        [partial(FAILED), partial(row("t", "Failed", 99, created=CREATED + 60)), whole()],
        [],
        id="two runs, both over when first seen before it: no news",
    ),
    pytest.param([whole(), partial(FAILED)], ["t failed: NEW"], id="new in a partial sweep after it: news"),
]


@pytest.mark.parametrize(("sweeps", "told"), AROUND_BASELINE)
def test_d3_what_is_news_around_the_baseline(sweeps: list[Sweep], told: list[str]) -> None:
    told = [each.replace("t failed: GONE", "t gone: REPLACED") for each in told]
    assert Schedule(watching=False).sweeps(*sweeps) == told


# ---- D4: new to us and already over


def over(ended: float, state: str = "Failed") -> Task:
    """Return a task that ended so many seconds before the baseline."""
    return changed(row("t", state, created=1), complete_time=str(int(START - ended)))


NEW_AND_OVER = [
    pytest.param(over(-3), "t failed: NEW", id="ended after the baseline"),
    pytest.param(over(-3, "Succeeded"), "t succeeded: NEW", id="succeeded after the baseline"),
    pytest.param(over(-3, "Cancelled"), "t ended: NEW", id="an unknown ending, too"),
    pytest.param(over(600), "t failed: NEW", id="ended ten minutes before the baseline"),
    pytest.param(over(601), "t failed: LATE", id="ended earlier than that: a late listing"),
    pytest.param(
        row("t", "Failed", created=int(START - 600)), "t failed: NEW", id="createTime counts where there is no end"
    ),
    pytest.param(row("t", "Failed", created=int(START - 601)), "t failed: LATE", id="and makes a late listing, too"),
    pytest.param(row("t", "Failed", created=None), "t failed: NEW", id="without any time it counts as recent"),
    pytest.param(
        changed(row("t", "Failed", created=1), complete_time="0"), "t failed: LATE", id='"0" is no time of completion'
    ),
]


@pytest.mark.parametrize(("task", "told"), NEW_AND_OVER)
def test_d4_new_to_us_and_already_over_is_news(task: Task, told: str) -> None:
    schedule = Schedule()
    assert schedule.sweep(whole(task)) == [told]
    assert schedule.sweep(whole(task)) == []


def test_a_failure_says_how_often_its_image_failed_within_a_day() -> None:
    first, second = (changed(row(name, "Failed", 9), image_url="registry/qwen") for name in "ab")
    schedule = Schedule(row("a", "Running"), row("b", "Running"))
    (one,) = schedule.transitions(whole(first, row("b", "Running")))
    (other,) = schedule.transitions(whole(first, second))
    assert (one.failures, other.failures) == (1, 2)


def test_d4_not_over_yet_is_no_news() -> None:
    assert Schedule().sweeps(whole(RUNNING), whole(row("t", "Paused"))) == []


LONG_AGO = [
    pytest.param(180 * DAY, "t failed: NEW", id="180 days ago"),
    pytest.param(180 * DAY + 1, "t failed: LATE", id="longer ago"),
]


@pytest.mark.parametrize(("age", "told"), LONG_AGO)
def test_d4_what_ended_long_ago_is_a_late_listing_however_old_the_baseline(age: float, told: str) -> None:
    schedule = Schedule()
    schedule.step_clock(400 * DAY)
    ended = str(int(schedule.now + 30 - age))
    assert schedule.sweep(whole(changed(FAILED, complete_time=ended)), after=30) == [told]


def test_d4_only_a_late_listing_says_that_it_is_late() -> None:
    schedule = Schedule()
    late, new = schedule.transitions(whole(over(601), row("u", "Failed", 9)))
    assert (late.late, new.late) == (True, False)


def test_d4_the_vendors_example_in_the_baseline_is_no_news_and_after_it_is() -> None:
    collector = Collector(100)
    collector.add(parse((Path(__file__).parents[1] / "data" / "vendor_list.json").read_bytes(), "here"))
    sweep = collector.sweep()
    assert sweep.complete
    assert Schedule(watching=False).sweeps(sweep, sweep) == []
    watching = Schedule()
    watching.step_clock(1757656200 - START)
    assert sorted(watching.sweep(sweep)) == ["fexahnwdp4l1ajva succeeded: LATE", "nzd5nyi4keefsv2d succeeded: NEW"]
    assert watching.sweep(sweep) == []


# ---- D9: forgetting


def gone(*, for_days: float) -> Schedule:
    schedule = Schedule(FAILED, OTHER)
    schedule.sweeps(whole(OTHER), whole(OTHER))
    assert (schedule.known, schedule.listed) == ({"t", "u"}, {"u"})
    schedule.step_clock(for_days * DAY)
    return schedule


FORGOTTEN = [
    pytest.param(180, whole(OTHER), False, id="gone for 180 days is remembered"),
    pytest.param(181, whole(OTHER), True, id="gone for longer is forgotten"),
    pytest.param(181, partial(OTHER), False, id="a partial sweep never removes"),
    pytest.param(181, miscounted(OTHER), False, id="nor does one with a wrong total"),
    pytest.param(181, Sweep({"u": OTHER}, 2, skipped=frozenset("t")), False, id="nor one that shows it, if unusable"),
]


@pytest.mark.parametrize(("days", "sweep", "forgotten"), FORGOTTEN)
def test_d9_forgetting(days: float, sweep: Sweep, forgotten: bool) -> None:
    schedule = gone(for_days=days)
    assert schedule.sweep(sweep, after=0) == []
    assert schedule.known == ({"u"} if forgotten else {"t", "u"})


def test_d9_what_is_listed_is_never_forgotten() -> None:
    schedule = Schedule(FAILED)
    schedule.step_clock(400 * DAY)
    assert schedule.sweeps(whole(FAILED), whole(FAILED)) == []
    assert schedule.known == {"t"}


def test_d9_what_comes_back_before_that_is_no_news() -> None:
    assert gone(for_days=179).sweep(whole(FAILED, OTHER)) == []
