"""Hostile and overlong text in every answer, in both forms: nothing mentions, breaks, overflows or carries too much."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.answer import (
    Answer,
    Blocked,
    Candidates,
    Delivered,
    Detail,
    Forbidden,
    Home,
    Listing,
    Muted,
    NotHere,
    Overview,
    Status,
    Subscribed,
    Subscriptions,
    Told,
    Unknown,
    Unmuted,
    Unsubscribed,
    WatchEnded,
    Why,
)
from bot.domain.filter import Filter, Hears
from bot.domain.outbox import Attempt
from bot.domain.subscription import Mute, Subscription
from bot.messages.render import render_answer, render_home
from tests.examples import many
from tests.unit.messages_reading import STYLE
from tests.unit.test_messages_limits import (
    AS_OF,
    IDS,
    MANY,
    MOMENTS,
    NOTICES,
    TASKS,
    TEXT,
    TRANSITIONS,
    assert_visible,
    check_block,
    mark_up,
    strings,
    weight,
)

LINK = "https://acme.example/archives/C0PREWARM/p1?a=1&b=2"
NAMED = ("<@U0ADA>", "<#C0PREWARM>", "<https://acme.example/archives/C0PREWARM/p1?a=1&amp;b=2|see the message>")
RECIPIENTS = st.sampled_from(("U0ADA", "C0PREWARM")) | TEXT
FILTERS = st.builds(Filter, st.frozensets(TEXT, max_size=3), TEXT, st.lists(TEXT, max_size=20).map(tuple))
NUMBERS = st.integers(0, 9)
SUBSCRIPTIONS = st.builds(
    Subscription,
    RECIPIENTS,
    st.sampled_from(Hears),
    FILTERS,
    task=st.just("") | IDS,
    number=NUMBERS,
    by=RECIPIENTS,
    at=MOMENTS,
)
MUTES = st.builds(Mute, RECIPIENTS, MOMENTS, MOMENTS, NUMBERS, RECIPIENTS)
CODES = st.sampled_from(("ok", "no answer", "timeout", "not_in_channel", "user_disabled", "token_revoked")) | TEXT
ATTEMPTS = st.lists(st.builds(Attempt, MOMENTS, CODES), max_size=9).map(tuple)
TOLD = st.builds(
    Told,
    RECIPIENTS,
    TRANSITIONS | NOTICES,
    MOMENTS,
    st.sampled_from(Delivered),
    ATTEMPTS,
    st.none() | MOMENTS,
    st.just(LINK) | TEXT,
    st.just("muted") | CODES,
)
STATUS = st.builds(
    Status,
    as_of=AS_OF,
    version=TEXT,
    started=MOMENTS,
    watching_since=st.none() | MOMENTS,
    blind_since=st.none() | MOMENTS,
    connected=st.booleans(),
    socket_trouble=TEXT,
    stopped=st.just("") | CODES,
    queued=NUMBERS,
    oldest=st.none() | MOMENTS,
    doubts=NUMBERS,
    blocked=st.builds(Blocked, RECIPIENTS, CODES, MOMENTS, NUMBERS).map(lambda each: (each,) * 30),
    muted=MUTES.map(lambda each: (each,) * 30),
    tasks=NUMBERS,
    subscriptions=NUMBERS,
)


def numbered(each: Subscription) -> tuple[Subscription, ...]:
    """Forty like it, as the ledger numbers them."""
    return tuple(Subscription(each.to, each.hears, each.filter, each.task, n, each.by, each.at) for n in range(40))


SEVERAL = SUBSCRIPTIONS.map(numbered)
OVERVIEWS = st.builds(Overview, AS_OF, st.dictionaries(TEXT, NUMBERS, max_size=5), MANY, MANY)
DETAILS = st.builds(
    Detail, AS_OF, TASKS, st.none() | MOMENTS, st.none() | st.booleans(), st.none() | MOMENTS, st.integers(0, 99)
)
COMMANDS = st.sampled_from(("show", "watch", "unwatch", "why")) | TEXT
ANSWERS = st.one_of(
    OVERVIEWS,
    st.builds(Listing, AS_OF, FILTERS, MANY, st.just(9), st.integers(-1, 40)),
    DETAILS,
    DETAILS.map(WatchEnded),
    st.builds(Candidates, AS_OF, TEXT, MANY.map(lambda tasks: tasks[:10]), st.integers(0, 400), COMMANDS),
    st.builds(Unknown, AS_OF, TEXT, NUMBERS),
    st.builds(Why, AS_OF, TASKS, TOLD.map(lambda each: (each,) * 50) | st.just(()), NUMBERS, st.just(30.0)),
    STATUS,
    st.builds(Subscribed, SUBSCRIPTIONS, st.booleans(), NUMBERS),
    SEVERAL.map(Unsubscribed),
    st.builds(
        Subscriptions,
        RECIPIENTS,
        SEVERAL,
        SUBSCRIPTIONS.map(lambda each: (replace(each, number=99),)),  # a number is given once
        st.none() | MUTES,
        st.sampled_from(("", "unsubscribe", "unwatch")),
        TEXT,
    ),
    MUTES.map(Muted),
    st.builds(Unmuted, st.booleans(), NUMBERS),
    RECIPIENTS.map(NotHere),
    st.builds(Forbidden, st.sampled_from(("user", "channel")), st.lists(RECIPIENTS, max_size=30).map(tuple)),
)


def buttons(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "button":
            yield node
        for value in node.values():
            yield from buttons(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from buttons(each)


def check_blocks(blocks: tuple[dict[str, Any], ...]) -> None:
    """Hold blocks against Slack's limits (docs.slack.dev, reference/block-kit) and our own promises."""
    assert 1 <= len(blocks) <= 50
    assert sum(map(len, strings(blocks))) <= 9_000
    for block in blocks:
        check_block(block)
    for text in mark_up(blocks):
        assert_names_only_ours(re.sub(r"<!date\^\d+\^[^<>|]*\|[^<>]*>", "", text))
    assert_visible("".join(strings(blocks)))
    json.dumps(blocks, ensure_ascii=False).encode()  # no lone surrogates
    check_buttons([*buttons(blocks)])


