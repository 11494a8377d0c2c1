"""What the bot says about itself after a poll: it watches, it was blind, it was away (rules D3, D11).

Pure like detection: from the memory's meta and how the poll went to the next meta and the notices due.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from bot.domain.errors import Trouble
from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import Meta

ALIVE_EVERY: Final = 60.0  # seconds between two last-alive marks, at most (D11)


@dataclass(frozen=True, slots=True)
class Health:
    """How the polls of this process went. Times are Unix seconds on the API's clock."""

    now: float
    good: bool
    trouble: Trouble | str = ""
    first: bool = False  # the first good poll of this process
    unseen_since: float = 0.0  # the last good poll, of this process or an earlier one
    blind_for: float = 0.0  # seconds without a good poll in this process


def notices(
    meta: Meta,
    health: Health,
    channels: Iterable[str],
    counts: Callable[[], Mapping[str, int]],
    *,
    blind_after: float,
    interval: float,
    others: Iterable[str] = (),
) -> tuple[Meta, list[tuple[str, Notice]]]:
    """Return the next meta and who is told what; `counts`: listed tasks by state.

    `channels` are those of PREWARM_CHANNEL; `others` have subscribed, and are told of gaps alone. `blind_after`, and
    `interval` from one poll to the next, in seconds.
    """
    channels = tuple(channels)
    everybody = tuple(dict.fromkeys((*channels, *others)))
    if not health.good:
        meta, told = _blind(meta, health, everybody, blind_after)
        return _marked(meta, health, blind_after), told
    meta, gap = _gap(meta, health, max(blind_after, 2 * interval))  # the last mark may be as old as an interval
    blind = gap is not None and gap.kind is NoticeKind.SIGHTED  # told to all, so its end is, too
    unaware = () if blind else set(channels) - set(meta.greeted)
    told = [(to, gap) for to in everybody if gap is not None and to not in unaware]
    meta, greetings = _greet(meta, health.now, channels, counts)
    return _marked(meta, health, blind_after), told + greetings


def marked(meta: Meta, now: float, *, good: bool) -> Meta:
    """Return the meta with the mark of being alive: of a poll, or of a clean stop. `good`: the last poll was."""
    return replace(meta, alive_at=now, ran_at=None) if good else replace(meta, ran_at=now)


def _marked(meta: Meta, health: Health, blind_after: float) -> Meta:
    """Renew the mark often enough that a kill and a quick restart are no absence, and no more often."""
    last = _ran_until(meta)
    fresh = last is not None and 0 <= health.now - last < min(ALIVE_EVERY, blind_after / 4)
    sees_again = health.good and meta.ran_at is not None
    return meta if fresh and not sees_again else marked(meta, health.now, good=health.good)


def _ran_until(meta: Meta) -> float | None:
    return meta.alive_at if meta.ran_at is None else meta.ran_at


def _blind(
    meta: Meta, health: Health, channels: tuple[str, ...], blind_after: float
) -> tuple[Meta, list[tuple[str, Notice]]]:
    if meta.blind_since is not None or health.blind_for < blind_after:
        return meta, []
    why = health.trouble
    trouble, why = (why, "") if isinstance(why, Trouble) else (None, why)
    notice = Notice(NoticeKind.BLIND, health.now, since=health.unseen_since, why=why, trouble=trouble)
    return replace(meta, blind_since=health.unseen_since), [(channel, notice) for channel in channels]


def _gap(meta: Meta, health: Health, blind_after: float) -> tuple[Meta, Notice | None]:
    """Say once that a gap is over, whether the list could not be read or the bot was not running.

    Without a count: polls that broke off told endings during the gap, and a task that is not listed may have ended.
    """
    if meta.blind_since is not None:
        return replace(meta, blind_since=None), Notice(NoticeKind.SIGHTED, health.now, since=meta.blind_since)
    ran_until, started = _ran_until(meta), health.now - health.blind_for
    if not health.first or meta.baseline_at is None or meta.alive_at is None or ran_until is None:
        return meta, None
    if started - ran_until > blind_after:
        return meta, Notice(NoticeKind.AWAY, health.now, since=ran_until)
    if health.now - meta.alive_at > blind_after:  # a restart amid an outage of the list: no process saw all of it
        return meta, Notice(NoticeKind.SIGHTED, health.now, since=meta.alive_at)
    return meta, None


def _greet(
    meta: Meta, now: float, channels: tuple[str, ...], counts: Callable[[], Mapping[str, int]]
) -> tuple[Meta, list[tuple[str, Notice]]]:
    """Greet each channel once the baseline stands (D3); another account or a lost memory greets all anew (D1)."""
    new = [channel for channel in channels if channel not in meta.greeted]
    if meta.baseline_at is None or not new:
        return meta, []
    damaged = meta.greeting == NoticeKind.DAMAGED.value
    counted = meta.gone if damaged else dict(counts())
    notice = Notice(NoticeKind(meta.greeting), now, about=meta.lost, counts=counted)
    said = replace(meta, greeted=(*meta.greeted, *new), greeting=NoticeKind.HELLO.value, lost="", gone={})
    return said, [(each, notice) for each in new]
