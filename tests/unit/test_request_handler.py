"""Each request has its answer, and "until 18:00" is the next time that the clock shows it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import request as ask
from bot.commands.request import Usage
from bot.demo.slack.mentions import mentions
from bot.demo.slack.records import Message
from bot.domain import answer as told
from bot.domain import queue
from bot.domain.fact import Kind, News, Transition
from bot.domain.filter import EVERYTHING, Filter, Hears
from bot.domain.language import Language
from bot.domain.memory import Changes
from bot.domain.outbox import Channel
from bot.domain.subscription import Mute, Subscription
from bot.rendering.payload import Payload
from bot.services.locales import Locales
from bot.services.question import Asker
from bot.services.request_handler import RequestHandler, seconds_until
from bot.services.style_resolver import StyleResolver
from tests.fakes import START
from tests.unit.answers_harness import ADA, ALOUD, DIRECT, HERE, STYLE, House, remembering, task

QWEN = Filter(words=("qwen",))
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


class NoLocales(Locales):
    """Slack tells nobody's language."""

    def __init__(self) -> None:
        pass

    def known(self, user: str) -> Language | None:  # noqa: ARG002 - nobody's
        return None

    ask = known

    def expect(self, users: Iterable[str]) -> None:
        pass


class Office(House):
    """A clerk in a house of two tasks that are at work, one that failed, and one subscription in HERE."""

    def __post_init__(self) -> None:
        super().__post_init__()
        styles = StyleResolver(STYLE, self.ledger, NoLocales())
        tick = self.clock.tick
        self.clerk = RequestHandler(self.answers, self.actions, styles, slack_now=tick, zone=ZoneInfo("UTC"))
        self.actions.subscribe(ADA, Hears.FAILED, QWEN)


def office() -> Office:
    tasks = task("nzd5a1", image="qwen"), task("nzd5b2"), task("abc777", "Failed", START - 5)
    return Office(remembering(*tasks))


CASES: list[tuple[ask.Request, type]] = [
    (ask.Summary(), told.Overview),
    (ask.ListTasks(EVERYTHING), told.Listing),
    (ask.Show("abc777"), told.Detail),
    (ask.Show("nzd5"), told.Candidates),
    (ask.Show("zzz"), told.Unknown),
    (ask.Why("abc777"), told.Why),
    (ask.Status(), told.Status),
    (ask.Subscriptions(), told.Subscriptions),
    (ask.Subscribe(Hears.ALL, QWEN), told.Subscribed),
    (ask.Unsubscribe(), told.Unsubscribed),
    (ask.Unsubscribe(7), told.Subscriptions),
    (ask.Watch(Hears.ALL, Filter(words=("nzd5a1",))), told.Subscribed),
    (ask.Watch(Hears.ALL, Filter(words=("abc777",))), told.WatchEnded),
    (ask.Watch(Hears.ALL, Filter(words=("nzd5",))), told.Candidates),
    (ask.Unwatch(), told.Subscriptions),
    (ask.Mute(60.0), told.Muted),
    (ask.Unmute(), told.Unmuted),
    (ask.Language(), told.Spoken),
    (ask.Language("zh"), told.Spoken),
]


@pytest.mark.parametrize(
    ("request_", "kind"), CASES, ids=lambda each: repr(each) if isinstance(each, type) else str(each)
)
def test_each_request_has_its_answer(request_: ask.Request, kind: type) -> None:
    house = office()
    assert type(house.clerk.answer(request_, ADA)) is kind
    words = house.clerk.words(request_, ADA)
    for plain in (False, True):
        assert words(STYLE, plain).text


@pytest.mark.parametrize("request_", [each for each, _ in CASES], ids=str)
def test_r7_what_all_read_pings_nobody(request_: ask.Request) -> None:
    house = office()
    people = ("U0ADA", "U0LIN", "U0OP")
    house.write(
        Changes(
            channels={to: Channel(to, parked="user_disabled", since=START) for to in (HERE, *people)},
            mutes={to: Mute(to, START + 60, START, 1, "U0LIN") for to in (HERE, *people)},
            subscriptions={str(n): Subscription(to, number=n, by="U0LIN") for n, to in enumerate((HERE, *people), 2)},
        )
    )
    failed = Transition(Kind.FAILED, News.ENDED, house.memory.tasks["abc777"].task, START)
    house.write(queue.enqueue(house.memory, [(to, failed, False) for to in (HERE, *people)], START))
    words = house.clerk.words(request_, ALOUD)
    for plain in (False, True):
        payload = words(STYLE, plain)
        assert not mentions(Message("1.0", HERE, "U0BOT", payload.text, payload.blocks)) & {*people}


WORDS_ALONE = (ask.Help(), ask.NotYet("quota"), ask.DidYouMean("faild", "failed"), ask.Wrong(Usage.WATCH_WHAT))


