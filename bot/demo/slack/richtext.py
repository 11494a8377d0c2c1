"""The shape of rich_text blocks and of the cells that hold rich text.

Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block and @slack/types.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.demo.slack.checks import boolean, integer, listing, literal, string, structure, typed, url, wrong

DATE_TOKENS = frozenset(
    (
        *("date_num", "date_slash", "date_long", "date_long_full", "date_long_pretty", "date", "date_pretty"),
        *("date_short", "date_short_half", "date_short_pretty", "time", "time_secs", "ago", "day_divider_pretty"),
    )
)
MANY = 1000
LAST_TIMESTAMP = 250_000_000_000  # in the year 9892; later ones do not fit a calendar


def date_format(value: Any, at: str) -> Iterator[str]:
    """Tokens in braces with words around them."""
    problems = list(string(300)(value, at))
    tokens = re.findall(r"\{(.*?)\}", value) if not problems else []
    if not problems and (not tokens or not set(tokens) <= DATE_TOKENS):
        problems = [wrong("invalid date format", at)]
    yield from problems


STYLE = structure(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
STYLED = {"style": STYLE}
TEXT = structure({"text": string(12_000)}, STYLED)
LINK = structure({"url": url}, {"text": string(12_000), "unsafe": boolean, **STYLED})
INLINE = typed(
    {
        "text": TEXT,
        "link": LINK,
        "user": structure({"user_id": string(255)}, STYLED),
        "usergroup": structure({"usergroup_id": string(255)}, STYLED),
        "channel": structure({"channel_id": string(255)}, STYLED),
        "emoji": structure({"name": string(255)}, {"unicode": string(255), "skin_tone": integer(1, 6), **STYLED}),
        "broadcast": structure({"range": literal("here", "channel", "everyone")}, STYLED),
        "color": structure({"value": string(255)}, STYLED),
        "date": structure(
            {"timestamp": integer(0, LAST_TIMESTAMP), "format": date_format},
            {"url": url, "fallback": string(300), **STYLED},
        ),
    }
)
SECTION = structure({"elements": listing(INLINE, 1, MANY)})
BORDER = {"border": integer(0, 1)}
PARTS = typed(
    {
        "rich_text_section": SECTION,
        "rich_text_list": structure(
            {
                "style": literal("bullet", "ordered"),
                "elements": listing(typed({"rich_text_section": SECTION}), 1, MANY),
            },
            {"indent": integer(0, 8), "offset": integer(0, MANY), **BORDER},
        ),
        "rich_text_preformatted": structure(
            {"elements": listing(typed({"text": TEXT, "link": LINK}), 1, MANY)}, {"language": string(255), **BORDER}
        ),
        "rich_text_quote": structure({"elements": listing(INLINE, 1, MANY)}, BORDER),
    }
)
RICH_TEXT = structure({"elements": listing(PARTS, 1, MANY)}, {"block_id": string(255)})
