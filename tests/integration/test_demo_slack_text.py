"""How people read a message: the whole text of each kind of block, and whom it notifies."""

from datetime import UTC
from typing import Any

import pytest

from bot.demo.slack.mentions import mentions
from bot.demo.slack.records import Message
from bot.demo.slack.text import as_text

Json = dict[str, Any]
NAMES = {"U0ADA": "@ada", "C0PREWARM": "#prewarm"}


def message(*blocks: Json, text: str = "") -> Message:
    return Message("C0PREWARM", "1.000001", "U0PREWARM", text, blocks=blocks)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def part(kind: str, *elements: Json, **more: Any) -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **more}


def text(value: str) -> Json:
    return {"type": "text", "text": value}


DATE = {"type": "date", "timestamp": 1_700_000_000, "format": "{date_short} at {time}", "fallback": "then"}
LINK = {"type": "link", "url": "https://x.example", "text": "console"}
SAID = part(
    "section", {"type": "user", "user_id": "U0ADA"}, text(" of "), {"type": "channel", "channel_id": "C0PREWARM"}
)
TABLE: list[list[Json]] = [[{"type": "raw_text", "text": "Image"}, {"type": "raw_text", "text": "Nodes"}]]
TABLE += [[{"type": "raw_text", "text": "镜像"}, {"type": "raw_number", "value": 3, "text": "3"}]]
PIE = {"type": "pie", "segments": [{"label": "ok", "value": 9}]}
BAR = {"type": "bar", "series": [{"name": "ok", "data": [{"label": "Mon", "value": 9}]}], "axis_config": {}}

CASES = [
    pytest.param(
        message(text="&lt;a&gt; &amp; b"), "<a> & b", id="text without blocks is read with its escapes undone"
    ),
    pytest.param(message({"type": "header", "text": plain("H")}, text="T"), "H", id="blocks hide the text"),
    pytest.param(message(text="<@U0ADA> in <#C0PREWARM|x>"), "@ada in #prewarm", id="mentions are read as names"),
    pytest.param(message(text="<@U9> <#C9|old>"), "@U9 #old", id="unknown people and channels are read as they came"),
    pytest.param(message(text="<!channel> <!here>"), "@channel @here", id="broadcasts are read as words"),
    pytest.param(message(text="<https://x.example|docs>"), "docs (https://x.example)", id="a link shows its address"),
    pytest.param(
        message(text="<!date^1700000000^{date_num} {time_secs}|then>"), "2023-11-14 22:13:20", id="a date in the zone"
    ),
    pytest.param(
        message(text="<!date^9999999999999^{date}|then>"), "then", id="an impossible date is read as its fallback"
    ),
    pytest.param(
        message({"type": "section", "text": mrkdwn("a"), "fields": [plain("b\nc"), mrkdwn("d")]}),
        "a\nb c\nd",
        id="a section has its fields in lines",
    ),
    pytest.param(
        message({"type": "actions", "elements": [{"type": "button", "text": plain("Refresh")}]}),
        "[Refresh]",
        id="a button is in brackets",
    ),
    pytest.param(
        message({"type": "context", "elements": [mrkdwn("as of"), plain("now")]}),
        "as of  now",
        id="a context is a line",
    ),
    pytest.param(message({"type": "image", "alt_text": "a chart"}), "[image: a chart]", id="an image is its words"),
    pytest.param(message(rich(SAID)), "@ada of #prewarm", id="rich text names people and channels"),
    pytest.param(
        message(rich(part("section", DATE, text("\n"), LINK))),
        "Nov 14, 2023 at 22:13\nconsole (https://x.example)",
        id="rich text has dates and links",
    ),
    pytest.param(
        message(rich(part("list", part("section", text("one")), part("section", text("two")), style="ordered"))),
        "1. one\n2. two",
        id="an ordered list counts",
    ),
    pytest.param(
        message(rich(part("preformatted", text("a\nb")), part("quote", text("c")))),
        "    a\n    b\n> c",
        id="code and quote",
    ),
    pytest.param(
        message({"type": "data_table", "caption": "Tasks", "rows": TABLE}),
        "Tasks\nImage  Nodes\n镜像   3",
        id="a data_table stands in columns, Chinese too",
    ),
    pytest.param(
        message({"type": "data_visualization", "title": "Ends", "chart": PIE}), "[pie chart] Ends\n  ok: 9", id="a pie"
    ),
    pytest.param(
        message({"type": "data_visualization", "title": "Days", "chart": BAR}),
        "[bar chart] Days\n  ok, Mon: 9",
        id="a bar chart",
    ),
    pytest.param(
        message(text="a\x1b[31mb\x00c\u202ed\ud800e"), "a[31mbcde", id="escape sequences never reach the terminal"
    ),
]


@pytest.mark.parametrize(("said", "read"), CASES)
def test_a_person_reads(said: Message, read: str) -> None:
    assert as_text(said, NAMES, UTC) == read


NOTIFIED = [
    pytest.param(message(text="<!channel> <@U0ADA>"), {"channel", "U0ADA"}, id="mark-up in the text notifies"),
    pytest.param(message(text="&lt;!channel&gt;"), set(), id="escaped mark-up notifies nobody"),
    pytest.param(message({"type": "section", "text": mrkdwn("<!here>")}), {"here"}, id="mrkdwn notifies"),
    pytest.param(message({"type": "section", "text": plain("<!here>")}), set(), id="plain text does not"),
    pytest.param(message(rich(part("section", text("<!channel>")))), set(), id="nor does a text of rich text"),
    pytest.param(message(rich(SAID)), {"U0ADA"}, id="a person in rich text is notified"),
    pytest.param(message(text="<!subteam^S12>"), {"S12"}, id="so is a group"),
]


@pytest.mark.parametrize(("said", "notified"), NOTIFIED)
def test_a_message_notifies(said: Message, notified: set[str]) -> None:
    assert mentions(said) == notified
