"""What a poll tells to whom besides PREWARM_CHANNEL: people's subscriptions and watches, what hangs, gaps (D10)."""

import pytest

from bot.domain import queue
from bot.domain.errors import Trouble
from bot.domain.fact import Kind, News, Notice, NoticeKind, Transition
from bot.domain.filter import Filter, Hears
from bot.domain.memory import Changes
from bot.domain.subscription import Mute, Subscription
from bot.domain.task import Task
from bot.domain.transition import FORGET_AFTER
from bot.services.events import DeliverySettled, Failed, Noticed
from tests.fakes import START
from tests.unit.watcher_harness import BLIND_AFTER, STUCK_AFTER, House

QWEN = Subscription("C5", Hears.FAILED, Filter(words=("qwen",)), number=1, by="U0ADA")
LIN_ALL = Subscription("U0LIN", number=2, by="U0LIN")
ADA_ONE = Subscription("U0ADA", task="t-1", number=3, by="U0ADA")


@pytest.fixture
def house() -> House:
    return House()


def test_d10_subscriptions_of_people_are_routed_in_the_poll_s_own_commit(house: House) -> None:
    house.subscribed(QWEN, LIN_ALL)
    house.at("t-1", "Running")
    house.poll()
    house.at("t-1", "Failed")
    commits = house.shelf.commits
    assert house.poll() == [("C1", "failed", "t-1"), ("C5", "failed", "t-1"), ("U0LIN", "failed", "t-1")]
    assert house.shelf.commits == commits + 1
    assert [each.recipients for each in house.witness.of(Noticed)] == [3]


def test_who_asked_for_other_endings_or_images_does_not_hear(house: House) -> None:
    house.subscribed(QWEN)
    house.at("t-1", "Succeeded")
    house.at("t-2", "Failed", image="llama")
    assert house.poll() == [("C1", "succeeded", "t-1"), ("C1", "failed", "t-2")]


def test_several_that_match_are_one_message(house: House) -> None:
    house.subscribed(
        LIN_ALL, Subscription("U0LIN", Hears.FAILED, number=4), Subscription("U0LIN", task="t-1", number=5)
    )
    house.at("t-1", "Failed")
    assert house.poll() == [("C1", "failed", "t-1"), ("U0LIN", "failed", "t-1")]


@pytest.mark.parametrize(("ending", "kind"), [("Succeeded", Kind.SUCCEEDED), ("Failed", Kind.FAILED)])
def test_a_watch_of_one_task_ends_in_the_commit_that_tells_its_ending(house: House, ending: str, kind: Kind) -> None:
    house.at("t-1", "Running")
    house.poll()
    house.subscribed(ADA_ONE, LIN_ALL)
    house.at("t-1", ending)
    commits = house.shelf.commits
    assert ("U0ADA", kind.value, "t-1") in house.poll(20.0)
    assert house.shelf.memory.subscriptions == {"2": LIN_ALL}
    assert house.shelf.commits == commits + 1


def test_a_watch_told_once_is_not_told_of_the_next_run(house: House) -> None:
    house.subscribed(ADA_ONE)
    house.at("t-1", "Failed")
    assert ("U0ADA", "failed", "t-1") in house.poll()
    del house.rows["t-1"]
    house.at("t-1", "Succeeded")
    assert [to for to, _, _ in house.poll()] == ["C1"]


def test_a_poll_that_cannot_be_written_down_leaves_the_watch(house: House) -> None:
    house.subscribed(ADA_ONE)
    house.at("t-1", "Failed")
    house.store.broken = True
    assert house.poll() == []
    assert house.shelf.memory.subscriptions == {"3": ADA_ONE}
    house.store.broken = False
    assert ("U0ADA", "failed", "t-1") in house.poll()


def test_what_a_quiet_recipient_would_hear_is_queued_for_it(house: House) -> None:
    mute = Mute("C1", START + 9_000, START, house.shelf.memory.meta.seq + 1)
    house.ledger.change(lambda _: (Changes(mutes={"C1": mute}), None))
    house.at("t-1", "Failed")
    assert house.poll() == [("C1", "failed", "t-1")]


# ---- what hangs -----------------------------------------------------------------------------------------------------


def test_what_hangs_is_told_once_per_state_to_those_who_hear_of_failures(house: House) -> None:
    house.subscribed(QWEN, ADA_ONE, Subscription("C6", Hears.SUCCEEDED, number=4))
    house.at("t-1", "Pending")
    house.poll()
    assert house.poll(STUCK_AFTER) == [(to, "stuck", "t-1") for to in ("C1", "C5", "U0ADA")]
    assert [house.poll(), house.poll(STUCK_AFTER)] == [[], []]
    house.at("t-1", "Running")
    house.poll()
    assert [what for _, what, _ in house.poll(STUCK_AFTER)] == ["stuck"] * 3


