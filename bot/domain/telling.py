"""Who is told what of a poll: facts and notices become deliveries, in the step of the states (rules D10, R1, R2)."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.domain import queue
from bot.domain.fact import Fact, Kind, News, Notice, Stuck, Transition
from bot.domain.memory import Changes, Memory
from bot.domain.subscription import Subscription, recipients
from bot.domain.task import Task
from bot.domain.transition import kind_of


def tell(
    memory: Memory,
    step: Changes,
    said: Iterable[tuple[str, Notice]],
    facts: Sequence[Transition | Stuck],
    standing: Iterable[Subscription],
    *,
    now: float,
    anew: bool = False,
    complete: bool = False,
) -> tuple[Changes, tuple[int, ...]]:
    """Return the step with its deliveries, and how many recipients hear of each fact.

    `now` on Slack's clock; `anew`: it is another account (D1); `complete`: what is not in the step's memory is gone.
    """
    subscriptions = (*standing, *memory.subscriptions.values())
    heard = [recipients(fact, subscriptions) for fact in facts]
    watches, missed = _watches(memory, memory.after(step), facts, now, anew=anew, complete=complete)
    step = step.then(Changes(subscriptions=watches))
    going_on = {(each.to, each.task) for each in memory.after(step).subscriptions.values() if each.task}
    told: list[tuple[str, Fact, bool]] = [(to, notice, False) for to, notice in said]
    for fact, those in zip(facts, heard, strict=True):
        told += [(to, _for(to, fact, going_on), _is_late(fact)) for to in those]
    return step.then(queue.enqueue(memory.after(step), [*told, *missed], now)), tuple(map(len, heard))


def _watches(
    memory: Memory, after: Memory, facts: Sequence[Transition | Stuck], now: float, *, anew: bool, complete: bool
) -> tuple[dict[str, Subscription | None], list[tuple[str, Fact, bool]]]:
    """Return the watches of one task that end or change, and what their owners would else never hear (R2).

    A watch made while a stale list showed the task at work waits for what was told before it was made.
    """
    changed: dict[str, Subscription | None] = {}
    missed = list[tuple[str, Fact, bool]]()
    for number, watch in memory.subscriptions.items():
        if not watch.task:
            continue
        old = memory.tasks.get(watch.task)
        row = old if anew else after.tasks.get(watch.task)
        if any(watch.ends_with(fact) for fact in facts):
            changed[number] = None
        elif row is not None and row.task.has_ended:
            changed[number] = None
            missed.append((watch.to, Transition(kind_of(row.task), News.ENDED, row.task, now), False))
        elif anew or (row is None and (old is not None or complete)):
            changed[number] = None
            task = Task(watch.task, "") if old is None else old.task
            missed.append((watch.to, Transition(Kind.GONE, News.ACCOUNT if anew else News.FORGOTTEN, task, now), False))
        elif row is not None and row.gone_at is not None and not watch.vanished:
            changed[number] = replace(watch, vanished=True)
            if not any(watch.matches(fact) for fact in facts):
                vanished = Transition(Kind.GONE, News.VANISHED, row.task, row.gone_at, watched=True)
                missed.append((watch.to, vanished, False))
    return changed, missed


def _for(to: str, fact: Transition | Stuck, going_on: set[tuple[str, str]]) -> Transition | Stuck:
    """Return the fact as this recipient hears of it: of an unknown end, whether the watch of that task goes on."""
    if isinstance(fact, Transition) and fact.kind is Kind.GONE and (to, fact.task.id) in going_on:
        return replace(fact, watched=True)
    return fact


def _is_late(fact: Transition | Stuck) -> bool:
    return isinstance(fact, Transition) and fact.late
