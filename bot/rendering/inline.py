"""A line of spans as Slack takes it: elements of `rich_text`, or mark-up where all of it is ours.

Mark-up has no escape for its signs, so other people's text never comes here but through `rich_text`.
"""

from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.rendering.document import Anchor, Group, Line, Moment, Person, Room, Span, Word, bare, merged, stamp, whole
from bot.rendering.escape import escaped

SECTION_AT_MOST: Final = 2_900
_Named = Room | Person | Group
_DATE: Final = "{date_short_pretty} {time}"


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
        case Room(channel):
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
        case Room() | Person() | Group():
            return _named(span)
        case Anchor(url, text):
            return f"<{escaped(url, len(url) * 5)}|{escaped(text, SECTION_AT_MOST)}>"
    text = escaped(span.text, SECTION_AT_MOST)
    if span.code:
        return f"`{text}`"
    return f"*{text}*" if span.bold else text


def _named(span: _Named) -> str:
    match span:
        case Room(channel):
            return f"<#{channel}>"
        case Person(user):
            return f"<@{user}>"
    return f"<!subteam^{span.group}>"
