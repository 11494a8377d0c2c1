"""The outbox in the memory (D10, P4, P16): what each step writes down."""

from dataclasses import replace as but

import pytest
from msgspec.structs import replace

from bot.domain import queue
from bot.domain.fact import Fact, Notice, NoticeKind, Stuck
from bot.domain.lane import Lane
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.outbox import WORKSPACE, Attempt, Channel, Delivery, Now, Phase, Post, Result, Settled
from bot.domain.task import Task
from bot.domain.verdict import Decision, Fate
from tests.fakes import transition

NOW = Now(1000.0, 1001.0, awake=50.0)
DAY = 86_400.0
META = Meta("S", seq=3)
PARKED = Channel("C1", parked="not_in_channel", since=900.0, failures=2, probe_at=1500.0)
POST = Post("S:1", "C1", "C1", (1,), 300.0, 1018.0, attempts=(Attempt(999.0, "no answer"),))
THREE = {seq: Delivery(seq, "C1", transition(f"t-{seq}"), 900.0) for seq in (1, 2, 3)}
OUTBOX = Memory(META, deliveries=THREE)
IN_FLIGHT = but(OUTBOX, posts={"S:1": POST})
DROPS = Notice(NoticeKind.DROPPED, 900.0, counts={"dropped": 7})


def told(*facts: Fact, to: str = "C1") -> list[tuple[str, Fact, bool]]:
    return [(to, fact, False) for fact in facts]


def conclusion(memory: Memory, decision: Decision, post: Post | None = POST) -> Changes:
    return queue.conclude(memory, queue.lane_of(memory, "C1"), post, decision, NOW)


def concluded(memory: Memory, decision: Decision, post: Post | None = POST) -> Memory:
    return memory.after(conclusion(memory, decision, post))


def decision(memory: Memory, fate: Fate, result: Result | None = None, post: Post | None = None) -> Decision:
    lane = queue.lane_of(memory, "C1")
    return Decision("note", post, lane.channel, lane.workspace, fate, result, "5.0" if result else "")


# ---- enqueue, form --------------------------------------------------------------------------------------------------


def test_p2_numbers_go_on_where_they_ended_and_are_remembered() -> None:
    memory = OUTBOX.after(queue.enqueue(OUTBOX, told(transition("a"), transition("b")), 950.0))
    assert (list(memory.deliveries), memory.meta.seq) == ([1, 2, 3, 4, 5], 5)


def test_nothing_to_tell_changes_nothing() -> None:
    assert not queue.enqueue(OUTBOX, [], 950.0)


def test_d4_late_listings_of_one_step_share_a_batch_and_others_have_none() -> None:
    late = [("C1", transition("a", late=True), True), ("C2", transition("b"), False), ("C1", transition("c"), True)]
    memory = OUTBOX.after(queue.enqueue(OUTBOX, late, 950.0))
    assert [memory.deliveries[seq].batch for seq in (4, 5, 6)] == [4, 0, 4]


def test_p2_the_key_is_store_and_number_of_the_first_member() -> None:
    post = queue.form(OUTBOX, tuple(THREE.values()), "C1", NOW, 10.0)
    assert (post.key, post.members, post.phase) == ("S:1", (1, 2, 3), Phase.SENDING)


def test_p4_attempt_at_is_the_upper_bound_and_after_the_lower_one_less_ten_minutes() -> None:
    post = queue.form(OUTBOX, (THREE[1],), "C1", NOW, 10.0)
    assert (post.attempts[0].at, post.after, post.settle_by) == (1001.0, 400.0, 1019.0)


def test_p4_another_request_sets_attempt_at_anew_and_leaves_after() -> None:
    post = queue.sending(POST, Now(2000.0, 2001.0, awake=70.0), 10.0)
    assert ([each.at for each in post.attempts], post.after, post.settle_by) == ([999.0, 2001.0], 300.0, 2019.0)


def test_p6_another_request_counts_its_deadlines_and_looks_anew() -> None:
    looked_for = replace(POST, phase=Phase.READY, doubted=True, looks=6, look_at=1300.0)
    post = queue.sending(looked_for, Now(2000.0, 2001.0, awake=70.0), 10.0)
    tried = (Attempt(999.0, "no answer"), Attempt(2001.0, "no answer"))
    assert post == replace(POST, doubted=True, attempts=tried, settle_by=2019.0, awake_by=88.0)


