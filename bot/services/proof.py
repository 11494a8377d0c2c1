"""What became of the notifications about a task, from the outbox's own records (`/prewarm why`)."""

from collections.abc import Iterable
from typing import Final

from bot.domain.answer import Delivered, Told
from bot.domain.fact import Kind, News, Transition
from bot.domain.memory import Memory
from bot.domain.outbox import WORKSPACE, Delivery, Post
from bot.domain.permalink import permalink
from bot.domain.subscription import Subscription, is_person, recipients
from bot.domain.task import Task

MUTED: Final = "muted"


def told(memory: Memory, about: Iterable[Delivery], user: str, workspace_url: str) -> tuple[Told, ...]:
    """Return what became of the deliveries about a task; what other people were told directly is theirs."""
    return tuple(_told(memory, each, workspace_url) for each in about if each.to == user or not is_person(each.to))


def heard(task: Task, subscriptions: Iterable[Subscription]) -> int:
    """Count who would hear of the task's ending, however it ends."""
    subscriptions = tuple(subscriptions)
    endings = [Transition(kind, News.ENDED, task, 0.0) for kind in (Kind.SUCCEEDED, Kind.FAILED)]
    return len({to for ending in endings for to in recipients(ending, subscriptions)})


def _told(memory: Memory, delivery: Delivery, workspace_url: str) -> Told:
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
        return MUTED
    blocked = (memory.channels[to].parked for to in (delivery.to, WORKSPACE) if to in memory.channels)
    return next(filter(None, blocked), "")
