"""The way out of this room: each message as a payload for Slack, cut to what one message holds.

The layouts know nothing of blocks and their limits. Another chat platform would need a renderer beside
`rendering/slack_blocks.py`, and this file for it.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any, Final

from bot.domain.answer import Answer, Home
from bot.domain.fact import Fact, Notice, Stuck, Transition
from bot.domain.outbox import Post
from bot.domain.verdict import LAST_RUNG
from bot.messages.answers import answered
from bot.messages.home import home_view
from bot.messages.post import told
from bot.messages.stuck import ended_since
from bot.rendering.document import Document
from bot.rendering.payload import Payload
from bot.rendering.slack_blocks import fits, fits_view, light, payload, squeezed
from bot.rendering.style import Style

_PLAIN_RUNG: Final = 2
_SHOWN_AT_MOST: Final = 100  # of what an answer lists
_SHOWN_AT_HOME: Final = 20  # of each kind, so that all kinds are seen without scrolling far


def render(post: Post, facts: Sequence[Fact], style: Style) -> Payload:
    """Return the message about a post's facts (one or more) on the rung that the post has come down to (P12).

    The first block's `block_id` is the post's key (P2). `post.may_repeat` adds that it may repeat an earlier one (P9).
    """
    last = post.rung >= LAST_RUNG
    document = told(facts, style, fixed=last, may_repeat=post.may_repeat)
    return _message(document, style, _PLAIN_RUNG if last else post.rung, post.key)


def render_edit(key: str, facts: Sequence[Fact], ended: Mapping[str, Transition], style: Style) -> Payload:
    """Return a message about stuck tasks anew, once some of them have `ended` (by task ID); its key stays (P2, P10)."""
    hanging = [fact for fact in facts if isinstance(fact, Stuck)]
    document = ended_since(hanging, ended, style)
    if len(hanging) == 1 or fits(light(document, style.zone, 0)):
        return _message(document, style, 0, key)
    document = told([ended.get(fact.task.id, fact) for fact in hanging], style, fixed=True)
    return _message(document, style, _PLAIN_RUNG, key)


def fit(facts: Sequence[Fact], style: Style) -> int:
    """Return how many of the facts, in their order, one digest may tell (P13), on its lower rungs too.

    At least 1, of one type; a notice alone.
    """
    alike = [*takewhile(lambda fact: type(fact) is type(facts[0]), facts)]
    if isinstance(facts[0], Notice):
        alike = alike[:1]
    low, high = 1, 2
    while high <= len(alike) and _fits(alike[:high], style):
        low, high = high, high * 2
    high = min(high, len(alike) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if _fits(alike[:middle], style):
            low = middle
        else:
            high = middle
    return low


def render_answer(answer: Answer, style: Style, *, plain: bool = False) -> Payload:
    """Return the message. `plain` is the form without `data_table`, for a Slack that refuses it (`invalid_blocks`)."""
    shown, rung = _SHOWN_AT_MOST, 1 if plain else 0
    while True:
        document = answered(answer, shown, style, plain=plain)
        message = light(document, style.zone, rung)
        if fits(message):
            return message
        if shown == 0:
            return squeezed(document, style.zone, rung)
        shown = shown * 3 // 4


def render_home(home: Home, style: Style) -> tuple[dict[str, Any], ...]:
    """Return the blocks of the view, at most 50 (Slack takes 100)."""
    shown = _SHOWN_AT_HOME
    while True:
        view = payload(home_view(home, shown, style), style.zone)
        if fits_view(view) or not shown:
            return view.blocks
        shown = shown * 3 // 4


def render_document(document: Document, style: Style) -> Payload:
    """Return a message that is short whatever it is about."""
    return payload(document, style.zone)


def _message(document: Document, style: Style, rung: int, key: str) -> Payload:
    message = light(document, style.zone, rung, key)
    return message if fits(message) else squeezed(document, style.zone, rung, key)


def _fits(facts: Sequence[Fact], style: Style) -> bool:
    document = told(facts, style, may_repeat=True)
    return all(fits(light(document, style.zone, rung)) for rung in range(LAST_RUNG))