def test_a_lane_has_its_own_rows_alone() -> None:
    audit = Post("S:0", "C1", "C1", (0,), 0.0, 0.0, phase=Phase.AUDIT)
    other = Delivery(9, "C2", transition(), 900.0)
    memory = but(IN_FLIGHT, posts={"S:1": POST, "S:0": audit}, deliveries={**THREE, 9: other})
    lane = queue.lane_of(memory, "C1")
    assert lane == Lane(Channel("C1"), Channel(WORKSPACE), (THREE[2], THREE[3]), POST, (audit,))
    assert (queue.busy(memory), queue.depth(memory)) == ({"C1", "C2"}, 4)


# ---- conclude -------------------------------------------------------------------------------------------------------


def test_what_was_said_is_settled_with_its_address_and_attempts() -> None:
    changes = conclusion(IN_FLIGHT, decision(IN_FLIGHT, Fate.SETTLED, Result.SENT))
    assert IN_FLIGHT.after(changes).posts == {}
    said = replace(THREE[1], attempts=POST.attempts, settled=Settled(Result.SENT, 1000.0, "C1", "5.0", "S:1"))
    assert changes.archive == {1: said}


def test_what_is_settled_leaves_the_live_rows_in_the_same_step() -> None:
    assert list(concluded(IN_FLIGHT, decision(IN_FLIGHT, Fate.SETTLED, Result.SENT)).deliveries) == [2, 3]


def test_p7_what_an_audit_may_move_stays_live_until_the_audit_is_over() -> None:
    audit = replace(POST, phase=Phase.AUDIT, ts="5.0")
    again = conclusion(IN_FLIGHT, decision(IN_FLIGHT, Fate.SETTLED, Result.SENT, audit))
    memory = IN_FLIGHT.after(again)
    assert (list(memory.deliveries), again.archive) == ([1, 2, 3], {})
    over = conclusion(memory, decision(memory, Fate.HELD), audit)
    assert over.archive == {1: memory.deliveries[1]}
    assert list(memory.after(over).deliveries) == [2, 3]


HANGS = {1: Delivery(1, "C1", Stuck(Task("a", "Running"), 900.0, 0.0), 900.0)}
HANGS[2] = Delivery(2, "C1", Stuck(Task("b", "Running"), 900.0, 0.0), 900.0)
BOTH = replace(POST, members=(1, 2))
SAID_STUCK = conclusion(
    Memory(META, {name: Snapshot(Task(name, "Running")) for name in "ab"}, HANGS, {"S:1": BOTH}),
    Decision("ok", None, Channel("C1"), Channel(WORKSPACE), Fate.SETTLED, Result.SENT, "5.0"),
    BOTH,
)
STILL = [
    pytest.param("Running", "Running", 1000.0, [1, 2], id="while its tasks hang it may be edited"),
    pytest.param("Failed", "Running", 1000.0, [1, 2], id="while one of them hangs the whole message stays"),
    pytest.param("Failed", "Failed", 1000.0, [], id="when all have ended it is put away"),
    pytest.param("Running", "Running", 1000.0 + 31 * DAY, [], id="when it is too old it is put away"),
    pytest.param("Failed", "", 1000.0, [], id="a task that is forgotten hangs no more"),
]


@pytest.mark.parametrize(("one", "other", "now", "live"), STILL)
def test_p10_a_message_that_calls_a_task_stuck_stays_live_while_it_may_be_edited(
    one: str, other: str, now: float, live: list[int]
) -> None:
    tasks = {name: Snapshot(Task(name, state)) for name, state in (("a", one), ("b", other)) if state}
    assert not SAID_STUCK.archive
    memory = Memory(META, tasks, {seq: row for seq, row in SAID_STUCK.deliveries.items() if row is not None})
    changes = queue.expire(memory, now, 30 * DAY)
    assert list(memory.after(changes).deliveries) == live
    assert sorted([*changes.archive, *live]) == [1, 2]


def test_p9_what_may_have_been_said_twice_is_counted_and_forgotten_with_the_last_of_it() -> None:
    memory = concluded(IN_FLIGHT, decision(IN_FLIGHT, Fate.SETTLED, Result.POSSIBLE_REPEAT))
    assert (memory.meta.repeats, memory.meta.repeated_at) == (1, 1000.0)
    assert memory.after(queue.expire(memory, 1000.0 + 30 * DAY, 30 * DAY)).meta.repeats == 1
    assert memory.after(queue.expire(memory, 1001.0 + 30 * DAY, 30 * DAY)).meta.repeats == 0


def test_p5_members_of_a_post_that_dissolves_are_queued_again_and_keep_their_attempts() -> None:
    memory = concluded(IN_FLIGHT, decision(IN_FLIGHT, Fate.QUEUED))
    assert [each.seq for each in queue.lane_of(memory, "C1").queue] == [1, 2, 3]
    assert memory.deliveries[1].attempts == POST.attempts


