"""A document in Slack's own blocks, once for each rung (rule P12): rich, sections, plain.

The first block is the title on every rung: desktop notifications take their text from it, and it carries the key.
Limits are Slack's: 50 blocks, 150 characters in a header, 3,000 in a section (docs.slack.dev, reference/block-kit).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from bot.messages.document import (
    Bullets,
    Document,
    Line,
    Lines,
    Link,
    Moment,
    Part,
    Room,
    Small,
    Span,
    Table,
    Word,
    bare,
    joined,
    merged,
)
from bot.messages.escape import cut, escaped
from bot.messages.payload import Payload
from bot.messages.plain import stamp, whole
from bot.messages.style import Style

Block = dict[str, Any]

BLOCKS_AT_MOST: Final = 50
SIGNS_AT_MOST: Final = 9_000  # over all blocks; Slack refuses somewhere near 12,000 without saying where
TEXT_AT_MOST: Final = 3_800  # chat.update refuses `text` over 4,000
_TITLE_AT_MOST: Final = 150
_SECTION_AT_MOST: Final = 2_900
_LABEL_AT_MOST: Final = 75
_DATE: Final = "{date_short_pretty} {time}"


def payload(document: Document, style: Style, rung: int = 0, key: str = "") -> Payload:
    """Return the message on a rung from 0 to 2; `key` becomes the first block's `block_id` (rule P2)."""
    first, *others = [_title(document.title, rung), *_RUNGS[rung](document.parts, style)]
    if key:
        first = {**first, "block_id": key}
    return Payload(escaped(document.text, TEXT_AT_MOST), (first, *others))


def fits(message: Payload) -> bool:
    """Say whether Slack takes so much in one message."""
    return len(message.blocks) <= BLOCKS_AT_MOST and sum(map(_signs, message.blocks)) <= SIGNS_AT_MOST


def section(text: str) -> Block:
    """Return a section that takes every sign as it is."""
    return {"type": "section", "text": _plain(text)}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _title(text: str, rung: int) -> Block:
    if rung == 0:
        return {"type": "header", "text": _plain(cut(text, _TITLE_AT_MOST))}
    return section(cut(text, _TITLE_AT_MOST))


def _signs(node: Any) -> int:
    if isinstance(node, dict):
        return sum(
            len(value) if isinstance(value, str) and name in _VISIBLE else _signs(value) for name, value in node.items()
        )
    return sum(map(_signs, node)) if isinstance(node, list) else 0


_VISIBLE: Final = frozenset({"text", "fallback", "caption", "url"})


# ---- rung 0 ---------------------------------------------------------------------------------------------------------


def _rich(parts: Iterable[Part], style: Style) -> Iterator[Block]:
    """Yield blocks; paragraphs and lists in a row share one."""
    for flowing, group in groupby(parts, key=lambda part: isinstance(part, Lines | Bullets)):
        if not flowing:
            yield from (_other(part, style) for part in group if not isinstance(part, Lines | Bullets))
        else:
            filled = [part for part in group if isinstance(part, Lines | Bullets) and part.lines]
            yield {"type": "rich_text", "elements": [_flow(part, style) for part in filled]}


def _flow(part: Lines | Bullets, style: Style) -> Block:
    if isinstance(part, Lines):
        return {"type": "rich_text_section", "elements": _inline(joined(part.lines, "\n"), style)}
    items = [{"type": "rich_text_section", "elements": _inline(line, style)} for line in part.lines]
    return {"type": "rich_text_list", "style": "bullet", "elements": items}


def _inline(line: Iterable[Span], style: Style) -> list[Block]:
    return [_rich_span(span, style) for span in merged(line)]


def _rich_span(span: Span, style: Style) -> Block:
    if isinstance(span, Moment):
        return {
            "type": "date",
            "timestamp": whole(span.at),
            "format": _DATE,
            "fallback": stamp(span.at, style.zone),
        }
    if isinstance(span, Room):
        return {"type": "channel", "channel_id": span.channel}
    looks = {name: True for name in ("bold", "code") if getattr(span, name)}
    return {"type": "text", "text": span.text, **({"style": looks} if looks else {})}


def _other(part: Small | Table | Link, style: Style) -> Block:
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Small):
        return {"type": "context", "elements": [{"type": "mrkdwn", "text": _marked(part.line, style)}]}
    return _actions(part)


def _table(table: Table) -> Block:
    rows = [[{"type": "raw_text", "text": cell or "-"} for cell in row] for row in (table.head, *table.rows)]
    return {
        "type": "data_table",
        "caption": table.caption,
        "page_size": min(len(table.rows), 100),
        "row_header_column_index": table.row_header,
        "rows": rows,
    }


def _actions(link: Link) -> Block:
    button = {
        "type": "button",
        "action_id": link.action,
        "text": _plain(cut(link.label, _LABEL_AT_MOST)),
        "url": link.url,
    }
    return {"type": "actions", "elements": [button]}


# ---- rungs 1 and 2 --------------------------------------------------------------------------------------------------


def _sections(parts: Iterable[Part], style: Style) -> Iterator[Block]:
    """Yield sections: mark-up for lines that are all ours, so that times are the viewer's; the others plain."""
    parts = tuple(parts)
    for ours, group in groupby(_lines(parts), key=_ours):
        yield from map(_ours_only if ours else section, _packed(group, style, _marked if ours else bare))
    yield from (_actions(part) for part in parts if isinstance(part, Link))


def _ours_only(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _bare_sections(parts: Iterable[Part], style: Style) -> Iterator[Block]:
    return map(section, _packed(_lines(parts), style, bare))


def _lines(parts: Iterable[Part]) -> Iterator[Line]:
    return (line for part in parts for line in _flat(part))


_RUNGS: Final[Mapping[int, Callable[[Iterable[Part], Style], Iterator[Block]]]] = MappingProxyType(
    {0: _rich, 1: _sections, 2: _bare_sections}
)


def _flat(part: Part) -> Iterator[Line]:
    if isinstance(part, Lines):
        yield from part.lines
    elif isinstance(part, Bullets):
        yield from (_bullet(line) for line in part.lines)
    elif isinstance(part, Table):
        yield from (_bullet((Word(" · ".join(filter(None, row)), foreign=True),)) for row in part.rows)
    elif isinstance(part, Small):
        yield part.line


def _bullet(line: Line) -> Line:
    return (Word("• "), *line)


def _ours(line: Line) -> bool:
    return not any(isinstance(span, Word) and span.foreign for span in line)


def _packed(lines: Iterable[Line], style: Style, show: Callable[[Line, Style], str]) -> Iterator[str]:
    """Yield texts that each fit a section; a line that does not fit alone goes on in the next, never inside a span."""
    text = ""
    for line in lines:
        whole = show(line, style)
        pieces = [whole] if len(whole) <= _SECTION_AT_MOST else [show((span,), style) for span in line]
        joint = "\n" if text else ""
        for piece in pieces:
            if len(text) + len(joint) + len(piece) > _SECTION_AT_MOST:
                yield text
                text, joint = "", ""
            text += joint + piece
            joint = ""
    if text:
        yield text


def _marked(line: Line, style: Style) -> str:
    return "".join(_marked_span(span, style) for span in line)


def _marked_span(span: Span, style: Style) -> str:
    if isinstance(span, Moment):
        return f"<!date^{whole(span.at)}^{_DATE}|{stamp(span.at, style.zone)}>"
    if isinstance(span, Room):
        return f"<#{span.channel}>"
    text = escaped(span.text, _SECTION_AT_MOST)
    if span.code:
        return f"`{text}`"
    return f"*{text}*" if span.bold else text
