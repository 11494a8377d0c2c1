"""What a lane may do next (P3, P6, P8, P13, P14): one row a sentence."""

import pytest
from _pytest.mark import ParameterSet
from msgspec.structs import replace

from bot.domain.fact import Notice, NoticeKind, Stuck, Transition
from bot.domain.lane import Form, Idle, Lane, Look, Send, Speak, Step, Wait, choose, is_idle, next_step
from bot.domain.outbox import WORKSPACE, Action, Channel, Delivery, Doubtful, Now, Phase, Post, Refused
from bot.domain.subscription import Mute
from bot.domain.task import Task
from bot.domain.verdict import decide_open, decide_probe
from tests.fakes import transition

NOW = Now(1000.0, 1001.0, awake=50.0)
OPEN = Channel("C1")
SLACK = Channel(WORKSPACE)
POST = Post("S:1", "C1", "C1", (1,), after=300.0, settle_by=1018.0)
DOUBT = replace(POST, phase=Phase.DOUBT, doubted=True)
AUDIT = replace(POST, phase=Phase.AUDIT, doubted=True, ts="990.0", look_at=1050.0)
DUE = replace(AUDIT, look_at=1000.0)
LATER = (AUDIT, replace(AUDIT, key="S:2", look_at=1040.0), replace(AUDIT, key="S:3", look_at=1060.0))


def queued(*seqs: int, batch: int = 0) -> tuple[Delivery, ...]:
    return tuple(Delivery(seq, "C1", transition(f"t-{seq}"), 900.0, batch=batch) for seq in seqs)


def notice(seq: int, kind: NoticeKind = NoticeKind.HELLO) -> Delivery:
    return Delivery(seq, "C1", Notice(kind, 900.0), 900.0)


def quiet(until: float) -> Mute:
    return Mute("C1", until, since=900.0, number=5)


def at(sentence: str, lane: Lane, step: Step) -> ParameterSet:
    return pytest.param(lane, step, id=sentence)


ONE = queued(1)
PARKED = Channel("C1", parked="not_in_channel", since=900.0, failures=1, probe_at=1100.0)


@pytest.mark.parametrize(
    ("lane", "step"),
    [
        at("an empty lane is idle", Lane(OPEN, SLACK), Idle()),
        at("what is queued is formed", Lane(OPEN, SLACK, ONE), Form(ONE)),
        at("P3: a doubt holds its lane", Lane(OPEN, SLACK, ONE, replace(DOUBT, look_at=1005.0)), Wait(1005.0)),
        at("P6: a doubt is looked for at once", Lane(OPEN, SLACK, ONE, DOUBT), Look(DOUBT)),
        at("P6: a post that a start finds in flight is looked for", Lane(OPEN, SLACK, ONE, POST), Look(POST)),
        at(
            "P6: a post known to be absent goes before the queue",
            Lane(OPEN, SLACK, ONE, replace(DOUBT, phase=Phase.READY)),
            Send(replace(DOUBT, phase=Phase.READY)),
        ),
        at(
            "P4: has a look's time come is asked of the lower bound",
            Lane(OPEN, SLACK, (), replace(DOUBT, look_at=1000.5)),
            Wait(1000.5),
        ),
        at("P7: an audit holds no lane", Lane(OPEN, SLACK, ONE, None, (AUDIT,)), Form(ONE)),
        at("P7: an audit that is due goes first", Lane(OPEN, SLACK, ONE, None, (AUDIT, DUE)), Look(DUE)),
        at("P7: an audit is waited for", Lane(OPEN, SLACK, (), None, (AUDIT,)), Wait(1050.0)),
        at("P8: a 429 pauses the channel", Lane(replace(OPEN, until=1030.0), SLACK, ONE), Wait(1030.0)),
        at("P8: a pause that has passed pauses nothing", Lane(replace(OPEN, until=1000.0), SLACK, ONE), Form(ONE)),
        at(
            "P4: has a pause passed is asked of the lower bound",
            Lane(replace(OPEN, until=1000.5), SLACK, ONE),
            Wait(1000.5),
        ),
        at(
            "P8: message_limit_exceeded pauses every channel",
            Lane(OPEN, replace(SLACK, until=1030.0), ONE),
            Wait(1030.0),
        ),
        at(
            "P8: the longer of two pauses counts",
            Lane(replace(OPEN, until=1040.0), replace(SLACK, until=1030.0), ONE),
            Wait(1040.0),
        ),
        at("P14: a parked channel waits for its probe", Lane(PARKED, SLACK, ONE), Wait(1100.0)),
        at(
            "P14: the probe of a channel in doubt is a look",
            Lane(replace(PARKED, probe_at=0.0), SLACK, ONE, DOUBT),
            Look(DOUBT),
        ),
        at(
            "P14: the probe of a channel without a doubt is a post",
            Lane(replace(PARKED, probe_at=0.0), SLACK, ONE),
            Form(ONE),
        ),
        at(
            "P15: a revoked token stops every lane",
            Lane(OPEN, replace(SLACK, parked="token_revoked"), ONE, DOUBT),
            Idle(),
        ),
        at(
            "P4: has an audit's time come is asked of the lower bound",
            Lane(OPEN, SLACK, (), None, (replace(AUDIT, look_at=1000.5),)),
            Wait(1000.5),
        ),
        at(
            "P7: of several audits the first that is due is waited for",
            Lane(OPEN, SLACK, (), None, LATER),
            Wait(1040.0),
        ),
        at("R3: a quiet is waited for", Lane(OPEN, SLACK, queued(6), mute=quiet(1030.0)), Wait(1030.0)),
        at("R3: its end is said when its time has come", Lane(OPEN, SLACK, mute=quiet(1000.0)), Speak(quiet(1000.0))),
        at(
            "P4: has the time of a quiet come is asked of the lower bound",
            Lane(OPEN, SLACK, mute=quiet(1000.5)),
            Wait(1000.5),
        ),
        at("R3: an audit does not wait for a quiet", Lane(OPEN, SLACK, (), None, (DUE,), quiet(1030.0)), Look(DUE)),
        at(
            "R3: nor does one that is not due yet",
            Lane(OPEN, SLACK, (), None, (AUDIT,), quiet(5000.0)),
            Wait(1050.0),
        ),
        at(
            "R3: and a quiet does not wait for an audit",
            Lane(OPEN, SLACK, (), None, (AUDIT,), quiet(1030.0)),
            Wait(1030.0),
        ),
    ],
)
def test_next_step(lane: Lane, step: Step) -> None:
    assert next_step(lane, NOW) == step


