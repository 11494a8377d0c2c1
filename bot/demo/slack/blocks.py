"""What Slack accepts as the blocks of a message, a Home tab or a modal.

Limits are those of docs.slack.dev/reference/block-kit and, where Slack documents none, the smallest that was seen
refused. Block types whose behaviour in messages is not settled (cards, containers, plans, alerts) are refused here, so
that what passes here passes in any workspace.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.demo.slack.checks import boolean, listing, literal, plain, string, structure, text, typed, url, wrong
from bot.demo.slack.records import Json
from bot.demo.slack.richtext import RICH_TEXT
from bot.demo.slack.tables import DATA_TABLE, DATA_TABLE_TEXT, DATA_VISUALIZATION, TABLE, cell_length, data_table_length

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 9_500  # undocumented: 9,597 characters were accepted, 11,341 refused (slackapi/bolt-js#2509)
CHARTS = 2
OWN_BUDGET = ("data_table", "data_visualization")

BLOCK_ID = {"block_id": string(255)}
ACTION_ID = {"action_id": string(255)}
CONFIRM = structure(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": literal("primary", "danger")},
)
OPTION = structure({"text": text(75), "value": string(150)}, {"description": text(75), "url": url})
BUTTON = structure(
    {"text": plain(75)},
    {
        **ACTION_ID,
        "value": string(2000),
        "url": url,
        "style": literal("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = structure({"options": listing(OPTION, 1, 5)}, {**ACTION_ID, "confirm": CONFIRM})
SELECT = structure(
    {"options": listing(OPTION, 1, 100)},
    {**ACTION_ID, "placeholder": plain(150), "initial_option": OPTION, "confirm": CONFIRM, "focus_on_load": boolean},
)


def image_source(block: Any, at: str) -> Iterator[str]:
    if ("image_url" in block) == ("slack_file" in block):
        yield wrong("must define either `image_url` or `slack_file`", at)


IMAGE_FIELDS = {"image_url": url, "slack_file": structure({}, {"id": string(255), "url": url})}
PICTURE = structure({"alt_text": string(2000)}, IMAGE_FIELDS, image_source)
CONTROLS = {"button": BUTTON, "overflow": OVERFLOW, "static_select": SELECT}


def section_content(block: Any, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield wrong("must define either `text` or `fields`", at)


def own_action_ids(block: Any, at: str) -> Iterator[str]:
    yield from repeated(block["elements"], "action_id", f"{at}/elements")


def context_element(value: Any, at: str) -> Iterator[str]:
    """A picture or a text."""
    is_image = isinstance(value, dict) and value.get("type") == "image"
    yield from PICTURE(value, at) if is_image else text(3000)(value, at)


BLOCKS = {
    "header": structure({"text": plain(150)}, BLOCK_ID),
    "divider": structure({}, BLOCK_ID),
    "section": structure(
        {},
        {
            **BLOCK_ID,
            "text": text(3000),
            "fields": listing(text(2000), 1, 10),
            "accessory": typed({**CONTROLS, "image": PICTURE}),
            "expand": boolean,
        },
        section_content,
    ),
    "context": structure({"elements": listing(context_element, 1, 10)}, BLOCK_ID),
    "actions": structure({"elements": listing(typed(CONTROLS), 1, 25)}, BLOCK_ID, own_action_ids),
    "image": structure({"alt_text": string(2000)}, {**BLOCK_ID, **IMAGE_FIELDS, "title": plain(2000)}, image_source),
    "rich_text": RICH_TEXT,
}
MESSAGE_ONLY = {
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
}
TEXT_INPUT = structure(
    {},
    {
        **ACTION_ID,
        "placeholder": plain(150),
        "initial_value": string(3000),
        "multiline": boolean,
        "focus_on_load": boolean,
    },
)
MODAL_ONLY = {
    "input": structure(
        {"label": plain(2000), "element": typed({"plain_text_input": TEXT_INPUT, "static_select": SELECT})},
        {**BLOCK_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    )
}
VIEW_FIELDS = {"callback_id": string(255, 0), "private_metadata": string(3000, 0), "external_id": string(255, 0)}
VIEWS = typed(
    {
        "home": structure({"blocks": listing(typed(BLOCKS), 0, VIEW_BLOCKS)}, VIEW_FIELDS),
        "modal": structure(
            {"title": plain(24), "blocks": listing(typed({**BLOCKS, **MODAL_ONLY}), 0, VIEW_BLOCKS)},
            {
                **VIEW_FIELDS,
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
            },
        ),
    }
)


def message_problems(blocks: Any, *, data_table: bool = True) -> list[str]:
    """Everything wrong with a message's blocks, as Slack says it; `data_table=False`: an older workspace."""
    kinds = {**BLOCKS, **MESSAGE_ONLY}
    if not data_table:
        del kinds["data_table"]
    problems = list(listing(typed(kinds), 0, MESSAGE_BLOCKS)(blocks, "/blocks"))
    return problems or [*repeated(blocks, "block_id", "/blocks"), *over_budget(blocks)]


def view_problems(view: Any) -> list[str]:
    """Everything wrong with a view."""
    return list(VIEWS(view, "/view")) or list(repeated(view["blocks"], "block_id", "/view/blocks"))


def repeated(items: Iterable[Json], name: str, at: str) -> Iterator[str]:
    """IDs that occur twice."""
    counts = Counter(item[name] for item in items if name in item)
    for value, count in counts.items():
        if count > 1:
            yield wrong(f'`{name}` "{value}" already exists', at)


def over_budget(blocks: list[Json]) -> Iterator[str]:
    """Limits on what a message's blocks hold together."""
    counts = Counter(block["type"] for block in blocks)
    if counts["table"] > 1:
        yield wrong("only one table allowed", "/blocks")
    if counts["data_visualization"] > CHARTS:
        yield wrong(f"no more than {CHARTS} data_visualization blocks allowed", "/blocks")
    if sum(data_table_length(block) for block in blocks if block["type"] == "data_table") > DATA_TABLE_TEXT:
        yield wrong(f"data_table cells must be less than {DATA_TABLE_TEXT + 1} characters", "/blocks")


def text_length(blocks: Iterable[Json]) -> int:
    """Characters of all texts of blocks that have no limit of their own."""
    return sum(cell_length(block) for block in blocks if block["type"] not in OWN_BUDGET)
