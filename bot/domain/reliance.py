"""Who relies on a recipient's lane, and what goes when nobody does (rule P18)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain import queue
from bot.domain.fact import Fact, Notice, NoticeKind
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import WORKSPACE, Channel, Phase
from bot.domain.subscription import is_person

# What Slack says of a person, and not of our scopes, the app or the moment: nothing that we mend brings them back.
GONE: Final = frozenset({"user_disabled", "user_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True)
class Left:
    """A recipient that nobody relies on any more, or that left: what was given up, and the watches that ended."""

    to: str
    why: str  # Slack's code
    since: float  # parked since then, Unix seconds on Slack's clock
    dropped: int  # deliveries
    watches: tuple[str, ...]  # their numbers


def forsaken(memory: Memory, standing: Collection[str], now: float, keep: float) -> tuple[Left, ...]:
    """Name the closed lanes that may go. `standing`: channels of PREWARM_CHANNEL; `keep`: PREWARM_KEEP_DAYS in seconds.

    A lane that works is never among them (D10), nor is one that a quiet holds or a request is out for.
    """
    closed = (each for each in memory.channels.values() if each.parked and each.to not in (WORKSPACE, *memory.mutes))
    return tuple(_left(memory, each) for each in closed if _may_go(memory, each, standing, now, keep))


def _may_go(memory: Memory, channel: Channel, standing: Collection[str], now: float, keep: float) -> bool:
    lane, asked_for = queue.lane_of(memory, channel.to), _asked_for(memory, channel.to)
    if lane.post is not None and lane.post.phase is Phase.SENDING:
        return False
    if not is_person(channel.to) and (asked_for or channel.to in standing):
        return False
    if not (lane.queue or lane.post or asked_for):
        return True
    if channel.probe_at <= now:  # since the start, or the last try, nobody has asked whether it still is closed
        return False
    if not is_person(channel.to):
        return True
    news = any(not isinstance(each.fact, Notice) for each in memory.waiting.get(channel.to, ()))
    return channel.parked in GONE and (now - channel.code_since > keep or not (asked_for or news))


def _left(memory: Memory, channel: Channel) -> Left:
    given_up = [each.fact for each in memory.waiting.get(channel.to, ()) if not _is_about_leaving(each.fact)]
    before = sum(channel.given_up.values())
    dropped = before + sum(sum(fact.counts.values()) if queue.is_about_drops(fact) else 1 for fact in given_up)
    return Left(channel.to, channel.parked, channel.since, dropped, _asked_for(memory, channel.to))


def let_go(memory: Memory, gone: Iterable[Left], operators: Collection[str], now: float) -> Changes:
    """Give up what is queued for these, end their own watches, forget their lanes, and tell operators of the loss."""
    changes = Changes()
    closed = {each.to for each in memory.channels.values() if each.parked}
    for each in gone:
        changes = changes.then(queue.forget(memory.after(changes), each.to, now))
        changes = changes.then(Changes(subscriptions=dict.fromkeys(each.watches)))
        if each.dropped or each.watches:
            counts = {"dropped": each.dropped, "watches": len(each.watches)}
            notice = Notice(NoticeKind.GIVEN_UP, now, since=each.since, why=each.why, about=each.to, counts=counts)
            told = [(to, notice, False) for to in operators if to not in closed]
            changes = changes.then(queue.enqueue(memory.after(changes), told, now))
    return changes


def _asked_for(memory: Memory, to: str) -> tuple[str, ...]:
    return tuple(number for number, each in memory.subscriptions.items() if each.to == to)


def _is_about_leaving(fact: Fact) -> bool:
    """Word of another loss is no loss: two operators who both left would else tell each other for ever."""
    return isinstance(fact, Notice) and fact.kind is NoticeKind.GIVEN_UP
