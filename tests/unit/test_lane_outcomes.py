"""What an outcome means (P5, P6, P7, P9, P12): one row a sentence, what came of it beside."""

from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet
from msgspec.structs import replace

from bot.domain.lane import Lane
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
    Unreadable,
)
from bot.domain.verdict import Decision, Fate, decide_audit, decide_look, decide_send
from tests.fakes import transition

NOW = Now(1000.0, 1001.0, awake=50.0)
OPEN = Channel("C1")
SLACK = Channel(WORKSPACE)
PARKED = Channel("C1", parked="not_in_channel", since=900.0, failures=3)
WAITED = Channel("C1", until=999.0, retry_after=30.0, failures=4)
TRIED = (Attempt(991.0, "no answer"),)
FIRST = Post("S:1", "C1", "C1", (1,), after=300.0, settle_by=1009.0, attempts=TRIED)  # its first request is out
AGAIN = replace(FIRST, doubted=True, attempts=TRIED * 2)  # sent again after a doubt
REPEAT = replace(AGAIN, may_repeat=True)  # sent again though the history cannot be read
DOUBT = replace(FIRST, phase=Phase.DOUBT, doubted=True)
MARKED = replace(DOUBT, may_repeat=True)
AUDIT = replace(AGAIN, phase=Phase.AUDIT, ts="990.0")
QUEUE = (Delivery(2, "C1", transition("t-2"), 900.0), Delivery(7, "C1", transition("t-7"), 900.0))
TIMEOUT = Doubtful("timeout")
ODD = Doubtful("never_heard_of", odd=True)


def seen(began: float, *ts: str, awake: float = 50.0) -> Seen:
    return Seen(ts, Now(began, began + 1, awake))


def sent(post: Post, outcome: SendOutcome, channel: Channel = OPEN, *, jitter: float = 0.0) -> Decision:
    return decide_send(Lane(channel, SLACK, QUEUE, post), post, outcome, NOW, settle=10.0, jitter=jitter)


def looked(post: Post, outcome: LookOutcome, channel: Channel = OPEN) -> Decision:
    return decide_look(Lane(channel, SLACK, QUEUE, post), post, outcome, NOW, jitter=0.0)


def audited(post: Post, outcome: LookOutcome) -> Decision:
    return decide_audit(Lane(OPEN, SLACK, QUEUE, None, (post,)), post, outcome, NOW)


@dataclass(frozen=True)
class Became:
    """What a decision is compared by; the numbers have tests of their own."""

    fate: Fate
    phase: Phase | None
    result: Result | None = None
    parked: str = ""
    stopped: str = ""


def became(decision: Decision) -> Became:
    phase = decision.post.phase if decision.post else None
    return Became(decision.fate, phase, decision.result, decision.channel.parked, decision.workspace.parked)


HELD = Fate.HELD
SENT = Became(Fate.SETTLED, None, Result.SENT)
SENT_AUDIT = Became(Fate.SETTLED, Phase.AUDIT, Result.SENT)
REPEATED = Became(Fate.SETTLED, Phase.AUDIT, Result.POSSIBLE_REPEAT)
GIVEN_UP = Became(Fate.SETTLED, None, Result.POSSIBLE_REPEAT)
DROPPED = Became(Fate.SETTLED, None, Result.DROPPED)
QUEUED = Became(Fate.QUEUED, None)
IN_DOUBT = Became(HELD, Phase.DOUBT)
READY = Became(HELD, Phase.READY)


def row(sentence: str, post: Post, outcome: object, expected: Became) -> ParameterSet:
    return pytest.param(post, outcome, expected, id=sentence)


def no(action: Action, code: str = "code") -> Refused:
    return Refused(action, code)


