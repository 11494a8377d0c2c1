"""Rule D2: what a sweep asks for, when it ends, which of two rows with one ID stands, and what the sweep is worth."""

from itertools import permutations

import pytest

from bot.domain.sweep import PAGES_AT_MOST, Collector, Page, Sweep
from bot.domain.task import Task


def task(task_id: str, state: str = "Running", *, created: str = "", completed: str = "", note: str = "") -> Task:
    return Task(task_id, state, create_time=created, complete_time=completed, note=note)


def tasks(first: int, last: int) -> tuple[Task, ...]:
    return tuple(task(f"t{number}") for number in range(first, last + 1))


def collected(*pages: Page, size: int = 100, trouble: str = "") -> Sweep:
    collector = Collector(size)
    for page in pages:
        collector.add(page)
    return collector.sweep(trouble)


# ---- what is asked for, and when it ends


def answers(*pages: Page, size: int) -> list[tuple[int, int]]:
    """Return the (page, size) of each request until the collector has enough."""
    collector, asked = Collector(size), []
    for page in pages:
        asked.append((collector.page, collector.size))
        if not collector.add(page):
            break
    return asked


REQUESTS = [
    pytest.param(5, [Page(tasks(1, 3), 3)], [(1, 5)], id="total reached and room left: one page is enough"),
    pytest.param(5, [Page((), 0)], [(1, 5)], id="an empty list is one request"),
    pytest.param(
        3,
        [Page(tasks(1, 3), 3), Page((), 3)],
        [(1, 3), (2, 3)],
        id="total reached on a full page: the next page is looked at",
    ),
    pytest.param(
        100,
        [Page(tasks(1, 3), 5), Page(tasks(4, 5), 5)],
        [(1, 100), (2, 3)],
        id="the server clamps the size: page 2 asks for what page 1 brought",
    ),
    pytest.param(
        100,
        [Page(tasks(1, 3), 7), Page(tasks(4, 5), 7), Page(tasks(6, 7), 7), Page((), 7)],
        [(1, 100), (2, 3), (3, 3)],
        id="a shorter page 2 does not change the size again",
    ),
    pytest.param(
        2,
        [Page(tasks(1, 3), 5), Page(tasks(3, 5), 5), Page((), 5)],
        [(1, 2), (2, 2), (3, 2)],
        id="a page 1 with more than was asked for does not raise the size, which would leave a gap",
    ),
    pytest.param(
        2,
        [Page(tasks(1, 2), 9), Page(tasks(1, 2), 9), Page(tasks(3, 4), 9)],
        [(1, 2), (2, 2)],
        id="a page without a new ID ends it",
    ),
    pytest.param(
        2,
        [Page(tasks(1, 1), 9, skipped=("s",)), Page(tasks(1, 1), 9, skipped=("s",)), Page(tasks(3, 4), 9)],
        [(1, 2), (2, 2)],
        id="so does one without a new ID after a skipped row",
    ),
    pytest.param(
        4,
        [Page(tasks(1, 4), 2), Page(tasks(5, 6), 2), Page((), 2)],
        [(1, 4), (2, 4), (3, 4)],
        id="a total below what was read ends nothing",
    ),
    pytest.param(
        2,
        [Page(tasks(1, 2), None), Page(tasks(3, 3), None), Page((), None)],
        [(1, 2), (2, 2), (3, 2)],
        id="without a total it reads until nothing is new",
    ),
    pytest.param(
        3,
        [Page(tasks(1, 1), 2, skipped=("s",)), Page((), 2)],
        [(1, 3)],
        id="a skipped row with an ID was read, too",
    ),
    pytest.param(3, [Page(tasks(1, 1), 2, nameless=1), Page((), 2)], [(1, 3)], id="so was a row without an ID"),
    pytest.param(
        2,
        [Page(tasks(1, 1), 4, skipped=("s",)), Page((), 4, skipped=("s2",), nameless=1), Page((), 4)],
        [(1, 2), (2, 2), (3, 2)],
        id="the skipped rows of page 1 count for the size, a new skipped ID is a new ID",
    ),
    pytest.param(2, [Page((), 9, nameless=2), Page(tasks(1, 2), 9)], [(1, 2)], id="rows without IDs bring no new ID"),
]


@pytest.mark.parametrize(("size", "pages", "asked"), REQUESTS)
def test_d2_what_is_asked_for(size: int, pages: list[Page], asked: list[tuple[int, int]]) -> None:
    assert answers(*pages, size=size) == asked


def test_d2_a_list_without_end_ends_after_20_000_pages() -> None:
    collector = Collector(1)
    while collector.add(Page((task(f"t{collector.page}"),), 10**9)):
        assert collector.page <= PAGES_AT_MOST
    assert (collector.page, len(collector.sweep().tasks)) == (20_001, 20_000)


# ---- which of two rows stands

