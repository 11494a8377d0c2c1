"""Who cannot be told, since when and why (P17), one row a sentence; and the word of it in another place (P14)."""

from dataclasses import replace as but

import pytest
from msgspec.structs import replace

from bot.domain import queue, quiet, untold
from bot.domain.fact import Fact, Notice, NoticeKind, Stuck
from bot.domain.memory import Memory, Meta
from bot.domain.outbox import (
    WORKSPACE,
    Action,
    Attempt,
    Channel,
    Delivery,
    Doubtful,
    LookOutcome,
    Now,
    Phase,
    Post,
    Posted,
    Refused,
    Result,
    Seen,
    SendOutcome,
    Settled,
)
from bot.domain.subscription import Mute
from bot.domain.task import Task
from bot.domain.verdict import decide_look, decide_send
from tests.fakes import transition

NOW = Now(1000.0, 1001.0, awake=50.0)
PARKED = Channel("C1", parked="not_in_channel", since=900.0, failures=2, probe_at=1500.0)
STOPPED = Channel(WORKSPACE, parked="token_revoked", since=500.0)
LIMITED = Channel("C1", until=1030.0, why="ratelimited", failures=1)
POST = Post("S:1", "C1", "C1", (1,), 300.0, 1018.0, attempts=(Attempt(999.0, queue.NO_ANSWER),))
DOUBT = replace(POST, phase=Phase.DOUBT, doubted=True, attempts=(Attempt(999.0, "timeout"),))
THREE = {seq: Delivery(seq, "C1", transition(f"t-{seq}"), 949.0 + seq) for seq in (1, 2, 3)}
OUTBOX = Memory(Meta("S", seq=3), deliveries=THREE)
TOLD = but(OUTBOX, deliveries={seq: replace(each, settled=Settled(Result.SENT, 950.0)) for seq, each in THREE.items()})


def memory(*channels: Channel, post: Post | None = None, of: Memory = OUTBOX, mute: Mute | None = None) -> Memory:
    posts = {} if post is None else {post.key: post}
    return but(of, channels={each.to: each for each in channels}, posts=posts, mutes={"C1": mute} if mute else {})


UNTOLD = untold.Untold("C1", 950.0, "", 3, stopped=False, oldest=950.0)
REFUSED = but(UNTOLD, since=900.0, why="not_in_channel", stopped=True)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        pytest.param(memory(of=TOLD), None, id="nothing is due"),
        pytest.param(memory(), UNTOLD, id="since the oldest was queued; nothing is known yet"),
        pytest.param(
            memory(post=POST), UNTOLD, id="what is in a post is due, too, and its first request has no answer"
        ),
        pytest.param(memory(PARKED), REFUSED, id="parked, since before that"),
        pytest.param(memory(replace(PARKED, since=980.0)), but(REFUSED, since=950.0), id="parked after it was queued"),
        pytest.param(memory(PARKED, of=TOLD), but(REFUSED, waiting=0, oldest=None), id="parked, and nothing waits"),
        pytest.param(memory(LIMITED), but(UNTOLD, why="ratelimited"), id="a 429"),
        pytest.param(
            memory(Channel(WORKSPACE, until=1030.0, why="message_limit_exceeded")),
            but(UNTOLD, why="message_limit_exceeded"),
            id="all of Slack has to wait",
        ),
        pytest.param(memory(STOPPED, LIMITED), but(UNTOLD, why="token_revoked", stopped=True), id="Slack refuses us"),
        pytest.param(memory(STOPPED, of=TOLD), None, id="Slack refuses us, but nothing is due there"),
        pytest.param(
            memory(LIMITED, Channel(WORKSPACE, until=1030.0, why="message_limit_exceeded")),
            but(UNTOLD, why="ratelimited"),
            id="of two waits that are equally long its own counts",
        ),
        pytest.param(memory(post=DOUBT), but(UNTOLD, why="timeout"), id="a doubt"),
        pytest.param(
            memory(post=replace(DOUBT, attempts=(Attempt(998.0, "http_500"), *DOUBT.attempts))),
            but(UNTOLD, why="timeout"),
            id="of several requests the last counts",
        ),
        pytest.param(memory(post=replace(DOUBT, attempts=())), UNTOLD, id="a doubt of which no request is known"),
        pytest.param(
            memory(LIMITED, post=replace(DOUBT, unread="http_503")),
            but(UNTOLD, why="http_503"),
            id="a doubt whose history cannot be read",
        ),
        pytest.param(
            memory(Channel("C1", due=990.0)), but(UNTOLD, since=990.0, oldest=990.0), id="the lane said something since"
        ),
        pytest.param(memory(PARKED, LIMITED, mute=Mute("C1", 2000.0, 940.0, 9)), None, id="a muted lane never counts"),
        pytest.param(
            memory(of=but(OUTBOX, deliveries={**THREE, 1: replace(THREE[1], settled=Settled(Result.SENT, 952.0))})),
            but(UNTOLD, since=951.0, oldest=951.0, waiting=2),
            id="what was told is told",
        ),
    ],
)
def test_p17_one_value_for_whatever_is_in_the_way(present: Memory, expected: untold.Untold | None) -> None:
    assert untold.untold_of(present, "C1") == expected
    assert untold.untold(present) == (() if expected is None else (expected,))


