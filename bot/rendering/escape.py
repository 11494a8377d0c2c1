"""Other people's text made harmless: names, notes, reasons and IDs may hold anything.

Mark-up is no danger here, since such text goes into `rich_text`, `plain_text` or `raw_text` only; the one place where
it meets Slack's mark-up is `text`, which `escaped` is for. What remains is text that hides, reorders or overflows.
"""

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate
from typing import Final

MORE: Final = "…"
_MARGIN: Final = (
    2_000  # characters of white space that may vanish before a cut; nobody waits for the cleaning of megabytes
)
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NONCHARACTER: Final = 0xFFFE  # U+FFFE and U+FFFF of each plane
_ODD: Final = re.compile(r"[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u3001-\u9fff\uff01-\uff60]")  # worth a closer look


def clean(text: str) -> str:
    """Return it on one line, every sign visible: controls as their pictures (`␛`), what hides or reorders as `�`."""
    return " ".join(exact(text).split())


def exact(text: str) -> str:
    """Return an ID with every sign visible and its spaces as they are, for people copy it."""
    return _ODD.sub(lambda found: _visible(found[0]), text)


def cut(text: str, most: int) -> str:
    """Return at most so many characters; what was cut off shows as `…`."""
    return text if len(text) <= most else text[: most - 1] + MORE


def name(text: str, most: int) -> str:
    """Return somebody else's text clean and cut: what a layout shows of a name."""
    start = text[: most + _MARGIN]
    return cut(clean(start) + MORE * (len(start) < len(text)), most)


def middle(text: str, most: int) -> str:
    """Return at most so many characters, cut in the middle: an image's registry and tag both tell something."""
    if len(text) <= most:
        return text
    tail = (most - 1) * 2 // 3
    return text[: most - 1 - tail] + MORE + text[-tail:]


def escaped(text: str, most: int) -> str:
    """Return it for Slack's `text`, where `& < >` would be mark-up; `most` counts the escaped characters."""
    pieces = [_ENTITIES.get(sign, sign) for sign in text]
    ends = [*accumulate(map(len, pieces))]
    if not ends or ends[-1] <= most:
        return "".join(pieces)
    return "".join(pieces[: bisect_right(ends, most - 1)]) + MORE


def _visible(sign: str) -> str:
    if sign.isspace() and sign not in "\x1c\x1d\x1e\x1f":
        return " "
    if sign < " ":
        return chr(0x2400 + ord(sign))
    return "�" if unicodedata.category(sign) in ("Cc", "Cf", "Cs") or _nonsense(sign) else sign


def _nonsense(sign: str) -> bool:
    return ord(sign) & _NONCHARACTER == _NONCHARACTER
