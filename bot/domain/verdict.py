"""What an outcome means: the pure decisions of delivery (rules P5 to P9, P12, P14, P15), one per kind of request.

They know no clock and do no I/O: `now` is Slack's now as bounds, `jitter` a random number in [0, 1). What they return
is written down by `queue.py`.
"""

import dataclasses
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from msgspec.structs import replace

from bot.domain.lane import Lane
from bot.domain.outbox import (
    Action,
    Channel,
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
from bot.slack_errors import shuts_out

POST_TIMEOUT: Final = 8.0  # seconds one chat.postMessage may take (P6)
SETTLE_AT_MOST: Final = 600.0  # seconds that PREWARM_SETTLE_SECONDS may be
LOOK_BACK: Final = 600.0  # the history is read from the first attempt less this (P4)
LOOK_AGAIN_AT_MOST: Final = 15.0  # seconds between two looks (P6)
AFTER_DEADLINE: Final = 0.05  # seconds past `settle_by` at which the deciding look is placed
AUDIT_AFTER: Final = 60.0  # seconds from a repeated post to its audit (P7)
AUDITS_AT_MOST: Final = 20  # audits that could not be read before one is given up
WAIT_AT_MOST: Final = 60.0  # seconds of back-off (P8)
RETRY_AFTER_AT_MOST: Final = 3600.0  # (P8)
PROBE_AT_MOST: Final = 900.0  # seconds between two probes of a parked channel (P14)
ODD_AT_MOST: Final = 3  # unknown refusals before the next form is tried (P9)
LAST_RUNG: Final = 3  # (P12)


class Fate(Enum):
    """What becomes of a post's members."""

    HELD = auto()  # they stay in the post
    QUEUED = auto()  # the post dissolves
    SETTLED = auto()  # told, or given up: see `result`


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an outcome. `post` None: its row goes. `note` is what a person would call the outcome."""

    note: str
    post: Post | None
    channel: Channel
    workspace: Channel
    fate: Fate = Fate.HELD
    result: Result | None = None
    ts: str = ""
    twins: tuple[str, ...] = ()  # messages to delete (P7)


def decide_send(lane: Lane, post: Post, outcome: SendOutcome, now: Now, *, settle: float, jitter: float) -> Decision:
    """Say what a chat.postMessage came to (P5). `settle`: seconds that the history is given (P6)."""
    match outcome:
        case Posted(ts):
            result = Result.POSSIBLE_REPEAT if post.may_repeat else Result.SENT
            return _said(lane, post, "ok", ts, result, now=now, again=post.doubted)
        case Doubtful(code, odd=True) if post.may_repeat:  # no look can tell, so a "no" is believed
            return _plainer(lane, post, Refused(Action.FAULT, code), now, jitter)
        case Doubtful(code) if post.may_repeat:
            return Decision(code, None, _unproven(lane), lane.workspace, Fate.SETTLED, Result.POSSIBLE_REPEAT)
        case Doubtful(code, odd):
            doubt = replace(
                post,
                phase=Phase.DOUBT,
                doubted=True,
                odd=post.odd + odd,
                refusal=code if odd else post.refusal,
                settle_by=max(post.settle_by, now.upper + settle),
                awake_by=max(post.awake_by, now.awake + settle),
                looks=0,
                look_at=0.0,
            )
            return Decision(code, doubt, lane.channel, lane.workspace)
        case Refused(Action.PLAIN | Action.FAULT):
            return _plainer(lane, post, outcome, now, jitter)
        case Refused():
            return _not_posted(lane, post, outcome, now, jitter)


def decide_look(lane: Lane, post: Post, outcome: LookOutcome, now: Now, *, jitter: float) -> Decision:
    """Say what a look for a post in doubt came to (P6)."""
    # A `Date` far ahead, once, would else put the deadline out of reach for ever.
    settle_by = min(post.settle_by, now.upper + POST_TIMEOUT + SETTLE_AT_MOST)
    post = replace(post, phase=Phase.DOUBT, doubted=True, settle_by=settle_by)
    match outcome:
        case Seen():
            return _looked(lane, post, outcome, now, jitter)
        case Unreadable(code) if post.may_repeat:  # the one repeat is out; a crash hid what came of it
            return Decision(code, None, _unproven(lane), lane.workspace, Fate.SETTLED, Result.POSSIBLE_REPEAT)
        case Unreadable(code):
            marked = replace(post, phase=Phase.READY, may_repeat=True)
            return Decision(code, marked, lane.channel, lane.workspace)
        case Refused(Action.WAIT, code, retry_after):
            return Decision(code, _later(post, now, retry_after, unread=code), lane.channel, lane.workspace)
        case Doubtful(code):
            return Decision(code, _later(post, now, unread=code), lane.channel, lane.workspace)
        case Refused():
            return _blocked(lane, replace(post, look_at=0.0), outcome, now, jitter)


def _looked(lane: Lane, post: Post, seen: Seen, now: Now, jitter: float) -> Decision:
    if seen.ts:
        again = len(post.attempts) > 1 or len(seen.ts) > 1
        found = _said(lane, post, "found", seen.ts[0], Result.ADOPTED, now=now, again=again)
        before = seen.ts[-1] < f"{lane.channel.since:.6f}"  # on its way when the place was closed (R6)
        return dataclasses.replace(found, channel=_unproven(lane)) if lane.channel.parked and before else found
    if seen.began.lower <= post.settle_by or seen.began.awake <= post.awake_by:
        return Decision("not found yet", _later(post, now), lane.channel, lane.workspace)
    lane = dataclasses.replace(lane, channel=replace(lane.channel, probe_at=0.0))  # it can be read: go on at once
    ready = replace(post, phase=Phase.READY, may_repeat=False, unread="")
    if post.odd >= (1 if lane.channel.parked else ODD_AT_MOST):
        return _plainer(lane, ready, Refused(Action.FAULT, post.refusal), now, jitter)
    return Decision("not found", ready, lane.channel, lane.workspace)


def decide_audit(lane: Lane, post: Post, outcome: LookOutcome, now: Now) -> Decision:
    """Say what an audit came to (P7): keep the first of twins, name the others for deletion, look again after that."""
    last = isinstance(outcome, Unreadable) or post.looks >= AUDITS_AT_MOST
    if isinstance(outcome, Refused) and outcome.action is Action.WAIT:  # no try: many pages meet many limits
        asked = min(outcome.retry_after or 0.0, RETRY_AFTER_AT_MOST)
        return Decision(outcome.code, _audit(post, post.ts, now, post.looks, asked), lane.channel, lane.workspace)
    if not isinstance(outcome, Seen):
        later = None if last else _audit(post, post.ts, now, post.looks + 1)
        return Decision("audit given up" if last else outcome.code, later, lane.channel, lane.workspace)
    first, *twins = outcome.ts or ("",)
    if not twins:
        return Decision("audited", None, lane.channel, lane.workspace)
    again = None if last else _audit(post, first, now, post.looks + 1)
    return Decision("twins", again, lane.channel, lane.workspace, ts=first, twins=tuple(twins))


def decide_open(lane: Lane, outcome: Refused, now: Now, *, jitter: float) -> Decision:
    """Say what follows when a person's conversation could not be opened; nothing was sent (P9)."""
    return _blocked(lane, None, outcome, now, jitter)


def _said(lane: Lane, post: Post, note: str, ts: str, result: Result, *, now: Now, again: bool) -> Decision:
    """It stands in the channel: the lane is open, and what waited while it was parked is drained (P14)."""
    drain_to = lane.queue[-1].seq if lane.channel.parked and lane.queue else lane.channel.drain_to
    due = now.lower if lane.queue else 0.0
    channel = Channel(lane.channel.to, drain_to=drain_to, given_up=lane.channel.given_up, due=due)
    workspace = replace(lane.workspace, failures=0, why="")
    audit = _audit(post, ts, now, 0) if again else None
    return Decision(note, audit, channel, workspace, Fate.SETTLED, result, ts)


def _unproven(lane: Lane) -> Channel:
    """Return the channel after a post whose end does not show that the place is open: a parked one is probed on.

    With nothing left to probe it with, it is taken for open, unless Slack is asked after it (R6).
    """
    channel = lane.channel
    return channel if lane.queue or shuts_out(channel.parked) else opened(channel)


def opened(channel: Channel) -> Channel:
    """Return it as no longer parked, though nothing was said there yet."""
    if not channel.parked:
        return channel
    return replace(channel, parked="", since=0.0, code_since=0.0, probe_at=0.0, failures=0, elsewhere=0.0)


def _audit(post: Post, ts: str, now: Now, looks: int, asked: float = 0.0) -> Post:
    delay = max(_growing(AUDIT_AFTER, looks, PROBE_AT_MOST), asked)
    return replace(post, phase=Phase.AUDIT, ts=ts, looks=looks, look_at=now.upper + delay)


def _later(post: Post, now: Now, retry_after: float | None = None, *, unread: str = "") -> Post:
    """Look again with back-off; one look is placed just behind the deadline (P6)."""
    delay = _growing(0.5, post.looks, LOOK_AGAIN_AT_MOST)
    if retry_after is not None:  # at least the back-off, since a server may ask for 0, and at most an hour
        delay = min(max(delay, retry_after), RETRY_AFTER_AT_MOST)
    look_at = now.lower + delay
    if retry_after is None and now.lower <= post.settle_by < look_at:
        look_at = post.settle_by + AFTER_DEADLINE
    return replace(post, looks=post.looks + 1, look_at=look_at, unread=unread)


def _plainer(lane: Lane, post: Post, outcome: Refused, now: Now, jitter: float) -> Decision:
    """Try the next rung. On the last one a refused form is given up; a fault parks, and is tried anew from the first.

    A post that was in doubt keeps its key and members over a park, since it may still turn up (P6).
    """
    last = post.rung >= LAST_RUNG
    if last and outcome.action is Action.PLAIN:
        channel = lane.channel
        if channel.parked and not lane.queue:  # word of the loss is the next probe, and not at once
            channel = parked(channel, channel.parked, now, jitter)
        return Decision(outcome.code, None, channel, lane.workspace, Fate.SETTLED, Result.DROPPED)
    phase = Phase.DOUBT if post.doubted and post.phase is Phase.SENDING else Phase.READY
    rung = 0 if last else post.rung + 1
    again = replace(post, phase=phase, rung=rung, odd=0, may_repeat=False, looks=0, look_at=0.0)
    if last:
        return _blocked(lane, again if post.doubted else None, outcome, now, jitter)
    return Decision(outcome.code, again, lane.channel, lane.workspace)


def _not_posted(lane: Lane, post: Post, outcome: Refused, now: Now, jitter: float) -> Decision:
    """Known not to be posted: the post dissolves, unless an earlier request for it was ambiguous (P5)."""
    kept = replace(post, phase=Phase.DOUBT, may_repeat=False, looks=0, look_at=0.0) if post.doubted else None
    return _blocked(lane, kept, outcome, now, jitter)


def _blocked(lane: Lane, post: Post | None, outcome: Refused, now: Now, jitter: float) -> Decision:
    """Wait, park or stop (P8, P14, P15)."""
    channel, workspace = lane.channel, lane.workspace
    match outcome.action:
        case Action.WAIT if outcome.everywhere:
            workspace = _waiting(workspace, outcome, now, jitter)
        case Action.WAIT:
            channel = _waiting(channel, outcome, now, jitter)
        case Action.STOP:
            workspace = parked(workspace, outcome.code, now, jitter)
        case _:
            channel = parked(channel, outcome.code, now, jitter)
    return Decision(outcome.code, post, channel, workspace, Fate.HELD if post else Fate.QUEUED)


def _waiting(channel: Channel, outcome: Refused, now: Now, jitter: float) -> Channel:
    back_off = _growing(1.0, channel.failures, WAIT_AT_MOST) * (0.5 + jitter / 2)
    delay = min(back_off if outcome.retry_after is None else outcome.retry_after, RETRY_AFTER_AT_MOST)
    return replace(channel, until=now.upper + delay, retry_after=delay, why=outcome.code, failures=channel.failures + 1)


def parked(channel: Channel, code: str, now: Now, jitter: float) -> Channel:
    """Park it, or park it on after a probe that failed: the next probe comes later each time (P14)."""
    failures = channel.failures + 1
    delay = _growing(5.0, failures, PROBE_AT_MOST) * (0.75 + jitter / 4)
    known = channel if channel.parked else replace(channel, since=now.lower, elsewhere=0.0)
    code_since = known.code_since if known.code_since and known.parked == code else now.lower
    return replace(known, parked=code, code_since=code_since, failures=failures, probe_at=now.upper + delay)


def _growing(first: float, tries: int, most: float) -> float:
    """Double with every try, up to `most`. After a week of tries 2.0**tries is no float any more."""
    return min(first * 2.0 ** min(tries, 16), most)


def decide_probe(workspace: Channel, outcome: object, now: Now, *, jitter: float) -> Channel:
    """Say what a probe of a stopped workspace came to (P15). Refusals go on growing until something is said.

    An answer that refuses nothing leaves the reason as it was.
    """
    if isinstance(outcome, Refused | Doubtful):
        stops = isinstance(outcome, Refused) and outcome.action is Action.STOP
        again = parked(workspace, outcome.code if stops else workspace.parked, now, jitter)
        asked = (outcome.retry_after or 0.0) if isinstance(outcome, Refused) else 0.0
        return replace(again, probe_at=max(again.probe_at, now.upper + min(asked, RETRY_AFTER_AT_MOST)))
    return replace(workspace, parked="", since=0.0, probe_at=0.0)
