"""The shape of the blocks that show data: table, data_table and data_visualization.

Slack's page and later reports disagree on some limits; the smaller number stands here, so that what passes here passes
anywhere.
"""

from collections.abc import Iterator
from typing import Any

from bot.demo.slack.checks import boolean, integer, listing, literal, number, string, structure, typed, wrong
from bot.demo.slack.records import Json
from bot.demo.slack.richtext import RICH_TEXT

CELL_TEXT = string(10_000)
COLUMNS = 20
DATA_TABLE_TEXT = 10_000
SETTINGS = structure({}, {"align": literal("left", "center", "right"), "is_wrapped": boolean})
RAW = {
    "raw_text": structure({"text": CELL_TEXT}),
    "raw_number": structure({"value": number, "text": CELL_TEXT}),
}
CELL = typed({**RAW, "rich_text": RICH_TEXT})
ROW = listing(CELL, 1, COLUMNS)
HEADER_ROW = listing(typed(RAW), 1, COLUMNS)

TABLE = structure(
    {"rows": listing(ROW, 1, 100)},
    {"column_settings": listing(SETTINGS, 1, COLUMNS), "block_id": string(255)},
)


def even_rows(block: Any, at: str) -> Iterator[str]:
    """All rows are as long as the header, which holds no rich text."""
    header = block["rows"][0]
    yield from HEADER_ROW(header, f"{at}/rows/0")
    for index, row in enumerate(block["rows"]):
        if len(row) != len(header):
            yield wrong("all rows must have the same number of cells", f"{at}/rows/{index}")
    if not 0 <= block.get("row_header_column_index", 0) < len(header):
        yield wrong("no such column", f"{at}/row_header_column_index")


DATA_TABLE = structure(
    {"caption": string(2000), "rows": listing(ROW, 2, 101)},
    {"page_size": integer(1, 100), "row_header_column_index": integer(0, COLUMNS - 1), "block_id": string(255)},
    even_rows,
)


def data_table_length(block: Json) -> int:
    """Characters in all cells, which count per table and over the message."""
    return sum(cell_length(cell) for row in block.get("rows", ()) for cell in row)


def cell_length(cell: Any) -> int:
    """Characters of text in a cell or any part of it."""
    if isinstance(cell, list):
        return sum(map(cell_length, cell))
    if not isinstance(cell, dict):
        return 0
    own = len(cell["text"]) if isinstance(cell.get("text"), str) else 0
    return own + sum(cell_length(part) for part in cell.values())


LABEL = string(20)


def positive_values(chart: Any, at: str) -> Iterator[str]:
    for index, segment in enumerate(chart["segments"]):
        if segment["value"] <= 0:
            yield wrong("must be greater than 0", f"{at}/segments/{index}/value")


def matching_series(chart: Any, at: str) -> Iterator[str]:
    """Series have names of their own, and one point for each category."""
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        yield wrong("series names must be unique", f"{at}/series")
    categories = sorted(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            yield wrong("must have one point per category", f"{at}/series/{index}/data")


POINTS = structure({"label": LABEL, "value": number})
AXES = structure(
    {"categories": listing(LABEL, 1, 20)},
    {"x_label": string(50), "y_label": string(50)},
)
SERIES = structure({"name": LABEL, "data": listing(POINTS, 1, 20)})
LINES = structure({"series": listing(SERIES, 1, 6), "axis_config": AXES}, {}, matching_series)
PIE = structure({"segments": listing(POINTS, 1, 6)}, {}, positive_values)
CHART = typed({"pie": PIE, "bar": LINES, "line": LINES, "area": LINES})
DATA_VISUALIZATION = structure({"title": string(50), "chart": CHART}, {"block_id": string(255)})
