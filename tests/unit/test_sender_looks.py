"""A look is read page by page, and a rate limit between two pages costs no progress (P6, P7)."""

from collections import deque

import pytest

from bot.domain.outbox import Action, Doubtful, Page, Phase, Refused, Unreadable
from tests.fakes import START
from tests.unit.sender_harness import House

TIMEOUT = Doubtful("timeout")
LIMITED = Refused(Action.WAIT, "ratelimited", 60.0)


@pytest.fixture
def house() -> House:
    """A post is in doubt."""
    house = House()
    house.slack.posts = deque([TIMEOUT])
    house.tell("t-1")
    return house


NEWEST = "the newest page"


def cursors(house: House) -> list[str]:
    return [NEWEST if until is None else cursor for _, until, cursor in house.slack.pages]


def test_all_pages_together_are_one_look(house: House) -> None:
    house.slack.looks = deque([Page((), "p1"), Page((), "p2"), Page((), "p3"), Page(("77.0",))])
    house.run(seconds=3.0)
    assert cursors(house) == [NEWEST, "", "p2", "p3"]
    assert house.results() == ["adopted"]


def test_what_an_early_page_showed_is_not_forgotten_by_the_last(house: House) -> None:
    house.slack.looks = deque([Page(("78.0",), "p2"), Page(())])
    house.run(seconds=3.0)
    assert house.results() == ["adopted"]


def test_a_rate_limit_between_pages_keeps_the_progress(house: House) -> None:
    pages = [Page((), "newest"), *(Page((), f"p{number}") for number in range(75))]
    house.slack.looks = deque(answer for page in pages for answer in (page, LIMITED))
    house.slack.looks.append(Page(("77.0",)))
    house.run(seconds=77 * 61.0)
    assert house.results() == ["adopted"]
    assert cursors(house) == [
        NEWEST,
        *(cursor for cursor in ("", *(f"p{number}" for number in range(75))) for _ in ("limited", "answered")),
    ]


def test_a_look_counts_from_its_first_page(house: House) -> None:
    """It began before the deadline, so it concludes nothing, however late its last page comes."""
    house.slack.looks = deque([Page((), "p1"), LIMITED, Page(()), Page(("77.0",))])
    house.run(seconds=90.0)
    assert cursors(house) == [NEWEST, "", "", NEWEST]
    assert house.slack.asked("post") == ["C1"]


def test_a_look_began_before_its_request_whatever_time_its_own_answer_tells(house: House) -> None:
    house.slack.page_takes = 30.0  # from before the deadline to past it
    house.run(seconds=1.0)
    house.slack.page_takes = 0.0
    assert house.slack.asked("post") == ["C1"]
    house.run(seconds=1.0)
    assert [what for what, _, _ in house.slack.log] == ["post", "look", "look", "post"]


def test_a_page_that_fails_twice_begins_the_look_anew(house: House) -> None:
    house.slack.looks = deque([Page((), "p1"), Doubtful("http_500"), Doubtful("invalid_cursor"), Page(("77.0",))])
    house.run(seconds=10.0)
    assert cursors(house) == [NEWEST, "", "", NEWEST]


def test_pages_that_go_round_in_a_circle_are_no_look(house: House) -> None:
    house.slack.looks = deque([Page((), "p1"), Page((), "p2"), Page((), "p3"), Page((), "p2"), Page(("77.0",))])
    house.run(seconds=10.0)
    assert cursors(house) == [NEWEST, "", "p2", "p3", NEWEST]
    assert house.results() == ["adopted"]


def test_behind_the_newest_page_a_look_reads_from_two_minutes_past_the_deadline_back(house: House) -> None:
    house.slack.looks = deque([Page((), "p1"), Page(())])
    house.run(seconds=1.0)
    post = house.memory.posts["TESTTEST:1"]
    assert house.slack.pages[:2] == [(post.after, None, ""), (post.after, post.settle_by + 120.0, "")]


def test_a_message_that_a_wrong_clock_put_past_the_window_is_found_on_the_newest_page(house: House) -> None:
    house.slack.looks = deque([Page((f"{START + 86_400}",), "p1"), Page(())])
    house.run(seconds=1.0)
    assert house.results() == ["adopted"]


def test_what_was_read_before_another_request_is_not_used_after_it(house: House) -> None:
    house.slack.looks = deque([Page((), "p1"), Unreadable("missing_scope"), Page(("77.0",))])
    house.run(seconds=120.0)
    assert house.slack.asked("post") == ["C1", "C1"]
    assert cursors(house) == [NEWEST, "", NEWEST], "the audit begins anew"


def test_an_audit_reads_past_its_own_time(house: House) -> None:
    house.run(seconds=30.0)
    audit = house.memory.posts["TESTTEST:1"]
    assert audit.phase is Phase.AUDIT
    house.slack.looks = deque([Page((), "p1"), Page(())])
    house.run(seconds=70.0)
    assert house.slack.pages[-1][1] == audit.settle_by + 120.0 > audit.look_at
