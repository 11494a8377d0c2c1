"""What people asked, answered: each record by its layout. What was typed wrongly is in `help`."""

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
from bot.rendering.style import Style


def answered(answer: Answer, shown: int, style: Style, *, plain: bool) -> Document:  # noqa: C901, PLR0911, PLR0912 - one line a record
    """Return the answer with at most `shown` of what it lists; `plain` without tables."""
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
