"""Edits what is no longer so: a message that called a task stuck says, once it has ended, how (P10).

Best effort, and outside the outbox: the ending itself is told by an ordinary message, so an edit that is lost costs
nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bot.domain.fact import Fact, Stuck, Transition
from bot.domain.memory import Memory
from bot.domain.outbox import Delivery
from bot.messages.payload import Payload, Wording
from bot.services.events import Event, Noticed
from bot.services.ledger import Ledger


class Editor(Protocol):
    """Edits messages, at the pace of their conversation."""

    def edit(self, conversation: str, ts: str, words: Wording) -> None: ...


class Words(Protocol):
    """Words the message again."""

    def render_edit(self, to: str, key: str, facts: Sequence[Fact], ended: Mapping[str, Transition]) -> Payload: ...


class Amender:
    """Watches for endings of tasks that were told as stuck."""

    def __init__(self, ledger: Ledger, editor: Editor, words: Words) -> None:
        self._ledger, self._editor, self._words = ledger, editor, words

    def __call__(self, event: Event) -> None:
        """Edit the messages that called the task of an ending stuck."""
        if not isinstance(event, Noticed):
            return
        memory, task = self._ledger.memory, event.transition.task.id
        if task in memory.tasks and memory.tasks[task].stuck:
            for members in _messages_about(memory, task):
                self._amend(memory, members)

    def _amend(self, memory: Memory, members: Sequence[Delivery]) -> None:
        first = members[0]
        if first.settled is None:
            return
        facts = [each.fact for each in members]
        key = f"{memory.meta.store}:{first.seq}"
        ended = _endings(memory, {fact.task.id: fact for fact in facts if isinstance(fact, Stuck)})
        payload = self._words.render_edit(first.to, key, facts, ended)
        self._editor.edit(first.settled.conversation, first.settled.ts, lambda _: payload)


def _messages_about(memory: Memory, task: str) -> Iterable[Sequence[Delivery]]:
    """Return the members of each message that stands in Slack and calls the task stuck, in their order."""
    messages: dict[tuple[str, str], list[Delivery]] = {}
    for each in memory.deliveries.values():
        if isinstance(each.fact, Stuck) and each.settled is not None and each.settled.ts:
            messages.setdefault((each.settled.conversation, each.settled.ts), []).append(each)
    return [members for members in messages.values() if any(_about(each, task) for each in members)]


def _about(delivery: Delivery, task: str) -> bool:
    return isinstance(delivery.fact, Stuck) and delivery.fact.task.id == task


def _endings(memory: Memory, stuck: Mapping[str, Stuck]) -> dict[str, Transition]:
    """Return the first ending noticed of each task since it was told as stuck."""
    ended: dict[str, Transition] = {}
    for each in memory.deliveries.values():
        fact = each.fact
        if isinstance(fact, Transition) and fact.task.id in stuck and fact.at >= stuck[fact.task.id].at:
            ended.setdefault(fact.task.id, fact)
    return ended
