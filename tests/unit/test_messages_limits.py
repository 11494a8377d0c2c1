"""Hostile and overlong text against every message on every rung: nothing mentions, breaks or overflows.

The limits are written here once more, from Slack's pages, so that a wrong number in the code cannot hide.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.answer import AsOf
from bot.domain.errors import Trouble
from bot.domain.fact import Fact, Kind, News, Notice, NoticeKind, Stuck, Transition
from bot.domain.filter import Filter, Hears
from bot.domain.language import Language
from bot.domain.task import Product, Task
from bot.domain.verdict import LAST_RUNG
from bot.messages.render import fit, render_edit
from bot.rendering.payload import Payload
from tests.examples import many
from tests.unit.messages_reading import KEY, STYLE, VENDOR, ended, read, task, told

HOSTILE = (
    "<!channel> <@U123> <#C123> <http://evil.example|click>",
    "*bold* _it_ ~strike~ `code` ```block``` &amp; & < >",
    "\x00\x07\x1b[31mred\x1b[0m\x7f\x9b",
    "\ud800 lone \udfff",
    "\u202egnp.exe\u2066\u2069\u200f\u061c\u200b\ufeff",
    "\ufffe\U0001fffe\u2028\u2029\u0085\u00a0",
    "x" * 10_000,
    "\n" * 500 + "below",
    "中文" * 3_000,
    "{image} {0} %s {",
    "   ",
)
TEXT = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=80) | st.text(max_size=20)
IDS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=200)
TIMES = st.sampled_from(("", "0", "1756361365", "1756361371", "253402300799", "1"))
REASONS = st.lists(TEXT, max_size=3).map(tuple) | TEXT.map(lambda text: (text,) * 500)
TASKS = st.builds(
    Task,
    id=IDS,
    state=st.sampled_from(("Pending", "Running", "Succeeded", "Failed")) | TEXT,
    image_name=TEXT,
    image_url=TEXT,
    cluster_id=TEXT,
    cluster_name=TEXT,
    products=st.lists(st.builds(Product, TEXT, TEXT), max_size=3).map(tuple)
    | st.just((Product("p" * 500, "n" * 500),) * 50),
    image_size=st.sampled_from(("", "0", "1", "72298048", "9223372036854775807")),
    create_time=TIMES,
    complete_time=TIMES,
    note=TEXT,
    reason=REASONS,
    repository_auth=TEXT,
)
MOMENTS = st.sampled_from((-1.0, 0.0, 1756361380.5, 1e15))
TRANSITIONS = st.builds(
    Transition,
    st.sampled_from(Kind),
    st.sampled_from(News),
    TASKS,
    MOMENTS,
    before=st.sampled_from(("", "Running")) | TEXT,
    failures=st.sampled_from((0, 1, 3, 10**9)),
    hung=st.sampled_from((0.0, 2_520.0, 1e15)),
)
NOTICES = st.builds(
    Notice,
    st.sampled_from(NoticeKind),
    MOMENTS,
    since=st.none() | MOMENTS,
    why=TEXT | st.sampled_from(("not_in_channel", "is_archived", "user_disabled", "restricted_action")),
    about=TEXT | st.sampled_from(("", "C0123")),
    counts=st.dictionaries(
        TEXT | st.sampled_from(("Failed", "waiting", "dropped", "missed")), st.integers(0, 9), max_size=20
    ),
    by=TEXT | st.sampled_from(("U0ADA", "")),
    until=MOMENTS,
    hears=st.sampled_from(Hears),
    filter=st.builds(Filter, cluster=TEXT, words=st.lists(TEXT, max_size=9).map(tuple)),
    task=TEXT,
    trouble=st.none()
    | st.builds(
        Trouble, st.sampled_from(("Unreachable", "MadeLater")), st.fixed_dictionaries({"url": TEXT, "detail": TEXT})
    ),
)
STUCKS = st.builds(
    lambda task, at, since: Stuck(replace(task, state="Pending" if len(task.id) % 2 else "Running"), at, since),
    TASKS,
    MOMENTS,
    MOMENTS,
)
AS_OF = st.builds(AsOf, MOMENTS, st.none() | st.sampled_from((0.0, 12.3, 1e9)), TEXT)
MANY = st.lists(TASKS, max_size=4).map(tuple) | TASKS.map(lambda each: (each,) * 300)
CALLING = dataclasses.replace(STYLE, mention="S0ONCALL")
OURS = {"<@U0ADA>", "<#C0123>", "<!subteam^S0ONCALL>"}
"""Who may be named: whoever asked, the channel a notice is about, and whoever a failure calls."""


def strings(node: Any) -> Iterator[str]:
    """Every string that Slack would show, with no regard to where it stands."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("text", "fallback", "caption") and isinstance(value, str):
                yield value
            else:
                yield from strings(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from strings(each)


def mark_up(node: Any) -> Iterator[str]:
    """Every text that Slack reads as mark-up."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from mark_up(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from mark_up(each)


def unnamed(text: str) -> str:
    """Return it without those whom we name on purpose."""
    return re.sub(r"<[^<>]*>", lambda found: "" if found[0] in OURS else found[0], text)


def check(message: Payload, key: str = "") -> None:
    """Hold a message against Slack's limits (docs.slack.dev, reference/block-kit) and our own promises."""
    assert 0 < len(message.text) < 3_900
    assert "<" not in unnamed(message.text), "what reads as mark-up in `text` could mention somebody"
    assert 1 <= len(message.blocks) <= 50
    assert sum(map(len, strings(message.blocks))) <= 9_000
    assert message.blocks[0]["type"] in ("header", "section"), "the first block reads as the notification"
    assert message.blocks[0].get("block_id", "") == key
    for block in message.blocks:
        check_block(block)
    for text in mark_up(message.blocks):
        assert not re.search(r"<(?!!date\^)", unnamed(text))
    assert_visible("".join(strings(message.blocks)) + message.text)
    json.dumps(message.blocks, ensure_ascii=False).encode()  # no lone surrogates
    assert weight(message) <= 15_000


def weight(message: Payload) -> int:
    """How many bytes of JSON it is on its way; Slack took 15.6 kB and refused 17.7 kB (bolt-js#2509, #2867)."""
    return len(json.dumps({"text": message.text, "blocks": message.blocks}))


def check_block(block: dict[str, Any]) -> None:
    match block["type"]:
        case "header":
            assert 1 <= len(block["text"]["text"]) <= 150
            assert block["text"]["type"] == "plain_text"
        case "section":
            assert 1 <= len(block["text"]["text"]) <= 3_000
        case "actions":
            assert all(len(button["text"]["text"]) <= 75 and button["action_id"] for button in block["elements"])
        case "context":
            assert all(element["text"] for element in block["elements"])
        case "data_table":
            assert 2 <= len(block["rows"]) <= 101
            assert len({len(row) for row in block["rows"]}) == 1
            assert all(cell["text"] for row in block["rows"] for cell in row)
        case "rich_text":
            assert block["elements"]
            assert all(element["elements"] for element in block["elements"])
            assert all(strings(block))
        case other:
            pytest.fail(f"unexpected {other}")


def assert_visible(text: str) -> None:
    hidden = [sign for sign in text if sign != "\n" and (sign < " " or "\x7f" <= sign <= "\x9f")]
    bidi = [sign for sign in text if sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"]
    assert not hidden
    assert not bidi


@many(200)
@given(fact=TRANSITIONS | NOTICES | STUCKS, rung=st.integers(0, LAST_RUNG), may_repeat=st.booleans())
def test_one_hostile_fact_stays_within_every_limit(fact: Fact, rung: int, may_repeat: bool) -> None:
    message = told(fact, rung=rung, may_repeat=may_repeat, style=CALLING)
    check(message, KEY)
    assert ("may repeat an earlier message" in read(message)) == may_repeat
    if not isinstance(fact, Notice):
        assert fact.task.id in read(message)


@many(100)
@given(
    facts=st.lists(TRANSITIONS, min_size=2, max_size=8) | st.lists(STUCKS, min_size=2, max_size=8),
    copies=st.sampled_from((1, 40)),
)
def test_what_fits_shows_every_id_on_every_rung(facts: list[Fact], copies: int) -> None:
    facts = facts * copies
    number = fit(facts, CALLING)
    assert 1 <= number <= len(facts)
    for rung in range(LAST_RUNG + 1):
        message = told(*facts[:number], rung=rung, may_repeat=True, style=CALLING)
        check(message, KEY)
        seen = "".join(read(message).split("\n"))
        assert all(fact.task.id in seen for fact in facts[:number] if not isinstance(fact, Notice))


@many(100)
@given(facts=st.lists(STUCKS, min_size=1, max_size=8), copies=st.sampled_from((1, 40)), ends=st.lists(TRANSITIONS))
def test_what_was_stuck_stays_within_every_limit_once_it_has_ended(
    facts: list[Stuck], copies: int, ends: list[Transition]
) -> None:
    facts = (facts * copies)[: fit(facts * copies, STYLE)]
    pairs = zip(facts, ends, strict=False)
    ended = {fact.task.id: replace(end, task=replace(end.task, id=fact.task.id)) for fact, end in pairs}
    message = render_edit(KEY, facts, ended, STYLE)
    check(message, KEY)
    seen = "".join(read(message).split("\n"))
    assert all(fact.task.id in seen for fact in facts)


def test_a_mention_in_a_name_is_shown_and_mentions_nobody() -> None:
    message = told(ended(Kind.FAILED, image_url="<!channel>", note="<@U1>", reason=("<!here> & more",)))
    assert "Failed: &lt;!channel&gt;" in message.text
    assert "&lt;!here&gt; &amp; more" in message.text
    assert "Why: <!here> & more" in read(message)


def test_what_hides_or_reorders_is_shown_as_a_sign() -> None:
    note = "a\x00b\x1b[31m \u202egnp\ud800\u200b\ufffe"
    assert "Note: a␀b␛[31m �gnp���" in read(told(ended(Kind.SUCCEEDED, note=note)))


def test_a_long_reason_says_how_much_is_left_out() -> None:
    seen = read(told(ended(Kind.FAILED, reason=("x" * 10_000,))))
    assert "x" * 1_199 + "… (8,801 more characters)" in seen


def test_five_hundred_reasons_say_how_many_are_left_out() -> None:
    seen = read(told(ended(Kind.FAILED, reason=tuple(f"node {n} is full" for n in range(500)))))
    assert "• node 11 is full\n• and 488 more reasons\n" in seen


@pytest.mark.parametrize("rung", range(LAST_RUNG + 1))
def test_what_is_too_heavy_for_slack_is_cut_in_its_longest_words_and_keeps_its_id(rung: int) -> None:
    sign = "😀"  # two escapes of six bytes each, the most that one character can weigh
    heavy = ended(
        Kind.FAILED,
        id=sign * 200,
        image_url=sign * 500,
        cluster_name=sign * 300,
        note=sign * 600,
        products=(Product(sign, sign * 100),) * 8,
        reason=(sign * 300,) * 12,
    )
    message = told(heavy, rung=rung, may_repeat=True)
    assert weight(message) <= 15_000
    assert sign * 200 in read(message)


def test_an_ordinary_failure_is_told_whole() -> None:
    reason = "unexpected status from HEAD request: 403 Forbidden, denied by policy " * 17
    assert weight(message := told(ended(Kind.FAILED, reason=(reason,) * 2))) < 15_000
    assert read(message).count(reason.strip()) == 2
    assert message.blocks[1]["type"] == "rich_text"


@pytest.mark.parametrize(("language", "most"), [(Language.EN, 16), (Language.ZH, 19)])
def test_a_thousand_transitions_take_few_messages(language: Language, most: int) -> None:
    left, messages = list(thousand()), 0
    while left:
        number = fit(left, dataclasses.replace(STYLE, language=language))
        left, messages = left[number:], messages + 1
    assert messages <= most


def thousand() -> Iterator[Fact]:
    """A mixed day: 180 images, 27 clusters, one in four failed for one of five causes, no luck in the order."""
    causes = (
        "unauthorized: authentication required for registry.example.com",
        "no space left on device: write /var/lib/containerd/io.containerd.content.v1.content/ingest/a8f/data",
        "dial tcp 10.3.4.5:443: i/o timeout after 30s",
        "manifest for the requested tag not found: manifest unknown",
        "toomanyrequests: You have reached your pull rate limit",
    )
    for n in range(1_000):
        failed = n * 7 % 4 == 0
        yield ended(
            Kind.FAILED if failed else Kind.SUCCEEDED,
            id=f"{n * 7_919 % 1_000_003:06d}k4zq8w1mxp",
            image_url=f"registry.example.com/team-{n * 31 % 9}/model-{n * 17 % 60}:v{n * 13 % 3}.{n % 9}",
            cluster_id=f"cn-{('north', 'east', 'dev')[n % 3]}-{n * 29 % 9}",
            complete_time=str(1756361371 + n * 37 % 900),
            reason=(causes[n * 11 % 5],) if failed else (),
        )


def test_a_notice_goes_alone() -> None:
    notice = Notice(NoticeKind.AWAY, 1756361380.0)
    assert fit([notice, ended(Kind.FAILED)], STYLE) == 1
    assert fit([ended(Kind.FAILED), ended(Kind.FAILED), notice], STYLE) == 2


def test_a_post_of_both_tells_the_notice_first() -> None:
    seen = read(told(Notice(NoticeKind.AWAY, 1756361380.0), ended(Kind.FAILED, reason=("full",))))
    assert seen.startswith("✅ I am back\nWhat ended meanwhile is told with its own times.\n❌ Failed: pytorch:v2")
    assert task().id in seen
    assert VENDOR.image_url in seen