def check_buttons(pressed: list[dict[str, Any]]) -> None:
    actions = [each["action_id"] for each in pressed]
    assert len(actions) == len(set(actions)), "Slack wants them unique"
    for each in pressed:
        assert 1 <= len(each["text"]["text"]) <= 75
        assert len(each.get("accessibility_label", "")) <= 75
        assert_visible(each.get("accessibility_label", ""))
        if "url" in each:
            assert each["action_id"] == "open_console"
        else:
            assert each["action_id"].startswith("ask.")
            assert 1 <= len(each["value"]) <= 2_000


def assert_names_only_ours(text: str) -> None:
    for known in NAMED:
        text = text.replace(known, "")
    assert "<" not in text


@many(200)
@given(answer=ANSWERS, plain=st.booleans())
def test_any_answer_stays_within_every_limit(answer: Answer, plain: bool) -> None:
    message = render_answer(answer, STYLE, plain=plain)
    assert 0 < len(message.text) < 3_900
    assert_names_only_ours(message.text)
    assert_visible(message.text)
    assert message.blocks[0]["type"] in ("header", "section"), "the first block reads as the notification"
    assert "block_id" not in message.blocks[0], "an answer promises nothing"
    check_blocks(message.blocks)
    assert weight(message) <= 15_000
    if plain:
        assert all(block["type"] in ("section", "actions") for block in message.blocks)


@many(60)
@given(home=st.builds(Home, OVERVIEWS, SEVERAL, STATUS))
def test_any_home_stays_within_every_limit(home: Home) -> None:
    blocks = render_home(home, STYLE)
    assert blocks[0]["type"] == "header"
    assert "data_table" not in {block["type"] for block in blocks}
    check_blocks(blocks)
