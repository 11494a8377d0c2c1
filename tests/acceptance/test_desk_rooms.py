"""Channels that change: renamed, archived, left, joined; who relies on one hears of it once, nothing is lost (P14)."""

from collections.abc import Iterator

import pytest

from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, ADAS, CHANNEL, GENERAL, LIN, LINS, OPS

SETTINGS = {"PREWARM_CHANNEL": OPS, "PREWARM_OPERATORS": LIN}
CANNOT = "I cannot post in channel"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk"), **SETTINGS) as desk:
        yield desk


def count(desk: Desk, words: str, channel: str) -> int:
    return sum(words in text for text in desk.said(channel))


@pytest.mark.slow
def test_who_subscribed_a_channel_hears_once_that_the_bot_was_removed_and_it_is_told_in_order_later(
    desk: Desk,
) -> None:
    for words in ("one", "two"):
        desk.ask(f"subscribe {words}")
        desk.wait_said(f"“{words}” from now on")
    desk.workspace.remove_bot(CHANNEL)
    told = desk.read(desk.wait_said(CANNOT, ADAS))
    assert ("#prewarm" in told, "/invite @prewarm" in told) == (True, True)
    tasks = [desk.end(desk.cloud.add(f"registry.example.com/{name}:1")) for name in ("one", "two", "one")]
    desk.wait_told(*tasks, channel=OPS)
    assert "I am not in that channel" in desk.asked(f"why {tasks[0]}", channel=OPS)
    desk.start_again(**SETTINGS)
    assert "I cannot post to 1 recipient" in desk.asked("status", channel=OPS)
    desk.workspace.invite_bot(CHANNEL, ADA)
    assert desk.wait_told(*tasks) == dict.fromkeys(tasks, 1)
    assert count(desk, CANNOT, ADAS) == 1
    after = desk.end(desk.cloud.add("registry.example.com/one:2"))
    desk.wait_told(after)
    said = desk.said()
    assert next(i for i, text in enumerate(said) if tasks[0] in text) < next(
        i for i, text in enumerate(said) if after in text
    )


@pytest.mark.slow
def test_a_restart_neither_forgets_that_the_bot_was_removed_nor_says_it_again(desk: Desk) -> None:
    desk.ask("subscribe three")
    desk.wait_said("“three” from now on")
    told = count(desk, CANNOT, ADAS)
    desk.workspace.remove_bot(CHANNEL)
    desk.workspace.wait_for(lambda: count(desk, CANNOT, ADAS) == told + 1, 10, "the word to who subscribed")
    desk.start_again(**SETTINGS)
    assert "I cannot post to 1 recipient" in desk.asked("status", channel=OPS)
    task = desk.end(desk.cloud.add("registry.example.com/three:1"))
    desk.wait_told(task, channel=OPS)
    desk.wait_asked("status", "1 message waits", channel=OPS)
    assert count(desk, CANNOT, ADAS) == told + 1
    desk.workspace.invite_bot(CHANNEL, ADA)
    desk.wait_told(task)
    desk.workspace.remove_bot(CHANNEL)
    desk.workspace.wait_for(lambda: count(desk, CANNOT, ADAS) == told + 2, 10, "the word once more")
    desk.bots[-1].kill()
    desk.workspace.invite_bot(CHANNEL, ADA)  # nobody hears of it
    desk.start_again(**SETTINGS)
    desk.wait_asked("status", "All is well", channel=OPS)


def test_an_archived_channel_is_told_to_operators_and_drained_when_it_is_back(desk: Desk) -> None:
    desk.workspace.archive(OPS)
    told = desk.read(desk.wait_said(CANNOT, LINS))
    assert "unarchive" in told
    task = desk.end()
    desk.wait_polled(3)
    desk.workspace.unarchive(OPS)
    desk.wait_told(task, channel=OPS)
    assert count(desk, CANNOT, LINS) == 1


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_p18_a_lost_channel_that_is_taken_out_of_the_settings_is_forgotten_and_operators_hear_what_went(
    desk: Desk,
) -> None:
    desk.start_again(PREWARM_CHANNEL=f"{OPS},{GENERAL}", PREWARM_OPERATORS=LIN)
    desk.wait_asked("status", "I cannot post to 1 recipient", channel=OPS)
    tasks = [desk.end(), desk.end()]
    desk.wait_told(*tasks, channel=OPS)
    desk.start_again(**SETTINGS)
    told = desk.read(desk.wait_said("3 messages for", LINS, within=90))
    assert "PREWARM_CHANNEL does not name it" in told
    desk.wait_asked("status", "All is well", channel=OPS)


def test_an_invitation_is_answered_with_what_the_channel_hears_of_and_a_new_name_changes_nothing(
    desk: Desk,
) -> None:
    desk.workspace.invite_bot(GENERAL, ADA)
    desk.wait_said("This channel has no subscriptions", GENERAL)
    desk.ask("subscribe renamed", channel=GENERAL)
    desk.workspace.rename(GENERAL, "everybody")
    task = desk.end(desk.cloud.add("registry.example.com/renamed:1"))
    desk.wait_told(task, channel=GENERAL)
    assert "#everybody" in desk.asked(f"why {task}", channel=GENERAL)
