"""What a lane may do next (rules P3, P4, P13, P14): asked before every request.

It knows no clock and does no I/O: `now` is Slack's now as bounds. What an outcome means is decided in `verdict.py`.
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.fact import Notice, NoticeKind
from bot.domain.outbox import Channel, Delivery, Now, Phase, Post
from bot.domain.subscription import Mute

SINGLY_AT_MOST: Final = 5  # due at once and still told one by one (P13)


@dataclass(frozen=True, slots=True)
class Lane:
    """All that matters to one recipient. `queue` is what is not in a post, oldest first."""

    channel: Channel
    workspace: Channel
    queue: tuple[Delivery, ...] = ()
    post: Post | None = None
    audits: tuple[Post, ...] = ()
    mute: Mute | None = None

    @property
    def heard(self) -> tuple[Delivery, ...]:
        """What of the queue may be told now: in a quiet only what came before it, and word of the quiet itself."""
        mute = self.mute
        if mute is None:
            return self.queue
        return tuple(each for each in self.queue if each.seq < mute.number or _is_about_quiet(each))


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing to do until something is queued or the workspace is back."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until`."""

    until: float


@dataclass(frozen=True, slots=True)
class Form:
    """Make a post of what fits of these and send it."""

    members: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Send:
    """Send this post (again)."""

    post: Post


@dataclass(frozen=True, slots=True)
class Look:
    """Read the history for this post's key."""

    post: Post


@dataclass(frozen=True, slots=True)
class Speak:
    """The quiet is over: say so, and tell what was missed."""

    mute: Mute


Step = Idle | Wait | Form | Send | Look | Speak


def next_step(lane: Lane, now: Now) -> Step:
    """Say what the lane may do now. "Has it passed" is asked of the lower bound (P4)."""
    if lane.mute is not None and lane.mute.until <= now.lower:
        return Speak(lane.mute)
    if lane.workspace.parked:
        return Idle()
    blocked = max(lane.channel.until, lane.workspace.until, lane.channel.probe_at)
    if now.lower < blocked:
        return Wait(blocked)
    if lane.post is not None:
        return _post_step(lane.post, now)
    return _free_step(lane, now)


def is_idle(lane: Lane) -> bool:
    """Whether nothing is due to the recipient now, and Slack takes requests: an edit holds nothing up (P10)."""
    return not (lane.workspace.parked or lane.channel.parked or lane.post or lane.heard)


def _free_step(lane: Lane, now: Now) -> Step:
    due = min(lane.audits, key=lambda audit: audit.look_at, default=None)
    if due is not None and due.look_at <= now.lower:
        return Look(due)
    if lane.heard:
        return Form(choose(lane.heard, lane.channel))
    later = [*([due.look_at] if due else []), *([lane.mute.until] if lane.mute else [])]
    return Wait(min(later)) if later else Idle()


def _post_step(post: Post, now: Now) -> Step:
    if post.phase is Phase.READY:
        return Send(post)
    # SENDING here means that nobody is sending: a crash left it so, and it is in doubt (P6).
    return Look(post) if post.look_at <= now.lower else Wait(post.look_at)


def choose(queue: tuple[Delivery, ...], channel: Channel) -> tuple[Delivery, ...]:
    """Choose what the next post tells (P13, P14, D4): one thing, or all that a digest may take."""
    first = queue[0]
    if isinstance(first.fact, Notice):
        return (first,)
    if first.batch:
        return tuple(delivery for delivery in queue if delivery.batch == first.batch)
    due = tuple(each for each in queue if isinstance(each.fact, type(first.fact)) and not each.batch)
    draining = bool(channel.parked) or first.seq <= channel.drain_to
    return due if draining or len(due) > SINGLY_AT_MOST else (first,)


def _is_about_quiet(delivery: Delivery) -> bool:
    return isinstance(delivery.fact, Notice) and delivery.fact.kind is NoticeKind.MUTED