def test_a_start_does_not_tell_again_what_hangs(house: House) -> None:
    house.at("t-1", "Running")
    house.poll()
    assert house.poll(STUCK_AFTER) == [("C1", "stuck", "t-1")]
    house.start()
    assert house.poll(60.0) == []


def test_a_watch_goes_on_when_its_task_hangs_and_its_ending_says_for_how_long(house: House) -> None:
    house.at("t-1", "Running")
    house.poll()
    house.subscribed(ADA_ONE)
    assert ("U0ADA", "stuck", "t-1") in house.poll(STUCK_AFTER)
    assert house.shelf.memory.subscriptions == {"3": ADA_ONE}
    house.at("t-1", "Failed")
    assert ("U0ADA", "failed", "t-1") in house.poll()
    [hung] = [each.transition.hung for each in house.witness.of(Noticed)]
    assert hung >= STUCK_AFTER


# ---- gaps -----------------------------------------------------------------------------------------------------------


def test_a_gap_is_told_to_all_who_hear_of_anything_and_so_is_its_end(house: House) -> None:
    house.subscribed(QWEN, LIN_ALL)
    house.down = True
    everybody = ["C1", "C5", "U0LIN"]
    assert house.poll(BLIND_AFTER - 1) == []
    assert house.poll(1.0) == [(to, "notice", NoticeKind.BLIND) for to in everybody]
    assert house.poll() == []
    house.down = False
    assert house.poll() == [(to, "notice", NoticeKind.SIGHTED) for to in everybody]


def test_a_blip_is_told_to_nobody(house: House) -> None:
    house.subscribed(QWEN)
    house.down = True
    house.poll(BLIND_AFTER - 1)
    house.down = False
    assert house.poll() == []


def test_who_subscribed_is_not_greeted_but_hears_that_the_bot_was_away(house: House) -> None:
    house.subscribed(QWEN)
    house.clock.at += BLIND_AFTER + 1
    house.start()
    assert house.poll(60.0) == [(to, "notice", NoticeKind.AWAY) for to in ("C1", "C5")]


@pytest.mark.parametrize("blind_after", [10.0, 30.0, 59.0])
def test_d11_a_clean_stop_and_a_quick_start_are_no_absence_whatever_the_setting(blind_after: float) -> None:
    house = House(blind_after=blind_after)
    house.clock.at += 14.0
    house.watcher.stop(1.0)
    house.start()
    assert house.poll(5.0) == []


def test_d11_an_absence_is_told_from_the_clean_stop_on(house: House) -> None:
    house.clock.at += 14.0
    at = house.clock.at
    house.watcher.stop(1.0)
    house.watcher.stop(1.0)
    house.clock.at += BLIND_AFTER + 1
    house.start()
    house.poll()
    notices = [each.fact for each in house.shelf.deliveries.values() if isinstance(each.fact, Notice)]
    assert [each.since for each in notices if each.kind is NoticeKind.AWAY] == [at]


def test_d11_a_restart_amid_an_outage_of_the_list_is_told_as_an_outage(house: House) -> None:
    house.down = True
    house.poll(200.0)
    house.start()
    house.poll(50.0)
    house.down = False
    assert house.poll(100.0) == [("C1", "notice", NoticeKind.SIGHTED)]


def test_d11_a_stop_while_the_list_cannot_be_read_is_no_sight_of_it(house: House) -> None:
    seen = house.clock.at
    house.down = True
    house.poll()
    house.clock.at += 5.0
    house.watcher.stop(1.0)
    meta = house.shelf.memory.meta
    assert (meta.alive_at, meta.ran_at) == (seen, house.clock.at)


@pytest.mark.parametrize("polls", range(1, 9))
def test_d11_a_kill_and_a_quick_start_are_no_absence_below_a_minute_either(polls: int) -> None:
    house = House(blind_after=40.0)
    for _ in range(polls):
        house.poll(15.0)
    house.clock.at += 14.0
    house.start()
    assert house.poll(5.0) == []


def test_d11_a_kill_and_a_quick_start_are_no_absence_where_polls_are_far_apart_either(house: House) -> None:
    house.blind_after, house.interval = 30.0, 60.0
    house.start()
    house.poll()
    house.clock.at += 59.0
    house.start()
    assert house.poll(5.0) == []
    house.clock.at += 121.0
    house.start()
    assert house.poll(5.0) == [("C1", "notice", NoticeKind.AWAY)]


