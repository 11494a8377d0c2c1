"""Examples of what the bot answers, on a day with something of everything."""

from typing import Final

from msgspec.structs import replace

from bot.commands.request import Usage
from bot.domain.answer import (
    Answer,
    AsOf,
    Blocked,
    Candidates,
    Delivered,
    Detail,
    Forbidden,
    Home,
    Listing,
    Muted,
    NotHere,
    Overview,
    Spoken,
    Status,
    Subscribed,
    Subscriptions,
    Told,
    Unknown,
    Unmuted,
    Unsubscribed,
    WatchEnded,
    Why,
)
from bot.domain.errors import Unreachable
from bot.domain.filter import EVERYTHING, Filter, Hears
from bot.domain.outbox import Attempt
from bot.domain.subscription import Mute, Subscription
from bot.gallery.example import ADA, CHANNEL, LIN, NOW, Example, Group, ended, task
from bot.gallery.facts import HANGING, LIMITED, OUT_OF_SPACE, READY, UNAUTHORIZED
from bot.messages.help import did_you_mean, fault, help_on, not_yet, wrong_usage
from bot.messages.render import render_answer, render_document, render_home
from bot.rendering.payload import Payload
from bot.rendering.style import Style

AS_OF: Final = AsOf(float(NOW), 12.0)
TROUBLED: Final = AsOf(float(NOW), 340.0, Unreachable(url="https://api.ppio.com", detail="HTTP 502").trouble)
ROWS: Final = (HANGING, READY, OUT_OF_SPACE, LIMITED, UNAUTHORIZED)
CLUSTERED: Final = tuple(
    task(f"qwen7serve{n:06}", cluster=cluster) for n, cluster in enumerate(("cn-dev-1", "cn-north-1", "sg-1"))
)
OVERVIEW: Final = Overview(AS_OF, {"Running": 1, "Succeeded": 12, "Failed": 3}, (HANGING,), ROWS[2:])
FAILED_QWEN: Final = Subscription(CHANNEL, Hears.FAILED, Filter(cluster="sg-1", words=("qwen",)), "", 3, ADA, NOW - 9e4)
WATCH: Final = Subscription(ADA, task=HANGING.id, number=4, by=ADA, at=NOW - 600.0)
MUTE: Final = Mute(CHANNEL, NOW + 7_200.0, float(NOW), 41, ADA)
WELL: Final = Status(
    AS_OF,
    version="1.0.0",
    started=NOW - 8e5,
    watching_since=NOW - 8e5,
    blind_since=None,
    connected=True,
    socket_trouble="",
    stopped="",
    queued=0,
    oldest=None,
    doubts=0,
    blocked=(),
    muted=(),
    tasks=16,
    subscriptions=2,
)
UNWELL: Final = Status(
    TROUBLED,
    version="1.0.0",
    started=NOW - 8e5,
    watching_since=NOW - 8e5,
    blind_since=NOW - 340.0,
    connected=False,
    socket_trouble="The connection to Slack was closed.",
    stopped="",
    queued=14,
    oldest=NOW - 5_000.0,
    doubts=1,
    blocked=(Blocked("C0OTHER", "not_in_channel", NOW - 5_000.0, 13), Blocked("", "user_disabled", NOW - 5_000.0, 1)),
    muted=(MUTE, replace(MUTE, to="", by=""), replace(MUTE, to="", by="")),
    tasks=16,
    subscriptions=2,
)
TOLD: Final = (
    Told(
        CHANNEL,
        ended(OUT_OF_SPACE),
        float(NOW - 59),
        Delivered.ADOPTED,
        (Attempt(NOW - 58.0, "timeout"),),
        NOW - 50.0,
        "https://example.slack.com/archives/C0PREWARM/p1789999942000100",
    ),
    Told("C0OTHER", ended(OUT_OF_SPACE), float(NOW - 59), Delivered.QUEUED, held="not_in_channel"),
)


def _answer(title: str, answer: Answer, note: str = "", *, plain: bool = False) -> Example:
    return Example(title, lambda style: render_answer(answer, style, plain=plain), note, (answer,))


def _home(style: Style) -> Payload:
    return Payload("", render_home(Home(OVERVIEW, (WATCH,), WELL), style))


