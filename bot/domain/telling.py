"""Who is told what of a poll: facts and notices become deliveries, in the step of the states (rules D10, R1, R2)."""

from collections.abc import Iterable, Sequence

from bot.domain import queue
from bot.domain.fact import Fact, Kind, News, Notice, Stuck, Transition
from bot.domain.memory import Changes, Memory
from bot.domain.subscription import Subscription, recipients
from bot.domain.transition import kind_of


def tell(
    memory: Memory,
    step: Changes,
    said: Iterable[tuple[str, Notice]],
    facts: Sequence[Transition | Stuck],
    standing: Iterable[Subscription],
    *,
    now: float,
) -> tuple[Changes, tuple[int, ...]]:
    """Return the step with its deliveries, and how many recipients hear of each fact. `now` on Slack's clock."""
    subscriptions = (*standing, *memory.subscriptions.values())
    heard = [recipients(fact, subscriptions) for fact in facts]
    told: list[tuple[str, Fact, bool]] = [(to, notice, False) for to, notice in said]
    told += [(to, fact, _is_late(fact)) for fact, those in zip(facts, heard, strict=True) for to in those]
    over, missed = _watches_over(memory, memory.after(step), facts, now)
    changes = step.then(queue.enqueue(memory.after(step), [*told, *missed], now))
    return changes.then(Changes(subscriptions=dict.fromkeys(over))), tuple(map(len, heard))


def _watches_over(
    memory: Memory, after: Memory, facts: Sequence[Transition | Stuck], now: float
) -> tuple[list[str], list[tuple[str, Fact, bool]]]:
    """Name the watches of one task that are over, and what their owners would else never hear.

    A watch made while a stale list showed the task at work waits for an ending that was told before it was made.
    """
    over, missed = [], list[tuple[str, Fact, bool]]()
    for number, watch in memory.subscriptions.items():
        if not watch.task:
            continue
        if any(watch.ends_with(fact) for fact in facts) or watch.task not in after.tasks:
            over.append(number)
        elif (row := after.tasks[watch.task]).task.has_ended or row.gone_at is not None:
            over.append(number)
            kind = kind_of(row.task) if row.task.has_ended else Kind.GONE
            news = News.ENDED if row.task.has_ended else News.VANISHED
            missed.append((watch.to, Transition(kind, news, row.task, now), False))
    return over, missed


def _is_late(fact: Transition | Stuck) -> bool:
    return isinstance(fact, Transition) and fact.late
