"""A message as a person reads it, in plain lines: what the demo prints and tests compare.

It shows the blocks, as clients do, and falls back to the text only where there are none. Whatever is in a message, a
terminal must not obey it: control characters never come through.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from bot.demo.slack.records import Json, Message
from bot.demo.slack.richtext import LAST_TIMESTAMP

NO_NAMES: Mapping[str, str] = {}
MARKUP = re.compile(r"<([^<>\n]*)>")
TOKEN = re.compile(r"\{(\w+)\}")
DATE_STYLES = {
    "date_num": "%Y-%m-%d",
    "date_slash": "%m/%d/%Y",
    "date_short": "%b %-d, %Y",
    "date_short_half": "%b %-d",
    "date_short_pretty": "%b %-d, %Y",
    "date": "%B %-d, %Y",
    "date_pretty": "%B %-d, %Y",
    "date_long": "%A, %B %-d, %Y",
    "date_long_full": "%A, %B %-d, %Y",
    "date_long_pretty": "%A, %B %-d, %Y",
    "day_divider_pretty": "%A, %B %-d",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
    "ago": "%Y-%m-%d %H:%M",
}


def as_text(message: Message, names: Mapping[str, str] = NO_NAMES, zone: tzinfo | None = None) -> str:
    """A message in lines, mentions as `names` by ID, times in `zone` (this machine's by default)."""
    reader = Reader(names, zone)
    lines = reader.blocks(message.blocks) if message.blocks else [reader.mrkdwn(message.text)]
    return harmless("\n".join(lines))


def blocks_as_text(blocks: Iterable[Json]) -> str:
    """The text that Slack makes of blocks for a message that came without one."""
    return harmless("\n".join(Reader(NO_NAMES, UTC).blocks(blocks)))


def harmless(text: str) -> str:
    """Without control and direction characters (escape sequences among them) and lone surrogates; lines stay."""
    visible = text.replace("\t", " ")
    return "".join(c for c in visible if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


class Reader:
    """Reads one message aloud, block by block."""

    def __init__(self, names: Mapping[str, str], zone: tzinfo | None) -> None:
        self._names = names
        self._zone = zone
        self._kinds: dict[str, Callable[[Json], list[str]]] = {
            "header": lambda block: [self.text(block["text"])],
            "divider": lambda _: ["-" * 20],
            "section": self._section,
            "context": lambda block: ["  ".join(map(self._element, block["elements"]))],
            "actions": lambda block: ["  ".join(map(self._element, block["elements"]))],
            "image": lambda block: [f"[image: {block['alt_text']}]"],
            "rich_text": lambda block: self._rich_text(block["elements"]),
            "table": lambda block: self._table(block["rows"]),
            "data_table": lambda block: [block["caption"], *self._table(block["rows"])],
            "data_visualization": self._chart,
            "input": lambda block: [f"{self.text(block['label'])}: [ ]"],
        }

    def blocks(self, blocks: Iterable[Json]) -> list[str]:
        return [line for block in blocks for line in self._kinds[block["type"]](block)]

    def text(self, item: Json) -> str:
        """A text object."""
        return self.mrkdwn(item["text"]) if item["type"] == "mrkdwn" else item["text"]

    def mrkdwn(self, text: str) -> str:
        """Slack's own markup read out: mentions, links and dates; then the three escapes."""
        plain = MARKUP.sub(lambda match: self._markup(match[1]), text)
        return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _markup(self, inner: str) -> str:
        target, _, label = inner.partition("|")
        if target.startswith("!date^"):
            return self._date_markup(target, label)
        if target.startswith(("@", "#")):
            return self._names.get(target[1:], target[0] + label if label else target)
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[-1]
        return f"{label} ({target})" if label else target.removeprefix("mailto:")

    def _date_markup(self, target: str, fallback: str) -> str:
        _, timestamp, form, *_ = [*target.split("^"), "", ""]
        is_date = timestamp.isdecimal() and int(timestamp) <= LAST_TIMESTAMP
        return self.date(int(timestamp), form) if is_date else fallback

    def date(self, timestamp: int, form: str) -> str:
        """A moment in the reader's own time zone."""
        moment = datetime.fromtimestamp(timestamp, UTC).astimezone(self._zone)
        return TOKEN.sub(lambda match: moment.strftime(DATE_STYLES.get(match[1], match[0])), form)

    def _section(self, block: Json) -> list[str]:
        head = [self.text(block["text"])] if "text" in block else []
        aside = [self._element(block["accessory"])] if "accessory" in block else []
        return [*head, *(self.text(field).replace("\n", " ") for field in block.get("fields", ())), *aside]

    def _element(self, element: Json) -> str:
        kinds: dict[str, Callable[[], str]] = {
            "button": lambda: f"[{self.text(element['text'])}]",
            "overflow": lambda: f"[... {' | '.join(self.text(o['text']) for o in element['options'])}]",
            "static_select": lambda: f"[v {' | '.join(self.text(o['text']) for o in element['options'])}]",
            "image": lambda: f"[image: {element['alt_text']}]",
        }
        return kinds.get(element["type"], lambda: self.text(element))()

    # -- rich text

    def _rich_text(self, parts: Iterable[Json]) -> list[str]:
        return [line for part in parts for line in self._part(part)]

    def _part(self, part: Json) -> Iterator[str]:
        if part["type"] == "rich_text_list":
            yield from self._items(part)
            return
        prefix = {"rich_text_quote": "> ", "rich_text_preformatted": "    "}.get(part["type"], "")
        for line in self._inline(part["elements"]).rstrip("\n").split("\n"):
            yield prefix + line

    def _items(self, part: Json) -> Iterator[str]:
        indent = "  " * part.get("indent", 0)
        for number, item in enumerate(part["elements"], start=1 + part.get("offset", 0)):
            bullet = f"{number}." if part["style"] == "ordered" else "-"
            yield f"{indent}{bullet} {self._inline(item['elements'])}"

    def _inline(self, elements: Iterable[Json]) -> str:
        return "".join(map(self._piece, elements))

    def _piece(self, piece: Json) -> str:
        kinds: dict[str, Callable[[], str]] = {
            "text": lambda: piece["text"],
            "link": lambda: f"{piece['text']} ({piece['url']})" if piece.get("text") else piece["url"],
            "user": lambda: self._names.get(piece["user_id"], f"@{piece['user_id']}"),
            "usergroup": lambda: f"@{piece['usergroup_id']}",
            "channel": lambda: self._names.get(piece["channel_id"], f"#{piece['channel_id']}"),
            "emoji": lambda: f":{piece['name']}:",
            "broadcast": lambda: f"@{piece['range']}",
            "color": lambda: piece["value"],
            "date": lambda: self.date(piece["timestamp"], piece["format"]),
        }
        return kinds[piece["type"]]()

    # -- data

    def _table(self, rows: list[list[Json]]) -> list[str]:
        cells = [[self._cell(cell) for cell in row] for row in rows]
        widths = [max(map(width, column)) for column in zip(*cells, strict=False)]
        return ["  ".join(pad(cell, size) for cell, size in zip(row, widths, strict=False)).rstrip() for row in cells]

    def _cell(self, cell: Json) -> str:
        shown: str = " ".join(self._rich_text(cell["elements"])) if cell["type"] == "rich_text" else cell["text"]
        return shown.replace("\n", " ")

    def _chart(self, block: Json) -> list[str]:
        chart: Any = block["chart"]
        named = [(s["label"], s["value"]) for s in chart.get("segments", ())]
        named += [(f"{s['name']}, {p['label']}", p["value"]) for s in chart.get("series", ()) for p in s["data"]]
        return [f"[{chart['type']} chart] {block['title']}", *(f"  {label}: {value}" for label, value in named)]


def width(text: str) -> int:
    """Columns a text takes in a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