def test_every_kind_of_request_is_answered() -> None:
    kinds = {type(request) for request, _ in CASES} | {type(each) for each in WORDS_ALONE}
    assert kinds == set(get_args(ask.Request))


@pytest.mark.parametrize("request_", WORDS_ALONE, ids=repr)
def test_what_needs_no_looking_up_waits_for_no_poll(request_: ask.Request) -> None:
    house = office()
    assert isinstance(house.clerk.words(request_, ADA)(STYLE, False), Payload)
    assert house.poller.waits == []


def test_what_nobody_answers_is_a_fault_of_ours_and_named() -> None:
    with pytest.raises(TypeError, match="Help"):
        office().clerk.answer(ask.Help("show"), ADA)


@pytest.mark.parametrize("request_", [each for each, _ in CASES if not isinstance(each, ask.Watch)] + [*WORDS_ALONE])
def test_what_shows_the_list_waits_a_moment_for_a_poll(request_: ask.Request) -> None:
    house = office()
    house.clerk.wait(request_)
    shows = isinstance(request_, ask.Summary | ask.ListTasks | ask.Show | ask.Why | ask.Status)
    assert len(house.poller.waits) == shows


@pytest.mark.parametrize(
    ("hears", "wanted", "waits"),
    [
        pytest.param(Hears.ALL, ("nzd5zz",), 1, id="perhaps the ID of a task that no poll has shown yet"),
        pytest.param(Hears.ALL, ("nzd5a1",), 0, id="a task that is known: the next poll answers if it has ended"),
        pytest.param(Hears.ALL, ("abc777",), 0, id="a task that has ended"),
        pytest.param(Hears.ALL, ("nzd5zz", "b"), 0, id="words"),
        pytest.param(Hears.FAILED, ("nzd5zz",), 0, id="failures alone"),
        pytest.param(Hears.ALL, ("zz",), 0, id="too short for an ID"),
    ],
)
def test_a_watch_waits_for_a_poll_only_if_that_could_show_the_task(
    hears: Hears, wanted: tuple[str, ...], waits: int
) -> None:
    house = office()
    house.clerk.wait(ask.Watch(hears, Filter(words=wanted)))
    assert len(house.poller.waits) == waits


@pytest.mark.parametrize(
    "request_", [each for each, _ in CASES if isinstance(each, ask.Act) and each != ask.Language()]
)
def test_an_act_takes_its_id_along_into_its_commit(request_: ask.Request) -> None:
    house = office()
    house.clerk.words(request_, ADA, "Ev1")
    assert list(house.memory.handled) == ["Ev1"]


@pytest.mark.parametrize(
    "request_", [*(each for each, _ in CASES if not isinstance(each, ask.Act)), ask.Language(), *WORDS_ALONE]
)
def test_what_only_reads_writes_nothing(request_: ask.Request) -> None:
    house = office()
    commits = house.shelf.commits
    house.clerk.words(request_, ADA, "Ev1")
    assert house.shelf.commits == commits


@pytest.mark.parametrize(
    ("request_", "asked", "missing"),
    [
        pytest.param(ask.Unsubscribe(7), "unsubscribe", "7", id="a number that is not there"),
        pytest.param(ask.Unwatch(), "unwatch", "", id="nothing to end, and nothing named"),
        pytest.param(ask.Unwatch(filter=QWEN), "unwatch", "qwen", id="words of no watch"),
        pytest.param(ask.Unwatch(None, Hears.FAILED, QWEN), "unwatch", "failed qwen", id="endings of no watch"),
    ],
)
def test_when_it_is_not_clear_which_to_end_all_are_shown(request_: ask.Request, asked: str, missing: str) -> None:
    answer = office().clerk.answer(request_, ADA)
    assert isinstance(answer, told.Subscriptions)
    assert (answer.asked, answer.missing) == (asked, missing)


@pytest.mark.parametrize(
    ("request_", "until"),
    [
        pytest.param(ask.Mute(7200.0), START + 7200, id="for two hours"),
        pytest.param(ask.Mute(until=(9, 30)), datetime(2027, 1, 15, 9, 30, tzinfo=UTC).timestamp(), id="until 9:30"),
        pytest.param(ask.Mute(until=(0, 0)), datetime(2027, 1, 16, tzinfo=UTC).timestamp(), id="until midnight"),
    ],
)
def test_how_long_it_is_quiet(request_: ask.Request, until: float) -> None:
    house = office()  # it is 2027-01-15 08:00 UTC
    house.clerk.answer(request_, ADA)
    assert house.memory.mutes[HERE].until == until


@pytest.mark.parametrize(("asker", "to"), [(ADA, HERE), (DIRECT, "U0ADA")])
def test_a_language_is_chosen_for_the_channel_or_the_person(asker: Asker, to: str) -> None:
    house = office()
    house.clerk.words(ask.Language("zh"), asker)
    assert house.memory.languages == {to: "zh"}
    commits = house.shelf.commits
    house.clerk.words(ask.Language("zh"), asker)
    house.clerk.words(ask.Language(""), asker)
    assert house.shelf.commits == commits