def test_p16_what_makes_room_for_news_is_counted_in_the_log(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = queue.depth(house.ledger.memory)
    monkeypatch.setattr(queue, "QUEUED_AT_MOST", waiting + 1)
    for name in ("a", "b", "c"):
        house.at(name, "Failed")
    house.poll()
    assert [(each.result, each.deliveries) for each in house.witness.of(DeliverySettled)] == [("dropped", 2)]
    assert queue.depth(house.ledger.memory) == waiting + 1


def test_blindness_is_told_in_time_while_the_api_asks_for_a_long_pause(house: House) -> None:
    house.retry_after, house.down = 3_600.0, True
    assert house.poll() == []
    asked = house.requests
    told = [said for _ in range(20) for said in house.poll()]
    assert told == [("C1", "notice", "blind")]
    assert house.requests == asked, "the pause was not kept"


def test_nothing_is_stuck_while_it_is_open_whose_list_this_is(house: House) -> None:
    """D1: another key may be another account's; until that is decided nothing is told."""
    house.at("slow", "Running")
    house.poll()
    house.key, house.rows = "another", {"slow": house.rows["slow"]}
    house.start()
    house.cut = True
    said = [each for _ in range(2) for each in house.poll(STUCK_AFTER)]
    assert "stuck" not in [what for _, what, _ in said]


def test_a_watch_that_a_stale_list_let_somebody_make_is_answered(house: House) -> None:
    house.at("t", "Failed")
    assert ("C1", "failed", "t") in house.poll()
    house.subscribed(Subscription("U1", task="t", number=1))
    assert house.poll() == [("U1", "failed", "t")]
    assert not house.shelf.memory.subscriptions
    assert house.poll() == []


def last(house: House, to: str) -> Transition:
    """Return the last ending that somebody was told of."""
    facts = [each.fact for each in house.shelf.deliveries.values() if each.to == to]
    [*_, fact] = [fact for fact in facts if isinstance(fact, Transition)]
    return fact


def vanished(house: House, *watches: Subscription) -> tuple[list[tuple[str, str, str]], Task]:
    """Have a task that is watched vanish; return what that queued, and its row."""
    house.at("t-1", "Running")
    house.poll()
    house.subscribed(*watches)
    row = house.rows.pop("t-1")
    return [*house.poll(20.0), *house.poll(20.0)], row


def test_r2_a_watch_outlives_the_vanishing_of_its_task_and_hears_of_its_end(house: House) -> None:
    said, house.rows["t-1"] = vanished(house, ADA_ONE, LIN_ALL)
    assert said == [(to, "gone", "t-1") for to in ("C1", "U0ADA", "U0LIN")]
    assert [last(house, to).watched for to in ("C1", "U0ADA", "U0LIN")] == [False, True, False]
    house.start()
    assert [said for _ in range(3) for said in house.poll()] == []
    house.at("t-1", "Failed")
    assert ("U0ADA", "failed", "t-1") in house.poll()
    assert house.shelf.memory.subscriptions == {"2": LIN_ALL}


def test_r2_a_watch_goes_on_with_a_new_run_that_replaced_the_old_one(house: House) -> None:
    house.at("t-1", "Running")
    house.poll()
    house.subscribed(ADA_ONE)
    del house.rows["t-1"]
    house.at("t-1", "Running")
    assert house.poll() == [("C1", "gone", "t-1"), ("U0ADA", "gone", "t-1")]
    assert last(house, "U0ADA").watched
    house.at("t-1", "Succeeded")
    assert ("U0ADA", "succeeded", "t-1") in house.poll()
    assert not house.shelf.memory.subscriptions


def test_r2_a_watch_made_after_the_vanishing_was_told_is_told_of_the_next_once(house: House) -> None:
    _, house.rows["t-1"] = vanished(house)
    house.poll()
    house.subscribed(ADA_ONE)
    del house.rows["t-1"]
    told = [said for _ in range(6) for said in house.poll(20.0)]
    assert told == [("U0ADA", "gone", "t-1")]
    assert last(house, "U0ADA").watched


def test_d9_a_watch_ends_when_its_task_is_forgotten_and_its_owner_is_told(house: House) -> None:
    vanished(house, ADA_ONE, LIN_ALL)
    house.poll(FORGET_AFTER + 1)
    house.poll()
    assert (last(house, "U0ADA").news, last(house, "U0ADA").watched) == (News.FORGOTTEN, False)
    assert last(house, "U0LIN").news is News.VANISHED
    assert house.shelf.memory.subscriptions == {"2": LIN_ALL}


def test_d9_a_watch_of_a_task_that_is_not_remembered_waits_for_a_complete_list(house: House) -> None:
    house.subscribed(Subscription("U1", task="never-seen", number=1))
    house.cut = True
    assert house.poll() == []
    house.cut = False
    assert house.poll() == [("U1", "gone", "never-seen")]
    assert last(house, "U1").news is News.FORGOTTEN
    assert not house.shelf.memory.subscriptions


@pytest.mark.parametrize("listed", [pytest.param({}, id="another ID"), pytest.param({"t-1": "t-1"}, id="the same ID")])
def test_d1_another_account_ends_watches_of_one_task_and_tells_their_owners(listed: dict[str, str]) -> None:
    house = House()
    house.at("t-1", "Running")
    house.poll()
    house.subscribed(ADA_ONE, LIN_ALL)
    house.rows = {name: house.rows[name] for name in listed}
    house.at("other", "Running")
    house.url = "http://127.0.0.2"
    house.start()
    house.down = True
    assert [(to, what) for to, what, _ in house.poll()] == [("U0ADA", "gone")]
    assert last(house, "U0ADA").news is News.ACCOUNT
    assert house.shelf.memory.subscriptions == {"2": LIN_ALL}
    house.down = False
    assert "U0ADA" not in [to for to, _, _ in house.poll()]


@pytest.mark.parametrize("ahead", [pytest.param(-7_200.0, id="the API's"), pytest.param(7_200.0, id="Slack's")])
def test_one_clock_that_is_set_wrong_calls_nothing_stuck(house: House, ahead: float) -> None:
    house.at("slow", "Running")
    house.slack_ahead = ahead
    if ahead < 0:  # the API's clock is two hours late for Slack's: it was set forward
        house.clock.at += 7_200.0
    said = [each for _ in range(3) for each in house.poll()]
    assert "stuck" not in [what for _, what, _ in said]


# ---- nothing escapes a poll, and its end is not waited for -----------------------------------------------------------


def test_an_unforeseen_exception_leaves_its_trace_and_the_next_poll_runs(house: House) -> None:
    house.at("t-1", "Failed")
    house.broken = KeyError("nobody foresaw this")
    assert house.poll() == []
    [failed] = house.witness.of(Failed)
    assert (failed.what, failed.error) == ("poll", house.broken)
    trouble = house.watcher.watch.trouble
    assert (trouble, str(trouble)) == (Trouble("PollFault", {"detail": "KeyError"}), failed.sentence)
    assert "a fault of the bot's own (KeyError)" in failed.sentence
    house.broken = None
    assert house.poll() == [("C1", "failed", "t-1")]
    assert house.watcher.watch.trouble == ""


def test_d11_a_poll_that_hangs_is_told_in_time_and_once(house: House) -> None:
    house.clock.at += BLIND_AFTER - 1  # no poll has come to its end
    assert house.look() == []
    house.clock.at += 1
    assert house.look() == [("C1", "notice", "blind")]
    [notice] = [each.fact for each in house.shelf.deliveries.values() if isinstance(each.fact, Notice)][-1:]
    assert str(notice.trouble) == "No poll of the list has come to an end for 300 s."
    assert [house.look(), house.look()] == [[], []]
    house.down = True
    assert house.poll() == []
    house.down = False
    assert house.poll() == [("C1", "notice", "sighted")]


def test_d11_unforeseen_exceptions_are_told_as_blindness_when_they_last(house: House) -> None:
    house.broken = KeyError("nobody foresaw this")
    told = [said for _ in range(30) for said in house.poll()]
    assert told == [("C1", "notice", "blind")]


def test_d11_a_good_poll_is_not_called_blind_between_its_commit_and_its_end(house: House) -> None:
    house.clock.at += BLIND_AFTER
    house.at("t-1", "Failed")
    house.ledger.on_change(house.watcher.tell_blindness)
    assert house.poll(0.0) == [("C1", "failed", "t-1")]


def test_d11_a_good_poll_that_ends_while_the_notice_is_made_leaves_it_unsaid(house: House) -> None:
    house.clock.at += BLIND_AFTER
    house.meanwhile = house.watcher.poll
    assert house.look() == []


def test_d11_between_two_polls_nobody_is_blind_however_short_the_setting(house: House) -> None:
    house.blind_after, house.interval = 1.0, 15.0
    house.start()
    house.poll()
    house.clock.at += 44
    assert house.look() == []
    house.clock.at += 1
    assert house.look() == [("C1", "notice", "blind")]


def test_d11_blindness_that_cannot_be_written_down_is_told_later(house: House) -> None:
    house.clock.at += BLIND_AFTER
    house.store.broken = True
    assert house.look() == []
    assert [failed.what for failed in house.witness.of(Failed)] == ["poll"]
    house.store.broken = False
    assert house.look() == [("C1", "notice", "blind")]
