"""What the embedded Slack accepts as blocks: one row per sentence of Slack's limits."""

from typing import Any

import pytest

from bot.demo.slack.blocks import message_problems, text_length, view_problems

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def header(text: str, **more: Any) -> Json:
    return {"type": "header", "text": plain(text), **more}


def section(text: str = "text", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "Refresh", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def data_table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "data_table", "caption": "Tasks", "rows": list(rows), **more}


def pie(*values: float) -> Json:
    segments = [{"label": f"n{index}", "value": value} for index, value in enumerate(values)]
    return {"type": "data_visualization", "title": "Ends", "chart": {"type": "pie", "segments": segments}}


def bars(categories: list[str], *series: Json) -> Json:
    chart = {"type": "bar", "series": list(series), "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "Per day", "chart": chart}


NUMBER = {"type": "raw_number", "value": 3, "text": "3"}
DATE = {"type": "date", "timestamp": 1_700_000_000, "format": "{date_short_pretty} {time}", "fallback": "then"}
STYLED_TEXT = {"type": "text", "text": "x", "style": {"bold": True, "code": True}}
PREFORMATTED = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}], "border": 1}
LIST = {"type": "rich_text_list", "style": "bullet", "elements": [rich(STYLED_TEXT)["elements"][0]], "indent": 1}

ACCEPTED = [
    pytest.param([], id="no block at all is no fault"),
    pytest.param([header("h" * 150)], id="a header of 150 characters"),
    pytest.param([section("t" * 3000)], id="a section of 3,000 characters"),
    pytest.param([{"type": "section", "fields": [mrkdwn("f" * 2000)] * 10}], id="ten fields of 2,000 characters"),
    pytest.param([section()] * 50, id="fifty blocks"),
    pytest.param([section(block_id="i" * 255)], id="a block_id of 255 characters"),
    pytest.param([actions(*[button("b" * 75, value="v" * 2000)] * 25)], id="25 buttons at their limits"),
    pytest.param([section(accessory=button(action_id="a", style="danger"))], id="a button beside a section"),
    pytest.param([{"type": "context", "elements": [mrkdwn("c")] * 10}], id="ten context elements"),
    pytest.param([{"type": "divider"}], id="a divider"),
    pytest.param([{"type": "image", "image_url": "https://x.example/y.png", "alt_text": "a chart"}], id="an image"),
    pytest.param([rich(STYLED_TEXT, DATE, {"type": "user", "user_id": "U1"})], id="rich text with a date and a person"),
    pytest.param(
        [{"type": "rich_text", "elements": [LIST, PREFORMATTED]}], id="rich text with a list and a code block"
    ),
    pytest.param([data_table([raw("ID")], *[[raw("x")]] * 100)], id="a data_table of 101 rows with its header"),
    pytest.param([data_table([raw("ID")], [NUMBER], page_size=100, row_header_column_index=0)], id="numbers and pages"),
    pytest.param([{"type": "table", "rows": [[raw("a"), rich(STYLED_TEXT)]]}], id="a table with rich text"),
    pytest.param([pie(1, 2)], id="a pie chart"),
    pytest.param([bars(["Mon"], {"name": "ok", "data": [{"label": "Mon", "value": -9}]})], id="a bar chart"),
]