@pytest.mark.parametrize(
    ("post", "outcome", "expected"),
    [
        row("P5: ok is posted", FIRST, Posted("1.0"), SENT),
        row("P5: ok without a ts is posted", FIRST, Posted(""), SENT),
        row("P7: ok of a post sent again is audited", AGAIN, Posted("1.0"), SENT_AUDIT),
        row("P9: ok of a repeat that nobody can check is a possible repeat", REPEAT, Posted("1.0"), REPEATED),
        row("P5: a timeout is a doubt", FIRST, TIMEOUT, IN_DOUBT),
        row("P5: an unknown refusal is a doubt", FIRST, ODD, IN_DOUBT),
        row("P9: a timeout of the one repeat ends it", REPEAT, TIMEOUT, GIVEN_UP),
        row("P5: after a 429 the members are queued again", FIRST, no(Action.WAIT), QUEUED),
        row("P5: a 429 ends no earlier doubt", AGAIN, no(Action.WAIT), IN_DOUBT),
        row("P9: a 429 is not the one repeat", REPEAT, no(Action.WAIT), IN_DOUBT),
        row("P14: not a member parks", FIRST, no(Action.PARK), Became(Fate.QUEUED, None, parked="code")),
        row("P14: not a member ends no doubt", AGAIN, no(Action.PARK), Became(HELD, Phase.DOUBT, parked="code")),
        row("P15: a revoked token stops", FIRST, no(Action.STOP), Became(Fate.QUEUED, None, stopped="code")),
        row("P15: a revoked token ends no doubt", AGAIN, no(Action.STOP), Became(HELD, Phase.DOUBT, stopped="code")),
        row("P12: refused for its form, the next form goes out", FIRST, no(Action.PLAIN), READY),
        row("P12: the next form of a post once in doubt is looked for first", AGAIN, no(Action.PLAIN), IN_DOUBT),
        row("P12: refused on the last rung it is given up", replace(FIRST, rung=3), no(Action.PLAIN), DROPPED),
        row("P12: a request at fault goes out in the next form", FIRST, no(Action.FAULT), READY),
        row(
            "P12: at fault on the last rung the channel parks and the members wait",
            replace(FIRST, rung=3),
            no(Action.FAULT),
            Became(Fate.QUEUED, None, parked="code"),
        ),
        row(
            "P12: at fault on the last rung a post once in doubt is kept over the park",
            replace(AGAIN, rung=3),
            no(Action.FAULT),
            Became(HELD, Phase.DOUBT, parked="code"),
        ),
        row("P9: where nobody can look, an unknown refusal of the one repeat is believed", REPEAT, ODD, IN_DOUBT),
    ],
)
def test_what_a_request_came_to(post: Post, outcome: SendOutcome, expected: Became) -> None:
    assert became(sent(post, outcome)) == expected


DECIDES, TOO_EARLY = seen(1009.01), seen(1009.0)
FOUND, TWINS = seen(999.0, "990.0"), seen(999.0, "990.0", "995.0")
ADOPTED = Became(Fate.SETTLED, None, Result.ADOPTED)
ADOPTED_AUDIT = Became(Fate.SETTLED, Phase.AUDIT, Result.ADOPTED)
THRICE = replace(DOUBT, odd=3, refusal="never_heard_of")


