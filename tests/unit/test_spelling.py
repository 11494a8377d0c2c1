"""Requests written out: what a button carries is read back as what was meant, whatever the words are."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.commands.grammar import parse
from bot.commands.request import (
    DidYouMean,
    Help,
    Language,
    ListTasks,
    Mute,
    NotYet,
    Request,
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
from bot.commands.spelling import VALUE_AT_MOST, spell, spell_filter
from bot.commands.table import BY_WORD, STATES
from bot.commands.text import settled
from bot.domain.filter import Filter
from bot.domain.subscription import Hears
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
REQUESTS: st.SearchStrategy[Request] = st.one_of(
    st.sampled_from([Summary(), Status(), Subscriptions(), Unmute(), Help(), Help("watch"), NotYet("retry")]),
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

SPELLED = [
    (Summary(), "/prewarm"),
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
    (Show("<@U1> &"), 'show "&lt;@U1&gt; &amp;"'),
    (Why("nzd5ny"), "why nzd5ny"),
    (Watch(Hears.ALL, Filter(words=("nzd5ny",))), "watch nzd5ny"),
    (Watch(Hears.FAILED, Filter(cluster="cn-1")), "watch failed cluster:cn-1"),
    (Watch(Hears.ALL, Filter()), "watch all"),
    (Unwatch(3), "unwatch 3"),
    (Unwatch(), "unwatch"),
    (Unwatch(None, Hears.ALL, Filter(words=("3",))), 'unwatch "3"'),
    (Subscribe(Hears.SUCCEEDED, Filter(words=("qwen",))), "subscribe succeeded qwen"),
    (Unsubscribe(2), "unsubscribe 2"),
    (Unsubscribe(), "unsubscribe"),
    (Subscriptions(), "subscriptions"),
    (Status(), "status"),
    (Unmute(), "unmute"),
    (Mute(7_200.0), "mute 7200s"),
    (Mute(until=(18, 0)), "mute until 18:00"),
    (DidYouMean("faild", "watch failed"), "watch failed"),
    (Wrong(Usage.SHOW_NEEDS_ID), "help"),
]


@pytest.mark.parametrize(("request_", "spelled"), SPELLED, ids=[spelled for _, spelled in SPELLED])
def test_how_a_request_is_spelled(request_: Request, spelled: str) -> None:
    assert spell(request_) == spelled


@many(500)
@given(REQUESTS)
def test_what_is_spelled_is_read_as_it_was_meant(asked: Request) -> None:
    assert parse(spell(asked)) == asked


@settings(deadline=None)
@example('<"\u0338')  # signs that only the quote kept apart
@given(st.lists(WORD | st.sampled_from([" ", "list ", "watch ", "subscribe ", "cluster:"]), max_size=8).map("".join))
def test_whatever_people_type_can_be_put_on_a_button(typed: str) -> None:
    asked = parse(typed)
    if not isinstance(asked, DidYouMean | Wrong):
        assert parse(spell(asked)) == asked


@settings(deadline=None)
@given(WORD)
def test_a_word_that_cannot_be_typed_is_put_as_it_would_be(word: str) -> None:
    assert parse(spell(Show(word))) == Show(settled(word).strip())


@many(100)
@given(st.sampled_from(["x", "<", '"', "失", "a ", '" &', "\ufdfa"]), st.integers(1, 3_000), st.integers(1, 40))
def test_a_long_request_asks_for_more_and_never_for_nothing(piece: str, times: int, words: int) -> None:
    whole = Filter(frozenset({"Failed"}), words=(settled(piece * times),) * words)
    spelled = spell(ListTasks(whole, 1))
    asked = parse(spelled)
    assert len(spelled) <= VALUE_AT_MOST
    assert isinstance(asked, ListTasks)
    assert (asked.filter.states, asked.page) == (whole.states, 1)
    assert asked.filter.words
    assert asked.filter.matches(Task("t1", "Failed", note=settled(piece * times)))


def test_a_cluster_that_is_too_long_is_left_out() -> None:
    assert spell(ListTasks(Filter(cluster="x" * 3_000, words=("a",)))) == "list a"


TYPED = [
    (Filter(), Hears.ALL, ""),
    (Filter(cluster="cn-1", words=("qwen", "two words")), Hears.FAILED, 'failed cluster:cn-1 qwen "two words"'),
    (Filter(frozenset({"failed", "PENDING"})), Hears.ALL, "pending failed"),
    (Filter(words=("<b>", "running", " ", "2")), Hears.ALL, '<b> "running" "2"'),
]


@pytest.mark.parametrize(("filter_", "hears", "typed"), TYPED)
def test_people_are_shown_what_they_can_type(filter_: Filter, hears: Hears, typed: str) -> None:
    assert spell_filter(filter_, hears) == typed
