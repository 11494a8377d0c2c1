"""What people asked, answered: each record by its layout. What was typed wrongly is in `help`."""

from typing import Final

from bot.domain.answer import (
    Answer,
    Candidates,
    Detail,
    Forbidden,
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
from bot.messages.delivery_log import delivery_log
from bot.messages.detail import candidates, detail, unknown, watch_ended
from bot.messages.frame import short
from bot.messages.home import overview
from bot.messages.language_answer import language_answer
from bot.messages.listing import listing
from bot.messages.status import status
from bot.messages.subscriptions import muted, subscribed, subscriptions, unmuted, unsubscribed
from bot.rendering.document import Document, Line, Word, joined, place
from bot.rendering.languages import N_
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
            return delivery_log(answer, shown, style)
        case Status():
            return status(answer, shown, style)
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
            return language_answer(answer, style)
        case NotHere():
            return not_here(answer, style)
    return forbidden(answer, style)


_ASKED_AT_MOST: Final = 5


def not_here(answer: NotHere, style: Style) -> Document:
    """Return how to let the bot post in a channel."""
    invite = Word("/invite @prewarm", code=True)
    line = style.words.fill("Type {invite} in {channel}, then ask me again.", invite=invite, channel=place(answer.to))
    return short(style.words.say("I cannot post in this channel yet"), [line], style)


def forbidden(answer: Forbidden, style: Style) -> Document:
    """Return that access is restricted, by which setting, and whom to ask."""
    here = answer.because == "channel"
    title = style.words.say(N_("I may not answer in this channel") if here else N_("I may not answer you"))
    setting = Word("PREWARM_ALLOWED_CHANNELS" if here else "PREWARM_ALLOWED_USERS", code=True)
    reason = style.words.fill(
        N_("Where I may be asked is limited ({setting}).") if here else N_("Who may ask me is limited ({setting})."),
        setting=setting,
    )
    return short(title, [reason, _whom(answer, style)], style)


def _whom(answer: Forbidden, style: Style) -> Line:
    people = [(place(each),) for each in answer.ask[:_ASKED_AT_MOST]]
    if not people:
        return (Word(style.words.say("To change that, ask whoever runs this bot.")),)
    return style.words.fill("To change that, ask {people}.", people=joined(people, style.words.say(" or ")))
