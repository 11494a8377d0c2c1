"""What is news in a sweep: memory + sweep + now → snapshots and transitions, each with a named reason (rules D).

`detect` reads like the rules: whose list is this (D1), is there a baseline (D3), what does each row say (D4, D5), what
is no longer there (D6), what may be forgotten (D9). It never looks at a clock: `now` is the API's time for ages, `tick`
a monotonic time for absences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

import msgspec.structs

from bot.domain.fact import Kind, News, NoticeKind, Transition
from bot.domain.failures import with_failures
from bot.domain.memory import Ending, Memory, Meta, Snapshot
from bot.domain.sweep import Sweep
from bot.domain.task import ACTIVE, FINAL, Task, TaskState

DAY: Final = 86_400.0
GOOD_ENOUGH: Final = 5  # good sweeps in a row that stand in for a complete one (D3, D6)
BEFORE_BASELINE: Final = 600.0  # seconds before the baseline from which an ending is a late listing (D4)
LATE_AFTER: Final = 180 * DAY  # since the end, for a late listing (D4)
FORGET_AFTER: Final = 180 * DAY  # since it was gone (D9)
ENOUGH_SEEN: Final = 2  # sweeps that show a task active make a new run of the same task credible (D5, D6)
MISSES: Final = 2  # sweeps in a row without a task until it is gone (D6)
MISSING_FOR: Final = 30.0  # seconds, likewise
EMPTY_MISSES: Final = 10  # the same while the whole list is empty
EMPTY_FOR: Final = 150.0


@dataclass(frozen=True, slots=True)
class Account:
    """Whose list it is: base URL without trailing slash, fingerprint of the API key (D1)."""

    url: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Absence:
    """A task that the last sweeps did not show: in how many that count, and when it was last listed (`tick`)."""

    misses: int
    listed_at: float


@dataclass(frozen=True, slots=True)
class Presence:
    """What detection remembers between sweeps without writing it down; a restart begins anew, which only delays."""

    at: float  # tick of the last sweep; at the start, of the load
    away: Mapping[str, Absence] = field(default_factory=dict)
    good: int = 0  # good sweeps in a row
    error: int | None = None  # of the last good sweep: by how many rows `total` was wrong
    same_error: int = 0  # good sweeps in a row with that error


@dataclass(frozen=True, slots=True)
class Detection:
    """What a sweep changes. `meta` is the memory's, changed where the account or the baseline did."""

    meta: Meta
    presence: Presence
    snapshots: Mapping[str, Snapshot | None] = field(default_factory=dict)
    transitions: tuple[Transition, ...] = ()
    anew: bool = False  # it is another account, and all that was known of tasks is forgotten (D1)


def detect(memory: Memory, presence: Presence, sweep: Sweep, account: Account, *, now: float, tick: float) -> Detection:
    """Compare a sweep with the memory. `now`: Unix seconds on the API's clock; `tick`: monotonic seconds."""
    presence = _counted(presence, sweep)
    whose = _whose(memory, presence, sweep, account)
    if whose is None:
        return Detection(memory.meta, replace(presence, at=tick))
    meta, anew = whose
    forgotten = dict.fromkeys(memory.tasks) if anew else {}
    known = {} if anew else memory.tasks
    rows, told = _rows(known, sweep, meta, now)
    told = with_failures(told, chain((old.task for old in known.values()), sweep.tasks.values()))
    absent, missed, away = _absent(known, presence, sweep, now, tick)
    if meta.baseline_at is None and (sweep.complete or presence.good >= GOOD_ENOUGH):
        meta = msgspec.structs.replace(meta, baseline_at=now)
    presence = replace(presence, at=tick, away=away)
    return Detection(meta, presence, {**forgotten, **rows, **absent}, (*told, *missed), anew)


def _counted(presence: Presence, sweep: Sweep) -> Presence:
    """Count good sweeps, and how often `total` was wrong by the same amount."""
    if not sweep.good:
        return replace(presence, good=0, same_error=0)
    same = presence.same_error + 1 if sweep.error == presence.error else 1
    return replace(presence, good=presence.good + 1, error=sweep.error, same_error=same)


