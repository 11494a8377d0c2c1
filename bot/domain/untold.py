"""Who cannot be told, since when and why: one value per recipient, read off the memory (rule P17).

Health, answers, metrics and the word in another place all read this one, so that they cannot disagree.
"""

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from bot.domain import queue
from bot.domain.fact import Notice, NoticeKind
from bot.domain.lane import Lane
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import WORKSPACE, Channel

PROBLEM_AFTER: Final = 60.0  # seconds
ELSEWHERE_AFTER: Final = 600.0  # seconds until it is said in another place; at once for a place that is parked (P14)

_ELSEWHERE: Final = (NoticeKind.PARKED, NoticeKind.UNTOLD)


@dataclass(frozen=True, slots=True)
class Untold:
    """`to` has not been told what is due since `since` (Unix seconds on Slack's clock).

    `why` is Slack's code or our word for what came of a request, "" while the lane has met nothing yet.
    """

    to: str
    since: float
    why: str
    waiting: int  # deliveries
    stopped: bool  # the place, or all of Slack, refuses us: no matter of patience
    oldest: float | None  # since when its oldest delivery has been due; None: nothing is

    def lasts(self, now: float) -> bool:
        """Whether it is a problem by now, and not the moment that a message takes."""
        return self.stopped or now - self.since >= PROBLEM_AFTER


def untold(memory: Memory) -> tuple[Untold, ...]:
    """Return all who have something due or whose place is closed, those included to whom it is just being sent."""
    closed = {to for to, channel in memory.channels.items() if channel.parked and to != WORKSPACE}
    found = (untold_of(memory, to) for to in sorted(memory.waiting.keys() | closed))
    return tuple(each for each in found if each is not None)


def untold_of(memory: Memory, to: str) -> Untold | None:
    """Return the value of one recipient; None when nothing is due there, or people asked for quiet (R3)."""
    lane, waiting = queue.lane_of(memory, to), memory.waiting.get(to, ())
    if lane.mute is not None or not (waiting or lane.channel.parked):
        return None
    oldest = max(min(each.queued_at for each in waiting), lane.channel.due) if waiting else None
    closed = lane.channel.since if lane.channel.parked else None
    since = min(at for at in (oldest, closed) if at is not None)
    stopped = bool(lane.channel.parked or lane.workspace.parked)
    return Untold(to, since, _why(lane), len(waiting), stopped, oldest)


def _why(lane: Lane) -> str:
    if stopped := lane.workspace.parked or lane.channel.parked:
        return stopped
    if lane.post is not None and lane.post.unread:
        return lane.post.unread
    waits = lane.workspace if lane.workspace.until > lane.channel.until else lane.channel
    tried = lane.post.attempts[-1].outcome if lane.post is not None and lane.post.attempts else ""
    return waits.why or ("" if tried == queue.NO_ANSWER else tried)


def is_for_elsewhere(memory: Memory, each: Untold, now: float, began: float) -> bool:
    """Whether it is time to say in another place that a recipient cannot be told (P14).

    Nothing tells it while all of Slack takes nothing. A start, at `began`, gives the lanes their time anew.
    """
    channel = memory.channels.get(each.to, Channel(each.to))
    workspace = memory.channels.get(WORKSPACE, Channel(WORKSPACE))
    if channel.elsewhere or workspace.parked or workspace.until > now:
        return False
    return each.stopped or now - max(each.since, began) >= ELSEWHERE_AFTER


def tell_elsewhere(memory: Memory, each: Untold, others: tuple[str, ...], now: float) -> Changes:
    """Say in other places, once, that a recipient cannot be told (P14).

    What waits in it about yet another recipient would be read by nobody: it is told there, too.
    """
    kind = NoticeKind.PARKED if each.stopped else NoticeKind.UNTOLD
    notice = Notice(kind, now, since=each.since, why=each.why, about=each.to, counts={"waiting": each.waiting})
    queued = (delivery.fact for delivery in queue.lane_of(memory, each.to).queue)
    unread = [fact for fact in queued if isinstance(fact, Notice) and fact.kind in _ELSEWHERE]
    told = [(other, fact, False) for other in others for fact in (notice, *unread) if fact.about != other]
    said = replace(memory.channels.get(each.to, Channel(each.to)), elsewhere=now)
    return Changes(channels={each.to: said}).then(queue.enqueue(memory, told, now))
