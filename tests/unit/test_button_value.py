"""What a button carries is read back as what was meant, whatever the words are; buttons of older messages work on."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.commands.button_value import AT_MOST, read, write
from bot.commands.grammar import parse
from bot.commands.request import (
    Act,
    DidYouMean,
    Help,
    Language,
    ListTasks,
    Look,
    Mute,
    NotYet,
    Show,
    Status,
    Subscribe,
    Subscriptions,
    Summary,
    Unmute,
    Unsubscribe,
    Unwatch,
    Usage,
    Watch,
    Why,
    Wrong,
)
from bot.commands.table import BY_WORD, STATES
from bot.commands.text import settled
from bot.domain.filter import Filter, Hears
from bot.domain.task import Task
from tests.examples import many

WORD = st.one_of(
    st.sampled_from([*BY_WORD, *STATES, "all", "or", "page:2", "cluster", "cluster:", "cluster:x", "state:x", "until"]),
    st.sampled_from(["3", "#3", "faild", "<@U1>", "<!channel>", "&lt;", "a&amp;b", "https://r.io", "r.io/a:v2", "`x`"]),
    st.sampled_from(['"', '""', "'", "'a'", 'a"b', "\\", '\\"', "two words", "*x*", "x.", ",", "?", "“x”", "[failed]"]),
    st.text(st.sampled_from("\"'`*<>&;:=#,.? \\aZ9失败\u0338\u200b\uff1e\uff02"), min_size=1, max_size=8),
    st.text(st.characters(), min_size=1, max_size=12),
).filter(lambda word: settled(word).strip())
SETTLED = WORD.map(lambda word: settled(word).strip())
STATE = st.sampled_from(["Pending", "Running", "Succeeded", "Failed", "Evicted", "Timed Out", 'a"b'])
FILTERS = st.builds(
    Filter, st.frozensets(STATE, max_size=3), st.just("") | SETTLED, st.lists(SETTLED, max_size=4).map(tuple)
)
PROMISED = st.builds(Filter, st.just(frozenset()), st.just("") | SETTLED, st.lists(SETTLED, max_size=4).map(tuple))
HEARS = st.sampled_from(Hears)
NUMBERS = st.integers(1, 999_999)
REQUESTS: st.SearchStrategy[Look | Act] = st.one_of(
    st.sampled_from([Summary(), Status(), Subscriptions(), Unmute(), Help(), Help("watch")]),
    st.builds(Language, st.sampled_from(["", "en", "zh", "default"])),
    st.builds(ListTasks, FILTERS, st.integers(0, 9_999)),
    st.builds(Show, SETTLED),
    st.builds(Why, SETTLED),
    st.builds(Watch, HEARS, PROMISED),
    st.builds(Subscribe, HEARS, PROMISED),
    st.builds(Unwatch, st.none(), HEARS, PROMISED),
    st.builds(Unwatch, NUMBERS),
    st.builds(Unsubscribe, st.none() | NUMBERS),
    st.builds(Mute, st.integers(60, 604_800).map(float)),
    st.builds(Mute, st.none(), st.tuples(st.integers(0, 23), st.integers(0, 59))),
)

WRITTEN: list[tuple[Look | Act, str]] = [
    (Summary(), '{"ask":"summary"}'),
    (ListTasks(Filter()), '{"ask":"list","filter":{}}'),
    (
        ListTasks(Filter(frozenset({"Failed", "Running"}), "cn-1", ("qwen", "a b")), 1),
        '{"ask":"list","filter":{"states":["Failed","Running"],"cluster":"cn-1","words":["qwen","a b"]},"page":1}',
    ),
    (Show("nzd5ny"), '{"ask":"show","prefix":"nzd5ny"}'),
    (Show("<@U1> &"), r'{"ask":"show","prefix":"\u003c@U1\u003e \u0026"}'),
    (Why("nzd5ny"), '{"ask":"why","prefix":"nzd5ny"}'),
    (Watch(Hears.ALL, Filter(words=("n1",))), '{"ask":"watch","hears":"all","filter":{"words":["n1"]}}'),
    (Unwatch(3), '{"ask":"unwatch","number":3}'),
    (Unwatch(filter=Filter(words=("n1",))), '{"ask":"unwatch","filter":{"words":["n1"]}}'),
    (Subscribe(Hears.FAILED, Filter()), '{"ask":"subscribe","hears":"failed","filter":{}}'),
    (Unsubscribe(2), '{"ask":"unsubscribe","number":2}'),
    (Subscriptions(), '{"ask":"subscriptions"}'),
    (Status(), '{"ask":"status"}'),
    (Mute(7_200.0), '{"ask":"mute","seconds":7200.0}'),
    (Mute(until=(18, 0)), '{"ask":"mute","until":[18,0]}'),
    (Unmute(), '{"ask":"unmute"}'),
    (Language("zh"), '{"ask":"language","code":"zh"}'),
    (Help("watch"), '{"ask":"help","topic":"watch"}'),
]
"""Values in messages that people still have: a line may be added here, and none may change."""


@pytest.mark.parametrize(("asked", "value"), WRITTEN, ids=[value for _, value in WRITTEN])
def test_how_a_request_is_written_for_years_to_come(asked: Look | Act, value: str) -> None:
    assert write(asked) == value
    assert read(value) == asked


SPELLED: list[tuple[Look | Act, str]] = [
    (Summary(), "/prewarm"),
    (Summary(), ""),
    (ListTasks(Filter()), "list"),
    (
        ListTasks(Filter(frozenset({"Failed", "Running"}), "cn-1", ("qwen",)), 1),
        "list running failed cluster:cn-1 page:2 qwen",
    ),
    (
        ListTasks(Filter(frozenset({"Evicted"}), "华北 一区", ("a b",))),
        'list state:"Evicted" cluster:"华北 一区" "a b"',
    ),
    (ListTasks(Filter(words=("failed", "<b>", 'a"b'))), 'list "failed" &lt;b&gt; "a""b"'),
    (Show("nzd5ny"), "show nzd5ny"),
    (Why("nzd5ny"), "why nzd5ny"),
    (Watch(Hears.ALL, Filter(words=("nzd5ny",))), "watch nzd5ny"),
    (Unwatch(3), "unwatch 3"),
    (Unwatch(None, Hears.ALL, Filter(words=("nzd5ny",))), "unwatch nzd5ny"),
    (Unsubscribe(2), "unsubscribe 2"),
    (Status(), "status"),
    (Unmute(), "unmute"),
    (Language("default"), "language default"),
]


@pytest.mark.parametrize(("asked", "value"), SPELLED, ids=[value for _, value in SPELLED])
def test_a_button_of_an_older_message_asks_what_it_asked_then(asked: Look | Act, value: str) -> None:
    assert read(value) == asked


@many(500)
@given(REQUESTS)
def test_what_is_written_is_read_as_it_was_meant(asked: Look | Act) -> None:
    value = write(asked)
    assert weight(value) <= AT_MOST
    assert read(value) == asked
    assert not set("&<>") & set(value)


@settings(deadline=None)
@example('<"\u0338')  # signs that only the quote kept apart
@given(st.lists(WORD | st.sampled_from([" ", "list ", "watch ", "subscribe ", "cluster:"]), max_size=8).map("".join))
def test_whatever_people_type_can_be_put_on_a_button(typed: str) -> None:
    asked = parse(typed)
    if not isinstance(asked, DidYouMean | NotYet | Wrong):
        assert read(write(asked)) == asked


@settings(deadline=None)
@example('{"ask":"made_later"}')
@example('{"ask":"show"}')
@example('{"ask":1}')
@given(st.text(st.characters()).map("{".__add__))
def test_what_another_version_wrote_is_never_something_else(value: str) -> None:
    assert read(value) == Wrong(Usage.OTHER_BUTTON)


def weight(value: str) -> int:
    """The bytes that a value adds to a message."""
    return len(json.dumps(value))


@many(100)
@given(st.sampled_from(["x", "<", '"', "失", "a ", '" &', "\ufdfa"]), st.integers(1, 3_000), st.integers(1, 40))
def test_a_long_request_asks_for_more_and_never_for_all(piece: str, times: int, words: int) -> None:
    whole = Filter(frozenset({"Failed"}), words=(settled(piece * times),) * words)
    value = write(ListTasks(whole, 1))
    asked = read(value)
    assert weight(value) <= AT_MOST
    assert isinstance(asked, ListTasks)
    assert (asked.filter.states, asked.page) == (whole.states, 1)
    assert asked.filter.words
    assert asked.filter.matches(Task("t1", "Failed", note=settled(piece * times)))
    assert asked.filter == whole or weight(value) > AT_MOST - weight(r"\u003c")  # as much as there is room for


LONG = "x" * 3_000
CUT = [
    pytest.param(Show(LONG), Show("x" * (AT_MOST - weight(write(Show(""))))), id="an ID: those that begin so"),
    pytest.param(ListTasks(Filter(cluster=LONG, words=("a",))), ListTasks(Filter(words=("a",))), id="a cluster goes"),
    pytest.param(
        Watch(Hears.FAILED, Filter(cluster="y" * 1_200, words=("z" * 900,))),
        Watch(Hears.FAILED, Filter(words=("z" * 900,))),
        id="words before a long cluster",
    ),
    pytest.param(ListTasks(Filter(frozenset({LONG, "Failed"}))), ListTasks(Filter()), id="no state alone of several"),
]


@pytest.mark.parametrize(("asked", "short"), CUT)
def test_what_is_left_of_a_request_that_is_too_long(asked: Look | Act, short: Look | Act) -> None:
    assert read(write(asked)) == short


def test_a_lone_surrogate_is_put_as_the_sign_for_what_cannot_be_read() -> None:
    assert read(write(ListTasks(Filter(words=("a\ud800b",))))) == ListTasks(Filter(words=("a\ufffdb",)))