# ---- until the clock says -------------------------------------------------------------------------------------------


def at(zone: ZoneInfo, *when: int, fold: int = 0) -> float:
    year, month, day, hour, minute = when
    return datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold).timestamp()


HOUR, MINUTE = 3600.0, 60.0
CLOCKS = [
    pytest.param(at(BERLIN, 2026, 5, 4, 12, 0), (18, 0), 6 * HOUR, id="later today"),
    pytest.param(at(BERLIN, 2026, 5, 4, 18, 0), (18, 0), 24 * HOUR, id="exactly now is tomorrow"),
    pytest.param(at(BERLIN, 2026, 5, 4, 18, 0) + 1, (18, 0), 24 * HOUR - 1, id="a second ago is tomorrow"),
    pytest.param(at(BERLIN, 2026, 5, 4, 23, 59), (0, 0), MINUTE, id="midnight is tomorrow's"),
    pytest.param(at(BERLIN, 2026, 3, 28, 18, 30), (18, 0), 22.5 * HOUR, id="the night that lacks an hour"),
    pytest.param(at(BERLIN, 2026, 10, 24, 18, 30), (18, 0), 24.5 * HOUR, id="the night that has one more"),
    pytest.param(at(BERLIN, 2026, 3, 29, 1, 0), (2, 30), 1.5 * HOUR, id="a time that is skipped: half an hour into 3"),
    pytest.param(at(BERLIN, 2026, 3, 29, 1, 0), (3, 0), HOUR, id="the hour after the one that is skipped"),
    pytest.param(at(BERLIN, 2026, 10, 25, 1, 0), (2, 30), 1.5 * HOUR, id="a time shown twice: the first"),
    pytest.param(at(BERLIN, 2026, 10, 25, 2, 45), (2, 30), 45 * MINUTE, id="after the first: the second"),
    pytest.param(
        at(BERLIN, 2026, 10, 25, 2, 10, fold=1), (2, 30), 20 * MINUTE, id="in the hour said again: the second"
    ),
    pytest.param(at(BERLIN, 2026, 10, 25, 2, 45, fold=1), (2, 30), 24 * HOUR - 15 * MINUTE, id="after both: tomorrow"),
]


@pytest.mark.parametrize(("now", "clock", "seconds"), CLOCKS)
def test_how_long_until_the_clock_shows_a_time(now: float, clock: tuple[int, int], seconds: float) -> None:
    assert seconds_until(clock, now, BERLIN) == seconds


def test_the_zone_is_the_setting_s() -> None:
    now = at(NEW_YORK, 2026, 11, 1, 0, 30)
    assert seconds_until((1, 30), now, NEW_YORK) == HOUR
    assert seconds_until((1, 30), now + 1.5 * HOUR, NEW_YORK) == 0.5 * HOUR
    assert seconds_until((1, 30), now, BERLIN) == 20 * HOUR  # there it is 5:30


CHANGES = [
    at(BERLIN, 2026, 3, 29, 1, 59),
    at(BERLIN, 2026, 10, 25, 1, 59),
    at(NEW_YORK, 2026, 3, 8, 1, 59),
    at(NEW_YORK, 2026, 11, 1, 0, 59),
]


@settings(deadline=None)  # the first use of a time zone reads it
@given(
    change=st.sampled_from(CHANGES),
    off=st.one_of(st.floats(-2 * 86_400, 2 * 86_400), st.floats(-HOUR, 3 * HOUR)),
    zone=st.sampled_from([BERLIN, NEW_YORK]),
    clock=st.tuples(st.one_of(st.integers(0, 23), st.integers(1, 3)), st.integers(0, 59)),
)
def test_whatever_the_clocks_do_it_is_in_the_future_and_the_clock_then_shows_the_time(
    change: float, off: float, zone: ZoneInfo, clock: tuple[int, int]
) -> None:
    now = change + off
    seconds = seconds_until(clock, now, zone)
    then = datetime.fromtimestamp(now + seconds, zone)
    assert 0 < seconds <= 25 * HOUR
    if is_skipped(then.date(), clock, zone):
        then -= timedelta(hours=1)
    assert (then.hour, then.minute) == clock
    assert not any(shown(now + passed, zone) == clock for passed in range(60, int(seconds) - 60, 60))


def is_skipped(day: date, clock: tuple[int, int], zone: ZoneInfo) -> bool:
    moment = datetime.combine(day, time(*clock), zone).timestamp()
    return shown(moment, zone) != clock


def shown(moment: float, zone: ZoneInfo) -> tuple[int, int]:
    then = datetime.fromtimestamp(moment, zone)
    return then.hour, then.minute