REFUSED = [
    pytest.param("blocks", "/blocks", id="blocks that are no list"),
    pytest.param([section()] * 51, "/blocks", id="51 blocks"),
    pytest.param(["x"], "/blocks/0", id="a block that is no object"),
    pytest.param([{"type": "nonsense"}], "/blocks/0/type", id="a block type nobody knows"),
    pytest.param([{"type": "alert", "text": plain("x")}], "/blocks/0/type", id="an alert, which is for modals only"),
    pytest.param([{"type": "input", "label": plain("x")}], "/blocks/0/type", id="an input, which is for modals only"),
    pytest.param([header("h" * 151)], "/blocks/0/text/text", id="a header of 151 characters"),
    pytest.param([header("")], "/blocks/0/text/text", id="an empty header"),
    pytest.param([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type", id="mark-up in a header"),
    pytest.param([header("h", colour="red")], "/blocks/0", id="a field that a header does not have"),
    pytest.param([{"type": "header"}], "/blocks/0", id="a header without text"),
    pytest.param([section("t" * 3001)], "/blocks/0/text/text", id="a section of 3,001 characters"),
    pytest.param([{"type": "section"}], "/blocks/0", id="a section with neither text nor fields"),
    pytest.param([{"type": "section", "fields": []}], "/blocks/0/fields", id="no field"),
    pytest.param([{"type": "section", "fields": [plain("x")] * 11}], "/blocks/0/fields", id="eleven fields"),
    pytest.param([section(fields=[plain("f" * 2001)])], "/blocks/0/fields/0/text", id="a field of 2,001 characters"),
    pytest.param([section(block_id="i" * 256)], "/blocks/0/block_id", id="a block_id of 256 characters"),
    pytest.param([section(block_id="i"), header("h", block_id="i")], "/blocks", id="a block_id that occurs twice"),
    pytest.param([{"type": "context", "elements": []}], "/blocks/0/elements", id="an empty context"),
    pytest.param([{"type": "context", "elements": [plain("c")] * 11}], "/blocks/0/elements", id="eleven elements"),
    pytest.param([actions()], "/blocks/0/elements", id="actions without a button"),
    pytest.param([actions(*[button()] * 26)], "/blocks/0/elements", id="26 buttons"),
    pytest.param([actions(button("b" * 76))], "/blocks/0/elements/0/text/text", id="a button text of 76 characters"),
    pytest.param([actions(button(value="v" * 2001))], "/blocks/0/elements/0/value", id="a value of 2,001 characters"),
    pytest.param([actions(button(action_id="a" * 256))], "/blocks/0/elements/0/action_id", id="a long action_id"),
    pytest.param([actions(button(style="green"))], "/blocks/0/elements/0/style", id="a style that Slack does not have"),
    pytest.param([actions(button(url="no address"))], "/blocks/0/elements/0/url", id="an address that is none"),
    pytest.param([actions(*[button(action_id="a")] * 2)], "/blocks/0/elements", id="an action_id twice in a block"),
    pytest.param([{"type": "image", "image_url": "https://x.example/"}], "/blocks/0", id="an image without alt_text"),
    pytest.param([{"type": "image", "alt_text": "a"}], "/blocks/0", id="an image without a source"),
    pytest.param([{"type": "rich_text", "elements": []}], "/blocks/0/elements", id="empty rich text"),
    pytest.param([rich({"type": "text", "text": ""})], "/blocks/0/elements/0/elements/0/text", id="an empty rich text"),
    pytest.param([rich({"type": "mrkdwn", "text": "x"})], "/blocks/0/elements/0/elements/0/type", id="mrkdwn inside"),
    pytest.param(
        [rich({**DATE, "format": "soon"})], "/blocks/0/elements/0/elements/0/format", id="a date without token"
    ),
    pytest.param([rich({**DATE, "timestamp": "1"})], "/blocks/0/elements/0/elements/0/timestamp", id="a date in words"),
    pytest.param([data_table([raw("ID")])], "/blocks/0/rows", id="a data_table with a header alone"),
    pytest.param([data_table([raw("ID")], *[[raw("x")]] * 101)], "/blocks/0/rows", id="a data_table of 102 rows"),
    pytest.param([data_table([raw("c")] * 21, [raw("c")] * 21)], "/blocks/0/rows/0", id="21 columns"),
    pytest.param([data_table([raw("ID")], [raw("")])], "/blocks/0/rows/1/0/text", id="an empty cell"),
    pytest.param([data_table([raw("a")], [raw("b"), raw("c")])], "/blocks/0/rows/1", id="rows of different length"),
    pytest.param(
        [data_table([rich(STYLED_TEXT)], [raw("x")])], "/blocks/0/rows/0/0/type", id="rich text in the header"
    ),
    pytest.param([data_table([raw("a")], [raw("b")], page_size=101)], "/blocks/0/page_size", id="101 rows a page"),
    pytest.param(
        [data_table([raw("a")], [raw("b")], row_header_column_index=1)],
        "/blocks/0/row_header_column_index",
        id="no such column",
    ),
    pytest.param([data_table([raw("a")], [raw("b" * 10_000)])], "/blocks", id="more than 10,000 characters of cells"),
    pytest.param([{"type": "data_table", "rows": [[raw("a")], [raw("b")]]}], "/blocks/0", id="no caption"),
    pytest.param([{"type": "table", "rows": [[raw("a")]]}] * 2, "/blocks", id="two tables"),
    pytest.param([pie(0)], "/blocks/0/chart/segments/0/value", id="a pie slice of nothing"),
    pytest.param([pie(*range(1, 8))], "/blocks/0/chart/segments", id="seven pie slices"),
    pytest.param([pie(1)] * 3, "/blocks", id="three charts"),
    pytest.param(
        [bars(["Mon", "Tue"], {"name": "ok", "data": [{"label": "Mon", "value": 1}]})],
        "/blocks/0/chart/series/0/data",
        id="a category without its point",
    ),
]


@pytest.mark.parametrize("blocks", ACCEPTED)
def test_slack_accepts(blocks: list[Json]) -> None:
    assert message_problems(blocks) == []


@pytest.mark.parametrize(("blocks", "pointer"), REFUSED)
def test_slack_refuses_and_points_at_it(blocks: Any, pointer: str) -> None:
    assert f"[json-pointer:{pointer}]" in " ".join(message_problems(blocks))


def test_everything_wrong_is_said_at_once() -> None:
    assert len(message_problems([header("h" * 151), section("t" * 3001)])) == 2


def test_an_older_workspace_refuses_a_data_table() -> None:
    table = [data_table([raw("a")], [raw("b")])]
    assert message_problems(table, data_table=False) == ["unsupported type: data_table [json-pointer:/blocks/0/type]"]


def test_a_home_tab_holds_a_hundred_blocks_and_no_data_table() -> None:
    def home(blocks: list[Json]) -> Json:
        return {"type": "home", "blocks": blocks}

    assert view_problems(home([section()] * 100)) == []
    assert "no more than 100 items" in view_problems(home([section()] * 101))[0]
    assert "unsupported type" in view_problems(home([data_table([raw("a")], [raw("b")])]))[0]


def test_the_sum_of_text_leaves_out_blocks_with_a_budget_of_their_own() -> None:
    counted = [header("hh"), section("ttt", fields=[plain("ff")]), actions(button("b")), rich(STYLED_TEXT)]
    assert text_length([*counted, data_table([raw("a")], [raw("b" * 5000)])]) == 9
