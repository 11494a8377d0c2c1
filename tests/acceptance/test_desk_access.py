"""Who may ask and where: refusals are for the one who asked alone, and say whom to ask."""

from collections.abc import Iterator

import pytest

from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, CHANNEL, GENERAL, LIN, LINS, OPS

NOBODY = "U0NOBODY"
SETTINGS = {"PREWARM_ALLOWED_USERS": NOBODY, "PREWARM_OPERATORS": ADA, "PREWARM_ALLOWED_CHANNELS": CHANNEL}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk"), **SETTINGS) as desk:
        yield desk


def test_who_may_not_ask_is_told_so_alone_and_whom_to_ask(desk: Desk) -> None:
    refusal = desk.ask("list", LIN)
    told = desk.read(refusal)
    assert ("I may not answer you" in told, "ask @ada" in told, refusal.only_for) == (True, True, LIN)
    shown = desk.ask("subscriptions")
    assert "This channel hears of" in desk.read(shown), "operators always may"
    mention = desk.workspace.mention(LIN, CHANNEL, "subscribe")
    whisper = desk.wait_for_one(lambda: desk.workspace.ephemerals(LIN)[1:], "a second refusal")
    assert ("I may not answer you" in desk.read(whisper), whisper.channel) == (True, CHANNEL)
    public = desk.workspace.wait_reply(desk.workspace.mention(ADA, CHANNEL, "status"))
    desk.pressed(public, "Refresh", LIN).wait_acked()
    desk.wait_for_one(lambda: desk.workspace.ephemerals(LIN)[2:], "a third refusal")
    direct = desk.workspace.wait_reply(desk.workspace.direct_message(LIN, "list"))
    assert "I may not answer you" in desk.read(direct)
    desk.workspace.open_home(LIN)
    desk.workspace.wait_for(lambda: "I may not answer you" in str(desk.workspace.homes.get(LIN)), 10, "a Home")
    assert desk.workspace.messages(CHANNEL, thread_ts=mention.ts) == []
    assert len(desk.said()) == 1, "the hello"
    assert len(desk.said(LINS)) == 1


def test_where_one_may_not_ask_is_said_to_the_asker_alone(desk: Desk) -> None:
    refusal = desk.asked("list", ADA, OPS)
    assert ("I may not answer in this channel" in refusal, "PREWARM_ALLOWED_CHANNELS" in refusal) == (True, True)
    desk.workspace.invite_bot(GENERAL, ADA)
    whisper = desk.wait_whispered("I may not answer in this channel")
    while whisper.channel != desk.workspace.channel_named(GENERAL).id:
        whisper = desk.wait_for_one(
            lambda: [m for m in desk.workspace.ephemerals(ADA) if m.channel == GENERAL], "a whisper in #general"
        )
    assert desk.said(GENERAL) == []