@pytest.mark.parametrize(
    ("post", "outcome", "expected"),
    [
        row("P6: found is adopted", DOUBT, FOUND, ADOPTED),
        row("P6: found at a start is adopted", FIRST, FOUND, ADOPTED),
        row("P7: found after being sent again is audited", replace(AGAIN, phase=Phase.DOUBT), FOUND, ADOPTED_AUDIT),
        row("P7: found twice is audited", DOUBT, TWINS, ADOPTED_AUDIT),
        row("P6: absent from a look begun at the deadline decides nothing", DOUBT, TOO_EARLY, IN_DOUBT),
        row("P6: absent from a look begun after the deadline is sent again", DOUBT, DECIDES, READY),
        row("P6: absent at a start after the deadline is sent again", FIRST, DECIDES, READY),
        row(
            "P6: absent after the deadline on Slack's clock alone decides nothing: ours may have stood still",
            replace(DOUBT, awake_by=50.0),
            DECIDES,
            IN_DOUBT,
        ),
        row(
            "P6: absent after the deadline on both clocks is sent again", replace(DOUBT, awake_by=49.9), DECIDES, READY
        ),
        row("P9: a look that is limited decides nothing", DOUBT, no(Action.WAIT), IN_DOUBT),
        row("P9: a look without an answer decides nothing", DOUBT, TIMEOUT, IN_DOUBT),
        row("P9: no look where the bot is no member", DOUBT, no(Action.PARK), Became(HELD, Phase.DOUBT, parked="code")),
        row("P9: no look with a revoked token", DOUBT, no(Action.STOP), Became(HELD, Phase.DOUBT, stopped="code")),
        row("P9: an unreadable history allows one repeat", DOUBT, Unreadable("missing_scope"), READY),
        row("P9: a repeat that a crash cut off is not repeated", REPEAT, Unreadable("missing_scope"), GIVEN_UP),
        row("P9: nor after a look without an answer", MARKED, Unreadable("missing_scope"), GIVEN_UP),
    ],
)
def test_what_a_look_came_to(post: Post, outcome: LookOutcome, expected: Became) -> None:
    assert became(looked(post, outcome)) == expected


AUDIT_ON = Became(HELD, Phase.AUDIT)
AUDITED = Became(HELD, None)


@pytest.mark.parametrize(
    ("post", "outcome", "expected"),
    [
        row("P7: alone in history is the end of it", AUDIT, FOUND, AUDITED),
        row("P11: deleted by a person stays deleted", AUDIT, DECIDES, AUDITED),
        row("P7: twins are looked for once more", AUDIT, TWINS, AUDIT_ON),
        row("P7: a look without an answer is repeated", AUDIT, TIMEOUT, AUDIT_ON),
        row("P7: a look that is limited is repeated", AUDIT, no(Action.WAIT), AUDIT_ON),
        row("P9: an unreadable history cannot be audited", AUDIT, Unreadable("missing_scope"), AUDITED),
        row("P7: nineteen looks without an answer are not enough", replace(AUDIT, looks=19), TIMEOUT, AUDIT_ON),
        row("P7: an audit that never gets an answer is given up", replace(AUDIT, looks=20), TIMEOUT, AUDITED),
    ],
)
def test_what_an_audit_came_to(post: Post, outcome: LookOutcome, expected: Became) -> None:
    assert became(audited(post, outcome)) == expected


# ---- the numbers ----------------------------------------------------------------------------------------------------


def test_p6_the_deadline_counts_from_the_later_of_the_attempt_and_the_end_of_its_request() -> None:
    doubt = sent(FIRST, TIMEOUT).post
    later = sent(replace(FIRST, settle_by=1020.0), TIMEOUT).post
    assert doubt is not None
    assert later is not None
    assert (doubt.settle_by, later.settle_by) == (1011.0, 1020.0)


def test_p6_the_deadline_is_also_kept_on_the_clock_that_stands_still_in_a_sleep() -> None:
    doubt = sent(replace(FIRST, awake_by=55.0), TIMEOUT).post
    later = sent(replace(FIRST, awake_by=65.0), TIMEOUT).post
    assert doubt is not None
    assert later is not None
    assert (doubt.awake_by, later.awake_by) == (60.0, 65.0)


def test_p6_a_doubt_is_looked_for_at_once_whatever_looks_came_before() -> None:
    for outcome in (TIMEOUT, no(Action.WAIT), no(Action.PARK), no(Action.PLAIN)):
        doubt = sent(replace(AGAIN, looks=7, look_at=5000.0), outcome).post
        assert doubt is not None
        assert (doubt.look_at, doubt.looks) == (0.0, 0)