def test_of_thousands_of_attempts_the_first_and_the_last_are_kept() -> None:
    """A channel may be out of reach for a month: each post that dissolves adds an attempt to each member."""
    memory = IN_FLIGHT
    for number in range(100):
        post = replace(POST, attempts=(Attempt(float(number), "not_in_channel"),))
        dissolved = Decision("", None, Channel("C1"), Channel(WORKSPACE), Fate.QUEUED)
        memory = memory.after(queue.conclude(memory, queue.lane_of(memory, "C1"), post, dissolved, NOW))
    kept = [attempt.at for attempt in memory.deliveries[1].attempts]
    assert kept == [*range(5), *range(85, 100)]


def test_of_thousands_of_attempts_at_one_post_the_first_and_the_last_are_kept() -> None:
    """A history that cannot be read may have the same post go out again for weeks: it is never dissolved."""
    post = POST
    for number in range(1_000, 3_000):
        post = queue.answered(queue.sending(post, Now(float(number), float(number), awake=50.0), 10.0), "500")
    assert [attempt.at for attempt in post.attempts] == [999, *range(1_000, 1_004), *range(2_985, 3_000)]
    assert {attempt.outcome for attempt in post.attempts[1:]} == {"500"}


def test_members_of_a_post_in_doubt_stay_in_it() -> None:
    doubt = replace(POST, phase=Phase.DOUBT)
    memory = concluded(IN_FLIGHT, decision(IN_FLIGHT, Fate.HELD, post=doubt))
    assert memory.posts == {"S:1": doubt}
    assert [each.seq for each in queue.lane_of(memory, "C1").queue] == [2, 3]
    assert memory.deliveries is IN_FLIGHT.deliveries


def test_p7_an_audit_that_keeps_an_earlier_twin_moves_its_members() -> None:
    audit = replace(POST, phase=Phase.AUDIT, ts="6.0")
    said = replace(THREE[1], settled=Settled(Result.SENT, 990.0, "C1", "6.0"))
    memory = but(OUTBOX, posts={"S:1": audit}, deliveries={1: said})
    moved = but(decision(memory, Fate.HELD), ts="5.0")
    settled = conclusion(memory, moved, audit).archive[1].settled
    assert settled == Settled(Result.SENT, 990.0, "C1", "5.0")


def test_a_channel_with_nothing_remarkable_has_no_row() -> None:
    memory = but(IN_FLIGHT, channels={"C1": Channel("C1", until=999.0)})
    opened = but(decision(memory, Fate.SETTLED, Result.SENT), channel=Channel("C1"))
    assert concluded(memory, opened).channels == {}


# ---- P16: dropping --------------------------------------------------------------------------------------------------


def drops(memory: Memory) -> list[int]:
    """What the notices that wait say was dropped."""
    waiting = [each.fact for each in memory.deliveries.values() if each.settled is None]
    return [sum(fact.counts.values()) for fact in waiting if isinstance(fact, Notice)]


def reasons(memory: Memory) -> list[dict[str, int]]:
    """What the notices that wait say was dropped, and why."""
    return [each.fact.counts for each in memory.deliveries.values() if isinstance(each.fact, Notice)]


def test_p16_what_is_refused_in_every_form_is_said() -> None:
    memory = concluded(IN_FLIGHT, decision(IN_FLIGHT, Fate.SETTLED, Result.DROPPED))
    assert memory.deliveries[4] == Delivery(4, "C1", Notice(NoticeKind.DROPPED, 1000.0, counts={"refused": 1}), 1000.0)
    assert "C1" not in memory.channels or not memory.channels["C1"].given_up


def test_p16_a_word_about_drops_that_is_refused_waits_for_something_that_can_be_said() -> None:
    memory = but(IN_FLIGHT, deliveries={**THREE, 1: Delivery(1, "C1", DROPS, 900.0)})
    refused = concluded(memory, decision(memory, Fate.SETTLED, Result.DROPPED))
    assert drops(refused) == []
    assert refused.channels["C1"].given_up == {"dropped": 7}
    said = concluded(
        but(refused, posts={"S:1": replace(POST, members=(2,))}), decision(refused, Fate.SETTLED, Result.SENT)
    )
    assert drops(said) == [7]


def test_p16_a_parked_channel_hears_of_drops_when_it_works_again() -> None:
    given_up = {"old": 3, "many": 1}
    memory = but(IN_FLIGHT, channels={"C1": replace(PARKED, given_up=given_up)})
    held = concluded(memory, decision(memory, Fate.QUEUED))
    assert (drops(held), held.channels["C1"].given_up) == ([], given_up)
    opened = but(decision(memory, Fate.SETTLED, Result.SENT), channel=Channel("C1", given_up=given_up))
    assert reasons(concluded(memory, opened)) == [given_up]


