"""The outbox as part of the memory: each function takes a Memory and returns the Changes of one atomic step (D10, P).

Nothing here decides what an outcome means (`verdict.py` does); here it is written down.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeGuard

from msgspec.structs import replace

from bot.domain.fact import Fact, Notice, NoticeKind, Stuck
from bot.domain.lane import Lane
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import WORKSPACE, Attempt, Channel, Delivery, GivenUp, Now, Phase, Post, Result, Settled
from bot.domain.task import Task
from bot.domain.verdict import LOOK_BACK, POST_TIMEOUT, RETRY_AFTER_AT_MOST, Decision, Fate, opened

QUEUED_AT_MOST: Final = 10_000  # per recipient (P16)
HANDLED_FOR: Final = 1800.0  # seconds an event's ID is remembered; Slack repeats for about five minutes
DAY: Final = 86_400.0  # seconds
FIRST_KEPT, LAST_KEPT = 5, 15  # attempts that are remembered of each delivery
NO_ANSWER: Final = "no answer"  # the outcome of an attempt until one is known, for ever after a crash


def lane_of(memory: Memory, to: str) -> Lane:
    """Return all that matters to one recipient."""
    posts = [post for post in memory.posts.values() if post.to == to]
    held = {seq for post in posts for seq in post.members}
    return Lane(
        channel=memory.channels.get(to, Channel(to)),
        workspace=memory.channels.get(WORKSPACE, Channel(WORKSPACE)),
        queue=tuple(each for each in memory.waiting.get(to, ()) if each.seq not in held),
        post=next((post for post in posts if post.holds_lane), None),
        audits=tuple(post for post in posts if not post.holds_lane),
        mute=memory.mutes.get(to),
    )


def busy(memory: Memory) -> set[str]:
    """Return every recipient that has something queued, in flight, in doubt or to be audited, or a quiet to end."""
    return memory.waiting.keys() | {post.to for post in memory.posts.values()} | memory.mutes.keys()


def depth(memory: Memory) -> int:
    """Return how many deliveries are not settled."""
    return sum(map(len, memory.waiting.values()))


def enqueue(memory: Memory, told: Iterable[tuple[str, Fact, bool]], now: float) -> Changes:
    """Queue facts: (recipient, fact, whether it belongs to this step's batch of late listings)."""
    seq = first = memory.meta.seq + 1
    new: dict[int, Delivery | None] = {}
    for to, fact, late in told:
        new[seq] = Delivery(seq, to, fact, now, batch=first if late else 0)
        seq += 1
    if not new:
        return Changes()
    changes = Changes(meta=replace(memory.meta, seq=seq - 1), deliveries=new)
    return changes.then(_over_limit(memory.after(changes), {each.to for each in new.values() if each}, now))


def form(memory: Memory, members: tuple[Delivery, ...], conversation: str, now: Now, settle: float) -> Post:
    """Return a new post for these members, as it stands when its first request goes out (P4)."""
    seqs = tuple(each.seq for each in members)
    draft = Post(f"{memory.meta.store}:{seqs[0]}", members[0].to, conversation, seqs, now.lower - LOOK_BACK, 0.0)
    return sending(draft, now, settle)


def sending(post: Post, now: Now, settle: float) -> Post:
    """Return the post as it stands when one more request for it goes out."""
    return replace(
        post,
        phase=Phase.SENDING,
        attempts=_kept((*post.attempts, Attempt(now.upper, NO_ANSWER))),
        settle_by=now.upper + POST_TIMEOUT + settle,
        awake_by=now.awake + POST_TIMEOUT + settle,
        looks=0,
        look_at=0.0,
    )


def answered(post: Post, note: str) -> Post:
    """Return the post with the outcome of its last attempt noted."""
    return replace(post, attempts=(*post.attempts[:-1], replace(post.attempts[-1], outcome=note)))


def conclude(memory: Memory, lane: Lane, post: Post | None, decision: Decision, now: Now) -> Changes:
    """Write a decision down: the post, its members, the channel and the workspace change together."""
    posts = {} if post is None else {post.key: decision.post}
    channels: dict[str, Channel | None] = {}
    for old, new in ((lane.channel, decision.channel), (lane.workspace, decision.workspace)):
        if old != new:
            channels[new.to] = None if new == Channel(new.to) else new
    deliveries = {} if post is None else _members(memory, post, decision, now)
    stored = {to: row for to, row in channels.items() if row is not None or to in memory.channels}
    changes = Changes(posts=posts, channels=stored, deliveries=deliveries)
    if decision.fate is Fate.SETTLED:
        members = [memory.deliveries[seq] for seq in deliveries]
        changes = changes.then(_consequences(memory.after(changes), lane.channel.to, members, decision, now))
    return changes if post is None else changes.then(put_away(memory.after(changes), post.members))


def _consequences(memory: Memory, to: str, members: list[Delivery], decision: Decision, now: Now) -> Changes:
    """Count what was given up or may have been said twice; say what was given up where that is possible (P9, P16)."""
    changes = Changes()
    unprobed = decision.channel.parked != "" and not memory.waiting.get(
        to
    )  # word of what was given up is the next probe
    if decision.result is Result.DROPPED:
        changes = _counted(memory, members, GivenUp.REFUSED)
        if any(is_about_drops(each.fact) for each in members) and not unprobed:
            return changes  # not even that can be said here now: with the next thing that can
    if repeats := sum(_ended(memory, each.seq) is Result.POSSIBLE_REPEAT for each in members):
        meta = replace(memory.meta, repeats=memory.meta.repeats + repeats, repeated_at=now.lower)
        changes = Changes(meta=meta)
    return changes.then(_dropped_notice(memory.after(changes), to, now.lower, parked=unprobed))


def _ended(memory: Memory, seq: int) -> Result | None:
    settled = memory.deliveries[seq].settled
    return None if settled is None else settled.result


def put_away(memory: Memory, seqs: Iterable[int], before: float = 0.0) -> Changes:
    """Move to the archive what nothing can change any more: what is settled and in no post (an audit may move it).

    A message that calls a task stuck is edited when that task ends, so it waits for that, or until it was settled
    before `before`.
    """
    held = {seq for post in memory.posts.values() for seq in post.members}
    rows = [memory.deliveries[seq] for seq in seqs if seq in memory.deliveries and seq not in held]
    hanging = _hanging(memory) if any(isinstance(each.fact, Stuck) for each in rows) else frozenset[str]()
    over = {
        each.seq: each
        for each in rows
        if each.settled is not None and (each.settled.key not in hanging or each.settled.at < before)
    }
    return Changes(deliveries=dict.fromkeys(over), archive=over)


def _hanging(memory: Memory) -> frozenset[str]:
    """Return the keys of messages that call a task stuck which has not ended."""
    said = [each for each in memory.deliveries.values() if each.settled is not None and each.settled.ts]
    return frozenset(
        each.settled.key
        for each in said
        if each.settled is not None and isinstance(each.fact, Stuck) and _goes_on(memory, each.fact.task)
    )


def _goes_on(memory: Memory, task: Task) -> bool:
    row = memory.tasks.get(task.id)
    return row is not None and row.gone_at is None and not row.task.has_ended


def forget(memory: Memory, to: str, now: float) -> Changes:
    """Give up all that is queued for a recipient, and forget its lane (P18); an audit goes on by itself (P7).

    Only how much it was is kept, to be said there should it ever work again (P16).
    """
    post = lane_of(memory, to).post
    tried = dict.fromkeys(post.members, post.attempts) if post is not None else {}
    waiting = memory.waiting.get(to, ())
    given_up = [replace(each, attempts=_kept((*each.attempts, *tried.get(each.seq, ())))) for each in waiting]
    changes = Changes(posts={} if post is None else {post.key: None})
    changes = changes.then(give_up(memory, given_up, now, GivenUp.LEFT))
    counts = memory.after(changes).channels.get(to, Channel(to)).given_up
    return changes.then(Changes(channels={to: Channel(to, given_up=counts) if counts else None}))


def rejoined(memory: Memory, to: str) -> Changes:
    """Probe a parked channel at once: the bot was invited (P14). With nothing to probe it with, believe that."""
    channel = memory.channels.get(to)
    if channel is None or not channel.parked:
        return Changes()
    lane = lane_of(memory, to)
    if lane.queue or lane.post or to == WORKSPACE:
        return Changes(channels={to: replace(channel, probe_at=0.0)})
    return Changes(channels={to: opened(channel)})


def recover(memory: Memory, now: Now, settle: float) -> Changes:
    """Make a loaded outbox ready: look for what is in doubt now, probe now, clamp waits (P6, P8).

    `awake_by` was counted on another process's clock, and the host may have stood still between its request and its
    end: on ours it counts anew, as if the request had just gone out.
    """
    posts = {
        post.key: replace(post, look_at=0.0, awake_by=now.awake + POST_TIMEOUT + settle)
        for post in memory.posts.values()
        if post.holds_lane
    }
    channels: dict[str, Channel | None] = {}
    for channel in memory.channels.values():
        clamp = now.upper + min(channel.retry_after, RETRY_AFTER_AT_MOST)
        ready = replace(channel, probe_at=0.0, until=min(channel.until, clamp))
        if ready != channel:
            channels[channel.to] = ready
    return Changes(posts=posts, channels=channels)


def expire(memory: Memory, now: float, keep: float) -> Changes:
    """Give up what waited longer than `keep` seconds, forget what was settled that many days ago (P16)."""
    held = {seq for post in memory.posts.values() for seq in post.members}
    old = [each for each in memory.deliveries.values() if each.settled is None and now - each.queued_at > keep]
    changes = give_up(memory, [each for each in old if each.seq not in held], now, GivenUp.OLD)
    for to in changes.channels:
        after = memory.after(changes)
        if not after.waiting.get(to):  # nothing is left that would find out when the channel works again
            changes = changes.then(_dropped_notice(after, to, now, parked=True))
    changes = changes.then(put_away(memory.after(changes), memory.deliveries, now - keep))
    if memory.meta.repeats and now - memory.meta.repeated_at > keep:
        meta = replace(memory.after(changes).meta, repeats=0, repeated_at=0.0)
        changes = changes.then(Changes(meta=meta))
    handled = {key: None for key, at in memory.handled.items() if now - at > HANDLED_FOR}
    return changes.then(Changes(handled=handled, forget_before=max(0.0, (now - keep) // DAY * DAY)))


def _members(memory: Memory, post: Post, decision: Decision, now: Now) -> Mapping[int, Delivery | None]:
    """Settle or free the members; what was tried for them is kept with each (people ask `why`)."""
    members = [memory.deliveries[seq] for seq in post.members if seq in memory.deliveries]
    if decision.fate is Fate.HELD:
        moved = decision.ts and decision.ts != post.ts  # an audit kept another twin
        return {each.seq: _moved(each, decision.ts) for each in members} if moved else {}
    settled = None
    if decision.result is not None:
        settled = Settled(decision.result, now.lower, post.conversation, decision.ts, post.key)
    return {
        each.seq: replace(each, attempts=_kept((*each.attempts, *post.attempts)), settled=_marked(each, settled))
        for each in members
    }


def _marked(delivery: Delivery, settled: Settled | None) -> Settled | None:
    """Return how it ended; what was sent with the mark may have been said twice."""
    if settled is None or not delivery.may_repeat or settled.result not in {Result.SENT, Result.ADOPTED}:
        return settled
    return replace(settled, result=Result.POSSIBLE_REPEAT)


def _kept(attempts: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    """Keep the first and the last ones: a channel that is out of reach for a month is tried thousands of times."""
    if len(attempts) <= FIRST_KEPT + LAST_KEPT:
        return attempts
    return (*attempts[:FIRST_KEPT], *attempts[-LAST_KEPT:])


def _moved(delivery: Delivery, ts: str) -> Delivery:
    return delivery if delivery.settled is None else replace(delivery, settled=replace(delivery.settled, ts=ts))


def _over_limit(memory: Memory, recipients: Iterable[str], now: float) -> Changes:
    changes = Changes()
    for to in recipients:
        if len(memory.waiting.get(to, ())) <= QUEUED_AT_MOST:
            continue
        queue = lane_of(memory, to).queue
        beyond = queue[: max(0, len(queue) - QUEUED_AT_MOST)]
        changes = changes.then(give_up(memory.after(changes), beyond, now, GivenUp.MANY))
    return changes


def give_up(memory: Memory, deliveries: Iterable[Delivery], now: float, why: GivenUp) -> Changes:
    """Give up deliveries that are in no post, and count them to be said where they were meant for."""
    given_up = list(deliveries)
    rows = {each.seq: replace(each, settled=Settled(Result.DROPPED, now)) for each in given_up}
    return Changes(deliveries=dict.fromkeys(rows), archive=rows).then(_counted(memory, given_up, why))


def _counted(memory: Memory, given_up: Iterable[Delivery], why: GivenUp) -> Changes:
    """Count what was given up; a lost word about drops counts as what it was about."""
    counts: dict[str, Counter[str]] = {}
    for each in given_up:
        about = each.fact.counts if is_about_drops(each.fact) else {why.value: 1}
        counts.setdefault(each.to, Counter()).update(about)
    channels = {to: memory.channels.get(to, Channel(to)) for to in counts}
    return Changes(
        channels={to: replace(row, given_up=dict(counts[to] + Counter(row.given_up))) for to, row in channels.items()}
    )


def is_about_drops(fact: Fact) -> TypeGuard[Notice]:
    """Whether it is word of what was given up: lost itself, it counts as that."""
    return isinstance(fact, Notice) and fact.kind is NoticeKind.DROPPED


def _dropped_notice(memory: Memory, to: str, now: float, *, parked: bool = False) -> Changes:
    """Say how many were dropped, once the channel works again (P16); `parked`: queue it for then."""
    channel = memory.channels.get(to)
    if channel is None or not channel.given_up or (channel.parked and not parked):
        return Changes()
    notice = Notice(NoticeKind.DROPPED, now, counts=channel.given_up)
    said = Changes(channels={to: replace(channel, given_up={})})
    return said.then(enqueue(memory, [(to, notice, False)], now))