@pytest.mark.parametrize(
    ("each", "now", "lasts"),
    [
        pytest.param(UNTOLD, 1009.9, False, id="what waits less than a minute is on its way"),
        pytest.param(UNTOLD, 1010.0, True, id="from a minute on it is a problem"),
        pytest.param(REFUSED, 900.0, True, id="a refusal is one at once"),
    ],
)
def test_p17_when_it_is_a_problem(each: untold.Untold, now: float, lasts: bool) -> None:
    assert each.lasts(now) is lasts


# ---- what the lane notes for it --------------------------------------------------------------------------------------


def sent(present: Memory, outcome: SendOutcome) -> Memory:
    lane = queue.lane_of(present, "C1")
    assert lane.post is not None
    decision = decide_send(lane, lane.post, outcome, NOW, settle=10.0, jitter=0.0)
    return present.after(queue.conclude(present, lane, lane.post, decision, NOW))


def looked(present: Memory, outcome: LookOutcome) -> Memory:
    lane = queue.lane_of(present, "C1")
    assert lane.post is not None
    return present.after(
        queue.conclude(present, lane, lane.post, decide_look(lane, lane.post, outcome, NOW, jitter=0.0), NOW)
    )


def why(present: Memory) -> str:
    each = untold.untold_of(present, "C1")
    return "told" if each is None else each.why


def test_p17_each_success_begins_the_time_anew_while_more_is_queued() -> None:
    """A digest of what waited for days is the end of a trouble, and no trouble."""
    present = sent(memory(PARKED, post=POST), Posted("1.0"))
    each = untold.untold_of(present, "C1")
    assert each == but(UNTOLD, since=1000.0, oldest=1000.0, waiting=2)
    assert sent(memory(post=POST, of=but(OUTBOX, deliveries={1: THREE[1]})), Posted("1.0")).channels == {}


def test_p17_what_a_quiet_held_back_is_due_from_its_end() -> None:
    hushed = memory(mute=Mute("C1", 2000.0, 940.0, 0), of=but(OUTBOX, meta=Meta("S", seq=9)))
    present = hushed.after(quiet.speak(hushed, "C1", 5000.0))
    each = untold.untold_of(present, "C1")
    assert each is not None
    assert each.since == 5000.0


def test_p17_a_wait_has_the_name_that_slack_gave_it_until_something_is_said() -> None:
    waits = sent(memory(post=POST), Refused(Action.WAIT, "ratelimited", 30.0))
    assert why(waits) == "ratelimited"
    everywhere = sent(memory(post=POST), Refused(Action.WAIT, "message_limit_exceeded", 30.0, everywhere=True))
    assert why(everywhere) == "message_limit_exceeded"
    assert why(sent(but(waits, posts={POST.key: POST}), Posted("1.0"))) == ""
    assert why(sent(but(everywhere, posts={POST.key: POST}), Posted("1.0"))) == ""


def test_p17_a_look_that_told_nothing_is_the_reason_until_one_does() -> None:
    for outcome in (Doubtful("http_503"), Refused(Action.WAIT, "http_503", 5.0)):
        blind = looked(memory(post=DOUBT), outcome)
        assert why(blind) == "http_503"
        assert why(looked(blind, Seen((), Now(1000.0, 1000.0, awake=50.0)))) == "timeout"
        assert why(looked(blind, Seen((), Now(2000.0, 2000.0, awake=50.0)))) == "timeout"


# ---- P14: elsewhere --------------------------------------------------------------------------------------------------