def test_p5_what_was_in_doubt_once_is_known_to_have_been() -> None:
    for decision in (sent(FIRST, TIMEOUT), looked(FIRST, TOO_EARLY), looked(FIRST, DECIDES)):
        assert decision.post is not None
        assert decision.post.doubted


def test_p14_a_doubt_that_cannot_be_looked_for_is_looked_for_by_the_next_probe() -> None:
    decision = looked(replace(FIRST, look_at=5000.0), no(Action.PARK))
    assert decision.post == replace(FIRST, phase=Phase.DOUBT, doubted=True)


@pytest.mark.parametrize(
    ("looks", "settle_by", "look_at"),
    [
        pytest.param(0, 1010.0, 1000.5, id="soon at first"),
        pytest.param(3, 1010.0, 1004.0, id="then more slowly"),
        pytest.param(4, 1007.0, 1007.05, id="one look is placed at the deadline"),
        pytest.param(0, 1000.0, 1000.05, id="also at one that is just now"),
        pytest.param(3, 1004.0, 1004.0, id="but not beside one that is placed there anyway"),
        pytest.param(9, 1300.0, 1015.0, id="never more than 15 s apart"),
        pytest.param(4000, 1300.0, 1015.0, id="however often it was looked for"),
    ],
)
def test_p6_looks_back_off(looks: int, settle_by: float, look_at: float) -> None:
    post = looked(replace(DOUBT, looks=looks, settle_by=settle_by), seen(1000.0)).post
    assert post is not None
    assert (post.look_at, post.looks) == (look_at, looks + 1)


def test_p9_a_look_that_is_limited_waits_as_long_as_slack_asks() -> None:
    post = looked(DOUBT, Refused(Action.WAIT, "ratelimited", 40.0)).post
    assert post is not None
    assert post.look_at >= 1040.0


@pytest.mark.parametrize(
    ("asked", "looks", "look_at"),
    [
        pytest.param(0.0, 3, 1004.0, id="0 is no reason to ask without a pause"),
        pytest.param(1_800_000_100.0, 0, 4600.0, id="an absurd wait is cut to an hour"),
    ],
)
def test_p8_a_number_of_the_server_makes_no_lane_spin_or_sleep_for_ever(
    asked: float, looks: int, look_at: float
) -> None:
    post = looked(replace(DOUBT, looks=looks), Refused(Action.WAIT, "ratelimited", asked)).post
    assert post is not None
    assert post.look_at == look_at


def test_p6_a_deadline_that_a_wrong_date_put_out_of_reach_is_brought_back() -> None:
    post = looked(replace(DOUBT, settle_by=9e9), seen(1000.0)).post
    assert post is not None
    assert post.settle_by == NOW.upper + 8.0 + 600.0


def test_p4_after_is_set_once_and_survives_every_repeat() -> None:
    for decision in (sent(FIRST, TIMEOUT), sent(AGAIN, no(Action.WAIT)), looked(DOUBT, DECIDES)):
        assert decision.post is not None
        assert (decision.post.after, decision.post.key, decision.post.members) == (300.0, "S:1", (1,))


def test_p7_the_first_of_twins_is_kept_and_the_others_are_named() -> None:
    decision = audited(AUDIT, seen(1060.0, "990.0", "995.0", "999.0"))
    assert (decision.ts, decision.twins) == ("990.0", ("995.0", "999.0"))


def test_p7_twins_are_deleted_even_at_the_last_look() -> None:
    decision = audited(replace(AUDIT, looks=20), TWINS)
    assert (decision.twins, decision.post) == (("995.0",), None)


@pytest.mark.parametrize(("asked", "waits"), [(None, 60.0), (30.0, 60.0), (700.0, 700.0)])
def test_p7_a_rate_limit_costs_an_audit_no_try(asked: float | None, waits: float) -> None:
    post = replace(AUDIT, looks=0)
    for _ in range(30):  # pages
        post = audited(post, Refused(Action.WAIT, "ratelimited", asked)).post or pytest.fail("the audit was given up")
        assert (post.looks, post.look_at) == (0, NOW.upper + waits)


