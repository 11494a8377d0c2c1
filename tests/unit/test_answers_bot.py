"""Answers about the bot itself, and about what people had it promise."""

from dataclasses import replace as but

import pytest

from bot.domain.answer import Blocked
from bot.domain.fact import Kind, News, Transition
from bot.domain.filter import Hears
from bot.domain.memory import Changes, Meta, Snapshot
from bot.domain.outbox import WORKSPACE, Channel, Phase, Post
from bot.domain.queue import enqueue
from bot.domain.subscription import Mute, Subscription
from bot.services.question import Asker
from tests.fakes import START
from tests.unit.answers_harness import ADA, ALOUD, DIRECT, HERE, OPERATOR, STANDING, House, remembering, task

BOSS = but(ADA, user=OPERATOR)
GONE = Snapshot(task("gone42"), gone_at=START - 5)
TASKS = (
    task("nzd5a1", image="qwen"),
    task("nzd5b2", "Pending"),
    task("abc777", "Failed", START - 50, image="qwen"),
    task("abc888", "Failed", START - 10, image="qwen"),
    task("ok1", "Succeeded", START - 20),
)


def house() -> House:
    return House(remembering(*TASKS, GONE))


# ---- the bot itself -------------------------------------------------------------------------------------------------


def test_the_bot_says_how_it_is() -> None:
    home = house()
    told = [(to, Transition(Kind.FAILED, News.ENDED, TASKS[2], START), False) for to in (HERE, "C1", "C1")]
    home.write(enqueue(home.memory, told, START - 7))
    doubt = Post("S:1", HERE, HERE, (1,), START, START, phase=Phase.DOUBT, doubted=True)
    audit = Post("S:0", HERE, HERE, (0,), START, START, phase=Phase.AUDIT, doubted=True)
    mute = Mute("C2", START + 60, START, 9, "U0ADA")
    parked = Channel("C1", parked="is_archived", since=START - 9)
    home.write(
        Changes(
            posts={"S:1": doubt, "S:0": audit},
            mutes={"C2": mute},
            channels={"C1": parked, "C3": Channel("C3", until=START + 5)},
            subscriptions={"1": Subscription("U0ADA", number=1)},
        )
    )
    status = home.answers.status(BOSS)
    assert (status.version, status.started, status.connected) == ("1.0", START, True)
    assert (status.watching_since, status.blind_since, status.tasks) == (START, None, 5)
    assert (status.queued, status.oldest, status.doubts) == (3, START - 7, 1)
    assert status.blocked == (Blocked("C1", "is_archived", START - 9, 2),)
    assert (status.muted, status.subscriptions, status.stopped) == ((mute,), 1, "")


def test_p17_a_channel_that_waits_is_named_with_the_reason_and_after_a_minute_as_a_problem() -> None:
    home = house()
    told = [("C1", Transition(Kind.FAILED, News.ENDED, TASKS[2], START), False)] * 24
    home.write(enqueue(home.memory, told, START - 12))
    assert home.answers.status(BOSS).blocked == ()  # it is just being sent
    home.write(Changes(channels={"C1": Channel("C1", until=START + 30, why="ratelimited", failures=1)}))
    assert home.answers.status(BOSS).blocked == (Blocked("C1", "ratelimited", START - 12, 24, lasts=False),)
    home.clock.at += 48.0
    assert home.answers.status(BOSS).blocked == (Blocked("C1", "ratelimited", START - 12, 24, lasts=True),)


def test_a_stopped_workspace_is_no_channel() -> None:
    home = House(remembering(meta=Meta("S", blind_since=START - 400)))
    home.write(Changes(channels={WORKSPACE: Channel(WORKSPACE, parked="token_revoked", since=START)}))
    status = home.answers.status(BOSS)
    assert (status.stopped, status.blocked, status.queued, status.oldest) == ("token_revoked", (), 0, None)
    assert (status.watching_since, status.blind_since) == (None, START - 400)


BLOCKED = {
    to: Channel(to, parked="not_in_channel", since=START) for to in (HERE, "C0SECRET", "C0MADE", "U0ADA", "U0LIN")
}
QUIETS = {to: Mute(to, START + 60, START, 1, "U0LIN") for to in (HERE, "C0SECRET", "C0MADE", "U0ADA", "U0LIN")}


