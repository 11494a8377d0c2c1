"""Examples of what the bot tells by itself: endings, bursts, stuck tasks, and what it says of itself."""

from dataclasses import replace
from typing import Final

from bot.domain.errors import Trouble, Unreachable
from bot.domain.fact import News, Notice, NoticeKind, Stuck, Transition
from bot.domain.filter import Filter, Hears
from bot.domain.task import Product, TaskState
from bot.gallery.example import ADA, CHANNEL, LIN, NO_SPACE, NOW, QWEN, RATE_LIMIT, Example, Group, ended, task, tells
from bot.messages.render import render_edit

FAILED, RUNNING, PENDING = TaskState.FAILED.value, TaskState.RUNNING.value, TaskState.PENDING.value
QWEN_IN_SG: Final = Filter(cluster="sg-1", words=("qwen",))
HOUR: Final = 3_600
H100: Final = Product("h100.20c.240g.20c240g", "H100 SXM 80GB 20c")
LLAMA: Final = "registry.example.com/llm/llama-serve:3.3-fp8"
PRIVATE: Final = "registry.example.com/private/voice-clone:1.4"

READY = task("qwen7serve0092sg", note="nightly rollout", products=[H100])
OUT_OF_SPACE = task("llama33fp8usca22", FAILED, LLAMA, "us-ca-2", 2_710, reasons=[NO_SPACE], size=94_000_000_000)
UNAUTHORIZED = task(
    "voiceclone14cnn1",
    FAILED,
    PRIVATE,
    "cn-north-1",
    3,
    reasons=[f'failed to resolve "{PRIVATE}": pull access denied: unauthorized: authentication required'],
    note="语音克隆 1.4 等凭证",
)
LIMITED = task("etlnightly77usca", FAILED, "docker.io/library/etl-nightly:77", "us-ca-2", 41, reasons=[RATE_LIMIT])
UNEXPLAINED = task("comfyui04cndev1x", FAILED, "registry.example.com/art/comfyui:v0.4", "cn-dev-1", 88)
HANGING = task("megatron2510usca", RUNNING, "registry.example.com/train/megatron:25.10-dev", "us-ca-2", 2_520)


def _mentioning(title: str, example: Example, note: str) -> Example:
    return replace(example, title=title, make=lambda style: example.make(replace(style, mention=LIN)), note=note)


ENDINGS = Group(
    "Endings",
    (
        tells("A task is ready", ended(READY), note="Sent once, when the list first shows the ending."),
        tells("A task failed: no space", ended(OUT_OF_SPACE)),
        tells("A task failed: registry credential", ended(UNAUTHORIZED)),
        tells("A task failed: rate limit, again", ended(LIMITED, failures=3)),
        tells("A task failed, and nobody said why", ended(UNEXPLAINED)),
        _mentioning(
            "A failure that mentions somebody",
            tells("", ended(OUT_OF_SPACE)),
            "`PREWARM_MENTION_ON_FAILURE` names a person or a group.",
        ),
        tells("A task that had hung failed", ended(OUT_OF_SPACE, hung=2_520.0)),
        tells("A task ended again, later", ended(READY, News.LATER), note="The vendor ran it anew under its ID."),
        tells("A state that nobody documents", ended(task("oddstate00000001", "Expired"))),
        tells("A task vanished", ended(HANGING, News.VANISHED)),
        tells("A task that somebody watches vanished", ended(HANGING, News.VANISHED, watched=True)),
        tells("A watched task was forgotten", ended(HANGING, News.FORGOTTEN), note="To whoever watched this one task."),
        tells("A watched task is another account's", ended(HANGING, News.ACCOUNT)),
        tells("A task was replaced by a new run", ended(HANGING, News.REPLACED)),
        tells("From before I watched", ended(task("longago000000001", ago=9 * 86_400), News.LATE)),
    ),
)


def _burst(count: int) -> list[Transition]:
    """Return a burst as it comes in life: one image on every cluster, and a rate limit for another one."""
    rows = [
        ended(task(f"qwen7serve{number:06}", cluster=cluster, seconds=600 + 7 * number))
        for number, cluster in enumerate(("cn-dev-1", "cn-north-1", "sg-1"))
    ]
    rows.append(ended(task("qwen7serve000009", FAILED, QWEN, "us-ca-2", 815, reasons=[NO_SPACE])))
    clusters = ("cn-dev-1", "cn-north-1", "sg-1", "us-ca-2")
    for number in range(count - len(rows)):
        bad = number % 3 == 0
        image = f"docker.io/library/worker-{number // 6}:2.1"
        state, reasons = (FAILED, [RATE_LIMIT]) if bad else (TaskState.SUCCEEDED.value, [])
        row = task(f"worker{number:010}", state, image, clusters[number % 4], 30 + number, reasons=reasons)
        rows.append(ended(row))
    return rows


BURSTS = Group(
    "Bursts",
    (
        tells("Six at once", *_burst(6), note="From six due at once on, one post tells all of them."),
        tells("Thirty at once", *_burst(30)),
        tells(
            "From before I watched",
            *(ended(task(f"longago{n:09}", ago=(9 + n) * 86_400), News.LATE) for n in range(8)),
            note="New to the list, but ended long ago: folded into one post, nobody is mentioned.",
        ),
    ),
)