def test_p7_the_audit_is_due_a_minute_later_by_the_upper_bound() -> None:
    post = sent(AGAIN, Posted("1000.2")).post
    assert post is not None
    assert (post.look_at, post.ts, post.looks) == (1061.0, "1000.2", 0)


@pytest.mark.parametrize("outcome", [TIMEOUT, TWINS])
@pytest.mark.parametrize(("looks", "look_at"), [(0, 1121.0), (1, 1241.0), (3, 1901.0), (18, 1901.0)])
def test_p7_an_audit_is_repeated_after_two_minutes_then_more_slowly_every_quarter_of_an_hour_at_least(
    outcome: LookOutcome, looks: int, look_at: float
) -> None:
    assert audited(replace(AUDIT, looks=looks), outcome).post == replace(AUDIT, looks=looks + 1, look_at=look_at)


@pytest.mark.parametrize(
    ("outcome", "jitter", "until"),
    [
        pytest.param(
            Refused(Action.WAIT, "ratelimited", 30.0), 0.9, 1031.0, id="as long as Slack asks, without jitter"
        ),
        pytest.param(Refused(Action.WAIT, "ratelimited", 86_400.0), 0.0, 4601.0, id="an hour at most"),
        pytest.param(Refused(Action.WAIT, "rate_limited"), 0.0, 1001.5, id="else half a second at least"),
        pytest.param(Refused(Action.WAIT, "rate_limited"), 0.999, 1002.0, id="else a second at most at first"),
    ],
)
def test_p8_a_wait_pauses_the_channel(outcome: Refused, jitter: float, until: float) -> None:
    decision = sent(FIRST, outcome, jitter=jitter)
    assert decision.channel.until == pytest.approx(until, abs=0.01)
    assert decision.channel.failures == 1
    assert decision.workspace == SLACK


def test_p8_waits_without_a_length_grow_to_a_minute() -> None:
    channel, longest = OPEN, 0.0
    for _ in range(3000):
        channel = sent(FIRST, no(Action.WAIT), channel, jitter=0.999).channel
        assert longest <= channel.until - NOW.upper <= 60
        longest = channel.until - NOW.upper
    assert longest == pytest.approx(60, abs=0.1)


def test_p8_message_limit_exceeded_pauses_the_workspace() -> None:
    decision = sent(FIRST, Refused(Action.WAIT, "message_limit_exceeded", 9.0, everywhere=True))
    assert (decision.workspace.until, decision.channel) == (1010.0, OPEN)


def test_p9_the_third_unknown_refusal_is_looked_for_before_the_next_form_goes_out() -> None:
    third = sent(replace(AGAIN, odd=2), ODD).post
    assert third is not None
    assert (third.odd, third.phase, third.rung) == (3, Phase.DOUBT, 0)
    plainer = looked(replace(third, settle_by=1000.0, awake_by=0.0), DECIDES).post
    assert plainer is not None
    assert (plainer.rung, plainer.odd, plainer.phase) == (1, 0, Phase.READY)


def test_p9_the_second_unknown_refusal_changes_no_form() -> None:
    post = looked(replace(DOUBT, odd=2), DECIDES).post
    assert post is not None
    assert (post.rung, post.odd) == (0, 2)


def test_p9_unknown_refusals_of_the_last_form_park_and_keep_the_post_for_the_next_probe() -> None:
    decision = looked(replace(THRICE, rung=3), DECIDES)
    assert became(decision) == Became(HELD, Phase.READY, parked="never_heard_of")
    assert decision.post is not None
    assert (decision.post.key, decision.post.members, decision.post.rung, decision.post.odd) == ("S:1", (1,), 0, 0)


