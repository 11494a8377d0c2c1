"""Quiet for a recipient: `mute` and its end, each one atomic step.

What is queued meanwhile waits in the outbox like behind a parked channel, so nothing is lost; at the end a summary
comes first, under a number that was kept for it, and what was missed follows as a dated digest.
"""

from msgspec.structs import replace

from bot.domain import queue
from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import Channel, Delivery
from bot.domain.subscription import Mute


def mute(memory: Memory, to: str, until: float, by: str, now: float, *, announced: bool = True) -> Changes:
    """Begin a quiet, or move the end of the present one, and say so there. Times on Slack's clock."""
    notice = Notice(NoticeKind.MUTED, now, by=by, until=until)
    told = queue.enqueue(memory, [(to, notice, False)] if announced else [], now)
    if (present := memory.mutes.get(to)) is not None:
        return told.then(Changes(mutes={to: replace(present, until=until, by=by)}))
    meta = memory.after(told).meta
    kept = replace(meta, seq=meta.seq + 1)
    return told.then(Changes(meta=kept, mutes={to: Mute(to, until, now, kept.seq, by)}))


def speak(memory: Memory, to: str, now: float, by: str = "") -> Changes:
    """End a quiet: by somebody, or ("") because its time is up."""
    present = memory.mutes.get(to)
    if present is None:
        return Changes()
    missed = missed_by(memory, present)
    notice = Notice(NoticeKind.UNMUTED, now, since=present.since, by=by, counts={"missed": len(missed)})
    channel = memory.channels.get(to, Channel(to))
    drained = {to: replace(channel, drain_to=max(channel.drain_to, missed[-1].seq), due=now)} if missed else {}
    summary = Delivery(present.number, to, notice, now)
    return Changes(mutes={to: None}, deliveries={summary.seq: summary}, channels=drained)


def missed_by(memory: Memory, present: Mute) -> tuple[Delivery, ...]:
    """Return what waits for the end of a quiet, oldest first."""
    lane = queue.lane_of(memory, present.to)
    heard = {each.seq for each in lane.heard}
    return tuple(each for each in lane.queue if each.seq not in heard)
