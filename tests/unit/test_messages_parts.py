"""The parts of a document on each rung (P12): people, places, links, buttons and tables, and text that is not ours."""

from typing import Any

import pytest

from bot.rendering.document import (
    Bullets,
    Button,
    Buttons,
    ChannelRef,
    Document,
    Figure,
    Group,
    Item,
    Line,
    Lines,
    Link,
    Moment,
    Part,
    Person,
    Table,
    Word,
    anchor,
    bare,
    foreign,
    mentioned,
    place,
)
from bot.rendering.slack_blocks import TEXT_AT_MOST, payload
from tests.unit.messages_reading import STYLE, read

SHOW = Button("ask.show.1", "Show", "show f1", about="Show f1: pytorch:v2")


def blocks(*parts: Part, rung: int = 0) -> list[dict[str, Any]]:
    return [*payload(Document("Text.", "Title", parts), STYLE.zone, rung).blocks[1:]]


PLACES = [
    pytest.param("C0PREWARM", "<#C0PREWARM>", id="a channel is one"),
    pytest.param("G0PRIVATE", "<#G0PRIVATE>", id="so is a private one of old"),
    pytest.param("U0ADA", "<@U0ADA>", id="a person is one"),
    pytest.param("W0LIN", "<@W0LIN>", id="so is a person of an enterprise"),
    pytest.param("U1> <!channel", None, id="what ends mark-up is no ID"),
    pytest.param("U1\n", None, id="nor is a line"),
    pytest.param("u0ada", None, id="nor small letters"),
    pytest.param("U", None, id="nor a letter alone"),
    pytest.param("", None, id="nor nothing"),
]


@pytest.mark.parametrize(("recipient", "shown"), PLACES)
def test_only_an_id_becomes_a_mention(recipient: str, shown: str | None) -> None:
    text = blocks(Lines(((place(recipient), Word(".")),)), rung=1)[0]["text"]
    if shown is None:
        assert text["type"] == "plain_text"
    else:
        assert text == {"type": "mrkdwn", "text": f"{shown}.", "verbatim": True}


WHOM = [
    pytest.param("S0ONCALL", {"type": "usergroup", "usergroup_id": "S0ONCALL"}, "<!subteam^S0ONCALL>", id="a group"),
    pytest.param("U0ADA", {"type": "user", "user_id": "U0ADA"}, "<@U0ADA>", id="a person"),
]


@pytest.mark.parametrize(("whom", "element", "markup"), WHOM)
def test_who_is_mentioned_is_told_in_blocks_and_in_text(whom: str, element: dict[str, str], markup: str) -> None:
    line = (mentioned(whom), Word(", <look>."))
    message = payload(Document(line, "Title", (Lines((line,)),)), STYLE.zone)
    assert message.blocks[1]["elements"][0]["elements"][0] == element
    assert message.text == f"{markup}, &lt;look&gt;."
    assert bare(line, STYLE.zone) == f"@{whom}, <look>."


def test_a_text_too_long_loses_words_and_nobody_who_is_named() -> None:
    line = (Word("a" * 9_000), ChannelRef("C1"), Word("b" * 9_000), Group("S1"))
    text = payload(Document(line, "Title", ()), STYLE.zone).text
    assert len(text) == TEXT_AT_MOST
    assert text.endswith("a…<#C1><!subteam^S1>")


def test_sentences_have_a_space_between_them() -> None:
    line = STYLE.words.paragraph("One.", "", (), (Word("Two, "), Person("U1")))
    assert bare(line, STYLE.zone) == "One. Two, @U1"


ADDRESSES = [
    pytest.param(
        "https://acme.example/archives/C1/p1?a=b&c", "<https://acme.example/archives/C1/p1?a=b&amp;c|look>", id="https"
    ),
    pytest.param("http://127.0.0.1:9/archives/C1/p1", "<http://127.0.0.1:9/archives/C1/p1|look>", id="an emulator's"),
    pytest.param("https://a|<!channel>", "look", id="what ends mark-up is no address"),
    pytest.param("javascript:alert(1)", "look", id="nor another scheme"),
    pytest.param("", "look", id="nor nothing"),
]


@pytest.mark.parametrize(("url", "shown"), ADDRESSES)
def test_only_an_address_becomes_a_link(url: str, shown: str) -> None:
    assert blocks(Lines(((anchor(url, "look"),),)), rung=1)[0]["text"]["text"] == shown