ASKING = Group(
    "Questions",
    (
        _answer("What is going on", OVERVIEW, "`/prewarm`"),
        _answer("Nothing is going on", Overview(AS_OF, {"Succeeded": 12}, (), ())),
        _answer("A list", Listing(AS_OF, EVERYTHING, ROWS, 5), "`/prewarm list`: Slack sorts and pages it."),
        _answer("A list without tables", Listing(AS_OF, EVERYTHING, ROWS * 5, 25, 1), plain=True),
        _answer("One image on several clusters", Listing(AS_OF, Filter(words=("qwen",)), CLUSTERED, 16)),
        _answer("Nothing found", Listing(AS_OF, Filter(frozenset({"Failed"}), "sg-1", ("llama",)), (), 16)),
        _answer("The list is out of reach", replace(OVERVIEW, as_of=TROUBLED)),
        _answer("A failed task", Detail(AS_OF, OUT_OF_SPACE, watched=False, failures=2), "`/prewarm show llama33`"),
        _answer("A task at work", Detail(AS_OF, HANGING, watched=True, since=NOW - 2_520.0)),
        _answer("A task that is gone", Detail(AS_OF, READY, gone=NOW - 600.0)),
        _answer("A shortened ID with two meanings", Candidates(AS_OF, "qwen7", CLUSTERED, 3)),
        _answer("An unknown ID", Unknown(AS_OF, "zebra", 16)),
    ),
)
PROMISES = Group(
    "Following",
    (
        _answer("A channel hears of it", Subscribed(FAILED_QWEN, already=False, matching=2)),
        _answer("A task is watched", Subscribed(WATCH, already=False, matching=1), "`/prewarm watch megatron`"),
        _answer("It was so already", Subscribed(FAILED_QWEN, already=True)),
        _answer("Already ended", WatchEnded(Detail(AS_OF, OUT_OF_SPACE, watched=False))),
        _answer("Ended", Unsubscribed((FAILED_QWEN,))),
        _answer("Who hears of what", Subscriptions(CHANNEL, (Subscription(CHANNEL), FAILED_QWEN), (WATCH,), MUTE)),
        _answer("Nobody hears of anything here", Subscriptions(CHANNEL, (), ())),
        _answer("Which one?", Subscriptions(CHANNEL, (FAILED_QWEN,), (), asked="unsubscribe", missing="7")),
        _answer("Quiet", Muted(MUTE)),
        _answer("The quiet is over", Unmuted(was=True, missed=7)),
        _answer("The quiet is over, and nothing was missed", Unmuted(was=True)),
        _answer("There was no quiet", Unmuted(was=False)),
        _answer("A language was chosen", Spoken(CHANNEL, "zh", chosen=True), "`/prewarm language zh`"),
        _answer("Which language is it?", Spoken(CHANNEL, "en", chosen=False), "`/prewarm language`"),
        _answer("A language was chosen, in a direct message", Spoken(LIN, "zh", chosen=True)),
        _answer("Which language is it, in a direct message?", Spoken(LIN, "zh", chosen=False)),
        _answer("The bot is not here", NotHere("C0GENERAL")),
    ),
)
PROOF = Group(
    "Proof and health",
    (
        _answer("What became of a notification", Why(AS_OF, OUT_OF_SPACE, TOLD, 2, 30), "`/prewarm why llama33`"),
        _answer("Nobody was to be told", Why(AS_OF, READY, (), 0, 30)),
        _answer("All is well", WELL, "`/prewarm status`"),
        _answer("Something is wrong", UNWELL),
        _answer("Not for everybody", Forbidden("user", (LIN,))),
        _answer("Not in this channel", Forbidden("channel")),
        Example("App Home", _home),
    ),
)
HELP = Group(
    "Help",
    (
        Example("Help", lambda style: render_document(help_on("", style), style), "`/prewarm help`"),
        Example(
            "Help for one command",
            lambda style: render_document(help_on("watch", style), style),
            "`/prewarm help watch`",
        ),
        Example("A near miss", lambda style: render_document(did_you_mean("lsit", "list", style), style)),
        Example("Something is missing", lambda style: render_document(wrong_usage(Usage.SHOW_NEEDS_ID, style), style)),
        Example("Not built yet", lambda style: render_document(not_yet("quota", style), style)),
        Example("A fault of ours", lambda style: render_document(fault(style), style)),
    ),
)
ANSWERS = (ASKING, PROMISES, PROOF, HELP)