_STUCK_RUNNING = Stuck(HANGING, float(NOW), NOW - 2_520.0)
_STUCK_PENDING = Stuck(task("qwen7serve0sg002", PENDING, seconds=1_860), float(NOW), NOW - 1_860.0)
_HANGING_ENDED = ended(
    task(HANGING.id, FAILED, HANGING.image_url, "us-ca-2", 3_900, reasons=["context deadline exceeded"])
)

STUCK = Group(
    "Stuck tasks",
    (
        tells("Running for too long", _STUCK_RUNNING, note="Once per state, after `PREWARM_STUCK_AFTER`."),
        tells("Pending for too long", _STUCK_PENDING),
        tells("Several at once", _STUCK_RUNNING, _STUCK_PENDING),
        Example(
            "The older message, once it ended",
            lambda style: render_edit("STORE:1", [_STUCK_RUNNING], {HANGING.id: _HANGING_ENDED}, style),
            "Edited in place; the ending itself is a message of its own.",
        ),
    ),
)


def _notice(
    title: str,
    kind: NoticeKind,
    note: str = "",
    *,
    why: str = "",
    about: str = "",
    since: float | None = None,
    counts: dict[str, int] | None = None,
    by: str = "",
    hears: Hears = Hears.ALL,
    trouble: Trouble | None = None,
    filter: Filter = Filter(),  # noqa: A002, B008 - the domain's word, and a record
) -> Example:
    until = NOW + 2.0 * HOUR if kind is NoticeKind.MUTED else 0.0
    fact = Notice(kind, float(NOW), since, why, about, counts or {}, by, until, hears, filter, trouble=trouble)
    return tells(title, fact, note=note)


_LISTED = {"Running": 2, "Failed": 1, "Succeeded": 12}

SERVICE = Group(
    "What the bot says of itself",
    (
        _notice("Hello", NoticeKind.HELLO, "Once per channel.", counts=_LISTED),
        _notice("Another account", NoticeKind.ACCOUNT, counts=_LISTED),
        _notice("Memory lost", NoticeKind.LOST, about="store.damaged-20260921T133320Z", counts=_LISTED),
        _notice("Memory damaged", NoticeKind.DAMAGED, about="store.damaged-20260921T133320Z",
                counts={"tasks": 3, "deliveries": 1, "subscriptions": 2, "handled": 4, "unknown": 1}),
        _notice("Memory damaged, nothing gone", NoticeKind.DAMAGED, about="store.damaged-20260921T133320Z"),
        _notice("Blind", NoticeKind.BLIND, "After `PREWARM_BLIND_AFTER`.", since=NOW - 300.0,
                trouble=Unreachable(url="https://api.ppio.com", detail="HTTP 502").trouble),
        _notice("Sighted again", NoticeKind.SIGHTED, since=NOW - 2.0 * HOUR),
        _notice("Back after an absence", NoticeKind.AWAY, since=NOW - 9.0 * HOUR),
        _notice("A channel is closed to the bot", NoticeKind.PARKED, "Said elsewhere, once.", why="not_in_channel",
                about=CHANNEL, since=float(NOW), counts={"waiting": 3}),
        _notice("An archived channel", NoticeKind.PARKED, why="is_archived", about=CHANNEL, since=float(NOW),
                counts={"waiting": 0}),
        _notice("A channel was out of reach", NoticeKind.UNTOLD, "Said elsewhere after ten minutes, once.",
                why="ratelimited", about=CHANNEL, since=NOW - 600.0, counts={"waiting": 24}),
        _notice("A person left", NoticeKind.GIVEN_UP, "To operators, after `PREWARM_KEEP_DAYS`.", why="user_disabled",
                about=LIN, since=NOW - 30.0 * 24 * HOUR, counts={"dropped": 340, "watches": 2}),
        _notice("A channel that nobody relies on", NoticeKind.GIVEN_UP, "To operators.", why="is_archived",
                about=CHANNEL, since=NOW - 2.0 * HOUR, counts={"dropped": 3, "watches": 0}),
        _notice("Messages were given up", NoticeKind.DROPPED, counts={"old": 12, "refused": 1}),
        _notice("Given up by an older version", NoticeKind.DROPPED, counts={"dropped": 12}),
        _notice("Subscribed", NoticeKind.SUBSCRIBED, hears=Hears.FAILED, filter=QWEN_IN_SG, by=ADA),
        _notice("Subscribed to everything", NoticeKind.SUBSCRIBED, by=ADA),
        _notice("Unsubscribed", NoticeKind.UNSUBSCRIBED, hears=Hears.FAILED, filter=QWEN_IN_SG, by=LIN),
        _notice("Quiet", NoticeKind.MUTED, by=ADA),
        _notice("The quiet is over", NoticeKind.UNMUTED, since=NOW - 2.0 * HOUR, counts={"missed": 7}),
        _notice("Somebody ended the quiet", NoticeKind.UNMUTED, since=NOW - 600.0, counts={"missed": 0}, by=LIN),
    ),
)  # fmt: skip

FORMS = Group(
    "Plainer forms",
    (
        tells("Sections", ended(OUT_OF_SPACE), rung=1, note="When Slack refuses the rich form."),
        tells("Plain text", ended(OUT_OF_SPACE), rung=2, note="When it refuses that, too."),
        tells("Fixed words and IDs", *_burst(6), rung=3, note="When it refuses all else."),
        tells("It may repeat", ended(READY), may_repeat=True, note="Only where the history may not be read."),
    ),
)
