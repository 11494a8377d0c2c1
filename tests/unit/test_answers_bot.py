"""Answers about the bot itself, and about what people had it promise."""

from bot.domain.answer import Blocked
from bot.domain.fact import Kind, News, Transition
from bot.domain.memory import Changes, Meta, Snapshot
from bot.domain.outbox import WORKSPACE, Channel, Phase, Post
from bot.domain.queue import enqueue
from bot.domain.subscription import Hears, Mute, Subscription
from bot.services.asker import Asker
from tests.fakes import START
from tests.unit.desk_house import ADA, DIRECT, HERE, STANDING, House, remembering, task

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
    status = home.answers.status()
    assert (status.version, status.started, status.connected) == ("1.0", START, True)
    assert (status.watching_since, status.blind_since, status.tasks) == (START, None, 5)
    assert (status.queued, status.oldest, status.doubts) == (3, START - 7, 1)
    assert status.blocked == (Blocked("C1", "is_archived", START - 9, 2),)
    assert (status.muted, status.subscriptions, status.stopped) == ((mute,), 1, "")


def test_p17_a_channel_that_waits_is_named_with_the_reason_and_after_a_minute_as_a_problem() -> None:
    home = house()
    told = [("C1", Transition(Kind.FAILED, News.ENDED, TASKS[2], START), False)] * 24
    home.write(enqueue(home.memory, told, START - 12))
    assert home.answers.status().blocked == ()  # it is just being sent
    home.write(Changes(channels={"C1": Channel("C1", until=START + 30, why="ratelimited", failures=1)}))
    assert home.answers.status().blocked == (Blocked("C1", "ratelimited", START - 12, 24, lasts=False),)
    home.clock.at += 48.0
    assert home.answers.status().blocked == (Blocked("C1", "ratelimited", START - 12, 24, lasts=True),)


def test_a_stopped_workspace_is_no_channel() -> None:
    home = House(remembering(meta=Meta("S", blind_since=START - 400)))
    home.write(Changes(channels={WORKSPACE: Channel(WORKSPACE, parked="token_revoked", since=START)}))
    status = home.answers.status()
    assert (status.stopped, status.blocked, status.queued, status.oldest) == ("token_revoked", (), 0, None)
    assert (status.watching_since, status.blind_since) == (None, START - 400)


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


def test_in_a_direct_message_there_is_no_channel() -> None:
    answer = furnished().answers.subscriptions(DIRECT)
    assert (answer.to, answer.here, answer.mine, answer.mute) == ("U0ADA", (), (MADE["2"],), QUIET["U0ADA"])


def test_home_shows_what_goes_on_what_a_person_watches_and_how_the_bot_is() -> None:
    home = furnished().answers.home(DIRECT)
    assert (home.watches, home.status.tasks, home.overview.counts["Failed"]) == ((MADE["2"],), 5, 2)
