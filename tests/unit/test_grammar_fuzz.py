"""Any text at all is a request: `parse` never raises, never hangs, and keeps nothing that cannot be stored."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.grammar import parse
from bot.commands.request import ListTasks, Request, Subscribe, Watch

PIECES = [
    *('"', "'", "`", "*", "cluster:", "state:", "page:2", "<", ">", "<@", "<@U1>", "|", "&lt;", "&amp;", ":", "#", ","),
    *(" ", "\x00", "\ud800", "\u200b", "\uff1a", "。", "list", "show", "watch", "subscribe", "mute", "until", "18:00"),
    *(
        "失败",
        "静音",
        "两",
        "半",
        "小时",
        "2h",
        "一",
        "十",
        "点",
        "a",
        "failed",
        "running",
        "/prewarm",
        "help",
        "?",
        "faild",
    ),
]


@settings(deadline=None)
@given(st.text(st.characters(), max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_parse_never_raises(text: str) -> None:
    assert isinstance(parse(text), Request)


@settings(deadline=None)
@given(st.sampled_from(PIECES), st.sampled_from(PIECES))
def test_parse_never_raises_on_a_hundred_kilobytes(one: str, other: str) -> None:
    assert isinstance(parse((one + other) * (100_000 // len(one + other))), Request)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_what_is_understood_can_be_stored(text: str) -> None:
    asked = parse(text)
    if isinstance(asked, ListTasks | Subscribe | Watch):
        for word in (*asked.filter.words, asked.filter.cluster):
            word.encode()
            assert not any(sign < " " for sign in word)


def test_a_pasted_book_costs_nothing() -> None:
    assert isinstance(parse('"a ' * 1_000_000), ListTasks)
