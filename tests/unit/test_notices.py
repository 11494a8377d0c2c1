"""Rules D3 and D11: what the bot says about itself after a poll, to whom, and how often."""

from dataclasses import replace as replace_health

import pytest
from msgspec.structs import replace

from bot.domain.errors import Trouble
from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import Meta
from bot.domain.notices import Health, notices

NOW = 1_757_600_000.0
BLIND_AFTER = 300.0
META = Meta("STORE", baseline_at=NOW - 5000, greeted=("C1", "C2"), alive_at=NOW - 15)
NEW = Meta("STORE", baseline_at=NOW)
GOOD, BAD = Health(NOW, good=True), Health(NOW, good=False, trouble="HTTP 500", unseen_since=NOW - 400, blind_for=400)
ALL = ["C1", "C2"]


def after(meta: Meta, health: Health, channels: list[str] = ALL) -> tuple[Meta, list[tuple[str, Notice]]]:
    return notices(meta, health, iter(channels), lambda: {"Running": 3}, blind_after=BLIND_AFTER, interval=15.0)


def told(meta: Meta, health: Health, channels: list[str] = ALL) -> list[tuple[str, str]]:
    return [(to, notice.kind.value) for to, notice in after(meta, health, channels)[1]]


BLIND = replace(META, blind_since=NOW - 400)
AWAY = replace(META, alive_at=NOW - 301)
FIRST = Health(NOW, good=True, first=True)
CASES = [
    pytest.param(META, GOOD, ALL, [], id="a good poll like the last one says nothing"),
    # D3
    pytest.param(NEW, GOOD, ALL, [("C1", "hello"), ("C2", "hello")], id="the baseline greets each channel"),
    pytest.param(Meta("STORE"), GOOD, ALL, [], id="nobody is greeted before the baseline stands"),
    pytest.param(META, GOOD, ["C1", "C3"], [("C3", "hello")], id="a channel configured later is greeted, too"),
    pytest.param(NEW, BAD, ["C1"], [("C1", "blind")], id="a bad poll greets nobody"),
    pytest.param(
        replace(NEW, greeting="account"), GOOD, ["C1"], [("C1", "account")], id="another account is announced"
    ),
    pytest.param(replace(NEW, greeting="lost"), GOOD, ["C1"], [("C1", "lost")], id="so is a lost memory"),
    # PREWARM_BLIND_AFTER
    pytest.param(META, BAD, ALL, [("C1", "blind"), ("C2", "blind")], id="too long blind is told to all"),
    pytest.param(META, Health(NOW, good=False, blind_for=299), ALL, [], id="not yet too long is not"),
    pytest.param(META, Health(NOW, good=False, blind_for=300), ["C1"], [("C1", "blind")], id="just long enough is"),
    pytest.param(BLIND, BAD, ALL, [], id="blind is told once"),
    pytest.param(BLIND, GOOD, ALL, [("C1", "sighted"), ("C2", "sighted")], id="its end is told to all"),
    pytest.param(
        BLIND,
        FIRST,
        ["C3"],
        [("C3", "sighted"), ("C3", "hello")],
        id="its end comes before a greeting, also after a restart",
    ),
    # D11
    pytest.param(AWAY, FIRST, ALL, [("C1", "away"), ("C2", "away")], id="away for too long is told after the restart"),
    pytest.param(AWAY, GOOD, ALL, [], id="only after a restart"),
    pytest.param(
        AWAY,
        replace_health(FIRST, blind_for=200.0),
        ALL,
        [("C1", "sighted"), ("C2", "sighted")],
        id="a restart amid an outage of the list is no absence",
    ),
    pytest.param(replace(META, alive_at=NOW - 300), FIRST, ALL, [], id="a short absence is not told"),
    pytest.param(replace(META, alive_at=None), FIRST, ALL, [], id="nobody was away who never was there"),
    pytest.param(
        replace(META, alive_at=None, ran_at=NOW - 900),
        FIRST,
        ALL,
        [],
        id="nor who was there and never could read the list",
    ),
    pytest.param(
        AWAY, FIRST, ["C1", "C3"], [("C1", "away"), ("C3", "hello")], id="a new channel never knew the bot here"
    ),
    pytest.param(replace(AWAY, baseline_at=None), FIRST, ALL, [], id="without a baseline nobody was watching"),
    pytest.param(
        replace(AWAY, blind_since=NOW - 900),
        FIRST,
        ["C1"],
        [("C1", "sighted")],
        id="blind and then away is one gap and one notice",
    ),
]


@pytest.mark.parametrize(("meta", "health", "channels", "said"), CASES)
def test_what_is_said_and_to_whom(meta: Meta, health: Health, channels: list[str], said: list[tuple[str, str]]) -> None:
    assert told(meta, health, channels) == said


@pytest.mark.parametrize(("meta", "health", "channels", "said"), CASES)
def test_the_same_poll_once_more_says_nothing(
    meta: Meta, health: Health, channels: list[str], said: list[tuple[str, str]]
) -> None:
    later, _ = after(meta, health, channels)
    assert after(later, health, channels) == (later, []), said


