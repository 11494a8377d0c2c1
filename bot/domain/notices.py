"""What the bot says about itself after a poll: it watches, it was blind, it was away (rules D3, D11).

Pure like detection: from the memory's meta and how the poll went to the next meta and the notices due.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import Meta

ALIVE_EVERY: Final = 60.0  # seconds between two last-alive marks, at most (D11)


@dataclass(frozen=True, slots=True)
class Health:
    """How the polls of this process went. Times are Unix seconds on the API's clock."""

    now: float
    good: bool
    trouble: str = ""
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
    others: Iterable[str] = (),
) -> tuple[Meta, list[tuple[str, Notice]]]:
    """Return the next meta and who is told what; `counts`: listed tasks by state.

    `channels` are those of PREWARM_CHANNEL; `others` have subscribed, and are told of gaps alone.
    """
    channels = tuple(channels)
    everybody = tuple(dict.fromkeys((*channels, *others)))
    if not health.good:
        return _blind(meta, health, everybody, blind_after)
    meta, gap = _gap(meta, health, blind_after)
    blind = gap is not None and gap.kind is NoticeKind.SIGHTED  # told to all, so its end is, too
    unaware = () if blind else set(channels) - set(meta.greeted)
    told = [(to, gap) for to in everybody if gap is not None and to not in unaware]
    meta, greetings = _greet(meta, health.now, channels, counts)
    return _alive(meta, health.now, blind_after), told + greetings


def stopped(meta: Meta, now: float, good_time: float) -> Meta:
    """Return the meta that a clean stop leaves, for a bot whose last poll was good at `good_time`."""
    return replace(meta, alive_at=good_time, stopped_at=now)


def _alive(meta: Meta, now: float, blind_after: float) -> Meta:
    """Renew the mark of being alive, often enough that a kill and a quick restart are no absence, and no more often."""
    every = min(ALIVE_EVERY, blind_after / 4)
    if meta.stopped_at is None and meta.alive_at is not None and 0 <= now - meta.alive_at < every:
        return meta
    return replace(meta, alive_at=now, stopped_at=None)


def _blind(
    meta: Meta, health: Health, channels: tuple[str, ...], blind_after: float
) -> tuple[Meta, list[tuple[str, Notice]]]:
    if meta.blind_since is not None or health.blind_for < blind_after:
        return meta, []
    notice = Notice(NoticeKind.BLIND, health.now, since=health.unseen_since, why=health.trouble)
    return replace(meta, blind_since=health.unseen_since), [(channel, notice) for channel in channels]


def _gap(meta: Meta, health: Health, blind_after: float) -> tuple[Meta, Notice | None]:
    """Say once that a gap is over, whether the list could not be read or the bot was not running.

    Without a count: polls that broke off told endings during the gap, and a task that is not listed may have ended.
    """
    if meta.blind_since is not None:
        return replace(meta, blind_since=None), Notice(NoticeKind.SIGHTED, health.now, since=meta.blind_since)
    last = meta.alive_at if meta.stopped_at is None else meta.stopped_at
    away = health.first and last is not None and health.now - last > blind_after
    if not away or meta.baseline_at is None:
        return meta, None
    return meta, Notice(NoticeKind.AWAY, health.now, since=last)


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
