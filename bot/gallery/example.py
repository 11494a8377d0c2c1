"""What an example is, and the small world that the examples tell of: one account, a few images, four clusters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.fact import Fact, Kind, News, Transition
from bot.domain.outbox import Phase, Post
from bot.domain.task import Product, Task, TaskState
from bot.messages.render import render
from bot.rendering.payload import Payload
from bot.rendering.style import Style

NOW: Final = 1_790_000_000  # Unix seconds: 21 September 2026, 13:33 UTC
CHANNEL: Final = "C0PREWARM"
ADA: Final = "U0ADA"
LIN: Final = "U0LIN"

CLUSTERS: Final = {
    "cn-dev-1": "v2测试(cn-dev-1)",
    "cn-north-1": "华北一区(cn-north-1)",
    "sg-1": "Singapore (sg-1)",
    "us-ca-2": "US West, California (us-ca-2)",
}
QWEN: Final = "registry.example.com/llm/qwen-serve:0.9.2"
RATE_LIMIT: Final = "toomanyrequests: You have reached your pull rate limit."
NO_SPACE: Final = "failed to extract layer sha256:9f2c…: no space left on device"


@dataclass(frozen=True, slots=True)
class Example:
    """One message. `note` says when it is sent; it may hold mrkdwn. `of`: the facts or the answer that it renders."""

    title: str
    make: Callable[[Style], Payload]
    note: str = ""
    of: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Examples that belong together."""

    title: str
    examples: tuple[Example, ...]


def task(  # noqa: PLR0917 - an example reads as a row
    name: str,
    state: str = TaskState.SUCCEEDED,
    image: str = QWEN,
    cluster: str = "sg-1",
    seconds: int = 754,
    ago: int = 60,
    *,
    size: int = 14_200_000_000,
    reasons: Sequence[str] = (),
    note: str = "",
    credential: str = "",
    products: Sequence[Product] = (),
) -> Task:
    """Return a row: it took `seconds` and ended `ago` seconds before NOW, or began `seconds` ago if it is at work."""
    ended = state not in (TaskState.PENDING, TaskState.RUNNING)
    completed = NOW - ago
    return Task(
        id=name,
        state=state,
        image_name=image.rpartition("/")[2],
        image_url=image,
        cluster_id=cluster,
        cluster_name=CLUSTERS[cluster],
        products=tuple(products),
        image_size=str(size),
        create_time=str(completed - seconds if ended else NOW - seconds),
        complete_time=str(completed) if ended else "",
        note=note,
        reason=tuple(reasons),
        repository_auth=credential,
    )


def ended(
    row: Task, news: News = News.ENDED, *, failures: int = 0, hung: float = 0.0, watched: bool = False
) -> Transition:
    """Return the ending that the row shows."""
    kinds = {TaskState.SUCCEEDED: Kind.SUCCEEDED, TaskState.FAILED: Kind.FAILED}
    kind = kinds.get(TaskState(row.state), Kind.GONE) if row.state in {*TaskState} else Kind.ENDED
    return Transition(kind, news, row, float(NOW), TaskState.RUNNING, failures, hung, watched)


def tells(title: str, *facts: Fact, note: str = "", rung: int = 0, may_repeat: bool = False) -> Example:
    """Return the example of a post of these facts."""
    post = Post("STORE:1", CHANNEL, CHANNEL, (1,), 0.0, 0.0, Phase.SENDING, rung, may_repeat=may_repeat)
    return Example(title, lambda style: render(post, facts, style), note, facts)
