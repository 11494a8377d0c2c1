"""What reaches the services of the bot's coming and going in channels (P14)."""

import pytest

from bot.commands.request import Subscriptions
from bot.services.question import Asker
from tests.unit.listeners_front import Front


@pytest.fixture
def front() -> Front:
    return Front()


# ---- membership -----------------------------------------------------------------------------------------------------


def test_an_invitation_opens_the_room_and_is_answered_with_what_the_channel_hears_of(front: Front) -> None:
    front.slack.invite_bot("C0GENERAL", by="U0LIN")
    assert front.services.told == [("joined", "C0GENERAL")]
    question = front.question()
    assert (question.asks, question.asker) == (Subscriptions(), Asker("U0LIN", "C0GENERAL"))
    reply, refusal = front.ways()
    assert (reply, refusal) == ([("say", "C0GENERAL", "")], [("whisper", "C0GENERAL", "U0LIN", "")])


def test_an_invitation_by_nobody_is_answered_aloud(front: Front) -> None:
    front.slack.invite_bot("C0GENERAL", by="")
    reply, refusal = front.ways()
    assert reply == refusal == [("say", "C0GENERAL", "")]


def test_people_who_join_are_nothing_to_us(front: Front) -> None:
    front.slack.join("C0PREWARM", "U0EVE", "U0ADA")
    assert (front.services.asked, front.services.told, len(front.acks)) == ([], [], 1)


@pytest.mark.parametrize(
    ("act", "channel", "told"),
    [
        ("remove_bot", "C0PREWARM", ("lost", "C0PREWARM", "not_in_channel")),
        ("remove_bot", "G0OPS", ("lost", "G0OPS", "not_in_channel")),
        ("archive", "C0PREWARM", ("lost", "C0PREWARM", "is_archived")),
        ("archive", "G0OPS", ("lost", "G0OPS", "is_archived")),
        ("unarchive", "C0PREWARM", ("joined", "C0PREWARM")),
        ("unarchive", "G0OPS", ("joined", "G0OPS")),
    ],
)
def test_what_changes_where_the_bot_can_post(front: Front, act: str, channel: str, told: tuple[str, ...]) -> None:
    getattr(front.slack, act)(channel)
    assert front.services.told == [told]


def test_a_channel_with_a_new_name_is_the_same_channel(front: Front) -> None:
    front.slack.rename("C0PREWARM", "images")
    assert (front.services.asked, front.services.told, len(front.acks)) == ([], [], 1)
