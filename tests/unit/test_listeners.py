"""What reaches the services of what people type: who asked, where, under which name, and how the answer goes back."""

from collections.abc import Callable

import pytest

from bot.commands.request import ListTasks, Summary, Watch
from bot.demo.slack.records import Json
from bot.demo.slack.workspace import SlackWorkspace
from bot.domain.filter import Filter, Hears
from bot.services.question import Asker, Question
from tests.unit.listeners_front import Front

FAILED = Filter(frozenset({"Failed"}))


@pytest.fixture
def front() -> Front:
    return Front()


# ---- the slash command ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "direct"),
    [pytest.param("C0PREWARM", False, id="in a channel"), pytest.param("D0ADA", True, id="in a direct message")],
)
def test_a_command_is_answered_to_the_asker_alone(front: Front, channel: str, direct: bool) -> None:
    where = front.slack.direct_channel("U0ADA").id if direct else channel
    typed = front.slack.slash("U0ADA", where, "/prewarm", "list failed")
    assert front.question() == Question(
        typed.trigger_id, ListTasks(FAILED), Asker("U0ADA", where, direct=direct, private=True)
    )
    reply, refusal = front.ways()
    assert reply == refusal == [("respond", "http://127.0.0.1/response", "new")]


def test_a_bare_command_asks_what_is_going_on(front: Front) -> None:
    front.slack.slash("U0ADA", "C0PREWARM", "/prewarm")
    assert front.question().asks == Summary()


def test_another_command_is_acknowledged_with_the_way_to_help(front: Front) -> None:
    front.slack.slash("U0ADA", "C0PREWARM", "/warm", "x")
    assert front.services.asked == []
    assert "/prewarm help" in str(front.acks)


# ---- mentions and direct messages -----------------------------------------------------------------------------------


def test_a_mention_is_answered_in_its_thread_and_refused_where_the_asker_looks(front: Front) -> None:
    said = front.slack.mention("U0ADA", "C0PREWARM", "list failed")
    question = front.question()
    assert question.key.startswith("Ev")
    assert (question.asks, question.asker) == (ListTasks(FAILED), Asker("U0ADA", "C0PREWARM"))
    reply, refusal = front.ways()
    assert reply == [("say", "C0PREWARM", said.ts)]
    assert refusal == [("whisper", "C0PREWARM", "U0ADA", "")]  # nobody sees a whisper in a thread without a reply


def test_a_mention_in_a_thread_stays_in_it(front: Front) -> None:
    first = front.slack.say("U0LIN", "C0PREWARM", "is it there?")
    front.slack.mention("U0ADA", "C0PREWARM", "status", thread_ts=first.ts)
    reply, refusal = front.ways()
    assert reply == [("say", "C0PREWARM", first.ts)]
    assert refusal == [("whisper", "C0PREWARM", "U0ADA", first.ts)]


@pytest.mark.parametrize("threaded", [False, True])
def test_a_direct_message_is_private_and_answered_where_it_was_written(front: Front, threaded: bool) -> None:
    channel = front.slack.direct_channel("U0ADA").id
    thread = front.slack.say("U0ADA", channel, "hello").ts if threaded else ""
    front.slack.direct_message("U0ADA", "watch t-1", thread_ts=thread)
    question = front.question()
    assert question.asks == Watch(Hears.ALL, Filter(words=("t-1",)))
    assert question.asker == Asker("U0ADA", channel, direct=True, private=True)
    reply, refusal = front.ways()
    assert reply == refusal == [("say", channel, thread)]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"subtype": "message_changed"}, id="somebody edits"),
        pytest.param({"bot_id": "B0OTHER"}, id="another bot writes"),
        pytest.param({"bot_id": "B0PREWARM"}, id="we write"),
        pytest.param({"subtype": "bot_message"}, id="a bot writes that has no ID"),
        pytest.param({"channel_type": "channel"}, id="in a channel people talk to each other"),
    ],
)
def test_what_is_no_question_is_only_acknowledged(front: Front, odd: Json) -> None:
    event = {"type": "message", "user": "U0ADA", "channel": "D0ADA", "channel_type": "im", "text": "x", "ts": "1.0"}
    front.slack.emit("message.im", event | odd)
    assert (front.services.asked, len(front.acks)) == ([], 1)


@pytest.mark.parametrize(
    "bot",
    [
        pytest.param({"bot_id": "B0OTHER"}, id="another"),
        pytest.param({"subtype": "bot_message"}, id="one without an ID"),
        pytest.param({"bot_id": "B0PREWARM", "user": "U0PREWARM"}, id="ourselves"),
    ],
)
def test_a_bot_that_mentions_us_is_not_answered(front: Front, bot: Json) -> None:
    event = {"type": "app_mention", "user": "U0OTHER", "channel": "C0PREWARM", "text": "<@U0PREWARM> help", "ts": "1.0"}
    front.slack.emit("app_mention", event | bot)
    assert (front.services.asked, len(front.acks)) == ([], 1)


# ---- when it is acknowledged (R5) -----------------------------------------------------------------------------------

BUTTON = (
    {"type": "actions", "block_id": "b", "elements": [{"type": "button", "action_id": "ask.why", "value": "why t-1"}]},
)
ARRIVES: list[object] = [
    pytest.param(lambda slack: slack.slash("U0ADA", "C0PREWARM", "/prewarm", "list"), id="a command"),
    pytest.param(lambda slack: slack.mention("U0ADA", "C0PREWARM", "list"), id="a mention"),
    pytest.param(lambda slack: slack.direct_message("U0ADA", "list"), id="a direct message"),
    pytest.param(lambda slack: slack.open_home("U0ADA", "home"), id="Home is opened"),
    pytest.param(lambda slack: slack.invite_bot("C0GENERAL", by="U0LIN"), id="an invitation"),
    pytest.param(
        lambda slack: slack.click("U0ADA", slack.store("C0PREWARM", "U0PREWARM", "x", blocks=BUTTON), "ask.why"),
        id="a button",
    ),
]


@pytest.mark.parametrize("arrives", ARRIVES)
@pytest.mark.parametrize("well", [pytest.param(True, id="ends"), pytest.param(False, id="fails")])
def test_it_is_acknowledged_once_the_desk_is_done_and_not_if_that_fails(
    front: Front, arrives: Callable[[SlackWorkspace], object], well: bool
) -> None:
    arrives(front.slack)
    assert front.acks == []
    if well:
        front.services.due.set_result(None)
    else:
        front.services.due.set_exception(OSError("a full disk"))
    assert front.acks == [None] * well


def test_a_listener_that_fails_is_not_acknowledged_and_told(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    front.services.stopped = True
    front.slack.slash("U0ADA", "C0PREWARM", "/prewarm")
    front.slack.mention("U0ADA", "C0PREWARM", "status")
    assert [each.message for each in caplog.records if each.name == "bot.listeners.fallbacks"] == [
        "A listener failed. Slack sends an event again; else the person sees an error."
    ] * 2
    assert front.acks == []


def test_an_event_that_nobody_asked_for_is_acknowledged(front: Front) -> None:
    front.slack.events.add("reaction_added")
    front.slack.emit("reaction_added", {"type": "reaction_added", "user": "U0ADA"})
    assert (front.services.asked, len(front.acks)) == ([], 1)
