"""What reaches the services of buttons and of Home, and what their answers do to the message pressed in."""

import pytest

from bot.commands.request import Why
from bot.demo.slack.records import Json, Message
from bot.services.question import Asker, Question
from tests.unit.listeners_front import Front

BLOCKS = (
    {
        "type": "actions",
        "block_id": "b",
        "elements": [{"type": "button", "action_id": "ask.why", "value": '{"ask":"why","prefix":"t-1"}'}],
    },
)
HOME = (  # an older message: commands as people type them
    {"type": "actions", "block_id": "b", "elements": [{"type": "button", "action_id": "ask.why", "value": "why t-1"}]},
    {"type": "actions", "block_id": "c", "elements": [{"type": "button", "action_id": "ask.home"}]},
)
LINK = ({"type": "actions", "block_id": "b", "elements": [{"type": "button", "action_id": "open_console"}]},)


@pytest.fixture
def front() -> Front:
    return Front()


# ---- Home -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tab", "shown"), [("home", [("home", "U0ADA")]), ("messages", [])])
def test_home_is_shown_when_its_tab_is_opened(front: Front, tab: str, shown: list[tuple[str, ...]]) -> None:
    front.slack.open_home("U0ADA", tab)
    assert front.services.told == shown


def on_home(front: Front) -> None:
    front.slack.homes["U0ADA"] = {"id": "V1", "type": "home", "blocks": list(HOME)}


def test_homes_refresh_asks_nothing(front: Front) -> None:
    on_home(front)
    front.slack.click_home("U0ADA", "ask.home")
    assert (front.services.asked, front.services.told) == ([], [("home", "U0ADA")])


def test_another_button_on_home_is_answered_by_a_new_home(front: Front) -> None:
    on_home(front)
    pressed = front.slack.click_home("U0ADA", "ask.why")
    asker = Asker("U0ADA", "", direct=True, private=True)
    assert front.question() == Question(pressed.trigger_id, Why("t-1"), asker, "V1 ask.why U0ADA")
    reply, refusal = front.ways()
    assert reply == refusal == [("home", "U0ADA")]


# ---- buttons in messages --------------------------------------------------------------------------------------------


def posted(front: Front, channel: str, *, thread_ts: str = "", only_for: str = "", blocks: tuple[Json, ...]) -> Message:
    bot = front.slack.identity.bot_user
    return front.slack.store(channel, bot, "x", blocks=blocks, thread_ts=thread_ts, only_for=only_for)


def test_a_button_that_one_person_sees_is_answered_in_its_place(front: Front) -> None:
    message = posted(front, "C0PREWARM", only_for="U0ADA", blocks=BLOCKS)
    pressed = front.slack.click("U0ADA", message, "ask.why")
    asker = Asker("U0ADA", "C0PREWARM", private=True)
    assert front.question() == Question(pressed.trigger_id, Why("t-1"), asker, f"{message.ts} ask.why U0ADA")
    reply, refusal = front.ways()
    assert reply == refusal == [("respond", "http://127.0.0.1/response", "in place")]


@pytest.mark.parametrize("threaded", [False, True])
def test_a_button_that_all_see_words_its_message_anew_or_whispers(front: Front, threaded: bool) -> None:
    thread = front.slack.say("U0LIN", "C0PREWARM", "so?").ts if threaded else ""
    message = posted(front, "C0PREWARM", thread_ts=thread, blocks=BLOCKS)
    front.slack.click("U0LIN", message, "ask.why")
    question = front.question()
    assert (question.asker, question.press) == (Asker("U0LIN", "C0PREWARM"), f"{message.ts} ask.why U0LIN")
    reply, refusal = front.ways()
    assert reply == refusal == [("edit", "C0PREWARM", message.ts), ("whisper", "C0PREWARM", "U0LIN", thread)]


def test_a_button_in_a_direct_message_answers_an_act_beside_it(front: Front) -> None:
    channel = front.slack.direct_channel("U0ADA").id
    message = posted(front, channel, blocks=BLOCKS)
    front.slack.click("U0ADA", message, "ask.why")
    assert front.question().asker == Asker("U0ADA", channel, direct=True, private=True)
    reply, _ = front.ways()
    assert reply == [("edit", channel, message.ts), ("say", channel, "")]


def test_a_link_is_only_acknowledged(front: Front) -> None:
    message = posted(front, "C0PREWARM", blocks=LINK)
    front.slack.click("U0ADA", message, "open_console")
    assert (front.services.asked, len(front.acks)) == ([], 1)