def test_d3_the_hello_says_how_many_tasks_there_are_and_is_said_once() -> None:
    meta, said = after(replace(NEW, greeting="lost", lost="store.damaged-1"), GOOD, ["C1"])
    assert said == [("C1", Notice(NoticeKind.LOST, NOW, about="store.damaged-1", counts={"Running": 3}))]
    assert (meta.greeted, meta.greeting, meta.lost) == (("C1",), "hello", "")


def test_a_damaged_memory_is_told_once_with_what_is_gone_of_it() -> None:
    damaged = replace(NEW, greeting="damaged", lost="store.damaged-1", gone={"tasks": 2})
    meta, said = after(damaged, GOOD, ["C1"])
    assert said == [("C1", Notice(NoticeKind.DAMAGED, NOW, about="store.damaged-1", counts={"tasks": 2}))]
    assert (meta.greeting, meta.lost, meta.gone) == ("hello", "", {})


def test_a_blind_notice_says_since_when_and_why() -> None:
    meta, said = after(META, BAD, ["C1"])
    assert said == [("C1", Notice(NoticeKind.BLIND, NOW, since=NOW - 400, why="HTTP 500"))]
    assert meta == replace(META, blind_since=NOW - 400)


def test_d11_the_end_of_blindness_says_since_when_and_counts_nothing() -> None:
    meta, said = after(BLIND, GOOD, ["C1"])
    assert said == [("C1", Notice(NoticeKind.SIGHTED, NOW, since=NOW - 400))]
    assert meta.blind_since is None


def test_d11_away_says_since_when_and_counts_nothing() -> None:
    meta, said = after(AWAY, FIRST, ["C1"])
    assert said == [("C1", Notice(NoticeKind.AWAY, NOW, since=NOW - 301))]
    assert meta == replace(AWAY, alive_at=NOW)


MARKS = [
    pytest.param(None, 300.0, NOW, id="the first good poll leaves a mark"),
    pytest.param(NOW - 59, 300.0, NOW - 59, id="within a minute it is not renewed"),
    pytest.param(NOW - 60, 300.0, NOW, id="after a minute it is"),
    pytest.param(NOW - 14, 60.0, NOW - 14, id="within a quarter of PREWARM_BLIND_AFTER it is not"),
    pytest.param(NOW - 15, 60.0, NOW, id="after a quarter it is, where that is less than a minute"),
    pytest.param(NOW + 5, 300.0, NOW, id="a mark from the future is corrected"),
]


@pytest.mark.parametrize(("before", "blind_after", "mark"), MARKS)
def test_d11_the_mark_of_being_alive(before: float | None, blind_after: float, mark: float) -> None:
    meta, _ = notices(replace(META, alive_at=before), GOOD, ALL, dict, blind_after=blind_after, interval=15.0)
    assert meta.alive_at == mark


def test_d11_a_poll_that_cannot_read_the_list_marks_that_the_bot_runs_and_the_next_good_one_that_it_sees() -> None:
    blind = Health(NOW, good=False)
    assert after(META, blind)[0] == META
    assert after(replace(META, alive_at=NOW), blind)[0] == replace(META, alive_at=NOW)
    ran, _ = after(replace(META, alive_at=NOW - 60), blind)
    assert (ran.alive_at, ran.ran_at) == (NOW - 60, NOW)
    assert after(replace(ran, ran_at=NOW - 59), blind)[0].ran_at == NOW - 59
    assert after(ran, GOOD) == (replace(META, alive_at=NOW), [])


@pytest.mark.parametrize(
    ("meta", "kind", "since"),
    [
        pytest.param(replace(AWAY, ran_at=NOW - 300), NoticeKind.SIGHTED, NOW - 301, id="killed amid an outage"),
        pytest.param(
            replace(AWAY, alive_at=NOW - 900, ran_at=NOW - 301), NoticeKind.AWAY, NOW - 301, id="down after it"
        ),
    ],
)
def test_d11_the_bot_was_away_only_while_no_process_ran(meta: Meta, kind: NoticeKind, since: float) -> None:
    assert after(meta, FIRST, ["C1"])[1] == [("C1", Notice(kind, NOW, since=since))]


@pytest.mark.parametrize(("alive_at", "said"), [(NOW - 400, []), (NOW - 401, ["away"])])
def test_d11_up_to_two_intervals_are_no_absence_where_that_is_more(alive_at: float, said: list[str]) -> None:
    _, told = notices(replace(META, alive_at=alive_at), FIRST, ["C1"], dict, blind_after=300.0, interval=200.0)
    assert [notice.kind for _, notice in told] == said


def test_d3_a_greeting_waits_for_somebody_to_greet() -> None:
    lost = replace(NEW, greeting="lost", lost="store.damaged-1", alive_at=NOW)
    assert after(lost, GOOD, []) == (lost, [])


def test_d11_a_bad_poll_leaves_no_mark() -> None:
    assert after(replace(META, alive_at=NOW - 90), Health(NOW, good=False))[0].alive_at == NOW - 90


@pytest.mark.parametrize("why", ["the disk is full", Trouble("Limited", {"detail": "HTTP 429"})])
def test_being_blind_says_why_with_its_facts(why: Trouble | str) -> None:
    [(_, notice)] = after(META, Health(NOW, good=False, trouble=why, unseen_since=NOW - 400, blind_for=400), ["C1"])[1]
    assert (notice.trouble or notice.why) == why
