"""Edits what is no longer so: a message that called a task stuck says, once it has ended, how (P10).

Best effort, and outside the outbox: the ending itself is told by an ordinary message, so an edit that is lost costs
nothing.
"""

from collections.abc import Iterable, Sequence

from bot.domain.fact import Fact, Kind, News, Stuck, Transition
from bot.domain.memory import Memory
from bot.domain.outbox import Delivery
from bot.domain.transition import kind_of
from bot.rendering.payload import Payload, Wording
from bot.services.courier import Courier
from bot.services.events import Event, Noticed
from bot.services.ledger import Ledger
from bot.services.sender import PostRenderer

Messages = dict[tuple[str, str], list[Delivery]]  # by conversation and ts, each in the order of its members


class Amender:
    """Watches for endings of tasks that were told as stuck."""

    def __init__(self, ledger: Ledger, courier: Courier, renderer: PostRenderer) -> None:
        self._ledger, self._courier, self._renderer = ledger, courier, renderer
        self._read_of: object = None
        self._read: Messages = {}

    def __call__(self, event: Event) -> None:
        """Edit the messages that called the task of an ending stuck."""
        if not isinstance(event, Noticed):
            return
        memory, task = self._ledger.memory, event.transition.task.id
        if task not in memory.tasks or not memory.tasks[task].stuck:
            return
        for (conversation, ts), members in self._messages(memory).items():
            if any(_stuck_task(each) == task for each in members):
                self._courier.amend(members[0].to, conversation, ts, self._words_for(members, event.transition))

    def _words_for(self, members: Sequence[Delivery], transition: Transition) -> Wording:
        """Word it when its turn has come, so that one edit tells all that have ended by then."""

        def words(_: bool) -> Payload:
            stuck = [each.fact for each in members]
            ended = {**_endings(self._ledger.memory, stuck), transition.task.id: transition}
            return self._renderer.render_edit(members[0].to, _key(members[0]), stuck, ended)

        return words

    def _messages(self, memory: Memory) -> Messages:
        """Return the members of each message that calls tasks stuck; the events of one poll share one reading."""
        if self._read_of is not memory.deliveries:
            self._read_of, self._read = memory.deliveries, _messages(memory)
        return self._read


def _messages(memory: Memory) -> Messages:
    messages: Messages = {}
    for each in memory.deliveries.values():
        if isinstance(each.fact, Stuck) and each.settled is not None and each.settled.ts:
            messages.setdefault((each.settled.conversation, each.settled.ts), []).append(each)
    return messages


def _key(delivery: Delivery) -> str:
    """Return the key that its message was sent with: the store's name may be another one by now."""
    return delivery.settled.key if delivery.settled is not None else ""


def _stuck_task(delivery: Delivery) -> str:
    return delivery.fact.task.id if isinstance(delivery.fact, Stuck) else ""


def _endings(memory: Memory, facts: Iterable[Fact]) -> dict[str, Transition]:
    """Return how the stuck tasks have ended, as far as they have: by their rows, whoever was told of it."""
    stuck = [fact for fact in facts if isinstance(fact, Stuck)]
    rows = [memory.tasks[fact.task.id] for fact in stuck if fact.task.id in memory.tasks]
    return {
        row.task.id: Transition(kind_of(row.task) if row.task.has_ended else Kind.GONE, News.ENDED, row.task, 0.0)
        for row in rows
        if row.task.has_ended or row.gone_at is not None
    }
