"""Durations, sizes, ages and times as short text, the same in Slack and on a terminal."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.rendering.catalogue import number
from bot.rendering.english import Say
from bot.rendering.style import Language
from bot.rendering.words import say

_UNITS: Final = ((86_400, Say.DAYS), (3_600, Say.HOURS), (60, Say.MINUTES), (1, Say.SECONDS))
_LAST: Final = 250_000_000_000
_SIZES: Final = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def duration(seconds: float, language: Language) -> str:
    """Return at most two units: `4 min 12 s`, `2 h`, `3 d 4 h`."""
    left = max(0, int(seconds))
    for index, (unit, words) in enumerate(_UNITS[:-1]):
        if left >= unit:
            smaller, smaller_words = _UNITS[index + 1]
            rest = left % unit // smaller
            tail = " " + say(language, smaller_words, n=rest) if rest else ""
            return say(language, words, n=left // unit) + tail
    return say(language, Say.SECONDS, n=left)


def ago(seconds: float, language: Language) -> str:
    """Return `12 s ago`, or `just now` within the second."""
    return say(language, Say.JUST_NOW) if seconds < 1 else say(language, Say.AGO, age=duration(seconds, language))


def size(count: int, language: Language) -> str:
    """Return bytes in decimal units with three digits, as registries and the vendor's quota count: `6.76 GB`."""
    for unit, word in _SIZES:
        if count >= unit:
            value = count / unit
            digits = 2 if value < 10 else 1 if value < 100 else 0  # noqa: PLR2004 - three digits
            return f"{number(value, language, digits)} {word}"
    return f"{number(count, language)} B"


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
