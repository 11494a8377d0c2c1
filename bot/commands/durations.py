"""How long and until when, as people say it in English and Chinese: `1h30m`, `两小时`, `6pm`, `下午6点半`."""

import re
from typing import Final

_SECONDS: Final = {
    1: ("seconds", "second", "secs", "sec", "s", "秒钟", "秒"),
    60: ("minutes", "minute", "mins", "min", "m", "分钟", "分"),
    3_600: ("hours", "hour", "hrs", "hr", "h", "小时", "钟头"),
    86_400: ("days", "day", "d", "天"),
    604_800: ("weeks", "week", "w", "周"),
}
_UNITS: Final = {unit: seconds for seconds, units in _SECONDS.items() for unit in units}
_UNIT: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_NUMBER: Final = r"[0-9]{1,7}(?:\.[0-9]{1,3})?|an?\s|half\s+an?\s"
_PIECE: Final = re.compile(rf"[\s,]*(?:and\s+)?(?P<number>{_NUMBER})?\s*个?(?P<half>半)?个?\s*(?P<unit>{_UNIT})")

_CLOCK: Final = re.compile(
    r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*(?P<hour>[0-9]{1,2})"
    r"(?:[:.点时]\s*(?P<minute>[0-9]{2}|半)?[分整]?)?\s*(?P<half>[ap]\.?m\.?)?"
)
_NAMED: Final = {"noon": (12, 0), "midnight": (0, 0), "中午": (12, 0), "午夜": (0, 0)}
_BEGINS: Final = {
    "am": 0, "凌晨": 0, "早上": 1, "上午": 1, "中午": 6, "pm": 12, "下午": 12, "傍晚": 12, "晚上": 13,
}  # fmt: skip
"""The hour at which the twelve hours begin that a word means: midnight is 晚上 12, noon is 上午 12."""

_DIGITS: Final = "零一二三四五六七八九"
_NUMERAL: Final = re.compile(f"([{_DIGITS}]?)(十?)([{_DIGITS}]?)")


def duration(text: str) -> float | None:
    """Return the whole seconds that the text says, or None when it says something else."""
    text, at, seconds = _counted(text), 0, 0.0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None or not (piece["number"] or piece["half"]):
            return None
        seconds += (_number(piece["number"] or "") + (0.5 if piece["half"] else 0)) * _UNITS[piece["unit"]]
        at = piece.end()
    return float(round(seconds)) if text else None


def clock(text: str) -> tuple[int, int] | None:
    """Return the time of day that the text says (hour, minute), or None; a bare `6` may be morning or evening."""
    text = _counted(text)
    said = _CLOCK.fullmatch(text)
    if text in _NAMED or said is None or text.isdigit():
        return _NAMED.get(text)
    minute = 30 if said["minute"] == "半" else int(said["minute"] or 0)
    hour = _hour(int(said["hour"]), said["part"] or "", (said["half"] or "").replace(".", ""))
    return None if hour is None or minute > 59 else (hour, minute)  # noqa: PLR2004 - a clock's


def _hour(hour: int, part: str, half: str) -> int | None:
    if hour > 24 or (half and not 1 <= hour <= 12):  # noqa: PLR2004 - a clock's
        return None
    begins = _BEGINS.get(half or part)
    if begins is None or hour > 12:  # noqa: PLR2004 - 下午18点 leaves no doubt
        return hour % 24
    return (begins + (hour - begins) % 12) % 24


def _number(said: str) -> float:
    if not said:
        return 0.0
    return float(said) if said[0].isdigit() else 0.5 if said.startswith("half") else 1.0


def _counted(text: str) -> str:
    """Return the text in small letters, Chinese numbers up to 99 as digits."""
    return _NUMERAL.sub(_digits, text.casefold().replace("两", "二").strip())


def _digits(said: re.Match[str]) -> str:
    tens, ten, ones = said.groups()
    if not ten:
        return "".join(str(_DIGITS.index(sign)) for sign in tens + ones)
    return str(10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0))
