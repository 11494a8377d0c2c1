"""What a button carries: the request itself, as JSON, so it works after a restart and for a list that has changed.

Buttons of older messages carry a command, as Slack sends what people type; the grammar reads those, forever.
"""

import json
from bisect import bisect_left
from typing import Final

import msgspec
from msgspec.structs import replace

from bot.commands.grammar import parse
from bot.commands.request import (
    Act,
    Help,
    ListTasks,
    Look,
    Request,
    Show,
    Subscribe,
    Unwatch,
    Usage,
    Watch,
    Why,
    Wrong,
)
from bot.domain.filter import EVERYTHING

# Slack takes 2,000 characters (docs.slack.dev, reference/block-kit/block-elements). Counted are the bytes that a value
# adds to its message, since those are bounded, too, and a sign that is not ASCII takes six or twelve of them.
AT_MOST: Final = 2_000
_DECODER: Final = msgspec.json.Decoder(Look | Act)


def write(request: Look | Act) -> str:
    """Return the value, at most 2,000 bytes. What is too long loses its end: it asks for more, never for all."""
    value = _encoded(request)
    if _weight(value) <= AT_MOST:
        return value
    bare = _weight(_encoded(_cut(request, 0))) > AT_MOST // 2  # states and cluster are whole or not there
    fits = bisect_left(
        range(AT_MOST), True, key=lambda most: _weight(_encoded(_cut(request, most, bare=bare))) > AT_MOST
    )
    return _encoded(_cut(request, fits - 1, bare=bare))


def read(value: str) -> Request:
    """Return what the button asks; never raises."""
    if not value.startswith("{"):
        return parse(value)
    try:
        asked: Look | Act = _DECODER.decode(value)
    except (msgspec.MsgspecError, UnicodeError):
        return Wrong(Usage.OTHER_BUTTON)
    return asked


def _weight(value: str) -> int:
    return len(json.dumps(value))


def _encoded(request: Look | Act) -> str:
    """Return its JSON, without the signs that Slack writes as entities in other texts.

    A lone surrogate, which no JSON in UTF-8 can hold, becomes U+FFFD.
    """
    text = json.dumps(msgspec.to_builtins(request, order="deterministic"), ensure_ascii=False, separators=(",", ":"))
    value = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def _cut(request: Look | Act, most: int, *, bare: bool = False) -> Look | Act:
    """Return the request with so many characters of its text; `bare`: without states and cluster."""
    match request:
        case Show(prefix) | Why(prefix):
            return replace(request, prefix=prefix[:most])
        case Help(topic):
            return Help(topic[:most])
        case ListTasks() | Subscribe() | Watch() | Unwatch():
            words = []
            for word in request.filter.words:
                words.append(word[:most])
                most -= len(words[-1])
            conditions = EVERYTHING if bare else request.filter
            return replace(request, filter=replace(conditions, words=tuple(word for word in words if word)))
    return request