def test_p9_a_probe_of_a_parked_channel_tries_each_form_once() -> None:
    once = replace(DOUBT, odd=1, refusal="never_heard_of")
    parked = looked(once, DECIDES, PARKED).post
    assert parked is not None
    assert parked.rung == 1
    assert looked(replace(once, rung=3), DECIDES, PARKED).channel.failures == PARKED.failures + 1


def test_p9_an_unknown_refusal_keeps_its_code() -> None:
    post = sent(replace(FIRST, refusal="another"), ODD).post
    assert post is not None
    assert post.refusal == "never_heard_of"
    timed_out = sent(post, TIMEOUT).post
    assert timed_out is not None
    assert timed_out.refusal == "never_heard_of"


def test_p9_a_history_that_can_be_read_again_takes_the_mark_away() -> None:
    post = looked(MARKED, DECIDES).post
    assert post is not None
    assert (post.phase, post.may_repeat) == (Phase.READY, False)


@pytest.mark.parametrize("action", [Action.WAIT, Action.PARK, Action.STOP, Action.PLAIN, Action.FAULT])
def test_p9_a_repeat_that_was_refused_is_still_to_come(action: Action) -> None:
    refused = sent(REPEAT, no(action)).post
    assert refused is not None
    assert became(looked(refused, Unreadable("missing_scope"))) == READY


def test_p9_the_repeat_is_marked() -> None:
    post = looked(DOUBT, Unreadable("missing_scope")).post
    assert post is not None
    assert post.may_repeat


@pytest.mark.parametrize("decision", [sent(FIRST, Posted("1.0"), WAITED), looked(DOUBT, FOUND, WAITED)])
def test_what_was_said_opens_the_channel(decision: Decision) -> None:
    assert decision.channel == replace(OPEN, due=1000.0)


def test_p8_what_was_said_resets_the_back_off_of_the_workspace_too() -> None:
    limited = replace(SLACK, until=999.0, failures=5)
    decision = decide_send(Lane(OPEN, limited, (), FIRST), FIRST, Posted("1.0"), NOW, settle=10.0, jitter=0.0)
    assert decision.workspace.failures == 0


def test_p14_what_waited_while_parked_is_drained() -> None:
    assert sent(FIRST, Posted("1.0"), PARKED).channel == Channel("C1", drain_to=7, due=1000.0)
    alone = Lane(replace(PARKED, drain_to=4), SLACK, (), FIRST)
    said = decide_send(alone, FIRST, Posted("1.0"), NOW, settle=10.0, jitter=0.0)
    assert said.channel == Channel("C1", drain_to=4)


def test_p14_a_second_refusal_keeps_since_and_probes_more_slowly() -> None:
    channel, pauses = Channel("C1"), []
    for code in ("not_in_channel", "is_archived", "is_archived", "is_archived"):
        channel = sent(FIRST, no(Action.PARK, code), channel).channel
        pauses.append(channel.probe_at - NOW.upper)
    assert pauses == [7.5, 15.0, 30.0, 60.0]  # without luck: jitter adds a third at most
    assert (channel.parked, channel.since, channel.failures) == ("is_archived", NOW.lower, 4)
    assert sent(FIRST, no(Action.PARK, "is_archived"), PARKED).channel.since == 900.0


def test_p14_an_absent_post_of_a_channel_that_can_be_read_is_sent_at_once() -> None:
    decision = looked(DOUBT, DECIDES, replace(PARKED, probe_at=2000.0))
    assert decision.channel.probe_at == 0.0
    assert decision.post == replace(DOUBT, phase=Phase.READY)


def test_p15_what_is_said_elsewhere_does_not_open_a_stopped_workspace() -> None:
    stopped = replace(SLACK, parked="token_revoked", failures=2, probe_at=1100.0)
    decision = decide_send(Lane(OPEN, stopped, (), FIRST), FIRST, Posted("1.0"), NOW, settle=10.0, jitter=0.0)
    assert decision.workspace.parked == "token_revoked"
