"""A document in Slack's own blocks, once for each rung (rule P12): rich, sections, plain.

The first block is the title on every rung: desktop notifications take their text from it, and it carries the key.
Limits are Slack's: 50 blocks, 150 characters in a header, 3,000 in a section (docs.slack.dev, reference/block-kit).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.rendering.document import (
    TITLE_AT_MOST,
    Anchor,
    Bullets,
    Button,
    Buttons,
    Cell,
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
    Small,
    Span,
    Table,
    Word,
    bare,
    joined,
    merged,
    stamp,
    whole,
)
from bot.rendering.escape import cut, escaped
from bot.rendering.payload import Payload

Block = dict[str, Any]

BLOCKS_AT_MOST: Final = 50
SIGNS_AT_MOST: Final = 9_000  # over all blocks; Slack refuses somewhere near 12,000 without saying where
BYTES_AT_MOST: Final = 15_000
"""Of `text` and `blocks` as slack_sdk sends them. Slack documents no limit and refuses some messages with
`msg_blocks_too_long`: reports have one of 17.7 kB of JSON refused and one of 15.6 kB taken (bolt-js#2509, #2867)."""
TEXT_AT_MOST: Final = 3_800  # chat.update refuses `text` over 4,000
SECTION_AT_MOST: Final = 2_900
_Named = ChannelRef | Person | Group
_DATE: Final = "{date_short_pretty} {time}"
_LABEL_AT_MOST: Final = 75
_PAGE: Final = 20  # rows of a table that are seen at once


def payload(document: Document, zone: ZoneInfo, rung: int = 0, key: str = "") -> Payload:
    """Return the message on a rung from 0 to 2; `key` becomes the first block's `block_id` (rule P2)."""
    first, *others = [_title(document.title, rung), *_RUNGS[rung](document.parts, zone)]
    if key:
        first = {**first, "block_id": key}
    return Payload(spoken(document.text, zone, TEXT_AT_MOST), (first, *others))


def light(document: Document, zone: ZoneInfo, rung: int = 0, key: str = "") -> Payload:
    """Return the message; as sections where the rich form is too heavy, unless it has a table, which people sort."""
    message = payload(document, zone, rung, key)
    if rung or fits(message) or any(isinstance(part, Table) for part in document.parts):
        return message
    return payload(document, zone, 1, key)  # its JSON is half as long


def fits(message: Payload) -> bool:
    """Say whether Slack takes so much in one message."""
    return fits_view(message) and weight(message) <= BYTES_AT_MOST


def fits_view(view: Payload) -> bool:
    """Say whether Slack takes so much in a view; nobody reported a limit to its bytes that we come near."""
    return len(view.blocks) <= BLOCKS_AT_MOST and sum(map(_signs, view.blocks)) <= SIGNS_AT_MOST


def weight(message: Payload) -> int:
    """Return how many bytes of JSON a message is, as slack_sdk sends it: whatever is not ASCII takes six or twelve."""
    return len(json.dumps({"text": message.text, "blocks": message.blocks}))


def squeezed(document: Document, zone: ZoneInfo, rung: int = 0, key: str = "") -> Payload:
    """Return a message that is too heavy by one name or reason: its longest words cut until it fits, but no ID."""
    for most in (1_000, 500, 250, 120, 60, 30):
        message = light(_shortened(document, most), zone, rung, key)
        if fits(message):
            break
    return message


def _shortened(document: Document, most: int) -> Document:
    text = document.text if isinstance(document.text, tuple) else (Word(document.text),)
    parts = tuple(
        replace(part, lines=tuple(_short(line, most) for line in part.lines))
        if isinstance(part, Lines | Bullets)
        else replace(part, line=_short(part.line, most))
        if isinstance(part, Item)
        else part
        for part in document.parts
    )
    return Document(_short(text, most), cut(document.title, most), parts)


def _short(line: Line, most: int) -> Line:
    return tuple(
        replace(span, text=cut(span.text, most)) if isinstance(span, Word) and not span.whole else span for span in line
    )


def section(text: str) -> Block:
    """Return a section that takes every sign as it is."""
    return {"type": "section", "text": _plain(text)}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _title(text: str, rung: int) -> Block:
    if rung == 0:
        return {"type": "header", "text": _plain(cut(text, TITLE_AT_MOST))}
    return section(cut(text, TITLE_AT_MOST))


def _signs(node: Any) -> int:
    if isinstance(node, dict):
        return sum(
            len(value) if isinstance(value, str) and name in _VISIBLE else _signs(value) for name, value in node.items()
        )
    return sum(map(_signs, node)) if isinstance(node, list) else 0


_VISIBLE: Final = frozenset({"text", "fallback", "caption", "url"})


# ---- what can be pressed, on rungs 0 and 1 --------------------------------------------------------------------------


def _row(part: Part) -> Iterator[Block]:
    """Yield the row of buttons, if there is one."""
    row = part.row if isinstance(part, Buttons) else (part,) if isinstance(part, Link) else ()
    if row:
        yield {"type": "actions", "elements": [_button(each) for each in row]}


def _item(part: Item, zone: ZoneInfo) -> Block:
    shown = (
        _ours_only(marked(part.line, zone)) if ours(part.line) else section(cut(bare(part.line, zone), SECTION_AT_MOST))
    )
    return {**shown, "accessory": _button(part.button)} if part.button else shown


def _button(button: Button | Link) -> Block:
    block = {"type": "button", "action_id": button.action, "text": _plain(cut(button.label, _LABEL_AT_MOST))}
    if isinstance(button, Link):
        return {**block, "url": button.url}
    about = {"accessibility_label": cut(button.about, _LABEL_AT_MOST)} if button.about else {}
    return {**block, "value": button.value, **about}


# ---- rung 0 ---------------------------------------------------------------------------------------------------------


def _rich(parts: Iterable[Part], zone: ZoneInfo) -> Iterator[Block]:
    """Yield blocks; paragraphs and lists in a row share one."""
    for flowing, group in groupby(parts, key=lambda part: isinstance(part, Lines | Bullets)):
        if not flowing:
            for part in group:
                yield from _other(part, zone)
        elif filled := [part for part in group if isinstance(part, Lines | Bullets) and part.lines]:
            yield {"type": "rich_text", "elements": [_flow(part, zone) for part in filled]}


def _flow(part: Lines | Bullets, zone: ZoneInfo) -> Block:
    if isinstance(part, Lines):
        return {"type": "rich_text_section", "elements": rich(joined(part.lines, "\n"), zone)}
    items = [{"type": "rich_text_section", "elements": rich(line, zone)} for line in part.lines]
    return {"type": "rich_text_list", "style": "bullet", "elements": items}


def _other(part: Part, zone: ZoneInfo) -> Iterator[Block]:
    match part:
        case Table():
            yield _table(part)
        case Small(line):
            yield {"type": "context", "elements": [{"type": "mrkdwn", "text": marked(line, zone)}]}
        case Item():
            yield _item(part, zone)
        case _:
            yield from _row(part)


def _table(table: Table) -> Block:
    return {
        "type": "data_table",
        "caption": table.caption,
        "page_size": min(len(table.rows), _PAGE),
        "row_header_column_index": table.row_header,
        "rows": [[_cell(cell) for cell in row] for row in (table.head, *table.rows)],
    }


def _cell(cell: Cell) -> Block:
    if isinstance(cell, Figure):
        return {"type": "raw_number", "value": cell.value, "text": cell.text or "-"}
    return {"type": "raw_text", "text": cell or "-"}


# ---- rungs 1 and 2 --------------------------------------------------------------------------------------------------


def _sections(parts: Iterable[Part], zone: ZoneInfo) -> Iterator[Block]:
    """Yield sections: mark-up for lines that are all ours, so that times are the viewer's; the others plain."""
    for pressed, group in groupby(parts, key=lambda part: isinstance(part, Link | Buttons | Item)):
        if pressed:
            for part in group:
                yield from _other(part, zone)
        else:
            yield from _texts(group, zone)


def _texts(parts: Iterable[Part], zone: ZoneInfo) -> Iterator[Block]:
    for all_ours, lines in groupby(_lines(parts), key=ours):
        yield from map(_ours_only if all_ours else section, _packed(lines, zone, marked if all_ours else bare))


def _ours_only(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _bare_sections(parts: Iterable[Part], zone: ZoneInfo) -> Iterator[Block]:
    return map(section, _packed(_lines(parts), zone, bare))


def _lines(parts: Iterable[Part]) -> Iterator[Line]:
    return (line for part in parts for line in _flat(part))


_RUNGS: Final[Mapping[int, Callable[[Iterable[Part], ZoneInfo], Iterator[Block]]]] = MappingProxyType(
    {0: _rich, 1: _sections, 2: _bare_sections}
)


def _flat(part: Part) -> Iterator[Line]:
    match part:
        case Lines(lines):
            yield from lines
        case Bullets(lines):
            yield from (_bullet(line) for line in lines)
        case Table(rows=rows):
            yield from (_bullet(_cells(row)) for row in rows)
        case Small(line) | Item(line):
            yield line


def _bullet(line: Line) -> Line:
    return (Word("• "), *line)


def _cells(row: Iterable[Cell]) -> Line:
    told = (cell.text if isinstance(cell, Figure) else cell for cell in row)
    return (Word(" · ".join(filter(None, told)), foreign=True),)


def _packed(lines: Iterable[Line], zone: ZoneInfo, show: Callable[[Line, ZoneInfo], str]) -> Iterator[str]:
    """Yield texts that each fit a section; a line that does not fit alone goes on in the next, never inside a span."""
    text = ""
    for line in lines:
        whole = show(line, zone)
        pieces = [whole] if len(whole) <= SECTION_AT_MOST else [show((span,), zone) for span in line]
        joint = "\n" if text else ""
        for piece in pieces:
            if len(text) + len(joint) + len(piece) > SECTION_AT_MOST:
                yield text
                text, joint = "", ""
            text += joint + piece
            joint = ""
    if text:
        yield text


# ---- a line of spans ------------------------------------------------------------------------------------------------
# Mark-up has no escape for its signs, so other people's text never becomes mark-up: it goes through `rich_text`.


def rich(line: Iterable[Span], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the elements of a `rich_text_section`."""
    return [_element(span, zone) for span in merged(line)]


def marked(line: Line, zone: ZoneInfo) -> str:
    """Return mrkdwn; for lines that are `ours` alone."""
    return "".join(_marked(span, zone) for span in line)


def spoken(text: str | Line, zone: ZoneInfo, most: int) -> str:
    """Return it for Slack's `text`, at most so long: words are cut and lose their mark-up, who is named stays."""
    line = (Word(text),) if isinstance(text, str) else text
    left = most - sum(len(_named(span)) for span in line if isinstance(span, _Named))
    told = []
    for span in line:
        if isinstance(span, _Named):
            told.append(_named(span))
        elif left > 0:
            told.append(escaped(bare((span,), zone), left))
            left -= len(told[-1])
    return "".join(told)


def ours(line: Line) -> bool:
    """Say whether no word of the line is somebody else's."""
    return not any(isinstance(span, Word) and span.foreign for span in line)


def _element(span: Span, zone: ZoneInfo) -> dict[str, Any]:
    match span:
        case Moment(at):
            return {"type": "date", "timestamp": whole(at), "format": _DATE, "fallback": stamp(at, zone)}
        case ChannelRef(channel):
            return {"type": "channel", "channel_id": channel}
        case Person(user):
            return {"type": "user", "user_id": user}
        case Group(group):
            return {"type": "usergroup", "usergroup_id": group}
        case Anchor(url, text):
            return {"type": "link", "url": url, "text": text}
    looks = {name: True for name in ("bold", "code") if getattr(span, name)}
    return {"type": "text", "text": span.text, **({"style": looks} if looks else {})}


def _marked(span: Span, zone: ZoneInfo) -> str:
    match span:
        case Moment(at):
            return f"<!date^{whole(at)}^{_DATE}|{stamp(at, zone)}>"
        case ChannelRef() | Person() | Group():
            return _named(span)
        case Anchor(url, text):
            return f"<{escaped(url, len(url) * 5)}|{escaped(text, SECTION_AT_MOST)}>"
    text = escaped(span.text, SECTION_AT_MOST)
    if span.code:
        return f"`{text}`"
    return f"*{text}*" if span.bold else text


def _named(span: _Named) -> str:
    match span:
        case ChannelRef(channel):
            return f"<#{channel}>"
        case Person(user):
            return f"<@{user}>"
    return f"<!subteam^{span.group}>"