def test_p16_what_waited_too_long_is_dropped_and_said() -> None:
    memory = but(OUTBOX, deliveries={**THREE, 3: replace(THREE[3], queued_at=DAY)})
    changes = queue.expire(memory, 900.0 + 30 * DAY + 1, 30 * DAY)
    assert [(seq, each.settled and each.settled.result) for seq, each in changes.archive.items()] == [
        (1, "dropped"),
        (2, "dropped"),
    ]
    memory = memory.after(changes)
    assert list(memory.deliveries) == [3]
    assert memory.channels["C1"].given_up == {"old": 2}


def test_p16_each_reason_is_counted_by_itself_until_it_is_said() -> None:
    memory = but(OUTBOX, channels={"C1": replace(PARKED, given_up={"many": 2})})
    held = but(memory, posts={"S:9": replace(POST, key="S:9", members=(3,))})  # so that nothing is said of it yet
    memory = held.after(queue.expire(held, 900.0 + 30 * DAY + 1, 30 * DAY))
    assert memory.channels["C1"].given_up == {"many": 2, "old": 2}


def test_p16_a_parked_channel_whose_last_message_was_dropped_is_still_probed() -> None:
    memory = but(OUTBOX, channels={"C1": PARKED})
    memory = memory.after(queue.expire(memory, 900.0 + 30 * DAY + 1, 30 * DAY))
    assert (queue.busy(memory), drops(memory)) == ({"C1"}, [3])
    memory = memory.after(queue.expire(memory, 900.0 + 61 * DAY, 30 * DAY))
    assert (queue.busy(memory), drops(memory)) == ({"C1"}, [3])


def test_p16_an_audit_is_no_probe_of_a_parked_channel() -> None:
    audit = Post("S:0", "C1", "C1", (0,), 0.0, 0.0, phase=Phase.AUDIT)
    memory = but(OUTBOX, channels={"C1": PARKED}, posts={"S:0": audit})
    memory = memory.after(queue.expire(memory, 900.0 + 30 * DAY + 1, 30 * DAY))
    assert drops(memory) == [3]


def test_p16_nothing_in_a_post_is_dropped() -> None:
    memory = IN_FLIGHT.after(queue.expire(IN_FLIGHT, 900.0 + 31 * DAY, 30 * DAY))
    assert memory.deliveries[1].settled is None


def test_what_was_settled_long_ago_is_forgotten_by_whole_days_but_not_before_its_audit() -> None:
    said = {seq: replace(each, settled=Settled(Result.SENT, 900.0)) for seq, each in THREE.items()}
    memory = but(IN_FLIGHT, deliveries=said, handled={"Ev1": 900.0})
    changes = queue.expire(memory, 900.0 + 30 * DAY + 1, 30 * DAY)
    memory = memory.after(changes)
    assert (list(memory.deliveries), dict(memory.handled), changes.forget_before) == ([1], {}, 0.0)
    assert queue.expire(memory, 31.5 * DAY, 30 * DAY).forget_before == DAY


def test_what_is_young_enough_stays() -> None:
    memory = but(OUTBOX, handled={"Ev1": 900.0})
    assert not queue.expire(memory, 1000.0, 30 * DAY)


def test_r5_an_event_is_remembered_for_half_an_hour() -> None:
    memory = but(OUTBOX, handled={"Ev1": 900.0})
    assert memory.after(queue.expire(memory, 2700.0, 30 * DAY)).handled == {"Ev1": 900.0}
    assert memory.after(queue.expire(memory, 2701.0, 30 * DAY)).handled == {}


def test_p16_the_oldest_beyond_ten_thousand_are_dropped() -> None:
    many = told(*(transition(str(number)) for number in range(9_997)))
    full = OUTBOX.after(queue.enqueue(OUTBOX, many, 950.0))
    assert full.deliveries.keys() >= {1, 2, 3}, "10,000 wait, and may"
    memory = full.after(queue.enqueue(full, told(*(transition(f"more-{number}") for number in range(3))), 960.0))
    assert not memory.deliveries.keys() & {1, 2, 3}
    assert memory.channels["C1"].given_up == {"many": 3}
    assert len(queue.lane_of(memory, "C1").queue) == 10_000


def test_p16_channels_have_a_limit_each() -> None:
    many = told(*(transition(str(number)) for number in range(10_000)), to="C2")
    memory = OUTBOX.after(queue.enqueue(OUTBOX, many, 950.0))
    assert memory.deliveries.keys() >= {1, 2, 3}