EARLIER, LATER = "1757656178", "1757656207"
CONTESTS = [
    pytest.param(
        task("t", "Running", created=LATER),
        task("t", "Succeeded", created=EARLIER, completed=LATER),
        id="the later createTime stands, whatever the states",
    ),
    pytest.param(task("t", created="1"), task("t", "Succeeded"), id="any createTime is later than none"),
    pytest.param(
        task("t", "Failed", created=EARLIER),
        task("t", "Running", created=EARLIER, completed=LATER),
        id="final stands before active",
    ),
    pytest.param(task("t", "Failed"), task("t", "Paused", completed=LATER), id="final stands before unknown"),
    pytest.param(task("t", "Paused"), task("t", "Running"), id="unknown stands before active"),
    pytest.param(
        task("t", "Failed", completed=LATER),
        task("t", "Succeeded", completed=EARLIER),
        id="the later completeTime stands",
    ),
    pytest.param(task("t", "Failed", completed="1"), task("t", "Succeeded"), id="any completeTime is later than none"),
    pytest.param(
        task("t", "Running"), task("t", "Pending"), id="level rows are told apart by their text: Running before Pending"
    ),
    pytest.param(
        task("t", "Failed", note="b"), task("t", "Failed", note="a"), id="level rows are told apart by their text: note"
    ),
]


@pytest.mark.parametrize(("stands", "other"), CONTESTS)
def test_d2_one_of_two_rows_stands_whatever_their_order(stands: Task, other: Task) -> None:
    assert collected(Page((stands, other), 1)).tasks == {"t": stands}
    assert collected(Page((other, stands), 1)).tasks == {"t": stands}
    assert collected(Page((stands,), 2), Page((other,), 2)).tasks == {"t": stands}
    assert collected(Page((other,), 2), Page((stands,), 2)).tasks == {"t": stands}


def test_d2_the_order_of_pages_does_not_matter() -> None:
    pages = [
        Page((task("a"), task("b", "Failed")), 5),
        Page((task("b"), task("c")), 5, skipped=("a", "d")),
        Page((task("c", "Succeeded"),), 5, nameless=1),
    ]
    sweeps = [collected(*order) for order in permutations(pages)]
    assert all(sweep == sweeps[0] for sweep in sweeps)
    assert sweeps[0].tasks == {"a": task("a"), "b": task("b", "Failed"), "c": task("c", "Succeeded")}
    assert (sweeps[0].skipped, sweeps[0].nameless) == (frozenset("d"), 1)


# ---- what it is worth

WORTH = [
    pytest.param(collected(Page(tasks(1, 3), 3)), True, True, 0, id="all of it in one page is complete"),
    pytest.param(
        collected(Page(tasks(1, 2), 3), Page(tasks(3, 3), 3)), True, True, 0, id="all of it in two pages, too"
    ),
    pytest.param(collected(Page((), 0)), True, True, 0, id="an empty list can be complete"),
    pytest.param(
        collected(Page(tasks(1, 2), 4), Page(tasks(2, 3), 4)), True, False, 1, id="overlapping pages leave an ID out"
    ),
    pytest.param(
        collected(Page(tasks(1, 2), 4), Page(tasks(3, 3), 3)),
        True,
        False,
        None,
        id="a total that changes between the pages proves nothing",
    ),
    pytest.param(
        collected(Page(tasks(1, 2), 4), Page(tasks(3, 3), 3), Page(tasks(4, 4), 4)),
        True,
        True,
        0,
        id="the first and the last total count",
    ),
    pytest.param(collected(Page(tasks(1, 3), None)), True, False, None, id="without a total nothing is complete"),
    pytest.param(collected(Page(tasks(1, 3), 5)), True, False, 2, id="a total too large is wrong by its surplus"),
    pytest.param(collected(Page(tasks(1, 3), 1)), True, False, -2, id="a total too small is wrong by its lack"),
    pytest.param(
        collected(Page(tasks(1, 3), 4, skipped=("s",))),
        True,
        False,
        0,
        id="a skipped row makes it partial, its ID counts",
    ),
    pytest.param(
        collected(Page(tasks(1, 3), 4, nameless=1)), True, False, 1, id="a row without an ID makes it partial"
    ),
    pytest.param(
        collected(Page(tasks(1, 3), 3, nameless=1)), True, False, 0, id="a row without an ID that total forgot, too"
    ),
    pytest.param(
        collected(Page(tasks(1, 3), 3), trouble="HTTP 500"), False, False, 0, id="with trouble it is not good"
    ),
    pytest.param(collected(trouble="no answer"), False, False, None, id="nothing read is nothing known"),
]


@pytest.mark.parametrize(("sweep", "good", "complete", "error"), WORTH)
def test_d2_what_a_sweep_is_worth(sweep: Sweep, good: bool, complete: bool, error: int | None) -> None:
    assert (sweep.good, sweep.complete, sweep.error) == (good, complete, error)


def test_d7_a_row_that_is_usable_elsewhere_is_not_skipped() -> None:
    sweep = collected(Page((), 1, skipped=("t",)), Page((task("t"),), 1))
    assert (sweep.complete, sweep.listed) == (True, frozenset("t"))


def test_d6_skipped_rows_count_as_listed() -> None:
    assert collected(Page((task("a"),), 2, skipped=("b",))).listed == {"a", "b"}