def _whose(memory: Memory, presence: Presence, sweep: Sweep, account: Account) -> tuple[Meta, bool] | None:
    """Return the meta for this account and whether all begins anew; None while that is undecided (D1)."""
    meta = memory.meta
    here = msgspec.structs.replace(meta, url=account.url, fingerprint=account.fingerprint)
    anew = msgspec.structs.replace(here, baseline_at=None, greeting=NoticeKind.ACCOUNT.value, greeted=())
    if meta.url not in ("", account.url):
        return anew, True
    listed = {snapshot.task.id for snapshot in memory.listed()} if meta.fingerprint != account.fingerprint else set()
    if not meta.fingerprint or not listed:
        return (meta if here == meta else here), False
    if not sweep.listed or not (sweep.complete or presence.good >= GOOD_ENOUGH):
        return None
    return (here, False) if listed & sweep.listed else (anew, True)


# ---- rows (D3-D5) ---------------------------------------------------------------------------------------------------


def _rows(
    known: Mapping[str, Snapshot], sweep: Sweep, meta: Meta, now: float
) -> tuple[dict[str, Snapshot | None], list[Transition]]:
    snapshots: dict[str, Snapshot | None] = {}
    told: list[Transition] = []
    for task_id, task in sweep.tasks.items():
        old = known.get(task_id)
        if old is not None and old.task == task and _is_quiet(old):
            continue
        snapshot, transitions = _row(old, task, meta, now)
        if snapshot != old:
            snapshots[task_id] = snapshot
        told += transitions
    return snapshots, told


def _is_quiet(old: Snapshot) -> bool:
    """Whether seeing the same row once more changes nothing."""
    may_be_a_rerun = old.endings and old.task.state in ACTIVE  # whose sights are counted
    return old.gone_at is None and not may_be_a_rerun


def _row(old: Snapshot | None, task: Task, meta: Meta, now: float) -> tuple[Snapshot, list[Transition]]:
    if old is None:
        return _first(task, meta.baseline_at, now)
    created = task.created
    if created is None or old.created is None or created == old.created:
        return _again(old, task, now)
    if created < old.created:
        return old, []  # a stale answer
    # Before the baseline, too: whoever saw the old run unfinished has watched all of the new one (D3).
    since = meta.baseline_at if meta.baseline_at is not None or _ending(old.task) else float(old.created)
    snapshot, told = _first(task, since, now)
    return snapshot, [*_vanished(old, News.REPLACED, now), *told]


def _first(task: Task, since: float | None, now: float) -> tuple[Snapshot, list[Transition]]:
    """See a run for the first time: an ending is news (D4) if we watch `since` then, else of the baseline (D3)."""
    ending = _ending(task)
    if ending is None:
        return Snapshot(task, task.created), []
    snapshot = Snapshot(task, task.created, endings=(ending,))
    if since is None:
        return snapshot, []
    ended = task.completed or task.created
    late = ended is not None and ended < max(since - BEFORE_BASELINE, now - LATE_AFTER)
    return snapshot, [Transition(kind_of(task), News.LATE if late else News.NEW, task, now)]


def _again(old: Snapshot, task: Task, now: float) -> tuple[Snapshot, list[Transition]]:
    """See a known run again (D5)."""
    ending = _ending(task)
    same = msgspec.structs.replace(old, task=task, created=old.created or task.created, gone_at=None)
    if task.state != old.task.state:
        same = msgspec.structs.replace(same, since=max(now, float(same.created or now)))
    if ending is None:
        active = min(old.active + 1, ENOUGH_SEEN) if old.endings and task.state in ACTIVE else old.active
        return msgspec.structs.replace(same, active=active), []
    news = _news(old, ending)
    keep = ending not in old.endings and (news is not None or ending.state in FINAL)
    endings = (*old.endings, ending) if keep else old.endings
    same = msgspec.structs.replace(same, endings=endings, active=0, missed=old.missed and news is None)
    if news is None:
        return same, []
    return same, [Transition(kind_of(task), news, task, now, before=old.task.state, hung=_hung(old, task, now))]


