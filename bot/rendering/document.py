"""A message before it has a form: lines of spans that know what is ours and what is somebody else's.

Layouts write a `Document` once; `slack_blocks.py` shows it on each rung (rule P12). Text of others is a `Word` with
`foreign=True` and is never put where Slack reads mark-up.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from bot.rendering.escape import exact, name

TITLE_AT_MOST: Final = 150  # characters, as Slack's headers take them


@dataclass(frozen=True, slots=True)
class Word:
    """Some text. `foreign`: not ours, never mark-up. `whole`: an ID, never cut."""

    text: str
    bold: bool = False
    code: bool = False
    foreign: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, shown in the viewer's own zone where Slack can. Unix seconds."""

    at: float


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A Slack channel by its ID; Slack shows its present name."""

    channel: str


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user by their ID; Slack shows their present name."""

    user: str


@dataclass(frozen=True, slots=True)
class Group:
    """A Slack user group by its ID."""

    group: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words of ours that lead to a page."""

    url: str
    text: str


Span = Word | Moment | ChannelRef | Person | Group | Anchor
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Small:
    """A remark in small print; without foreign text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell that is sorted by its value and reads as its text."""

    value: float
    text: str


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a reader wants to sort. On lower rungs each row is a line."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_header: int


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page."""

    action: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button that asks what somebody could type. `about` is read aloud where the label alone does not say enough."""

    action: str
    label: str
    value: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row; none, no row."""

    row: tuple[Button | Link, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line with a button at its side, if it has one."""

    line: Line
    button: Button | None


Part = Lines | Bullets | Small | Table | Link | Buttons | Item


@dataclass(frozen=True, slots=True)
class Document:
    """`text` says all of it in a sentence or two (a line where it names people); `title` reads as the notification."""

    text: str | Line
    title: str
    parts: tuple[Part, ...]


def foreign(text: str, most: int, *, bold: bool = False) -> Word:
    """Return somebody else's words, harmless and at most so long."""
    return Word(name(text, most), foreign=True, bold=bold)


def code(text: str, most: int) -> Word:
    """Return something that people copy, at most so long: an address, a command with their words."""
    return Word(name(text, most), code=True, foreign=True)


def identity(text: str) -> Word:
    """Return an ID, whole: every notification shows it."""
    return Word(exact(text), code=True, foreign=True, whole=True)


def place(recipient: str) -> Span:
    """Return a recipient as Slack names it, a channel or a person; anything else is shown as it is."""
    if _CHANNEL.fullmatch(recipient):
        return ChannelRef(recipient)
    return Person(recipient) if _PERSON.fullmatch(recipient) else code(recipient, 40)


def mentioned(whom: str) -> Span:
    """Return a person or a user group by their ID (`U…`, `W…`, `S…`)."""
    return Group(whom) if _GROUP.fullmatch(whom) else place(whom)


def anchor(url: str, text: str) -> Span:
    """Return words that lead to a page; where the address is not one, the words alone."""
    return Anchor(url, text) if _ADDRESS.fullmatch(url) else Word(text)


_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{1,40}")
_GROUP: Final = re.compile(r"S[A-Z0-9]{1,40}")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,40}")
_LAST: Final = 250_000_000_000  # Unix seconds
_ADDRESS: Final = re.compile(r"https?://[!#-;=?-{}~]{1,500}")  # nothing that ends mark-up


def joined(lines: Sequence[Line], separator: str) -> Line:
    """Return one line of several."""
    result: list[Span] = []
    for index, line in enumerate(lines):
        if index:
            result.append(Word(separator))
        result.extend(line)
    return tuple(result)


def merged(line: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans with neighbours of one look as one, to keep messages small; empty ones vanish."""
    for look, group in groupby(line, key=_look):
        if look is None:
            yield from group
        elif text := "".join(span.text for span in group if isinstance(span, Word)):
            yield Word(text, bold=look[0], code=look[1])


def _look(span: Span) -> tuple[bool, bool] | None:
    return (span.bold, span.code) if isinstance(span, Word) else None


def bare(line: Line, zone: ZoneInfo) -> str:
    """Return a line as text without any mark-up, its times in the zone."""
    return "".join(_bare(span, zone) for span in line)


def _bare(span: Span, zone: ZoneInfo) -> str:
    if isinstance(span, Moment):
        return stamp(span.at, zone)
    if isinstance(span, Person | Group):
        return f"@{span.user if isinstance(span, Person) else span.group}"
    return span.channel if isinstance(span, ChannelRef) else span.text


def stamp(seconds: float, zone: ZoneInfo) -> str:
    """Return Unix seconds as `2025-09-12 05:50 UTC`; the offset is written out because names like CST are ambiguous."""
    when = datetime.fromtimestamp(whole(seconds), UTC).astimezone(zone)
    return f"{when:%Y-%m-%d %H:%M} {_offset(when)}"


def whole(seconds: float) -> int:
    """Return a time that a calendar can show in every zone: the years 1970 to 9892."""
    return int(min(max(seconds, 0), _LAST))


def _offset(when: datetime) -> str:
    text = f"{when:%z}"
    sign, hours, minutes = text[0], int(text[1:3]), text[3:5]
    if not hours and minutes == "00":
        return "UTC"
    return f"UTC{sign}{hours}" + (f":{minutes}" if minutes != "00" else "")
