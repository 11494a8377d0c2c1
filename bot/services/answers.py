"""Answers people from the memory: ask the watcher for a poll, wait a moment, then read.

An answer always comes, and says how old what it says is (docs/decisions/answers-come-from-the-memory.md).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from msgspec.structs import replace

from bot.domain.answer import (
    Answer,
    AsOf,
    Blocked,
    Candidates,
    Delivered,
    Detail,
    Home,
    Listing,
    Overview,
    Status,
    Subscriptions,
    Told,
    Unknown,
    Why,
)
from bot.domain.fact import Kind, News, Transition
from bot.domain.failures import failure_times, failures_until
from bot.domain.filter import Filter, normal
from bot.domain.memory import Memory, Snapshot
from bot.domain.outbox import WORKSPACE, Delivery, Post
from bot.domain.queue import depth
from bot.domain.stuck import since
from bot.domain.subscription import Subscription, is_person, recipients
from bot.domain.task import ACTIVE, Task, TaskState
from bot.domain.untold import untold
from bot.rendering.permalink import permalink
from bot.services.ledger import Ledger
from bot.services.question import Asker
from bot.services.watcher import Watcher

PATIENCE: Final = 1.0  # seconds an answer waits for a fresh poll
FAILURES: Final = 3  # last failures in the overview
CANDIDATES: Final = 10

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the memory does not know of the bot's health."""

    version: str
    started: float  # Unix seconds
    connected: bool  # Socket Mode
    socket_trouble: str = ""
    workspace_url: str = ""  # for permalinks, "" until Slack has said who we are


class Answers:
    """Answers questions, once `refresh` has waited. None of its methods raises for what people typed."""

    def __init__(
        self,
        watcher: Watcher,
        ledger: Ledger,
        *,
        standing: tuple[Subscription, ...],
        operators: Collection[str],
        keep_days: float,
        vitals: Callable[[], Vitals],
        now: Callable[[], float],
        slack_now: Callable[[], float],
        tick: Callable[[], float],
    ) -> None:
        self._watcher, self._ledger, self._now, self._tick = watcher, ledger, now, tick
        self._slack_now = slack_now
        self._standing, self._keep_days, self._vitals = standing, keep_days, vitals
        self._operators = operators

    def refresh(self) -> None:
        """Have the memory be as new as a short wait allows."""
        self._watcher.refresh(PATIENCE)

    def as_of(self) -> AsOf:
        """Say how old the memory is."""
        watch = self._watcher.watch
        age = None if watch.good_at is None else max(0.0, self._tick() - watch.good_at)
        return AsOf(self._now(), age, watch.trouble)

    def overview(self) -> Overview:
        """Say what is going on."""
        as_of, memory = self._known()
        return _overview(as_of, memory)

    def listing(self, filter: Filter, page: int = 0) -> Listing:  # noqa: A002 - the domain's word
        """List the tasks that match."""
        as_of, memory = self._known()
        tasks = [snapshot.task for snapshot in memory.listed()]
        return Listing(as_of, filter, ordered(task for task in tasks if filter.matches(task)), len(tasks), page)

    def show(self, prefix: str, asker: Asker | None = None) -> Answer:
        """Show one task by its ID, cut short where that is unambiguous; those no longer listed are found, too."""
        as_of, memory = self._known()
        found = find(memory.tasks, prefix)
        if len(found) != 1:
            return _which(as_of, memory, prefix, found, "show")
        return detail(as_of, memory, found[0], asker)

    def why(self, prefix: str, asker: Asker) -> Answer:
        """Say what became of the notifications about a task: a channel's, and, where only they read it, the asker's."""
        as_of, memory = self._known()
        found = find(memory.tasks, prefix)
        if len(found) != 1:
            return _which(as_of, memory, prefix, found, "why")
        about = self._ledger.deliveries_about(found[0].task.id)
        told = delivery_log(memory, about, asker.user if asker.private else "", self._vitals().workspace_url)
        heard = count_hearers(found[0].task, (*self._standing, *memory.subscriptions.values()))
        return Why(as_of, found[0].task, told, heard, self._keep_days)

    def status(self, asker: Asker) -> Status:
        """Say how the bot itself is. Who cannot be told or wants quiet is named only to whom it concerns (R7)."""
        as_of, memory = self._known()
        return self._status(as_of, memory, asker)

    def subscriptions(self, asker: Asker, *, asked: str = "", missing: str = "") -> Subscriptions:
        """Say what a conversation hears of, and, where nobody else reads it, what the asker watches."""
        memory = self._ledger.memory
        made = sorted(memory.subscriptions.values(), key=lambda each: each.number)
        here = () if asker.direct else tuple(each for each in (*self._standing, *made) if each.to == asker.to)
        mine = tuple(each for each in made if each.to == asker.user and (asker.private or asker.direct))
        mute = memory.mutes.get(asker.to)
        if not asker.private:  # whoever made it would be pinged each time somebody asks
            here = tuple(replace(each, by="") for each in here)
            mute = mute and replace(mute, by="")
        return Subscriptions(asker.to, here, mine, mute, asked, missing)

    def home(self, asker: Asker) -> Home:
        """Say what a person's App Home shows."""
        as_of, memory = self._known()
        return Home(_overview(as_of, memory), self.subscriptions(asker).mine, self._status(as_of, memory, asker))

    def _status(self, as_of: AsOf, memory: Memory, asker: Asker) -> Status:
        vitals, meta, now = self._vitals(), memory.meta, self._slack_now()
        own = self._own(asker, memory)
        stopped = memory.channels.get(WORKSPACE)
        return Status(
            as_of,
            version=vitals.version,
            started=vitals.started,
            watching_since=meta.baseline_at,
            blind_since=meta.blind_since,
            connected=vitals.connected,
            socket_trouble=vitals.socket_trouble,
            stopped=stopped.parked if stopped else "",
            queued=depth(memory),
            oldest=min((each.queued_at for each in memory.deliveries.values() if each.settled is None), default=None),
            doubts=sum(post.doubted and post.holds_lane for post in memory.posts.values()),
            blocked=tuple(
                Blocked(each.to if own(each.to) else "", each.why, each.since, each.waiting, each.lasts(now))
                for each in untold(memory)
                if each.why or each.lasts(now)
            ),
            muted=tuple(
                replace(each, to=each.to if own(each.to) else "", by=each.by if asker.private else "")
                for each in memory.mutes.values()
            ),
            tasks=sum(1 for _ in memory.listed()),
            subscriptions=len(memory.subscriptions),
        )

    def _own(self, asker: Asker, memory: Memory) -> Callable[[str], bool]:
        """Return whether a recipient is named to the asker here (R7)."""
        if asker.private and asker.user in self._operators:
            return lambda _: True
        own = {asker.conversation}
        if asker.private:
            own |= {asker.user, *(each.to for each in memory.subscriptions.values() if each.by == asker.user)}
        return lambda to: to in own

    def _known(self) -> tuple[AsOf, Memory]:
        return self.as_of(), self._ledger.memory