@pytest.mark.parametrize(
    ("lane", "idle"),
    [
        pytest.param(Lane(OPEN, SLACK), True, id="nothing to do"),
        pytest.param(Lane(OPEN, SLACK, (), None, (AUDIT,)), True, id="an audit holds nothing up"),
        pytest.param(Lane(OPEN, SLACK, queued(6), mute=quiet(5000.0)), True, id="nor what a quiet holds"),
        pytest.param(Lane(OPEN, SLACK, ONE), False, id="something is queued"),
        pytest.param(Lane(OPEN, SLACK, (), DOUBT), False, id="something is in doubt"),
        pytest.param(Lane(PARKED, SLACK), False, id="it is parked"),
        pytest.param(Lane(OPEN, replace(SLACK, parked="token_revoked")), False, id="all are stopped"),
    ],
)
def test_p10_an_edit_goes_out_where_nothing_else_is_to_go(lane: Lane, idle: bool) -> None:
    assert is_idle(lane) is idle


def test_r3_in_a_quiet_only_what_came_before_it_and_word_of_the_quiet_itself_are_told() -> None:
    others = [kind for kind in NoticeKind if kind is not NoticeKind.MUTED]
    told = (
        *queued(3, 4),
        *queued(6, 7),
        notice(8, NoticeKind.MUTED),
        Delivery(9, "C1", Stuck(Task("t", "Running"), 900.0, 100.0), 900.0),
        *(notice(10 + n, each) for n, each in enumerate(others)),
    )
    assert [each.seq for each in Lane(OPEN, SLACK, told, mute=quiet(5000.0)).heard] == [3, 4, 8]


LATE = queued(1, 2, 3, batch=1)


def chosen(sentence: str, queue: tuple[Delivery, ...], channel: Channel, *seqs: int) -> ParameterSet:
    return pytest.param(queue, channel, seqs, id=sentence)