def elsewhere(present: Memory, to: str = "C1", *, now: float = 1000.0, began: float = 0.0) -> Memory:
    """Do as the lanes and the keeper do."""
    each = untold.untold_of(present, to)
    if each is None or not untold.is_for_elsewhere(present, each, now, began):
        return present
    return present.after(untold.tell_elsewhere(present, each, ("C2", "U1"), now))


def words(present: Memory) -> dict[str, Fact]:
    return {each.to: each.fact for each in present.deliveries.values() if each.seq > 3}


def test_p14_parking_is_told_elsewhere_with_what_waits() -> None:
    notice = Notice(NoticeKind.PARKED, 1000.0, 900.0, "not_in_channel", "C1", {"waiting": 3})
    assert words(elsewhere(memory(PARKED))) == {"C2": notice, "U1": notice}


def test_p14_any_other_trouble_is_told_elsewhere_after_ten_minutes() -> None:
    present = memory(LIMITED)
    assert elsewhere(present, now=1549.9) is present
    notice = Notice(NoticeKind.UNTOLD, 1550.0, 950.0, "ratelimited", "C1", {"waiting": 3})
    assert words(elsewhere(present, now=1550.0)) == {"C2": notice, "U1": notice}


def test_p14_a_start_gives_the_lanes_their_ten_minutes_anew() -> None:
    present = memory(LIMITED)
    assert elsewhere(present, now=90_599.0, began=90_000.0) is present
    assert words(elsewhere(present, now=90_600.0, began=90_000.0))


@pytest.mark.parametrize(
    "present",
    [
        pytest.param(memory(STOPPED), id="Slack refuses us"),
        pytest.param(memory(PARKED, Channel(WORKSPACE, until=2e6)), id="all of Slack has to wait"),
    ],
)
def test_p14_nothing_is_told_elsewhere_while_there_is_no_elsewhere(present: Memory) -> None:
    assert elsewhere(present, now=1e6) is present


def test_p14_a_wait_of_all_of_slack_that_is_just_over_keeps_no_word_back() -> None:
    assert words(elsewhere(memory(PARKED, Channel(WORKSPACE, until=1000.0)), now=1000.0)).keys() == {"C2", "U1"}


def test_p14_of_what_waits_only_word_of_other_places_is_told_elsewhere() -> None:
    hello = Delivery(2, "C1", Notice(NoticeKind.HELLO, 900.0), 950.0)
    hangs = Delivery(3, "C1", Stuck(Task("t", "Running"), 900.0, 100.0), 950.0)
    present = memory(PARKED, of=but(OUTBOX, deliveries={**THREE, 2: hello, 3: hangs}))
    assert [each.to for each in elsewhere(present).deliveries.values() if each.seq > 3] == ["C2", "U1"]


def test_p14_parking_is_told_once() -> None:
    present = elsewhere(memory(PARKED))
    assert elsewhere(present, now=5000.0) is present
    late = elsewhere(memory(LIMITED), now=1550.0)
    assert elsewhere(late, now=5000.0) is late


def test_p14_once_more_when_it_was_well_in_between_or_a_delay_has_become_a_refusal() -> None:
    late = elsewhere(memory(LIMITED, post=POST), now=1550.0)
    parked = sent(late, Refused(Action.PARK, "not_in_channel"))
    assert [each.kind for each in words(elsewhere(parked)).values() if isinstance(each, Notice)] == [
        NoticeKind.PARKED
    ] * 2
    again = sent(late, Posted("1.0"))
    assert again.channels["C1"].elsewhere == 0.0


def test_p14_what_nobody_can_read_there_any_more_is_told_elsewhere_too() -> None:
    """Two channels are lost, one after the other: the word about the first waits in the second."""
    about = Notice(NoticeKind.PARKED, 950.0, 950.0, "is_archived", "C2", {"waiting": 1})
    present = memory(PARKED, of=OUTBOX.after(queue.enqueue(OUTBOX, [("C1", about, False)], 950.0)))
    told = elsewhere(present).deliveries.values()
    new = [(each.to, each.fact.about) for each in told if isinstance(each.fact, Notice)]
    assert new == [("C1", "C2"), ("C2", "C1"), ("U1", "C1"), ("U1", "C2")]


def test_p14_an_open_channel_is_nothing_to_tell() -> None:
    assert elsewhere(memory(of=TOLD)) == memory(of=TOLD)