def _hung(old: Snapshot, task: Task, now: float) -> float:
    """Return how long it was in the state in which it was told as stuck, until it ended."""
    if old.task.state not in old.stuck:
        return 0.0
    return max(0.0, (task.completed or now) - (old.since or old.created or now))


def _news(old: Snapshot, ending: Ending) -> News | None:
    """Return why this ending is news, or None; the letters are those of D5."""
    if not old.endings:
        return News.ENDED  # (a)
    if ending.state not in FINAL:
        return None
    last = old.endings[-1]
    unsettled = (ending.completed is None or last.completed is None) and old.active >= ENOUGH_SEEN
    if ending in old.endings:
        return News.AGAIN if unsettled and ending.completed is None else None
    fills_in = last.completed is None and last.state == ending.state
    if _is_later(ending, old.endings) and not fills_in:
        return News.LATER  # (b)
    if last.state != ending.state:
        return News.OTHER  # (c)
    return News.AGAIN if unsettled else None  # (d)


def _is_later(ending: Ending, endings: tuple[Ending, ...]) -> bool:
    return ending.completed is not None and all(
        known.completed is None or known.completed < ending.completed for known in endings
    )


def _ending(task: Task) -> Ending | None:
    """Return how the row says that its run ended, None while it has not."""
    return Ending(task.state, task.completed) if task.has_ended else None


def kind_of(task: Task) -> Kind:
    """Return the kind of ending that a row shows."""
    return {TaskState.SUCCEEDED.value: Kind.SUCCEEDED, TaskState.FAILED.value: Kind.FAILED}.get(task.state, Kind.ENDED)


# ---- absence (D6, D9) -----------------------------------------------------------------------------------------------


def _absent(
    known: Mapping[str, Snapshot], presence: Presence, sweep: Sweep, now: float, tick: float
) -> tuple[dict[str, Snapshot | None], list[Transition], dict[str, Absence]]:
    snapshots: dict[str, Snapshot | None] = {}
    told: list[Transition] = []
    away: dict[str, Absence] = {}
    for task_id in known.keys() - sweep.tasks.keys() - sweep.skipped:
        old = known[task_id]
        if old.gone_at is not None:
            if now - old.gone_at > FORGET_AFTER and _counts(presence, sweep):
                snapshots[task_id] = None
            continue
        absence = _missed(presence.away.get(task_id, Absence(0, presence.at)), presence, sweep)
        if not _is_gone(absence, presence, sweep, tick):
            away[task_id] = absence
            continue
        vanished = _vanished(old, News.VANISHED, now)
        snapshots[task_id] = msgspec.structs.replace(old, gone_at=now, missed=old.missed or bool(vanished))
        told += vanished
    return snapshots, told, away


def _counts(presence: Presence, sweep: Sweep) -> bool:
    """Whether the sweep can say that a task is absent."""
    trusted = sweep.error == 0 or (sweep.error is not None and presence.same_error >= GOOD_ENOUGH)
    return sweep.good and trusted and not sweep.nameless


def _missed(absence: Absence, presence: Presence, sweep: Sweep) -> Absence:
    return replace(absence, misses=absence.misses + 1) if _counts(presence, sweep) else absence


def _is_gone(absence: Absence, presence: Presence, sweep: Sweep, tick: float) -> bool:
    misses, seconds = (MISSES, MISSING_FOR) if sweep.listed else (EMPTY_MISSES, EMPTY_FOR)
    return _counts(presence, sweep) and absence.misses >= misses and tick - absence.listed_at >= seconds


def _vanished(old: Snapshot, news: News, now: float) -> list[Transition]:
    """Tell that a run is gone, unless its end is known or its vanishing was told."""
    if old.missed or (old.endings and old.active < ENOUGH_SEEN):
        return []
    return [Transition(Kind.GONE, news, old.task, now, before=old.task.state)]