@pytest.mark.parametrize(
    ("queue", "channel", "seqs"),
    [
        chosen("P13: one is told singly", ONE, OPEN, 1),
        chosen("P13: five are told singly", queued(1, 2, 3, 4, 5), OPEN, 1),
        chosen("P13: six are told in one post", queued(1, 2, 3, 4, 5, 6), OPEN, 1, 2, 3, 4, 5, 6),
        chosen("a notice goes alone", (notice(1), *queued(2, 3, 4, 5, 6, 7)), OPEN, 1),
        chosen("a notice goes alone, however many wait", tuple(notice(seq) for seq in range(1, 8)), OPEN, 1),
        chosen("a notice counts for no digest", (*queued(1, 2, 3, 4, 5), notice(6)), OPEN, 1),
        chosen("a digest passes a notice by", (*queued(1, 2, 3), notice(4), *queued(5, 6, 7)), OPEN, 1, 2, 3, 5, 6, 7),
        chosen("D4: late listings of one poll are one post", (*LATE, *queued(4)), OPEN, 1, 2, 3),
        chosen(
            "D4: those of another poll are another post", (*queued(1, 2, batch=1), *queued(3, 4, batch=3)), OPEN, 1, 2
        ),
        chosen("D4: late listings count for no digest", (*queued(1, 2, 3), *queued(4, 5, 6, batch=4)), OPEN, 1),
        chosen("P14: a parked channel is probed with all that waits", queued(1, 2, 3), PARKED, 1, 2, 3),
        chosen("P14: what waited while parked is drained as a digest", queued(1, 2), replace(OPEN, drain_to=1), 1, 2),
        chosen("P14: what came after the drain is told singly", queued(2, 3), replace(OPEN, drain_to=1), 2),
    ],
)
def test_choose(queue: tuple[Delivery, ...], channel: Channel, seqs: tuple[int, ...]) -> None:
    assert tuple(each.seq for each in choose(queue, channel)) == seqs


def test_a_digest_holds_transitions_alone() -> None:
    queue = (*queued(1, 2, 3), notice(4), *queued(5, 6, 7))
    assert all(isinstance(each.fact, Transition) for each in choose(queue, OPEN))


# ---- opening a conversation, probing the workspace ------------------------------------------------------------------


def test_p9_what_fails_for_a_person_parks_that_person_alone() -> None:
    decision = decide_open(Lane(OPEN, SLACK, ONE), Refused(Action.PARK, "user_disabled"), NOW, jitter=0.0)
    channel = decision.channel
    assert (channel.parked, channel.since, channel.code_since) == ("user_disabled", 1000.0, 1000.0)
    assert decision.channel.probe_at > NOW.upper
    assert (decision.workspace, decision.post) == (SLACK, None)


def test_p9_opening_waits_as_long_as_slack_asks() -> None:
    decision = decide_open(Lane(OPEN, SLACK, ONE), Refused(Action.WAIT, "ratelimited", 7.0), NOW, jitter=0.0)
    assert (decision.channel.until, decision.channel.parked) == (1008.0, "")


def test_p15_a_revoked_token_found_when_opening_stops_all() -> None:
    decision = decide_open(Lane(OPEN, SLACK, ONE), Refused(Action.STOP, "token_revoked"), NOW, jitter=0.0)
    assert (decision.workspace.parked, decision.channel) == ("token_revoked", OPEN)


STOPPED = Channel(WORKSPACE, parked="token_revoked", since=500.0, failures=2, probe_at=900.0)


def test_p15_a_token_that_is_back_opens_the_workspace() -> None:
    probed = decide_probe(STOPPED, object(), NOW, jitter=0.0)
    assert (probed.parked, probed.since, probed.probe_at) == ("", 0.0, 0.0)


@pytest.mark.parametrize("outcome", [Refused(Action.STOP, "token_revoked"), Doubtful("timeout")])
def test_p15_a_token_that_stays_away_is_probed_more_slowly(outcome: object) -> None:
    once = decide_probe(STOPPED, outcome, NOW, jitter=0.0)
    twice = decide_probe(once, outcome, NOW, jitter=0.0)
    assert NOW.upper < once.probe_at < twice.probe_at <= NOW.upper + 900
    assert once.since == 500.0


@pytest.mark.parametrize("outcome", [Doubtful("timeout"), Refused(Action.WAIT, "ratelimited", 700.0)])
def test_p15_a_probe_that_learns_nothing_leaves_the_reason_and_waits_as_it_is_asked(outcome: object) -> None:
    probed = decide_probe(STOPPED, outcome, NOW, jitter=0.0)
    assert probed.parked == "token_revoked"
    assert probed.probe_at == NOW.upper + (700.0 if isinstance(outcome, Refused) else 5.0 * 2**3 * 0.75)


def test_p14_a_probe_comes_every_15_minutes_at_the_latest_however_often_it_failed() -> None:
    channel = OPEN
    for _ in range(3000):  # more than a month of them
        lane = Lane(channel, SLACK, ONE)
        channel = decide_open(lane, Refused(Action.PARK, "not_in_channel"), NOW, jitter=0.99).channel
        assert NOW.upper < channel.probe_at <= NOW.upper + 900
    assert channel.probe_at - NOW.upper == pytest.approx(900 * 0.9975)
    assert channel.since == NOW.lower
