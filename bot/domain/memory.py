"""All that is remembered, and one atomic step of it (rules D10, S).

`Memory` is a frozen value: readers take a reference and need no lock. A `Changes` is the only way to another one; the
store applies it in one transaction, and only then does the next `Memory` take the place of this one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final

import msgspec

from bot.domain.outbox import Channel, Delivery, Post
from bot.domain.subscription import Mute, Subscription
from bot.domain.task import Task

SCHEMA: Final = 3  # 2 had no archive, 1 no subscriptions, quiets and languages either: they would drop them


class Ending(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An ending known of a run: told, or known from the baseline."""

    state: str
    completed: int | None = None


class Snapshot(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What is remembered of a task: its last row, and how its present run ended so far (D5)."""

    task: Task
    created: int | None = None  # identifies the run; kept when a row drops it
    endings: tuple[Ending, ...] = ()  # in the order they became known
    active: int = 0  # sweeps in which it was seen active since its last ending, counted up to 2
    missed: bool = False  # its vanishing was told (once per run, D6)
    gone_at: float | None = None  # absent since then (D6), None while listed
    since: float = 0.0  # in its state since then on the API's clock; 0: since its createTime
    stuck: tuple[str, ...] = ()  # the states of this run in which it was told as stuck


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """The one row about the memory as a whole. Times are Unix seconds on the API's clock."""

    store: str  # random, drawn when the store was created: the first half of every key (P2)
    seq: int = 0  # the last number given to a delivery or post
    url: str = ""  # base URL without trailing slash: names the account (D1)
    fingerprint: str = ""  # of the API key
    baseline_at: float | None = None  # None until the baseline (D3)
    greeting: str = "hello"  # the NoticeKind with which the next baseline is announced
    greeted: tuple[str, ...] = ()  # channels that had their hello
    lost: str = ""  # the file that a damaged store was moved to, said in the greeting
    gone: dict[str, int] = {}  # of it, rows that could not be read, by table; said in the greeting, too
    alive_at: float | None = None  # until then at least the bot ran and could read the list (D11)
    ran_at: float | None = None  # until then at least it ran, where that is later: it could not read the list
    blind_since: float | None = None  # the channels were told that we have not seen the list since then
    subscriptions: int = 0  # the last number given to a subscription
    repeats: int = 0  # deliveries that may have been said twice (P9), until the last of them is forgotten
    repeated_at: float = 0.0  # the last of them, on Slack's clock


@dataclass(frozen=True)
class Changes:
    """One atomic step. A value of None deletes the row. The archive is written here and is no part of the memory."""

    meta: Meta | None = None
    tasks: Mapping[str, Snapshot | None] = field(default_factory=dict)
    deliveries: Mapping[int, Delivery | None] = field(default_factory=dict)
    posts: Mapping[str, Post | None] = field(default_factory=dict)
    channels: Mapping[str, Channel | None] = field(default_factory=dict)
    handled: Mapping[str, float | None] = field(default_factory=dict)
    subscriptions: Mapping[str, Subscription | None] = field(default_factory=dict)
    mutes: Mapping[str, Mute | None] = field(default_factory=dict)
    languages: Mapping[str, str | None] = field(default_factory=dict)
    archive: Mapping[int, Delivery] = field(default_factory=dict)  # settled for good
    forget_before: float = 0.0  # what was settled before this midnight (UTC, Unix seconds) leaves the archive

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return any(getattr(self, f.name) for f in fields(self))

    def then(self, later: "Changes") -> "Changes":
        """Return both as one step; where they touch the same row, the later one counts."""
        rows = {name: {**getattr(self, name), **getattr(later, name)} for name in (*TABLES, "archive")}
        forget_before = max(self.forget_before, later.forget_before)
        return Changes(meta=later.meta or self.meta, forget_before=forget_before, **rows)


@dataclass(frozen=True)
class Memory:
    """Everything the store holds but the archive. Deliveries are in the order of their numbers."""

    meta: Meta
    tasks: Mapping[str, Snapshot] = field(default_factory=dict)
    deliveries: Mapping[int, Delivery] = field(default_factory=dict)  # not settled, or what may still change
    posts: Mapping[str, Post] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    handled: Mapping[str, float] = field(default_factory=dict)  # Slack's event and trigger IDs acted on, and when
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)  # by their number
    mutes: Mapping[str, Mute] = field(default_factory=dict)  # by recipient
    languages: Mapping[str, str] = field(default_factory=dict)  # chosen, by channel or person

    def after(self, changes: Changes) -> "Memory":
        """Return the memory that follows; what did not change is shared."""
        new: dict[str, Any] = {}
        if not changes:
            return self
        if changes.meta is not None:
            new["meta"] = changes.meta
        for name in TABLES:
            if rows := getattr(changes, name):
                new[name] = _merged(getattr(self, name), rows)
        return replace(self, **new)

    @cached_property
    def waiting(self) -> Mapping[str, tuple[Delivery, ...]]:
        """The deliveries that are not settled, by recipient, in the order of their numbers."""
        waiting: dict[str, list[Delivery]] = {}
        for each in self.deliveries.values():
            if each.settled is None:
                waiting.setdefault(each.to, []).append(each)
        # The summary of a quiet takes a number that was kept for it, and so comes out of turn.
        return {to: tuple(sorted(rows, key=lambda each: each.seq)) for to, rows in waiting.items()}

    def listed(self) -> Iterator[Snapshot]:
        """Yield the tasks that the list showed when it was last read."""
        return (snapshot for snapshot in self.tasks.values() if snapshot.gone_at is None)


TABLES: Final = ("tasks", "deliveries", "posts", "channels", "handled", "subscriptions", "mutes", "languages")


def _merged(old: Mapping[Any, Any], rows: Mapping[Any, Any]) -> dict[Any, Any]:
    merged = {**old, **rows}
    for key in [key for key, row in rows.items() if row is None]:
        del merged[key]
    return merged