def detail(as_of: AsOf, memory: Memory, snapshot: Snapshot, asker: Asker | None) -> Detail:
    """Return a task whole. Whether the asker watches it is said only where nobody else reads it."""
    task, watched, failures = snapshot.task, None, 0
    if asker is not None and asker.private:
        watched = any(each.to == asker.user and each.task == task.id for each in memory.subscriptions.values())
    if task.state == TaskState.FAILED:
        rows = (each.task for each in memory.tasks.values())
        failures = failures_until(task.completed, failure_times(rows, [task.image]).get(task.image, []))
    return Detail(as_of, task, snapshot.gone_at, watched, since(snapshot), failures)


def candidates(as_of: AsOf, prefix: str, found: Iterable[Snapshot], command: str) -> Candidates:
    """Return what a shortened ID may mean."""
    tasks = ordered(snapshot.task for snapshot in found)
    return Candidates(as_of, prefix, tasks[:CANDIDATES], len(tasks), command)


def _which(as_of: AsOf, memory: Memory, prefix: str, found: Sequence[Snapshot], command: str) -> Answer:
    if found:
        return candidates(as_of, prefix, found, command)
    return Unknown(as_of, prefix, sum(1 for _ in memory.listed()))


def find(rows: Mapping[str, T], prefix: str) -> list[T]:
    """Return the row with this ID, or all whose IDs begin so, in any case and spelling."""
    if prefix in rows:
        return [rows[prefix]]
    wanted = normal(prefix).casefold()
    named = [(normal(row_id).casefold(), row) for row_id, row in rows.items()]
    whole = [row for row_id, row in named if row_id == wanted]
    return whole or [row for row_id, row in named if wanted and row_id.startswith(wanted)]


def ordered(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Order tasks for people: active ones first, then the newest end first."""
    return tuple(sorted(tasks, key=lambda task: (task.state not in ACTIVE, *recency(task))))


def recency(task: Task) -> tuple[int, str]:
    """Sort key: newest end (or start) first."""
    return -(task.completed or task.created or 0), task.id


def _overview(as_of: AsOf, memory: Memory) -> Overview:
    tasks = [snapshot.task for snapshot in memory.listed()]
    return Overview(
        as_of,
        counts=dict(Counter(task.state for task in tasks)),
        active=tuple(sorted((task for task in tasks if task.state in ACTIVE), key=lambda task: task.created or 0)),
        failures=tuple(sorted((task for task in tasks if task.state == TaskState.FAILED), key=recency)[:FAILURES]),
    )


# ---- what became of the notifications about a task


def delivery_log(memory: Memory, about: Iterable[Delivery], user: str, workspace_url: str) -> tuple[Told, ...]:
    """Return what became of the deliveries about a task; what other people were told directly is theirs."""
    return tuple(_log_entry(memory, each, workspace_url) for each in about if each.to == user or not is_person(each.to))


def count_hearers(task: Task, subscriptions: Iterable[Subscription]) -> int:
    """Count who would hear of the task's ending, however it ends."""
    subscriptions = tuple(subscriptions)
    endings = [Transition(kind, News.ENDED, task, 0.0) for kind in (Kind.SUCCEEDED, Kind.FAILED)]
    return len({to for ending in endings for to in recipients(ending, subscriptions)})


def _log_entry(memory: Memory, delivery: Delivery, workspace_url: str) -> Told:
    post = next((post for post in memory.posts.values() if delivery.seq in post.members), None)
    settled = delivery.settled
    return Told(
        delivery.to,
        delivery.fact,
        delivery.queued_at,
        _delivered(delivery, post),
        attempts=(*delivery.attempts, *(post.attempts if post and settled is None else ())),
        at=settled.at if settled else None,
        link=permalink(workspace_url, settled.conversation, settled.ts) if settled else "",
        held="" if settled or post else _held(memory, delivery),
    )


def _delivered(delivery: Delivery, post: Post | None) -> Delivered:
    if delivery.settled is not None:
        return Delivered(delivery.settled.result.value)
    return Delivered.QUEUED if post is None else Delivered.SENDING


def _held(memory: Memory, delivery: Delivery) -> str:
    """Say why a queued one waits: "muted", Slack's code, or "" for its turn."""
    mute = memory.mutes.get(delivery.to)
    if mute is not None and delivery.seq > mute.number:
        return "muted"
    blocked = (memory.channels[to].parked for to in (delivery.to, WORKSPACE) if to in memory.channels)
    return next(filter(None, blocked), "")
