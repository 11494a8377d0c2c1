"""What people asked, answered: the same records that the command line renders, here as Slack messages.

Each kind of answer has its module; here they become messages, and what is too long is cut to what a message holds.
"""

from typing import Final

from bot.domain.answer import (
    Answer,
    Candidates,
    Detail,
    Listing,
    Muted,
    NotHere,
    Overview,
    Spoken,
    Status,
    Subscribed,
    Subscriptions,
    Unknown,
    Unmuted,
    Unsubscribed,
    WatchEnded,
    Why,
)
from bot.messages.ambiguous_id import candidates, unknown
from bot.messages.delivery_log import proof
from bot.messages.detail import detail, watch_ended
from bot.messages.language_answer import speech
from bot.messages.listing import listing
from bot.messages.overview import overview
from bot.messages.refusals import forbidden, not_here
from bot.messages.status import condition
from bot.messages.subscriptions import muted, subscribed, subscriptions, unmuted, unsubscribed
from bot.rendering.document import Document
from bot.rendering.payload import Payload
from bot.rendering.slack_blocks import fits, light, squeezed
from bot.rendering.style import Style

_SHOWN_AT_MOST: Final = 100


def render_answer(answer: Answer, style: Style, *, plain: bool = False) -> Payload:
    """Return the message. `plain` is the form without `data_table`, for a Slack that refuses it (`invalid_blocks`)."""
    shown = _SHOWN_AT_MOST
    while True:
        document, rung = _document(answer, shown, style, plain=plain), 1 if plain else 0
        message = light(document, style.zone, rung)
        if fits(message):
            return message
        if shown == 0:
            return squeezed(document, style.zone, rung)
        shown = shown * 3 // 4


def _document(answer: Answer, shown: int, style: Style, *, plain: bool) -> Document:  # noqa: C901, PLR0911, PLR0912 - one line a record
    match answer:
        case Overview():
            return overview(answer, shown, style)
        case Listing():
            return listing(answer, shown, style, plain=plain)
        case Detail():
            return detail(answer, style)
        case WatchEnded():
            return watch_ended(answer, style)
        case Candidates():
            return candidates(answer, shown, style)
        case Unknown():
            return unknown(answer, style)
        case Why():
            return proof(answer, shown, style)
        case Status():
            return condition(answer, shown, style)
        case Subscribed():
            return subscribed(answer, style)
        case Unsubscribed():
            return unsubscribed(answer, style)
        case Subscriptions():
            return subscriptions(answer, shown, style)
        case Muted():
            return muted(answer, style)
        case Unmuted():
            return unmuted(answer, style)
        case Spoken():
            return speech(answer, style)
        case NotHere():
            return not_here(answer, style)
    return forbidden(answer, style)