def test_a_line_of_every_span_reads_alike_on_each_rung() -> None:
    line: Line = (
        Person("U0ADA"),
        Word(" in "),
        ChannelRef("C1"),
        Word(" at "),
        Moment(0),
        Word(": "),
        anchor("http://x", "x"),
    )
    assert bare(line, STYLE.zone) == "@U0ADA in C1 at 1970-01-01 00:00 UTC: x"
    rich = blocks(Lines((line,)))[0]["elements"][0]["elements"]
    assert [each["type"] for each in rich] == ["user", "text", "channel", "text", "date", "text", "link"]
    assert rich[-1] == {"type": "link", "url": "http://x", "text": "x"}
    marked = blocks(Lines((line,)), rung=1)[0]["text"]["text"]
    assert marked.startswith("<@U0ADA> in <#C1> at <!date^0^")
    assert marked.endswith("UTC>: <http://x|x>")


@pytest.mark.parametrize("rung", [0, 1])
def test_a_row_of_buttons_asks_and_opens(rung: int) -> None:
    row = Buttons((SHOW, Link("open_console", "x" * 80, "https://x")))
    assert blocks(row, Buttons(()), rung=rung) == [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "ask.show.1",
                    "text": {"type": "plain_text", "text": "Show", "emoji": False},
                    "value": "show f1",
                    "accessibility_label": "Show f1: pytorch:v2",
                },
                {
                    "type": "button",
                    "action_id": "open_console",
                    "text": {"type": "plain_text", "text": "x" * 74 + "…", "emoji": False},
                    "url": "https://x",
                },
            ],
        }
    ]


def test_a_button_that_says_enough_has_no_second_label() -> None:
    assert "accessibility_label" not in blocks(Buttons((Button("ask.home", "Refresh", "home"),)))[0]["elements"][0]


@pytest.mark.parametrize("rung", [0, 1])
def test_an_item_has_its_button_at_its_side(rung: int) -> None:
    ours, theirs, bare_one = blocks(
        Item((Word("one", bold=True),), SHOW), Item((foreign("*two*", 9),), SHOW), Item((Word("3"),), None), rung=rung
    )
    assert ours["text"]["text"] == "*one*"
    assert theirs["text"] == {"type": "plain_text", "text": "*two*", "emoji": False}
    assert ours["accessory"]["value"] == theirs["accessory"]["value"] == "show f1"
    assert "accessory" not in bare_one


def test_a_long_item_is_cut_to_a_section() -> None:
    assert len(blocks(Item((foreign("x" * 5_000, 5_000),), SHOW))[0]["text"]["text"]) == 2_900


def test_the_plainest_form_has_no_buttons() -> None:
    parts = (Item((foreign("one", 9),), SHOW), Buttons((SHOW,)), Link("open_console", "x", "https://x"))
    assert [block["text"]["text"] for block in blocks(*parts, rung=2)] == ["one"]


def test_what_is_pressed_stays_where_it_was_put() -> None:
    parts = (Lines(((Word("above"),),)), Buttons((SHOW,)), Lines(((Word("below"),),)))
    assert [block["type"] for block in blocks(*parts, rung=1)] == ["section", "actions", "section"]


def test_a_table_sorts_figures_by_value_and_is_paged() -> None:
    rows = tuple((str(n), Figure(n, f"{n} s ago" if n else "")) for n in range(30))
    table = blocks(Table("Tasks", ("ID", "When"), rows, row_header=0))[0]
    assert table["page_size"] == 20
    assert table["rows"][0] == [{"type": "raw_text", "text": "ID"}, {"type": "raw_text", "text": "When"}]
    assert table["rows"][1][1] == {"type": "raw_number", "value": 0, "text": "-"}
    assert table["rows"][2][1] == {"type": "raw_number", "value": 1, "text": "1 s ago"}


def test_a_table_on_a_lower_rung_is_a_line_a_row() -> None:
    table = Table("Tasks", ("ID", "When", "Why"), (("f1", Figure(3, "3 s ago"), ""),), row_header=0)
    assert read(payload(Document("Text.", "Title", (table,)), STYLE.zone, 1)) == "Title\n• f1 · 3 s ago"


@pytest.mark.parametrize("rung", [0, 1, 2])
def test_parts_without_lines_leave_no_block(rung: int) -> None:
    assert blocks(Lines(()), Bullets(()), rung=rung) == []
