"""What people's acts change: subscriptions, watches and quiets, each in one commit with its ID, each act once (R5).

Whoever asks for something in a channel is seen there: it is announced through the outbox, like everything that promises
something (P1).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from msgspec.structs import replace

from bot.domain import queue, quiet
from bot.domain.answer import Answer, AsOf, Muted, NotHere, Subscribed, Unmuted, Unsubscribed, WatchEnded
from bot.domain.fact import Notice, NoticeKind
from bot.domain.filter import Filter, Hears
from bot.domain.memory import Changes, Memory, Snapshot
from bot.domain.subscription import Subscription
from bot.domain.task import ACTIVE
from bot.services.answers import candidates, detail, find
from bot.services.ledger import Ledger
from bot.services.membership import Membership
from bot.services.question import Asker

ID_AT_LEAST: Final = 4  # characters from which a watched word is taken for the beginning of an ID

T = TypeVar("T")


class DoneBefore(Exception):  # noqa: N818 - a fact about the act, in the words of R5
    """An act with this ID was committed before."""


class Actions:
    """Writes through the ledger. `now` is the API's clock, `slack_now` Slack's; Unix seconds.

    The `key` of an act is Slack's ID of the event or trigger; "" has none. Acts raise DoneBefore and StoreError.
    """

    def __init__(
        self,
        ledger: Ledger,
        membership: Membership,
        *,
        standing: tuple[Subscription, ...],
        now: Callable[[], float],
        slack_now: Callable[[], float],
    ) -> None:
        self._ledger, self._membership, self._standing = ledger, membership, standing
        self._now, self._slack_now = now, slack_now

    # ---- subscriptions of a channel

    def subscribe(self, asker: Asker, hears: Hears, wanted: Filter, *, key: str = "") -> Answer:
        """Have this channel hear of what matches; in a direct message that is a watch."""
        if not asker.direct and not self._membership.is_in(asker.conversation):
            return NotHere(asker.conversation)
        wish = Subscription(asker.to, hears, wanted, by=asker.user, at=self._now())
        return self._once(key, lambda memory: self._made(memory, wish))

    def unsubscribe(self, asker: Asker, number: int | None, *, key: str = "") -> Unsubscribed | None:
        """End a subscription of this channel: by its number, else the only one; None when it is not clear which."""

        def compute(memory: Memory) -> tuple[Changes, Unsubscribed | None]:
            here = [each for each in memory.subscriptions.values() if each.to == asker.to]
            return self._ended(memory, asker, _chosen(here, number))

        return self._once(key, compute)

    # ---- watches of a person

    def may_be_new(self, hears: Hears, wanted: Filter) -> bool:
        """Whether this may be the ID of a task that no poll has shown yet."""
        word = _alone(hears, wanted)
        return len(word) >= ID_AT_LEAST and not find(self._ledger.memory.tasks, word)

    def watch(self, as_of: AsOf, asker: Asker, hears: Hears, wanted: Filter, *, key: str = "") -> Answer:
        """Tell the asker in a direct message: of one task, once, or of all that match."""

        def compute(memory: Memory) -> tuple[Changes, Answer]:
            found = _meant(memory.tasks, hears, wanted)
            wish = Subscription(asker.user, hears, wanted, by=asker.user, at=self._now())
            if len(found) > 1:
                return Changes(), candidates(as_of, wanted.words[0], found, "watch")
            if not found:
                return self._made(memory, wish)
            task = found[0].task
            if task.has_ended or found[0].gone_at is not None:
                return Changes(), WatchEnded(detail(as_of, memory, found[0], asker))
            return self._made(memory, replace(wish, filter=Filter(), task=task.id))

        return self._once(key, compute)

    def unwatch(
        self, asker: Asker, number: int | None, hears: Hears, wanted: Filter, *, key: str = ""
    ) -> Unsubscribed | None:
        """End a watch of the asker's: by its number, by what it was made with, else the only one; None: not clear."""

        def compute(memory: Memory) -> tuple[Changes, Unsubscribed | None]:
            mine = [each for each in memory.subscriptions.values() if each.to == asker.user]
            if number is None and (wanted or hears is not Hears.ALL):
                by_task = _meant({each.task: each for each in mine if each.task}, hears, wanted)
                same = Subscription(asker.user, hears, wanted)
                chosen = [*by_task, *(each for each in mine if each.is_same_as(same))]
            else:
                chosen = _chosen(mine, number)
            return self._ended(memory, asker, chosen)

        return self._once(key, compute)

    # ---- quiet

    def mute(self, asker: Asker, until: float, *, key: str = "") -> Answer:
        """Be quiet here until then, on Slack's clock."""
        if not asker.direct and not self._membership.is_in(asker.conversation):
            return NotHere(asker.conversation)
        now = self._slack_now()

        def compute(memory: Memory) -> tuple[Changes, Muted]:
            changes = quiet.mute(memory, asker.to, until, asker.user, now, announced=not asker.direct)
            return changes, Muted(memory.after(changes).mutes[asker.to])

        return self._once(key, compute)

    def unmute(self, asker: Asker, *, key: str = "") -> Unmuted:
        """End the quiet; what was missed follows."""

        def compute(memory: Memory) -> tuple[Changes, Unmuted]:
            present = memory.mutes.get(asker.to)
            if present is None:
                return Changes(), Unmuted(was=False)
            missed = len(quiet.missed_by(memory, present))
            return quiet.speak(memory, asker.to, self._slack_now(), asker.user), Unmuted(was=True, missed=missed)

        return self._once(key, compute)

    # ---- language

    def speak(self, asker: Asker, code: str | None, *, key: str = "") -> None:
        """Have this channel, or the asker in a direct message, written to in a language; None: as nobody had chosen."""

        def compute(memory: Memory) -> tuple[Changes, None]:
            same = memory.languages.get(asker.to) == code
            return Changes() if same else Changes(languages={asker.to: code}), None

        self._once(key, compute)

    # ---- one step each

    def _once(self, key: str, compute: Callable[[Memory], tuple[Changes, T]]) -> T:
        def once(memory: Memory) -> tuple[Changes, T]:
            if key in memory.handled:
                raise DoneBefore(key)
            changes, result = compute(memory)
            return changes.then(Changes(handled={key: self._slack_now()} if key else {})), result

        return self._ledger.change(once)

    def _made(self, memory: Memory, wish: Subscription) -> tuple[Changes, Subscribed]:
        matching = sum(snapshot.task.state in ACTIVE and _covers(wish, snapshot) for snapshot in memory.listed())
        for each in (*self._standing, *memory.subscriptions.values()):
            if each.is_same_as(wish):
                return Changes(), Subscribed(each, already=True, matching=matching)
        number = memory.meta.subscriptions + 1
        made = replace(wish, number=number)
        changes = Changes(meta=replace(memory.meta, subscriptions=number), subscriptions={str(number): made})
        announced = self._announced(memory.after(changes), NoticeKind.SUBSCRIBED, made, made.by)
        return changes.then(announced), Subscribed(made, already=False, matching=matching)

    def _ended(
        self, memory: Memory, asker: Asker, chosen: Iterable[Subscription]
    ) -> tuple[Changes, Unsubscribed | None]:
        ended = tuple(chosen)
        changes = Changes(subscriptions={str(each.number): None for each in ended})
        for each in ended:
            announced = self._announced(memory.after(changes), NoticeKind.UNSUBSCRIBED, each, asker.user)
            changes = changes.then(announced)
        return changes, Unsubscribed(ended) if ended else None

    def _announced(self, memory: Memory, kind: NoticeKind, about: Subscription, by: str) -> Changes:
        """Say it in the channel; to a person the answer says it."""
        if about.to == about.by:
            return Changes()
        notice = Notice(kind, self._now(), by=by, hears=about.hears, filter=about.filter, task=about.task)
        return queue.enqueue(memory, [(about.to, notice, False)], self._slack_now())


def _chosen(of: list[Subscription], number: int | None) -> list[Subscription]:
    if number is None:
        return of if len(of) == 1 else []
    return [each for each in of if each.number == number]


def _meant(by_id: Mapping[str, T], hears: Hears, wanted: Filter) -> list[T]:
    """Return what a filter of one word alone means by a task's ID: the whole ID, or enough of its beginning."""
    word = _alone(hears, wanted)
    return find(by_id, word) if word in by_id or len(word) >= ID_AT_LEAST else []


def _alone(hears: Hears, wanted: Filter) -> str:
    """Return the word of a filter that has nothing else, "" of any other."""
    return wanted.words[0] if hears is Hears.ALL and not wanted.cluster and len(wanted.words) == 1 else ""


def _covers(wish: Subscription, snapshot: Snapshot) -> bool:
    return snapshot.task.id == wish.task if wish.task else wish.filter.matches(snapshot.task)