@pytest.mark.parametrize(
    ("asker", "named"),
    [
        pytest.param(ALOUD, [HERE], id="all read it: the conversation itself"),
        pytest.param(but(ALOUD, user=OPERATOR), [HERE], id="an operator asks aloud"),
        pytest.param(ADA, [HERE, "C0MADE", "U0ADA"], id="only the asker reads it: what is their own"),
        pytest.param(DIRECT, ["C0MADE", "U0ADA"], id="in a direct message"),
        pytest.param(but(ADA, user="U0EVE"), [HERE], id="who has nothing"),
        pytest.param(BOSS, list(BLOCKED), id="an operator, privately"),
    ],
)
def test_r7_who_cannot_be_told_or_wants_quiet_is_named_to_whom_it_concerns(asker: Asker, named: list[str]) -> None:
    shut, quiet = house(), house()  # a quiet lane is no trouble, whatever else it has
    made = {"1": Subscription("C0MADE", number=1, by="U0ADA")}
    shut.write(Changes(channels=BLOCKED, subscriptions=made))
    quiet.write(Changes(mutes=QUIETS, subscriptions=made))
    blocked, muted = shut.answers.status(asker).blocked, quiet.answers.status(asker).muted
    hidden = [""] * (len(BLOCKED) - len(named))
    assert sorted(each.to for each in blocked) == sorted(each.to for each in muted) == [*hidden, *sorted(named)]
    assert {each.by for each in muted} == {"U0LIN" if asker.private else ""}


def test_r7_home_names_nobody_else() -> None:
    home = house()
    home.write(Changes(channels=BLOCKED))
    assert sorted(each.to for each in home.answers.home(DIRECT).status.blocked) == ["", "", "", "", "U0ADA"]


# ---- what people made -----------------------------------------------------------------------------------------------

MADE = {
    "10": Subscription(HERE, Hears.FAILED, number=10, by="U0LIN"),
    "2": Subscription("U0ADA", task="nzd5a1", number=2, by="U0ADA"),
    "3": Subscription("U0LIN", number=3, by="U0LIN"),
    "9": Subscription(HERE, Hears.SUCCEEDED, number=9, by="U0ADA"),
}
QUIET = {HERE: Mute(HERE, START + 60, START, 1), "U0ADA": Mute("U0ADA", START + 90, START, 2)}


def furnished() -> House:
    home = house()
    home.write(Changes(subscriptions=MADE, mutes=QUIET))
    return home


def test_a_channel_hears_of_the_setting_first_then_by_number_and_the_asker_sees_their_own() -> None:
    answer = furnished().answers.subscriptions(ADA, asked="unsubscribe", missing="7")
    assert (answer.to, answer.asked, answer.missing) == (HERE, "unsubscribe", "7")
    assert answer.here == (STANDING[0], MADE["9"], MADE["10"])
    assert (answer.mine, answer.mute) == ((MADE["2"],), QUIET[HERE])


def test_where_others_read_it_nobodys_watches_are_told() -> None:
    """The bot answers an invitation and a mention aloud; what a person watches is theirs."""
    assert furnished().answers.subscriptions(Asker(ADA.user, HERE)).mine == ()


def test_r7_where_others_read_it_nobody_who_made_something_is_named() -> None:
    home = furnished()
    home.write(Changes(mutes={HERE: Mute(HERE, START + 60, START, 1, "U0LIN")}))
    aloud, privately = home.answers.subscriptions(ALOUD), home.answers.subscriptions(ADA)
    assert aloud.mute
    assert privately.mute
    assert ([each.by for each in aloud.here], aloud.mute.by) == (["", "", ""], "")
    assert ([each.by for each in privately.here], privately.mute.by) == (["", "U0ADA", "U0LIN"], "U0LIN")


def test_in_a_direct_message_there_is_no_channel() -> None:
    answer = furnished().answers.subscriptions(DIRECT)
    assert (answer.to, answer.here, answer.mine, answer.mute) == ("U0ADA", (), (MADE["2"],), QUIET["U0ADA"])


def test_home_shows_what_goes_on_what_a_person_watches_and_how_the_bot_is() -> None:
    home = furnished().answers.home(DIRECT)
    assert (home.watches, home.status.tasks, home.overview.counts["Failed"]) == ((MADE["2"],), 5, 2)
