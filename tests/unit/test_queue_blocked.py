"""Channels that cannot be posted to, in the memory: probed, forgotten; and what a start makes ready."""

from dataclasses import replace as but
from itertools import pairwise

import pytest
from msgspec.structs import replace

from bot.domain import queue
from bot.domain.fact import Fact
from bot.domain.memory import Memory, Meta
from bot.domain.outbox import WORKSPACE, Action, Attempt, Channel, Delivery, Now, Phase, Post, Refused, Result, Settled
from bot.domain.verdict import decide_send
from tests.fakes import transition

NOW = Now(1000.0, 1001.0, awake=50.0)
PARKED = Channel("C1", parked="not_in_channel", since=900.0, failures=2, probe_at=1500.0)
POST = Post("S:1", "C1", "C1", (1,), 300.0, 1018.0, attempts=(Attempt(999.0, "no answer"),))
THREE = {seq: Delivery(seq, "C1", transition(f"t-{seq}"), 900.0) for seq in (1, 2, 3)}
OUTBOX = Memory(Meta("S", seq=3), deliveries=THREE)
IN_FLIGHT = but(OUTBOX, posts={"S:1": POST})


def told(*facts: Fact, to: str = "C1") -> list[tuple[str, Fact, bool]]:
    return [(to, fact, False) for fact in facts]


# ---- P14: rejoined --------------------------------------------------------------------------------------------------


def test_p14_an_invitation_has_a_parked_channel_probed_at_once() -> None:
    memory = but(OUTBOX, channels={"C1": PARKED})
    assert memory.after(queue.rejoined(memory, "C1")).channels["C1"] == replace(PARKED, probe_at=0.0)


SAID_ALL = {seq: replace(each, settled=Settled(Result.SENT, 950.0)) for seq, each in THREE.items()}
NOTHING_WAITS = but(OUTBOX, deliveries=SAID_ALL, channels={"C1": replace(PARKED, given_up={"old": 4}, drain_to=3)})


def test_p14_an_invitation_where_nothing_waits_is_believed() -> None:
    memory = NOTHING_WAITS.after(queue.rejoined(NOTHING_WAITS, "C1"))
    assert memory.channels["C1"] == Channel("C1", given_up={"old": 4}, drain_to=3)


def test_p14_a_doubt_is_something_to_probe_with() -> None:
    doubt = but(IN_FLIGHT, deliveries={1: THREE[1]}, channels={"C1": PARKED})
    assert doubt.after(queue.rejoined(doubt, "C1")).channels["C1"] == replace(PARKED, probe_at=0.0)


def test_p7_an_audit_is_nothing_to_probe_with() -> None:
    audit = but(NOTHING_WAITS, posts={"S:1": replace(POST, phase=Phase.AUDIT)})
    assert audit.after(queue.rejoined(audit, "C1")).channels["C1"].parked == ""


@pytest.mark.parametrize("channels", [{}, {"C1": Channel("C1", until=5000.0)}])
def test_p14_an_invitation_to_an_open_channel_changes_nothing(channels: dict[str, Channel]) -> None:
    assert not queue.rejoined(but(OUTBOX, channels=channels), "C1")


# ---- recover --------------------------------------------------------------------------------------------------------


def recovered(*channels: Channel, post: Post = POST) -> Memory:
    memory = but(OUTBOX, posts={post.key: post}, channels={each.to: each for each in channels})
    return memory.after(queue.recover(memory, NOW, 10.0))


def test_p6_a_start_looks_for_a_doubt_now_and_keeps_its_deadline() -> None:
    doubt = replace(POST, phase=Phase.DOUBT, look_at=1300.0, settle_by=1015.0, looks=6)
    assert recovered(post=doubt).posts["S:1"] == replace(doubt, look_at=0.0, awake_by=68.0)


def test_p7_a_start_keeps_the_time_of_an_audit() -> None:
    audit = replace(POST, phase=Phase.AUDIT, look_at=1050.0)
    assert recovered(post=audit).posts["S:1"] == audit


def test_p14_a_start_probes_now() -> None:
    assert recovered(PARKED).channels["C1"] == replace(PARKED, probe_at=0.0)


def test_p14_a_start_keeps_a_park_that_nothing_waits_behind_so_that_it_is_not_said_again() -> None:
    memory = NOTHING_WAITS.after(queue.recover(NOTHING_WAITS, NOW, 10.0))
    assert (memory.channels["C1"].parked, memory.channels["C1"].probe_at) == (PARKED.parked, 0.0)


def test_p15_a_start_does_not_believe_that_a_stopped_workspace_is_back() -> None:
    stopped = Channel(WORKSPACE, parked="token_revoked", since=900.0, failures=2, probe_at=1500.0)
    memory = but(OUTBOX, deliveries={}, channels={WORKSPACE: stopped})
    assert memory.after(queue.recover(memory, NOW, 10.0)).channels[WORKSPACE] == replace(stopped, probe_at=0.0)


@pytest.mark.parametrize(
    ("until", "retry_after", "clamped"),
    [
        pytest.param(1020.0, 30.0, 1020.0, id="a wait that can be true is kept"),
        pytest.param(9000.0, 30.0, 1031.0, id="a wait longer than what it came from is clamped to that"),
        pytest.param(9999.0, 9000.0, 4601.0, id="an hour at most"),
        pytest.param(9000.0, 0.0, 1001.0, id="a wait that came from nothing is over"),
    ],
)
def test_p8_a_persisted_wait_is_clamped(until: float, retry_after: float, clamped: float) -> None:
    waiting = Channel(WORKSPACE, until=until, retry_after=retry_after, failures=1)
    assert recovered(waiting).channels[WORKSPACE].until == clamped


def test_p8_a_retry_after_survives_a_restart() -> None:
    lane = queue.lane_of(IN_FLIGHT, "C1")
    limited = decide_send(lane, POST, Refused(Action.WAIT, "ratelimited", 30.0), NOW, settle=10.0, jitter=0.0)
    memory = IN_FLIGHT.after(queue.conclude(IN_FLIGHT, lane, POST, limited, NOW))
    restarted = memory.after(queue.recover(memory, Now(1005.0, 1006.0, awake=3.0), 10.0))
    assert restarted.channels["C1"].until == 1031.0


def test_a_start_with_nothing_remarkable_writes_nothing() -> None:
    assert not queue.recover(but(OUTBOX, posts={}, channels={}), NOW, 10.0)


def test_numbers_of_deliveries_only_grow() -> None:
    memory = OUTBOX
    for step in range(5):
        memory = memory.after(queue.enqueue(memory, told(transition(str(step))), 950.0))
    assert all(one < two for one, two in pairwise(memory.deliveries))
